# The authentication schemes beside AKA (TS 33.203 Annexes N, R and T) as an S-CSCF gets them, and retransmissions.
# SPDX-License-Identifier: MIT
import hashlib
import socket
import unittest

from tests.peer import cx, diameter
from tests.peer.connection import VENDOR_3GPP
from tests.system.support import SERVER_NAME, HssTest


class SchemesTest(HssTest):
    def with_password(self, password, *options):
        file = self.server.directory / "password"
        file.write_text(password + "\n")
        return self.subscriber("--sip-password-file", str(file), *options)

    def item(self, answer):
        self.assertEqual(answer.find(cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP).number, 1)
        (item,) = answer.find_all(cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP)
        return item

    def test_sip_digest(self):
        subscriber = self.with_password("a secret word", "--sip-digest-realm", "digest.example.org")
        answer = self.mar(subscriber, scheme="sip digest", items=3)
        (digest,) = cx.digests(answer)
        credentials = f"{subscriber.impi}:digest.example.org:a secret word".encode()
        self.assertEqual(digest.scheme, "SIP Digest")
        self.assertEqual((digest.realm, digest.algorithm, digest.qop), ("digest.example.org", "MD5", "auth"))
        self.assertEqual(digest.ha1, hashlib.md5(credentials).hexdigest())
        self.assertEqual(digest.alternate_ha1, hashlib.sha256(credentials).hexdigest())
        self.keep_secrets(bytes.fromhex(digest.ha1), bytes.fromhex(digest.alternate_ha1))
        self.sar(subscriber, cx.REGISTRATION)
        self.assert_registered(subscriber)

    def test_early_ims_security(self):
        subscriber = self.subscriber("--framed-address", "192.0.2.1")
        item = self.item(self.mar(subscriber, scheme="Early-IMS-Security"))
        self.assertEqual(item.find(cx.SIP_AUTHENTICATION_SCHEME, VENDOR_3GPP).text, "Early-IMS-Security")
        self.assertEqual(item.find(cx.FRAMED_IP_ADDRESS).data, socket.inet_aton("192.0.2.1"))
        subscriber = self.subscriber("--framed-address", "2001:db8:1::/64")
        item = self.item(self.mar(subscriber, scheme="Early-IMS-Security"))
        prefix = socket.inet_pton(socket.AF_INET6, "2001:db8:1::")[:8]
        self.assertEqual(item.find(cx.FRAMED_IPV6_PREFIX).data, b"\0\x40" + prefix)

    def test_nass_bundled(self):
        subscriber = self.subscriber("--line-identifier", "line 7", "--line-identifier", "0x0001ff")
        item = self.item(self.mar(subscriber, scheme="NASS-Bundled"))
        self.assertEqual(item.find(cx.SIP_AUTHENTICATION_SCHEME, VENDOR_3GPP).text, "NASS-Bundled")
        lines = [one.data for one in item.find_all(cx.LINE_IDENTIFIER, cx.VENDOR_ETSI)]
        self.assertEqual(lines, [b"line 7", b"\0\1\xff"])

    def test_a_scheme_without_credentials(self):
        subscriber = self.subscriber()
        for scheme in ("SIP Digest", "Early-IMS-Security", "NASS-Bundled", "Digest-SHA3"):
            with self.subTest(scheme):
                self.mar(subscriber, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme=scheme)
        self.assert_accepted(subscriber, self.vector(subscriber))

    def test_a_retransmission_gets_a_vector_of_its_own(self):
        subscriber = self.subscriber()
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        seen = []
        for flags in (0, diameter.FLAG_RETRANSMITTED, diameter.FLAG_RETRANSMITTED):
            again = diameter.Message(request.code, request.application, request.flags | flags, request.avps)
            answer = self.ask(self.scscf, again, cx.SUCCESS)
            self.assertFalse(answer.flags & diameter.FLAG_RETRANSMITTED)
            seen += cx.vectors(answer)
        sequence_numbers = [subscriber.sqn(vector)[0] for vector in seen]
        self.assertEqual(sequence_numbers, sorted(set(sequence_numbers)))
        self.assertEqual(len({vector.rand for vector in seen}), 3)
        for vector in seen:
            self.assert_accepted(subscriber, vector)


if __name__ == "__main__":
    unittest.main()
