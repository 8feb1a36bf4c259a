# Mutations of every message that a peer may send, on connections of their own; after each two innocent peers are served.
# Every round is made from the seed and its number alone, so that it can be run again by itself:
#   MINIHSS_FUZZ_SEED=.. MINIHSS_FUZZ_ROUND=.. python3 -m unittest tests.system.test_wire_fuzz
# MINIHSS_FUZZ_COUNT: how many mutated messages are sent.
# SPDX-License-Identifier: MIT
import os
import random
import socket
import unittest

from tests.peer import cx, diameter, swx
from tests.peer.connection import CX, SWX, VENDOR_3GPP
from tests.peer.diameter import Avp, Message
from tests.peer.mutations import Mutator
from tests.peer.server import ICSCF, REALM, SCSCF
from tests.system.support import SERVER_NAME, HssTest

COUNT = int(os.environ.get("MINIHSS_FUZZ_COUNT", "5000"))
SEED = os.environ.get("MINIHSS_FUZZ_SEED") or str(random.SystemRandom().randrange(1 << 32))
ONE_ROUND = os.environ.get("MINIHSS_FUZZ_ROUND")
PER_CONNECTION = 4
PATIENCE = 30


class Culprit:
    """A connection without manners. What tests.peer.cx asks of a connection to make a request is here too."""

    def __init__(self, port, host):
        self.host, self.realm, self.served_realm = host, REALM, REALM
        self._sessions = 0
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def new_session_id(self):
        self._sessions += 1
        return f"{self.host};1;{self._sessions}"

    def send(self, octets):
        """False when the server has closed."""
        try:
            self.socket.sendall(octets)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def read(self):
        """One message's octets, or None at the end."""
        try:
            head = self._exactly(4)
            return head and head + (self._exactly(int.from_bytes(head[1:], "big") - 4) or b"")
        except ConnectionResetError:
            return None

    def _exactly(self, count):
        octets = b""
        while len(octets) < count:
            part = self.socket.recv(count - len(octets))
            if not part:
                return None
            octets += part
        return octets

    def drain(self):
        """No more from this side; the server takes what came, and closes. TimeoutError when it does not."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
            while self.socket.recv(65536):
                pass
        except (ConnectionResetError, BrokenPipeError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise


class WireFuzzTest(HssTest):
    peers = (ICSCF, SCSCF, f"*.{REALM}")
    more_settings = {"log": {"level": '"error"'}}

    def messages(self, culprit):
        """Every valid request, and the answers a peer gives."""
        impi, impu = self.victim.impi, self.victim.sip
        origin = [Avp(diameter.ORIGIN_HOST, culprit.host), Avp(diameter.ORIGIN_REALM, REALM)]
        state = [Avp(diameter.ORIGIN_STATE_ID, 1)]
        success = [Avp(diameter.RESULT_CODE, 2001)]
        request = diameter.FLAG_REQUEST
        return [
            cx.uar(culprit, impi, impu),
            cx.lir(culprit, impu),
            cx.mar(culprit, impi, impu, SERVER_NAME),
            cx.mar(culprit, impi, impu, SERVER_NAME, authorization=bytes(30)),
            cx.sar(culprit, impi, impu, SERVER_NAME, cx.REGISTRATION),
            cx.sar(culprit, impi, impu, SERVER_NAME, cx.USER_DEREGISTRATION),
            cx.lir(culprit, impu).plus(Avp(diameter.DESTINATION_HOST, "another." + REALM)),
            cx.lir(culprit, impu).plus(
                Avp(diameter.PROXY_INFO, [Avp(diameter.PROXY_HOST, culprit.host), Avp(diameter.PROXY_STATE, "s")])
            ),
            cx.uar(culprit, f"{REALM}!user@other.example", impu),
            swx.mar(culprit, self.victim.imsi),
            swx.sar(culprit, self.victim.imsi, cx.REGISTRATION),
            Message(diameter.DEVICE_WATCHDOG, 0, request, [*origin, *state]),
            Message(diameter.DEVICE_WATCHDOG, 0, 0, [*success, *origin]),
            Message(diameter.DISCONNECT_PEER, 0, request, [*origin, Avp(diameter.DISCONNECT_CAUSE, 2)]),
            Message(diameter.DISCONNECT_PEER, 0, 0, [*success, *origin]),
            Message(diameter.CAPABILITIES_EXCHANGE, 0, request, self.capabilities(culprit)),
            Message(cx.REGISTRATION_TERMINATION, CX, diameter.FLAG_PROXIABLE, [*success, *origin]),
        ]

    @staticmethod
    def capabilities(culprit):
        applications = [
            Avp(
                diameter.VENDOR_SPECIFIC_APPLICATION_ID,
                [Avp(diameter.VENDOR_ID, VENDOR_3GPP), Avp(diameter.AUTH_APPLICATION_ID, application)],
            )
            for application in (CX, SWX)
        ]
        return [
            Avp(diameter.ORIGIN_HOST, culprit.host),
            Avp(diameter.ORIGIN_REALM, REALM),
            Avp(diameter.HOST_IP_ADDRESS, b"\0\1\x7f\0\0\1"),
            Avp(diameter.VENDOR_ID, VENDOR_3GPP),
            Avp(diameter.PRODUCT_NAME, "culprit", mandatory=False),
            Avp(diameter.SUPPORTED_VENDOR_ID, VENDOR_3GPP),
            *applications,
        ]

    def introduce(self, culprit):
        """CER and CEA as they should be; False when the server has closed instead."""
        cer = Message(diameter.CAPABILITIES_EXCHANGE, 0, diameter.FLAG_REQUEST, self.capabilities(culprit), 1, 1)
        return culprit.send(cer.encode()) and culprit.read() is not None

    def round(self, number):
        """Some mutated messages on one connection; the first that is refused is the last that is read."""
        dice = random.Random(f"{SEED}.{number}")
        mutator = Mutator(dice)
        host = f"culprit{number}.{REALM}"
        culprit = Culprit(self.server.port, host)
        sent = 0
        try:
            way = dice.choice(("cer", "watchdog", "requests", "requests", "requests", "requests"))
            if way == "cer":
                cer = Message(diameter.CAPABILITIES_EXCHANGE, 0, diameter.FLAG_REQUEST, self.capabilities(culprit))
                culprit.send(mutator.octets(cer))
                sent += 1
            else:
                self.introduce(culprit)
            if way == "watchdog":  # who comes back without a farewell is asked for a sign of life
                asked = None
                while not asked:  # turned away until the server has seen the end of the first connection
                    culprit.socket.close()
                    culprit = Culprit(self.server.port, host)
                    try:
                        asked = culprit.read() if self.introduce(culprit) else None
                    except TimeoutError:
                        break  # the server had forgotten it by then: it is as good as new
                if asked:
                    question = Message.decode(asked)
                    answer = question.answer([Avp(diameter.RESULT_CODE, 2001), *self.capabilities(culprit)[:2]])
                    culprit.send(mutator.octets(answer))
                    sent += 1
            messages = self.messages(culprit)
            while sent < PER_CONNECTION:
                message = dice.choice(messages)
                message.hop_by_hop, message.end_to_end = sent + 1, dice.randrange(1 << 32)
                culprit.send(mutator.octets(message))
                sent += 1
            if dice.random() < 0.6:
                culprit.drain()
        finally:
            culprit.socket.close()
        return sent

    def assert_serves(self):
        for connection, request, expected in (
            (self.icscf, cx.lir(self.icscf, "sip:nobody@" + REALM), cx.USER_UNKNOWN),
            (self.scscf, cx.mar(self.scscf, self.innocent.impi, self.innocent.sip, SERVER_NAME), cx.SUCCESS),
        ):
            self.ask(connection, request, expected)

    def test_mutations_of_every_message(self):
        self.victim, self.innocent = self.subscriber(), self.subscriber()
        connections = self.icscf, self.scscf
        print(f"MINIHSS_FUZZ_SEED={SEED} MINIHSS_FUZZ_COUNT={COUNT}")
        numbers = [int(ONE_ROUND)] if ONE_ROUND else range(1, -(-COUNT // PER_CONNECTION) + 1)
        sent = 0
        for number in numbers:
            served = False
            with self.subTest(seed=SEED, round=number):
                sent += self.round(number)
                self.assertTrue(self.server.running, "the server ended")
                self.assert_serves()
                served = True
            if not served:  # the rounds after it would only repeat it
                break
        self.assertEqual(sent, len(numbers) * PER_CONNECTION)
        self.assertEqual(connections, (self.icscf, self.scscf), "an innocent peer's connection was lost")


if __name__ == "__main__":
    unittest.main()
