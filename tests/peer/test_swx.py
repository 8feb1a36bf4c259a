"""The AAA server's side of SWx against what the specifications print: EAP-AKA' keys, AVPs octet for octet, and a card
that is asked by two authentication centres."""
# SPDX-License-Identifier: MIT

import csv
import random
import unittest
from pathlib import Path

from tests.peer import auc, cx, diameter, eap, swx
from tests.peer.connection import SWX, VENDOR_3GPP
from tests.peer.diameter import Avp, DecodeError, Message
from tests.peer.usim import Usim

DATA = Path(__file__).resolve().parent.parent / "data"
K, OPC = bytes(range(16)), bytes(range(16, 32))


class FakeConnection:
    host, realm, served_realm = "aaa.b.c", "b.c", "hss.b.c"

    def new_session_id(self):
        return "aaa.b.c;1;1"


class EapAkaPrime(unittest.TestCase):
    def test_published_vectors_down_to_msk_and_emsk(self):
        with open(DATA / "eap-aka-prime.csv", newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        self.assertEqual(len(table), 4)
        for row in table:
            with self.subTest(case=row["case"]):
                octets = {name: bytes.fromhex(row[name]) for name in ("AUTN", "CK", "IK")}
                name = row["network_name"].encode()
                pair = eap.ck_ik_prime(octets["CK"], octets["IK"], name, octets["AUTN"][:6])
                self.assertEqual([one.hex() for one in pair], [row["CK_prime"], row["IK_prime"]])
                keys = eap.keys(*pair, row["identity"])
                self.assertEqual(
                    [one.hex() for one in (keys.k_encr, keys.k_aut, keys.k_re, keys.msk, keys.emsk)],
                    [row[column] for column in ("K_encr", "K_aut", "K_re", "MSK", "EMSK")])

    def test_keys_are_bound_to_the_name(self):
        first, second = (eap.ck_ik_prime(K, OPC, name, bytes(6)) for name in (b"WLAN", b"HRPD"))
        self.assertNotEqual(first, second)

    def test_separation_bit(self):
        for amf, kind in ((b"\x80\x00", "ok"), (b"\xb9\xb9", "ok"), (b"\x00\x00", "separation_bit"),
                          (b"\x7f\xff", "separation_bit")):
            with self.subTest(amf.hex()):
                centre = auc.AuthenticationCentre(K, OPC, [24], 0, random.Random(1), amf=amf)
                challenge = centre.issue()
                self.assertEqual(eap.challenge(Usim(K, OPC), *challenge, "WLAN").kind, kind)
                self.assertEqual(Usim(K, OPC).challenge(*challenge).kind, "ok")

    def test_both_sides_have_the_same_keys(self):
        challenge = auc.AuthenticationCentre(K, OPC, [1], 0, random.Random(2)).issue()
        plain = Usim(K, OPC).challenge(*challenge)
        bound = eap.challenge(Usim(K, OPC), *challenge, "WLAN")
        self.assertEqual(bound.res, plain.res)
        self.assertEqual((bound.ck, bound.ik), eap.ck_ik_prime(plain.ck, plain.ik, b"WLAN", challenge.autn[:6]))
        for secret in (bound.ck, bound.ik):
            self.assertNotIn(repr(secret)[2:-1], repr(bound))

    def test_a_failure_of_the_card_stays_one(self):
        centre = auc.AuthenticationCentre(K, OPC, [1], 0, random.Random(3))
        card = Usim(K, OPC, seq=100)
        outcome = eap.challenge(card, *centre.issue(), "WLAN")
        self.assertEqual((outcome.kind, len(outcome.auts)), ("sync_failure", 14))
        rand, autn = centre.issue()
        self.assertEqual(eap.challenge(card, rand, autn[:-1] + bytes([autn[-1] ^ 1]), "WLAN").kind, "mac_failure")


class Centre(unittest.TestCase):
    def test_resynchronisation(self):
        centre = auc.AuthenticationCentre(K, OPC, range(24, 32), 5, random.Random(4))
        card = Usim(K, OPC, seq=1000)
        challenge = centre.issue()
        outcome = card.challenge(*challenge)
        self.assertEqual((outcome.kind, outcome.sqn), ("sync_failure", 6 << 5 | 24))
        with self.assertRaises(ValueError):
            centre.resynchronise(challenge.rand, outcome.auts[:-1] + bytes([outcome.auts[-1] ^ 1]))
        self.assertEqual((centre.seq, centre.resynchronisations), (6, 0))
        centre.resynchronise(challenge.rand, outcome.auts)
        outcome = card.challenge(*centre.issue())
        self.assertEqual((outcome.kind, outcome.sqn), ("ok", 1001 << 5 | 25))
        self.assertEqual(centre.resynchronisations, 1)

    def test_steps_and_indices(self):
        centre = auc.AuthenticationCentre(K, OPC, [7, 9], 0, random.Random(5))
        card = Usim(K, OPC)
        sqns = [card.challenge(*centre.issue(step)).sqn for step in (1, 3, 1)]
        self.assertEqual(sqns, [1 << 5 | 7, 4 << 5 | 9, 5 << 5 | 7])


def example_user_data():
    """An APN-Configuration with everything, and around it what Non-3GPP-User-Data may have."""
    def avp(code, data):
        return cx.avp(code, data)

    priority = [avp(swx.PRIORITY_LEVEL, 8), avp(swx.PRE_EMPTION_CAPABILITY, 1), avp(swx.PRE_EMPTION_VULNERABILITY, 0)]
    qos = [avp(swx.QOS_CLASS_IDENTIFIER, 5), avp(swx.ALLOCATION_RETENTION_PRIORITY, priority)]
    ambr = [avp(swx.MAX_REQUESTED_BANDWIDTH_UL, 1000), avp(swx.MAX_REQUESTED_BANDWIDTH_DL, 0xFFFFFFFF)]
    apn = [
        avp(swx.CONTEXT_IDENTIFIER, 1),
        avp(swx.SERVED_PARTY_IP_ADDRESS, swx.address("10.0.0.7")),
        avp(swx.SERVED_PARTY_IP_ADDRESS, swx.address("2001:db8::")),
        avp(swx.PDN_TYPE, 2),
        Avp(swx.SERVICE_SELECTION, "ims"),
        avp(swx.EPS_SUBSCRIBED_QOS_PROFILE, qos),
        avp(swx.VPLMN_DYNAMIC_ADDRESS_ALLOWED, 0),
        swx.mip6_agent_info("192.0.2.1", host="pgw.b.c", realm="b.c"),
        avp(swx.PDN_GW_ALLOCATION_TYPE, 1),
        avp(cx.VISITED_NETWORK_IDENTIFIER, "visited"),
        avp(swx.CHARGING_CHARACTERISTICS, "0800"),
        avp(swx.AMBR, ambr),
    ]
    return [
        Avp(swx.SUBSCRIPTION_ID, [Avp(swx.SUBSCRIPTION_ID_TYPE, 0), Avp(swx.SUBSCRIPTION_ID_DATA, "15550001")]),
        avp(swx.NON_3GPP_IP_ACCESS, 0),
        avp(swx.NON_3GPP_IP_ACCESS_APN, 0),
        avp(swx.RAT_TYPE, 2001),
        Avp(swx.SESSION_TIMEOUT, 3600),
        avp(swx.AMBR, ambr),
        avp(swx.CONTEXT_IDENTIFIER, 1),
        avp(swx.APN_CONFIGURATION, apn),
    ]


class Messages(unittest.TestCase):
    def test_a_mar_octet_for_octet(self):
        request = swx.mar(FakeConnection(), "001010000000001")
        self.assertEqual((request.application, request.code), (SWX, 303))
        codes = [avp.code for avp in request.avps]
        self.assertEqual(codes, [263, 260, 277, 264, 296, 283, 1, 1032, 1503, 1504, 612, 607])
        self.assertEqual(request.text(diameter.DESTINATION_REALM), "hss.b.c")
        application = request.find(diameter.VENDOR_SPECIFIC_APPLICATION_ID)
        self.assertEqual(application.find(diameter.AUTH_APPLICATION_ID).encode().hex(), "000001024000000c01000031")
        self.assertEqual(request.find(1504, VENDOR_3GPP).encode().hex(), "000005e0c0000010000028af" + b"WLAN".hex())
        self.assertEqual(request.find(1032, VENDOR_3GPP).encode().hex(), "0000040880000010000028af00000000")
        self.assertEqual(request.find(1503, VENDOR_3GPP).enumerated, 1)
        scheme = request.find(612, VENDOR_3GPP).find(608, VENDOR_3GPP)
        self.assertEqual(scheme.data.hex(), "4541502d414b4127")

    def test_optional_avps_of_a_mar(self):
        request = swx.mar(FakeConnection(), "1", swx.EAP_AKA, rat_type=None, trusted=None, aaa_failure=1, emergency=1)
        self.assertEqual([avp.code for avp in request.avps[7:]], [612, 607, 1518, 1538])
        self.assertIsNone(request.find(1504, VENDOR_3GPP))
        self.assertEqual(swx.mar(FakeConnection(), "1", anid=b"").find(1504, VENDOR_3GPP).data, b"")

    def test_a_sar_that_reports_a_gateway(self):
        gateway = swx.mip6_agent_info("192.0.2.1", "2001:db8::1", host="pgw.b.c", realm="b.c")
        request = swx.sar(FakeConnection(), "1", swx.PGW_UPDATE, apn="ims", gateway=gateway)
        self.assertEqual([avp.code for avp in request.avps[6:]], [493, 486, 1, 614])
        addresses = [one.data.hex() for one in gateway.find_all(334)]
        self.assertEqual(addresses, ["0001c0000201", "000220010db8000000000000000000000001"])
        host = gateway.find(348)
        self.assertEqual([one.text for one in host.members], ["b.c", "pgw.b.c"])

    def test_user_data_as_a_dictionary(self):
        message = Message(301, SWX, avps=[cx.avp(swx.NON_3GPP_USER_DATA, example_user_data())])
        self.assertEqual(swx.user_data(message), {
            "subscription_id": {"type": 0, "data": "15550001"},
            "access": 0,
            "apns": 0,
            "forbidden_rat_types": [2001],
            "session_timeout": 3600,
            "ambr": {"uplink": 1000, "downlink": 0xFFFFFFFF},
            "default": 1,
            "apn_configurations": [{
                "context_identifier": 1,
                "addresses": ["10.0.0.7", "2001:db8::"],
                "pdn_type": 2,
                "apn": "ims",
                "qos": {"qci": 5, "priority": {"level": 8, "capability": 1, "vulnerability": 0}},
                "vplmn_dynamic_address": 0,
                "gateway": {"addresses": ["192.0.2.1"], "name": {"host": "pgw.b.c", "realm": "b.c"}},
                "allocation": 1,
                "visited_network": "visited",
                "charging_characteristics": "0800",
                "ambr": {"uplink": 1000, "downlink": 0xFFFFFFFF},
            }],
        })
        self.assertIsNone(swx.user_data(Message(301, SWX)))

    def test_user_data_is_read_strictly(self):
        whole = example_user_data()
        for wrong in ([*whole, whole[1]], [*whole, cx.avp(cx.SERVER_NAME, "sip:x")],
                      [cx.avp(swx.APN_CONFIGURATION, [cx.avp(swx.SERVED_PARTY_IP_ADDRESS, b"\0\1abc")])]):
            message = Message(301, SWX, avps=[cx.avp(swx.NON_3GPP_USER_DATA, wrong)])
            with self.assertRaises(DecodeError):
                swx.user_data(message)

    def test_names_of_another_server(self):
        answer = Message(303, SWX, 0, [cx.avp(swx.AAA_SERVER_NAME, "aaa2.b.c"), Avp(swx.REDIRECT_HOST, "aaa://a")])
        self.assertEqual((swx.aaa_server_name(answer), swx.redirect_hosts(answer)), ("aaa2.b.c", ["aaa://a"]))


if __name__ == "__main__":
    unittest.main()
