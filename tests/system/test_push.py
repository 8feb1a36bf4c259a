# RTR (TS 29.228 6.1.3) from `hssctl deregister` to the state that its answer leaves, and everything that can come
# between.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx
from tests.peer.pushes import SILENCE, Verdict
from tests.peer.server import REALM, SCSCF, SCSCF_2
from tests.system.push_support import PushTest
from tests.system.support import SERVER_NAME, SERVER_NAME_2


class RegistrationTerminationTest(PushTest):
    def registered(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        return subscriber

    # ---- what is sent ----

    def test_one_request_for_each_identity_that_is_not_barred(self):
        subscriber = self.registered()
        self.deregister(subscriber.imsi, "--info", "Bye ☎")
        pushes = self.take(SCSCF, 2)
        self.assertCountEqual([push.public_identities for push in pushes], [[subscriber.sip], [subscriber.tel]])
        for push in pushes:
            self.assertEqual(push.code, cx.REGISTRATION_TERMINATION)
            self.assertEqual(push.user_name, subscriber.impi)
            self.assertEqual((push.reason, push.reason_info), (cx.PERMANENT_TERMINATION, "Bye ☎"))
            self.assertEqual(push.associated_identities, [])
        self.wait_status(subscriber.imsi, "done")

    def test_the_four_reasons(self):
        reasons = {
            "permanent": cx.PERMANENT_TERMINATION,
            "new-server": cx.NEW_SERVER_ASSIGNED,
            "server-change": cx.SERVER_CHANGE,
            "remove-scscf": cx.REMOVE_S_CSCF,
        }
        for word, code in reasons.items():
            with self.subTest(word):
                subscriber = self.registered()
                self.deregister(subscriber.sip, "--reason", word)
                self.assertEqual([push.reason for push in self.take(SCSCF, 2)], [code, code])
                self.wait_status(subscriber.imsi, "done")

    def test_nothing_is_sent_for_who_is_not_registered(self):
        subscriber = self.subscriber()
        self.assertEqual(self.deregister(subscriber.imsi)["pushes"], [])
        self.assertEqual(self.pushes(subscriber.imsi), [])

    # ---- the state follows the answer ----

    def test_the_state_stays_until_the_answer(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(SILENCE, SILENCE)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        self.assert_registered(subscriber)
        self.assertEqual({row["status"] for row in self.pushes(subscriber.imsi)}, {"waiting"})
        self.take(SCSCF, 2)  # sent again, and answered
        rows = self.wait_status(subscriber.imsi, "done")
        self.assertEqual([row["attempts"] for row in rows], [2, 2])
        self.assert_not_registered(subscriber)
        self.assert_first_registration(subscriber)

    def test_success(self):
        subscriber = self.registered()
        done = self.server.hssctl("deregister", subscriber.imsi, "--wait", "30")
        self.assertIn("done", done.stdout)
        self.take(SCSCF, 2)
        self.assert_not_registered(subscriber)
        for row in self.pushes(subscriber.imsi):
            self.assertEqual((row["kind"], row["reason"], row["status"]), ("RTR", "PERMANENT_TERMINATION", "done"))
            self.assertEqual((row["result"], row["result_code"]), ("DIAMETER_SUCCESS", 2001))
            self.assertEqual((row["diameter_host"], row["attempts"]), (SCSCF, 1))
        self.server.wait_log(
            rf"info RTR {SCSCF} \[127\.0\.0\.1:\d+\] impi={subscriber.impi} impu=\S+ scscf=\S+ "
            r"PERMANENT_TERMINATION attempt 1 -> DIAMETER_SUCCESS 2001 [\d.]+ms remark=\"done: "
        )

    def test_an_s_cscf_that_does_not_know_the_user(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(cx.USER_UNKNOWN, cx.USER_UNKNOWN)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        rows = self.wait_status(subscriber.imsi, "done")
        self.assertEqual(rows[0]["result_vendor"], cx.VENDOR_3GPP)
        self.assert_not_registered(subscriber)

    def test_emergency_registrations_stay(self):
        for result in (cx.LIMITED_SUCCESS, cx.UNABLE_TO_COMPLY):
            with self.subTest(cx.name_of(result)):
                subscriber = self.registered()
                keep = Verdict(result, [(subscriber.impi, subscriber.sip)])
                self.inbox(SCSCF).then(keep, keep)
                self.deregister(subscriber.imsi)
                self.take(SCSCF, 2)
                self.wait_status(subscriber.imsi, "done")
                self.assert_registered(subscriber)

    def test_limited_success_for_others(self):
        subscriber = self.registered()
        other = Verdict(cx.LIMITED_SUCCESS, [("somebody@else", "sip:somebody@else")])
        self.inbox(SCSCF).then(other, other)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)

    def test_unable_to_comply_is_asked_again(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(cx.UNABLE_TO_COMPLY, cx.UNABLE_TO_COMPLY)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        self.wait_pushes(subscriber.imsi, lambda row: row.get("result_code") == 5012 and row["status"] == "waiting")
        self.assert_registered(subscriber)
        self.take(SCSCF, 2)
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)

    def test_too_much_data_says_nothing_of_a_termination(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(cx.TOO_MUCH_DATA, cx.TOO_MUCH_DATA)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        self.wait_pushes(subscriber.imsi, lambda row: row.get("result_code") == 5008)
        self.assert_registered(subscriber)
        self.take(SCSCF, 2)
        self.wait_status(subscriber.imsi, "done")

    def test_wait_ends_without_an_answer(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(SILENCE, SILENCE)
        done = self.server.hssctl("deregister", subscriber.imsi, "--wait", "1", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no answer yet", done.stderr)
        self.take(SCSCF, 4)
        self.wait_status(subscriber.imsi, "done")

    # ---- peers and servers that come and go ----

    def test_the_peer_is_gone_and_comes_back(self):
        subscriber = self.registered()
        self.connections.pop(SCSCF).close()
        self.icscf  # somebody else is there, who must not be sent what is not for him
        self.deregister(subscriber.imsi)
        self.wait_pushes(subscriber.imsi, lambda row: "not connected" in row.get("outcome", ""))
        self.assertEqual({row["attempts"] for row in self.pushes(subscriber.imsi)}, {0})
        self.assert_registered(subscriber)
        self.peer(SCSCF)
        self.take(SCSCF, 2)
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)

    def test_the_server_restarts_in_between(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(SILENCE, SILENCE)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        self.disconnect()
        self.server.restart()
        self.peer(SCSCF)
        self.take(SCSCF, 2)
        rows = self.wait_status(subscriber.imsi, "done")
        self.assertEqual([row["attempts"] for row in rows], [2, 2])
        self.assert_not_registered(subscriber)

    def test_written_while_the_server_is_down(self):
        subscriber = self.registered()
        self.disconnect()
        self.server.stop()
        self.deregister(subscriber.imsi)
        self.server.start()
        self.peer(SCSCF)
        self.take(SCSCF, 2)
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)

    def test_the_server_ends_while_an_answer_is_awaited(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(SILENCE, SILENCE)
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        self.assertEqual(self.server.stop(), 0)
        self.disconnect()
        self.server.start()
        self.peer(SCSCF)
        self.take(SCSCF, 2)
        self.wait_status(subscriber.imsi, "done")

    # ---- another S-CSCF ----

    def test_a_replaced_s_cscf_is_told(self):
        subscriber = self.registered()
        self.register(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
        pushes = self.take(SCSCF, 2)
        self.assertEqual({push.reason for push in pushes}, {cx.NEW_SERVER_ASSIGNED})
        self.assertCountEqual([push.public_identities for push in pushes], [[subscriber.sip], [subscriber.tel]])
        self.wait_status(subscriber.imsi, "done")
        self.assert_registered(subscriber, SERVER_NAME_2)  # the answer of the old one changes nothing
        self.assertTrue(self.inbox(SCSCF_2).empty)

    def test_an_answer_of_the_one_before_leaves_a_moved_user(self):
        subscriber = self.registered()
        self.inbox(SCSCF).then(SILENCE, SILENCE)
        self.deregister(subscriber.imsi, "--reason", "server-change")
        self.take(SCSCF, 2)
        self.register(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.take(SCSCF, 4)  # SERVER_CHANGE again, and NEW_SERVER_ASSIGNED
        self.wait_status(subscriber.imsi, "done")
        self.assert_registered(subscriber, SERVER_NAME_2)

    def test_a_moved_user_is_ended_where_it_is(self):
        subscriber = self.registered()
        self.register(subscriber, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.take(SCSCF, 2)
        self.deregister(subscriber.imsi)
        self.assertEqual({push.reason for push in self.take(SCSCF_2, 2)}, {cx.PERMANENT_TERMINATION})
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)

    # ---- provisioning ----

    def test_a_subscriber_is_removed(self):
        subscriber = self.registered()
        self.server.hssctl("subscriber", "remove", subscriber.imsi)
        pushes = self.take(SCSCF, 2)
        self.assertEqual({push.reason for push in pushes}, {cx.PERMANENT_TERMINATION})
        self.assertEqual({push.user_name for push in pushes}, {subscriber.impi})
        rows = self.wait_status(subscriber.sip, "done")
        self.assertEqual(rows[0]["private_identity"], subscriber.impi)
        self.lir(subscriber.sip, cx.USER_UNKNOWN)

    def test_by_public_identity_and_by_private_identity(self):
        for name in ("sip", "impi"):
            with self.subTest(name):
                subscriber = self.registered()
                self.deregister(getattr(subscriber, name))
                self.take(SCSCF, 2)
                self.wait_status(subscriber.imsi, "done")
                self.assert_not_registered(subscriber)

    def test_push_show(self):
        subscriber = self.registered()
        self.deregister(subscriber.imsi)
        self.take(SCSCF, 2)
        number = self.wait_status(subscriber.imsi, "done")[0]["id"]
        shown = self.server.hssctl_json("push", "show", str(number))
        self.assertEqual((shown["id"], shown["server_name"], shown["diameter_realm"]), (number, SERVER_NAME, REALM))

    def test_an_unregistered_user_is_let_go(self):
        subscriber = self.subscriber()
        self.sar(subscriber, cx.UNREGISTERED_USER)
        self.deregister(subscriber.imsi, "--reason", "remove-scscf")
        self.assertEqual({push.reason for push in self.take(SCSCF, 2)}, {cx.REMOVE_S_CSCF})
        self.wait_status(subscriber.imsi, "done")
        self.assert_first_registration(subscriber)


if __name__ == "__main__":
    unittest.main()
