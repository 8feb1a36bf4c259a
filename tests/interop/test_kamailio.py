"""Phones that do real AKA register through Kamailio's I-CSCF and S-CSCF with the HSS behind them."""
# SPDX-License-Identifier: MIT

import base64
import os
import re
import sys
import threading
import unittest

from tests.interop.cscf import Cscfs
from tests.peer.server import ICSCF, REALM, SCSCF
from tests.peer.ue import Ue
from tests.peer.usim import Outcome, Usim
from tests.system.support import HssTest

PHONES_AT_ONCE = 12


class Impostor(Usim):
    """A card that answers every challenge although it does not know K."""

    def challenge(self, rand, autn):
        return Outcome("ok", sqn=0, res=bytes(8), ck=bytes(16), ik=bytes(16))


class CscfTest(HssTest):
    """The HSS and the CSCFs run while the tests of the class do."""

    peers = (ICSCF, SCSCF)
    cx_settings = {}
    push_settings = {}

    @classmethod
    def setUpClass(cls):
        cls.cscfs = Cscfs(REALM)
        cls.addClassCleanup(cls.cscfs.close)
        cls.more_settings = {"cx": {"scscf_pool": f'["{cls.cscfs.server_name}"]', **cls.cx_settings},
                             "push": cls.push_settings}
        super().setUpClass()
        try:
            cls.cscfs.start(cls.server.port)
        except Exception:
            print(f"The HSS's log:\n{cls.server.log()[-3000:]}", file=sys.stderr)
            cls.cscfs.close()  # before the server, as below
            raise

    @classmethod
    def tearDownClass(cls):
        cls.cscfs.close()  # first: the HSS would wait for them to close their connections
        super().tearDownClass()

    def run(self, result=None):
        failures = len(result.failures) + len(result.errors) if result else 0
        done = super().run(result)
        if result and len(result.failures) + len(result.errors) > failures:
            print(self.cscfs.tails(), file=sys.stderr)
        return done

    def phone(self, subscriber, usim=None, impu=None, impi=None, **options):
        phone = Ue(usim or subscriber.usim, impi or subscriber.impi, impu or subscriber.sip, REALM, self.cscfs.proxy,
                   visited_network=REALM, **options)
        self.addCleanup(phone.close)
        return phone

    # ---- what was said ----

    def assert_codes(self, attempt, *codes):
        for outcome in attempt.outcomes:
            self.keep_secrets(*(secret for secret in (outcome.res, outcome.ck, outcome.ik) if secret))
        self.assertEqual([response.code for response in attempt.responses], list(codes), attempt.story())

    def assert_accepted_by_network(self, attempt):
        """401 and 200, or one challenge more: the S-CSCF sends its 401 before it has stored the vector."""
        self.assertIn(len(attempt.challenges), (1, 2), attempt.story())
        self.assert_codes(attempt, *[401] * len(attempt.challenges), 200)
        self.assertEqual({outcome.kind for outcome in attempt.outcomes}, {"ok"}, attempt.story())

    def assert_challenge_of_aka(self, attempt):
        """RFC 3310 3.2, and the keys that the S-CSCF adds for the P-CSCF (TS 24.229 5.4.1.2.1): those of the card."""
        for challenge, outcome in zip(attempt.challenges, attempt.outcomes, strict=True):
            self.assertEqual(len(base64.b64decode(challenge.nonce, validate=True)), 32)
            self.assertEqual((challenge.algorithm, challenge.realm), ("AKAv1-MD5", REALM))
            self.assertEqual((challenge.ck, challenge.ik), (outcome.ck, outcome.ik))

    # ---- what the HSS holds ----

    def show(self, subscriber):
        return self.server.hssctl_json("subscriber", "show", subscriber.imsi)

    def assert_state(self, subscriber, state):
        """The members of an implicit set move together, and the S-CSCF is stored by both of its names."""
        shown = self.show(subscriber)
        self.assertEqual(
            {(entry["impi"], entry["impu"], entry["state"]) for entry in shown["registration"]},
            {(subscriber.impi, impu, state) for impu in (subscriber.temporary, subscriber.sip, subscriber.tel)})
        return shown

    def assert_registered_at_scscf(self, subscriber):
        shown = self.assert_state(subscriber, "registered")
        self.assertFalse([entry for entry in shown["registration"] if "authentication_pending_until" in entry])
        self.assertEqual(shown["s_cscf"], {"name": self.cscfs.server_name, "diameter_host": SCSCF,
                                           "diameter_realm": REALM})

    def assert_logged(self, command, subscriber, words):
        """The HSS's line on a request of this subscriber."""
        self.server.wait_log(rf"\b{command} .*impi={re.escape(subscriber.impi)} .*{words}")


class Kamailio(CscfTest):
    # ---- registration ----

    def test_registration(self):
        subscriber = self.subscriber()
        attempt = self.phone(subscriber).register()
        self.assert_accepted_by_network(attempt)
        self.assert_challenge_of_aka(attempt)
        self.assert_registered_at_scscf(subscriber)

    def test_all_but_the_barred_identities_are_associated(self):
        subscriber = self.subscriber()
        attempt = self.phone(subscriber).register()
        self.assert_accepted_by_network(attempt)
        self.assertEqual(attempt.final.associated_uris(), [subscriber.sip, subscriber.tel])

    def test_registration_with_the_temporary_identity(self):
        """What a phone with a USIM and no ISIM does (TS 23.003 13.4B): barred, and yet it registers the set."""
        subscriber = self.subscriber()
        attempt = self.phone(subscriber, impu=subscriber.temporary).register()
        self.assert_accepted_by_network(attempt)
        self.assertEqual(attempt.final.associated_uris(), [subscriber.sip, subscriber.tel])
        self.assert_registered_at_scscf(subscriber)

    def test_scheme_left_to_the_hss(self):
        """The S-CSCF asks for the scheme "unknown" when the phone does not say what it can do."""
        subscriber = self.subscriber()
        attempt = self.phone(subscriber, algorithm=None).register()
        self.assert_accepted_by_network(attempt)
        self.assert_challenge_of_aka(attempt)
        self.assert_registered_at_scscf(subscriber)

    def test_reregistration(self):
        subscriber = self.subscriber()
        phone = self.phone(subscriber)
        self.assert_accepted_by_network(phone.register())
        seq = subscriber.usim.seq_ms
        self.assert_accepted_by_network(phone.register())
        self.assertGreater(subscriber.usim.seq_ms, seq)
        self.assert_logged("UAR", subscriber, "DIAMETER_SUBSEQUENT_REGISTRATION")
        self.assert_logged("SAR", subscriber, "RE_REGISTRATION -> DIAMETER_SUCCESS")
        self.assert_registered_at_scscf(subscriber)

    def test_deregistration(self):
        subscriber = self.subscriber()
        phone = self.phone(subscriber)
        self.assert_accepted_by_network(phone.register())
        self.assert_accepted_by_network(phone.deregister())
        self.assert_logged("UAR", subscriber, "DE_REGISTRATION -> DIAMETER_SUCCESS")
        self.assert_logged("SAR", subscriber, "USER_DEREGISTRATION -> DIAMETER_SUCCESS")
        self.assertNotIn("s_cscf", self.assert_state(subscriber, "not registered"))

    def test_registration_after_deregistration(self):
        subscriber = self.subscriber()
        phone = self.phone(subscriber)
        self.assert_accepted_by_network(phone.register())
        self.assert_accepted_by_network(phone.deregister())
        self.assert_accepted_by_network(phone.register())
        self.assert_registered_at_scscf(subscriber)

    def test_many_phones_at_once(self):
        subscribers = [self.subscriber() for _ in range(PHONES_AT_ONCE)]
        phones = [self.phone(subscriber) for subscriber in subscribers]
        attempts = [None] * len(phones)

        def register(index):
            attempts[index] = phones[index].register()

        threads = [threading.Thread(target=register, args=(index,)) for index in range(len(phones))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for subscriber, attempt in zip(subscribers, attempts, strict=True):
            self.assertIsNotNone(attempt, "a phone had no answer")
            self.assert_accepted_by_network(attempt)
            self.assert_registered_at_scscf(subscriber)

    # ---- resynchronisation ----

    def test_card_ahead_of_the_hss_resynchronises(self):
        subscriber = self.subscriber()
        card = subscriber.card(seq=5000)
        attempt = self.phone(subscriber, card).register()
        self.assert_codes(attempt, 401, 401, 200)
        self.assertEqual([outcome.kind for outcome in attempt.outcomes], ["sync_failure", "ok"])
        self.assertNotEqual(attempt.challenges[0].rand, attempt.challenges[1].rand)
        self.assertEqual(card.seq_ms, 5001)
        self.assert_registered_at_scscf(subscriber)
        resynchronisation = self.show(subscriber)["key_sets"][0]["last_resynchronisation"]
        self.assertEqual((resynchronisation["origin_host"], resynchronisation["seq_ms"], resynchronisation["seq"]),
                         (SCSCF, 5000, "raised"))

    # ---- refusals ----

    def test_unknown_subscriber(self):
        subscriber = self.subscriber()
        impi = f"999{subscriber.impi}"
        self.assert_codes(self.phone(subscriber, impi=impi, impu=f"sip:999@{REALM}").register(), 403)
        self.server.wait_log(rf"\bUAR .*impi={re.escape(impi)} .*DIAMETER_ERROR_USER_UNKNOWN")

    def test_identities_of_different_subscribers(self):
        subscriber, other = self.subscriber(), self.subscriber()
        self.assert_codes(self.phone(subscriber, impu=other.sip).register(), 403)
        self.assert_logged("UAR", subscriber, "DIAMETER_ERROR_IDENTITIES_DONT_MATCH")
        self.assert_state(other, "not registered")

    def test_wrong_response_is_refused(self):
        subscriber = self.subscriber()
        impostor = Impostor(subscriber.k, subscriber.opc)
        self.assert_codes(self.phone(subscriber, impostor).register(), 401, 403)
        self.assert_state(subscriber, "not registered")

    def test_card_with_another_key_never_registers(self):
        """It finds MAC-A wrong and says so; the S-CSCF challenges again, and the phone gives up."""
        subscriber = self.subscriber()
        card = Usim(os.urandom(16), subscriber.opc)
        attempt = self.phone(subscriber, card).register()
        self.assert_codes(attempt, 401, 401, 401)
        self.assertEqual({outcome.kind for outcome in attempt.outcomes}, {"mac_failure"})
        self.assert_state(subscriber, "not registered")
        self.assert_accepted_by_network(self.phone(subscriber).register())

    # ---- the HSS goes away and comes back ----

    def test_hss_is_killed_and_comes_back(self):
        """The CSCFs connect again, the HSS remembers who is registered and where, and no SQN comes twice."""
        subscriber = self.subscriber()
        phone = self.phone(subscriber)
        self.assert_accepted_by_network(phone.register())
        self.server.kill9()
        self.server.start()
        self.cscfs.wait_for_hss()
        self.assert_registered_at_scscf(subscriber)
        self.assert_accepted_by_network(phone.register())
        self.assert_accepted_by_network(phone.deregister())
        self.assertNotIn("s_cscf", self.assert_state(subscriber, "not registered"))


class StrictHss(CscfTest):
    """The same with an HSS that does not choose a scheme for an S-CSCF that leaves it open."""

    cx_settings = {"unknown_scheme": '"strict"'}

    def test_scheme_left_open_is_refused(self):
        subscriber = self.subscriber()
        self.assert_codes(self.phone(subscriber, algorithm=None).register(), 403)
        self.assert_logged("MAR", subscriber, "DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED")
        self.assert_accepted_by_network(self.phone(subscriber).register())


if __name__ == "__main__":
    unittest.main()
