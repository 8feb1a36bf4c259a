"""What the tests beside Kamailio share: an HSS and CSCFs for each class, phones, what holds after a registration."""
# SPDX-License-Identifier: MIT

import base64
import re
import sys
import threading

from tests.interop.cscf import Cscfs
from tests.peer import sip_server
from tests.peer.server import ICSCF, REALM, SCSCF
from tests.peer.ue import Ue
from tests.system.support import HssTest


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
            cls.cscfs.start(cls.hss_port())
        except Exception:
            print(f"The HSS's log:\n{cls.server.log()[-3000:]}", file=sys.stderr)
            cls.cscfs.close()  # before the server, as below
            raise

    @classmethod
    def hss_port(cls):
        """Where the CSCFs find the HSS."""
        return cls.server.port

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
        return shown

    def assert_reached(self, phone, impu, server):
        """A MESSAGE for an identity arrives; a sip: one (the S-CSCF's lookup() of 5.6 crashes on tel:)."""
        taken = []
        answering = threading.Thread(target=lambda: taken.append(phone.answer_one().method))
        answering.start()
        self.assertEqual(sip_server.send(server, "MESSAGE", impu), 200)
        answering.join()
        self.assertEqual(taken, ["MESSAGE"])

    def assert_logged(self, command, subscriber, words):
        """The HSS's line on a request of this subscriber."""
        self.server.wait_log(rf"\b{command} .*impi={re.escape(subscriber.impi)} .*{words}")
