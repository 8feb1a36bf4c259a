# Requests of many peers with one Session-Id at the same time: freeDiameter's own table of sessions must not see it.
# SPDX-License-Identifier: MIT
import threading
import unittest

from tests.peer import cx, diameter
from tests.peer.diameter import Avp, Message
from tests.peer.server import REALM
from tests.system.support import SERVER_NAME, HssTest

SESSION = "the.same.session;1;1"
COMMAND_UNSUPPORTED = 3001
APPLICATION_UNSUPPORTED = 3007
GX = 16777238


class SameSessionTest(HssTest):
    peers = (f"*.{REALM}",)

    def ask_often(self, connection, subscriber, faults):
        """Four at a time; freeDiameter answers those of the unknown command, and of the unknown application, itself."""
        ours = cx.mar(connection, subscriber.impi, subscriber.sip, SERVER_NAME).replacing(
            Avp(diameter.SESSION_ID, SESSION)
        )
        unknown = Message(399, cx.CX, ours.flags, ours.avps)
        elsewhere = Message(399, GX, ours.flags, ours.avps)
        expected = [cx.SUCCESS[1], COMMAND_UNSUPPORTED, APPLICATION_UNSUPPORTED, cx.SUCCESS[1]]
        try:
            for _ in range(100):
                pendings = connection.send_together([ours, unknown, elsewhere, ours])
                answers = [pending.result() for pending in pendings]
                faults += [
                    f"Session-Id {answer.find(diameter.SESSION_ID).text}"
                    for answer in answers
                    if answer.find(diameter.SESSION_ID).text != SESSION
                ]
                codes = [answer.find(diameter.RESULT_CODE).number for answer in answers]
                if codes != expected:
                    faults.append(f"Result-Codes {codes}")
        except Exception as fault:  # in a thread: the test tells of it
            faults.append(repr(fault))

    def test_one_session_id_at_many_peers_at_once(self):
        subscriber = self.subscriber()
        connections = [self.peer(f"scscf{number}.{REALM}") for number in range(8)]
        faults = []
        threads = [
            threading.Thread(target=self.ask_often, args=(connection, subscriber, faults))
            for connection in connections
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        self.assertTrue(self.server.running)


if __name__ == "__main__":
    unittest.main()
