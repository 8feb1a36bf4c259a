# A store that fails under a running server: the disk full, the database locked, removed, replaced, damaged, not to be
# written. Requests are answered 5012 or wait, the log says why, no SQN comes twice, and where it can the server goes on
# by itself when the fault is over.
# SPDX-License-Identifier: MIT
import os
import resource
import shutil
import sqlite3
import unittest

from tests.peer import cx
from tests.system.support import SERVER_NAME, HssTest


class StoreFaultTest(HssTest):
    def setUp(self):
        if not self.server.running:
            self.server.start()
        self.user, self.latest = self.subscriber(), 0
        self.assert_served()

    def assert_served(self):
        """The next SQN is above all that were received."""
        seq, _ = self.user.sqn(self.vector(self.user))
        self.assertGreater(seq, self.latest)
        self.latest = seq

    def assert_refused(self):
        """With 5012, and whatever else the server is asked it stays alive."""
        for _ in range(3):
            self.mar(self.user, cx.UNABLE_TO_COMPLY)
        self.assertTrue(self.server.running)

    def restart(self):
        self.disconnect()
        self.server.restart()


class DiskFullTest(StoreFaultTest):
    """The process may make no file longer than the write-ahead log is: its next write fails, as on a full disk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.stop()
        cls.server.wrapper = "env", "--ignore-signal=XFSZ"
        cls.server.start()

    def limit(self, octets):
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (octets, resource.RLIM_INFINITY))

    def test_what_writes_is_refused_until_there_is_room(self):
        rows = [f"00101{number:010},1777{number:07},{'1' * 32},{'2' * 32}" for number in range(5000, 5400)]
        self.server.hssctl("import", "-", input="\n".join(["imsi,msisdn,k,opc", *rows]) + "\n")
        log = self.server.database_file.with_name("hss.db-wal")
        self.assertGreater(log.stat().st_size, 4 * self.server.log_file.stat().st_size, "the log has room")
        for _ in range(2):
            self.limit(log.stat().st_size)
            self.assert_refused()
            self.lir(self.user.sip, cx.IDENTITY_NOT_REGISTERED)  # needs no room
            self.limit(resource.RLIM_INFINITY)
            self.assert_served()
        self.assertRegex(self.server.log(), "error .*a commit failed and its 1 transactions were rolled back: .*hss.db")
        self.restart()
        self.assert_served()


class LockedTest(StoreFaultTest):
    def test_somebody_else_writes_for_a_while(self):
        other = sqlite3.connect(self.server.database_file, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        request = cx.mar(self.scscf, self.user.impi, self.user.sip, SERVER_NAME)
        pendings = [self.scscf.send(request) for _ in range(50)]
        with self.assertRaises(TimeoutError):
            pendings[0].result(timeout=1)
        other.execute("ROLLBACK")
        seqs = []  # freeDiameter's threads may have taken the requests in another order
        for pending in pendings:
            answer = pending.result()
            self.assertEqual(self.check(request, answer), cx.SUCCESS)
            seqs.append(self.user.sqn(cx.vectors(answer)[0])[0])
        self.assertEqual(sorted(seqs), list(range(self.latest + 1, self.latest + 51)))
        self.latest += 50
        self.assert_served()

    def test_somebody_reads_for_long(self):
        other = sqlite3.connect(self.server.database_file, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN")
        before = other.execute("SELECT count(*) FROM subscription").fetchone()
        for _ in range(100):
            self.assert_served()
        self.subscriber()
        self.assertEqual(other.execute("SELECT count(*) FROM subscription").fetchone(), before)


class RemovedTest(StoreFaultTest):
    MOVED = r"error .*hss\.db is not the file that was opened: .*put it back, or stop the server"

    def setUp(self):
        super().setUp()
        self.file = self.server.database_file
        self.aside = self.file.with_name("aside.db")

    def test_moved_away_and_put_back(self):
        os.rename(self.file, self.aside)
        self.assert_refused()
        self.lir(self.user.sip, cx.UNABLE_TO_COMPLY)
        self.server.wait_log(self.MOVED)
        os.rename(self.aside, self.file)
        self.assert_served()

    def test_another_in_its_place(self):
        os.rename(self.file, self.aside)
        shutil.copy(self.aside, self.file)
        self.assert_refused()
        self.server.wait_log(self.MOVED)
        os.replace(self.aside, self.file)
        self.assert_served()
        self.restart()
        self.assert_served()

    def test_the_log_of_sqlite_is_removed(self):
        self.file.with_name("hss.db-wal").unlink()
        self.assert_refused()
        self.server.wait_log(r"hss\.db-wal was removed while it was in use; restart the server")
        self.restart()
        self.assert_served()


class DamagedPageTest(StoreFaultTest):
    def test_who_is_on_it_is_refused_and_others_are_served(self):
        victim = self.subscriber()
        rows = [f"00101{number:010},1888{number:07},{'3' * 32},{'4' * 32}" for number in range(6000, 6400)]
        self.server.hssctl("import", "-", input="\n".join(["imsi,msisdn,k,opc", *rows]) + "\n")
        self.user, self.latest = self.subscriber(), 0
        self.assert_served()
        self.vector(victim)
        self.disconnect()
        self.server.stop()
        self.empty_log()
        whole = self.server.database_file.read_bytes()
        self.assertGreater(self.damage(victim.sip.encode(), self.user.sip.encode()), 0)
        self.server.start()
        self.assert_served()
        self.lir(victim.sip, cx.UNABLE_TO_COMPLY)
        self.mar(victim, cx.UNABLE_TO_COMPLY)
        self.assert_served()
        self.server.wait_log(r"error .*hss\.db: database disk image is malformed; look at it with 'hssctl check'")
        self.disconnect()
        self.server.stop()
        self.server.database_file.write_bytes(whole)
        self.server.start()
        self.vector(victim)

    def empty_log(self):
        """All is in the file itself."""
        database = sqlite3.connect(self.server.database_file)
        try:
            self.assertEqual(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0], 0)
        finally:
            database.close()

    def damage(self, wanted, unwanted):
        """Takes the header of every page that holds `wanted` and not `unwanted`; how many."""
        octets = bytearray(self.server.database_file.read_bytes())
        size = int.from_bytes(octets[16:18], "big")
        count = 0
        for at in range(size, len(octets), size):
            page = octets[at : at + size]
            if wanted in page and unwanted not in page:
                octets[at : at + 8] = bytes(8)
                count += 1
        self.server.database_file.write_bytes(octets)
        return count


if __name__ == "__main__":
    unittest.main()
