# The log: one line for each transaction that tells who asked from where, for whom, and what came of it. That no key is
# in it, every class of the system tests proves when it ends.
# SPDX-License-Identifier: MIT
import re
import unittest

from tests.peer import cx, diameter
from tests.peer.diameter import Avp
from tests.peer.server import ICSCF, wait_until
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest, Subscriber

DURATION = r"\d+(\.\d+)?\s?(ns|us|µs|ms|s)\b"


class LogTest(HssTest):
    more_settings = {"diameter": {"agents": f'["{ICSCF}"]'}}

    def line(self, command, *parts):
        """The one line of a transaction that has all parts."""

        def matching():
            return [
                line
                for line in self.server.log().splitlines()
                if re.search(rf"\b{command}\b", line) and all(part in line for part in parts)
            ]

        found = wait_until(matching, 30, lambda: f"no line of {command} with {parts}")  # it may come after the answer
        self.assertEqual(len(found), 1, f"{command} with {parts}:\n" + "\n".join(found))
        return found[0]

    def assert_line(self, line, connection, name, *parts):
        address = f"{connection.local[0]}:{connection.local[1]}"
        for part in (connection.host, address, name, *parts):
            self.assertIn(part, line)
        self.assertRegex(line, DURATION)

    def test_one_line_for_each_transaction(self):
        subscriber = self.subscriber()
        self.assert_first_registration(subscriber)
        self.register(subscriber)
        self.lir(subscriber.tel, cx.SUCCESS)
        identities = (subscriber.impi, subscriber.sip)
        line = self.line("UAR", *identities)
        self.assert_line(line, self.icscf, "DIAMETER_FIRST_REGISTRATION", *identities)
        line = self.line("MAR", *identities)
        self.assert_line(line, self.scscf, "DIAMETER_SUCCESS", *identities, SERVER_NAME, cx.AKA_V1_MD5)
        line = self.line("SAR", *identities)
        self.assert_line(line, self.scscf, "DIAMETER_SUCCESS", *identities, SERVER_NAME, "REGISTRATION")
        line = self.line("LIR", subscriber.tel)
        self.assert_line(line, self.icscf, "DIAMETER_SUCCESS", subscriber.tel, SERVER_NAME)

    def test_who_asked_through_a_proxy(self):
        subscriber = self.subscriber()
        request = cx.uar(self.icscf, subscriber.impi, subscriber.sip)
        request = request.replacing(Avp(diameter.ORIGIN_HOST, "icscf.elsewhere.example"))
        self.ask(self.icscf, request, cx.FIRST_REGISTRATION)
        self.assert_line(self.line("UAR", subscriber.impi), self.icscf, "icscf.elsewhere.example")

    def test_refusals_by_name(self):
        stranger, known = Subscriber(), self.subscriber()
        self.uar(stranger, cx.USER_UNKNOWN)
        self.assert_line(self.line("UAR", stranger.impi), self.icscf, "DIAMETER_ERROR_USER_UNKNOWN", stranger.sip)
        self.mar(known, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme="SIP Digest")
        line = self.line("MAR", known.impi)
        self.assert_line(line, self.scscf, "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED", "SIP Digest")
        self.lir(known.sip, cx.IDENTITY_NOT_REGISTERED)
        self.assert_line(self.line("LIR", known.sip), self.icscf, "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED")
        self.register(known)
        self.sar(known, cx.REGISTRATION, cx.IDENTITY_ALREADY_REGISTERED, at=self.scscf_2, server_name=SERVER_NAME_2)
        line = self.line("SAR", known.impi, "DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED")
        self.assert_line(line, self.scscf_2, known.sip)

    def test_what_the_decoder_refuses(self):
        subscriber = self.subscriber()
        whole = cx.uar(self.icscf, subscriber.impi, subscriber.sip, type=9)
        self.ask(self.icscf, whole, cx.INVALID_AVP_VALUE)
        self.assert_line(self.line("UAR", subscriber.impi), self.icscf, "DIAMETER_INVALID_AVP_VALUE")

    def test_a_resynchronisation_says_what_was_done(self):
        subscriber = self.subscriber()
        vector = self.vector(subscriber)
        rand = vector.rand
        self.vector(subscriber, authorization=rand + subscriber.card(seq=1 << 20).auts(rand))
        line = self.line("MAR", subscriber.impi, str(1 << 20))
        self.assert_line(line, self.scscf, "DIAMETER_SUCCESS", "resync")
        wrong = self.subscriber()
        self.mar(wrong, cx.UNABLE_TO_COMPLY, authorization=bytes(30))
        self.assert_line(self.line("MAR", wrong.impi), self.scscf, "DIAMETER_UNABLE_TO_COMPLY", "MAC-S")

    def test_the_wire_forges_no_line(self):
        forged = "sip:x@y\n[info] MAR forged.example.org impi=forged -> DIAMETER_SUCCESS 2001\r\x1b[2J"
        request = cx.uar(self.icscf, "forger@example.org", forged)
        answer = self.icscf.request(request)
        self.check(request, answer)
        request = request.replacing(Avp(diameter.USER_NAME, "forger2@example.org\n[info] forged too"))
        self.check(request, self.icscf.request(request))
        self.line("UAR", "forger@example.org")
        for line in self.server.log().splitlines():
            self.assertNotRegex(line, r"^\s*\[info\] (MAR )?forged")
        self.assertNotIn("\x1b[2J", self.server.log())

    def test_a_message_that_is_refused_is_not_printed(self):
        # freeDiameter's own handlers would print it whole.
        subscriber = self.subscriber()
        vector = self.vector(subscriber)
        token = vector.rand + subscriber.card(seq=77).auts(vector.rand)
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, authorization=token)
        self.ask(self.scscf, request.plus(Avp(9999, b"abcd")), cx.AVP_UNSUPPORTED)
        self.ask(self.scscf, request.plus(Avp(diameter.DESTINATION_HOST, "x.y")), cx.UNABLE_TO_DELIVER)
        squeezed = self.server.log().lower().replace(" ", "")
        self.assertNotIn(token[16:].hex(), squeezed)
        self.assertNotIn(token[:16].hex(), squeezed)


class QuietTest(HssTest):
    """At level error nothing is logged of what goes well."""

    more_settings = {"log": {"level": '"error"'}}

    def test_nothing_is_said(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.uar(Subscriber(), cx.USER_UNKNOWN)
        self.assertNotIn(subscriber.impi, self.server.log())


if __name__ == "__main__":
    unittest.main()
