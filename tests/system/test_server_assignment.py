# Server-Assignment (TS 29.228 6.1.2) on the wire: every type, every refusal, and the profile that goes with it.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter, kamailio
from tests.peer.connection import VENDOR_3GPP
from tests.peer.server import REALM
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest, Subscriber, identities, user_data

DEREGISTRATIONS = (
    cx.TIMEOUT_DEREGISTRATION,
    cx.USER_DEREGISTRATION,
    cx.ADMINISTRATIVE_DEREGISTRATION,
    cx.DEREGISTRATION_TOO_MUCH_DATA,
)
KEEPING = (cx.TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME, cx.USER_DEREGISTRATION_STORE_SERVER_NAME)


class ServerAssignmentTest(HssTest):
    def assert_profile(self, answer, subscriber):
        """The whole implicit set, the barred identity flagged, sip: before tel:."""
        tree = user_data(answer)
        self.assertEqual(tree.tag, "IMSSubscription")
        self.assertEqual(tree.findtext("PrivateID"), subscriber.impi)
        found = identities(tree)
        self.assertCountEqual(
            found, [(subscriber.sip, False), (subscriber.tel, False), (subscriber.temporary, True)]
        )
        schemes = [identity.split(":")[0] for identity, _ in found]
        self.assertEqual(schemes, sorted(schemes))
        self.assertEqual([element.tag for element in tree.iter() if not len(element) and not element.text], [])
        self.assertEqual(answer.text(diameter.USER_NAME), subscriber.impi)
        return tree

    # ---- types 1 and 2 ----

    def test_registration(self):
        subscriber = self.subscriber()
        answer = self.register(subscriber)
        self.assert_profile(answer, subscriber)
        self.assertEqual(cx.associated_identities(answer), [])  # there is only one
        self.assert_registered(subscriber)
        self.assert_served_by(subscriber, SERVER_NAME)

    def test_registration_without_a_challenge(self):
        subscriber = self.subscriber()
        self.assert_profile(self.sar(subscriber, cx.REGISTRATION), subscriber)
        self.assert_registered(subscriber)

    def test_any_identity_registers_the_set(self):
        for which in ("temporary", "tel"):
            subscriber = self.subscriber()
            impu = getattr(subscriber, which)
            self.assert_profile(self.register(subscriber, impu=impu), subscriber)
            self.assert_registered(subscriber)

    def test_reregistration(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assert_profile(self.sar(subscriber, cx.RE_REGISTRATION), subscriber)
        answer = self.sar(subscriber, cx.RE_REGISTRATION, already_available=1)
        self.assertIsNone(cx.user_data(answer))
        self.assert_registered(subscriber)

    def test_repeated_requests_change_nothing(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assert_profile(self.sar(subscriber, cx.REGISTRATION), subscriber)
        self.assert_registered(subscriber)
        for _ in range(2):
            self.sar(subscriber, cx.UNREGISTERED_USER, cx.IN_ASSIGNMENT_TYPE)
        self.assert_registered(subscriber)

    def test_another_server_holds_the_user(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        for type in (cx.REGISTRATION, cx.RE_REGISTRATION, cx.UNREGISTERED_USER):
            with self.subTest(type):
                answer = self.sar(
                    subscriber, type, cx.IDENTITY_ALREADY_REGISTERED, at=self.scscf_2, server_name=SERVER_NAME_2
                )
                self.assertEqual(cx.server_name(answer), SERVER_NAME)
                self.assertIsNone(cx.user_data(answer))
        self.assert_registered(subscriber)

    def test_another_server_challenged_the_user(self):
        subscriber = self.subscriber()
        self.mar(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
        answer = self.sar(subscriber, cx.REGISTRATION, cx.IDENTITY_ALREADY_REGISTERED)
        self.assertEqual(cx.server_name(answer), SERVER_NAME_2)
        self.assert_not_registered(subscriber)

    # ---- type 3 ----

    def test_unregistered_user(self):
        subscriber = self.subscriber()
        self.assert_profile(self.sar(subscriber, cx.UNREGISTERED_USER), subscriber)
        self.assert_registered(subscriber)  # found at the S-CSCF, which serves it unregistered
        self.assert_profile(self.sar(subscriber, cx.UNREGISTERED_USER), subscriber)
        self.assert_profile(self.register(subscriber), subscriber)
        self.sar(subscriber, cx.UNREGISTERED_USER, cx.IN_ASSIGNMENT_TYPE)

    def test_unregistered_user_without_private_identity(self):
        subscriber = self.subscriber()
        request = cx.sar(self.scscf, None, subscriber.tel, SERVER_NAME, cx.UNREGISTERED_USER)
        self.assert_profile(self.ask(self.scscf, request, cx.SUCCESS), subscriber)

    # ---- de-registrations ----

    def test_deregistration(self):
        for type in DEREGISTRATIONS:
            with self.subTest(type):
                subscriber = self.subscriber()
                self.register(subscriber)
                answer = self.sar(subscriber, type)
                self.assertIsNone(cx.user_data(answer))
                self.assert_not_registered(subscriber)
                self.assert_first_registration(subscriber)

    def test_deregistration_of_an_unregistered_user(self):
        for type in DEREGISTRATIONS:
            with self.subTest(type):
                subscriber = self.subscriber()
                self.sar(subscriber, cx.UNREGISTERED_USER)
                self.sar(subscriber, type)
                self.assert_first_registration(subscriber)

    def test_deregistration_by_one_of_the_two_identities(self):
        subscriber = self.subscriber()
        for impi, impus in ((subscriber.impi, []), (None, subscriber.tel)):
            self.register(subscriber)
            request = cx.sar(self.scscf, impi, impus, SERVER_NAME, cx.TIMEOUT_DEREGISTRATION)
            self.ask(self.scscf, request, cx.SUCCESS)
            self.assert_not_registered(subscriber)

    def test_deregistration_of_several_identities(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        impus = [subscriber.tel, subscriber.sip]
        request = cx.sar(self.scscf, subscriber.impi, impus, SERVER_NAME, cx.USER_DEREGISTRATION)
        self.ask(self.scscf, request, cx.SUCCESS)
        self.assert_not_registered(subscriber)

    def test_a_stale_server_takes_nobody_away(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        for type in (*DEREGISTRATIONS, *KEEPING):
            with self.subTest(type):
                self.sar(subscriber, type, cx.UNABLE_TO_COMPLY, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.assert_registered(subscriber)

    def test_the_name_is_kept(self):
        for type in KEEPING:
            with self.subTest(type):
                subscriber = self.subscriber()
                self.register(subscriber)
                answer = self.sar(subscriber, type)
                self.assertIsNone(cx.user_data(answer))
                self.assert_served_by(subscriber, SERVER_NAME)
                # UNREGISTERED: type 3 is in order now, which it is not while the user is registered.
                self.sar(subscriber, cx.UNREGISTERED_USER)

    def test_there_is_no_name_to_keep(self):
        for type in KEEPING:
            with self.subTest(type):
                subscriber = self.subscriber()
                answer = self.sar(subscriber, type, cx.SERVER_NAME_NOT_STORED)
                self.assertIsNone(cx.user_data(answer))
                self.assert_first_registration(subscriber)

    # ---- types 0, 9, 10 ----

    def test_no_assignment(self):
        subscriber = self.subscriber()
        self.sar(subscriber, cx.NO_ASSIGNMENT, cx.UNABLE_TO_COMPLY)
        self.assert_first_registration(subscriber)
        self.register(subscriber)
        self.assert_profile(self.sar(subscriber, cx.NO_ASSIGNMENT), subscriber)
        answer = self.sar(
            subscriber, cx.NO_ASSIGNMENT, cx.UNABLE_TO_COMPLY, at=self.scscf_2, server_name=SERVER_NAME_2
        )
        self.assertIsNone(cx.user_data(answer))
        self.assert_registered(subscriber)

    def test_failed_authentication(self):
        for type in (cx.AUTHENTICATION_FAILURE, cx.AUTHENTICATION_TIMEOUT):
            with self.subTest(type):
                subscriber = self.subscriber()
                self.mar(subscriber)
                self.assert_served_by(subscriber, SERVER_NAME)
                answer = self.sar(subscriber, type)
                self.assertIsNone(cx.user_data(answer))
                self.assert_first_registration(subscriber)

    def test_failed_authentication_leaves_the_registered_alone(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        for type in (cx.AUTHENTICATION_FAILURE, cx.AUTHENTICATION_TIMEOUT):
            self.mar(subscriber)
            self.sar(subscriber, type)
        self.assert_registered(subscriber)

    # ---- refusals ----

    def test_unknown_identities(self):
        stranger, known = Subscriber(), self.subscriber()
        for type in (cx.NO_ASSIGNMENT, cx.REGISTRATION, cx.UNREGISTERED_USER, cx.USER_DEREGISTRATION):
            with self.subTest(type):
                self.sar(stranger, type, cx.USER_UNKNOWN)
                self.sar(known, type, cx.USER_UNKNOWN, stranger.sip)
                self.sar(stranger, type, cx.USER_UNKNOWN, known.sip)
        for impi, impu in ((stranger.impi, None), (None, stranger.sip)):
            request = cx.sar(self.scscf, impi, impu, SERVER_NAME, cx.USER_DEREGISTRATION)
            self.ask(self.scscf, request, cx.USER_UNKNOWN)

    def test_identity_of_somebody_else(self):
        known, other = self.subscriber(), self.subscriber()
        self.register(other)
        for type in (cx.REGISTRATION, cx.UNREGISTERED_USER, cx.USER_DEREGISTRATION):
            with self.subTest(type):
                self.sar(known, type, cx.IDENTITIES_DONT_MATCH, other.sip)
        self.assert_registered(other)

    def test_one_identity_too_many(self):
        subscriber = self.subscriber()
        impus = [subscriber.sip, subscriber.tel]
        for type in (cx.NO_ASSIGNMENT, cx.REGISTRATION, cx.RE_REGISTRATION, cx.UNREGISTERED_USER, 9, 10):
            with self.subTest(type):
                request = cx.sar(self.scscf, subscriber.impi, impus, SERVER_NAME, type)
                answer = self.ask(self.scscf, request, cx.AVP_OCCURS_TOO_MANY_TIMES)
                self.assert_failed(answer, (cx.PUBLIC_IDENTITY, VENDOR_3GPP))
                self.assertIsNone(cx.user_data(answer))
        self.assert_first_registration(subscriber)

    def test_identities_are_missing(self):
        subscriber = self.subscriber()
        user_name, public_identity = (diameter.USER_NAME, 0), (cx.PUBLIC_IDENTITY, VENDOR_3GPP)
        cases = [(type, user_name) for type in (1, 2, 9, 10)]
        cases += [(type, public_identity) for type in (1, 2, 3, 9, 10)]
        for type, key in cases:
            with self.subTest(type=type, without=key):
                whole = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, type)
                answer = self.ask(self.scscf, whole.without(*key), cx.MISSING_AVP)
                self.assert_failed(answer, key)
        for type in range(12):
            with self.subTest(type=type, without="both"):
                request = cx.sar(self.scscf, None, None, SERVER_NAME, type)
                answer = self.ask(self.scscf, request, cx.MISSING_AVP)
                (failed,) = cx.failed_avps(answer)
                self.assertIn(failed.key, (user_name, public_identity))

    def test_missing_and_repeated_avps(self):
        subscriber = self.subscriber()
        whole = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.REGISTRATION)
        for code in (cx.SERVER_NAME, cx.SERVER_ASSIGNMENT_TYPE, cx.USER_DATA_ALREADY_AVAILABLE):
            key = (code, VENDOR_3GPP)
            with self.subTest(key):
                answer = self.ask(self.scscf, whole.without(*key), cx.MISSING_AVP)
                self.assert_failed(answer, key)
                answer = self.ask(self.scscf, whole.plus(whole.find(*key)), cx.AVP_OCCURS_TOO_MANY_TIMES)
                self.assert_failed(answer, key)
        self.assert_first_registration(subscriber)

    def test_types_that_cannot_be(self):
        subscriber = self.subscriber()
        for type in (12, 13, 14):  # SWx
            with self.subTest(type):
                self.sar(subscriber, type, cx.IN_ASSIGNMENT_TYPE)
        for type in (15, 99, 0xFFFFFFFF):
            with self.subTest(type):
                answer = self.sar(subscriber, type, cx.INVALID_AVP_VALUE)
                self.assert_failed(answer, (cx.SERVER_ASSIGNMENT_TYPE, VENDOR_3GPP))
        self.assert_first_registration(subscriber)

    def test_invalid_values(self):
        subscriber = self.subscriber()
        whole = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.REGISTRATION)
        invalid = [
            cx.avp(cx.USER_DATA_ALREADY_AVAILABLE, 2),
            cx.avp(cx.SERVER_NAME, b""),
            cx.avp(cx.PUBLIC_IDENTITY, b""),
            diameter.Avp(diameter.USER_NAME, b""),
        ]
        for avp in invalid:
            with self.subTest(str(avp)):
                answer = self.ask(self.scscf, whole.replacing(avp), cx.INVALID_AVP_VALUE)
                self.assert_failed(answer, avp.key)
        self.assert_first_registration(subscriber)

    # ---- the profile, and Kamailio ----

    def test_every_value_of_the_profile_is_escaped(self):
        name = "A & B <c> \"d\" 'e'"
        profile = self.server.directory / "mmtel.xml"
        profile.write_text(
            "<ServiceProfile><InitialFilterCriteria><Priority>3</Priority><TriggerPoint>"
            "<ConditionTypeCNF>1</ConditionTypeCNF><SPT><ConditionNegated>0</ConditionNegated><Group>0</Group>"
            "<SIPHeader><Header>Accept-Contact</Header><Content>a&amp;b &lt;c&gt;</Content></SIPHeader></SPT>"
            "</TriggerPoint><ApplicationServer><ServerName>sip:as.example.org;x=1</ServerName>"
            "<DefaultHandling>0</DefaultHandling></ApplicationServer>"
            "<ProfilePartIndicator>0</ProfilePartIndicator></InitialFilterCriteria></ServiceProfile>"
        )
        self.server.hssctl("profile", "set", "mmtel", str(profile))
        subscriber = self.subscriber("--profile", "mmtel", "--display-name", name)
        tree = self.assert_profile(self.register(subscriber), subscriber)
        self.assertIn(name, [element.text for element in tree.iter("DisplayName")])
        self.assertEqual(tree.findtext(".//SIPHeader/Content"), "a&b <c>")
        self.assertEqual(tree.findtext(".//ApplicationServer/ServerName"), "sip:as.example.org;x=1")
        for parent in tree.iterfind("ServiceProfile"):
            tags = [child.tag for child in parent]
            self.assertEqual(tags, sorted(tags, key=["PublicIdentity", "InitialFilterCriteria"].index))

    def test_identities_as_they_came(self):
        subscriber = self.subscriber()
        impu = f"sip:+{subscriber.msisdn}@{REALM};user=phone"
        self.assert_profile(self.register(subscriber, impu=impu), subscriber)

    def test_as_kamailio_asks(self):
        subscriber = self.subscriber()
        self.mar(subscriber)

        def ask(type, impi=subscriber.impi, already_available=0):
            request = kamailio.sar(self.scscf, impi, subscriber.sip, SERVER_NAME, type, already_available)
            return self.ask(self.scscf, request, cx.SUCCESS)

        self.assert_profile(ask(cx.REGISTRATION), subscriber)
        ask(cx.RE_REGISTRATION, already_available=1)
        self.assert_registered(subscriber)
        # The S-CSCF's timer ran out: the same type, and no User-Name.
        self.assertIsNone(cx.user_data(ask(cx.USER_DEREGISTRATION, impi=None)))
        self.assert_not_registered(subscriber)
        self.assert_profile(ask(cx.UNREGISTERED_USER), subscriber)
        # Only Result-Code 2001 is success for it.
        ask(cx.USER_DEREGISTRATION_STORE_SERVER_NAME)


if __name__ == "__main__":
    unittest.main()
