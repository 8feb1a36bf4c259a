# A 3GPP AAA server authenticates, registers, updates and loses a subscriber who was provisioned with one line
# (TS 29.273 8.1.2.1, 8.1.2.2.2), and every refusal on the way.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx, diameter, eap, swx
from tests.peer.connection import VENDOR_3GPP
from tests.peer.server import AAA, AAA_2
from tests.system.support import Subscriber
from tests.system.swx_support import GATEWAY, GATEWAY_READ, IMS, SwxTest, profile

SCHEMES = (swx.EAP_AKA, swx.EAP_AKA_PRIME)
UNREGISTERED = cx.IDENTITY_NOT_REGISTERED


class RegistrationTest(SwxTest):
    # ---- the whole way ----

    def test_a_subscriber_of_one_line_does_voice_over_wifi(self):
        for scheme in SCHEMES:
            with self.subTest(scheme):
                subscriber = self.subscriber()
                self.assertEqual(self.attach(subscriber, scheme), profile(subscriber))
                self.pgw_update(subscriber, visited_network="visited.example.org")
                self.disconnect()
                self.server.restart()
                connected = IMS | {"gateway": GATEWAY_READ, "allocation": 1, "visited_network": "visited.example.org"}
                self.assertEqual(self.aaa_profile(subscriber), profile(subscriber, connected))
                self.assert_agreed(subscriber, self.swx_vector(subscriber, scheme))  # SEQ goes on
                self.swx_sar(subscriber, cx.REGISTRATION, cx.IDENTITY_ALREADY_REGISTERED, at=self.aaa_2)
                self.assertIsNone(swx.user_data(self.swx_sar(subscriber, cx.USER_DEREGISTRATION)))
                self.assert_nobody_has(subscriber)
                self.assertEqual(self.attach(subscriber, scheme, at=self.aaa_2), profile(subscriber))

    def test_a_killed_server_has_kept_it_all(self):
        subscriber = self.subscriber()
        first = self.swx_vector(subscriber)
        self.crash()  # authentication is pending
        answer = self.swx_mar(subscriber, cx.IDENTITY_ALREADY_REGISTERED, at=self.aaa_2)
        self.assertEqual(swx.aaa_server_name(answer), AAA)
        self.assert_agreed(subscriber, first)
        self.swx_sar(subscriber, cx.REGISTRATION)
        self.pgw_update(subscriber)
        self.crash()
        (apn,) = self.aaa_profile(subscriber)["apn_configurations"]
        self.assertEqual(apn["gateway"], GATEWAY_READ)
        second = self.swx_vector(subscriber)
        (seq, ind), (next_seq, next_ind) = subscriber.sqn(first), subscriber.sqn(second)
        self.assertGreater(next_seq, seq)
        self.assertEqual(next_ind, ind)
        self.assertIn(ind, range(16, 24))
        self.assert_agreed(subscriber, second)

    def test_it_has_nothing_to_do_with_the_ims(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.assert_nobody_has(subscriber)
        self.attach(subscriber)
        self.sar(subscriber, cx.USER_DEREGISTRATION)
        self.assert_not_registered(subscriber)
        self.aaa_profile(subscriber)
        self.register(subscriber)
        self.swx_sar(subscriber, cx.USER_DEREGISTRATION)
        self.assert_registered(subscriber)

    def test_the_log_and_explain_tell_of_it(self):
        subscriber = self.subscriber()
        explained = self.server.hssctl("explain", "swx-mar", subscriber.imsi, "--scheme", swx.EAP_AKA_PRIME).stdout
        self.assertIn("DIAMETER_SUCCESS", explained)
        self.assertRegex(explained, r"8\.1\.2\.1")
        self.attach(subscriber, at=self.aaa_2)  # it was a rehearsal: nothing is stored
        self.swx_sar(subscriber, cx.USER_DEREGISTRATION, at=self.aaa_2)
        self.attach(subscriber)
        for type, result in (("aaa-user-data-request", "DIAMETER_SUCCESS"), ("no-assignment", "IN_ASSIGNMENT_TYPE")):
            explained = self.server.hssctl("explain", "swx-sar", subscriber.imsi, "--type", type).stdout
            self.assertIn(result, explained)
        for command in ("SWx-MAR", "SWx-SAR"):
            line = self.server.wait_log(rf"^.*\b{command} {AAA} .*{subscriber.imsi}.*$").group()
            for part in (AAA, f"127.0.0.1:{self.aaa.local[1]}", "DIAMETER_SUCCESS"):
                self.assertIn(part, line)

    # ---- vectors ----

    def test_vectors(self):
        subscriber = self.subscriber("--amf", "0000")
        seqs = []
        for scheme, amf in ((swx.EAP_AKA, "0000"), (swx.EAP_AKA_PRIME, "8000")):
            for asked, given in ((0, 1), (1, 1), (3, 3), (5, 5), (6, 5), (0xFFFFFFFF, 5)):
                with self.subTest(scheme, asked=asked):
                    answer = self.swx_mar(subscriber, scheme=scheme, items=asked)
                    vectors = swx.vectors(answer)
                    self.assertEqual(answer.find(cx.SIP_NUMBER_AUTH_ITEMS, VENDOR_3GPP).number, given)
                    self.assertEqual([vector.number for vector in vectors], list(range(1, given + 1)))
                    for vector in vectors:
                        self.assertEqual((vector.scheme, vector.autn[6:8].hex()), (scheme, amf))
                        self.assertEqual((len(vector.xres), len(vector.ck), len(vector.ik)), (8, 16, 16))
                        self.assert_agreed(subscriber, vector)
                        seqs.append(subscriber.sqn(vector)[0])
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))

    def test_keys_are_bound_to_the_access_network(self):
        subscriber = self.subscriber()
        for name in ("WLAN", "HRPD", "WIMAX", "ETHERNET", "wlan", "x" * 300):
            with self.subTest(name[:10]):
                self.assert_agreed(subscriber, self.swx_vector(subscriber, anid=name), name)
        vector = self.swx_vector(subscriber, anid="HRPD")
        outcome = self.answer_of(subscriber, vector, "WLAN")
        self.assertEqual(outcome.kind, "ok")
        self.assertFalse((outcome.ck, outcome.ik) == (vector.ck, vector.ik), "the name does not matter")

    def test_both_sides_come_to_the_same_msk(self):
        subscriber = self.subscriber()
        vector = self.swx_vector(subscriber)
        outcome = self.assert_agreed(subscriber, vector)
        identity = f"6{subscriber.imsi}@nai.epc.mnc001.mcc001.3gppnetwork.org"
        ours, phones = (eap.keys(one.ck, one.ik, identity) for one in (vector, outcome))
        self.assertTrue(ours == phones, "MSK differs")
        self.keep_secrets(ours.msk, ours.k_aut, ours.k_encr)

    def test_resynchronisation(self):
        for scheme in SCHEMES:
            with self.subTest(scheme):
                subscriber = self.subscriber()
                subscriber.usim = subscriber.card(seq=1 << 20)
                vector = self.swx_vector(subscriber, scheme)
                outcome = self.answer_of(subscriber, vector)
                self.assertEqual(outcome.kind, "sync_failure")
                token = vector.rand + outcome.auts
                for wrong in (token[:-1] + bytes([token[-1] ^ 1]), bytes(30)):
                    self.swx_mar(subscriber, cx.UNABLE_TO_COMPLY, scheme, authorization=wrong)
                for wrong in (b"", token[:-1], token + b"\0", token[:16] + bytes(16) + token[16:]):
                    answer = self.swx_mar(subscriber, cx.INVALID_AVP_VALUE, scheme, authorization=wrong)
                    self.assert_failed_item(answer, cx.SIP_AUTHORIZATION, wrong)
                answer = self.swx_mar(subscriber, scheme=scheme, authorization=token, items=5)
                (vector,) = swx.vectors(answer)
                self.assertEqual(subscriber.sqn(vector)[0], (1 << 20) + 1)
                self.assert_agreed(subscriber, vector)
                # One key set, two applications: the S-CSCF's next vector follows.
                vector = self.vector(subscriber)
                self.assertEqual(subscriber.sqn(vector)[0], (1 << 20) + 2)
                self.assert_accepted(subscriber, vector)

    def assert_failed_item(self, answer, code, content):
        (failed,) = cx.failed_avps(answer)
        if failed.key == (cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP):
            (failed,) = failed.members
        self.assertEqual((failed.key, failed.data), ((code, VENDOR_3GPP), content))

    # ---- who is meant ----

    def test_forms_of_the_imsi(self):
        subscriber = self.subscriber()
        imsi, realm = subscriber.imsi, "nai.epc.mnc001.mcc001.3gppnetwork.org"
        for name in (imsi, f"{imsi}@{realm}", f"0{imsi}@{realm}", f"6{imsi}@{realm}", f"0{imsi}@wlan.example"):
            with self.subTest(name):
                self.assert_agreed(subscriber, self.swx_vector(subscriber, user_name=name))
                self.swx_sar(subscriber, cx.REGISTRATION, user_name=name)
        strangers = [f"{digit}{imsi}@{realm}" for digit in "12345789"]
        strangers += [f"0{imsi}", f"{imsi[:-1]}@{realm}", f"00{imsi}@{realm}", f"0{imsi[:-1]}@{realm}", f"x@{imsi}"]
        strangers += [f"a{imsi}@{realm}", Subscriber().imsi, "@", f"@{realm}", f"{imsi} @{realm}"]
        for name in strangers:
            with self.subTest(name):
                self.swx_mar(subscriber, cx.USER_UNKNOWN, user_name=name)
                self.swx_sar(subscriber, cx.REGISTRATION, cx.USER_UNKNOWN, user_name=name)

    # ---- result codes ----

    def test_refusals_of_a_mar(self):
        barred = self.subscriber("--non-3gpp", "barred")
        without = self.subscriber("--non-3gpp", "none")
        at_home = self.subscriber("--non-3gpp-network", "home.example.org")
        no_hrpd = self.subscriber("--forbidden-rat", "HRPD")
        anyone = self.subscriber()
        anid, scheme = (swx.ANID, VENDOR_3GPP), (cx.SIP_AUTHENTICATION_SCHEME, VENDOR_3GPP)
        table = (
            (barred, cx.USER_NO_NON_3GPP_SUBSCRIPTION, {}, None),
            (without, cx.USER_NO_NON_3GPP_SUBSCRIPTION, {}, None),
            (without, cx.USER_NO_NON_3GPP_SUBSCRIPTION, {"scheme": "nonsense", "rat_type": 2001}, None),
            (no_hrpd, cx.RAT_TYPE_NOT_ALLOWED, {"rat_type": swx.HRPD}, None),
            (no_hrpd, cx.SUCCESS, {"rat_type": swx.WLAN}, None),
            (no_hrpd, cx.SUCCESS, {"rat_type": None}, None),
            (at_home, cx.ROAMING_NOT_ALLOWED, {"visited_network": "elsewhere.example.org"}, None),
            (at_home, cx.SUCCESS, {"visited_network": "home.example.org"}, None),
            (at_home, cx.SUCCESS, {}, None),
            (anyone, cx.SUCCESS, {"visited_network": "elsewhere.example.org"}, None),
            (anyone, cx.AUTH_SCHEME_NOT_SUPPORTED, {"scheme": cx.AKA_V1_MD5}, None),
            (anyone, cx.AUTH_SCHEME_NOT_SUPPORTED, {"scheme": "EAP-AKA\u2019"}, None),
            (anyone, cx.AUTH_SCHEME_NOT_SUPPORTED, {"scheme": "SIP Digest"}, None),
            (anyone, cx.SUCCESS, {"scheme": "eap-aka'", "anid": "WLAN"}, None),
            (anyone, cx.SUCCESS, {"scheme": swx.EAP_AKA, "anid": "WLAN"}, None),
            (anyone, cx.MISSING_AVP, {"scheme": "EAP-aka'"}, anid),
            (anyone, cx.INVALID_AVP_VALUE, {"anid": b""}, anid),
            (anyone, cx.MISSING_AVP, {"scheme": None}, scheme),
            (barred, cx.SUCCESS, {"emergency": 1}, None),
            (at_home, cx.SUCCESS, {"visited_network": "elsewhere.example.org", "emergency": 1}, None),
            (no_hrpd, cx.SUCCESS, {"rat_type": swx.HRPD, "emergency": 1}, None),
        )
        for number, (subscriber, expected, options, failed) in enumerate(table):
            with self.subTest(number, options=options):
                answer = self.swx_mar(subscriber, expected, **options)
                self.assertEqual(len(swx.vectors(answer)), int(expected == cx.SUCCESS))
                if failed is None:
                    self.assert_failed(answer)
                else:
                    (group,) = cx.failed_avps(answer)
                    if group.key == (cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP):
                        (group,) = group.members
                    self.assertEqual(group.key, failed)

    def test_a_refusal_stores_nothing(self):
        subscriber = self.subscriber()
        before = subscriber.sqn(self.vector(subscriber))[0]
        self.swx_mar(subscriber, cx.AUTH_SCHEME_NOT_SUPPORTED, "SIP Digest")
        self.swx_mar(subscriber, cx.UNABLE_TO_COMPLY, authorization=bytes(30))
        self.assertEqual(subscriber.sqn(self.vector(subscriber))[0], before + 1)
        self.attach(subscriber, at=self.aaa_2)  # nobody's name is in the way

    def test_types_of_assignment(self):
        """(type, who has the user before, what is answered, with a profile, who has the user then)."""
        nobody, pending, registered = "nobody", "pending", "registered"
        table = [(type, state, cx.SUCCESS, True, registered)
                 for type in (1, 2, 14) for state in (nobody, pending, registered)]
        table += [(type, state, cx.SUCCESS, False, nobody) for type in (4, 5, 8) for state in (pending, registered)]
        table += [(type, nobody, UNREGISTERED, False, nobody) for type in (4, 5, 8, 9, 10, 12, 13)]
        table += [(type, pending, cx.SUCCESS, False, nobody) for type in (9, 10)]
        table += [(type, registered, cx.SUCCESS, False, registered) for type in (9, 10)]
        table += [(12, registered, cx.SUCCESS, True, registered), (12, pending, UNREGISTERED, False, pending)]
        table += [(13, registered, cx.SUCCESS, False, registered), (13, pending, UNREGISTERED, False, pending)]
        table += [(type, registered, cx.IN_ASSIGNMENT_TYPE, False, registered) for type in (0, 3, 6, 7, 11)]
        for type, before, expected, with_profile, after in table:
            with self.subTest(type=type, before=before):
                subscriber = self.subscriber()
                if before != nobody:
                    self.swx_vector(subscriber)
                if before == registered:
                    self.swx_sar(subscriber, cx.REGISTRATION)
                apn = {"apn": "ims", "gateway": GATEWAY} if type == 13 else {}
                answer = self.swx_sar(subscriber, type, expected, **apn)
                self.assertEqual(swx.user_data(answer), profile(subscriber) if with_profile else None)
                self.assert_failed(answer)
                if after == registered:
                    self.aaa_profile(subscriber)
                else:
                    self.assert_nobody_has(subscriber)
                    taken = cx.SUCCESS if after == nobody else cx.IDENTITY_ALREADY_REGISTERED
                    self.swx_mar(subscriber, taken, at=self.aaa_2)

    def test_refusals_of_a_sar(self):
        subscriber = self.subscriber("--non-3gpp-network", "home.example.org")
        self.attach(subscriber)
        answer = self.pgw_update(subscriber, cx.MISSING_AVP, apn=None)
        self.assert_failed(answer, (swx.SERVICE_SELECTION, 0))
        self.pgw_update(subscriber, cx.USER_NO_APN_SUBSCRIPTION, apn="internet")
        for type in (cx.REGISTRATION, cx.RE_REGISTRATION, swx.RESTORATION):
            self.swx_sar(subscriber, type, cx.ROAMING_NOT_ALLOWED, visited_network="elsewhere.example.org")
            self.swx_sar(subscriber, type, visited_network="home.example.org")
        self.set(subscriber, "--non-3gpp", "barred")
        self.take_one(AAA)
        for type in (cx.REGISTRATION, swx.AAA_USER_DATA_REQUEST):
            self.swx_sar(subscriber, type, cx.USER_NO_NON_3GPP_SUBSCRIPTION)
        stranger = Subscriber()
        for type in (cx.REGISTRATION, cx.USER_DEREGISTRATION, swx.PGW_UPDATE, 11):
            self.swx_sar(stranger, type, cx.USER_UNKNOWN)

    # ---- PDN connections ----

    def test_gateways_are_kept_for_each_apn(self):
        self.server.hssctl("apn", "set", "any", "--apn", "*", "--context-id", "40", "--qci", "9")
        subscriber = self.subscriber("--apn", "ims", "--apn", "any", "--static-address", "ims=192.0.2.9",
                                     "--static-address", "ims=2001:db8:9::/64", "--ue-ambr", "50M:150M",
                                     "--session-timeout", "3600", "--charging-characteristics", "0a00",
                                     "--forbidden-rat", "HRPD")
        ims = IMS | {"addresses": ["192.0.2.9", "2001:db8:9::"]}
        other = IMS | {"context_identifier": 40, "apn": "*"}
        other["qos"] = {**IMS["qos"], "qci": 9}
        more = {"ambr": {"uplink": 50_000_000, "downlink": 150_000_000}, "session_timeout": 3600,
                "charging_characteristics": "0A00", "forbidden_rat_types": [swx.HRPD]}
        self.assertEqual(self.attach(subscriber), profile(subscriber, ims, other, **more))
        self.pgw_update(subscriber, apn="IMS.mnc001.mcc001.gprs")
        only = swx.mip6_agent_info("2001:db8::5")
        self.pgw_update(subscriber, apn="internet", gateway=only)
        connected = ims | {"gateway": GATEWAY_READ, "allocation": 1}
        elsewhere = other | {"gateway": {"addresses": ["2001:db8::5"]}, "allocation": 1}
        self.assertEqual(self.aaa_profile(subscriber), profile(subscriber, connected, elsewhere, **more))
        self.pgw_update(subscriber, gateway=None)  # the connection is gone
        self.assertEqual(self.aaa_profile(subscriber), profile(subscriber, ims, elsewhere, **more))
        # After a reset of the HSS the AAA server tells what there is.
        active = swx.active_apn(1, "ims", GATEWAY, "visited")
        restoration = self.swx_sar(subscriber, swx.RESTORATION, active_apns=[active])
        restored = connected | {"visited_network": "visited"}
        self.assertEqual(swx.user_data(restoration), profile(subscriber, restored, other, **more))
        self.assertEqual(self.aaa_profile(subscriber), swx.user_data(restoration))

    def test_an_apn_that_is_not_subscribed_is_not_restored(self):
        subscriber = self.subscriber()
        active = [swx.active_apn(99, "internet", GATEWAY), swx.active_apn(1, "ims", GATEWAY)]
        restoration = self.swx_sar(subscriber, swx.RESTORATION, active_apns=active)
        connected = IMS | {"gateway": GATEWAY_READ, "allocation": 1}
        self.assertEqual(swx.user_data(restoration), profile(subscriber, connected))

    # ---- two AAA servers ----

    def test_another_aaa_server_is_told_who_has_the_user(self):
        subscriber = self.subscriber()
        self.attach(subscriber)
        answers = [self.swx_mar(subscriber, cx.IDENTITY_ALREADY_REGISTERED, at=self.aaa_2, **more)
                   for more in ({}, {"aaa_failure": 0}, {"aaa_failure": 2})]
        answers += [self.swx_sar(subscriber, type, cx.IDENTITY_ALREADY_REGISTERED, at=self.aaa_2)
                    for type in (1, 2, 4, 5, 8, 9, 10, 12, 13, 14)]
        for answer in answers:
            self.assertEqual(swx.aaa_server_name(answer), AAA)
            self.assertEqual((swx.vectors(answer), swx.user_data(answer)), ([], None))
        self.aaa_profile(subscriber)

    def test_the_aaa_server_has_failed(self):
        subscriber = self.subscriber()
        self.attach(subscriber)
        self.pgw_update(subscriber)
        vector = self.swx_vector(subscriber, at=self.aaa_2, aaa_failure=1)
        push = self.take_one(AAA)
        self.assertEqual((push.code, push.user_name), (cx.REGISTRATION_TERMINATION, subscriber.imsi))
        self.assertEqual(push.reason, cx.NEW_SERVER_ASSIGNED)
        self.assert_agreed(subscriber, vector)
        self.assertEqual(swx.user_data(self.swx_sar(subscriber, cx.REGISTRATION, at=self.aaa_2)), profile(subscriber))
        self.server.wait_log(rf"SWx-RTR {AAA} .*{subscriber.imsi} NEW_SERVER_ASSIGNED .* DIAMETER_SUCCESS ")
        self.aaa_profile(subscriber, at=self.aaa_2)
        answer = self.swx_sar(subscriber, swx.AAA_USER_DATA_REQUEST, cx.IDENTITY_ALREADY_REGISTERED)
        self.assertEqual(swx.aaa_server_name(answer), AAA_2)

    def test_a_host_is_compared_without_case(self):
        subscriber = self.subscriber()
        self.attach(subscriber)
        request = swx.sar(self.aaa, subscriber.imsi, cx.REGISTRATION)
        self.ask(self.aaa, request.replacing(diameter.Avp(diameter.ORIGIN_HOST, AAA.upper())), cx.SUCCESS)


if __name__ == "__main__":
    unittest.main()
