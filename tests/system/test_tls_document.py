# docs/tls.md does what it says: its commands are run as they stand, from the authority to the look at the server, and
# the server and a peer then use what they made. The lines of the log are compared by the tests that bring them about.
# SPDX-License-Identifier: MIT
import pathlib
import re
import ssl
import subprocess
import unittest

from tests.peer import cx
from tests.peer.certificates import Authority
from tests.peer.connection import open_tcp
from tests.peer.server import HOST, ICSCF, SCSCF
from tests.peer.tls import TlsSocket
from tests.system.support import HssTest
from tests.system.tls_support import TlsServer, document

INDENT = "    "


def blocks(section):
    """The indented blocks of a section of the document."""
    (body,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", document(), re.MULTILINE | re.DOTALL)
    found = re.findall(rf"(?:^{INDENT}.*\n)+", body, re.MULTILINE)
    return [re.sub(rf"^{INDENT}", "", block, flags=re.MULTILINE) for block in found]


class DocumentedServer(TlsServer):
    """Its certificates are the document's."""

    def __init__(self, **options):
        super().__init__(**options)
        self.place = pathlib.Path(self._temporary.name) / "place"
        self.place.mkdir()
        found = blocks("Turning it on")
        self.shown = next(block for block in found if "SecPort" in block)
        self.look = next(block for block in found if "s_client" in block)
        self.shell("".join(block for block in found if block not in (self.shown, self.look)))

    def shell(self, script, where="."):
        script = script.replace("/etc/minihss", str(self.directory))
        script = script.replace("192.0.2.1:5868", f"127.0.0.1:{self.tls_port}")
        names = f"NAME={HOST}\nPEER={SCSCF}\n" if where != "." else ""
        done = subprocess.run(
            ["bash", "-euc", names + script], cwd=self.place / where, capture_output=True, text=True, timeout=60
        )
        if done.returncode != 0:
            raise AssertionError(f"{script}: {done.stderr}")
        return done.stdout + done.stderr

    @property
    def authority_directory(self):
        return self.place / "diameter-ca"


class DocumentTest(HssTest):
    server_type = DocumentedServer

    def test_the_lines_of_the_configuration_are_those_of_its_comments(self):
        configuration = self.server.configuration.read_text()
        for line in self.server.shown.splitlines():
            line = line.replace("/etc/minihss", str(self.server.directory)).replace("5868", str(self.server.tls_port))
            self.assertRegex(configuration, rf"(?m)^{re.escape(line)}$")
        self.server.wait_log(rf"TLS port {self.server.tls_port}$")

    def test_the_look_at_the_server(self):
        said = self.server.shell(self.server.look, "diameter-ca")
        self.assertIn("Verification: OK", said)
        self.assertIn(f"Verified peername: {HOST}", said)
        self.assertNotIn("alert", said)

    def test_the_peer_is_served(self):
        made = self.server.authority_directory
        tls = ssl.create_default_context(cafile=made / "ca.pem")
        tls.load_cert_chain(made / f"{SCSCF}.pem", made / f"{SCSCF}.key")
        with self.server.connect(SCSCF, tls=tls) as connection:
            self.connections[SCSCF] = connection
            self.assert_accepted(subscriber := self.subscriber(), self.vector(subscriber))

    def test_the_key_is_for_the_server_alone(self):
        self.assertEqual((self.server.directory / "tls" / "key.pem").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.server.authority_directory.stat().st_mode & 0o777, 0o700)


class RenewalTest(HssTest):
    server_type = TlsServer

    def shown_serial(self):
        """Of the certificate that the server shows."""
        client = self.server.authority.client(self.server.credentials(SCSCF))
        shown = TlsSocket(open_tcp(("127.0.0.1", self.server.tls_port), 30), client, HOST)
        shown.close()
        return shown.certificate["serialNumber"]

    def test_a_restart_brings_the_new_certificate(self):
        old = self.shown_serial()
        self.server.install(self.server.authority.credentials(HOST))
        self.assertEqual(self.shown_serial(), old)
        self.server.restart()
        self.assertNotEqual(self.shown_serial(), old)

    def test_a_second_authority(self):
        new = Authority(self.server.directory.parent / "new")
        self.disconnect()
        self.server.stop()
        line = f'TLS_CA = "{self.server.directory}/tls/ca.pem";'
        self.server.change_configuration(line, f'{line}\nTLS_CA = "{new.certificate}";')
        self.server.start()
        subscriber = self.subscriber()
        for authority in (self.server.authority, new):
            tls = self.server.authority.client(authority.credentials(ICSCF))
            with self.server.connect(ICSCF, tls=tls) as connection:
                request = cx.uar(connection, subscriber.impi, subscriber.sip)
                self.assertEqual(self.check(request, connection.request(request)), cx.FIRST_REGISTRATION)


if __name__ == "__main__":
    unittest.main()
