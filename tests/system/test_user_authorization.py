# User-Authorization (TS 29.228 6.1.1) on the wire: every verdict, in its family, with what it must carry.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter, kamailio
from tests.peer.connection import VENDOR_3GPP
from tests.peer.server import REALM
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest, Subscriber


class UserAuthorizationTest(HssTest):
    def test_first_registration_names_the_pool(self):
        subscriber = self.subscriber()
        for impu in (subscriber.sip, subscriber.tel, subscriber.temporary):
            self.assert_first_registration(subscriber, impu)
        answer = self.uar(subscriber, cx.FIRST_REGISTRATION, type=cx.UAT_REGISTRATION)
        self.assertIn(SERVER_NAME, cx.capabilities(answer).server_names)

    def test_unknown_private_identity(self):
        stranger, known = Subscriber(), self.subscriber()
        answer = self.uar(stranger, cx.USER_UNKNOWN, known.sip)
        self.assertIsNone(cx.server_name(answer))
        self.assertIsNone(cx.capabilities(answer))

    def test_unknown_public_identity(self):
        self.uar(self.subscriber(), cx.USER_UNKNOWN, "sip:nobody@" + REALM)

    def test_what_is_no_identity_is_unknown(self):
        subscriber = self.subscriber()
        for impu in ("nobody", "sip:", "sip:a b@" + REALM, "mailto:a@b"):
            with self.subTest(impu):
                self.uar(subscriber, cx.USER_UNKNOWN, impu)

    def test_identity_of_somebody_else(self):
        self.uar(self.subscriber(), cx.IDENTITIES_DONT_MATCH, self.subscriber().sip)

    def test_sloppy_spelling_is_found(self):
        subscriber = self.subscriber()
        self.uar(subscriber, cx.FIRST_REGISTRATION, f"SIP:+{subscriber.msisdn}@{REALM.upper()}:5060;user=phone")
        self.uar(subscriber, cx.FIRST_REGISTRATION, f"tel:+{subscriber.msisdn[:4]}-{subscriber.msisdn[4:]};x=y")

    def test_every_identity_barred(self):
        subscriber = Subscriber()
        self.subscription(subscriber, public_identities=[{"impu": subscriber.temporary, "barred": True}])
        self.uar(subscriber, cx.AUTHORIZATION_REJECTED, subscriber.temporary)
        self.uar(subscriber, cx.AUTHORIZATION_REJECTED, subscriber.temporary, type=cx.UAT_DE_REGISTRATION)
        self.uar(subscriber, cx.FIRST_REGISTRATION, subscriber.temporary, flags=1)  # an emergency

    def test_registration_not_allowed(self):
        subscriber = Subscriber()
        identity = {"impu": subscriber.sip, "registration_allowed": False}
        self.subscription(subscriber, public_identities=[identity, {"impu": subscriber.tel, "implicit_set": 1}])
        self.uar(subscriber, cx.AUTHORIZATION_REJECTED)
        self.uar(subscriber, cx.AUTHORIZATION_REJECTED, type=cx.UAT_REGISTRATION_AND_CAPABILITIES)
        self.uar(subscriber, cx.FIRST_REGISTRATION, flags=1)
        self.uar(subscriber, cx.FIRST_REGISTRATION, subscriber.tel)

    def test_the_subscribers_own_capabilities(self):
        subscriber = Subscriber()
        capabilities = {"mandatory": [1, 7], "optional": [3], "server_names": ["sip:own.example.org"]}
        self.subscription(subscriber, capabilities=capabilities)
        for request, expected in ((None, cx.FIRST_REGISTRATION), (2, cx.SUCCESS)):
            found = cx.capabilities(self.uar(subscriber, expected, type=request))
            self.assertEqual((found.mandatory, found.optional), ([1, 7], [3]))
            self.assertEqual(found.server_names, ["sip:own.example.org"])

    def test_roaming(self):
        subscriber = self.subscriber("--visited-network", "home.example", "--visited-network", "abroad.example")
        self.uar(subscriber, cx.ROAMING_NOT_ALLOWED, visited_network="elsewhere.example")
        self.uar(subscriber, cx.ROAMING_NOT_ALLOWED, visited_network="elsewhere.example", type=2)
        self.uar(subscriber, cx.FIRST_REGISTRATION, visited_network="abroad.example")
        self.uar(subscriber, cx.FIRST_REGISTRATION, visited_network='"Home.Example"')
        # Neither a de-registration nor an emergency is refused for it.
        self.uar(subscriber, cx.IDENTITY_NOT_REGISTERED, visited_network="elsewhere.example", type=1)
        self.uar(subscriber, cx.FIRST_REGISTRATION, visited_network="elsewhere.example", flags=1)

    def test_registered_and_pending(self):
        subscriber = self.subscriber()
        self.mar(subscriber)
        self.assert_served_by(subscriber, SERVER_NAME)  # auth-pending
        self.uar(subscriber, cx.IDENTITY_NOT_REGISTERED, type=cx.UAT_DE_REGISTRATION)
        self.sar(subscriber, cx.REGISTRATION)
        for impu in (subscriber.sip, subscriber.tel, subscriber.temporary):
            self.assert_served_by(subscriber, SERVER_NAME, impu)
            answer = self.uar(subscriber, cx.SUCCESS, impu, type=cx.UAT_DE_REGISTRATION)
            self.assertEqual(cx.server_name(answer), SERVER_NAME)

    def test_unregistered(self):
        subscriber = self.subscriber()
        self.sar(subscriber, cx.UNREGISTERED_USER)
        self.assert_served_by(subscriber, SERVER_NAME)
        answer = self.uar(subscriber, cx.SUCCESS, type=cx.UAT_DE_REGISTRATION)
        self.assertEqual(cx.server_name(answer), SERVER_NAME)

    def test_deregistration_of_nobody(self):
        self.uar(self.subscriber(), cx.IDENTITY_NOT_REGISTERED, type=cx.UAT_DE_REGISTRATION)

    def test_capabilities_are_asked_for(self):
        subscriber = self.subscriber()
        for _ in range(2):
            answer = self.uar(subscriber, cx.SUCCESS, type=cx.UAT_REGISTRATION_AND_CAPABILITIES)
            self.assertIsNone(cx.server_name(answer))
            self.assertEqual(set(cx.capabilities(answer).server_names), {SERVER_NAME, SERVER_NAME_2})
            self.register(subscriber)

    def test_missing_avps(self):
        subscriber = self.subscriber()
        whole = cx.uar(self.icscf, subscriber.impi, subscriber.sip)
        keys = [
            (diameter.USER_NAME, 0),
            (cx.PUBLIC_IDENTITY, VENDOR_3GPP),
            (cx.VISITED_NETWORK_IDENTIFIER, VENDOR_3GPP),
            (diameter.VENDOR_SPECIFIC_APPLICATION_ID, 0),
            (diameter.AUTH_SESSION_STATE, 0),
        ]
        for key in keys:
            with self.subTest(key):
                answer = self.ask(self.icscf, whole.without(*key), cx.MISSING_AVP)
                self.assert_failed(answer, key)

    def test_repeated_avps(self):
        subscriber = self.subscriber()
        whole = cx.uar(self.icscf, subscriber.impi, subscriber.sip, type=0)
        keys = [
            (diameter.USER_NAME, 0),
            (cx.PUBLIC_IDENTITY, VENDOR_3GPP),
            (cx.VISITED_NETWORK_IDENTIFIER, VENDOR_3GPP),
            (cx.USER_AUTHORIZATION_TYPE, VENDOR_3GPP),
            (diameter.AUTH_SESSION_STATE, 0),
        ]
        for key in keys:
            with self.subTest(key):
                answer = self.ask(self.icscf, whole.plus(whole.find(*key)), cx.AVP_OCCURS_TOO_MANY_TIMES)
                self.assert_failed(answer, key)

    def test_invalid_values(self):
        subscriber = self.subscriber()
        whole = cx.uar(self.icscf, subscriber.impi, subscriber.sip, type=0)
        invalid = [
            cx.avp(cx.USER_AUTHORIZATION_TYPE, 3),
            cx.avp(cx.USER_AUTHORIZATION_TYPE, 0xFFFFFFFF),
            cx.avp(cx.PUBLIC_IDENTITY, b""),
            cx.avp(cx.PUBLIC_IDENTITY, b"sip:\xff\xfe@" + REALM.encode()),
            diameter.Avp(diameter.USER_NAME, b""),
        ]
        for avp in invalid:
            with self.subTest(str(avp)):
                answer = self.ask(self.icscf, whole.replacing(avp), cx.INVALID_AVP_VALUE)
                self.assert_failed(answer, avp.key)
                self.assertEqual(cx.failed_avps(answer)[0].data, avp.data)

    def test_as_kamailio_asks(self):
        subscriber = self.subscriber()
        request = kamailio.uar(self.icscf, subscriber.impi, subscriber.temporary, REALM)
        answer = self.ask(self.icscf, request, cx.FIRST_REGISTRATION)
        self.assertIn(SERVER_NAME, cx.capabilities(answer).server_names)
        self.register(subscriber)
        answer = self.ask(self.icscf, request, cx.SUBSEQUENT_REGISTRATION)
        self.assertEqual(cx.server_name(answer), SERVER_NAME)
        request = kamailio.uar(self.icscf, subscriber.impi, subscriber.sip, REALM, deregistration=True)
        answer = self.ask(self.icscf, request, cx.SUCCESS)
        self.assertEqual(cx.server_name(answer), SERVER_NAME)


if __name__ == "__main__":
    unittest.main()
