# RTR and PPR on SWx (TS 29.273 8.1.2.2.3, 8.1.2.3): what an operator changes reaches the AAA server that has the user,
# and the state follows its answer, whatever comes between.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, swx
from tests.peer.diameter import Avp
from tests.peer.pushes import SILENCE, Verdict
from tests.peer.server import AAA, AAA_2, AAA_REALM, SCSCF
from tests.system.swx_support import GATEWAY_READ, IMS, SwxTest, profile


class SwxPushTest(SwxTest):
    def attached(self, *options):
        subscriber = self.subscriber(*options)
        self.attach(subscriber)
        return subscriber

    def push_send(self, subscriber, *options, check=True):
        return self.server.hssctl("push", "send", subscriber.imsi, *options, check=check)

    def assert_rtr(self, push, subscriber, reason=cx.PERMANENT_TERMINATION, info=None):
        self.assertEqual((push.code, push.user_name), (cx.REGISTRATION_TERMINATION, subscriber.imsi))
        self.assertEqual((push.reason, push.reason_info), (reason, info))
        self.assertEqual((push.non_3gpp, push.ppr_flags), (None, None))

    def assert_ppr(self, push, subscriber, data, flags=None):
        self.assertEqual((push.code, push.user_name), (cx.PUSH_PROFILE, subscriber.imsi))
        self.assertEqual((push.non_3gpp, push.ppr_flags), (data, flags))

    # ---- RTR ----

    def test_deregister(self):
        subscriber = self.attached()
        self.register(subscriber)
        self.pgw_update(subscriber)
        self.deregister(subscriber.imsi, "--application", "swx", "--info", "Bye ☎")
        self.assert_rtr(self.take_one(AAA), subscriber, info="Bye ☎")
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual((row["kind"], row["reason"]), ("RTR", "PERMANENT_TERMINATION"))
        self.assertEqual((row["diameter_host"], row["diameter_realm"], row["attempts"]), (AAA, AAA_REALM, 1))
        self.assert_nobody_has(subscriber)
        self.assert_registered(subscriber)  # at the S-CSCF, which was told nothing
        self.server.wait_log(rf"SWx-RTR {AAA} \[127\.0\.0\.1:\d+\].*{subscriber.imsi}.*DIAMETER_SUCCESS 2001")
        # The PDN connections went with it.
        self.assertEqual(self.attach(subscriber), profile(subscriber))

    def test_nothing_is_sent_for_who_is_not_registered(self):
        subscriber = self.subscriber()
        self.assertEqual(self.deregister(subscriber.imsi, "--application", "swx")["pushes"], [])
        self.swx_vector(subscriber)  # authentication is pending
        self.assertEqual(self.deregister(subscriber.imsi, "--application", "swx")["pushes"], [])
        self.set(subscriber, "--ue-ambr", "1M:1M")
        self.assertEqual(self.pushes(subscriber.imsi), [])

    def test_the_state_follows_the_answer(self):
        subscriber = self.attached()
        self.inbox(AAA).then(SILENCE, cx.UNABLE_TO_COMPLY)
        self.deregister(subscriber.imsi, "--application", "swx")
        self.assert_rtr(self.take_one(AAA), subscriber)
        self.aaa_profile(subscriber)
        self.take_one(AAA)  # sent again, and answered 5012
        self.wait_pushes(subscriber.imsi, lambda row: row.get("result_code") == 5012 and row["status"] == "waiting")
        self.aaa_profile(subscriber)
        self.take_one(AAA)
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual(row["attempts"], 3)
        self.assert_nobody_has(subscriber)

    def test_an_aaa_server_that_does_not_know_the_user(self):
        subscriber = self.attached()
        self.inbox(AAA).then(cx.USER_UNKNOWN)
        self.deregister(subscriber.imsi, "--application", "swx")
        self.take_one(AAA)
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual((row["result_code"], row["result_vendor"]), (5001, cx.VENDOR_3GPP))
        self.assert_nobody_has(subscriber)

    def test_an_answer_of_the_one_before_leaves_a_moved_user(self):
        subscriber = self.attached()
        self.inbox(AAA).then(SILENCE)
        self.deregister(subscriber.imsi, "--application", "swx")
        self.take_one(AAA)
        self.assert_agreed(subscriber, self.swx_vector(subscriber, at=self.aaa_2, aaa_failure=1))
        self.swx_sar(subscriber, cx.REGISTRATION, at=self.aaa_2)
        reasons = [push.reason for push in self.take(AAA, 2)]
        self.assertCountEqual(reasons, [cx.PERMANENT_TERMINATION, cx.NEW_SERVER_ASSIGNED])
        self.wait_pushes(subscriber.imsi, lambda row: row["status"] != "waiting")
        self.aaa_profile(subscriber, at=self.aaa_2)
        self.assertTrue(self.inbox(AAA_2).empty)

    def test_barring_and_removal(self):
        changes = {
            "barred": ("subscriber", "set", "--non-3gpp", "barred"),
            "no access": ("subscriber", "set", "--non-3gpp", "none"),
            "removed": ("subscriber", "remove"),
        }
        for name, (noun, verb, *options) in changes.items():
            with self.subTest(name):
                subscriber = self.attached()
                self.server.hssctl(noun, verb, subscriber.imsi, *options)
                self.assert_rtr(self.take_one(AAA), subscriber)
                self.wait_status(subscriber.imsi, "done")
                expected = cx.USER_UNKNOWN if name == "removed" else cx.USER_NO_NON_3GPP_SUBSCRIPTION
                self.swx_mar(subscriber, expected)

    def test_registered_in_both_removed_from_both(self):
        subscriber = self.attached()
        self.register(subscriber)
        self.server.hssctl("subscriber", "remove", subscriber.imsi)
        self.assert_rtr(self.take_one(AAA), subscriber)
        self.assertEqual({push.user_name for push in self.take(SCSCF, 2)}, {subscriber.impi})

    # ---- PPR ----

    def test_a_change_is_pushed_whole(self):
        subscriber = self.attached()
        self.pgw_update(subscriber)
        self.set(subscriber, "--ue-ambr", "50M:150M", "--session-timeout", "60", "--static-address", "ims=192.0.2.9")
        apn = IMS | {"addresses": ["192.0.2.9"], "gateway": GATEWAY_READ, "allocation": 1}
        expected = profile(
            subscriber, apn, ambr={"uplink": 50_000_000, "downlink": 150_000_000}, session_timeout=60
        )
        self.assert_ppr(self.take_one(AAA), subscriber, expected)
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual((row["kind"], row["diameter_host"]), ("PPR", AAA))
        self.assertEqual(self.aaa_profile(subscriber), expected)
        # What SWx does not tell of is not pushed there.
        self.set(subscriber, "--visited-network", "somewhere.example.org")
        self.assertEqual(len(self.pushes(subscriber.imsi)), 1)

    def test_a_changed_template_reaches_everybody_who_has_it(self):
        self.server.hssctl("apn", "set", "fleet", "--apn", "fleet", "--context-id", "77", "--qci", "7")
        subscribers = [self.attached("--apn", "fleet") for _ in range(2)]
        self.attached()  # has another
        self.server.hssctl("apn", "set", "fleet", "--qci", "8", "--gateway-address", "192.0.2.10")
        pushes = self.take(AAA, 2)
        self.assertCountEqual([push.user_name for push in pushes], [one.imsi for one in subscribers])
        for push in pushes:
            (apn,) = push.non_3gpp["apn_configurations"]
            self.assertEqual((apn["context_identifier"], apn["qos"]["qci"]), (77, 8))
            self.assertEqual((apn["gateway"], apn["allocation"]), ({"addresses": ["192.0.2.10"]}, swx.STATIC))
            self.assertEqual(push.non_3gpp["default"], 77)
        for subscriber in subscribers:
            self.wait_status(subscriber.imsi, "done")

    def test_on_demand_and_by_flags(self):
        subscriber = self.attached()
        whole = profile(subscriber)
        table = (
            (["--profile"], whole, None),
            (["--reset-indication"], None, swx.RESET_INDICATION),
            (["--access-network-info"], None, swx.ACCESS_NETWORK_INFO_REQUEST),
            (["--local-time-zone"], None, swx.LOCAL_TIME_ZONE_REQUEST),
            (["--p-cscf-restoration"], None, swx.PCSCF_RESTORATION_REQUEST),
            (["--profile", "--reset-indication", "--local-time-zone"], whole, 5),
        )
        for options, data, flags in table:
            with self.subTest(options):
                self.push_send(subscriber, *options)
                self.assert_ppr(self.take_one(AAA), subscriber, data, flags)
                self.wait_status(subscriber.imsi, "done")

    def test_what_the_aaa_server_reports_is_kept(self):
        subscriber = self.attached()
        zone = [Avp(1642, "+1/0", cx.VENDOR_3GPP), Avp(1650, 0, cx.VENDOR_3GPP)]
        more = [
            cx.avp(1526, [cx.avp(1524, "Cafe ☎", False)], mandatory=False),
            cx.avp(1649, zone, mandatory=False),
        ]
        self.inbox(AAA).then(Verdict(cx.SUCCESS, more=more))
        self.push_send(subscriber, "--access-network-info", "--local-time-zone")
        self.take_one(AAA)
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertIn("Cafe", row["outcome"])
        self.assertIn("+1/0", row["outcome"])

    def test_nothing_to_push_for_who_is_not_registered(self):
        subscriber = self.subscriber()
        self.push_send(subscriber, "--profile", check=False)
        self.assertEqual(self.pushes(subscriber.imsi), [])

    def test_an_aaa_server_that_has_lost_the_user(self):
        subscriber = self.attached()
        self.pgw_update(subscriber)
        self.inbox(AAA).then(cx.USER_UNKNOWN)
        self.set(subscriber, "--session-timeout", "61")
        self.take_one(AAA)
        self.wait_status(subscriber.imsi, "done")
        self.assert_nobody_has(subscriber)
        self.assertEqual(self.attach(subscriber), profile(subscriber, session_timeout=61))

    def test_unable_to_comply_and_silence_are_tried_again(self):
        subscriber = self.attached()
        self.inbox(AAA).then(cx.UNABLE_TO_COMPLY, SILENCE)
        self.set(subscriber, "--session-timeout", "61")
        for push in self.take(AAA, 3):
            self.assert_ppr(push, subscriber, profile(subscriber, session_timeout=61))
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual(row["attempts"], 3)
        self.aaa_profile(subscriber)

    def test_the_newest_profile_is_sent(self):
        subscriber = self.attached()
        self.inbox(AAA).then(SILENCE)
        self.set(subscriber, "--session-timeout", "61")
        self.assertEqual(self.take_one(AAA).non_3gpp["session_timeout"], 61)
        self.set(subscriber, "--session-timeout", "62")
        self.assertEqual([push.non_3gpp["session_timeout"] for push in self.take(AAA, 2)], [62, 62])
        self.wait_status(subscriber.imsi, "done")

    def test_a_peer_without_ppr_is_reported(self):
        subscriber = self.attached()
        self.inbox(AAA).then(cx.COMMAND_UNSUPPORTED)
        self.set(subscriber, "--session-timeout", "61")
        self.take_one(AAA)
        (row,) = self.wait_status(subscriber.imsi, "refused")
        self.assertEqual(row["result_code"], 3001)
        self.assertTrue(row["outcome"])
        self.aaa_profile(subscriber)

    # ---- peers and servers that come and go ----

    def test_the_aaa_server_is_gone_and_comes_back(self):
        subscriber = self.attached()
        self.connections.pop(AAA).close()
        self.aaa_2  # somebody else is there, who must not be sent what is not for him
        self.set(subscriber, "--session-timeout", "61")
        self.wait_pushes(subscriber.imsi, lambda row: "not connected" in row.get("outcome", ""))
        self.assertEqual([row["attempts"] for row in self.pushes(subscriber.imsi)], [0])
        self.peer(AAA)
        self.assert_ppr(self.take_one(AAA), subscriber, profile(subscriber, session_timeout=61))
        self.wait_status(subscriber.imsi, "done")

    def test_a_kill_between_writing_and_answering_loses_nothing(self):
        profiled, ended = self.attached(), self.attached()
        self.pgw_update(profiled)
        self.inbox(AAA).then(SILENCE, SILENCE)
        self.set(profiled, "--session-timeout", "61")
        self.take_one(AAA)
        self.deregister(ended.imsi, "--application", "swx")
        self.take_one(AAA)
        self.crash()
        self.aaa_profile(ended)  # nothing was answered, nothing has changed
        pushes = {push.user_name: push for push in self.take(AAA, 2, timeout=30)}
        connected = IMS | {"gateway": GATEWAY_READ, "allocation": 1}
        expected = profile(profiled, connected, session_timeout=61)
        self.assert_ppr(pushes[profiled.imsi], profiled, expected)
        self.assert_rtr(pushes[ended.imsi], ended)
        for subscriber in (profiled, ended):
            (row,) = self.wait_status(subscriber.imsi, "done")
            self.assertEqual(row["attempts"], 2)
        self.assertEqual(self.aaa_profile(profiled), expected)
        self.assert_nobody_has(ended)

    def test_written_while_the_server_is_down(self):
        subscriber = self.attached()
        self.disconnect()
        self.server.stop()
        self.server.hssctl("subscriber", "remove", subscriber.imsi)
        self.server.start()
        self.peer(AAA)
        self.assert_rtr(self.take_one(AAA), subscriber)


if __name__ == "__main__":
    unittest.main()
