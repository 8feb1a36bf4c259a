# The servers that are measured, each a process of its own in a directory of its own: the bare responder, the empty
# freeDiameter extension as packaged and tuned, and the HSS with subscribers.
# SPDX-License-Identifier: MIT
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from tests.peer.server import HOST, REALM, free_port, freediameterd, listening_sockets, wait_until

FIRST_IMSI = "001010000000001"
# TS 35.208 test set 1: all subscribers of a benchmark have it.
K = "465b5ce8b199b49faa5f0a2ee238a6bc"
OPC = "cd63cb71954a9f4e48a5994e37a02baf"
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

EMPTY_CONF = """\
Identity = "{host}";
Realm = "{realm}";
Port = {port};
SecPort = 0;
No_SCTP;
No_IPv6;
NoRelay;
{more}LoadExtension = "{extension}" : "{how}";
"""
# As `hssctl init` writes it for the HSS.
TUNED = "AppServThreads = 2;\nThreadsPerServer = 16;\nTwTimer = 30;\n"


class Failed(Exception):
    """A server or a tool did not do what it should; nothing that was measured counts."""


class Subject:
    """A server on a port of loopback; `command` starts it, its output goes to `directory`/log."""

    def __init__(self, name, directory):
        self.name = name
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.process = None

    @property
    def log_file(self):
        return self.directory / "log"

    def command(self):
        raise NotImplementedError

    def start(self, timeout=60):
        """Starts it and returns the seconds until it listened."""
        begun = time.monotonic()
        with open(self.log_file, "ab") as log:
            self.log_begins = log.tell()
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.directory
            )
        wait_until(self._listens, timeout, lambda: f"{self.name} does not listen; {self.log_file} says why")
        return time.monotonic() - begun

    def _listens(self):
        if self.process.poll() is not None:
            tail = self.log_file.read_text(errors="replace")[-2000:]
            raise Failed(f"{self.name} ended with {self.process.returncode}:\n{tail}")
        return any(port == self.port for _, port in listening_sockets(self.process.pid))

    def stop(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def cpu_seconds(self):
        """User and system time of all its threads."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident(self):
        """Octets."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE


class Responder(Subject):
    def __init__(self, directory, build):
        super().__init__("bare responder", directory)
        self.build = build

    def command(self):
        return [str(self.build / "bin" / "epoll_responder"), str(self.port), HOST, REALM]


class Empty(Subject):
    """`how`: packaged or tuned."""

    def __init__(self, directory, build, how):
        super().__init__(f"empty extension, {how}", directory)
        conf = EMPTY_CONF.format(
            host=HOST,
            realm=REALM,
            port=self.port,
            extension=build / "lib" / "empty.fdx",
            how=how,
            more=TUNED if how == "tuned" else "",
        )
        (self.directory / "freeDiameter.conf").write_text(conf)

    def command(self):
        return [freediameterd(), "-c", str(self.directory / "freeDiameter.conf")]


class Hss(Subject):
    """hss.fdx exactly as `hssctl init` sets it up."""

    def __init__(self, directory, build):
        shutil.rmtree(directory, ignore_errors=True)
        super().__init__("hss.fdx", directory)
        self.build = build
        self.store = self.directory / "hss"
        arguments = ["init", str(self.store), "--realm", REALM, "--host", HOST, "--listen", "127.0.0.1"]
        self._run([*arguments, "--port", str(self.port), "--peer", f"*.{REALM}"])

    @property
    def database(self):
        return self.store / "hss.db"

    def _run(self, arguments):
        done = subprocess.run([str(self.build / "bin" / "hssctl"), *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"hssctl {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def hssctl(self, *arguments):
        return self._run(["-C", str(self.store), *arguments])

    def provision(self, users):
        """Imports subscribers with consecutive IMSIs; returns the seconds it took."""
        cards = self.directory / "cards.csv"
        write_cards(cards, users)
        begun = time.monotonic()
        self.hssctl("import", str(cards))
        seconds = time.monotonic() - begun
        cards.unlink()
        return seconds

    def set(self, key, value):
        """A line of hss.toml that stands there already; for the next start."""
        file = self.store / "hss.toml"
        text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", file.read_text())
        if found != 1:
            raise Failed(f"{file} has {found} lines of {key}")
        file.write_text(text)

    def wait_until_in_memory(self, timeout):
        """After start(), until everybody is; Failed when not everybody has room."""

        def said():
            with open(self.log_file, errors="replace") as log:
                log.seek(self.log_begins)
                return next((line.strip() for line in log if " in memory: " in line), None)

        line = wait_until(said, timeout, lambda: f"{self.name} still reads subscribers into memory")
        if not line.endswith("everybody"):
            raise Failed(f"{self.name}: {line}")

    def command(self):
        return [freediameterd(), "-c", str(self.store / "freeDiameter.conf")]


def write_cards(file, users):
    with open(file, "w") as out:
        out.write("imsi,msisdn,k,opc\n")
        first = int(FIRST_IMSI)
        out.writelines(f"{first + i:015},1555{i:09},{K},{OPC}\n" for i in range(users))


def keys_file(directory):
    file = pathlib.Path(directory) / "cards.keys"
    file.write_text(f"k={K}\nopc={OPC}\n")
    return file
