# Who may connect and from where: the list of peers, the log line of a refusal, and the addresses that are bound.
# SPDX-License-Identifier: MIT
import re
import unittest

from tests.peer import cx, diameter
from tests.peer.connection import ConnectionLost, NotAdmitted, open_tcp
from tests.peer.server import HOST, ICSCF, REALM, SCSCF, datagram_sockets, listening_sockets, wait_until
from tests.system.support import HssTest
from tests.system.tls_support import TlsServer

LOOPBACK = "0100007F"
LOOPBACK_6 = "00000000000000000000000001000000"  # /proc/net/tcp6


class PeersTest(HssTest):
    peers = (ICSCF, SCSCF)

    def assert_refused(self, host):
        """No CEA with success, and a line that names the peer and the address it came from."""
        with self.assertRaises((NotAdmitted, ConnectionLost), msg=host):
            self.server.connect(host).close()
        self.server.wait_log(rf"(?i)^.*{re.escape(host)}.*127\.0\.0\.1:\d+.*refused.*$")

    def test_two_peers_are_served(self):
        subscriber = self.subscriber()
        self.assert_first_registration(subscriber)
        self.register(subscriber)
        self.assertNotEqual(self.icscf.local, self.scscf.local)

    def test_a_name_without_case(self):
        self.disconnect()
        with self.server.connect(ICSCF.upper()) as connection:
            request = cx.uar(connection, "nobody@" + REALM, "sip:nobody@" + REALM)
            self.assertEqual(self.check(request, connection.request(request)), cx.USER_UNKNOWN)

    def test_a_stranger_is_refused_and_named(self):
        self.assert_refused("stranger." + REALM)
        self.assert_refused("icscf.elsewhere.example")
        self.assert_first_registration(self.subscriber())

    def test_nobody_is_the_server_itself(self):
        self.assert_refused(HOST)

    def test_only_the_loopback_interface_is_bound(self):
        pid = self.server.process.pid
        self.assertEqual(listening_sockets(pid), [("0100007F", self.server.port)])
        self.assertEqual(datagram_sockets(pid), [])

    def test_back_after_a_farewell(self):
        for _ in range(3):
            self.disconnect()
            self.assert_first_registration(self.subscriber())


    def test_back_without_a_farewell(self):
        # freeDiameter asks such a peer for three watchdogs first, and drops what it would have answered till then.
        subscriber = self.subscriber()
        self.assert_first_registration(subscriber)
        self.icscf.abort()

        def served():
            try:
                self.icscf.request(cx.lir(self.icscf, subscriber.sip), timeout=1)
            except (TimeoutError, NotAdmitted, ConnectionLost):
                return False
            return True

        wait_until(served, 60, "it is not served again")
        self.assert_first_registration(subscriber)

    def test_a_cer_without_an_address(self):
        # Kamailio sends one now and then, is refused, and comes back.
        self.disconnect()
        with self.server.connect(SCSCF) as connection:
            whole = connection.capabilities()
        lacking = [avp for avp in whole if avp.code != diameter.HOST_IP_ADDRESS]
        with self.assertRaises((NotAdmitted, ConnectionLost)):
            self.server.connect(SCSCF, capabilities=lacking).close()
        subscriber = self.subscriber()
        self.assert_accepted(subscriber, self.vector(subscriber))


class ListenTest(unittest.TestCase):
    """Every socket, whatever is turned on: of both ports, and of IPv6."""

    def started(self, **options):
        server = TlsServer(**options)
        self.addCleanup(server.close)
        return server

    def assert_bound(self, server, *addresses):
        pid = server.process.pid
        expected = [(address, port) for address in addresses for port in (server.port, server.tls_port)]
        # One after the other: the server counts as started with the first.
        wait_until(lambda: len(listening_sockets(pid)) >= len(expected), 30, lambda: listening_sockets(pid))
        self.assertCountEqual(listening_sockets(pid), expected)
        self.assertEqual(datagram_sockets(pid), [])

    def test_with_no_word_about_where_to_listen(self):
        server = self.started()
        settings = server.settings_file.read_text()
        without, count = re.subn(r"^listen = .*\n", "", settings, flags=re.MULTILINE)
        self.assertEqual(count, 1)
        server.settings_file.write_text(without)
        server.change_configuration("\nNo_IPv6;\n", "\n")
        server.start()
        self.assert_bound(server, LOOPBACK)

    def test_loopback_of_ipv6_as_well(self):
        server = self.started(init=("--listen", "::1"))
        server.start()
        self.assert_bound(server, LOOPBACK, LOOPBACK_6)

        def over_ipv6(port):
            return lambda _, timeout: open_tcp(("::1", port), timeout)

        with server.connect_plain(SCSCF) as connection:
            capabilities = connection.capabilities()
        with server.connect_plain(SCSCF, capabilities=capabilities, open_socket=over_ipv6(server.port)) as connection:
            self.assertTrue(connection.is_open)
            server.wait_log(rf"info peer {re.escape(SCSCF)} \[\[::1\]:{connection.local[1]}\] connected over TCP$")
        with self.assertRaises((ConnectionLost, OSError)):
            server.connect(SCSCF, capabilities=capabilities, open_socket=over_ipv6(server.tls_port)).close()
        server.wait_log(r"warning connection from \[::1\]:\d+ refused: it does not speak TLS")


class RealmTest(HssTest):
    """`*.REALM` admits every host of a realm."""

    peers = (f"*.{REALM}",)

    def test_hosts_of_the_realm(self):
        for host in ("a." + REALM, "b.c." + REALM):
            with self.server.connect(host) as connection:
                self.assertTrue(connection.is_open)
        for host in ("a.other.example", REALM, "evil" + REALM):
            with self.assertRaises((NotAdmitted, ConnectionLost), msg=host):
                self.server.connect(host).close()


if __name__ == "__main__":
    unittest.main()
