# Multimedia-Auth (TS 29.228 6.3.1) on the wire: vectors that a card accepts, and every refusal.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter, kamailio
from tests.peer.connection import VENDOR_3GPP
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest, Subscriber


class MultimediaAuthTest(HssTest):
    def test_a_card_accepts_the_vector(self):
        subscriber = self.subscriber()
        for _ in range(3):
            answer = self.mar(subscriber)
            (vector,) = cx.vectors(answer)
            self.assertEqual(answer.find(cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP).number, 1)
            self.assertEqual((vector.number, vector.scheme), (1, cx.AKA_V1_MD5))
            self.assertEqual((len(vector.xres), len(vector.ck), len(vector.ik)), (8, 16, 16))
            self.assert_accepted(subscriber, vector)

    def test_sqn_rises_and_rand_is_fresh(self):
        subscriber = self.subscriber()
        vectors = [self.vector(subscriber) for _ in range(5)]
        sqns = [subscriber.sqn(vector) for vector in vectors]
        self.assertEqual([seq for seq, _ in sqns], [sqns[0][0] + n for n in range(5)])
        self.assertEqual(len({ind for _, ind in sqns}), 1)
        self.assertEqual(len({vector.rand for vector in vectors}), 5)

    def test_the_index_belongs_to_the_node(self):
        subscriber = self.subscriber()
        _, ind = subscriber.sqn(self.vector(subscriber))
        _, other = subscriber.sqn(self.vector(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2))
        self.assertNotEqual(ind, other)
        self.assertEqual(subscriber.sqn(self.vector(subscriber))[1], ind)
        self.assertLess(max(ind, other), 16)  # the range of Cx

    def test_first_sqn_is_as_provisioned(self):
        subscriber = self.subscriber("--sqn", f"{1000 << 5:012x}")
        self.assertEqual(subscriber.sqn(self.vector(subscriber))[0], 1001)

    def test_sqn_at_its_end_is_refused(self):
        # The highest SEQ of 43 bits is never issued: it could not be followed.
        subscriber = self.subscriber("--sqn", f"{((1 << 43) - 3) << 5:012x}")
        self.assertEqual(subscriber.sqn(self.vector(subscriber))[0], (1 << 43) - 2)
        for _ in range(2):
            answer = self.mar(subscriber, cx.UNABLE_TO_COMPLY)
            self.assertEqual(cx.vectors(answer), [])

    def test_amf_and_op(self):
        subscriber = self.subscriber("--amf", "b9b9")
        vector = self.vector(subscriber)
        self.assertEqual(vector.autn[6:8].hex(), "b9b9")
        self.assert_accepted(subscriber, vector)
        default = self.vector(self.subscriber())
        self.assertEqual(default.autn[6:8].hex(), "8000")

    def test_the_number_of_items_is_a_wish(self):
        subscriber = self.subscriber()
        for items in (2, 5, 1000, 0xFFFFFFFF):
            with self.subTest(items):
                answer = self.mar(subscriber, items=items)
                (vector,) = cx.vectors(answer)
                self.assertEqual(answer.find(cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP).number, 1)
                self.assert_accepted(subscriber, vector)

    def test_no_items_are_asked_for(self):
        # TS 29.228 leaves 0 open: one vector, as for 1.
        subscriber = self.subscriber()
        (vector,) = cx.vectors(self.mar(subscriber, items=0))
        self.assert_accepted(subscriber, vector)

    def test_unknown_identities(self):
        stranger, known = Subscriber(), self.subscriber()
        self.mar(stranger, cx.USER_UNKNOWN)
        self.mar(stranger, cx.USER_UNKNOWN, known.sip)
        self.mar(known, cx.USER_UNKNOWN, stranger.sip)

    def test_identity_of_somebody_else(self):
        known, other = self.subscriber(), self.subscriber()
        self.mar(known, cx.IDENTITIES_DONT_MATCH, other.sip)
        self.assert_first_registration(known)
        self.assert_first_registration(other)

    def test_schemes(self):
        subscriber = self.subscriber()
        for scheme in ("digest-akav1-md5", "Unknown", "unknown", "UNKNOWN"):
            with self.subTest(scheme):
                (vector,) = cx.vectors(self.mar(subscriber, scheme=scheme))
                self.assertEqual(vector.scheme, cx.AKA_V1_MD5)
        for scheme in ("SIP Digest", "NASS-Bundled", "Early-IMS-Security", "Digest-MD5", "Digest", "nonsense"):
            with self.subTest(scheme):
                answer = self.mar(subscriber, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme=scheme)
                self.assertEqual(cx.vectors(answer), [])

    def test_a_refusal_changes_nothing(self):
        subscriber = self.subscriber()
        seq, _ = subscriber.sqn(self.vector(subscriber, server_name=SERVER_NAME_2))
        self.mar(subscriber, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme="SIP Digest", server_name=SERVER_NAME)
        self.assert_served_by(subscriber, SERVER_NAME_2)
        self.assertEqual(subscriber.sqn(self.vector(subscriber))[0], seq + 1)

    def test_another_server_takes_over(self):
        # Step 5: a MAR from another S-CSCF re-assigns, also while the user is registered; SAR follows.
        subscriber = self.subscriber()
        self.register(subscriber)
        self.mar(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.assert_served_by(subscriber, SERVER_NAME_2)
        self.sar(subscriber, cx.REGISTRATION, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.assert_registered(subscriber, SERVER_NAME_2)

    def test_a_registered_user_is_authenticated_again(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assert_accepted(subscriber, self.vector(subscriber))
        self.assert_registered(subscriber)

    def test_missing_avps(self):
        subscriber = self.subscriber()
        whole = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        keys = [
            (diameter.USER_NAME, 0),
            (cx.PUBLIC_IDENTITY, VENDOR_3GPP),
            (cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP),
            (cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP),
            (cx.SERVER_NAME, VENDOR_3GPP),
            (diameter.VENDOR_SPECIFIC_APPLICATION_ID, 0),
            (diameter.AUTH_SESSION_STATE, 0),
        ]
        for key in keys:
            with self.subTest(key):
                answer = self.ask(self.scscf, whole.without(*key), cx.MISSING_AVP)
                self.assert_failed(answer, key)

    def test_repeated_avps(self):
        subscriber = self.subscriber()
        whole = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        keys = [
            (diameter.USER_NAME, 0),
            (cx.PUBLIC_IDENTITY, VENDOR_3GPP),
            (cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP),
            (cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP),
            (cx.SERVER_NAME, VENDOR_3GPP),
        ]
        for key in keys:
            with self.subTest(key):
                answer = self.ask(self.scscf, whole.plus(whole.find(*key)), cx.AVP_OCCURS_TOO_MANY_TIMES)
                self.assert_failed(answer, key)

    def test_the_item_says_no_scheme(self):
        subscriber = self.subscriber()
        whole = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, scheme=None)
        answer = self.ask(self.scscf, whole, cx.MISSING_AVP)
        self.assert_failed_in_item(answer, cx.SIP_AUTHENTICATION_SCHEME)

    def assert_failed_in_item(self, answer, code):
        """Failed-AVP names the member, alone or inside its group (RFC 6733 7.5 allows both)."""
        (failed,) = cx.failed_avps(answer)
        if failed.key == (cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP):
            (failed,) = failed.members
        self.assertEqual(failed.key, (code, VENDOR_3GPP))

    def test_invalid_values(self):
        subscriber = self.subscriber()
        whole = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        for avp in (cx.avp(cx.SERVER_NAME, b""), cx.avp(cx.PUBLIC_IDENTITY, b"")):
            with self.subTest(str(avp)):
                answer = self.ask(self.scscf, whole.replacing(avp), cx.INVALID_AVP_VALUE)
                self.assert_failed(answer, avp.key)
        self.assert_first_registration(subscriber)

    def test_as_kamailio_asks(self):
        subscriber = self.subscriber()
        request = kamailio.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        (vector,) = cx.vectors(self.ask(self.scscf, request, cx.SUCCESS))
        self.assertEqual(vector.scheme, cx.AKA_V1_MD5)
        self.assert_accepted(subscriber, vector)
        stranger = Subscriber()
        self.ask(self.scscf, kamailio.mar(self.scscf, stranger.impi, stranger.sip, SERVER_NAME), cx.USER_UNKNOWN)


class SettingsTest(HssTest):
    """The settings that decide what a MAR gets."""

    more_settings = {"cx": {"unknown_scheme": '"strict"', "max_vectors": "5"}}

    def test_unknown_scheme_to_the_letter(self):
        subscriber = self.subscriber()
        for scheme in ("Unknown", "unknown"):
            self.mar(subscriber, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme=scheme)
        self.assert_accepted(subscriber, self.vector(subscriber))

    def test_several_vectors(self):
        subscriber = self.subscriber()
        answer = self.mar(subscriber, items=5)
        vectors = cx.vectors(answer)
        self.assertEqual([vector.number for vector in vectors], [1, 2, 3, 4, 5])
        self.assertEqual(answer.find(cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP).number, 5)
        sqns = [subscriber.sqn(vector) for vector in vectors]
        self.assertEqual([seq for seq, _ in sqns], [sqns[0][0] + n for n in range(5)])
        self.assertEqual(len({ind for _, ind in sqns}), 1)
        for vector in vectors:
            self.assert_accepted(subscriber, vector)
        self.assertEqual(len(cx.vectors(self.mar(subscriber, items=3))), 3)
        self.assertEqual(len(cx.vectors(self.mar(subscriber, items=99))), 5)


if __name__ == "__main__":
    unittest.main()
