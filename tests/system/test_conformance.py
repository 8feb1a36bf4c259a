# SPDX-License-Identifier: MIT
"""docs/cx-conformance.md names a test for every step: each of them must be there, and no cell may be empty."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "cx-conformance.md"


def rows():
    """(line number, cells) of every line of a table, heads and rules left out."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("|") or set(line) <= set("|- "):
            continue
        following = lines[number] if number < len(lines) else ""
        if following.startswith("|") and set(following) <= set("|- "):
            continue
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        yield number, [cell.strip() for cell in cells]


def sources():
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.cpp")))


class ConformanceTest(unittest.TestCase):
    def test_no_cell_is_empty(self):
        checked = 0
        for number, cells in rows():
            checked += 1
            self.assertGreaterEqual(len(cells), 3, f"line {number}: {cells}")
            for cell in cells:
                self.assertTrue(cell, f"line {number} has an empty cell")
        self.assertGreater(checked, 150)

    def test_every_test_named_exists(self):
        text = sources()
        # Adjacent string literals are one name.
        joined = re.sub(r'"\s*\n\s*"', "", text)
        defined = set(re.findall(r"TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", text))
        suites = {suite for suite, _ in defined}
        missing = []
        checked = 0
        for number, cells in rows():
            named = cells[-1]
            # A row of a table of tests: `Suite "row"`, `"row"`.
            for quoted in re.findall(r'`(?:\w+ )?"([^"`]+)"`', named):
                checked += 1
                if f'"{quoted}"' not in joined:
                    missing.append(f'line {number}: no row "{quoted}"')
            for suite in re.findall(r'`(\w+) "', named):
                checked += 1
                if suite not in suites:
                    missing.append(f"line {number}: no suite {suite}")
            for suite, test in re.findall(r"`(\w+)\.(\w+)`", named):
                if test in ("py", "cpp", "csv", "md"):
                    continue
                checked += 1
                if (suite, test) not in defined:
                    missing.append(f"line {number}: no test {suite}.{test}")
            for path in re.findall(r"`((?:tests|docs)/[\w/.-]+)`", named):
                checked += 1
                if not (ROOT / path).exists():
                    missing.append(f"line {number}: no file {path}")
        self.assertEqual(missing, [])
        self.assertGreater(checked, 200)


if __name__ == "__main__":
    unittest.main()
