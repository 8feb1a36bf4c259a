# Many requests at once: every one is answered, and no two of them share an SQN.
# SPDX-License-Identifier: MIT
import sqlite3
import threading
import unittest

from tests.peer import cx
from tests.peer.server import REALM, wait_until
from tests.system.support import SERVER_NAME, HssTest

HOSTS = [f"scscf{number}.{REALM}" for number in range(1, 9)]


class ConcurrencyTest(HssTest):
    peers = (f"*.{REALM}",)

    def collect(self, pendings, subscriber):
        """The SQNs of successful MARs of one subscriber; the answers are checked."""
        sqns = []
        for pending in pendings:
            answer = pending.result(60)
            self.assertEqual(self.check(pending.request, answer), cx.SUCCESS)
            sqns += [subscriber.sqn(vector) for vector in cx.vectors(answer)]
        return sqns

    def test_eight_at_once_for_one_identity(self):
        subscriber = self.subscriber()
        connections = [self.peer(host) for host in HOSTS]
        for _ in range(10):
            barrier = threading.Barrier(len(connections))
            pendings = []

            def send(connection):
                request = cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME)
                barrier.wait(10)
                pendings.append(connection.send(request))

            threads = [threading.Thread(target=send, args=(connection,)) for connection in connections]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            sqns = self.collect(pendings, subscriber)
            self.assertEqual(len(sqns), 8)
            seqs = sorted(seq for seq, _ in sqns)
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 8)))
            self.assertEqual(len({ind for _, ind in sqns}), 8)

    def test_eight_at_once_on_one_connection(self):
        subscriber = self.subscriber()
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        pendings = [self.scscf.send(request) for _ in range(8)]
        sqns = self.collect(pendings, subscriber)
        self.assertEqual(len(set(sqns)), 8)

    def test_more_nodes_than_indices(self):
        subscriber = self.subscriber()
        last = 0
        for number in range(20):
            with self.server.connect(f"scscf-{number}.{REALM}") as connection:
                seq, ind = subscriber.sqn(self.vector(subscriber, at=connection))
                self.assertEqual(subscriber.sqn(self.vector(subscriber, at=connection)), (seq + 1, ind))
            self.assertGreater(seq, last)
            self.assertLess(ind, 16)
            last = seq

    def test_hundreds_in_flight(self):
        subscribers = [self.subscriber() for _ in range(10)]
        pendings = {subscriber.impi: [] for subscriber in subscribers}
        connections = [self.peer(host) for host in HOSTS[:4]]
        for number in range(800):
            subscriber, connection = subscribers[number % 10], connections[number % 4]
            request = cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME)
            pendings[subscriber.impi].append(connection.send(request))
        for subscriber in subscribers:
            sqns = self.collect(pendings[subscriber.impi], subscriber)
            self.assertEqual(len(sqns), 80)
            seqs = sorted(seq for seq, _ in sqns)
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + 80)))


class FullQueueTest(HssTest):
    """A queue of four, and a store that is held up from outside."""

    more_settings = {"store": {"queue_limit": "4", "batch_limit": "2"}}

    def test_what_does_not_fit_is_told_so_at_once(self):
        subscriber = self.subscriber()
        self.vector(subscriber)
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        blocker = sqlite3.connect(self.server.database_file, isolation_level=None)
        self.addCleanup(blocker.close)
        blocker.execute("BEGIN IMMEDIATE")
        pendings = [self.scscf.send(request) for _ in range(40)]
        wait_until(lambda: sum(pending.done for pending in pendings) >= 40 - 4 - 2, 20, "the surplus")
        blocker.execute("ROLLBACK")
        verdicts = [self.check(request, pending.result()) for pending in pendings]
        self.assertEqual(set(verdicts), {cx.SUCCESS, cx.TOO_BUSY})
        served = [cx.vectors(pending.result())[0] for pending in pendings if cx.vectors(pending.result())]
        self.assertEqual(verdicts.count(cx.SUCCESS), len(served))
        self.assertLessEqual(len(served), 4 + 2)
        self.assertEqual(len({subscriber.sqn(vector) for vector in served}), len(served))
        self.assert_accepted(subscriber, self.vector(subscriber))


if __name__ == "__main__":
    unittest.main()
