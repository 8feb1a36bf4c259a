# What is installed holds what keeps a fault in memory from being used: read from the ELF files by readelf (binutils).
# SPDX-License-Identifier: MIT
import os
import pathlib
import subprocess
import unittest

BUILD = pathlib.Path(os.environ.get("MINIHSS_BUILD_DIR", "build"))
PROGRAMS = ("bin/hssctl", "bin/hsslab")
FILES = (*PROGRAMS, "lib/hss.fdx")


def lines(file, *options):
    """What readelf says of a file, line by line, as words."""
    text = subprocess.run(("readelf", "-W", *options, BUILD / file), check=True, capture_output=True, text=True).stdout
    return [line.split() for line in text.splitlines()]


def header(file):
    return {words[0]: words[1] for words in lines(file, "-h") if len(words) > 1}


def segments(file):
    """The flags of the segments by their kinds, e.g. {"GNU_STACK": ["RW"]}."""
    found = {}
    for words in lines(file, "-l"):
        if len(words) > 7 and words[1].startswith("0x"):
            found.setdefault(words[0], []).append("".join(words[6:-1]))
    return found


def dynamic(file, tag):
    """The words of an entry of the dynamic section; none when it is not there."""
    for words in lines(file, "-d"):
        if len(words) > 1 and words[1] == f"({tag})":
            return words[2:]
    return []


def symbols(file):
    """The dynamic symbols, without their versions."""
    return {words[7].split("@")[0] for words in lines(file, "--dyn-syms") if len(words) > 7}


class HardeningTest(unittest.TestCase):
    def test_programs_can_be_anywhere_in_memory(self):
        for file in FILES:
            with self.subTest(file):
                self.assertEqual(header(file)["Type:"], "DYN")
                self.assertEqual(file in PROGRAMS, "PIE" in dynamic(file, "FLAGS_1"))

    def test_addresses_of_functions_are_filled_in_at_the_start_and_then_read_only(self):
        for file in FILES:
            with self.subTest(file):
                self.assertIn("GNU_RELRO", segments(file))
                self.assertIn("NOW", dynamic(file, "FLAGS_1"))

    def test_no_segment_can_be_written_and_run(self):
        for file in FILES:
            with self.subTest(file):
                found = segments(file)
                self.assertEqual(found["GNU_STACK"], ["RW"])
                self.assertIn("RE", found["LOAD"])
                self.assertNotIn("RWE", found["LOAD"])
                self.assertEqual(dynamic(file, "TEXTREL"), [])

    def test_the_stack_is_watched(self):
        for file in FILES:
            with self.subTest(file):
                self.assertTrue("__stack_chk_fail" in symbols(file))

    def test_c_functions_look_at_sizes(self):
        """Where something is optimised, and there is one whose sizes are known only when it runs."""
        for file in ("bin/hssctl", "lib/hss.fdx"):
            with self.subTest(file):
                self.assertTrue([name for name in symbols(file) if name.startswith("__") and name.endswith("_chk")])

    def test_containers_look_at_indices(self):
        for file in FILES:
            with self.subTest(file):
                self.assertTrue([name for name in symbols(file) if "__glibcxx_assert_fail" in name])


if __name__ == "__main__":
    unittest.main()
