"""A capture file of what went by, as if captured on the loopback interface: its headers made up, and correct."""
# SPDX-License-Identifier: MIT

import itertools
import os
import socket
import struct
import threading
import time

# https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
MAGIC = 0xA1B2C3D4  # microseconds
LINK_TYPE_RAW = 101  # a packet begins with its IP header
SNAP_LENGTH = 65535
TCP, UDP = 6, 17
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
MAXIMUM_SEGMENT = 16384
WINDOW = 65535
FIRST_CLIENT_PORT = 49152


def _checksum(octets):
    """RFC 1071."""
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


class Pcap:
    """The file, which its owner alone may read: challenges and their answers are in it. Threads may share one."""

    def __init__(self, path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.path = path
        self.lock = threading.RLock()
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(struct.pack(">IHHiIII", MAGIC, 2, 4, 0, 0, SNAP_LENGTH, LINK_TYPE_RAW))
        self._client_ports = itertools.count(FIRST_CLIENT_PORT)
        self._identifications = itertools.count(1)
        self._latest = 0

    def close(self):
        with self.lock:
            self._file.close()

    def tcp(self, server_port):
        """A new connection from a port that no other in this file has."""
        with self.lock:
            return TcpStream(self, next(self._client_ports), server_port)

    def udp(self, source, destination, payload):
        """A datagram; the ends are (address, port)."""
        header = struct.pack(">HHHH", source[1], destination[1], 8 + len(payload), 0)
        self.write(UDP, source[0], destination[0], header, payload, checksum_at=6)

    def write(self, protocol, source, destination, header, payload, checksum_at):
        """One packet; the header's checksum is at that octet of it."""
        source, destination = socket.inet_aton(source), socket.inet_aton(destination)
        pseudo = source + destination + struct.pack(">BBH", 0, protocol, len(header) + len(payload))
        checksum = _checksum(pseudo + header + payload)
        if protocol == UDP and checksum == 0:
            checksum = 0xFFFF  # 0 would say that there is none (RFC 768)
        segment = header[:checksum_at] + struct.pack(">H", checksum) + header[checksum_at + 2:] + payload
        with self.lock:
            number = next(self._identifications) & 0xFFFF
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), number, 0x4000, 64, protocol, 0, source,
                             destination)
            packet = ip[:10] + struct.pack(">H", _checksum(ip)) + ip[12:] + segment
            # A clock that is set back must not make the packets look out of order.
            self._latest = max(self._latest, time.time_ns() // 1000)
            seconds, microseconds = divmod(self._latest, 1_000_000)
            self._file.write(struct.pack(">IIII", seconds, microseconds, len(packet), len(packet)) + packet)
            self._file.flush()


class _End:
    def __init__(self, port, sequence):
        self.port = port
        self.sequence = sequence  # of the octet that it sends next
        self.finished = False


class TcpStream:
    """One connection of the file, from its handshake on. What is sent is acknowledged at once, so nothing is ever
    missing, repeated or in flight for long."""

    def __init__(self, pcap, client_port, server_port, address="127.0.0.1"):
        self._pcap = pcap
        self._address = address
        self._client = _End(client_port, client_port << 16)
        self._server = _End(server_port, client_port << 8)
        self._reset = False
        with pcap.lock:
            self._segment(self._client, SYN)
            self._segment(self._server, SYN | ACK)
            self._segment(self._client, ACK)

    def sent(self, from_client, octets):
        with self._pcap.lock:
            sender, receiver = self._ends(from_client)
            if self._reset:
                return  # the other end had sent it before it knew
            for start in range(0, len(octets), MAXIMUM_SEGMENT):
                self._segment(sender, PSH | ACK, octets[start:start + MAXIMUM_SEGMENT])
                self._segment(receiver, ACK)

    def finished(self, from_client):
        """This end sends nothing more; once is enough, twice does no harm."""
        with self._pcap.lock:
            sender, receiver = self._ends(from_client)
            if not sender.finished and not self._reset:
                sender.finished = True
                self._segment(sender, FIN | ACK)
                self._segment(receiver, ACK)

    def reset(self, from_client):
        """This end has broken the connection off, unless it was over."""
        with self._pcap.lock:
            sender, receiver = self._ends(from_client)
            if not (sender.finished and receiver.finished) and not self._reset:
                self._reset = True
                self._segment(sender, RST | ACK)

    def _ends(self, from_client):
        return (self._client, self._server) if from_client else (self._server, self._client)

    def _segment(self, sender, flags, payload=b""):
        receiver = self._server if sender is self._client else self._client
        acknowledged = receiver.sequence if flags & ACK else 0
        header = struct.pack(">HHIIBBHHH", sender.port, receiver.port, sender.sequence & 0xFFFFFFFF,
                             acknowledged & 0xFFFFFFFF, 5 << 4, flags, WINDOW, 0, 0)
        self._pcap.write(TCP, self._address, self._address, header, payload, checksum_at=16)
        sender.sequence += len(payload) + (1 if flags & (SYN | FIN) else 0)


class RecordedSocket:
    """A UDP socket of one end, whose datagrams go into the file as they come and go."""

    def __init__(self, inner, pcap):
        self._inner, self._pcap = inner, pcap

    def sendto(self, octets, destination):
        self._pcap.udp(self._inner.getsockname(), destination, octets)
        return self._inner.sendto(octets, destination)

    def recvfrom(self, size):
        octets, source = self._inner.recvfrom(size)
        self._pcap.udp(source, self._inner.getsockname(), octets)
        return octets, source

    def recv(self, size):
        return self.recvfrom(size)[0]

    def __getattr__(self, name):
        return getattr(self._inner, name)
