"""Under a service manager: readiness, the watchdog, the end; and the unit that init writes."""
# SPDX-License-Identifier: MIT
import os
import pathlib
import socket
import sqlite3
import subprocess
import tempfile
import unittest

from tests.peer.server import REALM, Server


class SupervisionTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="minihss-notify-")
        self.addCleanup(directory.cleanup)
        path = str(pathlib.Path(directory.name) / "socket")
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(path)
        self.manager.settimeout(30)
        for name, value in {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"}.items():
            os.environ[name] = value
            self.addCleanup(os.environ.pop, name)
        self.server = Server(peers=(f"*.{REALM}",))
        self.addCleanup(self.server.close)

    def told(self):
        return self.manager.recv(4096).decode()

    def test_ready_when_peers_can_connect_alive_while_the_store_moves(self):
        self.server.launch()
        self.assertTrue(self.told().startswith("READY=1"))
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=5):
            pass
        for _ in range(3):
            self.assertEqual(self.told(), "WATCHDOG=1")
        # Somebody holds the database: the store's thread stands still, and the watchdog gets nothing.
        with sqlite3.connect(self.server.database_file, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            self.manager.settimeout(1)
            with self.assertRaises(TimeoutError):
                for _ in range(3):  # at most one was on its way
                    self.assertEqual(self.told(), "WATCHDOG=1")
            other.execute("ROLLBACK")
        self.manager.settimeout(30)
        self.assertEqual(self.told(), "WATCHDOG=1")
        self.server.process.terminate()
        while (text := self.told()) != "STOPPING=1":
            self.assertEqual(text, "WATCHDOG=1")

    def test_the_unit_is_valid_and_tight(self):
        unit = self.server.directory / "minihss.service"
        verified = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True,
                                  timeout=60, check=False)
        own = [line for line in verified.stderr.splitlines() if "minihss.service" in line]
        self.assertEqual([line for line in own if "is not executable" not in line], [], verified.stderr)
        rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(rated.returncode, 0, rated.stdout + rated.stderr)
        self.assertIn("Overall exposure level", rated.stdout)


if __name__ == "__main__":
    unittest.main()
