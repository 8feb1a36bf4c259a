"""RTR and PPR to a real S-CSCF: what it answers, what becomes of the phone, and what the HSS makes of both."""
# SPDX-License-Identifier: MIT

import json
import re
import unittest

from tests.interop.support import CscfTest
from tests.peer import sip_server
from tests.peer.server import wait_until


class PushToKamailio(CscfTest):
    push_settings = {"answer_seconds": 1, "retry_seconds": 1, "retry_most_seconds": 1}

    def registered(self):
        """A subscriber, and the phone that has registered it."""
        subscriber = self.subscriber()
        phone = self.phone(subscriber)
        self.assert_accepted_by_network(phone.register())
        self.assert_registered_at_scscf(subscriber)
        return subscriber, phone

    def pushes(self, subscriber):
        lines = self.server.hssctl("--json", "push", "list", subscriber.imsi).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def notified(self, phone):
        """The states of the registrations by identity, as the next NOTIFY has them (RFC 3680 5.2)."""
        request = phone.answer_one(timeout=20)
        self.assertEqual(request.method, "NOTIFY")
        states = {}
        for element in re.findall(r"<registration [^>]*>", request.body.decode()):
            (aor,) = re.findall(r'aor="([^"]*)"', element)
            (states[aor],) = re.findall(r'state="([^"]*)"', element)
        return states

    def test_an_rtr_de_registers_the_phone_at_both_ends(self):
        subscriber, phone = self.registered()
        self.assert_reached(phone, subscriber.sip, self.cscfs.scscf_address)
        phone.subscribe_to_registration(self.cscfs.scscf_address)
        self.assertEqual(self.notified(phone), {subscriber.sip: "active", subscriber.tel: "active"})
        self.server.hssctl("deregister", subscriber.imsi, "--wait", "30")
        # The identities share the contact: the first RTR ends both.
        self.assertEqual(self.notified(phone), {subscriber.sip: "terminated", subscriber.tel: "terminated"})
        self.assertNotIn("s_cscf", self.assert_state(subscriber, "not registered"))
        rows = self.pushes(subscriber)
        # One for each identity that is not barred, and the S-CSCF answers both.
        self.assertCountEqual([row["public_identities"] for row in rows], [[subscriber.sip], [subscriber.tel]])
        for row in rows:
            self.assertEqual((row["kind"], row["reason"], row["status"]), ("RTR", "PERMANENT_TERMINATION", "done"))
            self.assertEqual((row["result"], row["attempts"]), ("DIAMETER_SUCCESS", 1))
        # The phone may come back.
        self.assert_accepted_by_network(phone.register())
        self.assert_registered_at_scscf(subscriber)

    def test_a_ppr_is_not_understood_and_an_rtr_takes_its_place(self):
        subscriber, phone = self.registered()
        self.server.hssctl("subscriber", "set", subscriber.imsi, "--display-name", "Somebody else")
        rows = wait_until(
            lambda: [row for row in self.pushes(subscriber) if row["status"] != "waiting"], 60, "the PPR waits"
        )
        self.assertEqual([(row["kind"], row["status"]) for row in rows], [("PPR", "refused")])
        self.assertIn("does not take a PPR", rows[0]["outcome"])
        self.assert_registered_at_scscf(subscriber)
        self.assert_reached(phone, subscriber.sip, self.cscfs.scscf_address)
        self.server.hssctl("deregister", subscriber.imsi, "--reason", "server-change", "--wait", "30")
        self.assert_state(subscriber, "not registered")
        self.assert_accepted_by_network(phone.register())
        self.assert_registered_at_scscf(subscriber)


class ThirdPartyRegistration(CscfTest):
    """The SMS profile: the S-CSCF tells the IP-SM-GW that the phone has registered (TS 24.341 5.3.3)."""

    def test_the_application_server_of_the_sms_profile_is_told(self):
        server = sip_server.SipServer()
        self.addCleanup(server.close)
        self.server.hssctl("profile", "set", "sms", "--template", "sms-over-ip", "--as", server.uri)
        subscriber = self.subscriber("--profile", "sms")
        phone = self.phone(subscriber)
        self.assert_accepted_by_network(phone.register())
        request = server.take()
        self.assertEqual((request.method, request.uri), ("REGISTER", server.uri))
        self.assertIn(subscriber.sip, request.header("To"))
        self.assertIn(self.cscfs.server_name.removeprefix("sip:"), request.header("From"))
        self.assertGreater(int(request.header("Expires")), 0)


if __name__ == "__main__":
    unittest.main()
