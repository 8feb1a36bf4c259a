"""The relay and its capture: nothing is changed on the way, and a dissector has nothing to remark on the packets."""
# SPDX-License-Identifier: MIT

import os
import pathlib
import socket
import stat
import struct
import tempfile
import threading
import unittest

from tests.peer import tshark
from tests.peer.pcap import Pcap, RecordedSocket
from tests.peer.relay import Relay
from tests.peer.server import free_port

MEGABYTE = 1 << 20


def read_all(connection):
    octets = b""
    while part := connection.recv(65536):
        octets += part
    return octets


class RelayTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="minihss-relay-")
        self.addCleanup(directory.cleanup)
        self.pcap = Pcap(pathlib.Path(directory.name) / "capture.pcap")
        self.addCleanup(self.pcap.close)

    def listen(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        return server

    def relay(self, port):
        relay = Relay(port, self.pcap)
        self.addCleanup(relay.close)
        return relay

    def connect(self, relay):
        client = socket.create_connection(("127.0.0.1", relay.port), timeout=20)
        self.addCleanup(client.close)
        return client

    def accept(self, server):
        server.settimeout(20)
        accepted, _ = server.accept()
        accepted.settimeout(20)
        self.addCleanup(accepted.close)
        return accepted

    def join(self, relay, server):
        """A client and the server's end of its connection, which the relay has joined: an octet went through it."""
        client, end = self.connect(relay), self.accept(server)
        client.sendall(b"x")
        self.assertEqual(end.recv(1), b"x")
        return client, end

    def streams(self):
        """For each connection of the capture, the octets of its client and those of its server, in their order."""
        found = {}
        for (number,), (port,), payload in tshark.fields(self.pcap.path, "tcp", "tcp.stream", "tcp.dstport",
                                                         "tcp.payload"):
            sides = found.setdefault(number, {True: b"", False: b""})
            sides[port == "3868"] += bytes.fromhex("".join(payload))
        return [(sides[True], sides[False]) for sides in found.values()]

    def test_what_is_sent_arrives_and_is_in_the_capture(self):
        server = self.listen()
        relay = self.relay(server.getsockname()[1])
        client = self.connect(relay)
        end = self.accept(server)
        there, back = os.urandom(MEGABYTE), os.urandom(MEGABYTE)
        sending = threading.Thread(target=lambda: (client.sendall(there), client.shutdown(socket.SHUT_WR)))
        sending.start()
        self.assertEqual(read_all(end), there)
        sending.join()
        end.sendall(back[:1])  # the client has finished, and yet is answered
        self.assertEqual(client.recv(1), back[:1])
        sending = threading.Thread(target=lambda: (end.sendall(back[1:]), end.close()))
        sending.start()
        self.assertEqual(read_all(client), back[1:])
        sending.join()
        relay.close()
        self.assertEqual(self.streams(), [(there, back)])
        self.assertEqual(tshark.frames(self.pcap.path, "tcp.analysis.flags || tcp.checksum.status != 1 || "
                                       "ip.checksum.status != 1"), [])
        self.assertEqual(len(tshark.frames(self.pcap.path, "tcp.flags.fin == 1")), 2)

    def test_connections_one_after_the_other_and_side_by_side(self):
        server = self.listen()
        relay = self.relay(server.getsockname()[1])
        pairs = []
        for text in (b"first", b"second"):
            pairs.append((*self.join(relay, server), text))
        for client, end, text in pairs:
            client.sendall(text)
            self.assertEqual(end.recv(100), text)
            client.close()
            self.assertEqual(end.recv(100), b"")
        client, end = self.join(relay, server)
        end.close()
        self.assertEqual(client.recv(100), b"")
        relay.close()
        self.assertEqual(self.streams(), [(b"xfirst", b""), (b"xsecond", b""), (b"x", b"")])

    def test_a_server_that_is_away_and_comes_back(self):
        port = free_port()
        relay = self.relay(port)
        self.assertEqual(self.connect(relay).recv(100), b"")
        server = socket.create_server(("127.0.0.1", port))
        self.addCleanup(server.close)
        client = self.connect(relay)
        self.accept(server).sendall(b"here again")
        self.assertEqual(client.recv(100), b"here again")
        relay.close()
        self.assertEqual(self.streams(), [(b"", b"here again")])

    def test_a_connection_that_is_broken_off(self):
        server = self.listen()
        relay = self.relay(server.getsockname()[1])
        client, end = self.join(relay, server)
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close() sends RST
        end.close()
        self.assertEqual(client.recv(100), b"")
        relay.close()
        self.assertEqual(tshark.fields(self.pcap.path, "tcp.flags.reset == 1", "tcp.srcport"), [[["3868"]]])
        self.assertEqual(tshark.frames(self.pcap.path, "tcp.analysis.flags"), [])

    def test_closing_ends_what_is_open(self):
        server = self.listen()
        relay = self.relay(server.getsockname()[1])
        client, end = self.join(relay, server)
        relay.close()
        relay.close()
        self.assertEqual((client.recv(100), end.recv(100)), (b"", b""))
        with self.assertRaises(ConnectionRefusedError):
            self.connect(relay)
        self.assertEqual(len(tshark.frames(self.pcap.path, "tcp.flags.fin == 1")), 2)

    def test_datagrams(self):
        one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self.addCleanup(one.close)
        self.addCleanup(other.close)
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
            each.settimeout(20)
        recorded = RecordedSocket(one, self.pcap)
        there, back = b"odd" * 3, os.urandom(1000)
        recorded.sendto(there, other.getsockname())
        self.assertEqual(other.recvfrom(100), (there, one.getsockname()))
        other.sendto(back, one.getsockname())
        self.assertEqual(recorded.recv(2000), back)
        ports = [str(each.getsockname()[1]) for each in (one, other)]
        self.assertEqual(tshark.fields(self.pcap.path, "udp.checksum.status == 1 && ip.checksum.status == 1",
                                       "udp.srcport", "udp.dstport", "udp.payload"),
                         [[[ports[0]], [ports[1]], [there.hex()]], [[ports[1]], [ports[0]], [back.hex()]]])

    def test_what_is_wrong_is_found(self):
        """What the filters and checks of the tests are for; each of these connections has one fault."""
        # A CER (RFC 6733 3) with an Origin-Host; and with one that is shorter than its own header (4.1).
        header = bytes.fromhex("01000030 80000101 00000000 00000001 00000001")
        whole, short = (header + bytes.fromhex(f"00000108 400000{length}") + b"hss.example.invalid."
                        for length in ("1c", "04"))
        self.pcap.tcp(3868).sent(True, whole)
        self.assertEqual(tshark.frames(self.pcap.path, tshark.FAULTS), [])
        (message,) = tshark.messages(self.pcap.path, "diameter")
        self.assertEqual(message["diameter.cmd.code"], ["257"])
        self.assertEqual(message["diameter.Origin-Host"], ["hss.example.invalid."])
        self.pcap.tcp(3868).sent(True, short)
        self.assertEqual(tshark.fields(self.pcap.path, tshark.FAULTS, "tcp.stream"), [[["1"]]])
        stream = self.pcap.tcp(3868)
        stream.sent(True, whole)
        stream._client.sequence -= len(whole)  # a retransmission
        stream.sent(True, whole)
        faults = tshark.fields(self.pcap.path, tshark.FAULTS, "tcp.stream")
        self.assertEqual({stream for ((stream,),) in faults}, {"1", "2"})

    def test_a_message_in_parts_is_one(self):
        cer = bytes.fromhex("01000030 80000101 00000000 00000001 00000001 00000108 4000001c") + b"hss.example.invalid."
        cuts = (3, 12, 24, 40)  # in the length, the header, between two AVPs' headers, and in a value
        for cut in cuts:
            stream = self.pcap.tcp(3868)
            stream.sent(True, cer[:cut])
            stream.sent(True, cer[cut:])
        self.assertEqual(len(tshark.messages(self.pcap.path, "diameter")), len(cuts))
        self.assertEqual(len(tshark.frames(self.pcap.path, tshark.PARTS)), len(cuts))
        self.assertEqual(tshark.frames(self.pcap.path, tshark.NO_DIAMETER), [])
        self.pcap.tcp(3868).sent(True, b"GET / HTTP/1.0\r\n\r\n")
        self.assertEqual(len(tshark.frames(self.pcap.path, tshark.NO_DIAMETER)), 1)

    def test_sip_is_known_on_every_port(self):
        request = (b"REGISTER sip:example.invalid SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\n"
                   b"From: <sip:a@example.invalid>;tag=1\r\nTo: <sip:a@example.invalid>\r\nCall-ID: 1\r\n"
                   b"CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n")
        ports = (5060, 37008, 44818, 65535)  # two of them TZSP's and EtherNet/IP's
        for port in ports:
            self.pcap.udp(("127.0.0.1", port), ("127.0.0.1", 65000), request)
        self.assertEqual(len(tshark.frames(self.pcap.path, "sip.Method == REGISTER")), len(ports))
        self.assertEqual(tshark.frames(self.pcap.path, f"{tshark.FAULTS} || {tshark.NO_SIP}"), [])
        self.pcap.udp(("127.0.0.1", 5060), ("127.0.0.1", 65000), os.urandom(100))
        self.assertEqual(len(tshark.frames(self.pcap.path, tshark.NO_SIP)), 1)

    def test_nobody_else_may_read_it_and_nothing_is_overwritten(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.pcap.path).st_mode), 0o600)
        with self.assertRaises(FileExistsError):
            Pcap(self.pcap.path)


if __name__ == "__main__":
    unittest.main()
