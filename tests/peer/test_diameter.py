# The peer's codec against octets written by hand, and its connection against a server of a few lines.
# SPDX-License-Identifier: MIT
import socket
import threading
import unittest

from tests.peer import connection, cx, diameter, kamailio
from tests.peer.diameter import Avp, DecodeError, Message, RawAvp


def octets(text):
    return bytes.fromhex(text)


# A Device-Watchdog-Request, octet for octet (RFC 6733 3, 4.1, 5.5.1).
DWR = octets(
    "01 000030  80 000118  00000000  00000007  00000009"
    "00000108  40 00000d  612e622e63 000000"  # Origin-Host "a.b.c", three octets of padding
    "00000128  40 00000b  622e63 00"  # Origin-Realm "b.c"
    .replace(" ", "")
)


class AvpTest(unittest.TestCase):
    def test_text_is_padded_to_four_octets(self):
        self.assertEqual(Avp(diameter.ORIGIN_HOST, "a.b.c").encode(), DWR[20:36])

    def test_vendor_goes_behind_the_length(self):
        avp = Avp(601, "sip:a", vendor=10415)
        self.assertEqual(avp.encode(), octets("00000259c0000011000028af7369703a61000000"))

    def test_numbers_are_four_octets(self):
        self.assertEqual(Avp(268, 2001).encode(), octets("0000010c4000000c000007d1"))
        self.assertEqual(Avp(1, -1).enumerated, -1)
        self.assertEqual(Avp(1, 0xFFFFFFFF).number, 0xFFFFFFFF)

    def test_grouped(self):
        group = Avp(297, [Avp(266, 10415), Avp(298, 5001)])
        self.assertEqual(
            group.encode(),
            octets("0000012940000020" "0000010a4000000c000028af" "0000012a4000000c00001389"),
        )
        self.assertEqual(group.find(298).number, 5001)
        self.assertEqual(len(group.members), 2)

    def test_empty(self):
        self.assertEqual(Avp(1).encode(), octets("0000000140000008"))
        self.assertEqual(diameter.decode_avps(octets("0000000140000008")), [Avp(1)])

    def test_flags(self):
        self.assertEqual(Avp(637, 1, 10415, mandatory=False).encode()[4], 0x80)
        self.assertEqual(Avp(637, 1, 10415).encode()[4], 0xC0)

    def test_decoding_keeps_what_was_encoded(self):
        avps = [Avp(1, bytes(range(n)), vendor=n % 2 * 10415) for n in range(9)]
        self.assertEqual(diameter.decode_avps(b"".join(avp.encode() for avp in avps)), avps)

    def test_malformed_octets_are_refused(self):
        cases = {
            "half a header": "00000001",
            "length less than the header": "0000000140000007",
            "length less than a vendor's header": "0000000180000008000028af",
            "length past the end": "000000014000000c",
            "padding missing": "000000014000000961",
            "padding not zero": "00000001400000096100000f",
            "reserved flag": "0000000141000008",
            "vendor zero": "0000000180 00000c 00000000",
        }
        for name, text in cases.items():
            with self.subTest(name), self.assertRaises(DecodeError):
                diameter.decode_avps(octets(text))

    def test_values_of_another_length_are_refused(self):
        for read in (lambda avp: avp.number, lambda avp: avp.enumerated):
            with self.assertRaises(DecodeError):
                read(Avp(1, b"abc"))
        with self.assertRaises(DecodeError):
            Avp(1, b"\xff").text


class MessageTest(unittest.TestCase):
    def test_reads_a_watchdog(self):
        message = Message.decode(DWR)
        self.assertTrue(message.is_request)
        self.assertFalse(message.is_error)
        self.assertEqual(message.code, diameter.DEVICE_WATCHDOG)
        self.assertEqual((message.application, message.hop_by_hop, message.end_to_end), (0, 7, 9))
        self.assertEqual([avp.text for avp in message.avps], ["a.b.c", "b.c"])
        self.assertEqual(message.encode(), DWR)

    def test_answer_keeps_the_identifiers(self):
        answer = Message(303, cx.CX, hop_by_hop=1, end_to_end=2).answer([Avp(268, 2001)])
        self.assertEqual(
            answer.encode(),
            octets("01000020" "4000012f" "01000000" "00000001" "00000002" "0000010c4000000c000007d1"),
        )

    def test_copies(self):
        message = Message(1, avps=[Avp(1, "a"), Avp(2, "b"), Avp(1, "c")])
        self.assertEqual([avp.code for avp in message.without(1).avps], [2])
        self.assertEqual([avp.text for avp in message.plus(Avp(3, "d")).avps], ["a", "b", "c", "d"])
        self.assertEqual([avp.text for avp in message.replacing(Avp(1, "x")).avps], ["x", "b"])
        with self.assertRaises(KeyError):
            message.replacing(Avp(9))

    def test_malformed_octets_are_refused(self):
        cases = {
            "no header": DWR[:19],
            "version": b"\2" + DWR[1:],
            "length": DWR + b"\0\0\0\0",
            "reserved flags": DWR[:4] + b"\x88" + DWR[5:],
            "length not of four": b"\1\0\0\x16" + DWR[4:20] + b"\0\0",
        }
        for name, text in cases.items():
            with self.subTest(name), self.assertRaises(DecodeError):
                Message.decode(text)

    def test_raw_octets_go_out_as_they_are(self):
        message = Message(1, avps=[RawAvp(b"\1\2\3\4")])
        self.assertEqual(message.encode()[20:], b"\1\2\3\4")


class FakeConnection:
    host = "scscf.b.c"
    realm = served_realm = "b.c"

    def new_session_id(self):
        return "scscf.b.c;1;2"


class CxTest(unittest.TestCase):
    def test_a_mar_octet_for_octet(self):
        mar = cx.mar(FakeConnection(), "i@b.c", "sip:i@b.c", "sip:s")
        self.assertEqual(
            mar.encode()[20:],
            octets(
                "00000107 40 000015 73637363662e622e633b313b32 000000"  # Session-Id
                "00000104 40 000020 0000010a4000000c000028af 000001024000000c01000000"  # VSAI
                "00000115 40 00000c 00000001"  # Auth-Session-State
                "00000108 40 000011 73637363662e622e63 000000"  # Origin-Host
                "00000128 40 00000b 622e63 00"  # Origin-Realm
                "0000011b 40 00000b 622e63 00"  # Destination-Realm
                "00000001 40 00000d 6940622e63 000000"  # User-Name
                "00000259 c0 000015 000028af 7369703a6940622e63 000000"  # Public-Identity
                "0000025f c0 000010 000028af 00000001"  # SIP-Number-Auth-Items
                "00000264 c0 000028 000028af"  # SIP-Auth-Data-Item with
                "00000260 c0 00001c 000028af 4469676573742d414b4176312d4d4435"  # its scheme
                "0000025a c0 000011 000028af 7369703a73 000000"  # Server-Name
            ),
        )

    def test_results(self):
        self.assertEqual(cx.result(Message(1, avps=[Avp(268, 5012)])), cx.UNABLE_TO_COMPLY)
        experimental = Avp(297, [Avp(266, 10415), Avp(298, 5001)])
        self.assertEqual(cx.result(Message(1, avps=[experimental])), cx.USER_UNKNOWN)
        for avps in ([], [Avp(268, 2001), experimental], [Avp(268, 2001), Avp(268, 2001)]):
            with self.assertRaises(DecodeError):
                cx.result(Message(1, avps=avps))

    def test_names(self):
        self.assertEqual(cx.name_of(cx.USER_UNKNOWN), "DIAMETER_ERROR_USER_UNKNOWN (3GPP 5001)")
        self.assertEqual(cx.name_of((0, 5001)), "DIAMETER_AVP_UNSUPPORTED (base 5001)")

    def test_vectors(self):
        item = cx.avp(
            cx.SIP_AUTH_DATA_ITEM,
            [
                cx.avp(cx.SIP_ITEM_NUMBER, 1),
                cx.avp(cx.SIP_AUTHENTICATION_SCHEME, cx.AKA_V1_MD5),
                cx.avp(cx.SIP_AUTHENTICATE, bytes(range(32))),
                cx.avp(cx.SIP_AUTHORIZATION, b"12345678"),
                cx.avp(cx.CONFIDENTIALITY_KEY, b"c" * 16),
                cx.avp(cx.INTEGRITY_KEY, b"i" * 16),
            ],
        )
        (vector,) = cx.vectors(Message(303, avps=[item]))
        self.assertEqual(vector.rand + vector.autn, bytes(range(32)))
        self.assertEqual((vector.xres, vector.ck, vector.ik), (b"12345678", b"c" * 16, b"i" * 16))

    def test_kamailio_puts_its_call_id_before_destination_realm(self):
        sar = kamailio.sar(FakeConnection(), "i@b.c", "sip:i@b.c", "sip:s", cx.REGISTRATION)
        keys = [avp.key for avp in sar.avps]
        self.assertEqual(keys[3:5], [(494, 50), (diameter.DESTINATION_REALM, 0)])
        self.assertEqual(sar.avps[3].flags, diameter.AVP_VENDOR)


class FakeServer:
    """Accepts one connection and hands every message that it reads to `serve`, which writes octets back."""

    def __init__(self, serve):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self._serve = serve
        self.received = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        client, _ = self._listener.accept()
        with client, client.makefile("rb") as stream:
            while head := stream.read(4):
                message = Message.decode(head + stream.read(int.from_bytes(head[1:], "big") - 4))
                self.received.append(message)
                if self._serve(client, message) is False:
                    return

    def close(self):
        self._listener.close()
        self._thread.join(5)
        assert not self._thread.is_alive()


def success(message):
    return message.answer([Avp(268, 2001)]).encode()


class ConnectionTest(unittest.TestCase):
    def serve(self, serve):
        server = FakeServer(serve)
        self.addCleanup(server.close)
        return server

    def test_answers_come_back_to_their_requests_in_any_order(self):
        waiting = []

        def serve(client, message):
            if message.code != 303:
                client.sendall(success(message))
                return
            waiting.append(message)
            if len(waiting) == 5:
                for one in reversed(waiting):
                    client.sendall(one.answer([Avp(268, 2001), one.find(diameter.SESSION_ID)]).encode())

        server = self.serve(serve)
        with connection.Connection(server.address, "a.b.c", "b.c") as peer:
            sent = [peer.send(cx.base(peer, 303, [])) for _ in range(5)]
            for pending in sent:
                answer = pending.result(10)
                self.assertEqual(answer.text(diameter.SESSION_ID), pending.request.text(diameter.SESSION_ID))
            self.assertEqual(len({pending.request.hop_by_hop for pending in sent}), 5)
        self.assertEqual(server.received[-1].code, diameter.DISCONNECT_PEER)

    def test_watchdogs_are_answered(self):
        answered = threading.Event()

        def serve(client, message):
            if message.is_request:
                client.sendall(success(message))
                if message.code == diameter.CAPABILITIES_EXCHANGE:
                    client.sendall(DWR)
            elif message.code == diameter.DEVICE_WATCHDOG:
                self.assertEqual((message.hop_by_hop, message.end_to_end, message.flags), (7, 9, 0))
                self.assertEqual(message.find(268).number, 2001)
                answered.set()

        server = self.serve(serve)
        with connection.Connection(server.address, "a.b.c", "b.c") as peer:
            self.assertTrue(answered.wait(10))
            self.assertEqual(peer.watchdogs, 1)

    def test_a_refused_peer_is_told(self):
        def serve(client, message):
            client.sendall(message.answer([Avp(268, 3010), Avp(281, "no", mandatory=False)]).encode())

        server = self.serve(serve)
        with self.assertRaises(connection.NotAdmitted) as caught:
            connection.Connection(server.address, "a.b.c", "b.c")
        self.assertEqual(caught.exception.result, 3010)

    def test_a_silent_server_is_a_timeout(self):
        server = self.serve(lambda client, message: message.code == 303 or client.sendall(success(message)))
        with connection.Connection(server.address, "a.b.c", "b.c") as peer:
            with self.assertRaises(TimeoutError):
                peer.request(cx.base(peer, 303, []), timeout=0.05)

    def test_requests_in_flight_fail_when_the_server_goes(self):
        def serve(client, message):
            if message.code == 303:
                return False
            client.sendall(success(message))

        server = self.serve(serve)
        peer = connection.Connection(server.address, "a.b.c", "b.c")
        self.addCleanup(peer.abort)
        with self.assertRaises(connection.ConnectionLost):
            peer.request(cx.base(peer, 303, []))
        peer.wait_closed()
        with self.assertRaises(connection.ConnectionLost):
            peer.send(cx.base(peer, 303, []))

    def test_what_is_no_diameter_ends_the_connection(self):
        def serve(client, message):
            client.sendall(success(message) if message.code != 303 else b"\2\0\0\x14" + bytes(16))

        server = self.serve(serve)
        peer = connection.Connection(server.address, "a.b.c", "b.c")
        self.addCleanup(peer.abort)
        with self.assertRaisesRegex(connection.ConnectionLost, "version 2"):
            peer.request(cx.base(peer, 303, []))

    def test_the_servers_requests_reach_the_handler(self):
        answers = []

        def serve(client, message):
            if not message.is_request:
                answers.append(message)
                return
            client.sendall(success(message))
            if message.code == diameter.CAPABILITIES_EXCHANGE:
                client.sendall(Message(304, cx.CX, hop_by_hop=3, end_to_end=4).encode())

        server = self.serve(serve)
        seen = []
        with connection.Connection(
            server.address, "a.b.c", "b.c", handler=lambda request: seen.append(request) or request.answer([Avp(268, 2001)])
        ):
            pass
        server.close()
        self.assertEqual([message.code for message in seen], [304])
        self.assertEqual([(message.code, message.hop_by_hop) for message in answers], [(304, 3)])


if __name__ == "__main__":
    unittest.main()
