# kill -9 between requests, and on: what was answered is still true, and no SQN comes twice.
# SPDX-License-Identifier: MIT
import threading
import unittest

from tests.peer import cx
from tests.peer.connection import ConnectionLost
from tests.peer.server import SCSCF, SCSCF_2, wait_until
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest


class CrashTest(HssTest):
    def crash(self):
        """The server is killed without warning and started again."""
        for connection in self.connections.values():
            connection.abort()
        self.connections.clear()
        self.server.kill9()
        self.server.start()

    def test_registration_survives(self):
        subscriber, moved = self.subscriber(), self.subscriber()
        self.crash()
        self.assert_first_registration(subscriber)
        first = self.vector(subscriber)
        self.crash()
        self.assert_served_by(subscriber, SERVER_NAME)  # auth-pending
        self.assert_accepted(subscriber, first)
        self.sar(subscriber, cx.REGISTRATION)
        self.crash()
        self.assert_registered(subscriber)
        self.register(moved, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.sar(subscriber, cx.RE_REGISTRATION)
        self.crash()
        self.assert_registered(moved, SERVER_NAME_2)
        self.sar(subscriber, cx.USER_DEREGISTRATION)
        self.crash()
        self.assert_not_registered(subscriber)
        self.assert_first_registration(subscriber)
        self.sar(subscriber, cx.UNREGISTERED_USER)
        self.crash()
        self.sar(subscriber, cx.UNREGISTERED_USER)

    def test_sqn_rises_and_the_index_stays(self):
        subscriber = self.subscriber()
        index = {}
        last = 0
        for _ in range(4):
            for host, name in ((SCSCF, SERVER_NAME), (SCSCF_2, SERVER_NAME_2)):
                vector = self.vector(subscriber, at=self.peer(host), server_name=name)
                seq, ind = subscriber.sqn(vector)
                self.assertGreater(seq, last)
                last = seq
                self.assertEqual(index.setdefault(host, ind), ind)
                self.assert_accepted(subscriber, vector)
            self.crash()
        self.assertEqual(len(set(index.values())), 2)

    def test_a_resynchronisation_survives(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        vector = self.vector(subscriber)
        self.crash()
        # The challenge was made before the crash; its RAND is still known.
        auts = subscriber.usim.challenge(vector.rand, vector.autn).auts
        self.assert_accepted(subscriber, self.vector(subscriber, authorization=vector.rand + auts))
        self.crash()
        self.assert_accepted(subscriber, self.vector(subscriber))

    def test_provisioning_goes_on_while_it_is_down(self):
        before = self.subscriber()
        self.register(before)
        self.disconnect()
        self.server.kill9()
        added = self.subscriber()
        self.server.start()
        self.assert_registered(before)
        self.assert_accepted(added, self.vector(added))

    def test_an_orderly_stop_under_load(self):
        subscriber = self.subscriber()
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        pendings = [self.scscf.send(request) for _ in range(300)]
        wait_until(lambda: any(pending.done for pending in pendings), 30, "an answer")
        self.assertEqual(self.server.stop(), 0)
        seen = []
        for pending in pendings:
            try:
                answer = pending.result()
            except ConnectionLost:
                continue  # it came too late
            if self.check(request, answer) == cx.SUCCESS:
                seen.append(subscriber.sqn(cx.vectors(answer)[0]))
        self.connections.pop(SCSCF).abort()
        self.disconnect()
        self.server.start()
        seen.append(subscriber.sqn(self.vector(subscriber)))
        self.assertGreater(len(seen), 1)
        self.assertEqual(len(set(seen)), len(seen), "an SQN came twice")
        self.assertEqual(max(seen), seen[-1])

    def test_killed_under_load(self):
        subscribers = [self.subscriber() for _ in range(20)]
        seen = {subscriber.impi: [] for subscriber in subscribers}
        for _ in range(3):
            self.load_and_kill(subscribers, seen)
        for subscriber in subscribers:
            seen[subscriber.impi].append(subscriber.sqn(self.vector(subscriber)))
        sqns = [sqn for sqns in seen.values() for sqn in sqns]
        self.assertGreater(len(sqns), 3 * 50)
        for of_one in seen.values():
            self.assertEqual(len(set(of_one)), len(of_one), "an SQN came twice")
            self.assertEqual(max(of_one), of_one[-1])

    def load_and_kill(self, subscribers, seen):
        """MARs until at least 50 were answered and others wait; then the server is killed. What was answered counts."""
        connection = self.scscf
        sent = []
        stop = threading.Event()

        def send():
            try:
                while not stop.is_set():
                    for subscriber in subscribers:
                        request = cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME)
                        sent.append((subscriber, connection.send(request)))
                    sent[-1][1].result()
            except ConnectionLost:
                pass  # that is the plan

        sender = threading.Thread(target=send)
        sender.start()
        try:
            wait_until(lambda: sum(pending.done for _, pending in sent) > 50, 30, "50 answers")
            self.server.kill9()
        finally:
            stop.set()
            sender.join()
        for subscriber, pending in sent:
            try:
                answer = pending.result()
            except ConnectionLost:
                continue
            self.assertEqual(self.check(pending.request, answer), cx.SUCCESS)
            seen[subscriber.impi].append(subscriber.sqn(cx.vectors(answer)[0]))
        connection.abort()
        self.connections.clear()
        self.server.start()


if __name__ == "__main__":
    unittest.main()
