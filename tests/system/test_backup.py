# A backup made under load, a server that dies, the backup in its place: no SQN comes twice, whoever asked for it. And a
# new master key under load.
# SPDX-License-Identifier: MIT
import sqlite3
import stat
import struct
import subprocess
import unittest

from tests.peer.server import REALM, build_directory, wait_until
from tests.system.lab_support import K, KEYS, OPC, imsi
from tests.system.support import SERVER_NAME_2, HssTest

FLEET = 200
JUMP = 1 << 20


def sequences(file):
    """SEQ of every key set of a database at rest: the log of the server counts more than the table."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        found = dict(database.execute("SELECT key_set, seq FROM sequence"))
        for (content,) in database.execute("SELECT content FROM sequence_log ORDER BY id"):
            while content:
                key_set, seq, rands = struct.unpack_from(">QQB", content)
                found[key_set] = seq
                content = content[17 + 16 * rands :]
    database.close()
    return found


class BackupTest(HssTest):
    peers = (f"*.{REALM}",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Beyond the numbers that subscriber() gives out.
        lines = ["imsi,msisdn,k,opc"] + [f"{imsi(5000 + n)},1777{n:07},{K},{OPC}" for n in range(FLEET)]
        cls.server.hssctl("import", "-", input="\n".join(lines) + "\n")
        cls.secrets |= {bytes.fromhex(K), bytes.fromhex(OPC)}

    def start_load(self):
        """hsslab asks for vectors of the fleet until it is ended, or the server is."""
        program = str(build_directory() / "bin" / "hsslab")
        load = subprocess.Popen(
            [program, "load", "--hss", f"127.0.0.1:{self.server.port}", "--users", str(FLEET), "--first-imsi",
             imsi(5000), "--mix", "mar", "--duration", "120", "--in-flight", "8", "--verify", *KEYS],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.addCleanup(load.wait)
        self.addCleanup(load.kill)
        self.server.wait_log(rf"MAR .*impi={imsi(5000 + FLEET - 1)}@.* DIAMETER_SUCCESS")
        return load

    def issue(self, subscribers, count):
        """The SEQs of `count` vectors of each; the card takes every one."""
        seqs = {subscriber.imsi: [] for subscriber in subscribers}
        for _ in range(count):
            for subscriber in subscribers:
                vector = self.vector(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)  # the other one is hsslab
                self.assert_accepted(subscriber, vector)
                seqs[subscriber.imsi].append(subscriber.sqn(vector)[0])
        return seqs

    def test_no_sqn_comes_twice(self):
        subscribers = [self.subscriber() for _ in range(3)]
        backup = self.server.directory / "backup.db"
        replaced = self.server.directory / "hss.db-replaced"
        load = self.start_load()
        before = self.issue(subscribers, 2)
        told = self.server.hssctl("backup", str(backup)).stdout
        copied = sequences(backup)
        total = len(copied)  # subscribers with one key set each
        self.assertGreaterEqual(total, FLEET + 3)
        self.assertIn(f"wrote {total} subscribers", told)
        self.assertIn("The master key is not in it", told)
        self.assertIsNone(load.poll(), "the load went on meanwhile")
        self.assertEqual(stat.S_IMODE(backup.stat().st_mode), 0o600)
        self.assertIn("good", self.server.hssctl("check", str(backup)).stdout)
        self.assertIn("good", self.server.hssctl("check").stdout)
        since = self.issue(subscribers, 5)  # which the backup does not know of
        refused = self.server.hssctl("restore", str(backup), "--replace", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is in use by a server", refused.stderr)

        for connection in self.connections.values():
            connection.abort()
        self.connections.clear()
        self.server.kill9()
        told = self.server.hssctl("restore", str(backup), "--replace").stdout
        self.assertIn(f"SEQ of {total} key sets went forward by {JUMP}", told)
        self.assertEqual(stat.S_IMODE(self.server.database_file.stat().st_mode), 0o600)
        self.assertFalse([file.name for file in self.server.directory.glob("hss.db.*")], "left behind")

        # Whatever was on disk when the server died, of the fleet too, lies below.
        died, now = sequences(replaced), sequences(self.server.database_file)
        self.assertEqual(died.keys(), now.keys())
        for key_set, seq in now.items():
            self.assertEqual(seq, copied[key_set] + JUMP)
            self.assertGreater(seq, died[key_set])
        self.assertTrue([key_set for key_set in died if died[key_set] > copied[key_set]])

        self.server.start()
        after = self.issue(subscribers, 2)
        for subscriber in subscribers:
            old = before[subscriber.imsi] + since[subscriber.imsi]
            self.assertEqual(old, sorted(set(old)))
            self.assertGreater(min(after[subscriber.imsi]), max(old))

    def test_the_master_key_is_rotated_under_load(self):
        """The rotation is killed as soon as there is a new key; the server answers throughout and is not restarted."""
        subscriber = self.subscriber()
        key_file = self.server.directory / "master.key"
        next_file = self.server.directory / "master.key.next"
        old = key_file.read_text()
        self.secrets.add(bytes.fromhex(old))
        load = self.start_load()
        rotation = subprocess.Popen(
            [str(build_directory() / "bin" / "hssctl"), "-C", str(self.server.directory), "key", "rotate"],
            stdout=subprocess.DEVNULL,
        )
        self.addCleanup(rotation.wait)
        self.addCleanup(rotation.kill)
        wait_until(lambda: next_file.exists() or rotation.poll() is not None, 30, "no new key")
        rotation.kill()
        rotation.wait()
        self.issue([subscriber], 1)
        added_between = self.subscriber()
        if next_file.exists():  # it was not faster
            refused = self.server.hssctl("backup", str(self.server.directory / "no.db"), check=False)
            self.assertIn("a rotation is under way", refused.stderr)
            self.assertIn("good", self.server.hssctl("check").stdout)
            told = self.server.hssctl_json("key", "rotate")
            self.assertTrue(told["continued"])
        self.assertFalse(next_file.exists())
        self.assertNotEqual(key_file.read_text(), old)
        self.secrets.add(bytes.fromhex(key_file.read_text()))
        self.assertEqual((self.server.directory / "master.key.old").read_text(), old)
        (self.server.directory / "master.key.old").unlink()
        self.assertIsNone(load.poll(), "the load goes on")
        added_after = self.subscriber()
        self.issue([subscriber, added_between, added_after], 1)
        self.assertNotIn("cannot be decrypted", self.server.log())
        self.assertIn("good", self.server.hssctl("check").stdout)

        load.kill()
        load.wait()
        for connection in self.connections.values():
            connection.abort()
        self.connections.clear()
        self.server.kill9()
        self.server.start()
        self.issue([subscriber, added_between, added_after], 1)


if __name__ == "__main__":
    unittest.main()
