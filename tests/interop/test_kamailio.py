"""Phones that do real AKA register through Kamailio's I-CSCF and S-CSCF with the HSS behind them."""
# SPDX-License-Identifier: MIT

import os
import re
import unittest

from tests.interop.support import CscfTest
from tests.peer import sip_server
from tests.peer.server import REALM, SCSCF
from tests.peer.usim import Outcome, Usim


class Impostor(Usim):
    """A card that answers every challenge although it does not know K."""

    def challenge(self, rand, autn):
        return Outcome("ok", sqn=0, res=bytes(8), ck=bytes(16), ik=bytes(16))


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

    # ---- to a phone ----

    def test_a_message_finds_the_phone(self):
        """The I-CSCF asks the HSS where the user is served (LIR) and sends the MESSAGE there."""
        subscriber = self.subscriber()
        phone = self.phone(subscriber)
        self.assertEqual(sip_server.send(self.cscfs.proxy, "MESSAGE", subscriber.sip), 480)
        self.assert_accepted_by_network(phone.register())
        self.assert_reached(phone, subscriber.sip, self.cscfs.proxy)
        self.assertEqual(sip_server.send(self.cscfs.proxy, "MESSAGE", f"sip:999@{REALM}"), 604)
        for impu, words in ((subscriber.sip, "DIAMETER_ERROR_IDENTITY_NOT_REGISTERED"),
                            (subscriber.sip, f"scscf={self.cscfs.server_name} .*DIAMETER_SUCCESS"),
                            (f"sip:999@{REALM}", "DIAMETER_ERROR_USER_UNKNOWN")):
            self.server.wait_log(rf"\bLIR .*impu={re.escape(impu)} .*{words}")

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
        self.cscfs.wait_for_loss()
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
