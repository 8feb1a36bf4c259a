# IMS restoration (TS 29.228 8.3, TS 23.380) on the wire: what an S-CSCF leaves here comes back as it was, to whoever
# asks for it, and goes with the registration.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx
from tests.peer.connection import VENDOR_3GPP
from tests.peer.diameter import Avp
from tests.system.support import SERVER_NAME, HssTest, user_data

FEATURE = cx.supported_features(cx.IMS_RESTORATION)


class RestorationTest(HssTest):
    def assign(self, subscriber, type, *avps, expected=cx.SUCCESS, impi=None, impu=None, already_available=0):
        impi = impi or subscriber.impi
        request = cx.sar(self.scscf, impi, impu or subscriber.sip, SERVER_NAME, type, already_available)
        return self.ask(self.scscf, request.plus(FEATURE, *avps), expected)

    def registered(self, info=None):
        subscriber = self.subscriber()
        self.mar(subscriber)
        self.assign(subscriber, cx.REGISTRATION, info or cx.restoration_info(subscriber.impi, "<sip:a@192.0.2.1>"))
        return subscriber

    def test_the_feature_is_negotiated(self):
        subscriber = self.subscriber()
        for request in (
            cx.uar(self.icscf, subscriber.impi, subscriber.sip),
            cx.mar(self.icscf, subscriber.impi, subscriber.sip, SERVER_NAME),
            cx.lir(self.icscf, subscriber.sip),
        ):
            answer = self.icscf.request(request.plus(FEATURE))
            self.assertEqual(cx.features(answer) & cx.IMS_RESTORATION, cx.IMS_RESTORATION)
            self.assertIsNone(cx.features(self.icscf.request(request)))

    def test_it_comes_back_octet_by_octet(self):
        # With AVPs in it that nobody knows, in an order of their own, with lengths that need padding.
        more = (
            Avp(60001, b"odd", mandatory=False),
            Avp(77, b"\0\xff\1", vendor=50, mandatory=False),
            cx.avp(661, b"\xe8\0\0\1", mandatory=False),
        )
        info = cx.restoration_info("somebody", "<sip:a@192.0.2.1>;expires=600", "<sip:b>", more=more)
        subscriber = self.registered(info)
        answer = self.assign(subscriber, cx.NO_ASSIGNMENT)
        self.assertEqual(cx.restoration_infos(answer), [info.data])
        found = answer.find(cx.SCSCF_RESTORATION_INFO, VENDOR_3GPP)
        self.assertFalse(found.mandatory)

    def test_it_survives_a_restart(self):
        subscriber = self.subscriber()
        info = cx.restoration_info(subscriber.impi, "<sip:a@192.0.2.7>")
        self.mar(subscriber)
        self.assign(subscriber, cx.REGISTRATION, info)
        self.disconnect()
        self.server.restart()
        self.assertEqual(cx.restoration_infos(self.assign(subscriber, cx.NO_ASSIGNMENT)), [info.data])

    def test_the_latest_counts(self):
        subscriber = self.registered()
        info = cx.restoration_info(subscriber.impi, "<sip:other>")
        self.assign(subscriber, cx.RE_REGISTRATION, info)
        self.assertEqual(cx.restoration_infos(self.assign(subscriber, cx.NO_ASSIGNMENT)), [info.data])

    def test_it_goes_with_the_registration(self):
        subscriber = self.registered()
        self.assign(subscriber, cx.USER_DEREGISTRATION)
        self.mar(subscriber)
        self.assign(subscriber, cx.REGISTRATION)
        self.assertEqual(cx.restoration_infos(self.assign(subscriber, cx.NO_ASSIGNMENT)), [])

    def test_it_is_not_for_who_does_not_know_the_feature(self):
        subscriber = self.registered()
        request = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.NO_ASSIGNMENT)
        answer = self.ask(self.scscf, request, cx.SUCCESS)
        self.assertEqual(cx.restoration_infos(answer), [])
        self.assertIsNotNone(user_data(answer))

    def test_what_is_not_whole_is_refused(self):
        subscriber = self.subscriber()
        whole = cx.restoration_info(subscriber.impi, "<sip:a>")
        without_user = cx.avp(cx.SCSCF_RESTORATION_INFO, whole.members[1:], mandatory=False)
        without_contact = cx.restoration_info(subscriber.impi)
        for info in (without_user, without_contact):
            answer = self.assign(subscriber, cx.REGISTRATION, info, expected=cx.MISSING_AVP)
            self.assert_failed(answer, (cx.SCSCF_RESTORATION_INFO, VENDOR_3GPP))
        answer = self.assign(subscriber, cx.REGISTRATION, whole, whole, expected=cx.AVP_OCCURS_TOO_MANY_TIMES)
        self.assert_failed(answer, (cx.SCSCF_RESTORATION_INFO, VENDOR_3GPP))
        self.assert_not_registered(subscriber)

    def test_the_log_tells_of_it_without_its_content(self):
        subscriber = self.registered(cx.restoration_info("x", "<sip:not-for-the-log@192.0.2.1>"))
        self.assign(subscriber, cx.NO_ASSIGNMENT)
        self.server.wait_log(rf"SAR .*impi={subscriber.impi} .* REGISTRATION stores restoration -> DIAMETER_SUCCESS")
        self.server.wait_log(rf"SAR .*impi={subscriber.impi} .* NO_ASSIGNMENT returns restoration x1 -> ")
        self.assertNotIn("not-for-the-log", self.server.log())



if __name__ == "__main__":
    unittest.main()
