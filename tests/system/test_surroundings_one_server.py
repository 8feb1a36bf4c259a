# A server that must not start: on the database of another, and on one that it cannot write.
# SPDX-License-Identifier: MIT
import os
import re
import subprocess
import unittest

from tests.peer import cx
from tests.peer.server import HOST, REALM, SCSCF, Server, daemon_environment, freediameterd
from tests.system.support import HssTest


class OneServerTest(HssTest):
    def test_a_second_server_is_refused(self):
        """On the same database, whatever its port: two would issue the same SQNs."""
        configuration = (self.server.directory / "freeDiameter.conf").read_text()
        second = self.server.directory / "second.conf"
        second.write_text(re.sub(r"(?m)^(\s*Port\s*=\s*)\d+", r"\g<1>0", configuration))
        done = subprocess.run(
            [freediameterd(), "-c", str(second)], env=daemon_environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=30,
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"is served by another server (process {self.server.process.pid})", done.stdout + done.stderr)
        self.register(self.subscriber())

    def test_no_server_to_reload(self):
        with Server() as other:
            other.stop()
            done = other.hssctl("reload", check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, r"no server runs on .*hss\.db")


class ReadOnlyTest(unittest.TestCase):
    """root may write everything, and is started without that privilege here."""

    def setUp(self):
        self.server = Server(peers=(SCSCF,))
        self.addCleanup(self.server.close)
        if os.geteuid() == 0:
            self.server.wrapper = "setpriv", "--bounding-set", "-dac_override,-dac_read_search"

    def assert_refuses_to_start(self, path, mode, words):
        usual = path.stat().st_mode
        path.chmod(mode)
        try:
            self.server.launch()
            self.assertNotEqual(self.server.process.wait(30), 0)
        finally:
            path.chmod(usual)
        self.assertRegex(self.server.log(), words)
        self.server.start()
        with self.server.connect(SCSCF) as connection:
            answer = connection.request(cx.lir(connection, f"sip:nobody@{REALM}"))
        self.assertEqual(answer.text(264), HOST)

    def test_the_file(self):
        self.assert_refuses_to_start(
            self.server.database_file, 0o400, r"hss\.db cannot be read and written by this user .*owner and mode"
        )

    def test_the_directory(self):
        self.assert_refuses_to_start(
            self.server.directory, 0o500, r"the directory of hss\.db, cannot be written by this user .*owner and mode"
        )


if __name__ == "__main__":
    unittest.main()
