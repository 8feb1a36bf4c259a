# No key in anything that a server says which cannot start, or hssctl beside it: neither the master key that is wrong
# nor those that were typed meanwhile.
# SPDX-License-Identifier: MIT
import os
import re
import secrets
import subprocess
import unittest

from tests.peer.server import START_TIMEOUT, wait_until
from tests.system.secrets_support import SecretsTest


class StartTest(SecretsTest):
    """It starts again and again, and mostly not."""

    wanted = {"K": 3, "master key": 5}

    def setUp(self):
        self.by_aka = self.subscriber()
        self.vector(self.by_aka)
        self.disconnect()
        self.server.stop()
        self.key_file = self.server.directory / "master.key"
        self.right = self.key_file.read_text()

    def refuses(self):
        self.server.launch()
        try:
            self.assertNotEqual(self.server.process.wait(START_TIMEOUT), 0)
        except subprocess.TimeoutExpired:
            self.fail("it has started")
        # hssctl too, with keys in its hands.
        key = ("--k", self.by_aka.k.hex(), "--opc", self.by_aka.opc.hex())
        for words in (("subscriber", "list"), ("subscriber", "set", self.by_aka.imsi, *key), ("export",), ("check",)):
            self.assertNotEqual(self.server.hssctl(*words, check=False).returncode, 0)

    def starts(self):
        self.server.start()
        self.vector(self.by_aka)

    def new_master_key(self):
        key = secrets.token_bytes(32)
        self.keep("master key", key)
        return key.hex()

    def test_master_keys_that_are_none(self):
        digits = self.right.strip()
        for text in (self.new_master_key(), digits[:-1], digits + "0", digits[:-1] + "g", " " + digits, digits[:32],
                     digits.replace("a", "A", 1) + "\n\n", ":".join(digits[at : at + 2] for at in range(0, 64, 2))):
            with self.subTest(str(len(text))):
                self.key_file.write_text(text + ("" if text.endswith("\n") else "\n"))
                self.refuses()
        self.key_file.write_text(self.right)
        self.key_file.chmod(0o644)
        self.refuses()
        self.key_file.chmod(0o600)
        self.starts()

    def test_master_keys_of_the_environment(self):
        self.addCleanup(os.environ.pop, "MINIHSS_MASTER_KEY")
        for text in (self.new_master_key(), self.right[:-2], self.right.strip() + "0", "x" + self.right[1:]):
            os.environ["MINIHSS_MASTER_KEY"] = text
            self.refuses()
        os.environ["MINIHSS_MASTER_KEY"] = self.right.strip()
        self.key_file.rename(self.server.directory / "master.key.old")
        try:
            self.server.launch()
            wait_until(self.server._listens, START_TIMEOUT, "it does not start")
            self.vector(self.by_aka)
        finally:
            (self.server.directory / "master.key.old").rename(self.key_file)

    def test_a_master_key_in_the_place_of_its_file(self):
        settings = self.server.settings_file.read_text()
        for text in (self.right.strip(), self.new_master_key(), "./" + self.new_master_key().upper()):
            self.server.change_settings({"store": {"master_key": f'"{text}"'}})
            self.refuses()
        for key, value in (("master_key", f"0x{self.new_master_key()}"), ("database", f'"{self.new_master_key()}"')):
            self.server.settings_file.write_text(settings)
            self.server.change_settings({"store": {key: value}})
            self.refuses()
        self.server.settings_file.write_text(f'{settings}\n[log]\n{self.new_master_key()} = "x"\n')
        self.refuses()
        self.server.settings_file.write_text(re.sub("(?m)^level", self.new_master_key(), settings))
        self.refuses()
        self.server.settings_file.write_text(settings)
        self.starts()


if __name__ == "__main__":
    unittest.main()
