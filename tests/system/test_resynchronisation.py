# Resynchronisation (TS 33.102 6.3.5) with a card that is out of step: one round trip brings both together, and nothing
# but a true AUTS moves SEQ.
# SPDX-License-Identifier: MIT
import os
import unittest

from tests.peer import cx, kamailio
from tests.peer.connection import VENDOR_3GPP
from tests.system.support import DELTA, SERVER_NAME, SERVER_NAME_2, HssTest

# The server remembers the RANDs of this many challenges of a key set.
REMEMBERED_CHALLENGES = 8


class ResynchronisationTest(HssTest):
    def failure(self, subscriber):
        """A challenge that the card refuses for its SQN: RAND || AUTS."""
        vector = self.vector(subscriber)
        outcome = subscriber.usim.challenge(vector.rand, vector.autn)
        self.assertEqual(outcome.kind, "sync_failure")
        return vector.rand + outcome.auts

    def seq(self, subscriber):
        """SEQ of a fresh vector."""
        return subscriber.sqn(self.vector(subscriber))[0]

    def far_ahead(self):
        """The server's SEQ is by more than Delta ahead of the card's, which has accepted 5 last."""
        subscriber = self.subscriber("--sqn", f"{(DELTA + 1000) << 5:012x}")
        subscriber.usim = subscriber.card(seq=5)
        return subscriber

    def test_a_card_ahead_takes_one_round(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        token = self.failure(subscriber)
        vector = self.vector(subscriber, authorization=token)
        self.assertNotEqual(vector.rand, token[:16])
        self.assertEqual(subscriber.sqn(vector)[0], (1 << 20) + 1)
        self.assertEqual(vector.autn[6:8].hex(), "8000")  # the key set's AMF, not AMF*
        self.assert_accepted(subscriber, vector)
        self.assert_accepted(subscriber, self.vector(subscriber))
        self.sar(subscriber, cx.REGISTRATION)

    def test_a_card_far_behind_lowers_seq(self):
        subscriber = self.far_ahead()
        vector = self.vector(subscriber, authorization=self.failure(subscriber))
        self.assertEqual(subscriber.sqn(vector)[0], 6)
        self.assert_accepted(subscriber, vector)

    def test_a_card_behind_within_delta_keeps_seq(self):
        subscriber = self.subscriber("--sqn", f"{5000 << 5:012x}")
        vector = self.vector(subscriber)
        auts = subscriber.card(seq=4000).auts(vector.rand)
        again = self.vector(subscriber, authorization=vector.rand + auts)
        self.assertEqual(subscriber.sqn(again)[0], subscriber.sqn(vector)[0] + 1)

    def test_a_replayed_token_changes_nothing(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        token = self.failure(subscriber)
        seqs = [subscriber.sqn(self.vector(subscriber, authorization=token))[0] for _ in range(4)]
        self.assertEqual(seqs, [(1 << 20) + n for n in range(1, 5)])

    def test_another_challenge_may_raise(self):
        # The S-CSCF may come back late: the RAND is long forgotten, but a rise costs nothing.
        subscriber = self.subscriber()
        rand = os.urandom(16)
        auts = subscriber.card(seq=1 << 20).auts(rand)
        vector = self.vector(subscriber, authorization=rand + auts)
        self.assertEqual(subscriber.sqn(vector)[0], (1 << 20) + 1)

    def test_a_challenge_never_sent_may_not_lower(self):
        subscriber = self.far_ahead()
        before = self.seq(subscriber)
        rand = os.urandom(16)
        token = rand + subscriber.usim.auts(rand)
        self.mar(subscriber, cx.UNABLE_TO_COMPLY, authorization=token)
        self.assertEqual(self.seq(subscriber), before + 1)

    def test_a_challenge_long_ago_may_not_lower(self):
        subscriber = self.far_ahead()
        token = self.failure(subscriber)
        before = [self.seq(subscriber) for _ in range(REMEMBERED_CHALLENGES)][-1]
        self.mar(subscriber, cx.UNABLE_TO_COMPLY, authorization=token)
        self.assertEqual(self.seq(subscriber), before + 1)

    def test_a_challenge_of_another_subscriber_may_not_lower(self):
        subscriber, other = self.far_ahead(), self.subscriber()
        before = self.seq(subscriber)
        rand = self.vector(other).rand
        self.mar(subscriber, cx.UNABLE_TO_COMPLY, authorization=rand + subscriber.usim.auts(rand))
        self.assertEqual(self.seq(subscriber), before + 1)

    def test_a_wrong_mac_changes_nothing(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        token = self.failure(subscriber)
        before = self.seq(subscriber)
        self.register(other := self.subscriber())
        wrong = [token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :] for at in (0, 15, 16, 21, 22, 29)]
        wrong += [bytes(30), token[:16] + bytes(14), token[:16] + other.usim.auts(token[:16])]
        for one in wrong:
            with self.subTest(one.hex()):
                answer = self.mar(subscriber, cx.UNABLE_TO_COMPLY, authorization=one)
                self.assertEqual(cx.vectors(answer), [])
        self.assertEqual(self.seq(subscriber), before + 1)

    def test_a_wrong_length_changes_nothing(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        token = self.failure(subscriber)
        before = self.seq(subscriber)
        # 46 octets are RAND, AUTN and AUTS, as some S-CSCFs send them.
        for wrong in (b"", token[16:], token[:-1], token + b"\0", token[:16] + bytes(16) + token[16:]):
            with self.subTest(len(wrong)):
                answer = self.mar(subscriber, cx.INVALID_AVP_VALUE, authorization=wrong)
                (failed,) = cx.failed_avps(answer)
                if failed.key == (cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP):
                    failed = failed.find(cx.SIP_AUTHORIZATION, VENDOR_3GPP)
                self.assertEqual((failed.key, failed.data), ((cx.SIP_AUTHORIZATION, VENDOR_3GPP), wrong))
        self.assertEqual(self.seq(subscriber), before + 1)

    def test_another_server_may_not(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        token = self.failure(subscriber)
        self.mar(
            subscriber, cx.UNABLE_TO_COMPLY, at=self.scscf_2, server_name=SERVER_NAME_2, authorization=token
        )
        self.assert_served_by(subscriber, SERVER_NAME)
        self.assertEqual(self.seq(subscriber), 2)

    def test_the_other_identities_of_the_card_follow(self):
        # SEQ belongs to the key set, whatever identity it is asked for.
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        self.assert_accepted(subscriber, self.vector(subscriber, authorization=self.failure(subscriber)))
        for impu in (subscriber.tel, subscriber.temporary):
            self.assert_accepted(subscriber, self.vector(subscriber, impu=impu))

    def test_as_kamailio_asks(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        request = kamailio.mar(
            self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, authorization=self.failure(subscriber)
        )
        (vector,) = cx.vectors(self.ask(self.scscf, request, cx.SUCCESS))
        self.assert_accepted(subscriber, vector)

    def test_the_operator_is_told(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        self.vector(subscriber, authorization=self.failure(subscriber))
        shown = self.server.hssctl("subscriber", "show", subscriber.imsi).stdout
        self.assertRegex(shown, str(1 << 20))
        self.assertIn(self.scscf.host, shown)


if __name__ == "__main__":
    unittest.main()
