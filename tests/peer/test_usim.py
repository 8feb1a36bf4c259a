"""The test USIM and the digest against published vectors, and the sequence number rules of TS 33.102 Annex C."""
# SPDX-License-Identifier: MIT

import base64
import csv
import unittest
from pathlib import Path

from tests.peer import milenage
from tests.peer.ue import digest_response, akav2_password
from tests.peer.usim import Usim

DATA = Path(__file__).resolve().parent.parent / "data"
K = bytes.fromhex("465b5ce8b199b49faa5f0a2ee238a6bc")
OPC = bytes.fromhex("cd63cb71954a9f4e48a5994e37a02baf")
RAND = bytes.fromhex("23553cbe9637a89d218ae64dae47bf35")


def rows(name: str) -> list[dict[str, str]]:
    with open(DATA / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def autn_of(sqn: int, rand: bytes = RAND, amf: bytes = b"\x80\x00") -> bytes:
    """What an AuC would send: (SQN xor AK) || AMF || MAC-A (TS 33.102 6.3.2)."""
    functions = milenage.Milenage(K, OPC)
    number = sqn.to_bytes(6, "big")
    return milenage.xor(number, functions.f2345(rand).ak) + amf + functions.f1(rand, number, amf)[0]


class Aes(unittest.TestCase):
    def test_fips_197_appendix_b_and_c(self):
        for key, plain, cipher in (
                ("2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734",
                 "3925841d02dc09fbdc118597196a0b32"),
                ("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
                 "69c4e0d86a7b0430d8cdb78070b4c55a")):
            self.assertEqual(milenage.Aes128(bytes.fromhex(key)).encrypt(bytes.fromhex(plain)).hex(), cipher)


class PublishedVectors(unittest.TestCase):
    def test_milenage_35208(self):
        table = rows("milenage-35208.csv")
        self.assertEqual(len(table), 21)
        for row in table:
            with self.subTest(spec=row["spec"], test_set=row["test_set"]):
                k, rand = bytes.fromhex(row["K"]), bytes.fromhex(row["RAND"])
                opc = milenage.derive_opc(k, bytes.fromhex(row["OP"]))
                self.assertEqual(opc.hex(), row["OPc"])
                functions = milenage.Milenage(k, opc)
                mac_a, mac_s = functions.f1(rand, bytes.fromhex(row["SQN"]), bytes.fromhex(row["AMF"]))
                self.assertEqual((mac_a.hex(), mac_s.hex()), (row["f1_MACA"], row["f1star_MACS"]))
                values = functions.f2345(rand)
                self.assertEqual(
                    [part.hex() for part in (values.res, values.ck, values.ik, values.ak, values.ak_star)],
                    [row[name] for name in ("f2_RES", "f3_CK", "f4_IK", "f5_AK", "f5star_AKS")])

    def test_auts(self):
        table = rows("auts-resync.csv")
        self.assertEqual(len(table), 6)
        valid = 0
        for row in table:
            with self.subTest(case=row["case"]):
                sqn_ms = int(row["SQN_MS"], 16)
                # ind_bits 0: the whole SQN is SEQ, so that the card can be put at any SQN_MS.
                card = Usim(bytes.fromhex(row["K"]), bytes.fromhex(row["OPc"]), seq=sqn_ms, ind_bits=0)
                auts = card.auts(bytes.fromhex(row["RAND"]))
                if row["expected"] == "valid":
                    valid += 1
                    self.assertEqual(auts.hex(), row["AUTS"])
                else:
                    self.assertTrue(row["expected"].startswith("invalid"))
                    self.assertEqual(auts[:6].hex(), row["AUTS"][:12])
                    self.assertNotEqual(auts.hex(), row["AUTS"])
        self.assertEqual(valid, 4)

    def test_digest(self):
        table = rows("digest-akav1.csv")
        self.assertEqual(len(table), 7)
        for row in table:
            with self.subTest(case=row["case"]):
                password = bytes.fromhex(row["password_hex"])
                if row["algorithm"] == "AKAv2-MD5":
                    self.assertEqual(akav2_password(*(bytes.fromhex(row[name]) for name in ("RES", "IK", "CK"))),
                                     password)
                elif row["auts"]:
                    self.assertEqual(password, b"")
                else:
                    self.assertEqual(password.hex(), row["RES"])
                self.assertEqual(base64.b64decode(row["nonce"]).hex(), row["RAND"] + row["AUTN"])
                self.assertEqual(
                    digest_response(row["username"], row["realm"], password, row["method"], row["uri"], row["nonce"],
                                    qop=row["qop"] or None, nc=row["nc"], cnonce=row["cnonce"],
                                    body=row["entity_body"].encode()),
                    row["response"])

    def test_cards_answer_is_the_one_in_the_digest_vectors(self):
        table = [row for row in rows("digest-akav1.csv") if row["aka_function"] == "Milenage" and not row["auts"]]
        self.assertEqual(len(table), 4)
        for row in table:
            card = Usim(bytes.fromhex(row["K"]), bytes.fromhex(row["OPc"]))
            answer = card.challenge(bytes.fromhex(row["RAND"]), bytes.fromhex(row["AUTN"]))
            self.assertEqual((answer.kind, answer.sqn), ("ok", int(row["SQN"], 16)))
            self.assertEqual([answer.res.hex(), answer.ck.hex(), answer.ik.hex()], [row["RES"], row["CK"], row["IK"]])


class SequenceNumbers(unittest.TestCase):
    def ask(self, card: Usim, seq: int, ind: int):
        return card.challenge(RAND, autn_of(seq << 5 | ind))

    def test_a_number_is_accepted_once(self):
        card = Usim(K, OPC)
        self.assertEqual(self.ask(card, 1, 3).kind, "ok")
        again = self.ask(card, 1, 3)
        self.assertEqual((again.kind, again.sqn, again.res), ("sync_failure", 1 << 5 | 3, None))

    def test_slots_are_independent(self):
        card = Usim(K, OPC)
        self.assertEqual(self.ask(card, 100, 1).kind, "ok")
        self.assertEqual(self.ask(card, 99, 2).kind, "ok")
        self.assertEqual(self.ask(card, 98, 2).kind, "sync_failure")
        self.assertEqual(card.sqn_ms, 100 << 5 | 1)

    def test_delta(self):
        card = Usim(K, OPC, seq=10, delta=1 << 8)
        self.assertEqual(self.ask(card, 10 + (1 << 8) + 1, 0).kind, "sync_failure")
        self.assertEqual(self.ask(card, 10 + (1 << 8), 0).kind, "ok")

    def test_auts_reports_the_highest_number_under_zero_amf(self):
        card = Usim(K, OPC, seq=7)
        self.ask(card, 9, 4)
        self.ask(card, 8, 30)
        outcome = self.ask(card, 8, 30)
        functions = milenage.Milenage(K, OPC)
        sqn_ms = milenage.xor(outcome.auts[:6], functions.f2345(RAND).ak_star)
        self.assertEqual(int.from_bytes(sqn_ms, "big"), 9 << 5 | 4)
        self.assertEqual(outcome.auts[6:], functions.f1(RAND, sqn_ms, bytes(2))[1])

    def test_wrong_mac_is_no_sync_failure(self):
        card = Usim(K, OPC, seq=50)
        autn = bytearray(autn_of(1 << 5))
        autn[15] ^= 1
        outcome = card.challenge(RAND, bytes(autn))
        self.assertEqual((outcome.kind, outcome.auts, outcome.sqn), ("mac_failure", None, None))
        self.assertEqual(card.seq_ms, 50)

    def test_nothing_secret_is_printed(self):
        outcome = self.ask(Usim(K, OPC), 1, 0)
        for secret in (outcome.res, outcome.ck, outcome.ik):
            self.assertNotIn(repr(secret)[2:-1], repr(outcome))

    def test_lengths_are_checked(self):
        with self.assertRaises(ValueError):
            Usim(K, OPC).challenge(RAND, bytes(15))
        with self.assertRaises(ValueError):
            Usim(K[:15], OPC)
        with self.assertRaises(ValueError):
            Usim(K, OPC + b"\0")


if __name__ == "__main__":
    unittest.main()
