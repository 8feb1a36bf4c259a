# hssctl at work beside a running server: what it writes is true for the next request, and neither keeps the other
# waiting for long.
# SPDX-License-Identifier: MIT
import csv
import os
import subprocess
import tempfile
import threading
import unittest

from tests.peer import cx
from tests.peer.server import wait_until
from tests.system.support import SERVER_NAME, HssTest, Subscriber


class ProvisioningTest(HssTest):
    def test_add_is_seen_by_the_next_request(self):
        for _ in range(5):
            stranger = Subscriber()
            self.uar(stranger, cx.USER_UNKNOWN)
            self.mar(stranger, cx.USER_UNKNOWN)
            self.lir(stranger.sip, cx.USER_UNKNOWN)
            keys = ("--k", stranger.k.hex(), "--opc", stranger.opc.hex())
            self.server.hssctl("subscriber", "add", "--imsi", stranger.imsi, "--msisdn", stranger.msisdn, *keys)
            self.assert_first_registration(stranger)
            self.assert_accepted(stranger, self.vector(stranger))

    def test_remove_is_seen_by_the_next_request(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        self.server.hssctl("subscriber", "remove", subscriber.imsi)
        self.uar(subscriber, cx.USER_UNKNOWN)
        self.mar(subscriber, cx.USER_UNKNOWN)
        self.sar(subscriber, cx.USER_DEREGISTRATION, cx.USER_UNKNOWN)
        self.lir(subscriber.sip, cx.USER_UNKNOWN)

    def test_new_keys_are_seen_by_the_next_request(self):
        subscriber = self.subscriber()
        self.vector(subscriber)
        subscriber.k, subscriber.opc = os.urandom(16), os.urandom(16)
        self.keep_secrets(subscriber.k, subscriber.opc)
        keys = ("--k", subscriber.k.hex(), "--opc", subscriber.opc.hex())
        self.server.hssctl("subscriber", "set", subscriber.imsi, *keys)
        subscriber.usim = subscriber.card()
        self.assert_accepted(subscriber, self.vector(subscriber))

    def test_a_change_keeps_state_and_sqn(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        seq, ind = subscriber.sqn(self.vector(subscriber))
        self.server.hssctl("subscriber", "set", subscriber.imsi, "--visited-network", "home.example")
        self.uar(subscriber, cx.ROAMING_NOT_ALLOWED, visited_network="elsewhere.example")
        self.assert_registered(subscriber)
        self.assertEqual(subscriber.sqn(self.vector(subscriber)), (seq + 1, ind))

    def test_the_server_is_seen_by_hssctl(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        shown = self.server.hssctl("subscriber", "show", subscriber.sip).stdout
        self.assertIn(SERVER_NAME, shown)
        self.assertIn(self.scscf.host, shown)
        self.assertRegex(shown, "(?i)registered")
        for secret in (subscriber.k, subscriber.opc):
            self.assertNotIn(secret.hex(), shown.lower())
        self.sar(subscriber, cx.USER_DEREGISTRATION)
        self.assertNotIn(SERVER_NAME, self.server.hssctl("subscriber", "show", subscriber.imsi).stdout)

    def test_an_imported_export_changes_nothing(self):
        subscriber = self.subscriber()
        self.register(subscriber)
        seq, ind = subscriber.sqn(self.vector(subscriber))
        exported = self.server.hssctl("export", "--format", "json", "--with-keys").stdout
        self.server.hssctl("import", "-", input=exported)
        self.assert_registered(subscriber)
        self.assertEqual(subscriber.sqn(self.vector(subscriber)), (seq + 1, ind))

    def test_a_bad_file_writes_nothing(self):
        good, bad = Subscriber(), Subscriber()
        lines = ["imsi,msisdn,k,opc"]
        lines.append(f"{good.imsi},{good.msisdn},{good.k.hex()},{good.opc.hex()}")
        lines.append(f"{bad.imsi},{bad.msisdn},{bad.k.hex()[:-1]},{bad.opc.hex()}")
        done = self.server.hssctl("import", "-", input="\n".join(lines) + "\n", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "line 3.*k")
        self.assertNotIn(bad.k.hex()[:-1], done.stderr.lower())
        self.uar(good, cx.USER_UNKNOWN)


class ImportTest(HssTest):
    """Imports while MARs are answered. What counts is that both come forward, not how fast."""

    def import_beside_mars(self, count):
        rows = [Subscriber() for _ in range(count)]
        served = [self.subscriber() for _ in range(8)]
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["imsi", "msisdn", "k", "opc"])
            for row in rows:
                writer.writerow([row.imsi, row.msisdn, row.k.hex(), row.opc.hex()])
            file.flush()
            answered = self.answer_while(served, ["import", file.name])
        # The whole of it is there, from the first line to the last.
        for row in (rows[0], rows[count // 2], rows[-1]):
            self.keep_secrets(row.k, row.opc)
            self.assert_accepted(row, self.vector(row))
        return answered

    def answer_while(self, served, arguments):
        """How many MARs are answered while hssctl runs; each with success, none with an SQN that was there before."""
        importer = subprocess.Popen(
            [str(self.server.build / "bin" / "hssctl"), "-C", str(self.server.directory), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(importer.kill)
        output = []
        reader = threading.Thread(target=lambda: output.extend(importer.communicate()))
        reader.start()
        last = dict.fromkeys(served, 0)
        answered = 0
        while importer.poll() is None:
            for subscriber in served:
                seq, _ = subscriber.sqn(self.vector(subscriber))
                self.assertGreater(seq, last[subscriber])
                last[subscriber] = seq
                answered += 1
        reader.join()
        self.assertEqual(importer.returncode, 0, output)
        self.assertEqual(output[1], "")
        return answered

    def test_some_thousands(self):
        self.assertGreater(self.import_beside_mars(5000), 0)

    def test_a_hundred_thousand(self):
        # A server that waited for the import as a whole would answer 8 at the most.
        self.assertGreater(self.import_beside_mars(100_000), 200)

    def test_an_interrupted_import_is_repeated(self):
        rows = [Subscriber() for _ in range(20000)]
        lines = ["imsi,msisdn,k,opc"]
        lines += [f"{row.imsi},{row.msisdn},{row.k.hex()},{row.opc.hex()}" for row in rows]
        file = self.server.directory / "interrupted.csv"
        file.write_text("\n".join(lines) + "\n")
        importer = subprocess.Popen(
            [str(self.server.build / "bin" / "hssctl"), "-C", str(self.server.directory), "import", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(importer.kill)
        wait_until(lambda: self.known(rows[0]), 60, "the first line")
        importer.kill()
        importer.communicate()
        self.assertFalse(self.known(rows[-1]), "it was too quick to be interrupted")
        done = self.server.hssctl("import", str(file))
        self.assertRegex(done.stdout, r"already there [1-9]")
        self.assertTrue(self.known(rows[-1]))

    def known(self, subscriber):
        request = cx.lir(self.icscf, subscriber.sip)
        return self.check(request, self.icscf.request(request)) != cx.USER_UNKNOWN


if __name__ == "__main__":
    unittest.main()
