# hsslab push: an operator's change reaches the S-CSCF or the 3GPP AAA server that is played, is shown and answered as
# told, and the HSS draws its conclusion from that answer.
# SPDX-License-Identifier: MIT
import json
import unittest

from tests.peer.server import REALM, wait_until
from tests.system.lab_support import Beside, LabTest

# Of each --answer to an RTR: what the HSS notes of it, and whether it takes the user for registered afterwards.
ANSWERS = {
    "success": ("done", "DIAMETER_SUCCESS", False),
    "user-unknown": ("done", "DIAMETER_ERROR_USER_UNKNOWN", False),
    "unable-to-comply": ("waiting", "DIAMETER_UNABLE_TO_COMPLY", True),
    "none": ("waiting", None, True),
}


class LabPushTest(LabTest):
    """Every test plays hosts of its own: what one leaves unanswered is not brought to the next."""

    users = 20
    # One attempt in the time of a test, and an answer that does not come is given up soon.
    settings = LabTest.settings | {"push": {"answer_seconds": 1, "retry_seconds": 3600, "retry_most_seconds": 3600}}

    def setUp(self):
        super().setUp()
        number = self.imsi.lstrip("0")
        self.scscf, self.aaa = f"scscf{number}.{REALM}", f"aaa{number}.{REALM}"

    def push(self, *arguments):
        """hsslab push that has registered and waits."""
        hosts = ("--icscf-host", f"icscf-{self.scscf}", "--scscf-host", self.scscf, "--aaa-host", self.aaa)
        name = ("--scscf-name", f"sip:{self.scscf}:6060")
        run = Beside(self.command("push", "--json", *hosts, *name, *arguments))
        self.addCleanup(run.close)
        run.wait_for("waits for RTR and PPR")
        return run

    def ended(self, run, code=0):
        """hsslab ended by itself; its events."""
        got, err = run.finish()
        self.assertEqual(got, code, run.told() + err)
        self.assertEqual(err == "", code == 0, err)
        return run.events

    def outbox(self, condition):
        """`hssctl push list` of the user once `condition` holds for every row."""

        def look():
            lines = self.server.hssctl("--json", "push", "list", self.imsi).stdout.splitlines()
            rows = [json.loads(line) for line in lines]
            return rows if rows and all(condition(row) for row in rows) else None

        return wait_until(look, 30, lambda: self.server.hssctl("push", "list", self.imsi).stdout)

    def came_of(self, row, status, result):
        """The one attempt has ended so; no result is an answer that was waited for in vain."""
        ended = row.get("result") == result if result else "no answer" in row.get("outcome", "")
        return row["status"] == status and row["attempts"] == 1 and ended

    def of_the_hss(self, events, title):
        return [event for event in events if event["from"] == "HSS" and event["title"].split()[0] == title]

    def to_the_hss(self, events, title):
        return [event for event in events if event["to"] == "HSS" and event["title"].split()[0] == title]

    def avp(self, event, name):
        return [avp["value"] for avp in event["avps"] if avp["name"] == name]

    # ---- Cx ----

    def test_rtr_is_answered_as_told(self):
        for answer, (status, result, stays) in ANSWERS.items():
            with self.subTest(answer):
                self.setUp()
                run = self.push("--answer", answer)
                self.server.hssctl("deregister", self.imsi, "--info", "moved away")
                run.wait_for("the HSS ends the registration")
                note = run.wait_for("the HSS ends the registration")  # one for each identity that is not barred
                self.assertEqual(note["details"]["reason"], "PERMANENT_TERMINATION (0)")
                self.assertEqual(note["details"]["in words"], "moved away")
                rows = self.outbox(lambda row: self.came_of(row, status, result))
                self.assertEqual([(row["kind"], row["diameter_host"]) for row in rows], [("RTR", self.scscf)] * 2)
                self.assertRegex(self.shown(), r"state +registered" if stays else r"state +not registered")
                run.interrupt()
                events = self.ended(run)
                self.assertEqual(len(self.of_the_hss(events, "RTR")), 2)
                answers = self.to_the_hss(events, "RTA")
                self.assertEqual(len(answers), 0 if result is None else 2)
                for each in answers:
                    self.assertTrue(each["result"].startswith(result), each["result"])

    def test_ppr_brings_the_profile_as_it_is_now(self):
        for answer, result in (("success", "DIAMETER_SUCCESS"), ("unable-to-comply", "DIAMETER_UNABLE_TO_COMPLY")):
            with self.subTest(answer):
                self.setUp()
                run = self.push("--count", "1", "--answer", answer)
                self.server.hssctl("subscriber", "set", self.imsi, "--display-name", "Alice & Bob")
                run.wait_for("the HSS brings what has changed of the user")
                events = self.ended(run)
                (ppr,) = self.of_the_hss(events, "PPR")
                self.assertIn("<DisplayName>Alice &amp; Bob</DisplayName>", self.avp(ppr, "User-Data")[0])
                self.assertEqual([each["result"].split()[0] for each in self.to_the_hss(events, "PPA")], [result])
                (row,) = self.outbox(lambda row: row.get("result") == result)
                self.assertEqual((row["kind"], row["diameter_host"]), ("PPR", self.scscf))
                self.assertRegex(self.shown(), r"state +registered")

    def test_it_de_registers_at_the_end_when_the_hss_did_not(self):
        run = self.push("--count", "1", "--deregister")
        self.server.hssctl("subscriber", "set", self.imsi, "--display-name", "Carol")
        self.assertEqual(len(self.to_the_hss(self.ended(run), "SAR")), 2)
        self.assertRegex(self.shown(), r"state +not registered")

    def test_fewer_than_wanted_are_a_failure(self):
        run = self.push("--count", "1", "--seconds", "1")
        code, err = run.finish()
        self.assertEqual((code, err), (1, "hsslab: push: waited for 1 request, 0 came\n"))
        self.assertEqual(run.events[-1]["kind"], "problem")
        # Any number is right when none was named.
        self.ended(self.push("--seconds", "1"))

    # ---- SWx ----

    def test_rtr_on_swx_is_answered_as_told(self):
        for answer, (status, result, stays) in ANSWERS.items():
            with self.subTest(answer):
                self.setUp()
                run = self.push("--swx", "--answer", answer)
                self.server.hssctl("deregister", self.imsi, "--application", "swx")
                run.wait_for("the HSS ends the registration")
                (row,) = self.outbox(lambda row: self.came_of(row, status, result))
                self.assertEqual((row["kind"], row["diameter_host"]), ("RTR", self.aaa))
                if stays:
                    self.assertIn(self.aaa, self.shown())
                else:
                    self.assertNotIn(self.aaa, self.shown())
                run.interrupt()
                events = self.ended(run)
                (rtr,) = self.of_the_hss(events, "SWx-RTR")
                self.assertEqual(self.avp(rtr, "User-Name"), [self.imsi])
                answers = [each["result"].split()[0] for each in self.to_the_hss(events, "SWx-RTA")]
                self.assertEqual(answers, [] if result is None else [result])

    def test_what_is_sent_by_hand_on_swx(self):
        run = self.push("--swx", "--count", "2")
        self.server.hssctl("push", "send", self.imsi, "--profile")
        run.wait_for("the HSS brings what has changed of the user")
        done = self.server.hssctl("push", "send", self.imsi, "--reset-indication", "--wait")
        self.assertIn("done", done.stdout)
        events = self.ended(run)
        profile, reset = self.of_the_hss(events, "SWx-PPR")
        self.assertEqual(self.avp(profile, "User-Name"), [self.imsi])
        self.assertEqual([len(self.avp(each, "Non-3GPP-User-Data")) for each in (profile, reset)], [1, 0])
        self.assertEqual(len(self.avp(reset, "PPR-Flags")), 1)
        rows = self.outbox(lambda row: row["status"] == "done" and row["result"] == "DIAMETER_SUCCESS")
        self.assertEqual([(row["kind"], row["diameter_host"]) for row in rows], [("PPR", self.aaa)] * 2)

    def test_an_aaa_server_that_does_not_know_the_user_any_more(self):
        run = self.push("--swx", "--count", "1", "--answer", "user-unknown")
        self.server.hssctl("push", "send", self.imsi, "--profile")
        self.assertEqual(len(self.to_the_hss(self.ended(run), "SWx-PPA")), 1)
        (row,) = self.outbox(lambda row: row["status"] == "done")
        self.assertEqual((row["kind"], row["result"]), ("PPR", "DIAMETER_ERROR_USER_UNKNOWN"))
        self.assertNotIn(self.aaa, self.shown())  # the HSS does not take the user for registered there any longer


if __name__ == "__main__":
    unittest.main()
