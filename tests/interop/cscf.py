"""Kamailio's I-CSCF and S-CSCF on loopback for one test class: their files, their processes, their state."""
# SPDX-License-Identifier: MIT

import os
import pathlib
import shutil
import signal
import socket
import string
import subprocess
import sys
import tempfile

from tests.peer.server import wait_until

TEMPLATES = pathlib.Path(__file__).resolve().parent / "kamailio"
ADDRESS = "127.0.0.1"
# What the packages are needed for: kamailio has the SIP modules, db_text and kamcmd; ims-modules cdp and the CSCFs;
# presence-modules what ims_usrloc_scscf leans on.
PACKAGES = "kamailio kamailio-ims-modules kamailio-presence-modules"
# The S-CSCF checks User-Data with it. A system that leaves out documentation (/usr/share/doc) does not have it.
USER_DATA_XSD = pathlib.Path("/usr/share/doc/kamailio/examples/ims/scscf/CxDataType_Rel7.xsd")

# cdp tries again every Tc, and 2 Tc after a CER that was refused (cdp.xml.in); this leaves room for several.
PEERING_TIMEOUT = 45
STOP_TIMEOUT = 10
LOG_TAIL = 40


def _program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin")
    if not found:
        raise RuntimeError(f"{name} is not installed: apt-get install {PACKAGES}")
    return found


def _free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((ADDRESS, 0))
        return probe.getsockname()[1]


def _private_mounts():
    """The command in front of another that gives it mounts of its own: /etc/hosts is changed for Kamailio alone.

    cdp and the SIP stack resolve the CSCFs' names by the system's resolver, and the machine's files are not ours.
    """
    unshare = _program("unshare")
    ways = [[unshare, "--mount"]] if os.geteuid() == 0 else []
    ways.append([unshare, "--map-root-user", "--mount"])
    failures = []
    for way in ways:
        done = subprocess.run([*way, "--propagation", "private", "mount", "--bind", "/etc/hosts", "/etc/hosts"],
                              capture_output=True, text=True, timeout=30)
        if done.returncode == 0:
            return [*way, "--propagation", "private"]
        failures.append(f"{' '.join(way)}: {done.stderr.strip()}")
    raise RuntimeError("Kamailio needs an /etc/hosts of its own, in a mount namespace: run the tests as root, or allow "
                       f"user namespaces (kernel.unprivileged_userns_clone) ({'; '.join(failures)})")


def _steady():
    """The command in front of another that keeps its processes from overtaking each other.

    cdp's timer process connects and its receiver sends the CER, each writing the socket's number in turn; when the
    receiver is first, the CER lacks Host-IP-Address and is refused. On one CPU, without preemption by those that wake
    up, it is never first: without this, a third of the attempts fail and are repeated 2 Tc later.
    """
    cpu = str(min(os.sched_getaffinity(0)))
    return [_program("chrt"), "--batch", "0", _program("taskset"), "--cpu-list", cpu]


class Kamailio:
    """One Kamailio process tree in the foreground, with a log and a control socket."""

    def __init__(self, name, directory, mounts):
        self.name = name
        self._directory = directory
        self._mounts = mounts
        self._log_file = directory / f"{name}.log"
        self.process = None

    def start(self):
        script = 'mount --bind "$1" /etc/hosts; shift; exec "$@"'
        command = [_program("kamailio"), "-f", str(self._directory / f"{self.name}.cfg"), "-DD", "-E", "-m", "64",
                   "-M", "8", "-Y", str(self._directory), "-w", str(self._directory)]
        with open(self._log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*self._mounts, *_steady(), "sh", "-e", "-c", script, "sh", str(self._directory / "hosts"), *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def rpc(self, *arguments):
        """The answer of an RPC over kamcmd, or None while nobody answers."""
        socket_file = self._directory / f"{self.name}.ctl"
        if not socket_file.exists():
            return None
        done = subprocess.run([_program("kamcmd"), "-s", f"unix:{socket_file}", *arguments],
                              capture_output=True, text=True, timeout=10)
        return done.stdout if done.returncode == 0 else None

    def peered(self):
        """True when cdp has an open connection with the HSS."""
        if not self.running:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}\n{self.tail()}")
        peers = self.rpc("cdp.list_peers")
        return peers is not None and "I_Open" in peers

    def log(self):
        return self._log_file.read_text(errors="replace") if self._log_file.exists() else ""

    def tail(self):
        lines = self.log().splitlines()[-LOG_TAIL:]
        return f"--- the last lines of {self.name}:\n" + "\n".join(lines)

    def stop(self):
        if self.process is None:
            return
        if self.running:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)  # the whole session that start() made
        self.process.wait()


class Cscfs:
    """An I-CSCF and an S-CSCF with names of their own in `realm`."""

    def __init__(self, realm):
        # A name of the same length everywhere: I_perform_user_authorization_request() of 5.6 reads its second argument
        # from the address of the text, not from the text, and with one address in 16 each of its UARs asks for
        # REGISTRATION_AND_CAPABILITIES. Where the text lies depends on how long the texts before it are.
        self._temporary = tempfile.TemporaryDirectory(prefix="minihss-cscf-", dir="/tmp")
        self._directory = pathlib.Path(self._temporary.name)
        self.icscf_port, self.scscf_port = _free_udp_port(), _free_udp_port()
        self.server_name = f"sip:scscf.{realm}:{self.scscf_port}"
        self._realm = realm
        mounts = _private_mounts()
        self.icscf = Kamailio("icscf", self._directory, mounts)
        self.scscf = Kamailio("scscf", self._directory, mounts)

    def _write_files(self, hss_port):
        realm = self._realm
        values = {"realm": realm, "hss_port": hss_port, "address": ADDRESS, "icscf_port": self.icscf_port,
                  "scscf_port": self.scscf_port, "directory": self._directory, "user_data_xsd": ""}
        if USER_DATA_XSD.exists():
            values["user_data_xsd"] = f'#!define USER_DATA_XSD "{USER_DATA_XSD}"'
        else:
            print(f"{USER_DATA_XSD} is missing: the S-CSCF takes User-Data unchecked", file=sys.stderr)

        def fill(template, target, **more):
            text = string.Template((TEMPLATES / template).read_text()).substitute(values, **more)
            (self._directory / target).write_text(text)

        (self._directory / "tables").mkdir()
        for table in ("nds_trusted_domains", "s_cscf", "s_cscf_capabilities"):
            fill(f"tables/{table}.in", f"tables/{table}")
        fill("site.cfg.in", "site.cfg")
        for name in ("icscf", "scscf"):
            fill("cdp.xml.in", f"{name}.xml", name=name)
            shutil.copy(TEMPLATES / f"{name}.cfg", self._directory)
        names = " ".join(f"{name}.{realm}" for name in ("hss", "icscf", "scscf"))
        (self._directory / "hosts").write_text(f"{ADDRESS} localhost\n{ADDRESS} {names}\n")

    def start(self, hss_port):
        """Starts both and waits until each has its connection with the HSS on `hss_port`."""
        self._write_files(hss_port)
        for cscf in (self.icscf, self.scscf):
            cscf.start()
        return self.wait_for_hss()

    def wait_for_hss(self):
        for cscf in (self.icscf, self.scscf):
            wait_until(cscf.peered, PEERING_TIMEOUT, lambda: f"{cscf.name} has no HSS\n{cscf.tail()}")
        return self

    def wait_for_loss(self):
        """Waits until each has seen that its connection with the HSS is over: it may be busy with something else."""
        for cscf in (self.icscf, self.scscf):
            wait_until(lambda: not cscf.peered(), PEERING_TIMEOUT, lambda: f"{cscf.name} keeps its HSS\n{cscf.tail()}")

    @property
    def proxy(self):
        """Where a UE sends its REGISTER."""
        return ADDRESS, self.icscf_port

    @property
    def scscf_address(self):
        return ADDRESS, self.scscf_port

    def tails(self):
        return f"{self.icscf.tail()}\n{self.scscf.tail()}"

    def close(self):
        """Stops both and removes their files; once is enough, twice does no harm."""
        for cscf in (self.icscf, self.scscf):
            cscf.stop()
        self._temporary.cleanup()
