# The other end of RTR and PPR: the inbox answers as it was told.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter, pushes, swx
from tests.peer.connection import SWX
from tests.peer.diameter import Avp, Message


def rtr():
    reason = [cx.avp(cx.REASON_CODE, 2), cx.avp(cx.REASON_INFO, "move")]
    avps = [
        Avp(diameter.SESSION_ID, "hss.b.c;1;2"),
        Avp(diameter.DESTINATION_HOST, "scscf.b.c"),
        Avp(diameter.USER_NAME, "alice@b.c"),
        cx.avp(cx.PUBLIC_IDENTITY, "sip:alice@b.c"),
        cx.avp(cx.DEREGISTRATION_REASON, reason),
    ]
    return Message(cx.REGISTRATION_TERMINATION, cx.CX, avps=avps, hop_by_hop=7, end_to_end=8)


class InboxTest(unittest.TestCase):
    def setUp(self):
        self.inbox = pushes.Inbox("scscf.b.c", "b.c")

    def test_what_came(self):
        self.assertTrue(self.inbox.empty)
        self.inbox(rtr())
        push = self.inbox.take()
        self.assertEqual((push.user_name, push.public_identities), ("alice@b.c", ["sip:alice@b.c"]))
        self.assertEqual((push.reason, push.reason_info), (cx.SERVER_CHANGE, "move"))
        self.assertEqual((push.user_data, push.charging, push.digests), (None, {}, []))
        with self.assertRaisesRegex(AssertionError, "neither RTR nor PPR"):
            self.inbox.take(timeout=0.01)

    def test_answers(self):
        self.inbox.then(cx.UNABLE_TO_COMPLY, cx.USER_UNKNOWN, cx.COMMAND_UNSUPPORTED, pushes.SILENCE)
        for expected in (cx.UNABLE_TO_COMPLY, cx.USER_UNKNOWN, cx.COMMAND_UNSUPPORTED, None, cx.SUCCESS):
            answer = self.inbox(rtr())
            if expected is None:
                self.assertIsNone(answer)
                continue
            answer = Message.decode(answer.encode())
            self.assertEqual(cx.result(answer), expected)
            self.assertEqual(answer.is_error, expected == cx.COMMAND_UNSUPPORTED)
            self.assertEqual((answer.hop_by_hop, answer.end_to_end, answer.code), (7, 8, 304))
            self.assertEqual(answer.text(diameter.ORIGIN_HOST), "scscf.b.c")

    def test_emergency_registrations(self):
        self.inbox.then(pushes.Verdict(cx.LIMITED_SUCCESS, [("alice@b.c", "sip:alice@b.c")]))
        answer = self.inbox(rtr())
        group = answer.find(cx.IDENTITY_WITH_EMERGENCY_REGISTRATION, cx.VENDOR_3GPP)
        self.assertFalse(group.mandatory)
        self.assertEqual([member.text for member in group.members], ["alice@b.c", "sip:alice@b.c"])

    def test_on_swx(self):
        inbox = pushes.Inbox("aaa.b.c", "b.c", application=SWX)
        data = cx.avp(swx.NON_3GPP_USER_DATA, [cx.avp(swx.NON_3GPP_IP_ACCESS, 0)])
        flags = cx.avp(swx.PPR_FLAGS, 2, mandatory=False)
        request = Message(cx.PUSH_PROFILE, SWX, avps=[Avp(diameter.SESSION_ID, "hss.b.c;1;3"), data, flags])
        zone = cx.avp(1649, b"", mandatory=False)
        inbox.then(pushes.Verdict(cx.SUCCESS, more=[zone]))
        answer = inbox(request)
        push = inbox.take()
        self.assertEqual((push.non_3gpp["access"], push.ppr_flags, push.user_data), (0, 2, None))
        application = answer.find(diameter.VENDOR_SPECIFIC_APPLICATION_ID)
        self.assertEqual(application.find(diameter.AUTH_APPLICATION_ID).number, SWX)
        self.assertEqual(answer.find(1649, cx.VENDOR_3GPP), zone)


if __name__ == "__main__":
    unittest.main()
