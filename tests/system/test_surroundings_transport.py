# A server that cannot listen as freeDiameter.conf says ends by itself, with a line that names what is wrong:
# certificates, ports, SCTP. What the kernel has of SCTP decides which half of its test there is to do; there always is
# one.
# SPDX-License-Identifier: MIT
import re
import socket
import subprocess
import sys
import unittest

from tests.peer import cx
from tests.peer.certificates import Authority
from tests.peer.checks import assert_common
from tests.peer.server import HOST, ICSCF, REALM, SCSCF, Server
from tests.system.tls_support import TlsServer, quoted


class StartTest(unittest.TestCase):
    def serve(self, kind):
        self.server = kind()
        self.addCleanup(self.server.close)

    def assert_fails(self, *words, documented=True):
        """Ends by itself with an error, and says so in one line, which has these words: those of docs/tls.md."""
        if documented:
            for part in words:
                self.assertTrue(quoted(part), f"docs/tls.md does not have it: {part}")
        self.server.log_file.unlink(missing_ok=True)
        self.server.launch()
        try:
            code = self.server.process.wait(30)
        except subprocess.TimeoutExpired:
            self.server.kill9()
            self.fail(f"it runs on; the log:\n{self.server.log()}")
        log = self.server.log()
        self.assertEqual(code, 255, log)
        telling = [line for line in log.splitlines() if all(word in line for word in words)]
        self.assertEqual(len(telling), 1, log)


class CertificatesTest(StartTest):
    def setUp(self):
        self.serve(TlsServer)
        self.directory = self.server.directory / "tls"

    def test_as_it_is_made_it_starts(self):
        self.server.start()
        self.assertEqual(self.server.stop(), 0)

    def test_no_file(self):
        for name, what in (("key.pem", "private key"), ("ca.pem", "CA"), ("cert.pem", "certificate")):
            with self.subTest(name):
                kept = (self.directory / name).read_bytes()
                (self.directory / name).unlink()
                self.assert_fails(f"Unable to open {what} file ", ": No such file or directory")
                (self.directory / name).write_bytes(kept)

    def test_a_key_of_another_certificate(self):
        other = self.server.authority.credentials(HOST)
        (self.directory / "key.pem").write_bytes(other.key.read_bytes())
        self.assert_fails("The certificate and the given key do not match.")

    def test_another_name(self):
        self.server.install(self.server.authority.credentials(SCSCF))
        self.assert_fails("TLS: The certificate owner does not match the hostname '")

    def test_an_old_one(self):
        past = ("20200101000000Z", "20210101000000Z")
        self.server.install(self.server.authority.credentials(HOST, dates=past))
        self.assert_fails(" - The certificate is expired.")

    def test_another_authority(self):
        other = Authority(self.server.directory.parent / "other")
        self.server.install(other.credentials(HOST))
        self.assert_fails(" - The certificate hasn't got a known issuer. Did you forget to specify TLS_CA ?")

    def test_two_authorities_in_one_file(self):
        other = Authority(self.server.directory.parent / "other", "Other CA")
        with open(self.directory / "ca.pem", "ab") as file:
            file.write(other.certificate.read_bytes())
        self.assert_fails("The provided X.509 certificate list is not sorted")

    def test_one_port_for_both(self):
        self.server.change_configuration(f"SecPort = {self.server.tls_port}", f"SecPort = {self.server.port}")
        self.assert_fails("hss.fdx: Port and SecPort in freeDiameter.conf are both ")


class LateFailureTest(StartTest):
    def test_a_port_that_is_taken_where_freediameter_decides(self):
        # Without `listen` nothing is tried beforehand: freeDiameter fails when the HSS is up.
        self.serve(Server)
        self.server.change_settings({"diameter": {"listen": "[]"}})
        with socket.create_server(("127.0.0.1", self.server.port)):
            self.assert_fails("bind(", "Address already in use", documented=False)


def sctp_socket():
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP)


def kernel_has_sctp():
    try:
        sctp_socket().close()
    except OSError:
        return False
    return True


class SctpTest(StartTest):
    def setUp(self):
        self.serve(Server)
        configuration = self.server.directory / "freeDiameter.conf"
        text = configuration.read_text()
        self.assertEqual(text.count("\nNo_SCTP;\n"), 1)
        configuration.write_text(text.replace("\nNo_SCTP;\n", "\n"))

    def test_what_this_kernel_has_of_it(self):
        has = kernel_has_sctp()
        print(f"this kernel has {'' if has else 'no '}SCTP", file=sys.stderr)
        if has:
            self.served_over_sctp()
        else:
            self.assert_fails(
                "hss.fdx: this kernel has no SCTP, which freeDiameter.conf asks for (Protocol not supported): "
                "load the module (modprobe sctp), or write No_SCTP; there"
            )

    def served_over_sctp(self):
        def connect(address, timeout):
            connected = sctp_socket()
            connected.settimeout(timeout)
            connected.connect(address)
            return connected

        self.server.start()
        for opened in ({"open_socket": connect}, {}):  # and over TCP as before
            with self.server.connect(ICSCF, **opened) as connection:
                request = cx.uar(connection, f"nobody@{REALM}", f"sip:nobody@{REALM}")
                answer = connection.request(request)
                self.assertEqual(assert_common(self, request, answer, HOST, REALM), cx.USER_UNKNOWN)
        self.server.wait_log(rf"info peer {re.escape(ICSCF)} \[127\.0\.0\.1:\d+\] connected over SCTP$")
        self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
