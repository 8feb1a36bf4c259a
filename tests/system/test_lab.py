# Every flow of hsslab against the server: what a person types, what comes out, and what the HSS remembers of it.
# SPDX-License-Identifier: MIT
import json
import os
import subprocess
import tempfile
import unittest

from tests.peer.server import REALM, Server, build_directory

K = "465b5ce8b199b49faa5f0a2ee238a6bc"  # TS 35.208 4.3.1
OP = "cdc202d5123e20f62b6d676ac72cb318"
OPC = "cd63cb71954a9f4e48a5994e37a02baf"
USERS = 60
FIRST = 1010000000001


def read(file):
    with open(file, encoding="utf-8") as opened:
        return opened.read()


def imsi(number):
    return f"{FIRST + number:015}"


class LabTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(peers=(f"*.{REALM}",), settings={"cx": {"scscf_pool": f'["sip:scscf.{REALM}:6060"]'}})
        cls.server.start()
        lines = ["imsi,msisdn,k,opc"] + [f"{imsi(n)},1555{n:07},{K},{OPC}" for n in range(USERS)]
        cls.server.hssctl("import", "-", input="\n".join(lines) + "\n")
        cls.numbers = iter(range(USERS))

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def setUp(self):
        self.imsi = imsi(next(self.numbers))

    def lab(self, verb, *arguments, code=0, keys=("--k", K, "--opc", OPC), timeout=60):
        card = ("--imsi", self.imsi, *keys) if verb not in ("storm", "load") else ()
        command = [os.path.join(build_directory(), "bin", "hsslab"), verb, "--hss", f"127.0.0.1:{self.server.port}",
                   *card, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if "--show-secrets" not in arguments:
            for key in (K, OP, OPC):
                self.assertNotIn(key, done.stdout + done.stderr)
        return done

    def shown(self):
        return self.server.hssctl("subscriber", "show", self.imsi).stdout

    def assert_in_order(self, text, *words):
        at = 0
        for word in words:
            found = text.find(word, at)
            self.assertGreaterEqual(found, 0, f"{word!r} is missing, or too early, in:\n{text}")
            at = found + len(word)

    # ---- IMS ----

    def test_a_registration(self):
        out = self.lab("register").stdout
        self.assert_in_order(out, "UAR", "UAA DIAMETER_FIRST_REGISTRATION", "MAR", "MAA DIAMETER_SUCCESS",
                             "401", "ck=", "401", "SAR", "SAA DIAMETER_SUCCESS", "LIA DIAMETER_SUCCESS")
        self.assertRegex(self.shown(), r"state +registered")

    def test_every_event_as_json(self):
        events = [json.loads(line) for line in self.lab("register", "--json").stdout.splitlines()]
        diameter = [event["title"].split()[0] for event in events if event["kind"] == "diameter"]
        self.assertEqual(diameter[:6], ["UAR", "UAA", "MAR", "MAA", "SAR", "SAA"])
        self.assertFalse([event for event in events if event["kind"] == "problem"])

    def test_the_card_ahead(self):
        for ahead in ("one", "2^20", "beyond-delta"):
            out = self.lab("resync", "--ahead", ahead).stdout
            self.assert_in_order(out, "MAR", "auts=", "MAR", "MAA DIAMETER_SUCCESS")
        self.assertIn("we at", self.shown())

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
        for fault, keys in (("other-k", ("--k", K, "--opc", OPC)), ("op-for-opc", ("--k", K, "--op", OP)),
                            ("forged-mac-s", ("--k", K, "--opc", OPC)), ("amf-in-auts", ("--k", K, "--opc", OPC))):
            with self.subTest(fault):
                done = self.lab("register", "--fault", fault, code=1, keys=keys)
                self.assertTrue(done.stderr.startswith("hsslab: "), done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)

    # ---- Wi-Fi ----

    def test_wifi_with_both_schemes(self):
        for scheme in ("eap-aka", "eap-aka-prime"):
            out = self.lab("swx", "--scheme", scheme).stdout
            self.assert_in_order(out, "SWx-MAR", "SWx-MAA DIAMETER_SUCCESS", "MSK", "SWx-SAR",
                                 "SWx-SAA DIAMETER_SUCCESS", "ims")
        self.assertRegex(self.shown(), r"AAA server +aaa\.")

    def test_wifi_with_a_card_that_is_ahead(self):
        self.assert_in_order(self.lab("swx", "--ahead", "one").stdout, "SWx-MAR", "SWx-MAR", "SWx-SAA DIAMETER_SUCCESS")

    # ---- files ----

    def test_a_page_and_a_capture(self):
        with tempfile.TemporaryDirectory() as directory:
            page, capture = (os.path.join(directory, name) for name in ("run.html", "run.pcap"))
            self.lab("register", "--html", page, "--pcap", capture)
            html = read(page)
            for word in ("Multimedia-Auth-Answer", "SIP-Auth-Data-Item", self.imsi):
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

    def test_a_storm_passes(self):
        out = self.lab("storm", "--users", "30", "--first-imsi", imsi(30), "--k", K, "--opc", OPC).stdout
        self.assertIn("30", out)

    def test_load_is_measured(self):
        out = self.lab("load", "--users", "30", "--first-imsi", imsi(30), "--mix", "registration", "--duration", "1",
                       "--in-flight", "8", "--verify", "--k", K, "--opc", OPC, "--json").stdout
        json.loads(out.splitlines()[-1] if out.lstrip().startswith("{\"") else out)

    # ---- what can be wrong ----

    def test_nobody_listens(self):
        command = [os.path.join(build_directory(), "bin", "hsslab"), "register", "--hss", "127.0.0.1:1", "--imsi",
                   self.imsi, "--k", K, "--opc", OPC]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nobody listens at 127.0.0.1:1", done.stderr)

    def test_an_unknown_user(self):
        self.imsi = "001019999999999"
        self.assertIn("DIAMETER_ERROR_USER_UNKNOWN", self.lab("register", code=1).stdout)


if __name__ == "__main__":
    unittest.main()
