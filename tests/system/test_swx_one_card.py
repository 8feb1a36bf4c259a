# One card, three that ask it: an S-CSCF (Cx) and an AAA server (SWx) with vectors of ours, and an EPC whose own HSS has
# the same K. In ranges of IND of their own nobody disturbs anybody; in the same ones each undoes the other for ever
# (TS 33.102 C.2, C.3.4).
# SPDX-License-Identifier: MIT
import collections
import random
import unittest

from tests.peer import cx, swx
from tests.peer.auc import AuthenticationCentre
from tests.peer.server import SCSCF, SCSCF_2
from tests.system.support import SERVER_NAME, SERVER_NAME_2
from tests.system.swx_support import SwxTest

ROUNDS = 300
EPC_RANGE = range(24, 32)
SCHEMES = (swx.EAP_AKA, swx.EAP_AKA_PRIME)
SERVER_NAMES = {SCSCF: SERVER_NAME, SCSCF_2: SERVER_NAME_2}


class OneCardTest(SwxTest):
    more_settings = {
        **SwxTest.more_settings,
        "cx": {"max_vectors": "3"},
        "sqn": {"resynchronisations_per_minute": "0"},
    }

    def cx_vectors(self, subscriber, host, items):
        return cx.vectors(self.mar(subscriber, at=self.peer(host), server_name=SERVER_NAMES[host], items=items))

    def test_ranges_of_their_own_need_no_resynchronisation(self):
        chance = random.Random(33102)
        subscriber = self.subscriber()
        epc = AuthenticationCentre(subscriber.k, subscriber.opc, EPC_RANGE, 40, chance)
        # Each network uses what it fetched in its order, some of it long after others have fetched newer ones.
        asked = {
            SCSCF: lambda: self.cx_vectors(subscriber, SCSCF, chance.randint(1, 3)),
            SCSCF_2: lambda: self.cx_vectors(subscriber, SCSCF_2, chance.randint(1, 3)),
            "AAA server, EAP-AKA": lambda: swx.vectors(
                self.swx_mar(subscriber, scheme=swx.EAP_AKA, items=chance.randint(1, 5))
            ),
            "AAA server, EAP-AKA'": lambda: swx.vectors(self.swx_mar(subscriber, items=chance.randint(1, 5))),
            "EPC": lambda: [epc.issue(chance.choice((1, 1, 1, 2, 5)))],
        }
        # The AAA server is one node with one index: its vectors make one queue.
        queues = {name: collections.deque() for name in (SCSCF, SCSCF_2, "AAA server", "EPC")}
        used, indices, ages = collections.Counter(), collections.defaultdict(set), []
        for turn in range(ROUNDS):
            if turn == ROUNDS // 2:
                self.crash()  # what was fetched before it is used after it
            name = chance.choice(list(asked))
            queue = queues[name.partition(",")[0]]
            if not queue or chance.random() < 0.3:
                queue.extend((turn, vector) for vector in asked[name]())
            if chance.random() < 0.3:
                continue  # kept for later
            fetched, vector = queue.popleft()
            network = name.partition(",")[0]
            if network == "EPC":
                outcome = subscriber.usim.challenge(*vector)
                self.assertEqual(outcome.kind, "ok", f"turn {turn}: EPC")
            elif network == "AAA server":
                outcome = self.assert_agreed(subscriber, vector)
            else:
                outcome = subscriber.usim.challenge(vector.rand, vector.autn)
                self.assertEqual(outcome.kind, "ok", f"turn {turn}: {name}")
            used[network] += 1
            indices[network].add(outcome.sqn & 31)
            ages.append(turn - fetched)
        self.assertGreater(min(used.values()), 20, used)
        self.assertGreater(sum(age > 5 for age in ages), 40, "hardly a vector was used late")
        self.assertEqual(indices["EPC"], set(EPC_RANGE))
        self.assertEqual([len(indices[name]) for name in (SCSCF, SCSCF_2, "AAA server")], [1, 1, 1])
        self.assertNotEqual(indices[SCSCF], indices[SCSCF_2])
        self.assertLess(max(indices[SCSCF] | indices[SCSCF_2]), 16)
        self.assertLessEqual(indices["AAA server"], set(range(16, 24)))
        # Nobody has run away from the others: the SEQs are of one magnitude.
        self.assertLess(epc.seq, 1000)
        self.assertLess(subscriber.usim.seq_ms, 1000)

    def test_both_at_the_very_same_time(self):
        subscriber = self.subscriber()
        requests = [(self.scscf, cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)) for _ in range(40)]
        requests += [(self.aaa, swx.mar(self.aaa, subscriber.imsi, scheme)) for scheme in SCHEMES for _ in range(20)]
        random.Random(8).shuffle(requests)
        sent = [(request, connection.send(request)) for connection, request in requests]
        vectors = []
        for request, pending in sent:
            answer = pending.result()
            self.assertEqual(self.check(request, answer), cx.SUCCESS)
            vectors += cx.vectors(answer)
        vectors.sort(key=subscriber.sqn)
        self.assertEqual([subscriber.sqn(vector)[0] for vector in vectors], list(range(1, 81)))
        self.assertEqual(len({subscriber.sqn(vector)[1] for vector in vectors}), 2)
        for vector in vectors:
            if vector.scheme in SCHEMES:
                self.assert_agreed(subscriber, vector)
            else:
                self.assert_accepted(subscriber, vector)

    def resynchronisations(self, epc_indices, rounds):
        """An EPC with a SEQ ahead of ours takes every other turn, the AAA server and the S-CSCF the others. For each of
        ours: its IND, and how many of them have needed a resynchronisation so far."""
        chance = random.Random(636)
        subscriber = self.subscriber()
        epc = AuthenticationCentre(subscriber.k, subscriber.opc, epc_indices, 1000, chance)
        count, seen = 0, []
        for turn in range(rounds):
            # It issues more than we do: several vectors for each that this card sees.
            self.assertEqual(subscriber.usim.challenge(*epc.issue(ahead=4)).kind, "ok", f"turn {turn}")
            ask = self.vector if turn % 2 else lambda one, **more: self.swx_vector(one, swx.EAP_AKA, **more)
            vector = ask(subscriber)
            outcome = subscriber.usim.challenge(vector.rand, vector.autn)
            if outcome.kind == "sync_failure":
                count += 1
                vector = ask(subscriber, authorization=vector.rand + outcome.auts)
                outcome = subscriber.usim.challenge(vector.rand, vector.autn)
            self.assertEqual(outcome.kind, "ok", f"turn {turn}")
            seen.append((outcome.sqn & 31, count))
        return seen

    def test_the_same_range_resynchronises_for_ever(self):
        subscriber = self.subscriber()
        ours = {subscriber.sqn(self.swx_vector(subscriber))[1], subscriber.sqn(self.vector(subscriber))[1]}
        apart = self.resynchronisations(EPC_RANGE, rounds=24)
        self.assertEqual({ind for ind, _ in apart}, ours, "an index belongs to a node, whoever is asked for")
        self.assertEqual(apart[-1][1], 0)
        same = self.resynchronisations(sorted(ours, reverse=True), rounds=48)
        # From the first turn to the last, each of ours is refused once: twice the rounds, twice the resynchronisations.
        self.assertEqual([count for _, count in same], list(range(1, 49)))


if __name__ == "__main__":
    unittest.main()
