"""A small SIP server over UDP that takes every request with 200 and keeps it: an application server, for assertions."""
# SPDX-License-Identifier: MIT

import queue
import re
import secrets
import socket
import threading
from dataclasses import dataclass

_ECHOED = ("via", "from", "to", "call-id", "cseq")


@dataclass(frozen=True)
class Request:
    """A SIP request: method, Request-URI, headers in their order with names in lower case, and body."""
    method: str
    uri: str
    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def parse(cls, datagram: bytes) -> "Request":
        head, _, body = datagram.partition(b"\r\n\r\n")
        first, *lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8", "replace")).split("\r\n")
        method, uri, version = first.split(" ", 2)
        if version != "SIP/2.0":
            raise ValueError(f"not a SIP request: {first!r}")
        headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return cls(method, uri, headers, body)

    def header(self, name: str) -> str:
        for key, value in self.headers:
            if key == name.lower():
                return value
        raise KeyError(f"{self.method} {self.uri} has no {name}")

    def response(self, code: int, reason: str) -> bytes:
        lines = [f"SIP/2.0 {code} {reason}"]
        for name, value in self.headers:
            if name in _ECHOED:
                tag = f";tag={secrets.token_hex(4)}" if name == "to" and ";tag=" not in value else ""
                lines.append(f"{name.capitalize()}: {value}{tag}")
        return ("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode()


class SipServer:
    """Listens on a port of its own of 127.0.0.1 until it is closed. A retransmission is answered and not kept."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._requests: queue.Queue[Request] = queue.Queue()
        self._branches: set[str] = set()
        self._thread = threading.Thread(target=self._serve, name="SIP server", daemon=True)
        self._thread.start()

    @property
    def uri(self) -> str:
        return "sip:%s:%d" % self._socket.getsockname()

    def take(self, timeout: float = 15.0) -> Request:
        """The next request that came."""
        try:
            return self._requests.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"{self.uri} was sent nothing within {timeout:g} s") from None

    def close(self) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while datagram_and_source := self._socket.recvfrom(65535):
            datagram, source = datagram_and_source
            if not datagram:
                return
            if datagram.startswith(b"SIP/2.0 ") or not datagram.strip():
                continue
            request = Request.parse(datagram)
            branch = request.header("Via")
            if branch not in self._branches:
                self._branches.add(branch)
                self._requests.put(request)
            self._socket.sendto(request.response(200, "OK"), source)


def send(address: tuple[str, int], method: str, uri: str, timeout: float = 10.0) -> int:
    """The code of the final response to a request of a stranger; TimeoutError when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        sender.settimeout(timeout)
        own = "%s:%d" % sender.getsockname()
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {own};branch=z9hG4bK{secrets.token_hex(8)}",
            "Max-Forwards: 70",
            f"From: <sip:stranger@{own}>;tag={secrets.token_hex(4)}",
            f"To: <{uri}>",
            f"Call-ID: {secrets.token_hex(8)}",
            f"CSeq: 1 {method}",
        ]
        sender.sendto(("\r\n".join(lines) + "\r\nContent-Length: 0\r\n\r\n").encode(), address)
        while True:
            code = int(sender.recv(65535).split(b" ", 2)[1])
            if code >= 200:
                return code
