# Who may ask what: peers by name and address, commands by kind of peer, what agents may pass on; and new settings for
# a server that runs, by `hssctl reload` and by SIGHUP, with every connection kept.
# SPDX-License-Identifier: MIT
import json
import os
import re
import signal
import unittest

from tests.peer import cx, diameter, swx
from tests.peer.connection import ConnectionLost, NotAdmitted
from tests.peer.diameter import Avp
from tests.peer.server import AAA, ICSCF, REALM, SCSCF
from tests.system.support import HssTest

DRA = f"dra.{REALM}"
COMMAND_UNSUPPORTED = 3001
APPLICATION_UNSUPPORTED = 3007
UNKNOWN_PEER = 3010
INVALID_AVP_VALUE = 5004


def toml(*texts):
    return json.dumps(list(texts))


class RolesTest(HssTest):
    """I-CSCFs ask UAR and LIR, S-CSCFs MAR and SAR, 3GPP AAA servers SWx; one agent passes on what it likes."""

    peers = (f"{ICSCF} 127.0.0.0/8", f"{SCSCF} 192.0.2.1 127.0.0.1", AAA, DRA, f"elsewhere.{REALM} 192.0.2.0/24 ::1")
    more_settings = {
        "diameter": {
            "agents": toml(DRA),
            "cx_peers": toml(ICSCF, SCSCF, DRA),
            "cx_icscf_peers": toml(ICSCF, DRA),
            "cx_scscf_peers": toml(SCSCF, DRA),
            "swx_peers": toml(AAA),
        }
    }

    def refused(self, connection, request, code, setting):
        """The answer with that result, and the log line with the peer's address and what to do."""
        answer = connection.request(request)
        self.assertEqual(answer.find(diameter.RESULT_CODE).number, code)
        self.assertEqual(answer.is_error, 3000 <= code < 4000)
        where = re.escape(f"{connection.host} [{connection.local[0]}:{connection.local[1]}]")
        self.server.wait_log(rf"{where}.* {code} .*`{setting}`")
        return answer

    def test_each_kind_of_peer_has_its_commands(self):
        subscriber = self.subscriber()
        self.assert_first_registration(subscriber)
        self.register(subscriber)
        self.assert_registered(subscriber)
        at_icscf = cx.mar(self.icscf, subscriber.impi, subscriber.sip, "sip:rogue")
        self.refused(self.icscf, at_icscf, COMMAND_UNSUPPORTED, "cx_scscf_peers")
        taken_over = cx.sar(self.icscf, subscriber.impi, subscriber.sip, "sip:rogue", cx.USER_DEREGISTRATION)
        self.refused(self.icscf, taken_over, COMMAND_UNSUPPORTED, "cx_scscf_peers")
        self.refused(
            self.scscf, cx.uar(self.scscf, subscriber.impi, subscriber.sip), COMMAND_UNSUPPORTED, "cx_icscf_peers"
        )
        self.refused(self.scscf, cx.lir(self.scscf, subscriber.sip), COMMAND_UNSUPPORTED, "cx_icscf_peers")
        self.assert_registered(subscriber)  # nothing of that was done

    def test_applications(self):
        subscriber = self.subscriber()
        self.refused(
            self.scscf, swx.mar(self.scscf, subscriber.imsi), APPLICATION_UNSUPPORTED, "swx_peers"
        )
        with self.server.connect_aaa() as aaa:
            self.assertEqual(aaa.request(swx.mar(aaa, subscriber.imsi)).find(diameter.RESULT_CODE).number, 2001)

    def test_only_an_agent_passes_on_what_others_ask(self):
        subscriber = self.subscriber()
        spoofed = cx.mar(self.scscf, subscriber.impi, subscriber.sip, f"sip:{SCSCF}:6060").replacing(
            Avp(diameter.ORIGIN_HOST, f"other.{REALM}")
        )
        answer = self.refused(self.scscf, spoofed, INVALID_AVP_VALUE, "agents")
        self.assert_failed(answer, (diameter.ORIGIN_HOST, 0))
        with self.server.connect(DRA) as agent:
            passed_on = cx.uar(agent, subscriber.impi, subscriber.sip).replacing(
                Avp(diameter.ORIGIN_HOST, f"icscf7.{REALM}")
            )
            self.ask(agent, passed_on, cx.FIRST_REGISTRATION)
            self.server.wait_log(rf"UAR {re.escape(DRA)}.*icscf7\.{re.escape(REALM)}")

    def test_an_address_that_is_not_listed(self):
        with self.assertRaises((NotAdmitted, ConnectionLost)):
            self.server.connect(f"elsewhere.{REALM}").close()
        self.server.wait_log(rf"peer elsewhere\.{re.escape(REALM)} \[127\.0\.0\.1:\d+\] refused: it may not come from there")
        self.assertTrue(self.icscf.is_open and self.scscf.is_open)


class ReloadTest(HssTest):
    peers = (ICSCF, SCSCF)

    def reload(self, **diameter_settings):
        self.server.change_settings({"diameter": diameter_settings})
        return self.server.hssctl("reload").stdout

    def setUp(self):
        self.assertTrue(self.icscf.is_open and self.scscf.is_open)
        self.before = (self.icscf, self.scscf)

    def tearDown(self):
        self.server.change_settings(
            {"diameter": {"peers": toml(ICSCF, SCSCF), "cx_icscf_peers": "[]"}, "cx": {"max_vectors": "1"}}
        )
        self.server.hssctl("reload")
        self.assertEqual(self.before, (self.icscf, self.scscf), "a connection was dropped")
        super().tearDown()

    def test_new_settings_with_connections_kept(self):
        subscriber = self.subscriber()
        self.assertEqual(len(cx.vectors(self.mar(subscriber, items=3))), 1)
        self.server.change_settings({"cx": {"max_vectors": "3"}})
        report = self.server.hssctl("reload").stdout
        self.assertEqual(report, "settings were read again: new are cx.max_vectors\n")
        self.assertEqual(len(cx.vectors(self.mar(subscriber, items=3))), 3)
        self.assertIn("nothing is new", self.server.hssctl("reload").stdout)
        told = self.server.hssctl_json("reload")
        self.assertEqual(told["process"], self.server.process.pid)

    def test_a_peer_is_let_in_and_put_out(self):
        newcomer = f"icscf9.{REALM}"
        with self.assertRaises((NotAdmitted, ConnectionLost)):
            self.server.connect(newcomer).close()
        self.assertIn("diameter.peers", self.reload(peers=toml(ICSCF, SCSCF, newcomer)))
        subscriber = self.subscriber()
        with self.server.connect(newcomer) as peer:
            self.ask(peer, cx.uar(peer, subscriber.impi, subscriber.sip), cx.FIRST_REGISTRATION)
            report = self.reload(peers=toml(ICSCF, SCSCF))
            self.assertRegex(report, rf"peer {re.escape(newcomer)} \[127\.0\.0\.1:{peer.local[1]}\] is connected and not")
            answer = peer.request(cx.uar(peer, subscriber.impi, subscriber.sip))
            self.assertEqual(answer.find(diameter.RESULT_CODE).number, UNKNOWN_PEER)
        self.assert_first_registration(subscriber)

    def test_what_needs_a_restart_says_so(self):
        self.server.change_settings({"store": {"queue_limit": "77"}, "cx": {"max_vectors": "2"}})
        report = self.server.hssctl("reload").stdout.splitlines()
        self.assertEqual(
            report,
            [
                "settings were read again: new are cx.max_vectors",
                "these settings have changed and need a restart: store.queue_limit",
            ],
        )
        self.server.change_settings({"store": {"queue_limit": "2048"}})

    def test_a_file_that_is_no_good_changes_nothing(self):
        good = self.server.settings_file.read_text()
        try:
            self.server.change_settings({"cx": {"max_vectors": "6"}})
            refused = self.server.hssctl("reload", check=False)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("'cx.max_vectors' is 6; it must be a whole number from 1 to 5", refused.stderr)
            os.kill(self.server.process.pid, signal.SIGHUP)
            self.server.wait_log(r"error the settings stay as they are: .*'cx.max_vectors' is 6")
        finally:
            self.server.settings_file.write_text(good)
        subscriber = self.subscriber()
        self.assertEqual(len(cx.vectors(self.mar(subscriber, items=3))), 1)

    def test_the_level_of_the_log(self):
        subscriber = self.subscriber()
        try:
            self.server.change_settings({"log": {"level": '"error"'}})
            self.server.hssctl("reload")
            self.lir(subscriber.tel, cx.IDENTITY_NOT_REGISTERED)
        finally:
            self.server.change_settings({"log": {"level": '"debug"'}})
            self.server.hssctl("reload")
        self.lir(subscriber.sip, cx.IDENTITY_NOT_REGISTERED)
        self.server.wait_log(re.escape(subscriber.sip))
        self.assertNotIn(f"impu={subscriber.tel}", self.server.log())

    def test_many_at_once(self):
        for _ in range(200):
            os.kill(self.server.process.pid, signal.SIGHUP)
        subscriber = self.subscriber()
        self.register(subscriber)
        self.server.hssctl("reload")


if __name__ == "__main__":
    unittest.main()
