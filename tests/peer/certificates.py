# An authority that signs certificates for the tests, by openssl's command line: good ones as docs/tls.md makes them,
# and those that a server must not take.
# SPDX-License-Identifier: MIT
import pathlib
import ssl
import subprocess

# What `openssl ca` wants to be told; of its answers only the dates are used, which `openssl x509` cannot set.
_DATED = """
[ca]
default_ca = dated
[dated]
new_certs_dir = {directory}
database = {directory}/index
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""


def openssl(*arguments):
    done = subprocess.run(
        ["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr}")


class Credentials:
    """A certificate and its key, as two files."""

    def __init__(self, certificate, key):
        self.certificate = certificate
        self.key = key


class Authority:
    """A self-signed certificate that may sign others, and its key, in a directory of its own."""

    def __init__(self, directory, name="Diameter CA"):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True)
        self.certificate = self.directory / "ca.pem"
        self._key = self.directory / "ca.key"
        self._count = 0
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"),
            *("-days", "3650", "-keyout", self._key, "-out", self.certificate),
        )

    def credentials(self, host, names=None, dates=None):
        """For the node `host`. `names`: what the certificate says instead, an empty list for a common name alone;
        `dates`: when it begins and ends, as YYYYMMDDHHMMSSZ."""
        made = self._request(host)
        extensions = self._next("extensions")
        names = [host] if names is None else names
        alternatives = ", ".join(f"DNS:{name}" for name in names)
        extensions.write_text(
            (f"subjectAltName = {alternatives}\n" if names else "") + "basicConstraints = CA:FALSE\n"
        )
        request = made.certificate.with_suffix(".csr")
        if dates is None:
            openssl(
                *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key),
                *("-days", "365", "-extfile", extensions, "-out", made.certificate),
            )
            return made
        settings = self._next("cnf")
        settings.write_text(_DATED.format(directory=self.directory))
        (self.directory / "index").touch()
        openssl(
            *("ca", "-batch", "-notext", "-config", settings, "-in", request, "-cert", self.certificate),
            *("-keyfile", self._key, "-startdate", dates[0], "-enddate", dates[1]),
            *("-extfile", extensions, "-out", made.certificate),
        )
        return made

    def self_signed(self, host):
        """By nobody but itself, with the right name."""
        made = self._files()
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={host}"),
            *("-addext", f"subjectAltName=DNS:{host}", "-days", "365", "-keyout", made.key, "-out", made.certificate),
        )
        return made

    def client(self, credentials=None):
        """How a peer speaks TLS: it takes servers of this authority alone, and shows `credentials`."""
        context = ssl.create_default_context(cafile=self.certificate)
        if credentials is not None:
            context.load_cert_chain(credentials.certificate, credentials.key)
        return context

    def _request(self, host):
        made = self._files()
        openssl(
            *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={host}"),
            *("-keyout", made.key, "-out", made.certificate.with_suffix(".csr")),
        )
        return made

    def _files(self):
        return Credentials(self._next("pem"), self.directory / f"{self._count}.key")

    def _next(self, suffix):
        self._count += 1
        return self.directory / f"{self._count}.{suffix}"
