# What the tests of RTR and PPR share: S-CSCFs that take pushes and answer as they are told, and the outbox as
# `hssctl push list` shows it.
# SPDX-License-Identifier: MIT
import json

from tests.peer.pushes import Inbox, assert_push
from tests.peer.server import HOST, REALM, wait_until
from tests.system.support import HssTest


class PushTest(HssTest):
    """Short times, so that a retry is seen. Every peer takes pushes; its inbox stays when its connection goes."""

    more_settings = {"push": {"answer_seconds": 2, "retry_seconds": 1, "retry_most_seconds": 2}}

    @classmethod
    def setUpClass(cls):
        cls.inboxes = {}
        super().setUpClass()

    @classmethod
    def inbox(cls, host):
        return cls.inboxes.setdefault(host, Inbox(host, REALM))

    @classmethod
    def peer(cls, host):
        known = cls.connections.get(host)
        if known is None or not known.is_open:
            known = cls.connections[host] = cls.server.connect(host, handler=cls.inbox(host))
        return known

    def tearDown(self):
        for host, inbox in self.inboxes.items():
            self.assertTrue(inbox.empty, f"{host} was sent more than the test looked at")
        super().tearDown()

    # ---- the S-CSCF's side ----

    def take(self, host, count=1, timeout=15):
        """The pushes that came to an S-CSCF, each checked."""
        taken = self.inbox(host).take_all(count, timeout)
        for push in taken:
            assert_push(self, push, HOST, REALM, self.inbox(host))
        return taken

    def take_one(self, host, timeout=15):
        return self.take(host, 1, timeout)[0]

    # ---- the operator's side ----

    def deregister(self, identity, *options):
        return json.loads(self.server.hssctl("--json", "deregister", identity, *options).stdout)

    def pushes(self, identity):
        """The outbox of a subscriber, newest first."""
        lines = self.server.hssctl("--json", "push", "list", identity).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def wait_pushes(self, identity, condition, timeout=30):
        """The outbox of a subscriber once `condition` holds for every row of it."""

        def look():
            rows = self.pushes(identity)
            return rows if rows and all(condition(row) for row in rows) else None

        return wait_until(look, timeout, lambda: f"the outbox:\n{json.dumps(self.pushes(identity), indent=1)}")

    def wait_status(self, identity, status, timeout=30):
        return self.wait_pushes(identity, lambda row: row["status"] == status, timeout)
