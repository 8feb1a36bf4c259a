# Location-Info (TS 29.228 6.1.4) on the wire: where a public identity is served, or why nowhere.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, kamailio
from tests.peer.connection import VENDOR_3GPP
from tests.peer.server import REALM
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest

UNREGISTERED_SERVICES = (
    "<ServiceProfile><InitialFilterCriteria><Priority>0</Priority>"
    "<ApplicationServer><ServerName>sip:voicemail.example.org</ServerName></ApplicationServer>"
    "<ProfilePartIndicator>1</ProfilePartIndicator></InitialFilterCriteria></ServiceProfile>"
)


class LocationInfoTest(HssTest):
    def served_unregistered(self):
        """A subscriber with services for when the user is not registered."""
        profile = self.server.directory / "voicemail.xml"
        profile.write_text(UNREGISTERED_SERVICES)
        self.server.hssctl("profile", "set", "voicemail", str(profile))
        return self.subscriber("--profile", "voicemail")

    def test_registered(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assert_registered(subscriber)
        for options in ({"originating": True}, {"type": cx.UAT_REGISTRATION_AND_CAPABILITIES}):
            answer = self.lir(subscriber.sip, cx.SUCCESS, **options)
            self.assertEqual(cx.server_name(answer), SERVER_NAME)

    def test_unregistered(self):
        subscriber = self.served_unregistered()
        self.sar(subscriber, cx.UNREGISTERED_USER)
        self.assert_registered(subscriber)

    def test_unknown(self):
        for impu in ("sip:nobody@" + REALM, "tel:+999", "nonsense"):
            with self.subTest(impu):
                self.lir(impu, cx.USER_UNKNOWN)

    def test_not_registered(self):
        subscriber = self.subscriber()
        self.assert_not_registered(subscriber)
        self.mar(subscriber)
        self.assert_not_registered(subscriber)  # only challenged

    def test_services_of_the_unregistered(self):
        subscriber = self.served_unregistered()
        for impu in (subscriber.sip, subscriber.tel):
            answer = self.lir(impu, cx.UNREGISTERED_SERVICE)
            self.assertIsNone(cx.server_name(answer))
            self.assertCountEqual(cx.capabilities(answer).server_names, [SERVER_NAME, SERVER_NAME_2])

    def test_originating_from_the_unregistered(self):
        subscriber = self.subscriber()
        answer = self.lir(subscriber.sip, cx.UNREGISTERED_SERVICE, originating=True)
        self.assertIsNone(cx.server_name(answer))
        self.assertCountEqual(cx.capabilities(answer).server_names, [SERVER_NAME, SERVER_NAME_2])

    def test_not_registered_but_a_server_is_chosen(self):
        # Challenged, so a name is stored: whoever needs an S-CSCF for the user goes there.
        subscriber = self.served_unregistered()
        self.mar(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
        answer = self.lir(subscriber.sip, cx.SUCCESS)
        self.assertEqual(cx.server_name(answer), SERVER_NAME_2)

    def test_missing_repeated_and_invalid(self):
        key = (cx.PUBLIC_IDENTITY, VENDOR_3GPP)
        whole = cx.lir(self.icscf, self.subscriber().sip)
        self.assert_failed(self.ask(self.icscf, whole.without(*key), cx.MISSING_AVP), key)
        answer = self.ask(self.icscf, whole.plus(whole.find(*key)), cx.AVP_OCCURS_TOO_MANY_TIMES)
        self.assert_failed(answer, key)
        for value in (b"", b"sip:\xc3@x"):
            answer = self.ask(self.icscf, whole.replacing(cx.avp(cx.PUBLIC_IDENTITY, value)), cx.INVALID_AVP_VALUE)
            self.assert_failed(answer, key)

    def test_as_kamailio_asks(self):
        subscriber = self.subscriber()
        self.ask(self.icscf, kamailio.lir(self.icscf, subscriber.tel), cx.IDENTITY_NOT_REGISTERED)
        self.register(subscriber)
        answer = self.ask(self.icscf, kamailio.lir(self.icscf, subscriber.tel), cx.SUCCESS)
        self.assertEqual(cx.server_name(answer), SERVER_NAME)


if __name__ == "__main__":
    unittest.main()
