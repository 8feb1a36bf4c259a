# TLS: who shows a good certificate of the right name is served; whoever does not is refused, with one line that says
# why and from where, while everybody else is served on over the same connections.
# SPDX-License-Identifier: MIT
import re
import socket
import ssl
import struct
import unittest

from tests.peer import cx, diameter
from tests.peer.certificates import Authority
from tests.peer.connection import ConnectionLost, NotAdmitted, open_tcp
from tests.peer.diameter import Avp
from tests.peer.server import HOST, ICSCF, REALM, SCSCF, SCSCF_2, free_port, listening_sockets
from tests.peer.tls import TlsSocket
from tests.system.support import SERVER_NAME, HssTest
from tests.system.test_shutdown import Deaf
from tests.system.tls_support import TlsServer, quoted

STRANGER = "stranger.example"
NO_INBAND_SECURITY, TLS = 0, 1  # Inband-Security-Id, RFC 6733 6.10
TIMES = 20


class TlsTest(HssTest):
    server_type = TlsServer

    def tearDown(self):
        super().tearDown()
        # What a peer does wrong is a warning, and the end of its connection is none.
        errors = re.findall(r"^\S+ error freeDiameter: .*(?:TLS|tls|certificate).*$", self.server.log(), re.MULTILINE)
        self.assertEqual(errors, [])

    def authority(self, directory):
        """Another one of the same name."""
        return Authority(self.server.directory.parent / directory)

    def client(self, credentials):
        return self.server.authority.client(credentials)

    def refused(self, expected, host=SCSCF_2, tls=None, open_socket=None, **options):
        """Nobody comes in, and one line says why, with the address. `expected`: the reason, as docs/tls.md has it."""
        self.assertTrue(quoted(f"refused: {expected}`"), "docs/tls.md does not have it")
        address = None

        def connect(to, timeout):
            nonlocal address
            connected = open_tcp(to, timeout)
            address = f"127.0.0.1:{connected.getsockname()[1]}"
            return open_socket(connected) if open_socket else TlsSocket(connected, tls, HOST)

        with self.assertRaises((NotAdmitted, ConnectionLost, OSError)):
            self.server.connect(host, open_socket=connect, **options).close()
        self.server.wait_log(rf"warning .*{re.escape(address)}.* refused: {re.escape(expected)}$")
        lines = re.findall(rf"^.* warning .*{re.escape(address)}\b.*$", self.server.log(), re.MULTILINE)
        self.assertEqual(len(lines), 1, lines)


class AdmissionTest(TlsTest):
    peers = (ICSCF, SCSCF, SCSCF_2, f"*.{REALM}")

    def setUp(self):
        self.subject = self.subscriber()
        self.innocent = self.icscf
        self.assert_serves()

    def assert_serves(self):
        """Somebody else, over the connection that was there before."""
        self.assert_first_registration(self.subject)
        self.assertIs(self.icscf, self.innocent)

    def test_a_subscriber_registers_over_tls(self):
        self.register(self.subject)
        self.assert_registered(self.subject)
        address = re.escape(f"127.0.0.1:{self.scscf.local[1]}")
        self.server.wait_log(rf"info peer {re.escape(SCSCF)} \[{address}\] connected over TCP,TLS$")

    def test_only_the_two_ports_on_the_loopback_interface_are_bound(self):
        bound = listening_sockets(self.server.process.pid)
        self.assertCountEqual(bound, [("0100007F", port) for port in (self.server.port, self.server.tls_port)])

    # ---- certificates ----

    def test_names_that_a_certificate_may_have(self):
        common_name_alone = []
        for names in ([SCSCF_2.upper()], ["other.example", SCSCF_2], [f"*.{REALM}"], common_name_alone):
            with self.subTest(names):
                tls = self.client(self.server.authority.credentials(SCSCF_2, names))
                with self.server.connect(SCSCF_2, tls=tls) as connection:
                    request = cx.uar(connection, self.subject.impi, self.subject.sip)
                    self.assertEqual(self.check(request, connection.request(request)), cx.FIRST_REGISTRATION)

    def test_certificates_that_are_refused(self):
        authority, other = self.server.authority, self.authority("other")
        unknown = "its certificate is not of an authority that TLS_CA names"
        another = "its certificate is for another name: it needs one with this name (dNSName)"
        past, future = ("20200101000000Z", "20210101000000Z"), ("20950101000000Z", "20960101000000Z")
        for name, credentials, expected in (
            ("expired", authority.credentials(SCSCF_2, dates=past), "its certificate has expired"),
            ("not yet valid", authority.credentials(SCSCF_2, dates=future), "its certificate is not valid yet"),
            ("of another peer", authority.credentials(ICSCF), another),
            ("none", None, "it shows no certificate"),
            ("of another authority", other.credentials(SCSCF_2), unknown),
            ("of the right common name, but another dNSName", authority.credentials(SCSCF_2, ["a.example"]), another),
            ("self-signed", authority.self_signed(SCSCF_2), unknown),
        ):
            with self.subTest(name):
                self.refused(expected, tls=self.client(credentials))
                self.assert_serves()

    def test_a_good_certificate_is_not_enough(self):
        tls = self.client(self.server.credentials(STRANGER))
        reason = "it is not in the list of peers: add it to `peers` in hss.toml if it may connect"
        self.refused(reason, STRANGER, tls)
        self.assert_serves()

    def test_a_peer_that_does_not_take_the_servers_certificate(self):
        self.refused(
            "it ended the TLS handshake: it may not trust this server's certificate",
            tls=self.authority("elsewhere").client(),
        )
        self.assert_serves()

    def test_no_tls_on_the_tls_port(self):
        self.refused("it does not speak TLS, which this port is for", open_socket=lambda connected: connected)
        self.assert_serves()

    def test_an_end_within_the_handshake(self):
        def hang_up(connected):
            connected.shutdown(socket.SHUT_WR)
            return connected

        self.refused("it ended during the TLS handshake", open_socket=hang_up)
        self.assert_serves()

    def test_an_older_version_of_tls(self):
        tls = self.client(self.server.credentials(SCSCF_2))
        tls.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.server.connect(SCSCF_2, tls=tls) as connection:
            self.assertTrue(connection.is_open)

    # ---- frames ----

    def request(self, connection):
        return cx.mar(connection, f"nobody@{REALM}", f"sip:nobody@{REALM}", SERVER_NAME)

    def test_a_frame_that_would_end_it_ends_its_connection(self):
        connection = self.server.connect(SCSCF_2)
        with self.assertRaises(ConnectionLost):
            connection.request(self.request(connection).replacing(Avp(diameter.SESSION_ID, b"a\0b")))
        connection.abort()
        sender = rf"{re.escape(SCSCF_2)} \[127\.0\.0\.1:{connection.local[1]}\]"
        self.server.wait_log(rf"warning frame from {sender} refused: Session-Id holds a NUL")
        self.assert_serves()

    def test_who_hangs_up_after_a_request_does_no_harm(self):
        tls = self.client(self.server.authority.credentials("culprits", [f"*.{REALM}"]))
        for number in range(TIMES):
            connection = self.server.connect(f"culprit{number}.{REALM}", tls=tls)
            request = self.request(connection)
            connection.send(request.without(diameter.DESTINATION_REALM) if number % 2 else request)
            connection.abort()
        self.assert_serves()

    # ---- slow ones ----

    def test_a_handshake_octet_by_octet(self):
        class Slow(socket.socket):
            def sendall(self, octets):
                for octet in octets:
                    super().sendall(bytes([octet]))

        def open_slowly(address, timeout):
            plain = open_tcp(address, timeout)
            slow = Slow(fileno=plain.detach())
            slow.settimeout(timeout)
            return TlsSocket(slow, self.client(self.server.credentials(SCSCF_2)), HOST)

        with self.server.connect(SCSCF_2, open_socket=open_slowly) as connection:
            self.assertTrue(connection.is_open)

    def test_handshakes_that_never_finish_keep_nobody_out(self):
        silent = [open_tcp(("127.0.0.1", self.server.tls_port), 30) for _ in range(20)]
        self.addCleanup(lambda: [one.close() for one in silent])
        for one in silent[::3]:
            one.sendall(b"\x16\x03\x01\x02\x00\x01\x00")  # the beginning of a ClientHello
        with self.server.connect(SCSCF_2) as connection:
            self.assertTrue(connection.is_open)
        self.assert_serves()
        for one in silent:
            while one.recv(4096):  # each is closed in the end, some with an alert
                pass
        self.server.wait_log(r"warning connection from 127\.0\.0\.1:\d+ closed: it has not said who it is")

    # ---- TLS within a connection ----

    def capabilities(self, *inband):
        """Of SCSCF_2, with Inband-Security-Id."""
        whole = [Avp(diameter.ORIGIN_HOST, SCSCF_2), *self.icscf.capabilities()[1:]]
        return [*whole, *(Avp(diameter.INBAND_SECURITY_ID, struct.pack("!I", value)) for value in inband)]

    def assert_inband_is_passed_over(self, connection):
        self.assertEqual(connection.cea.find_all(diameter.INBAND_SECURITY_ID), [])
        request = cx.uar(connection, self.subject.impi, self.subject.sip)
        self.assertEqual(self.check(request, connection.request(request)), cx.FIRST_REGISTRATION)

    def test_inband_security_is_passed_over(self):
        for inband in ([TLS], [NO_INBAND_SECURITY, TLS], [NO_INBAND_SECURITY]):
            for connect in (self.server.connect, self.server.connect_plain):
                with self.subTest(inband=inband, port=connect.__name__):
                    with connect(SCSCF_2, capabilities=self.capabilities(*inband)) as connection:
                        self.assert_inband_is_passed_over(connection)
        self.assert_serves()

    def test_tls_within_a_connection_ends_it(self):
        connection = self.server.connect_plain(SCSCF_2, capabilities=self.capabilities(TLS))
        received, hello = ssl.MemoryBIO(), ssl.MemoryBIO()
        with self.assertRaises(ssl.SSLWantReadError):
            self.client(None).wrap_bio(received, hello, server_hostname=HOST).do_handshake()
        connection.send_octets(hello.read())
        connection.wait_closed()
        connection.abort()
        address = rf"127\.0\.0\.1:{connection.local[1]}"
        self.server.wait_log(rf"warning peer {re.escape(SCSCF_2)} \[{address}\] not connected: ")
        self.assert_serves()


class OnlyTlsTest(TlsTest):
    @classmethod
    def server_type(cls, **options):
        server = TlsServer(**options)
        server.without_plain_port()
        return server

    def test_nobody_gets_in_without_tls(self):
        self.assertEqual(listening_sockets(self.server.process.pid), [("0100007F", self.server.tls_port)])
        with self.assertRaises(ConnectionRefusedError):
            self.server.connect_plain()
        self.refused("it does not speak TLS, which this port is for", open_socket=lambda connected: connected)
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assert_registered(subscriber)


class NamedPeerTest(TlsTest):
    """A peer that freeDiameter.conf names (ConnectPeer)."""

    @classmethod
    def server_type(cls, **options):
        server = TlsServer(**options)
        away = f'ConnectPeer = "{SCSCF}" {{ ConnectTo = "127.0.0.1"; Port = {free_port()}; }};'
        server.configuration.write_text(f"{server.configuration.read_text()}\n{away}\n")
        return server

    def test_its_certificate_must_have_its_name(self):
        subscriber = self.subscriber()
        self.assert_first_registration(subscriber)
        self.refused(
            "its certificate is for another name: it needs one with this name (dNSName)",
            SCSCF,
            self.client(self.server.credentials(ICSCF)),
        )
        self.register(subscriber)  # with its own it comes in
        self.assert_first_registration(self.subscriber())

    def test_it_must_come_over_tls(self):
        with self.assertRaises(NotAdmitted) as refusal:
            self.server.connect_plain(SCSCF)
        self.assertEqual(refusal.exception.result, 5017)  # DIAMETER_NO_COMMON_SECURITY


class EndTest(TlsTest):
    peers = (f"*.{REALM}",)

    def tearDown(self):
        self.assertFalse(self.server.running)

    def test_peers_are_told_over_tls_and_nobody_holds_it_up(self):
        self.server.wait_log("an orderly end is prepared", 30)
        polite, deaf = self.scscf, self.server.connect(f"deaf.{REALM}", kind=Deaf)
        self.addCleanup(deaf.abort)
        self.assertEqual(self.server.stop(), 0)
        self.assertTrue(deaf.told.is_set())
        deaf.wait_closed()
        polite.wait_closed()
        log = self.server.log()
        self.assertIn("1 peers do not answer DPR", log)
        self.assertNotIn("Forcing connections shutdown", log)


if __name__ == "__main__":
    unittest.main()
