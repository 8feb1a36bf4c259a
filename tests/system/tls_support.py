# A server with TLS, turned on as the comments of its freeDiameter.conf say, and peers with certificates of its
# authority.
# SPDX-License-Identifier: MIT
import pathlib
import re
import shutil

from tests.peer.certificates import Authority
from tests.peer.connection import Connection, open_tcp
from tests.peer.server import HOST, REALM, SCSCF, Server, free_port, listening_sockets
from tests.peer.tls import TlsSocket

_DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs" / "tls.md"


def document():
    """docs/tls.md."""
    return _DOCUMENT.read_text(encoding="utf-8")


def quoted(words):
    """Whether the document has these words of the log, wherever it breaks the line."""
    return words.strip() in " ".join(document().split())


def uncomment(text, count, pattern):
    """The lines of freeDiameter.conf that are a comment for whoever wants what `pattern` begins, in force."""
    text, done = re.subn(rf"^#\s+(?={pattern})", "", text, flags=re.MULTILINE)
    assert done == count, f"{done} lines of {pattern} are in comments, not {count}"
    return text


class TlsServer(Server):
    """Peers connect over TLS unless they say otherwise."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.authority = Authority(pathlib.Path(self._temporary.name) / "ca")
        self.tls_port = free_port()
        while self.tls_port == self.port:
            self.tls_port = free_port()
        self.ports = [self.port, self.tls_port]  # that it listens on when it has started
        self._credentials = {}
        text = uncomment(self.configuration.read_text(), 3, "SecPort = |TLS_Cred = |TLS_CA = ")
        self.configuration.write_text(text.replace("SecPort = 5868;", f"SecPort = {self.tls_port};"))
        self.install(self.authority.credentials(HOST))
        shutil.copy(self.authority.certificate, self.directory / "tls" / "ca.pem")

    @property
    def configuration(self):
        return self.directory / "freeDiameter.conf"

    def install(self, credentials):
        """Its own certificate and key, where freeDiameter.conf has them."""
        (self.directory / "tls").mkdir(exist_ok=True)
        shutil.copy(credentials.certificate, self.directory / "tls" / "cert.pem")
        shutil.copy(credentials.key, self.directory / "tls" / "key.pem")

    def change_configuration(self, old, new):
        """Replaces a line or part of one in freeDiameter.conf."""
        text = self.configuration.read_text()
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.configuration.write_text(text.replace(old, new))

    def without_plain_port(self):
        self.change_configuration(f"\nPort = {self.port};", "\nPort = 0;")
        self.ports = [self.tls_port]

    def _listens(self):
        super()._listens()  # tells when it has ended
        return {port for _, port in listening_sockets(self.process.pid)} >= set(self.ports)

    # ---- peers ----

    def credentials(self, host):
        """A good certificate for a peer, the same one each time."""
        if host not in self._credentials:
            self._credentials[host] = self.authority.credentials(host)
        return self._credentials[host]

    def connect(self, host=SCSCF, realm=REALM, tls=None, kind=Connection, **options):
        """`tls`: an ssl.SSLContext instead of a good one."""
        tls = tls or self.authority.client(self.credentials(host))

        def open_tls(address, timeout):
            return TlsSocket(open_tcp(address, timeout), tls, HOST)

        options.setdefault("open_socket", open_tls)
        return kind(("127.0.0.1", self.tls_port), host, realm, **options)

    def connect_plain(self, host=SCSCF, **options):
        """To the port without TLS."""
        return super().connect(host, **options)
