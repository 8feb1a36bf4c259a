# No key in what hssctl and hsslab show of a store that is right, nor in clear in a database or a backup. What is meant
# to hold keys does: an export that asks for them, and a capture.
# SPDX-License-Identifier: MIT
import stat
import subprocess
import unittest

from tests.peer import cx
from tests.peer.server import SCSCF, build_directory
from tests.system.secrets_support import HssctlTest


class VerbsTest(HssctlTest):
    wanted = {"K": 6, "OPc": 4, "HA1": 2, "password": 1, "CK": 5, "IK": 5, "XRES": 5, "master key": 2}

    def keys_file(self, subscriber, **others):
        keys = {"k": subscriber.k.hex(), "opc": subscriber.opc.hex()} | others
        return self.input("card.keys", "".join(f"{name}={value}\n" for name, value in keys.items()))

    def registered(self):
        """With keys and a password, registered at an S-CSCF and at an AAA server, after a resynchronisation."""
        subscriber = self.subscriber("--sip-password-file", self.password())
        self.mar(subscriber, scheme="SIP Digest")
        subscriber.usim = subscriber.card(seq=1 << 20)
        vector = self.vector(subscriber)
        auts = subscriber.usim.challenge(vector.rand, vector.autn).auts
        self.assert_accepted(subscriber, self.vector(subscriber, authorization=vector.rand + auts))
        self.sar(subscriber, cx.REGISTRATION)
        self.attach(subscriber)
        return subscriber, vector, auts

    def mode(self, file):
        return stat.S_IMODE(file.stat().st_mode)

    def test_what_is_shown(self):
        subscriber, vector, auts = self.registered()
        who = subscriber.imsi
        self.done("subscriber", "set", who, "--display-name", "A name")
        self.take(SCSCF)
        row = self.wait_status(who, "done")[0]
        for words in (
            ("subscriber", "show", who), ("subscriber", "list"), ("push", "list"), ("push", "show", str(row["id"])),
            ("export", "--format", "json"), ("check",), ("profile", "preview", subscriber.sip), ("apn", "list"),
            ("explain", "uar", subscriber.sip), ("explain", "mar", subscriber.sip),
            ("explain", "mar", subscriber.sip, "--scheme", "SIP Digest"),
            ("explain", "sar", subscriber.sip, "--type", "1"),
            ("explain", "mar", subscriber.sip, "--auts", (vector.rand + auts).hex()),
            ("explain", "lir", subscriber.tel), ("explain", "swx-mar", who), ("explain", "swx-sar", who, "--type", "1"),
            ("aka", "auts", who, "--rand", vector.rand.hex(), "--auts", auts.hex()),
            ("aka", "challenge", who, "--rand", vector.rand.hex(), "--autn", vector.autn.hex()),
            ("aka", "vector", "--keys-file", self.keys_file(subscriber), "--rand", vector.rand.hex()),
        ):
            with self.subTest(" ".join(words[:2])):
                self.assertTrue(self.both(*words))

    def test_aka_of_wrong_keys(self):
        subscriber = self.milenage(op=self.new_key("OP"))
        other = self.new_key()
        self.add(subscriber, "--k", subscriber.k.hex(), "--opc", subscriber.opc.hex())
        vector = self.vector(subscriber)
        auts = subscriber.card(seq=5).auts(vector.rand)
        told = {}
        for name, keys in {
            "another K": {"k": other.hex()}, "exchanged": {"k": subscriber.opc.hex(), "opc": subscriber.k.hex()},
            "turned round": {"k": subscriber.k[::-1].hex()}, "nibbles": {"k": subscriber.k.hex()[::-1]},
        }.items():
            file = self.keys_file(subscriber, **keys)
            rand = ("--rand", vector.rand.hex())
            for verb, *token in (("auts", "--auts", auts.hex()), ("challenge", "--autn", vector.autn.hex())):
                told[name] = self.refused("aka", verb, "--keys-file", file, *rand, *token)
                self.refused("--json", "aka", verb, "--keys-file", file, *rand, *token)
        self.assertIn("usual mistakes", told["another K"])
        self.assertIn("place", told["exchanged"])

    def test_an_export_that_asks_for_keys(self):
        subscriber = self.subscriber("--sip-password-file", self.password())
        self.mar(subscriber, scheme="SIP Digest")
        for form in ("csv", "json"):
            file = self.inputs / f"export.{form}"
            done = self.server.hssctl("export", "--format", form, "--with-keys", "-o", str(file))
            self.assertIn("K and OPc are written in clear", done.stderr)
            self.assertEqual(self.mode(file), 0o600)
            kinds = {finding.kind for finding in self.finder.find(file.read_bytes())}
            self.assertLessEqual({"K", "OPc", "HA1"}, kinds)
            file = self.server.directory / f"export.{form}"  # this one is searched
            self.server.hssctl("export", "--format", form, "-o", str(file))
            self.assertIn(subscriber.imsi, file.read_text())

    def test_backup_rotation_restore(self):
        subscriber, *_ = self.registered()
        first, second = (str(self.server.directory / name) for name in ("first.db", "second.db"))
        self.both("check")
        self.done("backup", first)
        self.keep_master_key()
        self.done("--json", "key", "rotate")
        self.keep_master_key()
        self.refused("key", "rotate")  # the key before is still there
        self.done("--json", "backup", second)
        self.refused("backup", second)
        self.both("check", second)
        self.refused("check", first)  # it was sealed under the first key
        self.refused("restore", second, "--replace")  # the server runs
        self.vector(subscriber)
        self.disconnect()
        self.server.stop()
        self.refused("restore", first, "--replace")
        self.done("restore", second, "--replace")
        self.server.start()
        self.vector(subscriber)
        for name in ("hss.db", "hss.db-replaced", "first.db", "second.db"):
            file = self.server.directory / name
            self.assertEqual(self.mode(file), 0o600, name)
            self.assertIn(subscriber.impi.encode(), file.read_bytes(), "it holds nothing")
        for file in self.server.directory.glob("master.key*"):
            self.assertEqual(self.mode(file), 0o600, file.name)

    def test_the_unit_keeps_keys_out_of_files(self):
        unit = (self.server.directory / "minihss.service").read_text()
        for line in ("LimitCORE=0", "UMask=0077"):
            self.assertIn(f"\n{line}\n", unit)

    def lab(self, verb, subscriber, *options, code=0):
        program = str(build_directory() / "bin" / "hsslab")
        card = ("--imsi", subscriber.imsi, "--keys-file", self.keys_file(subscriber))
        done = subprocess.run([program, verb, "--hss", f"127.0.0.1:{self.server.port}", *card, *options],
                              capture_output=True, text=True, timeout=60)
        self.server.said.append((f"hsslab {verb}", (done.stdout + done.stderr).encode()))
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def test_hsslab(self):
        self.disconnect()  # it plays the same hosts
        subscriber = self.subscriber()
        html, capture = self.server.directory / "run.html", self.inputs / "run.pcap"
        for verb, options in (("register", ()), ("register", ("--json",)), ("resync", ("--ahead", "1000")),
                              ("swx", ()), ("swx", ("--json",))):
            self.lab(verb, subscriber, *options)
        self.lab("register", subscriber, "--html", str(html), "--pcap", str(capture))
        self.lab("register", subscriber, "--fault", "other-k", code=1)
        self.lab("swx", subscriber, "--fault", "forged-mac-s", code=1)
        self.assertIn(subscriber.imsi, html.read_text())
        self.keep_issued()
        kinds = {finding.kind for finding in self.finder.find(capture.read_bytes())}
        self.assertLessEqual({"CK", "IK", "XRES"}, kinds)
        self.assertEqual(self.mode(capture), 0o600)


if __name__ == "__main__":
    unittest.main()
