# Who may connect and from where: the list of peers, the log line of a refusal, and the addresses that are bound.
# SPDX-License-Identifier: MIT
import re
import unittest

from tests.peer import cx, diameter
from tests.peer.connection import ConnectionLost, NotAdmitted
from tests.peer.server import HOST, ICSCF, REALM, SCSCF, listening_sockets, wait_until
from tests.system.support import HssTest


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
        bound = listening_sockets(self.server.process.pid)
        self.assertEqual(bound, [("0100007F", self.server.port)])

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
