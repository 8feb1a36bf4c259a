# What the tests of SWx share: 3GPP AAA servers beside the S-CSCFs, phones that answer EAP-AKA and EAP-AKA' with the
# card that they register with at the IMS, and the steps of an attachment over Wi-Fi.
# SPDX-License-Identifier: MIT
from tests.peer import cx, eap, swx
from tests.peer.connection import SWX
from tests.peer.pushes import Inbox
from tests.peer.server import AAA, AAA_2, AAA_REALM, ICSCF, SCSCF, SCSCF_2
from tests.system.push_support import PushTest

# What `subscriber add` gives to everybody: APN template "ims".
IMS = {
    "context_identifier": 1,
    "addresses": [],
    "pdn_type": 2,
    "apn": "ims",
    "qos": {"qci": 5, "priority": {"level": 8, "capability": 1, "vulnerability": 0}},
}
GATEWAY = swx.mip6_agent_info("192.0.2.66", host="pgw1.epc.example.org", realm="epc.example.org")
GATEWAY_READ = {"addresses": ["192.0.2.66"], "name": {"host": "pgw1.epc.example.org", "realm": "epc.example.org"}}


def profile(subscriber, *apns, **more):
    """Non-3GPP-User-Data of a subscriber that was provisioned with one line, but for `more`."""
    return {
        "subscription_id": {"type": 0, "data": subscriber.msisdn},
        "access": 0,
        "apns": 0,
        "forbidden_rat_types": [],
        "default": 1,
        "apn_configurations": list(apns) or [IMS],
    } | more


class SwxTest(PushTest):
    peers = (ICSCF, SCSCF, SCSCF_2, AAA, AAA_2)

    # ---- connections ----

    @classmethod
    def inbox(cls, host):
        if host not in (AAA, AAA_2):
            return super().inbox(host)
        return cls.inboxes.setdefault(host, Inbox(host, AAA_REALM, application=SWX))

    @classmethod
    def peer(cls, host):
        if host not in (AAA, AAA_2):
            return super().peer(host)
        known = cls.connections.get(host)
        if known is None or not known.is_open:
            known = cls.connections[host] = cls.server.connect_aaa(host, handler=cls.inbox(host))
        return known

    @property
    def aaa(self):
        return self.peer(AAA)

    @property
    def aaa_2(self):
        return self.peer(AAA_2)

    # ---- requests ----

    def swx_mar(self, subscriber, expected=cx.SUCCESS, scheme=swx.EAP_AKA_PRIME, at=None, user_name=None, **options):
        at = at or self.aaa
        return self.ask(at, swx.mar(at, user_name or subscriber.imsi, scheme, **options), expected)

    def swx_vector(self, subscriber, scheme=swx.EAP_AKA_PRIME, **options):
        """The one vector of a successful MAR."""
        (vector,) = swx.vectors(self.swx_mar(subscriber, scheme=scheme, **options))
        return vector

    def swx_sar(self, subscriber, type, expected=cx.SUCCESS, at=None, user_name=None, **options):
        at = at or self.aaa
        return self.ask(at, swx.sar(at, user_name or subscriber.imsi, type, **options), expected)

    def attach(self, subscriber, scheme=swx.EAP_AKA_PRIME, at=None, **options):
        """As an attachment over Wi-Fi goes: MAR, the phone agrees, SAR. The profile that the AAA server gets."""
        self.assert_agreed(subscriber, self.swx_vector(subscriber, scheme, at=at, **options))
        return swx.user_data(self.swx_sar(subscriber, cx.REGISTRATION, at=at))

    def pgw_update(self, subscriber, expected=cx.SUCCESS, apn="ims", gateway=GATEWAY, **options):
        return self.swx_sar(subscriber, swx.PGW_UPDATE, expected, apn=apn, gateway=gateway, **options)

    def aaa_profile(self, subscriber, at=None):
        """Non-3GPP-User-Data as AAA_USER_DATA_REQUEST gets it; the user is registered, or the test fails."""
        return swx.user_data(self.swx_sar(subscriber, swx.AAA_USER_DATA_REQUEST, at=at))

    # ---- assertions ----

    def answer_of(self, subscriber, vector, network_name="WLAN"):
        """The phone's answer to a challenge in the vector's own scheme."""
        if vector.scheme == swx.EAP_AKA_PRIME:
            outcome = eap.challenge(subscriber.usim, vector.rand, vector.autn, network_name)
        else:
            outcome = subscriber.usim.challenge(vector.rand, vector.autn)
        self.keep_secrets(*(key for key in (outcome.res, outcome.ck, outcome.ik) if key))
        return outcome

    def assert_agreed(self, subscriber, vector, network_name="WLAN"):
        """The phone takes the challenge, and has the AAA server's XRES and keys."""
        outcome = self.answer_of(subscriber, vector, network_name)
        self.assertEqual(outcome.kind, "ok")
        self.assertTrue(
            (outcome.res, outcome.ck, outcome.ik) == (vector.xres, vector.ck, vector.ik), "the keys differ"
        )
        return outcome

    def assert_nobody_has(self, subscriber):
        self.swx_sar(subscriber, swx.AAA_USER_DATA_REQUEST, cx.IDENTITY_NOT_REGISTERED)

    def set(self, subscriber, *options):
        self.server.hssctl("subscriber", "set", subscriber.imsi, *options)

    def crash(self):
        """The server is killed without warning and started again."""
        for connection in self.connections.values():
            connection.abort()
        self.connections.clear()
        self.server.kill9()
        self.server.start()
