# What the system tests share: a server of its own for each class, subscribers with a USIM each, and for every answer
# the checks that hold for all of them. When a class is done, no key that it has seen may be in the server's log.
# SPDX-License-Identifier: MIT
import itertools
import json
import os
import sys
import unittest
import xml.etree.ElementTree

from tests.peer import cx
from tests.peer.checks import assert_common, assert_failed
from tests.peer.connection import ConnectionLost
from tests.peer.server import HOST, ICSCF, REALM, SCSCF, SCSCF_2, Server
from tests.peer.milenage import Milenage, xor
from tests.peer.usim import Usim

# The S-CSCFs by their SIP names, as Server-Name has them.
SERVER_NAME = f"sip:{SCSCF}:6060"
SERVER_NAME_2 = f"sip:{SCSCF_2}:6060"
IND_BITS = 5
DELTA = 1 << 28

_numbers = itertools.count(1)


class Subscriber:
    """One subscription as `hssctl subscriber add` derives it from IMSI and MSISDN, and its card."""

    def __init__(self):
        number = next(_numbers)
        self.imsi = f"00101{number:010}"
        self.msisdn = f"1555{number:07}"
        self.k = os.urandom(16)
        self.opc = os.urandom(16)
        self.impi = f"{self.imsi}@{REALM}"
        self.temporary = f"sip:{self.imsi}@{REALM}"  # barred, TS 23.003 13.4B
        self.sip = f"sip:+{self.msisdn}@{REALM}"
        self.tel = f"tel:+{self.msisdn}"
        self.usim = self.card()

    def card(self, seq=0):
        """A USIM with this subscriber's keys that has accepted `seq` last."""
        return Usim(self.k, self.opc, seq=seq, ind_bits=IND_BITS, delta=DELTA)

    def sqn(self, vector):
        """(SEQ, IND) of a vector: AK takes the cover off SQN (TS 33.102 6.3.2)."""
        ak = Milenage(self.k, self.opc).f2345(vector.rand).ak
        sqn = int.from_bytes(xor(vector.autn[:6], ak), "big")
        return sqn >> IND_BITS, sqn & ((1 << IND_BITS) - 1)


class HssTest(unittest.TestCase):
    """A server runs while the tests of the class do; `icscf`, `scscf` and `scscf_2` are connected to it."""

    settings = {"cx": {"scscf_pool": f'["{SERVER_NAME}", "{SERVER_NAME_2}"]'}}
    more_settings = {}
    peers = (ICSCF, SCSCF, SCSCF_2)
    server_type = Server

    @classmethod
    def setUpClass(cls):
        cls.secrets = set()
        settings = {section: dict(values) for section, values in cls.settings.items()}
        for section, values in cls.more_settings.items():
            settings.setdefault(section, {}).update(values)
        cls.server = cls.server_type(peers=cls.peers, settings=settings)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()
        cls.connections = {}
        cls.addClassCleanup(cls.disconnect)

    @classmethod
    def tearDownClass(cls):
        cls.disconnect()
        cls.server.stop()
        leaked = cls.leaked_secrets()
        if leaked:
            raise AssertionError(f"{len(leaked)} keys are in the log, the first in: {leaked[0]}")

    @classmethod
    def leaked_secrets(cls):
        """The lines of the log that hold a key: in hexadecimal of either case, with or without a sign between."""
        plain = {secret.hex() for secret in cls.secrets}
        lines = []
        for line in cls.server.log().splitlines():
            squeezed = line.lower().translate(_SIGNS_BETWEEN_OCTETS)
            if any(secret in squeezed for secret in plain):
                lines.append(line)
        return lines

    def run(self, result=None):
        failures = len(result.failures) + len(result.errors) if result else 0
        done = super().run(result)
        if result and len(result.failures) + len(result.errors) > failures:
            print(f"\nThe server's log at the end of {self.id()}:\n{self.server.log()[-8000:]}", file=sys.stderr)
        return done

    def tearDown(self):
        self.assertTrue(self.server.running, "the server ended")

    # ---- connections ----

    @classmethod
    def peer(cls, host):
        """The connection of a peer, made when it is first needed and again when it was lost."""
        known = cls.connections.get(host)
        if known is None or not known.is_open:
            known = cls.connections[host] = cls.server.connect(host)
        return known

    @classmethod
    def disconnect(cls):
        while cls.connections:
            cls.connections.popitem()[1].close()

    @property
    def icscf(self):
        return self.peer(ICSCF)

    @property
    def scscf(self):
        return self.peer(SCSCF)

    @property
    def scscf_2(self):
        return self.peer(SCSCF_2)

    # ---- subscribers ----

    def subscriber(self, *options):
        """A new subscriber; `options` go to `hssctl subscriber add`."""
        subscriber = Subscriber()
        self.keep_secrets(subscriber.k, subscriber.opc)
        self.server.hssctl(
            *("subscriber", "add", "--imsi", subscriber.imsi, "--msisdn", subscriber.msisdn),
            *("--k", subscriber.k.hex(), "--opc", subscriber.opc.hex(), *options),
        )
        return subscriber

    def subscription(self, subscriber, **changes):
        """Imports a subscription from JSON for what no option of `subscriber add` says; `changes` replace members of
        the usual one of `subscriber`."""
        self.keep_secrets(subscriber.k, subscriber.opc)
        whole = {
            "imsi": subscriber.imsi,
            "msisdns": [subscriber.msisdn],
            "key_sets": [{"k": subscriber.k.hex(), "opc": subscriber.opc.hex()}],
            "private_identities": [{"impi": subscriber.impi, "key_set": 0}],
            "public_identities": [
                {"impu": subscriber.sip},
                {"impu": subscriber.tel},
                {"impu": subscriber.temporary, "barred": True},
            ],
        }
        file = self.server.directory / f"{subscriber.imsi}.json"
        file.write_text(json.dumps(whole | changes))
        self.server.hssctl("import", str(file))
        return subscriber

    def keep_secrets(self, *secrets):
        type(self).secrets.update(secrets)

    # ---- requests ----

    def check(self, request, answer):
        verdict = assert_common(self, request, answer, HOST, REALM)
        for vector in cx.vectors(answer):
            self.keep_secrets(vector.ck, vector.ik, vector.xres)
        return verdict

    def ask(self, connection, request, expected):
        """Sends, checks what holds for every answer and the result, and returns the answer."""
        answer = connection.request(request)
        verdict = self.check(request, answer)
        self.assertEqual(cx.name_of(verdict), cx.name_of(expected))
        return answer

    def assert_failed(self, answer, *expected):
        assert_failed(self, answer, *expected)

    def uar(self, subscriber, expected, impu=None, **options):
        request = cx.uar(self.icscf, subscriber.impi, impu or subscriber.sip, **options)
        return self.ask(self.icscf, request, expected)

    def lir(self, impu, expected, **options):
        return self.ask(self.icscf, cx.lir(self.icscf, impu, **options), expected)

    def mar(self, subscriber, expected=cx.SUCCESS, impu=None, at=None, server_name=SERVER_NAME, **options):
        at = at or self.scscf
        request = cx.mar(at, subscriber.impi, impu or subscriber.sip, server_name, **options)
        return self.ask(at, request, expected)

    def vector(self, subscriber, **options):
        """The vector of a successful MAR."""
        (vector,) = cx.vectors(self.mar(subscriber, **options))
        return vector

    def sar(self, subscriber, type, expected=cx.SUCCESS, impu=None, at=None, server_name=SERVER_NAME, **options):
        at = at or self.scscf
        request = cx.sar(at, subscriber.impi, impu or subscriber.sip, server_name, type, **options)
        return self.ask(at, request, expected)

    def register(self, subscriber, **options):
        """As a successful registration goes: MAR, the card agrees, SAR."""
        vector = self.vector(subscriber, **options)
        self.assert_accepted(subscriber, vector)
        return self.sar(subscriber, cx.REGISTRATION, **options)

    # ---- assertions ----

    def assert_accepted(self, subscriber, vector):
        """The card takes the challenge, and its RES, CK and IK are those of the vector."""
        outcome = subscriber.usim.challenge(vector.rand, vector.autn)
        self.assertEqual(outcome.kind, "ok")
        self.assertTrue(
            (outcome.res, outcome.ck, outcome.ik) == (vector.xres, vector.ck, vector.ik), "the keys differ"
        )

    def assert_first_registration(self, subscriber, impu=None):
        """Nothing is known of the subscriber: the I-CSCF is told to choose, and from what."""
        answer = self.uar(subscriber, cx.FIRST_REGISTRATION, impu)
        self.assertIsNone(cx.server_name(answer))
        # The order is the subscription's own: weights and its number decide.
        self.assertCountEqual(cx.capabilities(answer).server_names, [SERVER_NAME, SERVER_NAME_2])

    def assert_served_by(self, subscriber, server_name, impu=None):
        """An S-CSCF is stored, by the I-CSCF's view of a registration."""
        answer = self.uar(subscriber, cx.SUBSEQUENT_REGISTRATION, impu)
        self.assertEqual(cx.server_name(answer), server_name)
        self.assertIsNone(cx.capabilities(answer))

    def assert_registered(self, subscriber, server_name=SERVER_NAME):
        """Every public identity of the set is found at the S-CSCF."""
        for impu in (subscriber.temporary, subscriber.sip, subscriber.tel):
            self.assertEqual(cx.server_name(self.lir(impu, cx.SUCCESS)), server_name)

    def assert_not_registered(self, subscriber):
        for impu in (subscriber.temporary, subscriber.sip, subscriber.tel):
            answer = self.lir(impu, cx.IDENTITY_NOT_REGISTERED)
            self.assertIsNone(cx.server_name(answer))


def keep_asking(connection, requests, pendings, stop):
    """Sends the requests over and over, 64 on their way at the most, until `stop` is set or the connection ends."""
    try:
        while not stop.is_set():
            pendings += [connection.send(request) for request in requests]
            if len(pendings) >= 64:
                pendings[-64].result(60)
    except ConnectionLost:
        pass


_SIGNS_BETWEEN_OCTETS = str.maketrans("", "", " :-,")


def user_data(answer):
    """The profile of an SAA as a tree; None when there is none."""
    octets = cx.user_data(answer)
    if octets is None:
        return None
    assert not octets.endswith(b"\0"), "User-Data ends with a NUL"
    assert octets.startswith(b"<?xml"), "User-Data has no XML declaration"
    return xml.etree.ElementTree.fromstring(octets)


def identities(tree):
    """(public identity, barred) of a profile in document order."""
    found = []
    for identity in tree.iterfind("ServiceProfile/PublicIdentity"):
        barred = identity.findtext("BarringIndication", "0")
        assert barred in ("0", "1", "true", "false"), barred
        found.append((identity.findtext("Identity"), barred in ("1", "true")))
    return found
