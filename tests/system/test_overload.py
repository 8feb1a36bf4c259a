# More than the store can take: what is refused as it comes in gets a whole answer, everything else its usual one, and
# nobody who sends it, reads it or leaves it can harm the others.
# SPDX-License-Identifier: MIT
import contextlib
import re
import socket
import sqlite3
import threading
import time

from tests.peer import cx, diameter
from tests.peer.connection import Connection, ConnectionLost, NotAdmitted
from tests.peer.diameter import Avp, Message
from tests.peer.mutations import raw_avp
from tests.peer.server import REALM, wait_until
from tests.system.support import SERVER_NAME, HssTest

LIMIT = 32
BATCH = 4
MANY = 400


def proxies(number):
    return [
        Avp(diameter.PROXY_INFO, [Avp(diameter.PROXY_HOST, host + REALM), Avp(diameter.PROXY_STATE, f"state {number}")])
        for host in ("second.", "first.")
    ]


class Reluctant(Connection):
    """Reads nothing after the capabilities exchange."""

    def __init__(self, *arguments, **options):
        self.reads = threading.Event()
        self.reads.set()
        super().__init__(*arguments, **options)
        self.reads.clear()

    def _take(self, message):
        self.reads.wait(60)
        super()._take(message)

    def abort(self):
        self.reads.set()
        super().abort()


class OverloadTest(HssTest):
    peers = (f"*.{REALM}",)
    more_settings = {"store": {"queue_limit": str(LIMIT), "batch_limit": str(BATCH)}}

    @contextlib.contextmanager
    def store_held_up(self):
        blocker = sqlite3.connect(self.server.database_file, isolation_level=None)
        try:
            blocker.execute("BEGIN IMMEDIATE")
            yield
            blocker.execute("ROLLBACK")
        finally:
            blocker.close()

    def requests(self, connection, subscriber, count, more=lambda number: []):
        # A Session-Id of its own each.
        return [
            cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME).plus(*more(number))
            for number in range(count)
        ]

    def answered(self, pendings):
        return sum(pending.done for pending in pendings)

    def all_but_a_few_answered(self, pendings):
        few = LIMIT + 2 * BATCH
        wait_until(lambda: self.answered(pendings) >= len(pendings) - few, 30, lambda: self.answered(pendings))

    def verdicts(self, pendings):
        return [self.check(pending.request, pending.result()) for pending in pendings]

    def held_up(self, connection, subscriber):
        """The queue is full from here on."""
        pendings = connection.send_together(self.requests(connection, subscriber, 2 * LIMIT))
        self.all_but_a_few_answered(pendings)
        return pendings

    def test_every_refusal_is_a_whole_answer(self):
        subscriber = self.subscriber()
        self.vector(subscriber)
        with self.store_held_up():
            pendings = self.scscf.send_together(self.requests(self.scscf, subscriber, MANY, proxies))
            self.all_but_a_few_answered(pendings)
        verdicts = self.verdicts(pendings)
        self.assertEqual(set(verdicts), {cx.SUCCESS, cx.TOO_BUSY})
        for pending in pendings:
            request, answer = pending.request, pending.result()
            self.assertEqual(answer.find_all(diameter.PROXY_INFO), request.find_all(diameter.PROXY_INFO))
            self.assertEqual(answer.text(diameter.USER_NAME), subscriber.impi)
        served = [cx.vectors(pending.result())[0] for pending in pendings if cx.vectors(pending.result())]
        self.assertEqual(len({subscriber.sqn(vector) for vector in served}), verdicts.count(cx.SUCCESS))
        self.assertLessEqual(len(served), LIMIT + 2 * BATCH)
        self.vector(subscriber)

    def test_refusals_are_counted_in_the_log(self):
        subscriber = self.subscriber()
        connection = self.peer(f"counted.{REALM}")
        self.vector(subscriber, at=connection)  # answered: the server has opened the peer, and may refuse what waits
        with self.store_held_up():
            pendings = connection.send_together(self.requests(connection, subscriber, MANY))
            self.all_but_a_few_answered(pendings)
        busy = self.verdicts(pendings).count(cx.TOO_BUSY)

        def told():
            log = self.server.log()
            alone = re.findall(rf"MAR counted\.{REALM} .* -> DIAMETER_TOO_BUSY", log)
            counts = re.findall(rf"(\d+) requests? of counted\.{REALM} \[[^]]*\] -> DIAMETER_TOO_BUSY", log)
            self.assertLess(len(alone) + len(counts), MANY // 4)
            return len(alone) + sum(map(int, counts))

        wait_until(lambda: told() == busy, 10, lambda: (told(), busy))

    def test_what_is_refused_for_other_reasons_is_told_so(self):
        subscriber = self.subscriber()
        connection = self.peer(f"mixed.{REALM}")
        elsewhere = Avp(diameter.DESTINATION_REALM, "other.example")
        watchdog = Message(
            diameter.DEVICE_WATCHDOG,
            flags=diameter.FLAG_REQUEST,
            avps=[Avp(diameter.ORIGIN_HOST, connection.host), Avp(diameter.ORIGIN_REALM, REALM)],
        )
        with self.store_held_up():
            first = self.held_up(connection, subscriber)
            good = self.requests(connection, subscriber, 60)
            stranded = good[0].replacing(elsewhere)
            *pendings, last = connection.send_together([*good[:30], stranded, *good[30:], watchdog])
            self.all_but_a_few_answered(pendings)
            self.assertEqual(last.result().find(diameter.RESULT_CODE).number, 2001)
        self.assertEqual(self.check(pendings[30].request, pendings[30].result()), (0, 3002))
        del pendings[30]
        self.assertLessEqual(set(self.verdicts(first + pendings)), {cx.SUCCESS, cx.TOO_BUSY})

    def test_a_request_that_comes_in_pieces(self):
        subscriber = self.subscriber()
        connection = self.peer(f"pieces.{REALM}")
        with self.store_held_up():
            first = self.held_up(connection, subscriber)
            send = connection._send_octets

            def in_pieces(octets):
                for at in (0, 2, 17, len(octets) // 2):
                    send(octets[at : {0: 2, 2: 17, 17: len(octets) // 2}.get(at, len(octets))])
                    time.sleep(0.03)

            connection._send_octets = in_pieces
            pendings = connection.send_together(self.requests(connection, subscriber, 41))
            connection._send_octets = send
            wait_until(lambda: self.answered(pendings) >= 20, 30, lambda: self.answered(pendings))
        self.assertLessEqual(set(self.verdicts(first + pendings)), {cx.SUCCESS, cx.TOO_BUSY})

    def test_a_broken_frame_ends_its_connection_alone(self):
        subscriber = self.subscriber()
        other = self.peer(f"other.{REALM}")
        broken = self.peer(f"broken.{REALM}")
        with self.store_held_up():
            first = self.held_up(other, subscriber)
            good = self.requests(broken, subscriber, 60)
            bad = good[0].plus(raw_avp(9999, b"abcd", length=100))
            pendings = broken.send_together([*good[:40], bad, *good[40:]])
            broken.wait_closed()
            pendings += other.send_together(self.requests(other, subscriber, 60))
            self.all_but_a_few_answered(pendings[-60:])
        self.assertLessEqual(set(self.verdicts(first + pendings[-60:])), {cx.SUCCESS, cx.TOO_BUSY})
        with self.assertRaises(ConnectionLost):
            pendings[40].result()

    def test_a_stranger_is_not_answered(self):
        subscriber = self.subscriber()
        with self.store_held_up():
            first = self.held_up(self.scscf, subscriber)
            octets = b"".join(request.encode() for request in self.requests(self.scscf, subscriber, 50))
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as stranger:
                stranger.sendall(octets)
                with contextlib.suppress(ConnectionResetError):
                    self.assertEqual(stranger.recv(65536), b"")
            with self.assertRaises(NotAdmitted):
                self.server.connect("stranger.example")
        self.verdicts(first)

    def test_who_floods_and_does_not_read_harms_nobody(self):
        subscriber = self.subscriber()
        self.vector(subscriber)
        flood = Reluctant(("127.0.0.1", self.server.port), f"flood.{REALM}", REALM)
        self.addCleanup(flood.abort)
        octets = b"".join(request.encode() for request in self.requests(flood, subscriber, 200))
        flood._socket.settimeout(2)
        with contextlib.suppress(OSError):
            for _ in range(300):
                flood._socket.sendall(octets)
                self.assertIn(self.check_one(subscriber), {cx.SUCCESS, cx.TOO_BUSY})
        self.vector(subscriber)
        flood.abort()
        self.vector(subscriber)

    def check_one(self, subscriber):
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        return self.check(request, self.scscf.request(request))

    def test_who_leaves_in_the_middle_harms_nobody(self):
        subscriber = self.subscriber()
        for _ in range(10):
            with self.store_held_up():
                # freeDiameter sends answers by the peer's name: what is on its way as the peer comes back reaches it.
                leaving = self.server.connect(f"leaving.{REALM}", discards_strays=True)
                leaving.send_together(self.requests(leaving, subscriber, 200))
                leaving.abort()
            self.assertIn(self.check_one(subscriber), {cx.SUCCESS, cx.TOO_BUSY})
        wait_until(lambda: self.check_one(subscriber) == cx.SUCCESS, 10, "served again")
