# Messages on SWx that no AAA server should send: rules of SWx and not those of Cx, the result in its family,
# Failed-AVP, and a server that serves on (RFC 6733 7.1.5, TS 29.273 8.2.2).
# SPDX-License-Identifier: MIT
import collections
import random
import unittest

from tests.peer import cx, diameter, swx
from tests.peer.connection import SWX, VENDOR_3GPP
from tests.peer.diameter import Avp, Message
from tests.peer.server import HOST
from tests.system.support import SERVER_NAME
from tests.system.swx_support import GATEWAY, SwxTest, profile

HEAD = 6  # AVPs that every request has: Session-Id to Destination-Realm


def base(code):
    return code, 0


def of_3gpp(code):
    return code, VENDOR_3GPP


def noise(avp, chance):
    """An AVP that is wrong in one way; the frame around it is right."""
    way = chance.randrange(6)
    data, code, vendor, flags = avp.data, avp.code, avp.vendor, avp.flags
    if way == 0:
        data = data[: chance.randrange(len(data) + 1)]
    elif way == 1:
        data = data + chance.randbytes(chance.randint(1, 9))
    elif way == 2:
        data = chance.randbytes(len(data))
    elif way == 3:
        flags ^= diameter.AVP_MANDATORY
    elif way == 4:
        code = chance.choice((swx.ANID, swx.RAT_TYPE, cx.PUBLIC_IDENTITY, cx.SERVER_NAME, 1612, 9999, code + 1))
    else:
        vendor, flags = chance.choice(((VENDOR_3GPP, 0xC0), (0, 0x40), (99999, 0x80)))
    return Avp(code, data, vendor, flags=flags)


def mutated(request, chance):
    """A request of which the AVPs after the head, which routing needs, have suffered once to three times."""
    head, avps = request.avps[:HEAD], list(request.avps[HEAD:])
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(avps)) if avps else 0
        way = chance.randrange(5)
        if not avps or way == 0:
            avps.insert(at, Avp(chance.randrange(1, 2000), chance.randbytes(4), VENDOR_3GPP, chance.random() < 0.5))
        elif way == 1:
            avps.pop(at)
        elif way == 2:
            avps.insert(chance.randrange(len(avps)), avps[at])
        else:
            avps[at] = noise(avps[at], chance)
    return Message(request.code, request.application, request.flags, head + avps)


class SwxMessagesTest(SwxTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = None

    def setUp(self):
        if self.user is None:
            type(self).user = self.subscriber()
            self.attach(self.user)

    def mar_of_user(self, **options):
        return swx.mar(self.aaa, self.user.imsi, **options)

    def sar_of_user(self, type=cx.REGISTRATION, **options):
        return swx.sar(self.aaa, self.user.imsi, type, **options)

    def refused(self, request, expected, *failed):
        answer = self.ask(self.aaa, request, expected)
        got = []
        for avp in cx.failed_avps(answer):
            # A member of a group may be told in its group.
            got.append(avp.key if avp.key in failed or not failed else avp.members[0].key)
        self.assertEqual(got, list(failed))
        self.assertEqual((swx.vectors(answer), swx.user_data(answer)), ([], None))

    def test_what_is_missing(self):
        for key in (base(diameter.USER_NAME), of_3gpp(cx.SIP_AUTH_DATA_ITEM), of_3gpp(cx.SIP_NUMBER_AUTH_ITEMS),
                    base(diameter.AUTH_SESSION_STATE), base(diameter.VENDOR_SPECIFIC_APPLICATION_ID)):
            with self.subTest("MAR", key=key):
                self.refused(self.mar_of_user().without(*key), cx.MISSING_AVP, key)
        for key in (base(diameter.USER_NAME), of_3gpp(cx.SERVER_ASSIGNMENT_TYPE), base(diameter.AUTH_SESSION_STATE),
                    base(diameter.VENDOR_SPECIFIC_APPLICATION_ID)):
            with self.subTest("SAR", key=key):
                self.refused(self.sar_of_user().without(*key), cx.MISSING_AVP, key)
        anid = of_3gpp(swx.ANID)
        self.refused(self.mar_of_user().without(*anid), cx.MISSING_AVP, anid)
        update = self.sar_of_user(swx.PGW_UPDATE, gateway=GATEWAY)
        self.refused(update, cx.MISSING_AVP, base(swx.SERVICE_SELECTION))
        item = cx.auth_data_item(None)
        self.refused(self.mar_of_user().replacing(item), cx.MISSING_AVP, of_3gpp(cx.SIP_AUTHENTICATION_SCHEME))

    def test_what_is_there_twice(self):
        mar = self.mar_of_user(visited_network="v", aaa_failure=0)
        for key in (base(diameter.USER_NAME), of_3gpp(swx.RAT_TYPE), of_3gpp(swx.AN_TRUSTED), of_3gpp(swx.ANID),
                    of_3gpp(cx.VISITED_NETWORK_IDENTIFIER), of_3gpp(cx.SIP_AUTH_DATA_ITEM),
                    of_3gpp(cx.SIP_NUMBER_AUTH_ITEMS), of_3gpp(swx.AAA_FAILURE_INDICATION)):
            with self.subTest("MAR", key=key):
                self.refused(mar.plus(mar.find(*key)), cx.AVP_OCCURS_TOO_MANY_TIMES, key)
        sar = self.sar_of_user(swx.PGW_UPDATE, apn="ims", context_identifier=1, gateway=GATEWAY, visited_network="v")
        for key in (base(diameter.USER_NAME), of_3gpp(cx.SERVER_ASSIGNMENT_TYPE), base(swx.SERVICE_SELECTION),
                    of_3gpp(swx.CONTEXT_IDENTIFIER), base(swx.MIP6_AGENT_INFO)):
            with self.subTest("SAR", key=key):
                self.refused(sar.plus(sar.find(*key)), cx.AVP_OCCURS_TOO_MANY_TIMES, key)
        third = swx.mip6_agent_info("192.0.2.1", "192.0.2.2", "192.0.2.3")
        self.refused(sar.replacing(third), cx.AVP_OCCURS_TOO_MANY_TIMES, base(swx.MIP_HOME_AGENT_ADDRESS))

    def test_what_has_no_such_value(self):
        table = (
            (cx.avp(swx.AN_TRUSTED, 2), cx.INVALID_AVP_VALUE),
            (cx.avp(swx.AN_TRUSTED, -1), cx.INVALID_AVP_VALUE),
            (cx.avp(swx.AN_TRUSTED, b"\0"), cx.INVALID_AVP_LENGTH),
            (cx.avp(swx.RAT_TYPE, b"\0\0\0\0\0", False), cx.INVALID_AVP_LENGTH),
            (cx.avp(cx.SIP_NUMBER_AUTH_ITEMS, b""), cx.INVALID_AVP_LENGTH),
            (cx.avp(swx.ANID, b""), cx.INVALID_AVP_VALUE),
        )
        for avp, expected in table:
            with self.subTest("MAR", avp=str(avp)):
                self.refused(self.mar_of_user().replacing(avp), expected, avp.key)
        for wrong, expected in ((15, cx.INVALID_AVP_VALUE), (-1, cx.INVALID_AVP_VALUE), (b"\1", cx.INVALID_AVP_LENGTH)):
            avp = cx.avp(cx.SERVER_ASSIGNMENT_TYPE, wrong)
            with self.subTest("SAR", avp=str(wrong)):
                self.refused(self.sar_of_user().replacing(avp), expected, avp.key)

    def test_an_unknown_rat_type_is_none_that_is_forbidden(self):
        for rat_type in (2, 999, 1005, 3000, 0x7FFFFFFF):
            with self.subTest(rat_type):
                self.ask(self.aaa, self.mar_of_user(rat_type=rat_type), cx.SUCCESS)

    def test_rules_of_cx_are_not_those_of_swx(self):
        """What Cx demands is neither missed nor minded, and what SWx has is not minded on Cx."""
        of_cx = [cx.avp(cx.PUBLIC_IDENTITY, self.user.sip), cx.avp(cx.PUBLIC_IDENTITY, "sip:else@where"),
                 cx.avp(cx.SERVER_NAME, SERVER_NAME), cx.avp(cx.USER_DATA_ALREADY_AVAILABLE, 1)]
        self.ask(self.aaa, self.mar_of_user().plus(*of_cx), cx.SUCCESS)  # nothing of it in the answer, by check()
        answer = self.ask(self.aaa, self.sar_of_user().plus(*of_cx), cx.SUCCESS)
        self.assertEqual(swx.user_data(answer), profile(self.user))
        of_swx = [cx.avp(swx.ANID, "WLAN"), cx.avp(swx.AN_TRUSTED, 0), cx.avp(swx.RAT_TYPE, 0, False)]
        mar = cx.mar(self.scscf, self.user.impi, self.user.sip, SERVER_NAME)
        self.ask(self.scscf, mar.plus(*of_swx), cx.SUCCESS)
        missing = self.ask(self.scscf, mar.without(cx.PUBLIC_IDENTITY, VENDOR_3GPP), cx.MISSING_AVP)
        self.assert_failed(missing, of_3gpp(cx.PUBLIC_IDENTITY))
        # The same octets with the other application in the header are the other command.
        for connection, request in ((self.aaa, mar), (self.scscf, self.mar_of_user())):
            other = Message(request.code, SWX if request is mar else cx.CX, request.flags, request.avps)
            verdict = cx.result(connection.request(other))
            self.assertIn(verdict[1] // 1000, (3, 5), cx.name_of(verdict))

    def test_terminals_and_features(self):
        whole = [swx.terminal_information("35209900176148", "01"), Avp(301, 3, mandatory=False),
                 Avp(621, [Avp(622, bytes(8), mandatory=False)], mandatory=False),  # OC-Supported-Features
                 cx.supported_features(0), Avp(diameter.DESTINATION_HOST, HOST)]
        for request in (self.mar_of_user(), self.sar_of_user()):
            with self.subTest(request.code):
                answer = self.ask(self.aaa, request.plus(*whole), cx.SUCCESS)
                self.assertEqual(len(answer.find_all(cx.SUPPORTED_FEATURES, VENDOR_3GPP)), 1)
                answer = self.ask(self.aaa, request, cx.SUCCESS)
                self.assertEqual(answer.find_all(cx.SUPPORTED_FEATURES, VENDOR_3GPP), [])

    def test_unknown_avps(self):
        for request in (self.mar_of_user(), self.sar_of_user()):
            with self.subTest(request.code):
                self.refused(request.plus(Avp(9999, b"abcd")), cx.AVP_UNSUPPORTED, base(9999))
                self.ask(self.aaa, request.plus(Avp(9999, b"abcd", mandatory=False)), cx.SUCCESS)

    def test_m_bits_are_not_minded(self):
        """Dissectors and peers differ about M of these."""
        flags = diameter.AVP_VENDOR
        mar = self.mar_of_user()
        for code in (swx.AN_TRUSTED, swx.ANID, swx.RAT_TYPE):
            avp = mar.find(code, VENDOR_3GPP)
            other = Avp(code, avp.data, VENDOR_3GPP, flags=flags if avp.mandatory else flags | diameter.AVP_MANDATORY)
            self.ask(self.aaa, mar.replacing(other), cx.SUCCESS)

    def test_commands_that_swx_does_not_have(self):
        for command in (cx.USER_AUTHORIZATION, cx.LOCATION_INFO, cx.REGISTRATION_TERMINATION, cx.PUSH_PROFILE, 316):
            with self.subTest(command):
                request = swx.base(self.aaa, command, [Avp(diameter.USER_NAME, self.user.imsi)])
                self.ask(self.aaa, request, cx.COMMAND_UNSUPPORTED)

    def test_odd_content_is_answered(self):
        item = cx.auth_data_item
        odd = [item(swx.EAP_AKA, bytes(length)) for length in (0, 14, 16, 29, 30, 31, 46, 4000)]
        odd += [item(scheme) for scheme in (b"", b"\0", b"\xff" * 40, b"EAP-AKA'\0", b"%s%n" * 200)]
        odd += [cx.avp(cx.SIP_AUTH_DATA_ITEM, b""), cx.avp(cx.SIP_NUMBER_AUTH_ITEMS, -1)]
        odd += [cx.avp(swx.ANID, text) for text in (b"\0", b"\xff\xfe", b"a" * 60000)]
        names = b"\0", b"'; DROP TABLE subscription; --", b"@", b"9" * 60000
        odd += [Avp(diameter.USER_NAME, text) for text in names]
        for avp in odd:
            with self.subTest(str(avp)):
                request = self.mar_of_user().replacing(avp)
                self.check(request, self.aaa.request(request))
        addresses = [Avp(swx.MIP_HOME_AGENT_ADDRESS, octets) for octets in (b"", b"\0\1abc")]
        hosts = [Avp(swx.MIP_HOME_AGENT_HOST, members) for members in (b"", [Avp(diameter.DESTINATION_HOST, b"\0")])]
        gateways = [Avp(swx.MIP6_AGENT_INFO, octets) for octets in (b"", b"\xff" * 5)]
        gateways += [Avp(swx.MIP6_AGENT_INFO, [member]) for member in addresses + hosts]
        for gateway in gateways:
            with self.subTest(str(gateway)):
                request = self.sar_of_user(swx.PGW_UPDATE, apn="ims", gateway=gateway)
                self.check(request, self.aaa.request(request))
        for apn in (b"", b"\0", b"a" * 60000, "ims\n", "*", "..", "ims.mnc001.mcc001.gprs"):
            request = self.sar_of_user(swx.PGW_UPDATE, apn=apn, gateway=GATEWAY)
            self.check(request, self.aaa.request(request))
        for active in (cx.avp(swx.ACTIVE_APN, b"", False), cx.avp(swx.ACTIVE_APN, b"\1\2\3", False)):
            request = self.sar_of_user(swx.RESTORATION, active_apns=[active] * 20)
            self.check(request, self.aaa.request(request))
        self.assert_serves()

    def test_every_mutation_is_answered(self):
        """AVPs lost, doubled, swapped, cut, filled with noise, under other numbers and flags: always an answer that
        keeps the rules of all answers, and the server goes on."""
        chance = random.Random(29273)
        apns = [swx.active_apn(1, "ims", GATEWAY, "v"), swx.active_apn(9)]
        originals = [self.mar_of_user(visited_network="v", aaa_failure=0, authorization=bytes(30)),
                     self.mar_of_user(scheme=swx.EAP_AKA, items=2, emergency=0),
                     self.sar_of_user(swx.PGW_UPDATE, apn="ims", gateway=GATEWAY, context_identifier=1),
                     self.sar_of_user(swx.RESTORATION, active_apns=apns, emergency=0)]
        results = collections.Counter()
        for _ in range(12):
            sent = []
            for _ in range(50):
                request = mutated(chance.choice(originals), chance)
                sent.append((request, self.aaa.send(request)))
            for request, pending in sent:
                with self.subTest(request.encode().hex()):
                    results[self.check(request, pending.result())] += 1
        self.assertGreater(len(results), 5, results)
        type(self).user = None  # whatever became of it
        self.assert_serves()

    def assert_serves(self):
        """The innocent are served, on the connection that they have had all the time."""
        subscriber = self.subscriber()
        self.attach(subscriber, at=self.aaa_2)
        before = subscriber.sqn(self.swx_vector(subscriber, at=self.aaa_2))[0]
        self.assertEqual(subscriber.sqn(self.swx_vector(subscriber, at=self.aaa_2))[0], before + 1)


if __name__ == "__main__":
    unittest.main()
