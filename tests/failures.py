"""Says once more, in short, what failed: python3 tests/failures.py FILE, which ctest --output-junit wrote."""
# SPDX-License-Identifier: MIT

import sys
import xml.etree.ElementTree

LINES = 60  # the end of each one's output, where the assertion is


def main(path):
    for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
        if case.get("status") == "fail":
            print(f"\n==== the end of {case.get('name')}:")
            print("\n".join((case.findtext("system-out") or "").rstrip().splitlines()[-LINES:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
