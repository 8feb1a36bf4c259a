# What an answer carries beside the usual: wildcards, PSIs with their application server, charging functions, further
# identities and features.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx
from tests.peer.connection import VENDOR_3GPP
from tests.peer.server import REALM, SCSCF
from tests.system.support import SERVER_NAME, HssTest, Subscriber, identities, user_data

AS = "sip:as.example.org:5060"


class ServicesTest(HssTest):
    def lia_flags(self, answer):
        found = answer.find(cx.LIA_FLAGS, VENDOR_3GPP)
        return found.number if found else None

    # ---- PSIs ----

    def test_a_psi_at_its_application_server(self):
        psi = f"sip:conference@{REALM}"
        self.server.hssctl("psi", "add", psi, "--as", AS)
        answer = self.lir(psi, cx.SUCCESS)
        self.assertEqual((cx.server_name(answer), self.lia_flags(answer)), (AS, 1))
        self.assertIsNone(cx.wildcarded_public_identity(answer))
        self.assertIsNone(cx.capabilities(answer))
        self.server.hssctl("psi", "set", psi, "--inactive")
        self.lir(psi, cx.USER_UNKNOWN)

    def test_a_wildcarded_psi(self):
        expression = f"sip:chat-!.*!@{REALM}"
        self.server.hssctl("psi", "add", expression, "--as", AS)
        answer = self.lir(f"sip:chat-42@{REALM}", cx.SUCCESS)
        self.assertEqual((cx.server_name(answer), self.lia_flags(answer)), (AS, 1))
        self.assertEqual(cx.wildcarded_public_identity(answer), expression)
        self.lir(f"sip:talk-42@{REALM}", cx.USER_UNKNOWN)
        self.server.wait_log(r"LIR .*direct routing to an application server by wildcard .* -> DIAMETER_SUCCESS")
        # Exact before wildcard.
        own = f"sip:chat-7@{REALM}"
        self.server.hssctl("psi", "add", own, "--as", "sip:own.example.org")
        answer = self.lir(own, cx.SUCCESS)
        self.assertEqual(cx.server_name(answer), "sip:own.example.org")
        self.assertIsNone(cx.wildcarded_public_identity(answer))

    def test_a_wildcarded_user_identity(self):
        subscriber = Subscriber()
        expression = f"sip:{subscriber.msisdn}-!.*!@{REALM}"
        self.subscription(
            subscriber,
            public_identities=[
                {"impu": subscriber.sip},
                {"impu": expression},
                {"impu": subscriber.temporary, "barred": True},
            ],
        )
        self.register(subscriber)
        instance = f"sip:{subscriber.msisdn}-7@{REALM}"
        answer = self.lir(instance, cx.SUCCESS)
        self.assertEqual(cx.server_name(answer), SERVER_NAME)
        self.assertEqual(cx.wildcarded_public_identity(answer), expression)
        self.assertIsNone(self.lia_flags(answer))
        request = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.NO_ASSIGNMENT)
        known = [impu for impu, _ in identities(user_data(self.ask(self.scscf, request, cx.SUCCESS)))]
        self.assertIn(subscriber.sip, known)

    # ---- charging ----

    def test_charging_functions(self):
        subscriber = self.subscriber(
            *("--primary-event-charging", "aaa://ecf.example.org:3868;transport=tcp"),
            *("--secondary-event-charging", "aaa://ecf2.example.org"),
            *("--primary-collection-charging", "aaas://cdf.example.org"),
            *("--secondary-collection-charging", "aaa://cdf2.example.org"),
        )
        answer = self.register(subscriber)
        self.assertEqual(
            cx.charging_information(answer),
            {
                cx.PRIMARY_EVENT_CHARGING_FUNCTION_NAME: "aaa://ecf.example.org:3868;transport=tcp",
                cx.SECONDARY_EVENT_CHARGING_FUNCTION_NAME: "aaa://ecf2.example.org",
                cx.PRIMARY_CHARGING_COLLECTION_FUNCTION_NAME: "aaas://cdf.example.org",
                cx.SECONDARY_CHARGING_COLLECTION_FUNCTION_NAME: "aaa://cdf2.example.org",
            },
        )
        gone = self.sar(subscriber, cx.USER_DEREGISTRATION)
        self.assertEqual(cx.charging_information(gone), {})

    def test_no_charging_functions(self):
        answer = self.register(self.subscriber())
        self.assertIsNone(answer.find(cx.CHARGING_INFORMATION, VENDOR_3GPP))

    # ---- tolerance ----

    def test_features_are_told_to_who_asks(self):
        subscriber = self.subscriber()
        request = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.UNREGISTERED_USER)
        answer = self.ask(self.scscf, request.plus(cx.supported_features(0)), cx.SUCCESS)
        every = cx.SHARED_IFC_SETS | cx.ALIAS_INDICATION | cx.IMS_RESTORATION
        self.assertEqual(cx.features(answer), every)
        answer = self.ask(self.scscf, request.plus(cx.supported_features(every, mandatory=True)), cx.SUCCESS)
        self.assertEqual(cx.features(answer), every)
        refused = request.plus(cx.supported_features(8, mandatory=True))
        self.assertEqual(cx.features(self.ask(self.scscf, refused, cx.FEATURE_UNSUPPORTED)), every)

    def test_session_priority_is_tolerated(self):
        subscriber = self.subscriber()
        priority = cx.avp(cx.SESSION_PRIORITY, 0, mandatory=False)
        request = cx.lir(self.icscf, subscriber.sip).plus(priority)
        self.ask(self.icscf, request, cx.IDENTITY_NOT_REGISTERED)
        request = cx.sar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME, cx.REGISTRATION).plus(priority)
        self.ask(self.scscf, request, cx.SUCCESS)
        self.server.wait_log(rf"SAR {SCSCF} .*impi={subscriber.impi} ")


if __name__ == "__main__":
    unittest.main()
