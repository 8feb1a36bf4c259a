# Which applications are served and to whom, and the settings of SWx that are not the usual ones.
# SPDX-License-Identifier: MIT
import re
import unittest

from tests.peer import cx, diameter, swx
from tests.peer.connection import CX, SWX, ConnectionLost, NotAdmitted
from tests.peer.diameter import Avp
from tests.peer.server import AAA, AAA_2, AAA_REALM, ICSCF, REALM, SCSCF, SCSCF_2
from tests.system.support import SERVER_NAME
from tests.system.swx_support import SwxTest

BOTH = (CX, SWX)
FRIEND = f"friend.{AAA_REALM}"


class ApplicationsTest(SwxTest):
    """One server, which gets other settings for each test."""

    peers = (ICSCF, SCSCF, SCSCF_2, AAA, AAA_2, f"*.{AAA_REALM}")
    usual = {
        "diameter": {"applications": '["cx", "swx"]', "cx_peers": "[]", "swx_peers": "[]"},
        "swx": {"other_aaa_server": '"already-registered"', "accept_digest_scheme": "false", "max_vectors": "5"},
    }

    def with_settings(self, **sections):
        """The server again, with the usual settings but for `sections`."""
        self.disconnect()
        self.server.stop()
        for settings in (self.usual, sections):
            self.server.change_settings(settings)
        self.server.start()

    def offered(self, cea):
        groups = cea.find_all(diameter.VENDOR_SPECIFIC_APPLICATION_ID)
        return sorted(group.find(diameter.AUTH_APPLICATION_ID).number for group in groups)

    def both(self, host=FRIEND, realm=AAA_REALM):
        """A peer that speaks both applications."""
        return self.server.connect(host, realm, served_realm=REALM, applications=BOTH)

    def assert_unsupported(self, connection, request):
        answer = connection.request(request)
        self.assertEqual(cx.name_of(cx.result(answer)), cx.name_of(cx.APPLICATION_UNSUPPORTED))
        self.assertTrue(answer.is_error)
        return answer

    def test_both_are_advertised_and_served_on_one_connection(self):
        self.with_settings()
        subscriber = self.subscriber()
        with self.both() as friend:
            self.assertEqual(self.offered(friend.cea), sorted(BOTH))
            self.assert_agreed(subscriber, self.swx_vector(subscriber, at=friend))
            self.assert_accepted(subscriber, self.vector(subscriber, at=friend))
            self.swx_sar(subscriber, cx.REGISTRATION, at=friend)
            self.sar(subscriber, cx.REGISTRATION, at=friend)

    def test_cx_alone(self):
        self.with_settings(diameter={"applications": '["cx"]'})
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assertEqual(self.offered(self.scscf.cea), [CX])
        with self.both() as friend:
            self.assert_unsupported(friend, swx.mar(friend, subscriber.imsi))
            self.assert_accepted(subscriber, self.vector(subscriber, at=friend))
        with self.assertRaises((NotAdmitted, ConnectionLost)):  # nothing in common
            self.server.connect_aaa(AAA).close()

    def test_swx_alone(self):
        self.with_settings(diameter={"applications": '["swx"]'})
        subscriber = self.subscriber()
        self.attach(subscriber)
        self.assertEqual(self.offered(self.aaa.cea), [SWX])
        with self.both() as friend:
            self.assert_unsupported(friend, cx.mar(friend, subscriber.impi, subscriber.sip, SERVER_NAME))
            self.aaa_profile(subscriber)
        with self.assertRaises((NotAdmitted, ConnectionLost)):
            self.server.connect(SCSCF).close()

    def test_peers_for_each_application(self):
        self.with_settings(diameter={"cx_peers": f'["{ICSCF}", "{SCSCF}"]', "swx_peers": f'["{AAA}"]'})
        subscriber = self.subscriber()
        self.register(subscriber)
        self.attach(subscriber)
        for host, realm in ((FRIEND, AAA_REALM), (SCSCF_2, REALM)):
            with self.both(host, realm) as connection:
                requests = [
                    swx.mar(connection, subscriber.imsi),
                    swx.sar(connection, subscriber.imsi, swx.AAA_USER_DATA_REQUEST),
                    cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME),
                    cx.lir(connection, subscriber.sip),
                ]
                # The connection counts, not the name in the message.
                requests += [one.replacing(Avp(diameter.ORIGIN_HOST, AAA)) for one in requests[:2]]
                for request in requests:
                    answer = self.assert_unsupported(connection, request)
                    self.assertEqual(self.check(request, answer), cx.APPLICATION_UNSUPPORTED)
                port = connection.local[1]
                self.server.wait_log(rf"(?i)^.*warn.*{re.escape(host)} \[127\.0\.0\.1:{port}\].*swx_peers.*$")
                self.server.wait_log(rf"(?i)^.*warn.*{re.escape(host)} \[127\.0\.0\.1:{port}\].*cx_peers.*$")
        self.aaa_profile(subscriber)
        self.assert_registered(subscriber)

    def test_another_aaa_server_is_redirected(self):
        """As before Release 12."""
        self.with_settings(swx={"other_aaa_server": '"redirect"'})
        subscriber = self.subscriber()
        self.attach(subscriber)
        answers = [self.swx_mar(subscriber, cx.REDIRECT_INDICATION, at=self.aaa_2)]
        answers += [self.swx_sar(subscriber, type, cx.REDIRECT_INDICATION, at=self.aaa_2) for type in (1, 5, 12, 13)]
        for answer in answers:
            (host,) = swx.redirect_hosts(answer)
            self.assertRegex(host, rf"^aaa://{re.escape(AAA)}(:\d+)?(;transport=tcp)?$")
            self.assertIsNone(swx.aaa_server_name(answer))
        self.aaa_profile(subscriber)

    def test_a_simulators_scheme_and_fewer_vectors(self):
        self.with_settings(swx={"accept_digest_scheme": "true", "max_vectors": "2"})
        subscriber = self.subscriber()
        vectors = swx.vectors(self.swx_mar(subscriber, scheme=cx.AKA_V1_MD5, items=5))
        self.assertEqual([vector.scheme for vector in vectors], [swx.EAP_AKA, swx.EAP_AKA])
        for vector in vectors:
            self.assert_agreed(subscriber, vector)


if __name__ == "__main__":
    unittest.main()
