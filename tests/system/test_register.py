# The step-by-step registration in Python (python3 -m tests.peer.register) does what it says, and says why not.
# SPDX-License-Identifier: MIT
import subprocess
import sys
import unittest

from tests.peer.server import REALM
from tests.system.support import HssTest

AHEAD = f"{1 << 25:012x}"  # SEQ 2^20


class RegisterTest(HssTest):
    def register(self, subscriber, *options, opc=None):
        self.disconnect()  # the tool connects under the same names
        return subprocess.run(
            [sys.executable, "-B", "-m", "tests.peer.register", "--imsi", subscriber.imsi, "--k", subscriber.k.hex(),
             "--opc", (opc or subscriber.opc).hex(), "--realm", REALM, "--port", str(self.server.port), *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)

    def test_registers_and_finds_the_user(self):
        subscriber = self.subscriber()
        done = self.register(subscriber)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("RES equals XRES", done.stdout)
        self.assertIn(f"{subscriber.temporary} (barred)", done.stdout)
        self.assertTrue(done.stdout.endswith("\nregistered\n"), done.stdout)

    def test_resynchronises_and_deregisters(self):
        done = self.register(self.subscriber(), "--sqn", AHEAD, "--deregister")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("synchronisation failure", done.stdout)
        self.assertIn("MAR with RAND and AUTS -> DIAMETER_SUCCESS", done.stdout)
        self.assertTrue(done.stdout.endswith("\nde-registered\n"), done.stdout)

    def test_names_a_wrong_key(self):
        done = self.register(self.subscriber(), opc=bytes(16))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("MAC failure", done.stdout)

    def test_names_an_unknown_user(self):
        subscriber = self.subscriber()
        subscriber.imsi = "001019999999999"
        done = self.register(subscriber)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("DIAMETER_ERROR_USER_UNKNOWN", done.stdout)


if __name__ == "__main__":
    unittest.main()
