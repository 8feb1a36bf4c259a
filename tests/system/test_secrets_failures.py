# No key in anything that the server says when answers reach nobody, the store fails, or it ends under load.
# SPDX-License-Identifier: MIT
import hashlib
import os
import re
import resource
import secrets
import socket
import sqlite3
import struct
import threading
import unittest

from tests.peer import cx, swx
from tests.peer.connection import SWX, ConnectionLost
from tests.peer.server import REALM, wait_until
from tests.system.secrets_support import SecretsTest, issued
from tests.system.support import SERVER_NAME, Subscriber, keep_asking


class FailuresTest(SecretsTest):
    def digest_subscriber(self):
        """What the server makes for a peer that is gone has its HA1 in it, which is known."""
        subscriber = self.add(Subscriber(), "--sip-password-file", self.password())
        credentials = f"{subscriber.impi}:{REALM}:{(self.inputs / 'password').read_text().strip()}".encode()
        self.keep("HA1", hashlib.md5(credentials).digest(), hashlib.sha256(credentials).digest())
        return subscriber

    def dropped(self, application, host):
        """How many MAAs to a host were dropped, by freeDiameter or before it was given them, as the log says."""
        log = self.server.log()
        line = rf"warning command 303 answer of application {application} to {re.escape(host)}: dropped: "
        lost = re.findall(rf"(\d+) answers? to {re.escape(host)} \[[^]]*\] lost: ", log)
        return len(re.findall(line, log)) + sum(map(int, lost))


class StoreTest(FailuresTest):
    more_settings = SecretsTest.more_settings | {"store": {"queue_limit": "32"}}
    wanted = {"K": 300, "OPc": 300, "CK": 20, "IK": 20, "XRES": 20, "HA1": 1, "password": 1}

    def locked(self):
        """Somebody else has the database: what writes waits until ROLLBACK."""
        other = sqlite3.connect(self.server.database_file, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        return other

    def test_answers_to_connections_that_are_gone(self):
        by_aka, by_digest = self.subscriber(), self.digest_subscriber()
        on_cx = self.server.connect(f"scscf-gone.{REALM}")
        on_swx = self.server.connect(f"aaa-gone.{REALM}", applications=(SWX,))
        other = self.locked()
        on_cx.send(cx.mar(on_cx, by_aka.impi, by_aka.sip, SERVER_NAME, items=2))
        on_cx.send(cx.mar(on_cx, by_digest.impi, by_digest.sip, SERVER_NAME, scheme="SIP Digest"))
        on_swx.send(swx.mar(on_swx, by_aka.imsi, swx.EAP_AKA, items=2))
        for connection in (on_cx, on_swx):
            connection.abort()
            self.server.wait_log(rf"'STATE_OPEN' -> '\w+' '{connection.host}'")
        self.assertEqual(len(issued(self.server.database_file).get(by_aka.imsi, ())), 0)
        other.execute("ROLLBACK")
        wait_until(lambda: self.dropped(cx.CX, on_cx.host) == 2, 30, lambda: self.server.log()[-3000:])
        wait_until(lambda: self.dropped(SWX, on_swx.host) == 1, 30, lambda: self.server.log()[-3000:])
        # Nobody has received these vectors; their keys are among those that are looked for.
        self.assertEqual(len(issued(self.server.database_file)[by_aka.imsi]), 4)

    def test_more_than_the_queue_takes(self):
        subscriber = self.subscriber()
        other = self.locked()
        request = cx.mar(self.scscf, subscriber.impi, subscriber.sip, SERVER_NAME)
        pendings = [self.scscf.send(request) for _ in range(200)]
        wait_until(lambda: sum(one.done for one in pendings) >= 100, 30, "nothing is refused")
        other.execute("ROLLBACK")
        results = {self.check(one.request, one.result()) for one in pendings}
        self.assertEqual(results, {cx.SUCCESS, cx.TOO_BUSY})

    def test_a_full_disk(self):
        rows = []
        for number in range(300):
            subscriber = self.milenage()
            rows.append(f"{subscriber.imsi},{subscriber.msisdn},{subscriber.k.hex()},{subscriber.opc.hex()}")
        self.server.hssctl("import", self.input("many.csv", "\n".join(["imsi,msisdn,k,opc", *rows]) + "\n"))
        by_aka, by_digest = self.subscriber(), self.digest_subscriber()
        log = self.server.database_file.with_name("hss.db-wal")
        self.assertGreater(log.stat().st_size, 2 * self.server.log_file.stat().st_size, "the server's log has room")
        pid, unlimited = self.server.process.pid, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
        try:
            self.mar(by_aka, cx.UNABLE_TO_COMPLY)
            self.mar(by_digest, cx.UNABLE_TO_COMPLY, scheme="SIP Digest")
            self.swx_mar(by_aka, cx.UNABLE_TO_COMPLY)
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
        self.assertRegex(self.server.log(), "error .*a commit failed and its 1 transactions were rolled back")
        self.assert_accepted(by_aka, self.vector(by_aka))

    def test_the_database_is_gone_for_a_while(self):
        by_aka = self.subscriber()
        aside = self.server.database_file.with_name("aside.db")
        os.rename(self.server.database_file, aside)
        try:
            self.mar(by_aka, cx.UNABLE_TO_COMPLY)
            key = secrets.token_bytes(16)
            self.keep("K", key)
            refused = self.server.hssctl("subscriber", "add", "--imsi", "001019999999999", "--msisdn", "15559999999",
                                         "--k", key.hex(), "--opc", key.hex(), check=False)
            self.assertEqual(refused.returncode, 1)
        finally:
            os.rename(aside, self.server.database_file)
        self.assert_accepted(by_aka, self.vector(by_aka))


class EndTest(FailuresTest):
    """It has ended when the test is done."""

    wanted = {"K": 1, "OPc": 1, "CK": 200, "IK": 200, "XRES": 200, "HA1": 1}

    def tearDown(self):
        self.assertFalse(self.server.running)

    def hang_up(self, by_aka, by_digest, number):
        """Asks for much, and is gone before it has read any of it."""
        connection = self.server.connect(f"scscf-gone{number}.{REALM}")
        for _ in range(40):
            connection.send(cx.mar(connection, by_aka.impi, by_aka.sip, SERVER_NAME, items=5))
            connection.send(cx.mar(connection, by_digest.impi, by_digest.sip, SERVER_NAME, scheme="SIP Digest"))
        connection._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.abort()

    def test_hanging_up_and_the_end_under_load(self):
        by_aka, by_digest = self.subscriber(), self.digest_subscriber()
        connections = [self.server.connect(f"load{number}.{REALM}") for number in range(4)]
        stop = threading.Event()
        sent = [[] for _ in connections]

        def ask(connection, pendings):
            aka = cx.mar(connection, by_aka.impi, by_aka.sip, SERVER_NAME)
            digest = cx.mar(connection, by_digest.impi, by_digest.sip, SERVER_NAME, scheme="SIP Digest")
            keep_asking(connection, [aka, digest], pendings, stop)

        threads = [threading.Thread(target=ask, args=each) for each in zip(connections, sent)]
        for thread in threads:
            thread.start()
        for number in range(8):
            self.hang_up(by_aka, by_digest, number)
            for words in (("subscriber", "show", by_aka.imsi), ("export", "--format", "json"), ("check",)):
                self.server.hssctl(*words)
        self.server.wait_log(r"command 303 answer of application \d+ to scscf-gone.*: dropped: ")
        wait_until(lambda: min(map(len, sent)) >= 200, 60, "there is no load")
        self.server.stop()  # with which exit code, test_shutdown.py asks
        stop.set()
        for thread in threads:
            thread.join()
        results = set()
        for one in (one for pendings in sent for one in pendings):
            try:
                results.add(self.check(one.request, one.result(0)))
            except (ConnectionLost, TimeoutError):
                results.add("none")
        self.assertIn(cx.SUCCESS, results)
        self.assertTrue(results & {cx.TOO_BUSY, "none"}, "it was not under load when it ended")


if __name__ == "__main__":
    unittest.main()
