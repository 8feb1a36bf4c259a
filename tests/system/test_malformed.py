# Requests that no CSCF should send: each gets an answer or loses its connection, and the server serves on.
# SPDX-License-Identifier: MIT
import itertools
import struct
import unittest

from tests.peer import cx, diameter
from tests.peer.connection import VENDOR_3GPP, ConnectionLost, NotAdmitted
from tests.peer.diameter import Avp, Message, RawAvp
from tests.peer.server import ICSCF, REALM, SCSCF
from tests.system.support import SERVER_NAME, HssTest


class MalformedTest(HssTest):
    peers = (ICSCF, SCSCF, f"*.{REALM}")
    names = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.culprit = None
        cls.addClassCleanup(cls.dismiss)

    @classmethod
    def dismiss(cls):
        """Whoever sent the last malformed octets is gone; the next one has another name."""
        if cls.culprit is not None:
            cls.culprit.abort()
        cls.culprit = None

    def setUp(self):
        if not self.server.running:  # the test before has failed for it; this one tells more than "connection refused"
            self.disconnect()
            self.dismiss()
            self.server.start()
        self.victim = self.subscriber()
        # An innocent peer, connected all the time.
        self.assert_first_registration(self.victim)

    def sender(self):
        cls = type(self)
        if cls.culprit is None or not cls.culprit.is_open:
            self.dismiss()
            cls.culprit = self.server.connect(f"culprit{next(cls.names)}.{REALM}")
        return cls.culprit

    def whole(self):
        return cx.mar(self.sender(), self.victim.impi, self.victim.sip, SERVER_NAME)

    def send(self, message):
        """The answer, or None when the server closed the connection instead."""
        try:
            return self.sender().request(message)
        except ConnectionLost:
            self.dismiss()
            return None

    def assert_serves(self):
        """The innocent are served, and on the connections that they have had all the time."""
        innocent = self.icscf, self.scscf
        self.assert_first_registration(self.subscriber())
        subscriber = self.subscriber()
        self.assert_accepted(subscriber, self.vector(subscriber))
        self.assertEqual(innocent, (self.icscf, self.scscf))

    def test_mars_of_odd_content_are_answered(self):
        item = cx.auth_data_item
        odd = [item(authorization=bytes(length)) for length in (0, 1, 14, 16, 29, 30, 31, 32, 46, 4000)]
        odd += [cx.avp(cx.SIP_NUMBER_AUTH_ITEMS, count) for count in (0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)]
        odd += [cx.avp(cx.SIP_AUTH_DATA_ITEM, b"")]
        odd += [item(scheme) for scheme in (b"", b"\0", b"\xff" * 40, b"Digest-AKAv1-MD5\0", b"%s%n" * 200)]
        odd += [cx.avp(cx.PUBLIC_IDENTITY, text) for text in (b"\0", b"sip:" + b"a" * 60000, b"sip:a@b\n1")]
        odd += [cx.avp(cx.SERVER_NAME, text) for text in (b"\0", b"sip:" + b"s" * 60000)]
        odd += [Avp(diameter.USER_NAME, text) for text in (b"\0", b"'; DROP TABLE subscription; --", b"@", b"!")]
        for avp in odd:
            with self.subTest(str(avp)):
                request = self.whole().replacing(avp)
                answer = self.send(request)
                self.assertIsNotNone(answer, "the connection was closed")
                self.check(request, answer)
        self.assert_serves()
        before = self.victim.sqn(self.vector(self.victim))[0]
        self.assertEqual(self.victim.sqn(self.vector(self.victim))[0], before + 1)

    def test_avps_of_a_wrong_length(self):
        for length in (0, 7, 11, 13, 0xFFFFFF):
            header = struct.pack("!II", cx.PUBLIC_IDENTITY, (0xC0 << 24) | length)
            with self.subTest(length):
                self.send(self.whole().without(cx.PUBLIC_IDENTITY, VENDOR_3GPP).plus(
                    RawAvp(header + struct.pack("!I", VENDOR_3GPP) + b"sip:")
                ))
                self.assert_serves()

    def test_an_application_of_something_else(self):
        for content in ([], [Avp(diameter.USER_NAME, "x")], [Avp(9999, b"abcd")]):
            with self.subTest(str(content)):
                group = Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, content)
                self.send(self.whole().replacing(group))
                self.assert_serves()
                host = f"culprit{next(self.names)}.{REALM}"
                capabilities = [
                    Avp(diameter.ORIGIN_HOST, host),
                    Avp(diameter.ORIGIN_REALM, REALM),
                    Avp(diameter.HOST_IP_ADDRESS, b"\0\1\x7f\0\0\1"),
                    Avp(diameter.VENDOR_ID, VENDOR_3GPP),
                    Avp(diameter.PRODUCT_NAME, "x", mandatory=False),
                    group,
                ]
                try:
                    self.server.connect(host, capabilities=capabilities).close()
                except (NotAdmitted, ConnectionLost):
                    pass  # as it likes
                self.assert_serves()

    def test_bare_headers_and_contradictory_flags(self):
        for flags in (0x80, 0xC0, 0xE0, 0xF0, 0xCF):
            for command in (cx.MULTIMEDIA_AUTH, 399):
                with self.subTest(flags=flags, command=command):
                    self.send(Message(command, cx.CX, flags))
                    self.assert_serves()

    def test_what_is_no_diameter(self):
        for octets in (b"GET / HTTP/1.1\r\n\r\n" * 4, bytes(20), b"\1\0\0\x08" + bytes(16), b"\xff" * 64):
            with self.subTest(octets[:8]):
                sender = self.sender()
                sender.send_octets(octets)
                sender.wait_closed()
                self.dismiss()
                self.assert_serves()

    def test_half_a_message(self):
        self.sender().send_octets(self.whole().encode()[:-7])
        self.dismiss()
        self.assert_serves()


if __name__ == "__main__":
    unittest.main()
