# No key in what hssctl says when it is given keys, rightly or wrongly: on the command line, where keys belong and where
# they do not, and in files that are good or bad in every way that people have found.
# SPDX-License-Identifier: MIT
import base64
import json
import pathlib
import subprocess
import unittest

from tests.peer.server import REALM, wait_until
from tests.system.secrets_support import HssctlTest
from tests.system.support import Subscriber


def spoilt(key):
    """A key as somebody might type it who does not get it right: {what is wrong: text}."""
    text = key.hex()
    return {
        "a digit too few": text[:-1],
        "a digit too many": text + "0",
        "a letter that is none": text[:20] + "g" + text[21:],
        "in octets": " ".join(text[at : at + 2] for at in range(0, len(text), 2)),
        "with colons": ":".join(text[at : at + 2] for at in range(0, len(text), 2)),
        "as C has it": "0x" + text,
        "in quotes": f"'{text}'",
        "base64": base64.b64encode(key).decode(),
    }


class CommandLineTest(HssctlTest):
    wanted = {"K": 9, "OPc": 3, "OP": 2, "TOP": 1, "TOPc": 1, "HA1": 1, "password": 1}

    def test_keys_that_are_mistyped(self):
        for option, kind, octets, others in (
            ("--k", "K", 16, ("--opc", 16)), ("--opc", "OPc", 16, ("--k", 16)), ("--op", "OP", 16, ("--k", 16)),
            ("--topc", "TOPc", 32, ("--k", 16)), ("--top", "TOP", 32, ("--k", 32)), ("--ha1", "HA1", 16, ()),
        ):
            key = self.new_key(kind, octets)
            more = (others[0], self.new_key(octets=others[1]).hex()) if others else ()
            for number, (name, text) in enumerate(spoilt(key).items()):
                with self.subTest(option=option, wrong=name):
                    words = (option, text) if number % 2 else ("--json", f"{option}={text}")
                    identity = ("--imsi", "001019999999999", "--msisdn", "15559999999")
                    self.refused("subscriber", "add", *identity, *words, *more)

    def test_keys_in_the_place_of_something_else(self):
        subscriber = self.subscriber()
        k, opc = self.new_key(), self.new_key("OPc")
        text, right = k.hex(), ("--k", k.hex(), "--opc", opc.hex())
        whole = ("--imsi", "001019999999998", "--msisdn", "15559999998", *right)
        for option in ("imsi", "msisdn", "impi", "impu", "amf", "sqn", "ind-bits", "scheme", "framed-address",
                       "res-length", "algorithm", "keys-file", "milenage-constants", "sip-password-file",
                       "profile", "apn", "non-3gpp", "ue-ambr", "service-priority", "primary-event-charging"):
            with self.subTest(option):
                self.refused("subscriber", "add", *whole, f"--{option}", text)
                self.refused("--json", "subscriber", "set", subscriber.imsi, f"--{option}", text)
        for words in (
            ("--k", text, "--k", opc.hex(), "--opc", opc.hex()), ("--ki", text), ("--ki=" + text,), ("-k", text),
            ("-k" + text,), ("--k:" + text,), ("--" + text,), ("-" + text,), (text,), ("--k",), ("--k", text),
            ("--unknown", text), ("--unknown=" + text,), ("--json=" + text,),
            ("--k", text, "--opc", opc.hex(), "--op", self.new_key("OP").hex()),
            ("--sip-password", self.new_password(), "--ha1", text), ("--sip-digest-realm", text),
        ):
            with self.subTest(words[0].replace(text, "KEY")):
                self.refused("subscriber", "add", "--imsi", "001019999999997", "--msisdn", "15559999997", *words)
        for words in (
            (text,), ("subscriber", text), ("subscriber", "show", text), ("subscriber", "set", text, *right),
            ("subscriber", "remove", text), ("subscriber", "list", text), ("deregister", text), ("push", "list", text),
            ("push", "send", text, "--profile"), ("push", "show", text), ("explain", "mar", text),
            ("explain", "mar", subscriber.sip, "--auts", text), ("aka", "auts", text, "--auts", text),
            ("aka", "auts", text, "--auts", text[:28]), ("aka", "challenge", text, "--nonce", text),
            ("aka", "vector", *right, "--rand", text[1:]), ("aka", "vector", *right, "--sqn", text),
            ("aka", "vector", "--k", text), ("aka", "auts", subscriber.imsi, *right, "--auts", text[:28]),
            ("import", text), ("import", "-", "--format", text), ("check", text), ("restore", text),
            ("backup", text + "/" + text), ("export", "-o", text + "/" + text), ("profile", "show", text),
            ("profile", "set", "x", text), ("apn", "show", text), ("key", text), ("key", "rotate", text),
            ("psi", "set", text), ("shared-ifc", "show", text), ("init", subscriber.imsi, "--realm", text + "_!"),
        ):
            with self.subTest(" ".join(words[:2]).replace(text, "KEY")):
                self.refused(*words)
        for directory in (("-C", text), ("-C", str(self.inputs)), ()):  # no database there
            self.assertIn(self.server._run([*directory, "subscriber", "add", *whole], check=False).returncode, (1, 2))

    def test_a_test_that_fails_prints_none(self):
        key = self.new_key()
        for words in (("--k", key.hex()), (f"--k={key.hex()}",)):
            with self.assertRaises(AssertionError) as caught:
                self.server.hssctl("subscriber", "add", *words)
            self.assertIn("hssctl -C ", str(caught.exception))
            self.assertEqual(self.finder.find(str(caught.exception).encode()), [])

    def test_the_arguments_are_not_to_be_seen(self):
        k, opc = self.new_key(), self.new_key("OPc")
        identity = ("--imsi", "001019999999996", "--msisdn", "15559999996")
        password = self.new_password()
        hssctl = subprocess.Popen(
            [self.server.build / "bin" / "hssctl", "-C", self.server.directory, "subscriber", "add", *identity,
             "--k", k.hex(), f"--opc={opc.hex()}", "--sip-password-file", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # waits for its standard input
        self.addCleanup(hssctl.kill)
        line = pathlib.Path(f"/proc/{hssctl.pid}/cmdline")
        shown = wait_until(lambda: (octets := line.read_bytes()) and b"***" in octets and octets, 10, "not hidden")
        self.server.said.append(("/proc of hssctl", shown))
        self.assertIn(b"--sip-password-file", shown)
        out, _ = hssctl.communicate(password + "\n", timeout=30)
        self.assertEqual(hssctl.returncode, 0, out)
        self.server.said.append(("hssctl", out.encode()))


class FilesTest(HssctlTest):
    wanted = {"K": 12, "OPc": 7, "OP": 1, "TOPc": 1, "HA1": 2}

    def card(self):
        """(K, OPc, row of a CSV file, JSON object) of a subscriber who is not stored."""
        card = self.milenage()
        row = [card.imsi, card.msisdn, card.k.hex(), card.opc.hex()]
        json_object = {
            "imsi": card.imsi, "msisdns": [card.msisdn], "key_sets": [{"k": row[2], "opc": row[3]}],
            "private_identities": [{"impi": card.impi, "key_set": 0}], "public_identities": [{"impu": card.sip}],
        }
        return card, row, json_object

    def bad_csv(self):
        """{what is wrong: the text of a file}."""
        _, row, _ = self.card()
        header, line = "imsi,msisdn,k,opc", ",".join(row)
        yield "no header", line
        yield "semicolons", header.replace(",", ";") + "\n" + line.replace(",", ";")
        yield "a header of keys", f"imsi,{row[2]},k,opc\n{line}"
        yield "a column twice", f"imsi,k,k,opc\n{line}"
        yield "a field too few", f"{header}\n{','.join(row[1:])}"
        yield "a field too many", f"{header}\n{line},{row[2]}"
        yield "no quote at the end", f'{header}\n{row[0]},{row[1]},"{row[2]},{row[3]}'
        yield "a quote inside", f'{header}\n{row[0]},{row[1]},{row[2]}"x,{row[3]}'
        yield "text behind a quote", f'{header}\n{row[0]},{row[1]},"{row[2]}"x,{row[3]}'
        yield "a NUL", f"{header}\n{line}\0"
        yield "too long", f"{header}\n{line},{row[2] * 3000}"
        yield "the same twice", f"{header}\n{line}\n{line}"
        for at in range(1, 4):
            yield f"turned by {at}", f"{header}\n{','.join(row[at:] + row[:at])}"
        for column in ("impi", "impus", "amf", "sqn", "ind_bits", "scheme", "algorithm", "tuak_iterations",
                       "res_length", "milenage_constants", "framed_address", "apns", "ue_ambr", "topc", "top", "op",
                       "ha1_sha256", "service_priority"):
            yield f"a key as {column}", f"{header},{column}\n{line},{row[2]}"
        for name, text in spoilt(self.new_key()).items():
            yield name, f"{header}\n{row[0]},{row[1]},{text},{row[3]}"

    def bad_json(self):
        card, row, whole = self.card()
        text = json.dumps(whole)
        yield "no end", text[:-1]
        yield "no JSON", text.replace('"opc": "', '"opc": ')
        yield "no JSON inside", text.replace('"k": "', '"k": x"')
        yield "something behind", f"[{text}] {row[2]}"
        yield "no object", json.dumps(row)
        yield "a list", json.dumps([row])
        yield "a key alone", f'"{row[2]}"'
        number = int(row[2], 16)
        for name, key_set in {
            "a key as a name": {"k": row[2], "opc": row[3], row[2]: 1}, "a number": {"k": number, "opc": row[3]},
            "a list of octets": {"k": list(card.k), "opc": row[3]}, "an object": {"k": {row[2]: row[3]}},
            "too short": {"k": row[2][:-2], "opc": row[3]}, "another name": {"ki": row[2], "opc": row[3]},
            "both, and they differ": {"k": row[2], "opc": row[3], "op": self.new_key("OP").hex()},
            "an algorithm": {"k": row[2], "opc": row[3], "algorithm": row[2]}, "amf": {"k": row[2], "amf": row[3]},
        }.items():
            yield name, json.dumps(whole | {"key_sets": [key_set]})
        for name, change in {
            "imsi": {"imsi": row[2]}, "impi": {"private_identities": [{"impi": row[2], "key_set": 0}]},
            "impu": {"public_identities": [{"impu": row[2]}]}, "a member": {row[2]: row[3]},
            "key_sets": {"key_sets": row},
            "a digest": {"private_identities": [{"impi": card.impi, "sip_digest": {"ha1": row[2] + "0"}}]},
            "the index of a key set": {"private_identities": [{"impi": card.impi, "key_set": row[2]}]},
            "a profile": {"service_profile": {"name": "x", "xml": row[2]}},
        }.items():
            yield name, json.dumps(whole | change)
        yield "a profile of keys", json.dumps({"service_profile": {"name": row[2], "xml": f"<x{row[2]}/>"}})

    def bad_keys_files(self):
        k, opc = self.new_key().hex(), self.new_key("OPc").hex()
        yield "no names", f"{k}\n{opc}\n"
        yield "another name", f"k={k}\n{opc}=1\n"
        yield "twice", f"k={k}\nk={opc}\n"
        yield "colons", f"k: {k}\nopc: {opc}\n"
        yield "too short", f"k={k[:-1]}\nopc={opc}\n"
        yield "quotes", f"k='{k}'\nopc='{opc}'\n"
        yield "all in a line", f"k={k} opc={opc}\n"

    def test_bad_imports(self):
        for kind, files in (("csv", self.bad_csv()), ("json", self.bad_json())):
            for name, text in files:
                with self.subTest(kind=kind, wrong=name):
                    # Every problem is in both, the report and the lines on standard error.
                    self.refused("--json", "import", self.input("bad", text + "\n"))
        self.refused("import", "-", "--dry-run", "--format", "json", input=text)
        for encoding in ("utf-16", "utf-8-sig"):
            (self.inputs / "bad").write_bytes(f"imsi,k\n{self.new_key().hex()}\n".encode(encoding))
            self.refused("import", str(self.inputs / "bad"))

    def test_bad_keys_files(self):
        for name, text in self.bad_keys_files():
            with self.subTest(name):
                file = self.input("bad", text)
                identity = ("--imsi", "001019999999999", "--msisdn", "15559999999")
                self.refused("subscriber", "add", *identity, "--keys-file", file)
                self.refused("subscriber", "add", *identity, "--keys-file", "-", input=text)
                self.refused("aka", "vector", "--keys-file", file)

    def test_good_files(self):
        rows = [self.card()[1] for _ in range(3)]
        file = self.input("good.csv", "\n".join(["imsi,msisdn,ki,opc", *(",".join(row) for row in rows)]) + "\n")
        self.done("import", "--dry-run", file)
        self.done("--json", "import", file)
        rows[0][2] = self.new_key().hex()
        changed = "\n".join(["imsi,msisdn,k,opc", *(",".join(row) for row in rows)])
        self.refused("import", "-", input=changed)
        self.done("import", "--update", "-", input=changed)
        whole = self.card()[2]
        whole["private_identities"][0] |= {
            "scheme": "SIP Digest",
            "sip_digest": {
                "realm": REALM, "ha1": self.new_key("HA1").hex(), "ha1_sha256": self.new_key("HA1", 32).hex()
            },
        }
        self.done("import", "-", input=json.dumps(whole))
        k, topc = self.new_key(octets=32), self.new_key("TOPc", 32)
        stored = self.add(Subscriber(), "--keys-file", self.input("tuak.keys", f"k={k.hex()}\ntopc={topc.hex()}\n"))
        k, opc = self.new_key(), self.new_key("OPc")
        keys = self.input("milenage.keys", f"k={k.hex()}\nopc={opc.hex()}\n")
        self.done("subscriber", "set", stored.imsi, "--algorithm", "milenage", "--keys-file", keys)
        self.done("--json", "subscriber", "set", stored.imsi, "--k", self.new_key().hex(), "--opc", opc.hex())


if __name__ == "__main__":
    unittest.main()
