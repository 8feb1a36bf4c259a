# What the tests of hsslab share: a server that lets every host of the home domain in, cards of one key, hsslab as a
# person starts it, and one that runs beside the test, which reads along.
# SPDX-License-Identifier: MIT
import json
import signal
import subprocess
import threading
import unittest

from tests.peer.server import REALM, Server, build_directory

K = "465b5ce8b199b49faa5f0a2ee238a6bc"  # TS 35.208 4.3.1
OP = "cdc202d5123e20f62b6d676ac72cb318"
OPC = "cd63cb71954a9f4e48a5994e37a02baf"
KEYS = ("--k", K, "--opc", OPC)
FIRST = 1010000000001
TIMEOUT = 60


def imsi(number):
    return f"{FIRST + number:015}"


class Beside:
    """hsslab with --json while the test goes on; its events in their order. One that hangs is ended, and has failed."""

    def __init__(self, command):
        self.events = []
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._watchdog = threading.Timer(TIMEOUT, self._process.kill)
        self._watchdog.start()

    def close(self):
        self._process.kill()
        self._watchdog.cancel()
        self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()

    def wait_for(self, wanted):
        """The next event whose title holds `wanted`; AssertionError when hsslab ends before."""
        for line in self._process.stdout:
            self.events.append(json.loads(line))
            if wanted in self.events[-1]["title"]:
                return self.events[-1]
        raise AssertionError(f"no {wanted!r} came:\n{self.told()}\n{self._process.stderr.read()}")

    def finish(self):
        """The exit code and what stood on standard error."""
        self.events += [json.loads(line) for line in self._process.stdout]
        err = self._process.stderr.read()
        return self._process.wait(), err

    def interrupt(self):
        """As Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def told(self):
        return "\n".join(f"{each['from']} -> {each['to']}: {each['title']} {each['result']}" for each in self.events)


class LabTest(unittest.TestCase):
    """The server runs while the tests of the class do; each test has a subscriber of its own."""

    users = 1
    settings = {"cx": {"scscf_pool": f'["sip:scscf.{REALM}:6060"]'}}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(peers=(f"*.{REALM}",), settings=cls.settings)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        lines = ["imsi,msisdn,k,opc"] + [f"{imsi(n)},1555{n:07},{K},{OPC}" for n in range(cls.users)]
        cls.server.hssctl("import", "-", input="\n".join(lines) + "\n")
        cls.numbers = iter(range(cls.users))

    def setUp(self):
        self.imsi = imsi(next(self.numbers))

    def tearDown(self):
        self.assertTrue(self.server.running, "the server ended")

    def command(self, verb, *arguments, keys=KEYS):
        card = ("--imsi", self.imsi, *keys) if verb not in ("storm", "load") else ()
        program = str(build_directory() / "bin" / "hsslab")
        return [program, verb, "--hss", f"127.0.0.1:{self.server.port}", *card, *arguments]

    def lab(self, verb, *arguments, code=0, keys=KEYS):
        done = subprocess.run(
            self.command(verb, *arguments, keys=keys), capture_output=True, text=True, timeout=TIMEOUT
        )
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        if "--show-secrets" not in arguments:
            for key in (K, OP, OPC):
                self.assertNotIn(key, done.stdout + done.stderr)
        return done

    def events(self, verb, *arguments, code=0, keys=KEYS):
        """The events of a run with --json."""
        done = self.lab(verb, "--json", *arguments, code=code, keys=keys)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def shown(self):
        return self.server.hssctl("subscriber", "show", self.imsi).stdout

    def assert_in_order(self, text, *words):
        at = 0
        for word in words:
            found = text.find(word, at)
            self.assertGreaterEqual(found, 0, f"{word!r} is missing, or too early, in:\n{text}")
            at = found + len(word)
