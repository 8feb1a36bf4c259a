"""SIPp registers through Kamailio with a Milenage of its own: an implementation that nobody here has written."""
# SPDX-License-Identifier: MIT

import secrets
import string
import unittest

from tests.interop import sipp
from tests.interop.support import CscfTest
from tests.peer.milenage import Milenage, derive_opc
from tests.peer.server import REALM
from tests.peer.ue import digest_response
from tests.system.support import Subscriber

PHONES = 20
# SIPp 3.6.1 ends RES at an octet of zero, which 3 of 100 have: refused, such a phone tries again. That five
# attempts meet it is to be expected of one phone in 40 millions.
ATTEMPTS = 5


def key():
    """16 octets that SIPp takes as they are."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(16)).encode()


class Sipp(CscfTest):
    def subscriber_with_op(self):
        """A subscriber provisioned with OP, as SIPp has it, and the phone."""
        subscriber, op = Subscriber(), key()
        subscriber.k = key()
        subscriber.opc = derive_opc(subscriber.k, op)
        subscriber.usim = subscriber.card()
        self.keep_secrets(subscriber.k, subscriber.opc, op)
        self.server.hssctl("subscriber", "add", "--imsi", subscriber.imsi, "--msisdn", subscriber.msisdn,
                           "--k", subscriber.k.hex(), "--op", op.hex())
        return subscriber, sipp.Phone(subscriber.impi, subscriber.sip, REALM, subscriber.k, op)

    def response(self, subscriber, answer, res):
        """What the phone must send when this is its RES (RFC 3310 3.3)."""
        return digest_response(subscriber.impi, answer["realm"], res, "REGISTER", answer["uri"], answer["nonce"],
                               qop=answer["qop"], nc=answer["nc"], cnonce=answer["cnonce"])

    def assert_call(self, subscriber, call):
        """True when the phone is registered; False when it was refused, and for the zero in its RES alone."""
        self.assertGreaterEqual(len(call.challenges), 1, call.codes)
        self.assertEqual(call.codes[:-1], [401] * len(call.challenges), call.codes)
        self.assertEqual(len(call.answers), len(call.challenges), call.codes)
        for challenge in call.challenges:
            # Where SIPp does not look: the number is fresh for the card, and the keys are those of the card.
            outcome = subscriber.usim.challenge(challenge.rand, challenge.autn)
            self.assertEqual(outcome.kind, "ok")
            self.keep_secrets(outcome.res, outcome.ck, outcome.ik)
            self.assertTrue((challenge.ck, challenge.ik) == (outcome.ck, outcome.ik), "other keys than the card's")
        res = Milenage(subscriber.k, subscriber.opc).f2345(challenge.rand).res
        answer = call.answers[-1]
        self.assertEqual(answer["nonce"], challenge.nonce)
        if call.codes[-1] == 200:
            self.assertEqual(answer["response"], self.response(subscriber, answer, res))
            return True
        self.assertEqual(call.codes[-1], 403, call.codes)
        self.assertIn(0, res, "refused although SIPp had the whole of RES")
        self.assertEqual(answer["response"], self.response(subscriber, answer, res.partition(b"\0")[0]))
        return False

    def test_registration(self):
        waiting = dict(self.subscriber_with_op() for _ in range(PHONES))
        subscribers = list(waiting)
        for _ in range(ATTEMPTS):
            run = sipp.register(self.cscfs.proxy, list(waiting.values()))
            self.assertCountEqual(run.calls, [subscriber.sip for subscriber in waiting], run.said)
            refused = [each for each in waiting if not self.assert_call(each, run.calls[each.sip])]
            self.assertEqual(run.exit_code, 1 if refused else 0, run.said)
            for subscriber in refused:
                self.assert_state(subscriber, "not registered")
            waiting = {subscriber: waiting[subscriber] for subscriber in refused}
            if not waiting:
                break
        self.assertEqual(len(waiting), 0, f"RES had an octet of zero {ATTEMPTS} times in a row")
        for subscriber in subscribers:
            self.assert_registered_at_scscf(subscriber)

    def test_sipp_refuses_a_challenge_of_another_key(self):
        """It does look at MAC-A: what it accepts above is right."""
        subscriber, phone = self.subscriber_with_op()
        other = sipp.Phone(phone.impi, phone.impu, phone.realm, key(), phone.op)
        run = sipp.register(self.cscfs.proxy, [other])
        self.assertEqual((run.exit_code, run.calls[subscriber.sip].codes), (255, [401]))
        self.assertIn("MAC != eXpectedMAC", run.said)
        self.assert_state(subscriber, "not registered")


if __name__ == "__main__":
    unittest.main()
