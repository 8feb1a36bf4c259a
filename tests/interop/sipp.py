"""SIPp as a crowd of phones: one run of tests/interop/sipp/register.xml, and what each phone sent and received."""
# SPDX-License-Identifier: MIT

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field

from tests.peer.sip_server import Request
from tests.peer.ue import Challenge, Response, parse_auth_parameters

SCENARIO = pathlib.Path(__file__).resolve().parent / "sipp" / "register.xml"
ADDRESS = "127.0.0.1"
SECONDS = 30  # for all phones of a run
# How SIPp 3.6.1 writes a message into its trace.
_SEPARATOR = re.compile(rb"^-{40,} [-0-9]+ [0-9:.]+\r?\n(?:UDP message (sent|received).*)\r?\n\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class Phone:
    """K and OP are 16 letters or digits each: SIPp handles keys as text, and ends or changes others (0x00, 0x5b)."""
    impi: str
    impu: str
    realm: str
    k: bytes = field(repr=False)
    op: bytes = field(repr=False)
    amf: str = "8000"

    def line(self) -> str:
        if not (re.fullmatch(rb"[0-9A-Za-z]{16}", self.k) and re.fullmatch(rb"[0-9A-Za-z]{16}", self.op)):
            raise ValueError("SIPp takes keys of letters and digits")
        return (f"{self.impi};{self.impu};{self.realm};[authentication username={self.impi} aka_K={self.k.decode()} "
                f"aka_OP={self.op.decode()} aka_AMF=0x{self.amf}]")


@dataclass
class Call:
    """A phone's registration: its REGISTERs and the final responses to them."""
    requests: list[Request] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    @property
    def codes(self) -> list[int]:
        return [response.code for response in self.responses]

    @property
    def challenges(self) -> list[Challenge]:
        return [Challenge.of(response) for response in self.responses if response.code == 401]

    @property
    def answers(self) -> list[dict[str, str]]:
        """The credentials of each REGISTER that answers a challenge."""
        found = [parse_auth_parameters(request.header("Authorization")) for request in self.requests]
        return [credentials for credentials in found if credentials["nonce"]]


@dataclass(frozen=True)
class Run:
    """`said` is SIPp's own last word; what it received is not in it, as the keys of a challenge are in that."""
    exit_code: int
    said: str
    calls: dict[str, Call]


def _calls(trace: bytes) -> dict[str, Call]:
    calls: dict[str, Call] = {}
    _, *parts = _SEPARATOR.split(trace)
    for direction, message in zip(parts[::2], parts[1::2], strict=True):
        if direction == b"sent":
            request = Request.parse(message)
            call = calls.setdefault(request.header("From").split("<")[1].split(">")[0], Call())
            if request.header("CSeq") not in [known.header("CSeq") for known in call.requests]:  # no retransmission
                call.requests.append(request)
        else:
            response = Response.parse(message)
            call = calls.setdefault(response.header("From").split("<")[1].split(">")[0], Call())
            seen = [known.header("CSeq") for known in call.responses]
            if response.code >= 200 and response.header("CSeq") not in seen:
                call.responses.append(response)
    return calls


def register(proxy: tuple[str, int], phones: list[Phone]) -> Run:
    """Registers all of them, about at once; each is tried once."""
    program = shutil.which("sipp")
    if not program:
        raise RuntimeError("sipp is not installed: apt-get install sip-tester")
    with tempfile.TemporaryDirectory(prefix="minihss-sipp-") as directory:
        def opener(path, flags):
            return os.open(path, flags, 0o600)

        with open(f"{directory}/phones.csv", "w", opener=opener) as file:
            file.write("\n".join(["SEQUENTIAL", *(phone.line() for phone in phones)]) + "\n")
        command = [program, f"{proxy[0]}:{proxy[1]}", "-sf", str(SCENARIO), "-inf", "phones.csv",
                   "-i", ADDRESS, "-ci", ADDRESS, "-bind_local", "-m", str(len(phones)), "-l", str(len(phones)),
                   "-r", "100", "-nostdin", "-skip_rlimit", "-default_behaviors", "all,-bye",
                   "-timeout", f"{SECONDS}s", "-timeout_error", "-trace_msg", "-message_file", "messages.log",
                   "-trace_err", "-error_file", "errors.log"]
        done = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=2 * SECONDS)
        trace = pathlib.Path(directory, "messages.log")
        said = re.findall(r"createAuthHeader\w*.*?:.*", done.stderr)
        return Run(done.returncode, said[-1] if said else "", _calls(trace.read_bytes()) if trace.exists() else {})
