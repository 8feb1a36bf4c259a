"""What goes by between phones, Kamailio and the HSS, as Wireshark's dissectors read it: they find nothing wrong."""
# SPDX-License-Identifier: MIT

import pathlib
import tempfile
import unittest

from tests.interop.support import CscfTest
from tests.peer import sip_server, tshark
from tests.peer.pcap import Pcap
from tests.peer.relay import Relay
from tests.peer.server import REALM, wait_until

CX = "16777216"
# Command codes as the dissector shows them: RFC 6733 5.3 to 5.5, TS 29.229 6.1.
CE, DW, DP, UA, SA, LI, MA, RT, PP = "257", "280", "282", "300", "301", "302", "303", "304", "305"
BASE, EXPERIMENTAL = "diameter.Result-Code", "diameter.Experimental-Result-Code"
# Flags R and P, command code and application: the beginning of a PPR after its length.
PPR_OF_CX = bytes.fromhex("c0000131 01000000")


def octets(text):
    """As the dissector shows them: 01:23:ff."""
    return bytes.fromhex(text.replace(":", ""))


def only(message, name):
    """The value of a field that a message has once; None without it."""
    values = message.get(f"diameter.{name}", [None])
    if len(values) != 1:
        raise AssertionError(f"{len(values)} of diameter.{name}")
    return values[0]


class Capture(CscfTest):
    """The CSCFs reach the HSS through a relay that captures; what a phone sends and gets is in the same file."""

    @classmethod
    def hss_port(cls):
        directory = tempfile.TemporaryDirectory(prefix="minihss-capture-")
        cls.addClassCleanup(directory.cleanup)
        cls.capture = Pcap(pathlib.Path(directory.name) / "capture.pcap")
        cls.addClassCleanup(cls.capture.close)
        cls.relay = Relay(cls.server.port, cls.capture)
        cls.addClassCleanup(cls.relay.close)
        return cls.relay.port

    def phone(self, subscriber, usim=None, **options):
        return super().phone(subscriber, usim, capture=self.capture, **options)

    # ---- what is captured ----

    def registrations(self, subscriber, ahead):
        """The attempts of a registration, its renewal, its end, and of a card that is ahead of the HSS."""
        phone = self.phone(subscriber)
        attempts = [phone.register(), phone.register(), phone.deregister()]
        for attempt in attempts:
            self.assert_accepted_by_network(attempt)
        resynchronised = self.phone(ahead, ahead.card(seq=5000)).register()
        self.assert_codes(resynchronised, 401, 401, 200)
        return [*attempts, resynchronised]

    def refusals(self, subscriber, other):
        """Of somebody unknown, of two that do not belong together, and a message to one who is not there."""
        stranger = self.phone(subscriber, impi=f"999{subscriber.impi}", impu=f"sip:999@{REALM}")
        self.assert_codes(stranger.register(), 403)
        self.assert_codes(self.phone(subscriber, impu=other.sip).register(), 403)
        self.assertEqual(sip_server.send(self.cscfs.proxy, "MESSAGE", subscriber.sip), 480)

    def pushes(self, ahead, subscriber):
        """An RTR for each identity of one; of the other, who is found, a PPR."""
        self.server.hssctl("deregister", ahead.imsi, "--wait", "30")
        self.assert_state(ahead, "not registered")
        phone = self.phone(subscriber)
        attempt = phone.register()
        self.assert_accepted_by_network(attempt)
        self.assert_reached(phone, subscriber.sip, self.cscfs.proxy)
        self.server.hssctl("subscriber", "set", subscriber.imsi, "--display-name", "Somebody else")
        # Kamailio does not answer it; that the S-CSCF has been sent it, the capture tells.
        wait_until(lambda: PPR_OF_CX in self.capture.path.read_bytes(), 20, "no PPR")
        return phone, attempt

    def restart_of_the_hss(self, subscriber, phone):
        """Orderly, between two registrations of one phone."""
        sqn = subscriber.usim.sqn_ms
        self.assertEqual(self.server.stop(), 0)
        self.cscfs.wait_for_loss()
        self.server.start()
        self.cscfs.wait_for_hss()
        self.assert_registered_at_scscf(subscriber)
        attempt = phone.register()
        self.assert_accepted_by_network(attempt)
        self.assertGreater(subscriber.usim.sqn_ms, sqn)
        return attempt

    # ---- what the dissectors say ----

    def assert_nothing_is_wrong(self, diameter):
        path = self.capture.path
        self.assertEqual(tshark.frames(path, tshark.FAULTS), [])
        self.assertEqual(tshark.frames(path, "tcp.checksum.status != 1 || udp.checksum.status != 1"), [])
        self.assertEqual(tshark.frames(path, f"({tshark.NO_DIAMETER}) || ({tshark.NO_SIP})"), [])
        # The one remark is on Kamailio's own AVP 494 of vendor 50, the Call-ID, in its SARs.
        self.assertEqual(tshark.frames(path, f"{tshark.WARNINGS} && !diameter.avp.unknown"), [])
        for message in diameter:
            if "_ws.expert.message" in message:
                self.assertEqual((only(message, "cmd.code"), only(message, "flags.request")), (SA, "1"))
                texts = message["_ws.expert.message"]
                self.assertEqual([text.split(",")[0] for text in texts],
                                 ["Unknown AVP 494 (vendor=Optical Data Systems)", "Unknown Vendor"])

    def assert_commands(self, diameter):
        """Each request by its code, what says which kind it is, and the results that it was answered with."""
        requests, answered = {}, set()
        for message in diameter:
            code = only(message, "cmd.code")
            self.assertEqual(only(message, "applicationId"), "0" if code in (CE, DW, DP) else CX)
            self.assertEqual(only(message, "flags.error"), "0", code)
            ids = only(message, "hopbyhopid"), only(message, "endtoendid")
            if only(message, "flags.request") == "1":
                self.assertNotIn(ids, requests)
                requests[ids] = message
                continue
            request = requests.pop(ids)
            self.assertEqual(only(request, "cmd.code"), code)
            self.assertEqual(only(request, "Session-Id"), only(message, "Session-Id"))
            kind = only(request, "Server-Assignment-Type") or only(request, "User-Authorization-Type")
            self.assertNotEqual(BASE in message, EXPERIMENTAL in message, code)
            family = BASE if BASE in message else EXPERIMENTAL
            answered.add((code, kind, family, *message[family]))
        answered.discard((DW, None, BASE, "2001"))  # of a machine that was slow
        self.assertEqual(answered, {
            (CE, None, BASE, "2001"),
            (UA, None, EXPERIMENTAL, "2001"),  # DIAMETER_FIRST_REGISTRATION
            (UA, None, EXPERIMENTAL, "2002"),  # DIAMETER_SUBSEQUENT_REGISTRATION
            (UA, "1", BASE, "2001"),  # DE_REGISTRATION
            (UA, None, EXPERIMENTAL, "5001"),  # DIAMETER_ERROR_USER_UNKNOWN
            (UA, None, EXPERIMENTAL, "5002"),  # DIAMETER_ERROR_IDENTITIES_DONT_MATCH
            (LI, None, BASE, "2001"),
            (LI, None, EXPERIMENTAL, "5003"),  # DIAMETER_ERROR_IDENTITY_NOT_REGISTERED
            (MA, None, BASE, "2001"),
            (SA, "1", BASE, "2001"),  # REGISTRATION
            (SA, "2", BASE, "2001"),  # RE_REGISTRATION
            (SA, "5", BASE, "2001"),  # USER_DEREGISTRATION
            (RT, None, BASE, "2001"),
        })
        # What Kamailio leaves without an answer: cdp ends at a DPR, and does not know PPR.
        self.assertEqual({only(request, "cmd.code") for request in requests.values()} - {DW}, {DP, PP})

    def assert_vectors(self, diameter, attempts):
        """In each MAA what TS 29.229 6.1.8 asks for; read by the dissector, it is what phone and card had of it."""
        vectors = {}
        for message in diameter:
            if (only(message, "cmd.code"), only(message, "flags.request")) != (MA, "0"):
                continue
            self.assertEqual((only(message, "Auth-Application-Id"), only(message, "Vendor-Id")), (CX, "10415"))
            self.assertEqual((only(message, "Auth-Session-State"), only(message, "flags.proxyable")), ("1", "1"))
            self.assertEqual((only(message, "3GPP-SIP-Number-Auth-Items"), only(message, "3GPP-SIP-Item-Number")),
                             ("1", "1"))
            self.assertEqual(only(message, "3GPP-SIP-Authentication-Scheme"), "Digest-AKAv1-MD5")
            authenticate, *rest = (octets(only(message, name)) for name in (
                "3GPP-SIP-Authenticate", "3GPP-SIP-Authorization", "Confidentiality-Key", "Integrity-Key"))
            self.assertEqual([len(each) for each in (authenticate, *rest)], [32, 8, 16, 16])
            vectors[authenticate] = (only(message, "User-Name"), *rest)
            self.keep_secrets(*rest)
        self.assertEqual(len(vectors), sum(len(attempt.challenges) for _, attempt in attempts))
        for impi, attempt in attempts:
            for challenge, outcome in zip(attempt.challenges, attempt.outcomes, strict=True):
                user, *rest = vectors[challenge.rand + challenge.autn]
                self.assertEqual(user, impi)
                if outcome.kind == "ok":
                    self.assertTrue(rest == [outcome.res, outcome.ck, outcome.ik], "another vector than the card's")

    def assert_resynchronisation(self, diameter, attempt):
        """RAND and AUTS as the card said them (TS 29.229 6.3.15)."""
        sent = [octets(value) for message in diameter if only(message, "flags.request") == "1"
                for value in message.get("diameter.3GPP-SIP-Authorization", [])]
        self.assertEqual(sent, [attempt.challenges[0].rand + attempt.outcomes[0].auts])

    def test_the_dissectors_find_nothing_wrong(self):
        subscriber, ahead = self.subscriber(), self.subscriber()
        attempts = self.registrations(subscriber, ahead)
        self.refusals(subscriber, ahead)
        phone, attempt = self.pushes(ahead, subscriber)
        by_user = [(subscriber.impi, each) for each in (*attempts[:3], attempt)] + [(ahead.impi, attempts[3])]
        by_user.append((subscriber.impi, self.restart_of_the_hss(subscriber, phone)))
        self.cscfs.close()
        self.relay.close()

        diameter = tshark.messages(self.capture.path, "diameter")
        self.assert_nothing_is_wrong(diameter)
        self.assert_commands(diameter)
        self.assert_vectors(diameter, by_user)
        self.assert_resynchronisation(diameter, attempts[3])
        sip = tshark.messages(self.capture.path, "sip")
        self.assertEqual({value for message in sip for value in message.get("sip.Status-Code", [])},
                         {"200", "401", "403"})
        self.assertEqual({value for message in sip for value in message.get("sip.Method", [])}, {"REGISTER", "MESSAGE"})


if __name__ == "__main__":
    unittest.main()
