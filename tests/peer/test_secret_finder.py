"""The finder finds a key in every form in which one is planted, and none where there is none."""
# SPDX-License-Identifier: MIT

import base64
import random
import unittest

from tests.peer.secret_finder import Finding, SecretFinder

chance = random.Random(20)
K = chance.randbytes(16)
XRES = chance.randbytes(8)
RES_OF_TUAK = chance.randbytes(4)
SECRETS = {"K": K, "XRES": XRES, "RES": RES_OF_TUAK}
BEFORE, AFTER = b"2026-11-21T18:00:00.123 info 10.0.0.1:3868 ck=<", b"> [12] 0.412ms done\n"


def octets_apart(secret, sign):
    return sign.join(f"{octet:02x}" for octet in secret).encode()


def forms(secret):
    """Of a key, {form: (what is written, what the finding is called)}."""
    plain = secret.hex()
    yield "raw", secret, "as it is"
    yield "hexadecimal", plain.encode(), "hexadecimal"
    yield "upper case", plain.upper().encode(), "hexadecimal"
    yield "reversed", secret[::-1].hex().encode(), "hexadecimal"
    for sign in (":", " ", "-", ", ", "\n", ".", "\\x", ", 0x"):
        yield f"apart by {sign!r}", octets_apart(secret, sign), "hexadecimal"
        yield f"upper case apart by {sign!r}", octets_apart(secret, sign).upper(), "hexadecimal"
    for sign in (",", ", ", " ", ".", ":"):
        yield f"decimal apart by {sign!r}", sign.join(str(octet) for octet in secret).encode(), "decimal"
    yield "base64", base64.b64encode(secret), "base64"
    yield "base64 without padding", base64.b64encode(secret).rstrip(b"="), "base64"
    yield "base64 for URLs", base64.urlsafe_b64encode(secret), "base64"
    yield "base64 of the text", base64.b64encode(plain.encode()), "hexadecimal in base64"
    yield "hexadecimal of the text", plain.encode().hex().encode(), "hexadecimal in hexadecimal"


class SecretFinderTest(unittest.TestCase):
    def setUp(self):
        self.finder = SecretFinder()
        for kind, secret in SECRETS.items():
            self.finder.add(kind, secret)

    def assert_found(self, kind, form, text):
        kinds = {found.kind.split(",")[0] for found in self.finder.find(text) if found.form == form}
        self.assertEqual(kinds, {kind})

    def test_every_form(self):
        count = 0
        for kind, secret in SECRETS.items():
            for name, written, form in forms(secret):
                with self.subTest(kind=kind, form=name):
                    self.assert_found(kind, form, BEFORE + written + AFTER)
                    self.assert_found(kind, form, written)
                    count += 1
        self.assertEqual(count, 3 * 30)

    def test_inside_of_something_longer(self):
        for kind in ("K", "XRES"):
            for length in range(6):
                whole = chance.randbytes(length) + SECRETS[kind] + chance.randbytes(9)
                for form, written in (
                    ("as it is", whole),
                    ("hexadecimal", b"0" + whole.hex().encode()),
                    ("hexadecimal", octets_apart(whole, " ")),
                    ("base64", base64.b64encode(whole)),
                    ("base64", base64.urlsafe_b64encode(whole)),
                    ("base64", base64.encodebytes(chance.randbytes(50) + whole)),  # in lines of 76 characters
                    ("decimal", ", ".join(map(str, whole)).encode()),
                ):
                    with self.subTest(kind=kind, form=form, length=length):
                        self.assert_found(kind, form, BEFORE + written + AFTER)

    def test_characters_that_only_urls_have(self):
        secret = bytes.fromhex("fbefbefbffffbffbefbeffbffbefbeff")
        self.assertTrue(set(base64.urlsafe_b64encode(secret)) & set(b"-_"))
        self.finder.add("OPc", secret)
        self.assert_found("OPc", "base64", b'"' + base64.urlsafe_b64encode(secret) + b'"')

    def test_half_a_key_is_one_too(self):
        for start in range(9):
            self.assert_found("K", "hexadecimal", K[start : start + 8].hex().encode())
        self.assertEqual(self.finder.find(K[:7].hex().encode()), [])

    def test_where_there_is_none(self):
        other = random.Random(21)
        for size in (0, 1, 7, 100, 100_000):
            octets = other.randbytes(size)
            for text in (octets, octets.hex().encode(), base64.b64encode(octets), BEFORE + AFTER):
                self.assertEqual(self.finder.find(text), [])
        # A short one is a whole value: its digits within others are chance.
        self.assertEqual(self.finder.find(b"session=77" + RES_OF_TUAK.hex().encode() + b"77"), [])

    def test_the_line_is_told_and_the_kinds_are_counted(self):
        text = BEFORE + AFTER + K.hex().encode() + AFTER
        self.assertEqual(self.finder.find_in_lines(text), [(2, Finding("K", "hexadecimal"))])
        self.finder.add("K", K)
        self.finder.add("K", chance.randbytes(32))
        self.assertEqual(self.finder.counts, {"K": 2, "XRES": 1, "RES": 1})
        with self.assertRaises(ValueError):
            self.finder.add("AMF", b"\x80\x00")


if __name__ == "__main__":
    unittest.main()
