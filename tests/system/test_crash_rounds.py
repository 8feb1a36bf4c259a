# The server is killed at random moments, under load and while it starts, stopped in order now and then, and started
# again on the same database: no SQN comes twice or falls, and nothing that was confirmed is lost.
#   MINIHSS_CRASH_ROUNDS=.. [MINIHSS_CRASH_SEED=..] python3 -m unittest tests.system.test_crash_rounds
# The seed makes the moments and the choices the same again; what the machine does with them differs.
# SPDX-License-Identifier: MIT
import collections
import os
import random
import sqlite3
import time
import unittest

from tests.peer.server import AAA, AAA_2, ICSCF, REALM, SCSCF, SCSCF_2, Server, StopTimeout, wait_until
from tests.system.crash_support import TOO_BUSY, Card, MarPeer, Operator, Registrar, SequenceBooks

ROUNDS = int(os.environ.get("MINIHSS_CRASH_ROUNDS", "10"))
SEED = os.environ.get("MINIHSS_CRASH_SEED") or str(random.SystemRandom().randrange(1 << 32))
CARDS = 300  # for MARs on Cx and SWx
REGISTERED = 24  # for SARs and RTRs
REGISTRAR = f"scscf9.{REALM}"
LONGEST = 1.2  # seconds of load after the first answers


class CrashRoundsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            peers=(ICSCF, SCSCF, SCSCF_2, REGISTRAR, AAA, AAA_2),
            settings={
                "log": {"level": '"warn"'},
                "push": {"answer_seconds": 2, "retry_seconds": 1, "retry_most_seconds": 2},
            },
        )
        cls.addClassCleanup(cls.server.close)

    def import_cards(self, cards):
        lines = ["imsi,msisdn,k,opc", *(card.row for card in cards)]
        self.server.hssctl("import", "-", input="\n".join(lines) + "\n")

    def peers(self, number):
        """Two S-CSCFs ask for all cards; of the two AAA servers each has its half, for a user has one."""
        half = CARDS // 2
        port = self.server.port
        shares = {SCSCF: self.cards, SCSCF_2: self.cards, AAA: self.cards[:half], AAA_2: self.cards[half:]}
        return [
            MarPeer(port, host, cards, random.Random(f"{SEED}.{number}.{host}")) for host, cards in shares.items()
        ]

    def end_server(self, dice, in_order):
        if in_order:
            try:
                self.assertEqual(self.server.stop(), 0)
            except StopTimeout:
                self.hung += 1  # in freeDiameter's own end; it was killed then
            return
        if dice.random() < 0.5:
            self.operator.kill()
        self.server.kill9()

    def start_server(self, dice):
        """Now and then the server is killed while it starts."""
        while dice.random() < 0.3:
            self.server.launch()
            time.sleep(dice.uniform(0, 0.4))
            self.server.kill9()
            self.killed_at_start += 1
        self.server.start()

    def load(self, number, dice):
        """Until the end of the server, which may come at any moment."""
        in_order = number % 5 == 4
        peers = self.peers(number)
        for one in (*peers, self.registrar):
            one.start()
        self.operator.start(self.registrar)
        try:
            wait_until(lambda: all(len(peer.connection.arrived) > 1 for peer in peers), 30, "the first answers")
            time.sleep(dice.uniform(0, LONGEST))
            self.assertTrue(self.server.running, "it ended by itself")
            self.end_server(dice, in_order)
        finally:
            self.server.kill9()
            self.operator.finish()
            self.registrar.finish()
            for peer in peers:
                peer.finish(self.books, self.results)
            self.books.close_round()
        self.stopped_in_order += in_order

    def check(self):
        """What was confirmed is there; every RTR that was written comes, if it did not come before."""
        self.assertEqual(self.books.wrong, [])
        self.assertEqual(self.registrar.wrong, [])
        self.assertEqual(self.operator.differences(), [])
        self.registrar.connect(self.server.port)
        wait_until(lambda: not self.server.hssctl("push", "list", "--waiting").stdout, 30, "the last RTR")
        self.registrar.collect()
        self.assertEqual(sorted(self.operator.pushes - self.registrar.received), [])
        self.registrar.settle()
        self.assertEqual(self.registrar.differences(), [])

    def check_database(self):
        """With the server stopped, by SQLite's own tests."""
        database = sqlite3.connect(self.server.database_file)
        try:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
            for log in ("sequence_log", "auth_pending_log"):
                self.assertEqual(database.execute(f"SELECT count(*) FROM {log}").fetchone(), (0,), log)
        finally:
            database.close()

    def test_rounds(self):
        print(f"MINIHSS_CRASH_SEED={SEED} MINIHSS_CRASH_ROUNDS={ROUNDS}", flush=True)
        self.cards = [Card(number) for number in range(1, CARDS + 1)]
        own = [Card(number) for number in range(CARDS + 1, CARDS + REGISTERED + 1)]
        self.books, self.results = SequenceBooks(), collections.Counter()
        self.operator = Operator(self.server, [*self.cards, *own], random.Random(f"{SEED}.operator"), 10000)
        self.registrar = Registrar(REGISTRAR, own, random.Random(f"{SEED}.registrar"))
        self.killed_at_start = self.stopped_in_order = self.hung = 0
        self.import_cards([*self.cards, *own])
        self.server.start()
        self.registrar.connect(self.server.port)
        for number in range(ROUNDS):
            dice = random.Random(f"{SEED}.{number}")
            with self.subTest(seed=SEED, round=number):
                self.load(number, dice)
                self.start_server(dice)
                self.check()
            if not self.server.running:
                break
        self.registrar.connection.close()
        self.assertEqual(self.server.stop(), 0)
        self.check_database()
        print(
            f"{ROUNDS} rounds ({self.stopped_in_order} stopped in order, {self.hung} of them hung, {self.killed_at_start} more kills at start): "
            f"{self.books.checked} SQNs of {self.books.issued} issued were received and checked, "
            f"{self.registrar.answered} SARs, {self.operator.confirmed} hssctl commands confirmed, "
            f"{len(self.operator.pushes)} RTRs written and received; MAA results {dict(self.results)}"
        )
        self.assertLessEqual(set(self.results), {2001, TOO_BUSY})  # the latter from a server that is ending
        self.assertEqual(self.hung, 0)
        self.assertGreater(self.books.checked, 20 * ROUNDS)
        self.assertGreater(self.operator.confirmed, ROUNDS)
        self.assertNotIn("rolled back", self.server.log())


if __name__ == "__main__":
    unittest.main()
