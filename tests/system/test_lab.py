# Every flow of hsslab against the server: what a person types, what comes out, and what the HSS remembers of it. What
# the HSS asks by itself is in test_lab_push.py.
# SPDX-License-Identifier: MIT
import json
import os
import re
import subprocess
import tempfile
import unittest

from tests.system.lab_support import K, KEYS, OP, LabTest, imsi

MANY = 30  # of a storm, of a load
# Of each fault that shows with a right HSS: the verbs that end by it, and words of what hsslab says it means.
FAULTS = {
    "other-k": "is not the K that the HSS has",
    "op-for-opc": "computes with OP where OPc belongs",
    "k-and-opc-swapped": "K and OPc stand in each other's place",
    "amf-in-auts": "makes MAC-S with the AMF of the challenge",
    "forged-mac-s": "MAC-S of the AUTS is wrong",
    "replayed-auts": "belongs to an earlier challenge",
    "xor-algorithm": "computes with the XOR algorithm",
}


def read(file):
    with open(file, encoding="utf-8") as opened:
        return opened.read()


class LabFlowsTest(LabTest):
    users = 60 + 2 * MANY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A card with one slot, and one with 256: the HSS counts in the same way.
        for number, bits in ((200, 0), (201, 8)):
            cls.server.hssctl("subscriber", "add", "--imsi", imsi(number), "--msisdn", f"1555{number:07}", *KEYS,
                              "--ind-bits", str(bits))

    def conclusion(self, verb, *arguments):
        """(MARs, details of the last note) of a resynchronisation."""
        events = self.events(verb, *arguments)
        self.assertFalse([event for event in events if event["kind"] == "problem"])
        mars = len([event for event in events if event["to"] == "HSS" and event["title"].split()[0] == "MAR"])
        (last,) = [event for event in events if event["title"] == "card and HSS are in step"]
        return mars, last["details"]

    def seq(self, details, name):
        return int(re.search(r"\(SEQ (\d+), IND \d+\)", details[name])[1])

    # ---- IMS ----

    def test_a_registration(self):
        out = self.lab("register").stdout
        self.assert_in_order(out, "UAR", "UAA DIAMETER_FIRST_REGISTRATION", "MAR", "MAA DIAMETER_SUCCESS",
                             "401", "ck=", "401", "SAR", "SAA DIAMETER_SUCCESS", "LIA DIAMETER_SUCCESS")
        self.assertRegex(self.shown(), r"state +registered")

    def test_every_event_as_json(self):
        events = self.events("register")
        diameter = [event["title"].split()[0] for event in events if event["kind"] == "diameter"]
        self.assertEqual(diameter, ["UAR", "UAA", "MAR", "MAA", "SAR", "SAA", "LIR", "LIA"])
        self.assertFalse([event for event in events if event["kind"] == "problem"])

    def test_a_card_is_carried_from_run_to_run(self):
        with tempfile.TemporaryDirectory() as directory:
            card = os.path.join(directory, "card.json")
            self.lab("register", "--card", card)
            before = json.loads(read(card))["seqs"]
            out = self.lab("register", "--card", card).stdout
            self.assertNotIn("auts=", out)
            self.assertNotEqual(json.loads(read(card))["seqs"], before)
            self.assertNotIn(K, read(card))

    def test_wrong_cards_are_told_apart(self):
        for verb in ("register", "swx"):
            for fault, meaning in FAULTS.items():
                with self.subTest(verb=verb, fault=fault):
                    keys = ("--k", K, "--op", OP) if fault == "op-for-opc" else KEYS
                    done = self.lab(verb, "--fault", fault, code=1, keys=keys)
                    self.assertTrue(done.stderr.startswith(f"hsslab: {verb}: "), done.stderr)
                    self.assertEqual(done.stderr.count("\n"), 1)
                    self.assertIn(meaning, done.stderr)
                    self.assert_in_order(done.stdout, "what a person sees", "on the phone", "it means")

    def test_a_fault_that_does_not_show(self):
        out = self.lab("register", "--fault", "separation-bit-wanted").stdout  # the HSS sets that bit, as it should
        self.assertIn("what is wrong with the card has not shown this time", out)

    # ---- out of step ----

    def test_the_card_ahead_and_the_hss_has_to_follow(self):
        for ahead, jump in (("one", 1), ("2^20", 1 << 20), ("beyond-delta", (1 << 28) + 1)):
            with self.subTest(ahead):
                self.setUp()
                mars, told = self.conclusion("resync", "--ahead", ahead)
                self.assertEqual(mars, 2)
                self.assertTrue(told["who had to move"].startswith("HSS raised: "), told)
                seq_ms = self.seq(told, "SQN_MS in AUTS")
                self.assertEqual(seq_ms, 1 + jump)  # the first challenge of a new subscriber has SEQ 1
                self.assertEqual(self.seq(told, "SQN of the new vector"), seq_ms + 1)
                self.assertIn(f"card at SEQ {seq_ms}, we at 1 (+{jump}), raised", self.shown())

    def test_the_hss_too_far_ahead_has_to_go_back(self):
        self.conclusion("resync", "--ahead", "beyond-delta")
        mars, told = self.conclusion("resync", "--ahead", "0")  # a new card
        self.assertEqual(mars, 2)
        self.assertTrue(told["who had to move"].startswith("HSS lowered: "), told)
        self.assertEqual((self.seq(told, "SQN_MS in AUTS"), self.seq(told, "SQN of the new vector")), (0, 1))
        self.assertIn("lowered", self.shown())

    def test_a_card_of_one_slot_and_one_of_256(self):
        for number, slots in ((200, 1), (201, 256)):
            with self.subTest(slots):
                self.imsi = imsi(number)
                mars, told = self.conclusion("resync", "--window", str(slots), "--ahead", "1000")
                self.assertEqual(mars, 2)
                self.assertTrue(told["who had to move"].startswith("HSS raised: "), told)
                self.assertEqual(self.seq(told, "SQN of the new vector"), self.seq(told, "SQN_MS in AUTS") + 1)

    def test_another_slot_ahead_moves_nobody(self):
        mars, told = self.conclusion("resync", "--ahead", "1000", "--other-slot")
        self.assertEqual(mars, 1)
        self.assertTrue(told["who had to move"].startswith("card moved: "), told)
        self.assertNotIn("we at", self.shown())

    def test_an_age_limit_moves_the_hss(self):
        mars, told = self.conclusion("resync", "--ahead", "1000", "--age-limit", "500")
        self.assertEqual(mars, 2)
        self.assertTrue(told["who had to move"].startswith("HSS raised: "), told)
        self.assertEqual(self.seq(told, "SQN of the new vector"), 1002)
        # Less than the limit, and the card takes it.
        self.setUp()
        mars, told = self.conclusion("resync", "--ahead", "499", "--age-limit", "500")
        self.assertEqual(mars, 1)
        self.assertTrue(told["who had to move"].startswith("card moved: "), told)

    def test_vectors_out_of_order_need_one_more(self):
        events = self.events("resync", "--out-of-order", "--items", "3")
        (last,) = [event for event in events if event["title"] == "card and HSS are in step"]
        self.assertTrue(last["details"]["who had to move"].startswith("HSS kept: "), last)
        # The latest is taken; the one before it is refused, and what was kept is thrown away.
        taken = [event for event in events if event["title"].startswith("the card accepts")]
        refused = [event for event in events if event["title"].startswith("synchronisation failure")]
        thrown = [event for event in events if event["title"].startswith("throws away")]
        self.assertEqual((len(taken), len(refused), len(thrown)), (2, 1, 1))
        sqns = [self.seq(event["details"], "SQN") for event in (taken[0], refused[0], taken[1])]
        self.assertEqual(sqns[1] + 1, sqns[0])
        self.assertEqual(sqns[2], sqns[0] + 1)

    # ---- Wi-Fi ----

    def test_wifi_with_both_schemes(self):
        for scheme in ("eap-aka", "eap-aka-prime"):
            out = self.lab("swx", "--scheme", scheme).stdout
            self.assert_in_order(out, "SWx-MAR", "SWx-MAA DIAMETER_SUCCESS", "MSK", "SWx-SAR",
                                 "SWx-SAA DIAMETER_SUCCESS", "ims")
        self.assertRegex(self.shown(), r"AAA server +aaa\.")

    def test_wifi_with_a_card_that_is_ahead(self):
        out = self.lab("swx", "--ahead", "2^20").stdout
        self.assert_in_order(out, "SWx-MAR", "Synchronization-Failure", "SWx-MAR", "raised: it was behind the card",
                             "the MSK is the same on both sides", "SWx-SAA DIAMETER_SUCCESS")
        self.assertIn("(+1048576), raised", self.shown())

    # ---- files ----

    def test_a_page_and_a_capture(self):
        with tempfile.TemporaryDirectory() as directory:
            page, capture = (os.path.join(directory, name) for name in ("run.html", "run.pcap"))
            self.lab("register", "--html", page, "--pcap", capture)
            html = read(page)
            for word in ("Multimedia-Auth-Answer", "SIP-Auth-Data-Item", f"<title>hsslab register, IMSI {self.imsi}<"):
                self.assertIn(word, html)
            self.assertNotIn("http://", html.replace("http://www.w3.org", ""))
            self.assertEqual(os.stat(capture).st_mode & 0o777, 0o600)
            dissected = subprocess.run(
                ["tshark", "-r", capture, "-T", "fields", "-e", "diameter.cmd.code", "-Y", "diameter"],
                capture_output=True, text=True, timeout=60)
            self.assertEqual(dissected.returncode, 0, dissected.stderr)
            codes = [line for line in dissected.stdout.split() if line]
            self.assertEqual(codes[:6], ["300", "300", "303", "303", "301", "301"])
            bad = subprocess.run(["tshark", "-r", capture, "-Y", "_ws.malformed || tcp.analysis.flags"],
                                 capture_output=True, text=True, timeout=60)
            self.assertEqual((bad.returncode, bad.stdout), (0, ""))

    # ---- many ----

    def fleet(self, first, *arguments, verb="load"):
        users = ("--users", str(MANY), "--first-imsi", imsi(first))
        return json.loads(self.lab(verb, *users, "--json", *arguments).stdout)

    def test_a_storm_passes(self):
        told = self.fleet(60, *KEYS, verb="storm")
        self.assertEqual((told["users"], told["ahead"], told["interrupted"]), (MANY, 1 << 20, False))
        self.assertEqual((told["back_by_mars"], told["back_within_two_mars"]), ({"2": MANY}, MANY))
        self.assertEqual((told["failures"], told["too_busy"]), ([], 0))
        self.assertLessEqual(told["p50_ms"], told["p99_ms"])
        self.assertLessEqual(told["p99_ms"], told["max_ms"])
        for number in (60, 59 + MANY):
            self.imsi = imsi(number)
            self.assertIn("(+1048576), raised", self.shown())
            self.assertRegex(self.shown(), r"state +registered")
        # The text for people says the same.
        out = self.lab("storm", "--users", str(MANY), "--first-imsi", imsi(60), *KEYS, "--ahead", "7").stdout
        self.assertTrue(out.startswith(f"{MANY} cards, 7 ahead of the HSS, registered at once: "), out)
        self.assertIn(f"\n  {MANY} back with 2 MARs\n", out)
        self.assertNotIn("not back", out)

    def test_load_is_measured(self):
        commands = {"mar": ["MAR"], "registration": ["UAR", "MAR", "SAR"], "re-registration": ["MAR", "SAR"],
                    "lir": ["LIR"]}
        for mix, steps in commands.items():  # whom the second one registers are asked for by the last
            with self.subTest(mix):
                verify = ("--verify", *KEYS) if "MAR" in steps else ()
                told = self.fleet(60 + MANY, "--mix", mix, "--duration", "1", "--in-flight", "8", *verify)
                self.assertEqual((told["mix"], told["users"], told["first_imsi"]), (mix, MANY, imsi(60 + MANY)))
                for name in ("procedures_failed", "timeouts", "late", "wrong", "not_begun"):
                    self.assertEqual(told[name], 0, name)
                self.assertEqual([step["command"] for step in told["requests"]], steps)
                for step in (*told["requests"], told["procedures"]):
                    self.assertGreater(step["count"], 0)
                    self.assertLessEqual(step["p50_ms"], step["p99_ms"])
                    self.assertLessEqual(step["p99_ms"], step["p99.9_ms"])
                    self.assertLessEqual(step["p99.9_ms"], step["max_ms"])
                for step in told["requests"]:
                    self.assertEqual(sum(result["count"] for result in step["results"]), step["count"])
                    self.assertEqual({result["code"] // 1000 for result in step["results"]}, {2}, step["results"])
                self.assertGreater(told["answers_per_second"], 0)
                if verify:
                    (mar,) = [step for step in told["requests"] if step["command"] == "MAR"]
                    self.assertGreaterEqual(told["verified"], mar["count"])

    # ---- what can be wrong ----

    def test_nobody_listens(self):
        command = self.command("register")
        command[command.index("--hss") + 1] = "127.0.0.1:1"
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nobody listens at 127.0.0.1:1", done.stderr)

    def test_an_unknown_user(self):
        self.imsi = "001019999999999"
        self.assertIn("DIAMETER_ERROR_USER_UNKNOWN", self.lab("register", code=1).stdout)


if __name__ == "__main__":
    unittest.main()
