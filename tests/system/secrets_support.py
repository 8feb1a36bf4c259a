# What the tests of secrets share: a server that says all that it and freeDiameter can be made to say, everything that
# it and hssctl have written while the tests of a class ran, and the search of that for every key that the tests know.
# SPDX-License-Identifier: MIT
import os
import pathlib
import secrets
import socket
import sqlite3
import struct
import tempfile
import threading

from tests.peer import cx, eap, swx
from tests.peer.milenage import Milenage, derive_opc
from tests.peer.secret_finder import SecretFinder
from tests.peer.server import AAA, AAA_2, ICSCF, REALM, SCSCF, SCSCF_2, Server
from tests.system.support import Subscriber
from tests.system.swx_support import SwxTest

MASTER_KEYS = ("master.key", "master.key.old", "master.key.next")


class TalkativeServer(Server):
    """freeDiameter's debug level as low as it goes, and that of its TLS library. Keeps what hssctl says."""

    options = ("-d", "-d", "-d", "--dbg_gnutls", "9")

    def __init__(self, *arguments, **options):
        self.said = []  # (who, octets)
        super().__init__(*arguments, **options)

    def _execute(self, arguments, input, timeout):
        done = super()._execute(arguments, input, timeout)
        words = [word for word in arguments if word.isalpha()][:2]
        self.said.append((f"hssctl {' '.join(words)}", (done.stdout + done.stderr).encode()))
        return done

    def start(self):
        super().start()
        self.keep_process()
        return self

    def keep_process(self):
        """What everybody, or its user, sees of the process."""
        for name in ("cmdline", "environ"):
            self.said.append((f"/proc of freeDiameterd, {name}", self._proc(name)))

    def _proc(self, name):
        octets = pathlib.Path(f"/proc/{self.process.pid}/{name}").read_bytes()
        assert octets, f"{name} is empty"
        return octets


class DumpingServer(TalkativeServer):
    """With freeDiameter's own extension that prints every message, in every way that it can: somebody may load it."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        with open(self.directory / "freeDiameter.conf", "a") as file:
            file.write('LoadExtension = "dbg_msg_dumps.fdx" : "0xEEEE";\n')  # compact, full and as trees, all of them


class Manager:
    """The service manager: keeps the notifications of whoever is started while it is there."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="minihss-notify-")
        path = os.path.join(self._directory.name, "socket")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self.told = []
        self._thread = threading.Thread(target=self._read, name="service manager")
        self._thread.start()
        os.environ["NOTIFY_SOCKET"] = path

    def _read(self):
        while (text := self._socket.recv(65536)) != b"end":
            self.told.append(text)

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"end", os.environ.pop("NOTIFY_SOCKET"))
        self._thread.join()
        self._socket.close()
        self._directory.cleanup()


class SecretsTest(SwxTest):
    """When the class is done, no key that it used may be in anything that was written, but where it belongs."""

    peers = (ICSCF, SCSCF, SCSCF_2, AAA, AAA_2, f"*.{REALM}")
    server_type = TalkativeServer
    more_settings = {
        "log": {"level": '"trace"'},
        "cx": {"max_vectors": "5"},
        "swx": {"accept_digest_scheme": "true"},
        "push": {"answer_seconds": 1, "retry_seconds": 1, "retry_most_seconds": 1},
    }
    wanted = {}  # kind of key: so many of it, at the least, are to be looked for

    @classmethod
    def setUpClass(cls):
        cls.finder = SecretFinder()
        cls.cards = {}  # IMSI -> (K, OPc), of Milenage with the usual constants
        cls.inputs = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="minihss-keys-")))
        cls.manager = Manager()
        cls.addClassCleanup(cls.manager.close)
        super().setUpClass()
        cls.keep_master_key()

    # ---- what is secret ----

    @classmethod
    def keep(cls, kind, *keys):
        for key in keys:
            cls.finder.add(kind, key)

    @classmethod
    def keep_master_key(cls):
        for name in MASTER_KEYS:
            if (file := cls.server.directory / name).exists():
                cls.keep("master key", bytes.fromhex(file.read_text()))

    def keep_secrets(self, *keys):  # what the classes above keep by themselves
        self.keep("of a card or a vector", *keys)

    def milenage(self, op=None):
        """A subscriber who is not stored yet; with `op`, OPc is made of it."""
        subscriber = Subscriber()
        if op:
            self.keep("OP", op)
            subscriber.opc = derive_opc(subscriber.k, op)
        self.keep("K", subscriber.k)
        self.keep("OPc", subscriber.opc)
        self.cards[subscriber.imsi] = subscriber.k, subscriber.opc
        return subscriber

    def subscriber(self, *options):
        subscriber = self.milenage()
        keys = ("--k", subscriber.k.hex(), "--opc", subscriber.opc.hex())
        return self.add(subscriber, *keys, *options)

    def add(self, subscriber, *options, input=None):
        identity = ("--imsi", subscriber.imsi, "--msisdn", subscriber.msisdn)
        self.server.hssctl("subscriber", "add", *identity, *options, input=input)
        return subscriber

    def password(self):
        """A file with a new one in it; its hashes are known when they come over the wire."""
        return self.input("password", self.new_password() + "\n")

    def new_password(self):
        password = secrets.token_urlsafe(18)
        self.keep("password", password.encode())
        return password

    def input(self, name, text):
        """A file with keys in it, where nobody looks for them."""
        path = self.inputs / name
        path.write_text(text)
        return str(path)

    def check(self, request, answer):
        for vector in cx.vectors(answer):
            sign = "'" if vector.scheme == swx.EAP_AKA_PRIME else ""
            self.keep("XRES", vector.xres)
            self.keep("CK" + sign, vector.ck)
            self.keep("IK" + sign, vector.ik)
        for digest in cx.digests(answer):
            self.keep_digest(digest)
        return super().check(request, answer)

    def keep_digest(self, digest):
        self.keep("HA1", *(bytes.fromhex(one) for one in (digest.ha1, digest.alternate_ha1) if one))

    @classmethod
    def keep_issued(cls):
        """CK, IK and XRES of the latest challenges of each card, as the store remembers them: those that reached nobody
        are among them."""
        for imsi, rands in issued(cls.server.database_file).items():
            if imsi not in cls.cards:
                continue
            functions = Milenage(*cls.cards[imsi])
            for rand in rands:
                values = functions.f2345(rand)
                cls.keep("CK", values.ck)
                cls.keep("IK", values.ik)
                cls.keep("XRES", values.res)

    # ---- what was written ----

    @classmethod
    def written(cls):
        """(where, octets) of everything."""
        yield "the server's log", cls.server.log_file.read_bytes()
        yield from cls.server.said
        yield "the service manager", b"\n".join(cls.manager.told)
        for file in sorted(cls.server.log_file.parent.rglob("*")):
            if file.is_file() and file != cls.server.log_file and file.name not in MASTER_KEYS:
                yield file.name, file.read_bytes()

    @classmethod
    def leaked_secrets(cls):
        """Called when the server has ended."""
        cls.keep_master_key()
        cls.keep_issued()
        few = {kind: cls.finder.counts[kind] for kind, count in cls.wanted.items() if cls.finder.counts[kind] < count}
        assert not few, f"of some kinds of keys there were too few: {few}, wanted {cls.wanted}"
        assert any(text.startswith(b"READY=1") for text in cls.manager.told), "the service manager was told nothing"
        leaked = []
        for where, octets in cls.written():
            if findings := cls.finder.find(octets):
                leaked.append(f"{where}: {findings}: {cls.places(octets)}")
        return leaked

    @classmethod
    def places(cls, octets):
        """The lines with a key in them, and how they begin where that does not show one."""
        found = []
        lines = octets.split(b"\n")
        for number, finding in cls.finder.find_in_lines(octets)[:10]:
            head = lines[number - 1][:60]
            shown = "..." if cls.finder.find(head) else repr(head)
            found.append(f"line {number}, {finding.form}: {shown}")
        return "; ".join(found)


class HssctlTest(SecretsTest):
    """hssctl as a person uses it, rightly and wrongly."""

    def done(self, *arguments, input=None):
        return self.server.hssctl(*arguments, input=input).stdout

    def both(self, *arguments):
        """As text and as JSON."""
        self.done("--json", *arguments)
        return self.done(*arguments)

    def refused(self, *arguments, input=None):
        done = self.server.hssctl(*arguments, input=input, check=False)
        self.assertIn(done.returncode, (1, 2), "it was not refused")
        self.assertIn("hssctl: ", done.stderr)
        return done.stderr

    def new_key(self, kind="K", octets=16):
        key = secrets.token_bytes(octets)
        self.keep(kind, key)
        return key


def issued(file):
    """The latest RANDs of each IMSI's key sets: {IMSI: set}."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        owners = dict(
            database.execute("SELECT k.id, s.imsi FROM key_set k JOIN subscription s ON s.id = k.subscription")
        )
        rows = list(database.execute("SELECT key_set, issued FROM sequence"))
        for (content,) in database.execute("SELECT content FROM sequence_log ORDER BY id"):
            while content:  # db/sequence_log.h
                key_set, _, count = struct.unpack_from(">QQB", content)
                rows.append((key_set, content[17 : 17 + 16 * count]))
                content = content[17 + 16 * count :]
    finally:
        database.close()
    found = {}
    for key_set, rands in rows:
        if imsi := owners.get(key_set):
            found.setdefault(imsi, set()).update(rands[at : at + 16] for at in range(0, len(rands), 16))
    return found


def inner_keys(subscriber, vector):
    """CK and IK that CK' and IK' of an EAP-AKA' vector were made of; the derivation is checked with them."""
    values = Milenage(subscriber.k, subscriber.opc).f2345(vector.rand)
    prime = eap.ck_ik_prime(values.ck, values.ik, b"WLAN", vector.autn[:6])
    assert prime == (vector.ck, vector.ik), "CK' and IK' are not those of the card"
    return values.ck, values.ik
