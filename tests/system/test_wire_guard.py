# The frames that end freeDiameter, each from a peer of its own: as a request, in the capabilities exchange before anybody
# is admitted, and with the sender gone at once. The sender is cut off, or gets its answer; everybody else is served on, by
# the same process over the same connections.
# SPDX-License-Identifier: MIT
import itertools
import re
import socket
import struct
import threading

from tests.peer import cx, diameter
from tests.peer.connection import VENDOR_3GPP, ConnectionLost, NotAdmitted, Pending
from tests.peer.diameter import Avp, Message
from tests.peer.mutations import raw_avp
from tests.peer.server import ICSCF, REALM, SCSCF, SCSCF_2, wait_until
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest

NUL = Avp(diameter.SESSION_ID, b"a\0b")
PROXY = [Avp(diameter.PROXY_HOST, "proxy." + REALM), Avp(diameter.PROXY_STATE, "state")]
ELSEWHERE = Avp(diameter.DESTINATION_HOST, "another." + REALM)
TIMES = 20


def application(*more):
    return Avp(
        diameter.VENDOR_SPECIFIC_APPLICATION_ID,
        [Avp(diameter.VENDOR_ID, VENDOR_3GPP), Avp(diameter.AUTH_APPLICATION_ID, cx.CX), *more],
    )


def proxied(member):
    return Avp(diameter.PROXY_INFO, [*PROXY, member])


def swallowing(message):
    """Its Session-Id has a length that takes in the AVP behind it."""
    rest = message.without(diameter.SESSION_ID).avps
    avps = [raw_avp(diameter.SESSION_ID, b"abcd", length=12 + len(rest[0].encode())), *rest]
    return Message(message.code, message.application, message.flags, avps)


# Changes of a good request, and what the log says of the sender.
REFUSED = {
    "Session-Id with NUL": (lambda m: m.replacing(NUL), "Session-Id holds a NUL"),
    "a second one with NUL": (lambda m: m.plus(NUL), "Session-Id holds a NUL"),
    "empty Session-Id": (lambda m: m.replacing(Avp(diameter.SESSION_ID, b"")), "Session-Id is empty"),
    "Session-Id too long": (swallowing, "Session-Id holds a NUL"),
    "Session-Id of vendor 0": (lambda m: m.plus(raw_avp(diameter.SESSION_ID, b"abcd", 0x80)), "vendor 0"),
    "Proxy-Info of garbage": (lambda m: m.plus(Avp(diameter.PROXY_INFO, b"abc")), "Proxy-Info holds no AVPs"),
    "the same without a realm": (
        lambda m: m.without(diameter.DESTINATION_REALM).plus(Avp(diameter.PROXY_INFO, b"abc")),
        "Proxy-Info holds no AVPs",
    ),
    "the same for elsewhere": (
        lambda m: m.plus(ELSEWHERE, Avp(diameter.PROXY_INFO, bytes(8))),
        "Proxy-Info holds no AVPs",
    ),
    "Proxy-Info of vendor 0": (lambda m: m.plus(raw_avp(diameter.PROXY_INFO, b"", 0x80)), "vendor 0"),
    "an AVP of length 0": (lambda m: m.plus(raw_avp(9999, b"abcd", length=0)), "less than its header"),
    "an AVP beyond the end": (lambda m: m.plus(raw_avp(9999, b"abcd", length=100)), "beyond the end"),
}

# Changes of a good CER.
REFUSED_CAPABILITIES = {
    "an unknown AVP in an application": [application(Avp(9999, b"abcd", mandatory=False))],
    "a group in an application": [application(Avp(diameter.PROXY_INFO, PROXY))],
    "a vendor's AVP in an application": [application(cx.avp(cx.PUBLIC_IDENTITY, "x", mandatory=False))],
    "an application of three octets": [application(Avp(diameter.ACCT_APPLICATION_ID, b"abc"))],
    "an application of garbage": [Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, b"abc")],
    "Session-Id with NUL": [NUL],
    "Session-Id of vendor 0": [raw_avp(diameter.SESSION_ID, b"abcd", 0x80)],
    "Proxy-Info of garbage": [Avp(diameter.PROXY_INFO, b"abc")],
    "an AVP of length 0": [raw_avp(9999, b"abcd", length=0)],
}

# What freeDiameter's routing refuses: the change, and the Result-Code.
ANSWERED = {
    "no Destination-Realm": (lambda m: m.without(diameter.DESTINATION_REALM), 3001),
    "a bare header": (lambda m: Message(m.code, m.application, m.flags), 3001),
    "R and E": (lambda m: Message(m.code, m.application, m.flags | diameter.FLAG_ERROR, m.avps), 3008),
    "another host": (lambda m: m.plus(ELSEWHERE), 3002),
    "another realm": (lambda m: m.replacing(Avp(diameter.DESTINATION_REALM, "other.example")), 3002),
    "a loop": (lambda m: m.plus(Avp(diameter.ROUTE_RECORD, "hss." + REALM)), 3005),
    "an unknown application": (lambda m: Message(m.code, 99, m.flags, m.avps), 3007),
    "application 0": (lambda m: Message(m.code, 0, m.flags, m.avps), 3007),
    "an odd member of Proxy-Info": (lambda m: m.plus(ELSEWHERE, proxied(Avp(diameter.RESULT_CODE, b"abc"))), 3002),
    "an empty member of Proxy-Info": (lambda m: m.plus(ELSEWHERE, proxied(Avp(60000, b"", mandatory=False))), 3002),
}


class WireGuardTest(HssTest):
    peers = (ICSCF, SCSCF, SCSCF_2, f"*.{REALM}")
    names = itertools.count(1)

    def setUp(self):
        self.subject = self.subscriber()
        self.innocent = self.icscf, self.scscf
        self.pid = self.server.process.pid
        self.assert_serves()

    def assert_serves(self):
        self.assertTrue(self.server.running, "the server ended")
        self.assertEqual(self.server.process.pid, self.pid)
        self.assert_accepted(self.subject, self.vector(self.subject))
        self.assertEqual((self.icscf, self.scscf), self.innocent)

    def host(self):
        return f"culprit{next(self.names)}.{REALM}"

    def culprit(self):
        return self.server.connect(self.host())

    def request(self, connection):
        return cx.mar(connection, self.subject.impi, self.subject.sip, SERVER_NAME)

    def capabilities(self, host):
        """As tests.peer.connection makes them."""
        return [Avp(diameter.ORIGIN_HOST, host), *self.icscf.capabilities()[1:]]

    def frame_line(self, peer, address, reason):
        """A refusal's line, or the count of those left out: one a second is written of each address."""
        sender = rf"{re.escape(peer)} \[{re.escape(address)}\]"
        self.server.wait_log(rf"warning frame from {sender} refused: [^\n]*({reason})")

    # ---- refused ----

    def test_a_request_that_would_end_it_ends_its_connection(self):
        for name, (change, reason) in REFUSED.items():
            with self.subTest(name):
                connection = self.culprit()
                address = f"127.0.0.1:{connection.local[1]}"
                with self.assertRaises(ConnectionLost):
                    connection.request(change(self.request(connection)))
                connection.abort()
                self.frame_line(connection.host, address, reason)
                self.assert_serves()

    def test_capabilities_that_would_end_it_are_refused_before_anybody_is_admitted(self):
        for name, more in REFUSED_CAPABILITIES.items():
            with self.subTest(name):
                host = self.host()
                with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as stranger:
                    port = stranger.getsockname()[1]
                    avps = [*self.capabilities(host), *more]
                    cer = Message(diameter.CAPABILITIES_EXCHANGE, 0, diameter.FLAG_REQUEST, avps, 1, 1)
                    stranger.sendall(cer.encode())
                    self.assertEqual(stranger.recv(4096), b"", "it was answered")
                self.frame_line("a peer without a name", f"127.0.0.1:{port}", "")
                self.assert_serves()
                with self.server.connect(host):  # with good ones it may come
                    pass

    def test_a_frame_instead_of_capabilities(self):
        for name, (change, _) in REFUSED.items():
            with self.subTest(name):
                with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as stranger:
                    stranger.sendall(change(self.request(self.icscf)).encode())
                    self.assertEqual(stranger.recv(4096), b"")
                self.assert_serves()

    def test_repeated_frames_do_not_fill_the_log(self):
        count = 60
        before = self.lines_of_frames()
        for _ in range(count):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as stranger:
                stranger.sendall(self.request(self.icscf).replacing(NUL).encode())
                self.assertEqual(stranger.recv(4096), b"")

        def told():
            lines = self.lines_of_frames()[len(before) :]
            more = sum(int(found) for line in lines for found in re.findall(r"\((?:and )?(\d+) more", line))
            return len(lines) if len(lines) + more >= count else None

        # How many lines that are is the clock's to say; every frame is in one or in a count.
        lines = wait_until(told, 30, "not every frame was told or counted")
        self.assertLess(lines, count)
        self.assert_serves()

    def lines_of_frames(self):
        return re.findall(r"^.* frame from .* refused: .*$", self.server.log(), re.MULTILINE)

    # ---- answered ----

    def test_what_routing_refuses_is_answered(self):
        for name, (change, result) in ANSWERED.items():
            with self.subTest(name), self.culprit() as connection:
                request = change(self.request(connection))
                answer = connection.request(request)
                self.assertEqual(answer.find(diameter.RESULT_CODE).number, result)
                self.assertTrue(answer.is_error)
                self.assertEqual(answer.text(diameter.SESSION_ID), request.text(diameter.SESSION_ID))
                # And over the same connection it goes on.
                good = self.request(connection)
                self.assertEqual(self.check(good, connection.request(good)), cx.SUCCESS)
        self.assert_serves()

    def test_who_hangs_up_after_it_does_no_harm(self):
        for name, (change, _) in ANSWERED.items():
            with self.subTest(name):
                for _ in range(TIMES):
                    connection = self.culprit()
                    connection.send(change(self.request(connection)))
                    connection.abort()
                self.assert_serves()

    def test_who_hangs_up_with_many_on_the_way_does_no_harm(self):
        changes = [change for change, _ in ANSWERED.values()]
        for _ in range(TIMES):
            connection = self.culprit()
            octets = b"".join(change(self.request(connection)).encode() for change in changes * 5)
            connection.send_octets(octets)
            connection.abort()
        self.assert_serves()

    def test_odd_groups_in_a_request_get_an_answer(self):
        for group in (
            Avp(diameter.PROXY_INFO, b""),
            Avp(diameter.PROXY_INFO, PROXY[:1]),
            application(Avp(9999, b"abcd")),
            Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, b"abc"),
            Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, [Avp(diameter.VENDOR_ID, b"")]),
        ):
            with self.subTest(str(group)), self.culprit() as connection:
                request = self.request(connection).without(group.code).plus(group)
                self.assertIsNotNone(connection.request(request))
        self.assert_serves()

    def test_a_proxy_may_add_what_it_likes(self):
        with self.culprit() as connection:
            info = Avp(diameter.PROXY_INFO, [*PROXY, Avp(9999, b"its own", mandatory=False)])
            answer = connection.request(self.request(connection).plus(info))
            self.assertEqual(answer.find(diameter.RESULT_CODE).number, 2001)
            self.assertEqual(answer.find(diameter.PROXY_INFO).data, info.data)

    # ---- decorated names, bad answers, silence ----

    def test_a_flood_of_decorated_user_names_is_answered(self):
        connection = self.culprit()
        name = f"{REALM}!{self.subject.imsi}@other.example"
        pending = []
        octets = b""
        for number in range(2000):  # the queue in which they would lock it takes 20
            request = cx.uar(connection, name, self.subject.sip)
            request.hop_by_hop, request.end_to_end = 0x01000000 + number, number
            pending.append(Pending(request))
            connection._pending[request.hop_by_hop] = pending[-1]
            octets += request.encode()
        connection.send_octets(octets)
        for one in pending:
            self.assertEqual(self.check(one.request, one.result()), cx.USER_UNKNOWN)
        connection.close()
        self.assert_serves()

    def test_answers_to_a_watchdog_that_it_cannot_read(self):
        success = Avp(diameter.RESULT_CODE, 2001)
        origin = [Avp(diameter.ORIGIN_HOST, "x." + REALM), Avp(diameter.ORIGIN_REALM, REALM)]
        for avps in (
            [Avp(diameter.RESULT_CODE, 5012)],
            [Avp(9999, b"abcd"), success, *origin],
            [Avp(diameter.ORIGIN_STATE_ID, b"abc"), success, *origin],
            [Avp(diameter.RESULT_CODE, b"abc"), *origin],
            [Avp(diameter.RESULT_CODE, b""), success],
            [],
        ):
            with self.subTest(str(avps)):
                host = self.host()
                self.server.connect(host).abort()  # without a farewell: it is asked for a sign of life
                back, asked = wait_until(lambda: self.back_again(host), 30, "it is not asked")
                with back:
                    answer = asked.answer(avps)
                    if len(avps) == 1:  # of a command that nobody knows, and for routing to see
                        answer.code, answer.flags = 399, diameter.FLAG_PROXIABLE
                    back.sendall(answer.encode())
                    back.shutdown(socket.SHUT_WR)
                    while back.recv(4096):
                        pass
                self.assert_serves()

    def back_again(self, host):
        """A connection and the watchdog request that came over it; None when the server has not yet seen the end of the
        one before, and turns this one away."""
        back = socket.create_connection(("127.0.0.1", self.server.port), timeout=30)
        cer = Message(diameter.CAPABILITIES_EXCHANGE, 0, diameter.FLAG_REQUEST, self.capabilities(host), 1, 1)
        try:
            back.sendall(cer.encode())
            return back, self.read_request(back, diameter.DEVICE_WATCHDOG)
        except (ConnectionLost, ConnectionResetError):
            back.close()
            return None

    @staticmethod
    def messages(connection):
        """What comes, one after the other."""
        octets = b""
        while True:
            while len(octets) < 4 or len(octets) < int.from_bytes(octets[1:4], "big"):
                part = connection.recv(4096)
                if not part:
                    raise ConnectionLost("closed by the server")
                octets += part
            length = int.from_bytes(octets[1:4], "big")
            yield Message.decode(octets[:length])
            octets = octets[length:]

    def read_request(self, connection, code):
        """The next request of that command; what comes before it is passed over."""
        return next(one for one in self.messages(connection) if one.is_request and one.code == code)

    def test_a_request_before_the_watchdogs_of_a_peer_that_is_back(self):
        host = self.host()
        alive = [Avp(diameter.RESULT_CODE, 2001), Avp(diameter.ORIGIN_HOST, host), Avp(diameter.ORIGIN_REALM, REALM)]
        gone = self.server.connect(host)
        gone.abort()
        back, asked = wait_until(lambda: self.back_again(host), 30, "it is not asked")
        request = cx.lir(gone, self.subject.sip)
        request.hop_by_hop, request.end_to_end = 7, 7
        with back:
            back.sendall(request.encode())
            self.server.wait_log(f"LIR {re.escape(host)} .* -> DIAMETER_")  # answered, but not yet to be had
            back.sendall(asked.answer(alive).encode())
            messages = self.messages(back)
            while (message := next(messages)).is_request:
                back.sendall(message.answer(alive).encode())
        self.assertEqual((message.hop_by_hop, message.end_to_end), (7, 7))
        self.check(request, message)

    def test_answers_to_a_push_that_it_cannot_read(self):
        odd = (
            [NUL],
            [Avp(9999, b"abcd"), Avp(diameter.RESULT_CODE, 2001)],
            [Avp(diameter.RESULT_CODE, b"abc")],
            [Avp(diameter.RESULT_CODE, 5012), Avp(9999, b"abcd")],
            [raw_avp(diameter.SESSION_ID, b"abcd", 0x80)],
        )
        for avps in odd:
            with self.subTest(str(avps)):
                subscriber = self.subscriber()
                asked = []

                def answer(request, avps=avps):
                    asked.append(request.code)
                    return request.answer(avps)

                self.scscf_2.handler = answer
                self.register(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
                self.server.hssctl("deregister", subscriber.impi)
                wait_until(lambda: asked, 30, "no RTR came")
                self.assertEqual(asked[0], cx.REGISTRATION_TERMINATION)
                self.assert_serves()

    def test_many_of_one_name_at_once(self):
        stranger = "stranger.example"
        capabilities = self.capabilities(stranger)
        outcomes = []

        def knock():
            for _ in range(50):
                try:
                    self.server.connect(stranger, capabilities=capabilities).close()
                    outcomes.append("admitted")
                except (NotAdmitted, ConnectionLost):
                    outcomes.append("refused")

        threads = [threading.Thread(target=knock) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(outcomes, ["refused"] * 200)
        self.assert_serves()

    def test_a_second_connection_of_a_name_is_turned_away(self):
        with self.culprit() as first:
            with self.assertRaises((NotAdmitted, ConnectionLost)):
                self.server.connect(first.host)
            self.server.wait_log(rf"warning peer {re.escape(first.host)} refused: it is connected already")
            request = self.request(first)
            self.assertEqual(self.check(request, first.request(request)), cx.SUCCESS)
        with self.server.connect(first.host):  # and is welcome when the first has left
            pass
        self.assert_serves()

    def test_connections_that_say_nothing_keep_nobody_out(self):
        silent = [socket.create_connection(("127.0.0.1", self.server.port), timeout=30) for _ in range(60)]
        self.addCleanup(lambda: [one.close() for one in silent])
        for one in silent[::3]:
            one.sendall(struct.pack("!I", 0x01000100))  # a header's beginning is no message either
        with self.culprit() as connection:
            self.assertEqual(connection.request(self.request(connection)).find(diameter.RESULT_CODE).number, 2001)
        self.assert_serves()
        for one in silent:
            self.assertEqual(one.recv(1), b"")  # each is closed in the end
        self.server.wait_log(r"warning connection from 127\.0\.0\.1:\d+ closed: it has not said who it is")
        self.assert_serves()


if __name__ == "__main__":
    import unittest

    unittest.main()
