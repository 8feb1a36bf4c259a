"""Fifty users at once: each registers through Kamailio with its own card, and all of them register again together."""
# SPDX-License-Identifier: MIT

import threading
import unittest

from tests.interop.support import CscfTest
from tests.system.support import IND_BITS

USERS = 50
PATIENCE = 30  # seconds for a response: all of them are computed on the cores of one small machine
SLOTS = 1 << IND_BITS  # of the card's array of sequence numbers


class FiftyUsers(CscfTest):
    def register_together(self, phones):
        """The attempt of each; nobody begins before all can."""
        attempts = [None] * len(phones)
        ready = threading.Barrier(len(phones))

        def register(index):
            ready.wait()
            attempts[index] = phones[index].register()

        threads = [threading.Thread(target=register, args=(index,)) for index in range(len(phones))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertNotIn(None, attempts, "a phone had no answer")
        return attempts

    def assert_all_accepted(self, attempts):
        """No card is out of step, and each gets what was made with its own keys."""
        for attempt in attempts:
            self.assert_accepted_by_network(attempt)
            self.assert_challenge_of_aka(attempt)

    def assert_logged_for_all(self, command, subscribers, words):
        for subscriber in subscribers:
            self.assert_logged(command, subscriber, words)

    def test_fifty_register_and_register_again(self):
        subscribers = [self.subscriber() for _ in range(USERS)]
        phones = [self.phone(subscriber, timeout=PATIENCE) for subscriber in subscribers]

        first = self.register_together(phones)
        self.assert_all_accepted(first)
        for subscriber in subscribers:
            self.assert_registered_at_scscf(subscriber)
        self.assert_logged_for_all("UAR", subscribers, "DIAMETER_FIRST_REGISTRATION")
        self.assert_logged_for_all("SAR", subscribers, r"\bREGISTRATION -> DIAMETER_SUCCESS")
        stood = [subscriber.usim.sqn_ms for subscriber in subscribers]

        again = self.register_together(phones)
        self.assert_all_accepted(again)
        self.assert_logged_for_all("UAR", subscribers, "DIAMETER_SUBSEQUENT_REGISTRATION")
        self.assert_logged_for_all("SAR", subscribers, "RE_REGISTRATION -> DIAMETER_SUCCESS")

        for subscriber, before, attempts in zip(subscribers, stood, zip(first, again), strict=True):
            self.assertGreater(subscriber.usim.sqn_ms, before)
            # In the slot of the one S-CSCF each challenge stands above those before, and the HSS where the card stands.
            offered = [outcome.sqn for attempt in attempts for outcome in attempt.outcomes]
            self.assertEqual(offered, sorted(set(offered)))
            self.assertEqual(len({sqn % SLOTS for sqn in offered}), 1)
            (key_set,) = self.assert_registered_at_scscf(subscriber)["key_sets"]
            self.assertEqual((int(key_set["sqn"], 16), offered[-1]), (subscriber.usim.sqn_ms,) * 2)
            self.assertNotIn("last_resynchronisation", key_set)
        rands = [challenge.rand for attempt in first + again for challenge in attempt.challenges]
        self.assertEqual(len(set(rands)), len(rands))


if __name__ == "__main__":
    unittest.main()
