# No key in the log, at any level, nor in anything else that the server lets out, but in the answers that bring it to a
# peer: through every flow, and through every failure of messages, peers, the store and the server's own start and end.
# SPDX-License-Identifier: MIT
import itertools
import json
import os
import unittest

from tests.peer import cx, diameter, swx
from tests.peer.connection import VENDOR_3GPP, ConnectionLost, NotAdmitted
from tests.peer.diameter import Avp, Message
from tests.peer.pushes import SILENCE, Verdict
from tests.peer.server import AAA, REALM, SCSCF, wait_until
from tests.system.secrets_support import DumpingServer, SecretsTest, inner_keys
from tests.system.support import SERVER_NAME, SERVER_NAME_2, Subscriber

OWN_CONSTANTS = " ".join([f"r{n}={8 * n}" for n in range(1, 6)] + [f"c{n}={n - 1:032x}" for n in range(1, 6)])
TUAK_TOP = {  # TS 35.233 6.6
    "k": "b8da837a50652d6ac7c97da14f6acc61",
    "top": "0952be13556c32ebc58195d9dd930493e12a9003669988ffde5fa1f0fe35cc01",
    "topc": "2bc16eb657a68e1f446f08f57c0efb1d493527a2e652ce281eb6ca0e4487760a",
}


class FlowsTest(SecretsTest):
    server_type = DumpingServer
    wanted = {"K": 15, "OPc": 10, "OP": 1, "TOPc": 4, "TOP": 1, "CK": 100, "IK": 100, "CK'": 16, "IK'": 16,
              "XRES": 100, "HA1": 12, "password": 6, "master key": 1}
    names = itertools.count(1)

    def culprit(self, **options):
        return self.server.connect(f"culprit{next(self.names)}.{REALM}", **options)

    # ---- every algorithm, every scheme ----

    def algorithms(self):
        """A subscriber of each, provisioned in each way that there is."""
        yield "OPc", self.subscriber()
        of_op = self.milenage(op=(op := os.urandom(16)))
        self.input("op.csv", f"imsi,msisdn,k,op\n{of_op.imsi},{of_op.msisdn},{of_op.k.hex()},{op.hex()}\n")
        self.server.hssctl("import", str(self.inputs / "op.csv"))
        yield "OP", of_op
        own, keys = Subscriber(), os.urandom(32)
        self.keep("K", keys[:16])
        self.keep("OPc", keys[16:])
        key_set = {"k": keys[:16].hex(), "opc": keys[16:].hex(), "milenage_constants": OWN_CONSTANTS}
        subscription = {
            "imsi": own.imsi, "key_sets": [key_set], "private_identities": [{"impi": own.impi, "key_set": 0}],
            "public_identities": [{"impu": own.sip}],
        }
        self.server.hssctl("import", self.input("own.json", json.dumps(subscription)))
        yield "constants of its own", own
        for res, k_octets in ((16, 32), (8, 16), (4, 16)):
            keys = f"k={(k := os.urandom(k_octets)).hex()}\ntopc={(topc := os.urandom(32)).hex()}\n"
            self.keep("K", k)
            self.keep("TOPc", topc)
            yield f"TUAK {res}", self.add(Subscriber(), "--keys-file", "-", "--res-length", str(res), input=keys)
        for name, text in TUAK_TOP.items():
            self.keep({"k": "K", "top": "TOP", "topc": "TOPc"}[name], bytes.fromhex(text))
        yield "TOP", self.add(Subscriber(), "--k", TUAK_TOP["k"], "--top", TUAK_TOP["top"])
        self.keep("K", k := os.urandom(16))
        yield "XOR", self.add(Subscriber(), "--algorithm", "xor", "--test-card", "--k", k.hex())

    def test_every_algorithm_and_scheme_of_aka(self):
        names = set()
        for name, subscriber in self.algorithms():
            names.add(name)
            for scheme in (cx.AKA_V1_MD5, "Digest-AKAv2-SHA-256", "Unknown"):
                with self.subTest(name, scheme=scheme):
                    answer = self.mar(subscriber, scheme=scheme, items=2)
                    self.assertEqual(len(cx.vectors(answer)), 2)
            for scheme in (swx.EAP_AKA, swx.EAP_AKA_PRIME, cx.AKA_V1_MD5):
                with self.subTest(name, scheme=scheme):
                    found = swx.vectors(self.swx_mar(subscriber, scheme=scheme, items=2))
                    self.assertEqual(len(found), 2)
                    if scheme == swx.EAP_AKA_PRIME and subscriber.imsi in self.cards:
                        ck, ik = inner_keys(subscriber, found[0])
                        self.keep("CK", ck)
                        self.keep("IK", ik)
        self.assertEqual(len(names), 8)
        # freeDiameter was made to print these answers, and the values are not there.
        self.server.wait_log(r"debug freeDiameter: AVP: 'Confidentiality-Key'\(625\) .* val=\.\.\.$")

    def test_every_other_scheme(self):
        by_file = self.add(Subscriber(), "--sip-password-file", self.password())
        self.keep("HA1", ha1 := os.urandom(16))
        by_hash = self.add(Subscriber(), "--ha1", ha1.hex())
        both = self.subscriber("--sip-password-file", self.password(), "--scheme", "SIP Digest")
        for subscriber in (by_file, by_hash, both):
            for scheme in ("SIP Digest", "Unknown"):
                (digest,) = cx.digests(self.mar(subscriber, scheme=scheme))
                self.assertEqual(len(digest.ha1), 32)
                self.assertEqual(digest.realm, REALM)
        bundled = self.subscriber("--framed-address", "192.0.2.1", "--line-identifier", "line 7")
        for scheme in ("Early-IMS-Security", "NASS-Bundled"):
            self.mar(bundled, scheme=scheme)
        self.mar(bundled, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme="SIP Digest")
        self.swx_mar(bundled, cx.AUTH_SCHEME_NOT_SUPPORTED, scheme="SIP Digest")

    # ---- procedures ----

    def test_resynchronisation(self):
        subscriber = self.subscriber()
        subscriber.usim = subscriber.card(seq=1 << 20)
        vector = self.vector(subscriber)
        token = vector.rand + subscriber.usim.challenge(vector.rand, vector.autn).auts
        self.assert_accepted(subscriber, self.vector(subscriber, authorization=token))
        on_swx = self.swx_vector(subscriber)
        again = on_swx.rand + subscriber.card(seq=1 << 22).auts(on_swx.rand)
        self.swx_vector(subscriber, authorization=again)
        for authorization, expected in (
            (token[:16] + bytes(14), cx.UNABLE_TO_COMPLY),
            (token[:-1], cx.INVALID_AVP_VALUE),
            (token[:16] + vector.autn + token[16:], cx.INVALID_AVP_VALUE),
        ):
            self.mar(subscriber, expected, authorization=authorization)
            self.swx_mar(subscriber, expected, authorization=authorization)
        for _ in range(20):
            self.mar(subscriber, cx.UNABLE_TO_COMPLY, authorization=token[:16] + bytes(14))
        self.server.wait_log("resynchronisation refused: too many within a minute")

    def test_registrations(self):
        subscriber = self.subscriber()
        self.assert_first_registration(subscriber)
        self.register(subscriber)
        self.attach(subscriber)
        results = set()
        for type in range(12):
            for at, name in ((self.scscf, SERVER_NAME), (self.scscf_2, SERVER_NAME_2)):
                request = cx.sar(at, subscriber.impi, subscriber.sip, name, type)
                results.add(self.check(request, at.request(request)))
            request = cx.lir(self.icscf, subscriber.tel, originating=True)
            results.add(self.check(request, self.icscf.request(request)))
            self.vector(subscriber)
        for type in range(15):
            request = swx.sar(self.aaa, subscriber.imsi, type, apn="ims")
            results.add(self.check(request, self.aaa.request(request)))
        self.assertGreaterEqual(len(results), 5, results)
        self.assertIn(cx.SUCCESS, results)
        self.mar(Subscriber(), cx.USER_UNKNOWN)
        self.swx_mar(Subscriber(), cx.USER_UNKNOWN)

    def test_pushes(self):
        subscriber = self.subscriber()
        maa = self.mar(subscriber)
        self.sar(subscriber, cx.REGISTRATION)
        stolen = Verdict(cx.UNABLE_TO_COMPLY, more=maa.find_all(cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP))
        self.inbox(SCSCF).then(SILENCE, stolen, cx.UNABLE_TO_COMPLY)
        self.deregister(subscriber.impi)
        self.take(SCSCF, 5)  # of two public identities, until each is answered well
        self.wait_status(subscriber.imsi, "done")
        self.attach(subscriber)
        self.inbox(AAA).then(SILENCE, stolen)
        self.deregister(subscriber.imsi, "--application", "swx")
        self.take(AAA, 3)
        self.wait_status(subscriber.imsi, "done")

    def test_pushes_of_ha1(self):
        subscriber = self.add(Subscriber(), "--sip-password-file", self.password())
        self.mar(subscriber, scheme="SIP Digest")
        self.sar(subscriber, cx.REGISTRATION)
        self.inbox(SCSCF).then(SILENCE, cx.UNABLE_TO_COMPLY)
        self.server.hssctl("subscriber", "set", subscriber.impi, "--sip-password-file", self.password())
        found = [push.digests for push in self.take(SCSCF, 3)]
        self.assertTrue(all(len(digests) == 1 for digests in found))
        self.keep_digest(found[0][0])
        self.wait_status(subscriber.impi, "done")
        # The S-CSCF hangs up on one.
        self.scscf.handler = lambda request: self.scscf.abort()
        self.server.hssctl("subscriber", "set", subscriber.impi, "--sip-password-file", self.password())
        self.wait_pushes(subscriber.impi, lambda row: row["attempts"] >= 1 or row["status"] == "done")
        wait_until(lambda: not self.connections[SCSCF].is_open, 10, "it got no PPR")
        self.assertTrue(self.scscf.is_open)  # it is back
        self.keep_digest(self.take_one(SCSCF).digests[0])
        self.wait_status(subscriber.impi, "done")

    # ---- messages ----

    def stolen(self):
        """AVPs full of keys that a peer was given."""
        subscriber = self.subscriber("--sip-password-file", self.password())
        items = [*self.mar(subscriber, items=3).find_all(cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP),
                 *self.mar(subscriber, scheme="SIP Digest").find_all(cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP)]
        self.assertEqual(len(items), 4)
        members = [member for item in items for member in item.members]
        keys = [member for member in members if member.code in (cx.CONFIDENTIALITY_KEY, cx.INTEGRITY_KEY)]
        ha1 = cx.Digest(items[-1]).ha1
        return subscriber, items, [keys[0].data, keys[1].data, bytes.fromhex(ha1), ha1.encode()]

    def test_malformed_messages_with_keys_in_them(self):
        subscriber, items, keys = self.stolen()
        outcomes = []
        changes = [lambda m, i=item: m.plus(i) for item in items]
        changes += [lambda m: m.replacing(items[0]), lambda m: m.without(cx.SERVER_NAME, VENDOR_3GPP).plus(*items)]
        for key in keys:
            odd = [
                Avp(9999, key), Avp(9999, key, mandatory=False), Avp(9999, key, VENDOR_3GPP),
                Avp(diameter.AUTH_SESSION_STATE, key), cx.avp(cx.SIP_NUMBER_AUTH_ITEMS, key),
                cx.avp(cx.SIP_AUTH_DATA_ITEM, key), cx.avp(cx.SIP_AUTH_DATA_ITEM, [cx.avp(cx.SIP_AUTHORIZATION, key)]),
                cx.avp(cx.SIP_AUTH_DATA_ITEM, [cx.avp(cx.SIP_AUTHENTICATION_SCHEME, "x"), Avp(9999, key)]),
                Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, key), cx.avp(cx.SUPPORTED_FEATURES, key),
                cx.avp(cx.CONFIDENTIALITY_KEY, key), cx.avp(cx.SIP_DIGEST_AUTHENTICATE, [Avp(cx.DIGEST_HA1, key)]),
                Avp(diameter.PROXY_INFO, [Avp(diameter.PROXY_HOST, "p.x"), Avp(diameter.PROXY_STATE, key)]),
                Avp(diameter.PROXY_INFO, key), Avp(diameter.RESULT_CODE, key), Avp(diameter.FAILED_AVP, key),
            ]
            changes += [lambda m, a=avp: m.plus(a) for avp in odd]
            changes += [lambda m, a=avp: m.without(a.code, a.vendor).plus(a) for avp in odd]
        elsewhere = Avp(diameter.DESTINATION_HOST, "another." + REALM)
        changes += [
            lambda m: m.plus(elsewhere, *items), lambda m: m.without(diameter.DESTINATION_REALM).plus(*items),
            lambda m: Message(m.code, m.application, m.flags | diameter.FLAG_ERROR, [*m.avps, *items]),
            lambda m: Message(399, m.application, m.flags, [*m.avps, *items]),
            lambda m: Message(m.code, 99, m.flags, [*m.avps, *items]),
            lambda m: m.replacing(Avp(diameter.SESSION_ID, b"a\0b")).plus(*items),
        ]
        connection = self.culprit()
        for change in changes:
            if not connection.is_open:
                connection.abort()
                connection = self.culprit()
            request = change(cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME))
            try:
                outcomes.append(cx.result(connection.request(request))[1])
            except ConnectionLost:
                outcomes.append("closed")
        connection.close()
        self.assertEqual(len(outcomes), len(changes))
        for outcome in (2001, 3001, 3002, 3007, 3008, 5001, 5004, 5014, "closed"):
            self.assertIn(outcome, outcomes)

    def test_frames_that_are_no_messages(self):
        subscriber, items, _ = self.stolen()
        whole = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME).plus(*items).encode()
        for octets in (whole[:20] + whole[24:], b"\2" + whole[1:], whole[:1] + b"\0\0\x14" + whole[4:], whole[20:],
                       b"GET / HTTP/1.1\r\nX: " + whole.hex().encode() + b"\r\n\r\n"):
            connection = self.culprit()
            connection.send_octets(octets + bytes(64))
            connection.wait_closed()
            connection.abort()
        connection = self.culprit()
        connection.send_octets(whole[:-7])  # half a message, and gone
        connection.abort()
        inside = items[0].data
        for more in (items[0], Avp(9999, inside), Avp(diameter.VENDOR_SPECIFIC_APPLICATION_ID, inside)):
            host = f"culprit{next(self.names)}.{REALM}"
            avps = [Avp(diameter.ORIGIN_HOST, host), *self.scscf.capabilities()[1:], more]
            try:
                self.server.connect(host, capabilities=avps).close()
            except (NotAdmitted, ConnectionLost):
                pass  # as it likes
        self.server.wait_log(r"warning frame from .* refused: |no Diameter message")
        self.assert_accepted(subscriber, self.vector(subscriber))

    def test_answers_with_keys_in_them(self):
        subscriber, items, keys = self.stolen()
        host = f"culprit{next(self.names)}.{REALM}"
        asked = []

        def answer(request):
            """To an RTR: what an S-CSCF should never say, and in the end that it is done."""
            asked.append(request)
            if len(asked) <= len(odd):
                return odd[len(asked) - 1](request)
            return request.answer([request.find(diameter.SESSION_ID), Avp(diameter.RESULT_CODE, 2001), *origin])

        origin = [Avp(diameter.ORIGIN_HOST, host), Avp(diameter.ORIGIN_REALM, REALM)]
        odd = [
            lambda r: r.answer([Avp(diameter.RESULT_CODE, keys[0]), *origin, *items]),
            lambda r: r.answer([Avp(9999, keys[1]), Avp(diameter.RESULT_CODE, 2001), *origin, *items]),
            lambda r: Message(cx.MULTIMEDIA_AUTH, cx.CX, 0x40, [*origin, *items], r.hop_by_hop, r.end_to_end),
        ]
        with self.server.connect(host, handler=answer) as connection:
            request = cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME)
            maa = connection.request(request)
            self.assertEqual(self.check(request, maa), cx.SUCCESS)
            for command in (cx.MULTIMEDIA_AUTH, diameter.DEVICE_WATCHDOG):  # answers that nobody has asked for
                application = cx.CX if command == cx.MULTIMEDIA_AUTH else 0
                connection.send_octets(Message(command, application, 0x40, [*maa.avps, *items], 77, 77).encode())
            self.server.wait_log(rf"command 303 answer of application {cx.CX} .*{host}.*: dropped: ")
            request = cx.sar(connection, subscriber.impi, subscriber.sip, SERVER_NAME, cx.REGISTRATION)
            self.assertEqual(self.check(request, connection.request(request)), cx.SUCCESS)
            self.deregister(subscriber.impi)
            self.wait_status(subscriber.impi, "done")
            self.assertGreater(len(asked), len(odd))


if __name__ == "__main__":
    unittest.main()
