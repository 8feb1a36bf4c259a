# A server of its own for a test: freeDiameterd with the HSS from a build directory, in a fresh directory made by
# `hssctl init`, on a free port of the loopback interface.
# SPDX-License-Identifier: MIT
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from tests.peer.connection import SWX, Connection

REALM = "ims.mnc001.mcc001.3gppnetwork.org"
HOST = f"hss.{REALM}"
ICSCF = f"icscf.{REALM}"
SCSCF = f"scscf.{REALM}"
SCSCF_2 = f"scscf2.{REALM}"
# 3GPP AAA servers are in the realm of the EPC, TS 23.003 19.2.
AAA_REALM = "epc.mnc001.mcc001.3gppnetwork.org"
AAA = f"aaa.{AAA_REALM}"
AAA_2 = f"aaa2.{AAA_REALM}"

START_TIMEOUT = 30
STOP_TIMEOUT = 10 if os.environ.get("MINIHSS_PRELOAD") else 30  # stop() says why

# Options of hssctl whose value no failure of a test may print.
_KEY_OPTIONS = ("--k", "--opc", "--op", "--topc", "--top", "--ha1", "--sip-password")


class ServerFailed(Exception):
    """freeDiameterd ended although it should run."""


class StopTimeout(AssertionError):
    """freeDiameterd did not end on SIGTERM, and was killed."""


class SanitizerReport(AssertionError):
    """A sanitizer in freeDiameterd has found something: a leak too, which it tells at the end."""


def build_directory():
    """The build directory that the tests are about."""
    directory = os.environ.get("MINIHSS_BUILD_DIR")
    if not directory:
        raise RuntimeError("MINIHSS_BUILD_DIR is not set: name the build directory with bin/hssctl and lib/hss.fdx")
    return pathlib.Path(directory)


def freediameterd():
    found = shutil.which("freeDiameterd", path=os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin:/usr/local/bin")
    if not found:
        raise RuntimeError("freeDiameterd is not installed (package freediameterd)")
    return found


def daemon_environment():
    """Of freeDiameterd: a build with a sanitizer needs the sanitizer's library first. freeDiameter's locks are its own,
    so reports of their order are not asked for. Where memory was allocated is found out by the slower of the two ways:
    freeDiameter has no frame pointers, and what it allocates for us could not be told from what it loses itself."""
    environment = {**os.environ, "LC_ALL": "C"}
    if preload := os.environ.get("MINIHSS_PRELOAD"):
        environment["LD_PRELOAD"] = preload
        tests = pathlib.Path(__file__).parents[1]
        environment.setdefault("ASAN_OPTIONS", "detect_leaks=1:fast_unwind_on_malloc=0:malloc_context_size=9")
        environment.setdefault("LSAN_OPTIONS", f"suppressions={tests / 'lsan.supp'}:print_suppressions=0")
        environment.setdefault("TSAN_OPTIONS", f"detect_deadlocks=0:suppressions={tests / 'tsan.supp'}")
    return environment


def sanitizer_report(log):
    """The first report of a sanitizer in a log, up to its end; None when there is none."""
    match = re.search(r"^.*(?:(?:ERROR|WARNING): \w+Sanitizer:|: runtime error: )", log, re.MULTILINE)
    return log[match.start() :] if match else None


def wait_until(condition, timeout, what):
    """Polls until `condition` is true and returns its value; AssertionError with `what` when the time is over."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout} s in vain: {what() if callable(what) else what}")
        time.sleep(0.02)


def free_port():
    """A port of 127.0.0.1 that nobody has, below the range from which outgoing connections take theirs."""
    for _ in range(200):
        port = random.randrange(10000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port on 127.0.0.1")


def without_keys(arguments):
    """A command line of hssctl for people: asterisks stand for the values of keys."""
    words, hidden = [], False
    for argument in arguments:
        option = argument.partition("=")[0]
        words.append("***" if hidden else f"{option}=***" if option in _KEY_OPTIONS and "=" in argument else argument)
        hidden = argument in _KEY_OPTIONS
    return " ".join(words)


def _sockets(pid, tables):
    """(address, port, state) of a process's sockets in tables of /proc/net; address and state are hexadecimal as they
    are there (IPv4: 0100007F is 127.0.0.1)."""
    inodes = set()
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(entry)
        except OSError:
            continue  # closed meanwhile
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    for table in tables:
        try:
            lines = pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        except OSError:
            continue  # no IPv6 on this machine
        for line in lines:
            fields = line.split()
            if fields[9] in inodes:
                address, port = fields[1].split(":")
                yield address, int(port, 16), fields[3]


def listening_sockets(pid):
    """(address, port) of every TCP socket that a process listens on."""
    return [(address, port) for address, port, state in _sockets(pid, ("tcp", "tcp6")) if state == "0A"]


def datagram_sockets(pid):
    """(address, port) of every UDP and raw socket of a process."""
    tables = ("udp", "udp6", "udplite", "udplite6", "raw", "raw6")
    return [(address, port) for address, port, _ in _sockets(pid, tables)]


class Server:
    """`settings` is {section: {key: value as TOML text}} and changes what init wrote."""

    wrapper = ()  # a command that starts freeDiameterd in its own place, with its arguments
    options = ()  # more of freeDiameterd's own

    def __init__(self, peers=(ICSCF, SCSCF, SCSCF_2), settings=None, init=()):
        self.build = build_directory()
        self._temporary = tempfile.TemporaryDirectory(prefix="minihss-test-")
        self.directory = pathlib.Path(self._temporary.name) / "hss"
        self.log_file = pathlib.Path(self._temporary.name) / "log"
        self.port = free_port()
        self.process = None
        arguments = ["init", str(self.directory), "--realm", REALM, "--host", HOST, "--listen", "127.0.0.1"]
        arguments += ["--port", str(self.port)]
        for peer in peers:
            arguments += ["--peer", peer]
        self._run([*arguments, *init])
        self.change_settings({"log": {"level": '"debug"'}})
        if settings:
            self.change_settings(settings)

    # ---- its files ----

    @property
    def settings_file(self):
        return self.directory / "hss.toml"

    @property
    def database_file(self):
        return self.directory / "hss.db"

    def change_settings(self, settings):
        """Replaces values in hss.toml; it is an error when a key is not there."""
        lines = self.settings_file.read_text().splitlines()
        wanted = {(section, key): value for section, keys in settings.items() for key, value in keys.items()}
        section = ""
        skipping = False
        kept = []
        for line in lines:
            if skipping:  # the rest of an array over several lines
                skipping = not line.strip().startswith("]")
                continue
            if match := re.match(r"\s*\[(\w+)\]", line):
                section = match[1]
            elif (match := re.match(r"\s*(\w+)\s*=\s*(.*)", line)) and (section, match[1]) in wanted:
                skipping = match[2].startswith("[") and "]" not in match[2]
                line = f"{match[1]} = {wanted.pop((section, match[1]))}"
            kept.append(line)
        if wanted:
            raise KeyError(f"hss.toml has no {sorted(wanted)}")
        self.settings_file.write_text("\n".join(kept) + "\n")

    # ---- hssctl ----

    def _run(self, arguments, input=None, check=True, timeout=120):
        done = self._execute(arguments, input, timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"hssctl {without_keys(arguments)}: exit code {done.returncode}: {done.stderr}")
        return done

    def _execute(self, arguments, input, timeout):
        command = [str(self.build / "bin" / "hssctl"), *arguments]
        try:
            return subprocess.run(command, input=input, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"hssctl {without_keys(arguments)}: not done within {timeout} s") from None

    def hssctl(self, *arguments, input=None, check=True, timeout=120):
        """Runs hssctl on this server's directory; AssertionError when it fails and `check` is set."""
        return self._run(["-C", str(self.directory), *arguments], input, check, timeout)

    def hssctl_json(self, *arguments):
        return json.loads(self.hssctl("--json", *arguments).stdout)

    # ---- the process ----

    def launch(self):
        """Starts freeDiameterd and does not wait."""
        assert self.process is None or self.process.poll() is not None, "it runs"
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, freediameterd(), *self.options, "-c", str(self.directory / "freeDiameter.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._temporary.name,
                env=daemon_environment(),
            )

    def start(self):
        """Starts freeDiameterd and waits until it listens."""
        self.launch()
        wait_until(self._listens, START_TIMEOUT, lambda: f"no listening socket; the log:\n{self.log()}")
        return self

    def _listens(self):
        if self.process.poll() is not None:
            raise ServerFailed(f"freeDiameterd ended with {self.process.returncode}; the log:\n{self.log()}")
        return any(port == self.port for _, port in listening_sockets(self.process.pid))

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """SIGTERM; returns the exit code. One that does not end is killed, which is a failure but for one with a
        sanitizer in it (0 then): that may wait at exit for a lock of the C library, with any extension."""
        if self.process is None:
            return None
        if self.running:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.kill9()
                if os.environ.get("MINIHSS_PRELOAD"):
                    return 0
                raise StopTimeout(f"freeDiameterd does not end on SIGTERM; the log:\n{self.log()[-4000:]}")
        if os.environ.get("MINIHSS_PRELOAD") and (report := sanitizer_report(self.log())):
            raise SanitizerReport(report[:8000])
        return self.process.wait()

    def kill9(self):
        """The process is gone at once, whatever it was doing."""
        self.process.kill()
        return self.process.wait()

    def restart(self):
        self.stop()
        return self.start()

    def close(self):
        """Stops it and removes its directory."""
        try:
            self.stop()
        finally:
            self._temporary.cleanup()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    # ---- its log ----

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def wait_log(self, pattern, timeout=10):
        """The first match of a regular expression in the log."""
        return wait_until(
            lambda: re.search(pattern, self.log(), re.MULTILINE),
            timeout,
            lambda: f"no {pattern!r} in the log:\n{self.log()[-4000:]}",
        )

    # ---- peers ----

    def connect(self, host=SCSCF, realm=REALM, **options):
        return Connection(("127.0.0.1", self.port), host, realm, **options)

    def connect_aaa(self, host=AAA, **options):
        """A 3GPP AAA server, which offers SWx alone."""
        return self.connect(host, AAA_REALM, served_realm=REALM, **{"applications": (SWX,), **options})
