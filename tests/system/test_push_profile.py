# PPR (TS 29.228 6.2.1): what is provisioned anew reaches the S-CSCF that serves the user, or the operator is told why
# not.
# SPDX-License-Identifier: MIT
import hashlib
import unittest
import xml.etree.ElementTree

from tests.peer import cx
from tests.peer.pushes import SILENCE
from tests.peer.server import SCSCF
from tests.system.push_support import PushTest
from tests.system.support import identities


def ha1(impi, realm, password):
    return hashlib.md5(f"{impi}:{realm}:{password}".encode()).hexdigest()


class PushProfileTest(PushTest):
    def registered(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        return subscriber

    def set(self, subscriber, *options):
        self.server.hssctl("subscriber", "set", subscriber.imsi, *options)

    def profile(self, name, server):
        file = self.server.directory / f"{name}.xml"
        file.write_text(
            "<ServiceProfile><InitialFilterCriteria><Priority>0</Priority>"
            f"<ApplicationServer><ServerName>{server}</ServerName></ApplicationServer>"
            "<ProfilePartIndicator>0</ProfilePartIndicator></InitialFilterCriteria></ServiceProfile>"
        )
        self.server.hssctl("profile", "set", name, str(file))

    # ---- what is sent ----

    def test_another_profile(self):
        subscriber = self.registered()
        self.profile("gold", "sip:gold.example.org")
        self.set(subscriber, "--profile", "gold")
        push = self.take_one(SCSCF)
        self.assertEqual((push.code, push.user_name), (cx.PUSH_PROFILE, subscriber.impi))
        tree = xml.etree.ElementTree.fromstring(push.user_data)
        self.assertEqual(tree.findtext("PrivateID"), subscriber.impi)
        self.assertEqual(
            identities(tree), [(subscriber.sip, False), (subscriber.temporary, True), (subscriber.tel, False)]
        )
        self.assertEqual(tree.findtext(".//ServerName"), "sip:gold.example.org")
        self.assertEqual((push.charging, push.digests), ({}, []))
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual((row["kind"], row["user_data"], row["charging"]), ("PPR", True, False))
        self.assert_registered(subscriber)
        # The next registration gets the same document.
        answer = self.sar(subscriber, cx.RE_REGISTRATION)
        self.assertEqual(cx.user_data(answer), push.user_data)

    def test_a_changed_profile_reaches_everybody_who_has_it(self):
        self.profile("shared", "sip:old.example.org")
        subscribers = [self.subscriber("--profile", "shared") for _ in range(3)]
        for subscriber in subscribers:
            self.register(subscriber)
        self.profile("shared", "sip:new.example.org")
        pushes = self.take(SCSCF, 3)
        self.assertCountEqual([push.user_name for push in pushes], [one.impi for one in subscribers])
        for push in pushes:
            self.assertIn(b"sip:new.example.org", push.user_data)
        for subscriber in subscribers:
            self.wait_status(subscriber.imsi, "done")

    def test_the_newest_profile_is_sent(self):
        subscriber = self.registered()
        self.profile("first", "sip:first.example.org")
        self.profile("second", "sip:second.example.org")
        self.inbox(SCSCF).then(SILENCE)
        self.set(subscriber, "--profile", "first")
        self.assertIn(b"sip:first.example.org", self.take_one(SCSCF).user_data)
        self.set(subscriber, "--profile", "second")
        seen = [self.take_one(SCSCF), self.take_one(SCSCF)]  # its own, and the first again
        for push in seen:
            self.assertIn(b"sip:second.example.org", push.user_data)
        self.wait_status(subscriber.imsi, "done")

    def test_charging_alone(self):
        subscriber = self.registered()
        self.set(subscriber, "--primary-collection-charging", "aaa://cdf.example.org:3868;transport=tcp")
        push = self.take_one(SCSCF)
        self.assertIsNone(push.user_data)
        self.assertEqual(
            push.charging,
            {cx.PRIMARY_CHARGING_COLLECTION_FUNCTION_NAME: "aaa://cdf.example.org:3868;transport=tcp"},
        )
        self.wait_status(subscriber.imsi, "done")

    def test_sip_digest(self):
        subscriber = self.digest_subscriber("first word")
        self.mar(subscriber, scheme="SIP Digest")
        self.sar(subscriber, cx.REGISTRATION)
        file = self.server.directory / "password"
        file.write_text("second word\n")
        self.server.hssctl("subscriber", "set", subscriber.imsi, "--sip-password-file", str(file))
        push = self.take_one(SCSCF)
        (digest,) = push.digests
        self.assertEqual(digest.ha1, ha1(subscriber.impi, digest.realm, "second word"))
        self.keep_secrets(bytes.fromhex(digest.ha1))
        self.assertEqual((digest.scheme, digest.algorithm, digest.qop), ("SIP Digest", "MD5", "auth"))
        self.assertIsNone(push.user_data)
        self.wait_status(subscriber.imsi, "done")

    def digest_subscriber(self, password):
        file = self.server.directory / "password"
        file.write_text(password + "\n")
        return self.subscriber("--sip-password-file", str(file))

    def test_nothing_for_who_is_not_registered(self):
        subscriber = self.subscriber()
        self.profile("idle", "sip:idle.example.org")
        self.set(subscriber, "--profile", "idle")
        self.assertEqual(self.pushes(subscriber.imsi), [])

    # ---- what is answered ----

    def test_a_peer_without_ppr_is_reported(self):
        subscriber = self.registered()
        self.profile("unheard", "sip:unheard.example.org")
        self.inbox(SCSCF).then(cx.COMMAND_UNSUPPORTED)
        self.set(subscriber, "--profile", "unheard")
        self.take_one(SCSCF)
        (row,) = self.wait_status(subscriber.imsi, "refused")
        self.assertEqual(row["result_code"], 3001)
        self.assertIn("does not take a PPR", row["outcome"])
        self.assertIn("SERVER_CHANGE", row["outcome"])
        self.assert_registered(subscriber)

    def test_silence_is_reported_too(self):
        subscriber = self.registered()
        self.profile("silent", "sip:silent.example.org")
        self.inbox(SCSCF).then(*[SILENCE] * 3)
        self.set(subscriber, "--profile", "silent")
        self.take(SCSCF, 3, timeout=30)
        (row,) = self.wait_status(subscriber.imsi, "refused")
        self.assertIn("does not take a PPR", row["outcome"])
        self.assert_registered(subscriber)

    def test_unable_to_comply_is_tried_again(self):
        subscriber = self.registered()
        self.profile("later", "sip:later.example.org")
        self.inbox(SCSCF).then(cx.UNABLE_TO_COMPLY)
        self.set(subscriber, "--profile", "later")
        self.take(SCSCF, 2)
        (row,) = self.wait_status(subscriber.imsi, "done")
        self.assertEqual(row["attempts"], 2)

    def test_a_user_that_is_unknown_there_is_not_registered(self):
        subscriber = self.registered()
        self.profile("gone", "sip:gone.example.org")
        self.inbox(SCSCF).then(cx.USER_UNKNOWN)
        self.set(subscriber, "--profile", "gone")
        self.take_one(SCSCF)
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)

    def test_too_much_data_moves_the_user(self):
        for result in (cx.TOO_MUCH_DATA, cx.NOT_SUPPORTED_USER_DATA):
            with self.subTest(cx.name_of(result)):
                subscriber = self.registered()
                name = f"much{result[1]}"
                self.profile(name, "sip:much.example.org")
                self.inbox(SCSCF).then(result)
                self.set(subscriber, "--profile", name)
                first, *others = self.take(SCSCF, 3)
                self.assertEqual(first.code, cx.PUSH_PROFILE)
                self.assertEqual([push.reason for push in others], [cx.SERVER_CHANGE, cx.SERVER_CHANGE])
                self.wait_pushes(subscriber.imsi, lambda row: row["status"] != "waiting")
                self.assertEqual(
                    sorted((row["kind"], row["status"]) for row in self.pushes(subscriber.imsi)),
                    [("PPR", "refused"), ("RTR", "done"), ("RTR", "done")],
                )
                self.assert_not_registered(subscriber)

    # ---- changes that no PPR can carry ----

    def test_another_capability_moves_the_user(self):
        subscriber = self.registered()
        self.set(subscriber, "--capability", "7")
        self.assertEqual({push.reason for push in self.take(SCSCF, 2)}, {cx.SERVER_CHANGE})
        self.wait_status(subscriber.imsi, "done")
        self.assert_not_registered(subscriber)


if __name__ == "__main__":
    unittest.main()
