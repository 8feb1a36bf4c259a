# The flag of a challenge that was answered but never followed by a SAR: it holds the S-CSCF's name, and it lapses.
# SPDX-License-Identifier: MIT
import unittest

from tests.peer import cx
from tests.peer.server import wait_until
from tests.system.support import SERVER_NAME, SERVER_NAME_2, HssTest


class LapseTest(HssTest):
    more_settings = {"cx": {"auth_pending_seconds": "1"}}

    def wait_lapsed(self, subscriber):
        request = cx.uar(self.icscf, subscriber.impi, subscriber.sip)

        def lapsed():
            return self.check(request, self.icscf.request(request)) == cx.FIRST_REGISTRATION

        wait_until(lapsed, 20, "the flag does not lapse")

    def test_an_abandoned_challenge_is_forgotten(self):
        subscriber = self.subscriber()
        self.mar(subscriber)
        self.wait_lapsed(subscriber)
        self.assert_first_registration(subscriber)
        self.assert_not_registered(subscriber)

    def test_a_late_registration_still_works(self):
        subscriber = self.subscriber()
        self.mar(subscriber)
        self.wait_lapsed(subscriber)
        self.sar(subscriber, cx.REGISTRATION, at=self.scscf_2, server_name=SERVER_NAME_2)
        self.assert_registered(subscriber, SERVER_NAME_2)

    def test_the_registered_stay(self):
        subscriber, witness = self.subscriber(), self.subscriber()
        self.register(subscriber)
        self.mar(subscriber)  # authenticated again, and never followed by a SAR
        self.mar(witness)
        self.wait_lapsed(witness)
        self.assert_registered(subscriber)
        self.assert_served_by(subscriber, SERVER_NAME)

    def test_a_restart_does_not_keep_it_alive(self):
        subscriber = self.subscriber()
        self.mar(subscriber)
        self.disconnect()
        self.server.kill9()
        self.server.start()
        self.wait_lapsed(subscriber)


if __name__ == "__main__":
    unittest.main()
