# Answers that no procedure made: refused by freeDiameter's rule check or by the decoder. They carry what every Cx
# answer does, and the server goes on.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter
from tests.peer.connection import CX, VENDOR_3GPP
from tests.peer.diameter import Avp, Message
from tests.peer.server import HOST, REALM
from tests.system.support import SERVER_NAME, HssTest


class AnswersTest(HssTest):
    def requests(self, subscriber):
        """One of each command, all of them in order."""
        return [
            cx.uar(self.scscf, subscriber.impi, subscriber.sip),
            cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME),
            cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.REGISTRATION),
            cx.lir(self.scscf, subscriber.sip),
        ]

    def test_an_unknown_avp_that_must_be_understood(self):
        subscriber = self.subscriber()
        for avp in (Avp(9999, b"abcd"), Avp(3999, 5, VENDOR_3GPP), Avp(1, b"x", 99999)):
            for request in self.requests(subscriber):
                with self.subTest(command=request.code, avp=str(avp)):
                    answer = self.ask(self.scscf, request.plus(avp), cx.AVP_UNSUPPORTED)
                    (failed,) = cx.failed_avps(answer)
                    # freeDiameter repeats the code and the length of the AVP, not what was in it.
                    self.assertEqual((failed.key, len(failed.data)), (avp.key, len(avp.data)))
        self.assert_first_registration(subscriber)

    def test_an_unknown_avp_without_data(self):
        request = cx.lir(self.scscf, self.subscriber().sip).plus(Avp(9999, b""))
        answer = self.ask(self.scscf, request, cx.AVP_UNSUPPORTED)
        self.assertEqual([failed.code for failed in cx.failed_avps(answer)], [9999])

    def test_an_unknown_avp_that_need_not_be_understood(self):
        subscriber = self.subscriber()
        extra = [
            Avp(9999, b"abcd", mandatory=False),
            Avp(494, "call-id", 50, mandatory=False),
            Avp(301, 3, mandatory=False),  # DRMP
            Avp(621, [Avp(622, bytes(8), mandatory=False)], mandatory=False),  # OC-Supported-Features
            Avp(diameter.ORIGIN_STATE_ID, 7),
            Avp(diameter.ROUTE_RECORD, "proxy.example.org"),
        ]
        for request in self.requests(subscriber):
            with self.subTest(request.code):
                verdict = self.check(request, self.scscf.request(request.plus(*extra)))
                self.assertNotIn(verdict[1] // 1000, (3, 5), cx.name_of(verdict))

    def test_both_forms_of_the_application_id(self):
        """RFC 3588 lets Vendor-Id be repeated, and some peers add Acct-Application-Id."""
        subscriber = self.subscriber()
        vendor, application = Avp(diameter.VENDOR_ID, VENDOR_3GPP), Avp(diameter.AUTH_APPLICATION_ID, CX)
        for members in ([vendor, vendor, application], [vendor, application, Avp(diameter.ACCT_APPLICATION_ID, CX)]):
            repeated = Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, members)
            for request in self.requests(subscriber):
                with self.subTest(command=request.code, members=str(members)):
                    verdict = self.check(request, self.scscf.request(request.replacing(repeated)))
                    self.assertNotIn(verdict[1] // 1000, (3, 5), cx.name_of(verdict))

    def test_an_unknown_member_of_a_group(self):
        subscriber = self.subscriber()
        item = cx.avp(
            cx.SIP_AUTH_DATA_ITEM,
            [cx.avp(cx.SIP_AUTHENTICATION_SCHEME, cx.AKA_V1_MD5), Avp(9999, b"abcd")],
        )
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME).replacing(item)
        self.ask(self.scscf, request, cx.AVP_UNSUPPORTED)

    def test_another_destination(self):
        subscriber = self.subscriber()
        for request in self.requests(subscriber):
            with self.subTest(request.code):
                self.ask(
                    self.scscf,
                    request.plus(Avp(diameter.DESTINATION_HOST, "other." + REALM)),
                    cx.UNABLE_TO_DELIVER,
                )
        self.assert_first_registration(subscriber)
        request = self.requests(subscriber)[0].plus(Avp(diameter.DESTINATION_HOST, HOST))
        self.ask(self.scscf, request, cx.FIRST_REGISTRATION)

    def test_another_realm(self):
        subscriber = self.subscriber()
        for request in self.requests(subscriber):
            with self.subTest(request.code):
                other = request.replacing(Avp(diameter.DESTINATION_REALM, "other.example"))
                self.ask(self.scscf, other, cx.UNABLE_TO_DELIVER)

    def test_no_destination_realm(self):
        subscriber = self.subscriber()
        for request in self.requests(subscriber):
            with self.subTest(request.code):
                self.ask(self.scscf, request.without(diameter.DESTINATION_REALM), cx.COMMAND_UNSUPPORTED)
        self.assert_first_registration(subscriber)

    def test_an_unknown_command(self):
        for command in (299, 399, cx.REGISTRATION_TERMINATION, cx.PUSH_PROFILE, 16777214):
            with self.subTest(command):
                self.ask(self.scscf, cx.base(self.scscf, command, []), cx.COMMAND_UNSUPPORTED)

    def test_an_unknown_application(self):
        request = cx.lir(self.scscf, self.subscriber().sip)
        request = Message(request.code, 4242, request.flags, request.avps)
        answer = self.scscf.request(request)
        self.assertIn(cx.result(answer), (cx.APPLICATION_UNSUPPORTED, cx.UNABLE_TO_DELIVER))
        self.assertTrue(answer.is_error)

    def test_a_wrong_length_of_a_value(self):
        subscriber = self.subscriber()
        whole = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.REGISTRATION)
        for wrong in (b"", b"\0", b"\0\0\1", b"\0\0\0\1\0", bytes(8)):
            with self.subTest(len(wrong)):
                request = whole.replacing(cx.avp(cx.SERVER_ASSIGNMENT_TYPE, wrong))
                answer = self.ask(self.scscf, request, cx.INVALID_AVP_LENGTH)
                self.assertEqual(
                    [failed.key for failed in cx.failed_avps(answer)],
                    [(cx.SERVER_ASSIGNMENT_TYPE, VENDOR_3GPP)],
                )
        self.assert_first_registration(subscriber)

    def test_proxy_info_comes_back(self):
        subscriber = self.subscriber()
        proxies = [
            Avp(diameter.PROXY_INFO, [Avp(diameter.PROXY_HOST, host), Avp(diameter.PROXY_STATE, state)])
            for host, state in (("a.example.org", b"\0\1state"), ("b.example.org", b"x"))
        ]
        refused = [request.plus(Avp(9999, b"abcd")) for request in self.requests(subscriber)]
        for request in self.requests(subscriber) + refused:
            with self.subTest(request):
                answer = self.scscf.request(request.plus(*proxies))
                self.check(request, answer)
                self.assertEqual(answer.find_all(diameter.PROXY_INFO), proxies)

    def test_a_retransmitted_request_gets_a_vector_of_its_own(self):
        subscriber = self.subscriber()
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        first = self.ask(self.scscf, request, cx.SUCCESS)
        request.flags |= diameter.FLAG_RETRANSMITTED
        second = self.ask(self.scscf, request, cx.SUCCESS)
        sqns = [subscriber.sqn(cx.vectors(answer)[0]) for answer in (first, second)]
        self.assertEqual(sqns[0][0] + 1, sqns[1][0])

    def test_supported_features_are_answered_when_asked(self):
        subscriber = self.subscriber()
        members = [
            Avp(diameter.VENDOR_ID, VENDOR_3GPP),
            cx.avp(629, 1, mandatory=False),
            cx.avp(630, 0, mandatory=False),
        ]
        for request in self.requests(subscriber):
            with self.subTest(request.code):
                answer = self.scscf.request(request.plus(cx.avp(cx.SUPPORTED_FEATURES, members, mandatory=False)))
                self.check(request, answer)
                self.assertEqual(len(answer.find_all(cx.SUPPORTED_FEATURES, VENDOR_3GPP)), 1)
                answer = self.scscf.request(request)
                self.check(request, answer)
                self.assertEqual(answer.find_all(cx.SUPPORTED_FEATURES, VENDOR_3GPP), [])

    def test_the_capabilities_that_kamailio_looks_for(self):
        cea = self.scscf.cea
        self.assertEqual(cea.text(diameter.ORIGIN_HOST), HOST)
        self.assertEqual(cea.text(diameter.ORIGIN_REALM), REALM)
        applications = [
            tuple(sorted((member.code, member.number) for member in group.members))
            for group in cea.find_all(diameter.VENDOR_SPECIFIC_APPLICATION_ID)
        ]
        wanted = ((diameter.AUTH_APPLICATION_ID, cx.CX), (diameter.VENDOR_ID, VENDOR_3GPP))
        lone = cx.CX in [avp.number for avp in cea.find_all(diameter.AUTH_APPLICATION_ID)]
        supported = VENDOR_3GPP in [avp.number for avp in cea.find_all(diameter.SUPPORTED_VENDOR_ID)]
        self.assertTrue(wanted in applications or (lone and supported), cea)


if __name__ == "__main__":
    unittest.main()
