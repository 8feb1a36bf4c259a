"""What a server's log is searched for: the reports of the sanitizers."""
# SPDX-License-Identifier: MIT

import unittest

from tests.peer.server import sanitizer_report

LEAK = "==12==ERROR: LeakSanitizer: detected memory leaks\n\nDirect leak of 4 byte(s) in 1 object(s) allocated from:\n"
DEATH = "==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010\n"
RACE = "==================\nWARNING: ThreadSanitizer: data race (pid=12)\n"
UNDEFINED = "hss/sqn.cpp:12:3: runtime error: signed integer overflow\n"


class SanitizerReportTest(unittest.TestCase):
    def test_each_kind_of_report_is_found(self):
        for report in (LEAK, DEATH, RACE, UNDEFINED):
            with self.subTest(report=report):
                found = sanitizer_report("2026-01-01 info minihss is stopping\n" + report + "the rest\n")
                self.assertIsNotNone(found)
                self.assertEqual(found, report.removeprefix("==================\n") + "the rest\n")

    def test_what_a_server_says_by_itself_is_none(self):
        for log in ("", "2026-01-01 error freeDiameter: ERROR: in 'x' : Invalid\n", "warning: a runtime limit\n"):
            with self.subTest(log=log):
                self.assertIsNone(sanitizer_report(log))


if __name__ == "__main__":
    unittest.main()
