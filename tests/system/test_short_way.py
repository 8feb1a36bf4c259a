# Many requests that come at once: those behind the first are taken out of the socket by us instead of freeDiameter, and
# each gets the answer that it gets alone.
# SPDX-License-Identifier: MIT
import re
import time

from tests.peer import cx, diameter
from tests.peer.connection import CX, VENDOR_3GPP, ConnectionLost
from tests.peer.diameter import Avp, Message
from tests.peer.mutations import raw_avp
from tests.peer.server import HOST, REALM, wait_until
from tests.system.support import SERVER_NAME, HssTest

MANY = 200


class ShortWayTest(HssTest):
    peers = (f"*.{REALM}",)
    more_settings = {"log": {"level": '"debug"'}}

    def setUp(self):
        self.victim = self.subscriber()

    def mar(self, connection, *more):
        return cx.mar(connection, self.victim.impi, self.victim.sip, SERVER_NAME).plus(*more)

    def watchdog(self, connection):
        return Message(
            diameter.DEVICE_WATCHDOG,
            flags=diameter.FLAG_REQUEST,
            avps=[Avp(diameter.ORIGIN_HOST, connection.host), Avp(diameter.ORIGIN_REALM, REALM)],
        )

    def taken(self, connection):
        """How many of a connection's requests went the short way, by the log."""
        found = re.findall(rf"(\d+) requests? of {re.escape(connection.host)} went the short way", self.server.log())
        return sum(map(int, found))

    def test_each_gets_its_own_answer(self):
        connection = self.peer(f"many.{REALM}")
        connection.request(self.mar(connection))  # answered: the server has opened the peer, so that it may look
        requests = [
            self.mar(
                connection,
                Avp(diameter.PROXY_INFO, [Avp(diameter.PROXY_HOST, f"agent.{REALM}"), Avp(diameter.PROXY_STATE, f"{n}")]),
            )
            for n in range(MANY)
        ]
        pendings = connection.send_together(requests)
        sequence_numbers = set()
        for pending in pendings:
            answer = pending.result()
            self.assertEqual(self.check(pending.request, answer), cx.SUCCESS)
            self.assertEqual(answer.find_all(diameter.PROXY_INFO), pending.request.find_all(diameter.PROXY_INFO))
            sequence_numbers.update(self.victim.sqn(vector) for vector in cx.vectors(answer))
        self.assertEqual(len(sequence_numbers), MANY)
        wait_until(lambda: self.taken(connection) >= MANY // 2, 10, lambda: self.taken(connection))

    def test_each_has_its_line_in_the_log(self):
        connection = self.peer(f"logged.{REALM}")
        for pending in connection.send_together([self.mar(connection) for _ in range(MANY)]):
            pending.result()
        line = rf"MAR logged\.{re.escape(REALM)} \[127\.0\.0\.1:\d+\] .*DIAMETER_SUCCESS"
        wait_until(lambda: len(re.findall(line, self.server.log())) == MANY, 10, "a line for each")

    def test_refused_as_if_it_came_alone(self):
        connection = self.peer(f"refused.{REALM}")
        good = self.mar(connection)
        odd = [
            self.mar(connection).without(cx.SERVER_NAME, VENDOR_3GPP),
            self.mar(connection).replacing(Avp(diameter.USER_NAME, f"nobody@{REALM}")),
            self.mar(connection).replacing(Avp(diameter.DESTINATION_REALM, "other.example")),
            self.mar(connection).without(diameter.DESTINATION_REALM),
            self.mar(connection, Avp(diameter.DESTINATION_HOST, "other.example")),
            self.mar(connection, Avp(diameter.ROUTE_RECORD, HOST)),
            self.mar(connection, raw_avp(9999, b"abcd")),
            self.mar(connection, Avp(diameter.ORIGIN_HOST, f"second.{REALM}")),
            self.mar(connection).without(cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP)
            .plus(raw_avp(cx.SIP_NUMBER_AUTH_ITEMS, b"\1", 0xC0, VENDOR_3GPP)),
            Message(399, CX, diameter.FLAG_REQUEST | diameter.FLAG_PROXIABLE, good.avps),
        ]
        alone = [self.outcome(connection.request(request)) for request in odd]
        self.assertGreater(len(set(alone)), 4, alone)
        together = []
        for request in odd:
            together += [good, good, request]
        pendings = connection.send_together([*together, *(good for _ in range(MANY))])
        outcomes = [self.outcome(pending.result()) for pending in pendings]
        self.assertEqual(outcomes[2 : len(together) : 3], alone)
        del outcomes[2 : len(together) : 3]
        self.assertEqual(set(outcomes), {self.outcome(connection.request(good))})

    def outcome(self, answer):
        """Result, flags, and what Failed-AVP holds."""
        code = answer.find(diameter.RESULT_CODE)
        if code is None:
            code = answer.find(diameter.EXPERIMENTAL_RESULT).find(diameter.EXPERIMENTAL_RESULT_CODE)
        failed = answer.find(diameter.FAILED_AVP)
        return code.number, answer.flags, failed and tuple(avp.key for avp in failed.members)

    def test_between_messages_of_other_kinds(self):
        connection = self.peer(f"between.{REALM}")
        requests = []
        for _ in range(20):
            requests += [self.mar(connection) for _ in range(7)] + [self.watchdog(connection)]
        pendings = connection.send_together(requests)
        for pending in pendings:
            self.assertEqual(pending.result().find(diameter.RESULT_CODE).number, 2001)

    def test_in_pieces(self):
        connection = self.peer(f"pieces.{REALM}")
        send = connection._send_octets

        def in_pieces(octets):
            at = 0
            for size in (3, 500, 1, 4000, 19, 21, 7000):
                send(octets[at : at + size])
                at += size
                time.sleep(0.02)
            send(octets[at:])

        connection._send_octets = in_pieces
        pendings = connection.send_together([self.mar(connection) for _ in range(MANY)])
        connection._send_octets = send
        for pending in pendings:
            self.assertEqual(self.check(pending.request, pending.result()), cx.SUCCESS)

    def test_more_than_one_look_shows(self):
        connection = self.peer(f"long.{REALM}")
        filling = raw_avp(9998, b"x" * 3000, flags=0)
        pendings = connection.send_together([self.mar(connection, filling) for _ in range(100)])
        for pending in pendings:
            self.assertEqual(self.check(pending.request, pending.result()), cx.SUCCESS)

    def test_what_is_no_message_ends_its_connection_alone(self):
        connection = self.peer(f"broken.{REALM}")
        other = self.peer(f"whole.{REALM}")
        bad = self.mar(connection, raw_avp(9999, b"abcd", length=100))
        pendings = connection.send_together([*(self.mar(connection) for _ in range(50)), bad, self.mar(connection)])
        with self.assertRaises(ConnectionLost):
            pendings[-1].result()
        connection.wait_closed()
        for pending in other.send_together([self.mar(other) for _ in range(MANY)]):
            self.assertEqual(self.check(pending.request, pending.result()), cx.SUCCESS)

    def test_who_has_gone_harms_nobody(self):
        for number in range(5):  # as many as may wait at once, together with those of the one who stays
            leaving = self.server.connect(f"leaving{number}.{REALM}")
            leaving.send_together([self.mar(leaving) for _ in range(MANY)])
            leaving.abort()
        staying = self.peer(f"staying.{REALM}")
        for pending in staying.send_together([self.mar(staying) for _ in range(MANY)]):
            self.assertEqual(self.check(pending.request, pending.result()), cx.SUCCESS)

    def test_a_peer_that_comes_back_is_answered(self):
        for _ in range(5):
            connection = self.server.connect(f"again.{REALM}")
            for pending in connection.send_together([self.mar(connection) for _ in range(MANY)]):
                self.assertEqual(self.check(pending.request, pending.result()), cx.SUCCESS)
            connection.close()
