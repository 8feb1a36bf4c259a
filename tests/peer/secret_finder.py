"""Looks for keys in what a program has written, in whatever form they might have got there: as they are, in
hexadecimal, base64 or decimal numbers, and with their octets turned round."""
# SPDX-License-Identifier: MIT

import base64
import collections
import re
from typing import NamedTuple

# So many octets in a row of a key are as bad as the whole: a dump that is cut off is found too. What is shorter is
# found as a whole value alone, for four octets or five meet by chance.
PART = 8
SHORTEST = 4

_OCTET_SIGNS = re.compile(rb"\\x|0x|[\s:,.\-]+")
_HEX = re.compile(rb"[0-9a-f]{%d,}" % (2 * SHORTEST))
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{%d,}" % 6)
_NUMBERS = re.compile(rb"(?<!\d)\d{1,3}(?:[\s,.:;/\-]{1,3}\d{1,3}(?!\d)){%d,}" % (SHORTEST - 1))


class Finding(NamedTuple):
    kind: str  # of key
    form: str


def _hexadecimal(octets):
    """What runs of digits say, whichever digit the first octet begins with; signs between octets are passed over."""
    lower = octets.lower()
    for run in {*_HEX.findall(lower), *_HEX.findall(_OCTET_SIGNS.sub(b"", lower))}:
        for start in (0, 1):
            digits = run[start:]
            yield bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def _base64(octets):
    """What base64 says, standard or for URLs, line ends in it or not, whichever character a group begins with."""
    standard = octets.replace(b"-", b"+").replace(b"_", b"/")
    for run in {*_BASE64.findall(standard), *_BASE64.findall(re.sub(rb"[\r\n]", b"", standard))}:
        for start in range(4):
            characters = run[start:]
            octets_of_run = base64.b64decode(characters + b"A" * (-len(characters) % 4))
            yield octets_of_run[: len(characters) * 6 // 8]


def _decimal(octets):
    """Lists of numbers from 0 to 255."""
    for text in set(_NUMBERS.findall(octets)):
        numbers = [int(number) for number in re.findall(rb"\d+", text)]
        while numbers:
            end = next((at for at, number in enumerate(numbers) if number > 255), len(numbers))
            yield bytes(numbers[:end])
            numbers = numbers[end + 1 :]


_FORMS = {"hexadecimal": _hexadecimal, "base64": _base64, "decimal": _decimal}


class SecretFinder:
    def __init__(self):
        self.counts = collections.Counter()  # of the kinds
        self._parts = {}  # PART octets of a key, either way round -> its kind
        self._short = {}
        self._known = set()

    def add(self, kind, secret):
        """`kind` is what is said of a finding; the key itself never is."""
        if len(secret) < SHORTEST:
            raise ValueError(f"{kind}: {len(secret)} octets are too few to be looked for")
        if secret in self._known:
            return
        self._known.add(secret)
        self.counts[kind] += 1
        for octets, name in ((secret, kind), (secret[::-1], kind + ", octets reversed")):
            if len(secret) < PART:
                self._short.setdefault(octets, name)
            for at in range(len(octets) - PART + 1):
                self._parts.setdefault(octets[at : at + PART], name)

    def find(self, octets):
        """The findings in a text or anything else, each once."""
        found = set(self._look(octets, "as it is", whole=False))
        for form, decode in _FORMS.items():
            for decoded in decode(octets):
                found.update(self._look(decoded, form))
                for again in _hexadecimal(decoded):  # a key that was hexadecimal text before
                    found.update(self._look(again, f"hexadecimal in {form}"))
        return sorted(found)

    def find_in_lines(self, octets):
        """(line number, finding): find() of each line, for who has to mend what writes it."""
        lines = octets.split(b"\n")
        return [(number, finding) for number, line in enumerate(lines, start=1) for finding in self.find(line)]

    def _look(self, octets, form, whole=True):
        if whole and octets in self._short:
            yield Finding(self._short[octets], form)
        if not whole:
            for secret, name in self._short.items():
                if secret in octets:
                    yield Finding(name, form)
        parts = self._parts
        for at in range(len(octets) - PART + 1):
            if (part := octets[at : at + PART]) in parts:
                yield Finding(parts[part], form)
