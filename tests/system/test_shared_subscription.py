# Subscriptions of several cards and several implicit sets (TS 23.228 4.3.3.4): what one does must not undo the other.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest, Subscriber, identities, user_data


class SharedSubscriptionTest(HssTest):
    def two_cards(self):
        """Two private identities, each with its own keys, that share one implicit set."""
        first, second = Subscriber(), Subscriber()
        self.keep_secrets(second.k, second.opc)
        second.sip, second.tel, second.temporary = first.sip, first.tel, first.temporary
        self.subscription(
            first,
            key_sets=[{"k": one.k.hex(), "opc": one.opc.hex()} for one in (first, second)],
            private_identities=[{"impi": first.impi, "key_set": 0}, {"impi": second.impi, "key_set": 1}],
        )
        return first, second

    def two_sets(self):
        """One card; sip: and the temporary identity in one implicit set, tel: in another."""
        subscriber = Subscriber()
        return self.subscription(
            subscriber,
            public_identities=[
                {"impu": subscriber.sip, "implicit_set": 0},
                {"impu": subscriber.temporary, "implicit_set": 0, "barred": True},
                {"impu": subscriber.tel, "implicit_set": 1},
            ],
        )

    # ---- two cards, one set ----

    def test_each_card_has_its_own_keys(self):
        for card in self.two_cards():
            for _ in range(2):
                self.assert_accepted(card, self.vector(card))

    def test_all_private_identities_are_told(self):
        first, second = self.two_cards()
        for card in (first, second):
            answer = self.register(card)
            self.assertCountEqual(cx.associated_identities(answer), [first.impi, second.impi])
            self.assertEqual(answer.text(diameter.USER_NAME), card.impi)
            self.assertEqual(user_data(answer).findtext("PrivateID"), card.impi)

    def test_one_card_leaves_the_other_stays(self):
        first, second = self.two_cards()
        self.register(first)
        self.register(second)
        self.sar(first, cx.USER_DEREGISTRATION)
        self.assert_registered(second)
        self.sar(second, cx.USER_DEREGISTRATION)
        self.assert_not_registered(second)
        self.assert_first_registration(first)

    def test_one_card_fails_the_other_stays(self):
        first, second = self.two_cards()
        self.register(first)
        self.mar(second)
        self.sar(second, cx.AUTHENTICATION_FAILURE)
        self.assert_registered(first)

    def test_a_deregistration_without_private_identity_takes_all(self):
        first, second = self.two_cards()
        self.register(first)
        self.register(second)
        request = cx.sar(self.scscf, None, first.tel, SERVER_NAME, cx.ADMINISTRATIVE_DEREGISTRATION)
        self.ask(self.scscf, request, cx.SUCCESS)
        self.assert_not_registered(first)

    # ---- one card, two sets ----

    def test_the_sets_register_apart(self):
        subscriber = self.two_sets()
        answer = self.register(subscriber)
        self.assertEqual(identities(user_data(answer)), [(subscriber.sip, False), (subscriber.temporary, True)])
        self.lir(subscriber.sip, cx.SUCCESS)
        self.lir(subscriber.tel, cx.IDENTITY_NOT_REGISTERED)

    def test_one_server_for_the_subscription(self):
        subscriber = self.two_sets()
        self.register(subscriber)
        # The other set goes where the first one is served; it is not registered itself.
        self.assert_served_by(subscriber, SERVER_NAME, subscriber.tel)
        self.uar(subscriber, cx.IDENTITY_NOT_REGISTERED, subscriber.tel, type=cx.UAT_DE_REGISTRATION)
        answer = self.sar(
            subscriber,
            cx.REGISTRATION,
            cx.IDENTITY_ALREADY_REGISTERED,
            impu=subscriber.tel,
            at=self.scscf_2,
            server_name=SERVER_NAME_2,
        )
        self.assertEqual(cx.server_name(answer), SERVER_NAME)
        answer = self.register(subscriber, impu=subscriber.tel)
        self.assertEqual(identities(user_data(answer)), [(subscriber.tel, False)])

    def test_the_name_goes_with_the_last_set(self):
        subscriber = self.two_sets()
        self.register(subscriber)
        self.register(subscriber, impu=subscriber.tel)
        self.sar(subscriber, cx.USER_DEREGISTRATION)
        self.lir(subscriber.sip, cx.IDENTITY_NOT_REGISTERED)
        self.assertEqual(cx.server_name(self.lir(subscriber.tel, cx.SUCCESS)), SERVER_NAME)
        self.assert_served_by(subscriber, SERVER_NAME)
        self.sar(subscriber, cx.USER_DEREGISTRATION, impu=subscriber.tel)
        self.assert_first_registration(subscriber)

    def test_a_deregistration_of_the_card_takes_all_sets(self):
        subscriber = self.two_sets()
        self.register(subscriber)
        self.register(subscriber, impu=subscriber.tel)
        request = cx.sar(self.scscf, subscriber.impi, None, SERVER_NAME, cx.TIMEOUT_DEREGISTRATION)
        self.ask(self.scscf, request, cx.SUCCESS)
        self.assert_not_registered(subscriber)
        self.assert_first_registration(subscriber)

    # ---- who may use what ----

    def test_a_private_identity_uses_only_its_sets(self):
        first, second = Subscriber(), Subscriber()
        self.subscription(
            first,
            private_identities=[{"impi": first.impi, "key_set": 0}, {"impi": second.impi}],
            public_identities=[
                {"impu": first.sip, "implicit_set": 0},
                {"impu": second.sip, "implicit_set": 1},
            ],
            associations=[
                {"private_identity": 0, "implicit_set": 0},
                {"private_identity": 1, "implicit_set": 1},
            ],
        )
        self.uar(first, cx.FIRST_REGISTRATION)
        self.uar(first, cx.IDENTITIES_DONT_MATCH, second.sip)
        self.mar(first, cx.IDENTITIES_DONT_MATCH, second.sip)
        self.sar(first, cx.REGISTRATION, cx.IDENTITIES_DONT_MATCH, second.sip)
        # The second has no keys: no scheme that needs them is its own.
        self.uar(second, cx.FIRST_REGISTRATION)
        self.mar(second, cx.AUTH_SCHEME_NOT_SUPPORTED)
        self.mar(second, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme="Unknown")


if __name__ == "__main__":
    unittest.main()
