# What the crash rounds are made of: peers that keep every answer in the order in which it came, an operator who knows
# what hssctl has confirmed to them, and the books in which every SQN ever received is entered.
# SPDX-License-Identifier: MIT
import json
import os
import subprocess
import threading

from tests.peer import cx, diameter, swx
from tests.peer.connection import SWX, Connection, ConnectionLost
from tests.peer.milenage import Milenage, xor
from tests.peer.pushes import Inbox
from tests.peer.server import AAA_REALM, REALM

TOO_BUSY = 3004
IND_BITS = 5
WINDOW = 24  # requests of one peer on their way


class Card:
    """A subscription whose key set serves Cx and SWx, and the keys that take the cover off its SQNs."""

    def __init__(self, number):
        self.imsi = f"00101{number:010}"
        self.msisdn = f"1666{number:07}"
        self.k, self.opc = os.urandom(16), os.urandom(16)
        self.impi = f"{self.imsi}@{REALM}"
        self.sip = f"sip:+{self.msisdn}@{REALM}"
        self.tel = f"tel:+{self.msisdn}"
        self._milenage = Milenage(self.k, self.opc)

    def sqn(self, vector):
        return int.from_bytes(xor(vector.autn[:6], self._milenage.f5(vector.rand)), "big")

    @property
    def row(self):
        return f"{self.imsi},{self.msisdn},{self.k.hex()},{self.opc.hex()}"


class SequenceBooks:
    """Every SQN that peers have received, by card. What must not be is a line in `wrong`."""

    def __init__(self):
        self.checked = 0
        self.wrong = []
        self._seen = {}  # card -> SEQs
        self._highest = {}  # card -> SEQ, of the rounds that are over
        self._latest = {}  # (card, peer, IND) -> SEQ

    def enter(self, card, peer, sqn):
        """In the order in which this peer received them."""
        seq, ind = sqn >> IND_BITS, sqn & ((1 << IND_BITS) - 1)
        self.checked += 1
        seen = self._seen.setdefault(card.imsi, set())
        if seq in seen:
            self.wrong.append(f"{card.imsi}: SEQ {seq} came twice, the second time to {peer}")
        if seq <= self._highest.get(card.imsi, 0):
            self.wrong.append(f"{card.imsi}: SEQ {seq} at {peer} is not above those before the restart")
        key = card.imsi, peer, ind
        if seq <= self._latest.get(key, 0):
            self.wrong.append(f"{card.imsi}: SEQ {seq} with IND {ind} came to {peer} after a higher one")
        seen.add(seq)
        self._latest[key] = seq

    def close_round(self):
        """What comes from now on was made by a server that was started later."""
        for imsi, seen in self._seen.items():
            self._highest[imsi] = max(seen)

    @property
    def issued(self):
        """The highest SEQ of all cards together: those that nobody received are in it."""
        return sum(self._highest.values())


class Recorder(Connection):
    """Keeps each answer in the order of arrival."""

    def __init__(self, *arguments, **options):
        self.arrived = []
        super().__init__(*arguments, **options)

    def _take(self, message):
        if not message.is_request:
            self.arrived.append(message)
        super()._take(message)


class MarPeer:
    """An S-CSCF or a 3GPP AAA server that asks for vectors without a pause, until its connection is lost."""

    def __init__(self, port, host, cards, dice):
        self.host, self.cards, self.dice = host, cards, dice
        self.is_aaa = host.endswith(AAA_REALM)
        options = {"applications": (SWX,), "served_realm": REALM} if self.is_aaa else {}
        self.connection = Recorder(("127.0.0.1", port), host, AAA_REALM if self.is_aaa else REALM, **options)
        self._asked = {}  # hop-by-hop -> card
        self._thread = threading.Thread(target=self._run, name=f"{host} MARs")

    def start(self):
        self._thread.start()

    def _request(self, card):
        items = self.dice.choice((1, 1, 3))
        if not self.is_aaa:
            return cx.mar(self.connection, card.impi, card.sip, f"sip:{self.host}:6060", items=items)
        scheme = self.dice.choice((swx.EAP_AKA, swx.EAP_AKA_PRIME))
        return swx.mar(self.connection, card.imsi, scheme, items=items)

    def _run(self):
        waiting = []
        try:
            while True:
                card = self.dice.choice(self.cards)
                pending = self.connection.send(self._request(card))
                self._asked[pending.request.hop_by_hop] = card
                waiting.append(pending)
                if len(waiting) >= WINDOW:
                    waiting.pop(0).result()
        except ConnectionLost:
            pass  # that is the plan

    def finish(self, books, results):
        """After the server's end: enters what was received, and counts the results."""
        self.connection.abort()
        self._thread.join()
        for answer in self.connection.arrived:
            card = self._asked.get(answer.hop_by_hop)
            if card is None:
                continue  # CEA
            result = answer.find(diameter.RESULT_CODE)
            results[result.number if result else "other"] += 1
            for vector in cx.vectors(answer):
                books.enter(card, self.host, card.sqn(vector))


class Operator:
    """Changes subscribers with hssctl, one command after the other, and has them deregistered; knows what was
    confirmed. An hssctl that is killed may have done its work or not."""

    def __init__(self, server, cards, dice, first):
        self.server, self.dice = server, dice
        self.names = dict.fromkeys((card.imsi for card in cards), None)  # imsi -> display name
        self.pushes = set()  # (Reason-Info, public identity) of each RTR that was written
        self.confirmed = 0
        # (imsi, name before, name after) of the command that was killed; "" is: no such subscriber.
        self.doubtful = None
        self._next = first
        self._extra = []
        self._texts = 0
        self._process = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = None
        self.failure = None

    def hssctl(self, *arguments):
        """The standard output; None when it was killed."""
        with self._lock:
            self._process = subprocess.Popen(
                [str(self.server.build / "bin" / "hssctl"), "-C", str(self.server.directory), *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        out, error = self._process.communicate(timeout=60)
        if self._process.returncode == -9:
            return None
        if self._process.returncode != 0:
            raise AssertionError(f"hssctl {arguments[0]} {arguments[1]}: {self._process.returncode}: {error}")
        self.confirmed += 1
        return out

    def kill(self):
        """The command that runs at the moment, if any, is killed."""
        with self._lock:
            if self._process:
                self._process.kill()

    # ---- one command each ----

    def change(self, imsi, before, after, *arguments):
        if self.hssctl(*arguments) is None:
            self.doubtful = imsi, before, after
        elif after == "":
            del self.names[imsi]
        else:
            self.names[imsi] = after

    def add(self):
        card = Card(self._next)
        self._next += 1
        options = "--imsi", card.imsi, "--msisdn", card.msisdn, "--k", card.k.hex(), "--opc", card.opc.hex()
        self.change(card.imsi, "", None, "subscriber", "add", *options)
        if not self.doubtful:
            self._extra.append(card.imsi)

    def rename(self):
        imsi = self.dice.choice(list(self.names))
        self._texts += 1
        name = f"Name {self._texts}"
        self.change(imsi, self.names[imsi], name, "subscriber", "set", imsi, "--display-name", name)

    def remove(self):
        if not self._extra:
            return self.add()
        imsi = self._extra.pop(0)
        return self.change(imsi, self.names[imsi], "", "subscriber", "remove", imsi)

    def deregister(self, card):
        """False when hssctl was killed."""
        self._texts += 1
        info = f"Reason {self._texts}"
        out = self.hssctl("--json", "deregister", card.imsi, "--info", info)
        if out is None:
            return False
        written = {(info, one) for push in json.loads(out)["pushes"] for one in push["public_identities"]}
        if written != {(info, card.sip), (info, card.tel)}:
            raise AssertionError(f"{card.imsi} is registered, and hssctl deregister says {out}")
        self.pushes |= written
        return True

    # ---- beside the load ----

    def start(self, registrar):
        self._stop.clear()
        self.doubtful = None

        def work():
            try:
                while not self._stop.is_set() and self.doubtful is None:
                    step = self.dice.choice((self.add, self.rename, self.remove, None))
                    if step:
                        step()
                    elif (card := registrar.take()) and not self.deregister(card):
                        registrar.doubt(card)
                        return
            except BaseException as error:  # told by finish()
                self.failure = error

        self._thread = threading.Thread(target=work, name="operator")
        self._thread.start()

    def finish(self):
        self._stop.set()
        self._thread.join()
        if self.failure:
            raise self.failure

    def differences(self):
        """What the export has otherwise than what was confirmed; what was in doubt is settled by it."""
        found = {}
        for line in self.server.hssctl("export", "--format", "json").stdout.splitlines():
            one = json.loads(line)
            if "imsi" in one:
                found[one["imsi"]] = one["public_identities"][0].get("display_name")
        if self.doubtful:
            imsi, before, after = self.doubtful
            now = found.get(imsi, "")
            if now not in (before, after):
                return [f"{imsi}: {now!r} is neither {before!r} nor {after!r}"]
            self.names.pop(imsi, None)
            if now != "":
                self.names[imsi] = now
                if before == "" and imsi not in self._extra:
                    self._extra.append(imsi)
        every = sorted(found.keys() | self.names.keys())
        return [
            f"{imsi}: {found.get(imsi, 'is gone')!r}, confirmed was {self.names.get(imsi, 'gone')!r}"
            for imsi in every
            if found.get(imsi, "") != self.names.get(imsi, "")
        ]


class Registrar:
    """An S-CSCF that registers and deregisters cards of its own with SARs, one after the other, takes RTRs, and knows
    what was answered. Which cards the operator may deregister, it says."""

    def __init__(self, host, cards, dice):
        self.host, self.cards, self.dice = host, cards, dice
        self.server_name = f"sip:{host}:6060"
        self.inbox = Inbox(host, REALM)
        self.received = set()  # (Reason-Info, public identity)
        self.registered = {}  # card -> what LIR must say; a card in doubt is not there
        self._left_alone = set()  # cards with an RTR on its way, until the round is over
        self._in_doubt = set()  # of them, those whose RTR was perhaps not written
        self.answered = 0
        self.wrong = []
        self._lock = threading.Lock()
        self._thread = None

    def connect(self, port):
        self.connection = Recorder(("127.0.0.1", port), self.host, REALM, handler=self.inbox)

    def take(self):
        """A card that is registered, for an RTR; None when there is none."""
        with self._lock:
            found = [card for card, registered in self.registered.items() if registered]
            if not found or len(self._left_alone) > len(self.cards) / 2:
                return None
            card = self.dice.choice(found)
            del self.registered[card]
            self._left_alone.add(card)
            return card

    def start(self):
        self._thread = threading.Thread(target=self._run, name="registrar")
        self._thread.start()

    def _run(self):
        try:
            for number in range(1 << 30):
                card = self.cards[number % len(self.cards)]
                with self._lock:
                    if card in self._left_alone:
                        continue
                    known = card in self.registered
                    before = self.registered.pop(card, False)
                type = cx.USER_DEREGISTRATION if before else cx.REGISTRATION
                answer = self.connection.request(
                    cx.sar(self.connection, card.impi, card.sip, self.server_name, type)
                )
                result = answer.find(diameter.RESULT_CODE)
                if result is not None and result.number == TOO_BUSY:  # a server that is ending
                    with self._lock:
                        if known:
                            self.registered[card] = before
                    continue
                if result is None or result.number != 2001:
                    self.wrong.append(f"{card.imsi}: SAR of type {type} was answered {answer}")
                    continue
                self.answered += 1
                with self._lock:
                    self.registered[card] = not before
        except ConnectionLost:
            pass  # that is the plan

    def finish(self):
        self.connection.abort()
        self._thread.join()
        self.collect()

    def collect(self):
        while not self.inbox.empty:
            push = self.inbox.take()
            self.received.add((push.reason_info, *push.public_identities))

    def settle(self):
        """When no RTR is on its way any more: those that it was for are not registered."""
        self.registered.update(dict.fromkeys(self._left_alone - self._in_doubt, False))
        self._left_alone.clear()
        self._in_doubt.clear()

    def doubt(self, card):
        self._in_doubt.add(card)

    def differences(self):
        """Asks with LIR for every card that is not in doubt."""
        wrong = []
        for card, registered in self.registered.items():
            answer = self.connection.request(cx.lir(self.connection, card.sip))
            if registered != (cx.server_name(answer) == self.server_name):
                wrong.append(f"{card.imsi}: registered {registered} was confirmed, LIA is {answer}")
        return wrong
