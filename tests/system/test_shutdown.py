# SIGTERM: what was accepted is answered, the rest refused, every peer told; whether peers answer or not.
# SPDX-License-Identifier: MIT
import signal
import threading

from tests.peer import cx, diameter
from tests.peer.connection import Connection, ConnectionLost
from tests.peer.server import REALM, wait_until
from tests.system.support import SERVER_NAME, HssTest, keep_asking

TOO_BUSY = 3004


class Deaf(Connection):
    """Answers no DPR, as some CSCFs do."""

    def __init__(self, *arguments, **options):
        self.told = threading.Event()
        super().__init__(*arguments, **options)

    def _serve(self, request):
        if request.code == diameter.DISCONNECT_PEER:
            self.told.set()
        else:
            super()._serve(request)


class EndingTest(HssTest):
    peers = (f"*.{REALM}",)

    def setUp(self):
        super().setUp()
        wait_until(lambda: "an orderly end is prepared" in self.server.log(), 30, lambda: self.server.log())

    def tearDown(self):
        self.assertFalse(self.server.running)

    def end(self):
        """SIGTERM, and it ends by itself, without freeDiameter having to force anything."""
        code = self.server.stop()
        log = self.server.log()
        self.assertEqual(code, 0, log)
        self.assertNotIn("Forcing connections shutdown", log)
        return log


class UnderLoadTest(EndingTest):
    def test_what_was_accepted_is_answered_and_nobody_waits(self):
        subscriber = self.subscriber()
        connections = [self.peer(f"scscf{number}.{REALM}") for number in range(4)]
        stop = threading.Event()
        sent = [[] for _ in connections]

        def ask(connection, pendings):
            request = cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME)
            keep_asking(connection, [request], pendings, stop)

        threads = [threading.Thread(target=ask, args=each) for each in zip(connections, sent)]
        for thread in threads:
            thread.start()
        while min(map(len, sent)) < 200:
            self.assertTrue(all(connection.is_open for connection in connections))
        self.end()
        stop.set()
        for thread in threads:
            thread.join()
        answered = []
        for pending in (pending for pendings in sent for pending in pendings):
            try:
                answer = pending.result(0)
            except (ConnectionLost, TimeoutError):
                continue
            if answer.find(diameter.RESULT_CODE) is not None and answer.find(diameter.RESULT_CODE).number == TOO_BUSY:
                continue
            self.assertEqual(self.check(pending.request, answer), cx.SUCCESS)
            answered += [subscriber.sqn(vector) for vector in cx.vectors(answer)]
        self.assertEqual(len(set(answered)), len(answered))
        self.assertGreaterEqual(len(answered), 4 * 100)
        # Every vector that was issued has reached its S-CSCF: none is lost on the way.
        self.assertEqual(max(seq for seq, _ in answered) - min(seq for seq, _ in answered) + 1, len(answered))


class DeafPeerTest(EndingTest):
    def test_a_peer_that_does_not_answer_dpr_holds_nobody_up(self):
        deaf = Deaf(("127.0.0.1", self.server.port), f"deaf.{REALM}", REALM)
        self.addCleanup(deaf.abort)
        polite = self.peer(f"polite.{REALM}")
        log = self.end()
        self.assertTrue(deaf.told.is_set())
        deaf.wait_closed()
        polite.wait_closed()
        self.assertIn("1 peers do not answer DPR", log)


class TwoSignalsTest(EndingTest):
    def test_a_second_signal_changes_nothing(self):
        self.server.process.send_signal(signal.SIGINT)
        self.end()
