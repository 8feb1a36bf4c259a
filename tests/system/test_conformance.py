# SPDX-License-Identifier: MIT
"""docs/cx-conformance.md and docs/swx-conformance.md name a test for every step: each of them must be there, and no
cell may be empty."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# And how many rows each has at least, how many names of tests: less means that they are not read as they should be.
DOCUMENTS = {"cx-conformance.md": (150, 200), "swx-conformance.md": (110, 200)}


def rows(document):
    """(line number, cells) of every line of a table, heads and rules left out."""
    lines = (ROOT / "docs" / document).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        following = lines[number] if number < len(lines) else ""
        if following.startswith("|") and set(following) <= set("|- "):
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        yield number, [cell.strip() for cell in cells]


class Tests:
    """The tests in C++: every name in quotes, and TEST(Suite, Name)."""

    def __init__(self):
        sources = sorted((ROOT / "tests").rglob("*.cpp"))
        text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
        # Adjacent string literals are one name.
        self.text = re.sub(r'"\s*\n\s*"', "", text)
        self.defined = set(re.findall(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", text))
        self.suites = {suite for suite, _ in self.defined}


class ConformanceTest(unittest.TestCase):
    def test_no_cell_is_empty(self):
        for document, (at_least, _) in DOCUMENTS.items():
            with self.subTest(document):
                checked = 0
                for number, cells in rows(document):
                    checked += 1
                    self.assertGreaterEqual(len(cells), 3, f"line {number}: {cells}")
                    for cell in cells:
                        self.assertTrue(cell, f"line {number} has an empty cell")
                self.assertGreater(checked, at_least)

    def test_every_test_named_exists(self):
        tests = Tests()
        for document, (_, at_least) in DOCUMENTS.items():
            with self.subTest(document):
                checked, missing = 0, []
                for number, cells in rows(document):
                    for found, what in named_in(cells[-1], tests):
                        checked += 1
                        if not found:
                            missing.append(f"line {number}: no {what}")
                self.assertEqual(missing, [])
                self.assertGreater(checked, at_least)


def named_in(cell, tests):
    """(is it there, what) of every test that a cell names."""
    # A row of a table of tests: `Suite "row"`, `"row"`.
    for quoted in re.findall(r'`(?:\w+ )?"([^"`]+)"`', cell):
        yield f'"{quoted}"' in tests.text, f'row "{quoted}"'
    for suite in re.findall(r'`(\w+) "', cell):
        yield suite in tests.suites, f"suite {suite}"
    for suite, test in re.findall(r"`(\w+)\.(\w+)`", cell):
        if test not in ("py", "cpp", "csv", "md"):
            yield (suite, test) in tests.defined, f"test {suite}.{test}"
    for path in re.findall(r"`((?:tests|docs)/[\w/.-]+)`", cell):
        yield (ROOT / path).exists(), f"file {path}"


if __name__ == "__main__":
    unittest.main()
