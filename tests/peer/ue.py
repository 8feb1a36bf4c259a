"""A small SIP UE over UDP that registers with IMS-AKA (RFC 3261, RFC 3310) and keeps what it saw for assertions."""
# SPDX-License-Identifier: MIT

import base64
import hashlib
import hmac
import re
import secrets
import socket
import time
from dataclasses import dataclass, field

from tests.peer.pcap import Pcap, RecordedSocket
from tests.peer.sip_server import Request
from tests.peer.usim import Outcome, Usim

ANSWERED_CHALLENGES = 4
# An S-CSCF may send its 401 before it has stored the vector: answering sooner earns a second challenge.
SETTLE_SECONDS = 0.1
T1_SECONDS = 0.5  # first retransmission, RFC 3261 17.1.2.2
T2_SECONDS = 4.0  # the longest gap between two, the same


def _md5(*parts: str | bytes) -> str:
    """MD5 of the parts joined by colons, in hex (RFC 2617 3.2.1: H() and KD())."""
    octets = b":".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.md5(octets, usedforsecurity=False).hexdigest()


def digest_response(username: str, realm: str, password: bytes, method: str, uri: str, nonce: str, *,
                    qop: str | None = None, nc: str = "", cnonce: str = "", body: bytes = b"") -> str:
    """The digest of RFC 2617 with a password of raw octets: for AKAv1 that is RES as it is (RFC 3310 3.3)."""
    ha1 = _md5(username, realm, password)
    ha2 = _md5(method, uri, _md5(body)) if qop == "auth-int" else _md5(method, uri)
    if qop is None:
        return _md5(ha1, nonce, ha2)
    return _md5(ha1, nonce, nc, cnonce, qop, ha2)


def akav2_password(res: bytes, ik: bytes, ck: bytes) -> bytes:
    """The password of AKAv2-MD5 (RFC 4169 3)."""
    return base64.b64encode(hmac.digest(res + ik + ck, b"http-digest-akav2-password", "md5"))


def parse_auth_parameters(text: str) -> dict[str, str]:
    """The parameters of a Digest challenge or credentials, names in lower case."""
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        raise ValueError(f"not a Digest header: {text!r}")
    found = re.findall(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', rest)
    return {name.lower(): quoted or token for name, quoted, token in found}


@dataclass(frozen=True)
class Response:
    """A SIP response: status code, reason and the headers in their order, names in lower case."""
    code: int
    reason: str
    headers: list[tuple[str, str]]

    @classmethod
    def parse(cls, datagram: bytes) -> "Response":
        head = datagram.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
        first, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")  # folded headers, RFC 3261 7.3.1
        version, code, reason = (first.split(" ", 2) + ["", ""])[:3]
        if version != "SIP/2.0" or not code.isdigit():
            raise ValueError(f"not a SIP response: {first!r}")
        headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return cls(int(code), reason, headers)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    def header(self, name: str) -> str:
        values = self.all(name)
        if not values:
            raise KeyError(f"{self.code} {self.reason} has no {name}")
        return values[0]

    def associated_uris(self) -> list[str]:
        """P-Associated-URI, which may be one header with commas or several (RFC 7315 4.1)."""
        return [uri for value in self.all("P-Associated-URI") for uri in re.findall(r"<([^>]*)>", value)]


@dataclass(frozen=True)
class Challenge:
    """What a 401 says: RAND and AUTN out of the nonce (RFC 3310 3.2), and ck and ik while no P-CSCF takes them off."""
    nonce: str
    realm: str
    algorithm: str
    qop: str | None
    rand: bytes
    autn: bytes
    ck: bytes | None = field(repr=False)
    ik: bytes | None = field(repr=False)

    @classmethod
    def of(cls, response: Response) -> "Challenge":
        values = parse_auth_parameters(response.header("WWW-Authenticate"))
        octets = base64.b64decode(values["nonce"], validate=True)
        if len(octets) < 32:
            raise ValueError(f"the nonce holds {len(octets)} octets, RAND and AUTN need 32")
        offered = [word.strip() for word in values.get("qop", "").split(",") if word.strip()]
        qop = "auth" if "auth" in offered else offered[0] if offered else None
        keys = [bytes.fromhex(values[name]) if name in values else None for name in ("ck", "ik")]
        return cls(values["nonce"], values["realm"], values.get("algorithm", ""), qop, octets[:16], octets[16:32],
                   *keys)


@dataclass
class Attempt:
    """A registration from its first REGISTER to the final response, step by step."""
    responses: list[Response] = field(default_factory=list)
    challenges: list[Challenge] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def code(self) -> int:
        return self.responses[-1].code

    @property
    def final(self) -> Response:
        return self.responses[-1]

    def story(self) -> str:
        """One line for a failed assertion: 401 ok, 200."""
        words = [f"{response.code} {response.reason}" for response in self.responses]
        return f"{', '.join(words)}; the USIM said: {', '.join(o.kind for o in self.outcomes) or 'nothing'}"


class Ue:
    """One phone with one USIM: a socket of its own, a Call-ID of its own, registering by way of `proxy`."""

    def __init__(self, usim: Usim, impi: str, impu: str, realm: str, proxy: tuple[str, int], *,
                 algorithm: str | None = "AKAv1-MD5", visited_network: str | None = None,
                 local_host: str = "127.0.0.1", timeout: float = 10.0, capture: Pcap | None = None):
        """`algorithm` is what the first REGISTER says that it can do; None leaves the choice to the network. What goes
        by is written into `capture`."""
        self.usim, self.impi, self.impu, self.realm = usim, impi, impu, realm
        self._algorithm = algorithm
        self._proxy, self._visited_network, self._timeout = proxy, visited_network, timeout
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((local_host, 0))
        if capture:
            self._socket = RecordedSocket(self._socket, capture)
        self._address = "%s:%d" % self._socket.getsockname()
        self._call_id = f"{secrets.token_hex(8)}@{local_host}"
        self._tag = secrets.token_hex(4)
        self._cseq = 0

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> "Ue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def contact(self) -> str:
        return f"sip:{self._address}"

    def register(self, expires: int = 600) -> Attempt:
        """Registers, or registers again, until there is a final response other than 401.

        Gives up when a third challenge in a row is invalid (TS 24.229 5.1.1.5.3), or a fifth is there at all.
        """
        attempt, invalid = Attempt(), 0
        first = {"algorithm": self._algorithm} if self._algorithm else {}
        credentials = self._credentials(nonce="", response="", **first)
        while True:
            response = self._exchange(expires, credentials)
            attempt.responses.append(response)
            if response.code != 401:
                return attempt
            challenge = Challenge.of(response)
            attempt.challenges.append(challenge)
            outcome = self.usim.challenge(challenge.rand, challenge.autn)
            attempt.outcomes.append(outcome)
            invalid = 0 if outcome.kind == "ok" else invalid + 1
            if invalid > 2 or len(attempt.challenges) > ANSWERED_CHALLENGES:
                return attempt
            time.sleep(SETTLE_SECONDS)
            credentials = self._answer(challenge, outcome)

    def answer_one(self, timeout: float = 10.0) -> Request:
        """Takes the next request to the phone with 200."""
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                datagram, source = self._socket.recvfrom(65535)
            except TimeoutError:
                break
            if not datagram.startswith(b"SIP/2.0 "):
                request = Request.parse(datagram)
                self._socket.sendto(request.response(200, "OK"), source)
                return request
        raise TimeoutError(f"{self.impu}: no request within {timeout:g} s")

    def subscribe_to_registration(self, server: tuple[str, int]) -> None:
        """Asks `server`, its S-CSCF, for the registration event package (RFC 3680); the answer is not awaited."""
        lines = [
            f"SUBSCRIBE {self.impu} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._address};branch=z9hG4bK{secrets.token_hex(8)}",
            "Max-Forwards: 70",
            f"From: <{self.impu}>;tag={self._tag}",
            f"To: <{self.impu}>",
            f"Call-ID: {secrets.token_hex(8)}",
            "CSeq: 1 SUBSCRIBE",
            f"Contact: <{self.contact}>",
            f"P-Asserted-Identity: <{self.impu}>",
            "Event: reg",
            "Expires: 600",
        ]
        self._socket.sendto(("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode(), server)

    def deregister(self) -> Attempt:
        return self.register(expires=0)

    def _answer(self, challenge: Challenge, outcome: Outcome) -> str:
        """Credentials for a challenge: RES as the password; AUTS with an empty password; nothing after a bad MAC-A."""
        if outcome.kind == "mac_failure":  # RFC 3310 3.3: an empty response and no auts
            return self._credentials(nonce=challenge.nonce, response="", algorithm=challenge.algorithm)
        extra = {"algorithm": challenge.algorithm}
        if outcome.kind == "sync_failure":
            extra["auts"] = base64.b64encode(outcome.auts).decode()  # RFC 3310 3.4
        if challenge.qop:
            extra |= {"qop": challenge.qop, "nc": "00000001", "cnonce": secrets.token_hex(8)}
        response = digest_response(self.impi, challenge.realm, outcome.res or b"", "REGISTER", f"sip:{self.realm}",
                                   challenge.nonce, qop=challenge.qop, nc=extra.get("nc", ""),
                                   cnonce=extra.get("cnonce", ""))
        return self._credentials(nonce=challenge.nonce, response=response, **extra)

    def _credentials(self, **values: str) -> str:
        fields = {"username": self.impi, "realm": self.realm, "uri": f"sip:{self.realm}"} | values
        bare = {"algorithm", "qop", "nc"}  # tokens, never quoted (RFC 3261 25.1)
        return "Digest " + ", ".join(f"{name}={text}" if name in bare else f'{name}="{text}"'
                                     for name, text in fields.items())

    def _exchange(self, expires: int, credentials: str) -> Response:
        """One non-INVITE transaction (RFC 3261 17.1.2): sends again until the final response is there."""
        self._cseq += 1
        branch = "z9hG4bK" + secrets.token_hex(8)
        request = self._request(expires, credentials, branch)
        gap, deadline = T1_SECONDS, time.monotonic() + self._timeout
        while time.monotonic() < deadline:
            self._socket.sendto(request, self._proxy)
            response = self._await_final(branch, min(time.monotonic() + gap, deadline))
            if response:
                return response
            gap = min(2 * gap, T2_SECONDS)
        raise TimeoutError(f"{self.impu}: no final response to REGISTER from {self._proxy} in {self._timeout:g} s")

    def _request(self, expires: int, credentials: str, branch: str) -> bytes:
        lines = [
            f"REGISTER sip:{self.realm} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._address};branch={branch}",
            "Max-Forwards: 70",
            f"From: <{self.impu}>;tag={self._tag}",
            f"To: <{self.impu}>",
            f"Call-ID: {self._call_id}",
            f"CSeq: {self._cseq} REGISTER",
            f"Contact: <{self.contact}>;expires={expires}",
            f"Expires: {expires}",
            "Supported: path",
            f"Authorization: {credentials}",
        ]
        if self._visited_network:
            lines.append(f"P-Visited-Network-ID: {self._visited_network}")
        return ("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode()

    def _await_final(self, branch: str, until: float) -> Response | None:
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                datagram = self._socket.recv(65535)
            except TimeoutError:
                return None
            if not datagram.startswith(b"SIP/2.0 "):
                continue  # a request to the phone, a NOTIFY for instance, is not what we wait for
            response = Response.parse(datagram)
            ours = branch in response.header("Via") and response.header("CSeq") == f"{self._cseq} REGISTER"
            if ours and response.code >= 200:
                return response
        return None
