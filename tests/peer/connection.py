# A peer's connection (RFC 6733 5): capabilities exchanged, watchdogs answered, requests in flight matched with their
# answers by hop-by-hop identifier, DPR on close.
# SPDX-License-Identifier: MIT
import itertools
import os
import socket
import struct
import threading

from tests.peer import diameter
from tests.peer.diameter import Avp, Message

VENDOR_3GPP = 10415
CX = 16777216
SWX = 16777265


class ConnectionLost(Exception):
    """The server closed, or said what nobody understands; the requests in flight get no answer."""


class NotAdmitted(Exception):
    """The capabilities exchange did not end with DIAMETER_SUCCESS."""

    def __init__(self, result, message):
        super().__init__(f"CEA with Result-Code {result}: {message}")
        self.result = result


def open_tcp(address, timeout):
    """A TCP connection that sends at once."""
    connected = socket.create_connection(address, timeout=timeout)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


class Pending:
    """A request on its way."""

    def __init__(self, request):
        self.request = request
        self._done = threading.Event()
        self._answer = None
        self._error = None

    def set(self, answer=None, error=None):
        self._answer, self._error = answer, error
        self._done.set()

    @property
    def done(self):
        return self._done.is_set()

    def result(self, timeout=30):
        """The answer; TimeoutError when there is none in time, ConnectionLost when none can come."""
        if not self._done.wait(timeout):
            raise TimeoutError(f"no answer to command {self.request.code} within {timeout} s")
        if self._error:
            raise self._error
        return self._answer


class Connection:
    """A client's connection. `handler` is given the server's own requests and returns the answer, or None: silence.
    `served_realm`: where requests go, when it is not the peer's own realm. `applications`: what the CER offers.
    `open_socket`: gives a connected socket, or what is like one (tests.peer.tls). `discards_strays`: an answer to no
    request of this connection is passed over (RFC 6733 6.2.1), as a host that has just come back has to; otherwise it
    is a fault."""

    def __init__(self, address, host, realm, handler=None, timeout=30, capabilities=None, served_realm=None,
                 applications=(CX,), open_socket=open_tcp, discards_strays=False):
        self.host = host
        self.realm = realm
        self.served_realm = served_realm or realm
        self.applications = applications
        self.handler = handler
        self.discards_strays = discards_strays
        self.timeout = timeout
        self.watchdogs = 0
        self._pending = {}
        self._lock = threading.Lock()
        self._hop_by_hop = itertools.count(int.from_bytes(os.urandom(3), "big"))
        self._end_to_end = itertools.count(int.from_bytes(os.urandom(3), "big"))
        self._sessions = itertools.count(1)
        self._session_start = int.from_bytes(os.urandom(4), "big")
        self._closed = None
        self._socket = open_socket(address, timeout)
        self._socket.settimeout(None)
        self.local = self._socket.getsockname()
        self._reader = threading.Thread(target=self._read, name=f"{host} reader", daemon=True)
        self._reader.start()
        try:
            self.cea = self._exchange_capabilities(capabilities)
        except BaseException:
            self.abort()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ---- requests ----

    def new_session_id(self):
        """DiameterIdentity;high;low (RFC 6733 8.8)."""
        return f"{self.host};{self._session_start};{next(self._sessions)}"

    def send(self, request):
        """Sends with identifiers of its own; the answer is to be waited for at what is returned."""
        return self.send_together([request])[0]

    def send_together(self, requests):
        """The same with many, as octets that come one after the other."""
        pendings = []
        for request in requests:
            request = Message(request.code, request.application, request.flags, request.avps)
            request.hop_by_hop = next(self._hop_by_hop)
            request.end_to_end = next(self._end_to_end)
            pendings.append(Pending(request))
        with self._lock:
            if self._closed:
                raise self._closed
            self._pending.update((pending.request.hop_by_hop, pending) for pending in pendings)
        self._send_octets(b"".join(pending.request.encode() for pending in pendings))
        return pendings

    def request(self, request, timeout=None):
        """Sends and waits for the answer."""
        return self.send(request).result(timeout or self.timeout)

    def send_octets(self, octets):
        """Anything at all, for malformed input."""
        self._send_octets(octets)

    def wait_closed(self, timeout=None):
        """Waits until the server has closed; TimeoutError otherwise."""
        self._reader.join(timeout or self.timeout)
        if self._reader.is_alive():
            raise TimeoutError("the server keeps the connection open")

    @property
    def is_open(self):
        return self._closed is None

    # ---- the end ----

    def close(self):
        """Takes leave (DPR with DO_NOT_WANT_TO_TALK_TO_YOU), so that the peer may come back at once."""
        if self._closed is None:
            leave = Message(
                diameter.DISCONNECT_PEER,
                flags=diameter.FLAG_REQUEST,
                avps=[*self._origin(), Avp(diameter.DISCONNECT_CAUSE, 2)],
            )
            try:
                self.request(leave, timeout=5)
            except (ConnectionLost, TimeoutError, OSError):
                pass  # it went first
        self.abort()

    def abort(self):
        """Closes the socket without a word."""
        self._fail(ConnectionLost("closed by this side"))
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed by the other side already
        self._socket.close()
        if self._reader is not threading.current_thread():
            self._reader.join(5)

    # ---- inside ----

    def _origin(self):
        return [Avp(diameter.ORIGIN_HOST, self.host), Avp(diameter.ORIGIN_REALM, self.realm)]

    def capabilities(self):
        """The AVPs of a CER that offers applications of 3GPP (RFC 6733 5.3.1, TS 29.229 5.6, TS 29.273 8.2.1)."""
        address = struct.pack("!H", 1) + socket.inet_aton(self.local[0])
        return [
            *self._origin(),
            Avp(diameter.HOST_IP_ADDRESS, address),
            Avp(diameter.VENDOR_ID, VENDOR_3GPP),
            Avp(diameter.PRODUCT_NAME, "CSCF" if CX in self.applications else "3GPP AAA", mandatory=False),
            Avp(diameter.SUPPORTED_VENDOR_ID, VENDOR_3GPP),
            *(
                Avp(
                    diameter.VENDOR_SPECIFIC_APPLICATION_ID,
                    [Avp(diameter.VENDOR_ID, VENDOR_3GPP), Avp(diameter.AUTH_APPLICATION_ID, application)],
                )
                for application in self.applications
            ),
        ]

    def _exchange_capabilities(self, avps):
        cer = Message(
            diameter.CAPABILITIES_EXCHANGE, flags=diameter.FLAG_REQUEST, avps=avps or self.capabilities()
        )
        cea = self.request(cer)
        result = cea.find(diameter.RESULT_CODE).number
        if result != 2001:
            raise NotAdmitted(result, cea.text(diameter.ERROR_MESSAGE))
        return cea

    def _send_octets(self, octets):
        with self._lock:
            if self._closed:
                raise self._closed
            try:
                self._socket.sendall(octets)
            except OSError as error:
                raise ConnectionLost(f"cannot send: {error}") from error

    def _receive(self, count):
        octets = bytearray()
        while len(octets) < count:
            part = self._socket.recv(count - len(octets))
            if not part:
                raise ConnectionLost("closed by the server")
            octets += part
        return bytes(octets)

    def _read(self):
        try:
            while True:
                head = self._receive(4)
                length = int.from_bytes(head[1:], "big")
                if length < 20:
                    raise diameter.DecodeError(f"length {length} is less than a header's")
                self._take(Message.decode(head + self._receive(length - 4)))
        except (OSError, ConnectionLost, diameter.DecodeError) as error:
            self._fail(ConnectionLost(f"{type(error).__name__}: {error}"))

    def _take(self, message):
        if message.is_request:
            self._serve(message)
            return
        with self._lock:
            pending = self._pending.pop(message.hop_by_hop, None)
        if pending is None and self.discards_strays:
            return
        if pending is None:
            raise diameter.DecodeError(f"answer {message.hop_by_hop:#x} to no request of ours")
        request = pending.request
        same = (message.code, message.application, message.end_to_end)
        if same != (request.code, request.application, request.end_to_end):
            pending.set(error=diameter.DecodeError(f"answer {message} does not belong to {request}"))
            return
        pending.set(message)

    def _serve(self, request):
        answer = request.answer([Avp(diameter.RESULT_CODE, 2001), *self._origin()])
        if request.code == diameter.DEVICE_WATCHDOG:
            self.watchdogs += 1
        elif request.code == diameter.DISCONNECT_PEER:
            pass
        elif self.handler:
            answer = self.handler(request)
            if answer is None:
                return
        else:
            answer.flags |= diameter.FLAG_ERROR
            answer.avps[0] = Avp(diameter.RESULT_CODE, 3001)
        self._send_octets(answer.encode())

    def _fail(self, error):
        with self._lock:
            if self._closed is None:
                self._closed = error
            pending, self._pending = self._pending, {}
        for one in pending.values():
            one.set(error=error)
