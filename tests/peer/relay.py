"""A TCP relay in front of a server that writes what goes through it as a capture: nobody needs the right to sniff."""
# SPDX-License-Identifier: MIT

import contextlib
import socket
import threading

ADDRESS = "127.0.0.1"
CHUNK = 65536
DIAMETER_PORT = 3868  # of the server's end in the capture, whatever it was: by this, dissectors know it
CONNECT_TIMEOUT = 10
CLOSE_TIMEOUT = 10


def _shut_down(end, how):
    with contextlib.suppress(OSError):  # it is over already
        end.shutdown(how)


class Relay:
    """Listens on `port` and joins each connection to one of its own to the server, octet for octet.

    The server may be away: then a client is closed at once, as one that nobody listens for, and can try again. What a
    client was sent is in the capture before the client has it, so the capture's order is one that the ends agree with.
    """

    def __init__(self, server_port, pcap):
        self._server_port, self._pcap = server_port, pcap
        self._lock = threading.Lock()
        self._closed = False
        self._sockets = set()
        self._threads = []
        self._listener = socket.create_server((ADDRESS, 0))
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name=f"relay {self.port}", daemon=True)
        self._acceptor.start()

    def close(self):
        """Ends every connection and waits for the last; once is enough, twice does no harm."""
        with self._lock:
            self._closed = True
            for each in (self._listener, *self._sockets):
                _shut_down(each, socket.SHUT_RDWR)  # wakes up the thread that waits at it, which close() does not
        self._acceptor.join(CLOSE_TIMEOUT)
        for thread in self._threads:
            thread.join(CLOSE_TIMEOUT)
        self._listener.close()
        if self._acceptor.is_alive() or any(thread.is_alive() for thread in self._threads):
            raise AssertionError("the relay does not end")

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client):
        with client:
            try:
                server = socket.create_connection((ADDRESS, self._server_port), CONNECT_TIMEOUT)
            except OSError:
                return
            server.settimeout(None)
            with server:
                if not self._keep(client, server):
                    return
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = self._pcap.tcp(DIAMETER_PORT)
                back = threading.Thread(target=self._pump, args=(stream, server, client, False), daemon=True)
                back.start()
                self._pump(stream, client, server, True)
                back.join()
                self._forget(client, server)
                for from_client in (True, False):
                    stream.finished(from_client)

    def _keep(self, *sockets):
        """False when the relay is closed: nobody would wake these up."""
        with self._lock:
            if not self._closed:
                self._sockets.update(sockets)
            return not self._closed

    def _forget(self, *sockets):
        with self._lock:
            self._sockets.difference_update(sockets)

    @staticmethod
    def _pump(stream, source, target, from_client):
        """Until one end has finished; the other end is told, and may still send (RFC 9293 3.6)."""
        try:
            while octets := source.recv(CHUNK):
                stream.sent(from_client, octets)
                target.sendall(octets)
        except OSError:  # broken off by one of them: a process was killed
            stream.reset(from_client)
            for end in (source, target):
                _shut_down(end, socket.SHUT_RDWR)
        else:
            stream.finished(from_client)
            _shut_down(target, socket.SHUT_WR)
