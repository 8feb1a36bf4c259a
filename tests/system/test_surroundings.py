# A server that cannot start says why in one line that names the file, and ends with an exit code that is not 0.
# SPDX-License-Identifier: MIT
import os
import re
import sqlite3
import subprocess
import unittest

from tests.peer.server import Server


class SurroundingsTest(unittest.TestCase):
    def setUp(self):
        self.server = Server(settings={"log": {"level": '"info"'}})
        self.addCleanup(self.server.close)

    def tearDown(self):
        # What was wrong is put right, or left: either way nothing is left running.
        self.assertFalse(self.server.running)

    def assert_fails(self, pattern):
        """Ends by itself with an error, and says so in exactly one line of our own."""
        self.server.launch()
        try:
            code = self.server.process.wait(30)
        except subprocess.TimeoutExpired:
            self.fail(f"it runs on; the log:\n{self.server.log()}")
        log = self.server.log()
        self.assertNotEqual(code, 0, log)
        ours = [line for line in log.splitlines() if re.search(r"\bhss\.fdx: ", line) and "freeDiameter" not in line]
        matching = [line for line in ours if re.search(pattern, line)]
        self.assertEqual(len(matching), 1, f"lines of ours: {ours}; the log:\n{log}")
        self.assertNotIn("Traceback", log)
        self.assertNotIn("terminate called", log)
        self.assertNotIn("Sanitizer", log)

    def test_as_it_is_made_it_starts(self):
        self.server.start()
        self.assertTrue(self.server.running)
        self.assertEqual(self.server.stop(), 0)

    def test_no_settings_file(self):
        self.server.settings_file.unlink()
        self.assert_fails(r"hss\.toml")

    def test_an_unknown_setting(self):
        with open(self.server.settings_file, "a") as file:
            file.write("\n[cxx]\nmax_vectors = 1\n")
        self.assert_fails(r"hss\.toml.*cxx")

    def test_a_misspelt_setting(self):
        text = self.server.settings_file.read_text()
        self.assertIn("auth_pending_seconds", text)
        self.server.settings_file.write_text(text.replace("auth_pending_seconds", "auth_pending_second"))
        self.assert_fails(r"hss\.toml.*auth_pending_second\b.*auth_pending_seconds")

    def test_a_setting_out_of_range(self):
        self.server.change_settings({"cx": {"max_vectors": "99"}})
        self.assert_fails(r"hss\.toml.*max_vectors")

    def test_broken_toml(self):
        self.server.settings_file.write_text("[cx\nmax_vectors = 1\n")
        self.assert_fails(r"hss\.toml")

    def test_no_database(self):
        self.server.database_file.unlink()
        self.assert_fails(r"hss\.db.*hssctl init")
        self.assertFalse(self.server.database_file.exists(), "an empty one was made")

    def test_an_empty_database(self):
        self.server.database_file.write_bytes(b"")
        self.assert_fails(r"hss\.db.*empty")

    def test_no_database_at_all(self):
        self.server.database_file.write_bytes(b"imsi,msisdn,k,opc\n" * 500)
        self.assert_fails(r"hss\.db")

    def test_a_database_of_another_program(self):
        self.server.database_file.unlink()
        with sqlite3.connect(self.server.database_file) as database:
            database.execute("CREATE TABLE t (a)")
        database.close()
        self.assert_fails(r"hss\.db.*another program")

    def test_a_newer_database(self):
        database = sqlite3.connect(self.server.database_file)
        (version,) = database.execute("PRAGMA user_version").fetchone()
        self.assertGreater(version, 0)
        database.execute(f"PRAGMA user_version = {version + 1}")
        database.commit()
        database.close()
        self.assert_fails(rf"hss\.db.*version {version + 1}\b")
        database = sqlite3.connect(self.server.database_file)
        self.assertEqual(database.execute("PRAGMA user_version").fetchone(), (version + 1,))
        database.close()

    @property
    def master_key(self):
        return self.server.directory / "master.key"

    def test_no_master_key(self):
        self.master_key.unlink()
        self.assert_fails(r"master\.key")

    def test_a_master_key_that_others_may_read(self):
        for mode in (0o640, 0o604, 0o620):
            with self.subTest(oct(mode)):
                self.server.log_file.unlink(missing_ok=True)
                self.master_key.chmod(mode)
                self.assert_fails(r"master\.key.*(0?600|mode)")

    def test_a_master_key_of_another_form(self):
        for text in ("", "12345\n", "z" * 64 + "\n", "0" * 66 + "\n"):
            with self.subTest(text[:10]):
                self.server.log_file.unlink(missing_ok=True)
                self.master_key.write_text(text)
                self.assert_fails(r"master\.key")

    def test_the_master_key_of_another_server(self):
        other = os.urandom(32).hex()
        self.master_key.write_text(other + "\n")
        self.assert_fails(r"master")
        self.assertNotIn(other, self.server.log())

    def test_a_directory_in_the_place_of_the_master_key(self):
        self.master_key.unlink()
        self.master_key.mkdir(mode=0o700)
        self.assert_fails(r"master\.key")

    def test_an_address_that_is_none(self):
        self.server.change_settings({"diameter": {"listen": '["localhost.example"]'}})
        self.assert_fails(r"localhost\.example")


if __name__ == "__main__":
    unittest.main()
