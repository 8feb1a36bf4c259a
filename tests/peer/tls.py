# TLS over a connected socket, for a connection on which one thread reads while others write: Python's own is not made
# for that, for all of them would use one session of OpenSSL at the same time.
# SPDX-License-Identifier: MIT
import ssl
import threading

_PART = 65536


class TlsSocket:
    """What tests.peer.connection needs of a socket. The handshake is done when it is there."""

    def __init__(self, plain, context, server):
        self._plain = plain
        self._lock = threading.Lock()
        self._received = ssl.MemoryBIO()
        self._to_send = ssl.MemoryBIO()
        self._session = context.wrap_bio(self._received, self._to_send, server_hostname=server)
        try:
            self._do(self._session.do_handshake)
        except BaseException:
            plain.close()
            raise

    @property
    def certificate(self):
        """The server's, as ssl.SSLSocket.getpeercert() gives it."""
        return self._session.getpeercert()

    def sendall(self, octets):
        with self._lock:
            self._session.write(octets)
            self._flush()

    def recv(self, count):
        """Some octets, none at the end; an OSError when the other side ended it in another way, as one does that does
        not take our certificate."""
        return self._do(lambda: self._session.read(count))

    def settimeout(self, seconds):
        self._plain.settimeout(seconds)

    def getsockname(self):
        return self._plain.getsockname()

    def shutdown(self, how):
        self._plain.shutdown(how)

    def close(self):
        self._plain.close()

    def _do(self, step):
        while True:
            with self._lock:
                try:
                    return step()
                except ssl.SSLZeroReturnError:
                    return b""
                except ssl.SSLWantReadError:
                    pass
                finally:
                    self._flush()
            part = self._plain.recv(_PART)
            with self._lock:
                self._received.write(part) if part else self._received.write_eof()

    def _flush(self):
        octets = self._to_send.read()
        if octets:
            self._plain.sendall(octets)
