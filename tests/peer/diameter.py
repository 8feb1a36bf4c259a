# Diameter (RFC 6733) messages as octets and back, written from the RFC alone: what the server sends is read strictly,
# so that a slip in its encoding shows.
# SPDX-License-Identifier: MIT
import struct

FLAG_REQUEST = 0x80
FLAG_PROXIABLE = 0x40
FLAG_ERROR = 0x20
FLAG_RETRANSMITTED = 0x10

AVP_VENDOR = 0x80
AVP_MANDATORY = 0x40
AVP_PROTECTED = 0x20

# Commands (RFC 6733 3.1)
CAPABILITIES_EXCHANGE = 257
DEVICE_WATCHDOG = 280
DISCONNECT_PEER = 282

# AVPs (RFC 6733 4.5)
USER_NAME = 1
PROXY_STATE = 33
HOST_IP_ADDRESS = 257
AUTH_APPLICATION_ID = 258
ACCT_APPLICATION_ID = 259
VENDOR_SPECIFIC_APPLICATION_ID = 260
SESSION_ID = 263
ORIGIN_HOST = 264
SUPPORTED_VENDOR_ID = 265
VENDOR_ID = 266
FIRMWARE_REVISION = 267
RESULT_CODE = 268
PRODUCT_NAME = 269
DISCONNECT_CAUSE = 273
AUTH_SESSION_STATE = 277
ORIGIN_STATE_ID = 278
FAILED_AVP = 279
PROXY_HOST = 280
ERROR_MESSAGE = 281
ROUTE_RECORD = 282
DESTINATION_REALM = 283
PROXY_INFO = 284
DESTINATION_HOST = 293
ORIGIN_REALM = 296
EXPERIMENTAL_RESULT = 297
EXPERIMENTAL_RESULT_CODE = 298
INBAND_SECURITY_ID = 299


class DecodeError(Exception):
    """The octets are not what RFC 6733 says."""


class Avp:
    """One AVP. `data` is its content without padding; a grouped one is made of Avps."""

    def __init__(self, code, data=b"", vendor=0, mandatory=True, flags=None):
        self.code = code
        self.vendor = vendor
        if flags is None:
            flags = (AVP_VENDOR if vendor else 0) | (AVP_MANDATORY if mandatory else 0)
        self.flags = flags
        if isinstance(data, bytes):
            self.data = data
        elif isinstance(data, str):
            self.data = data.encode()
        elif isinstance(data, int):
            self.data = struct.pack("!I", data & 0xFFFFFFFF)
        else:
            self.data = b"".join(avp.encode() for avp in data)

    @property
    def key(self):
        return self.code, self.vendor

    @property
    def mandatory(self):
        return bool(self.flags & AVP_MANDATORY)

    @property
    def number(self):
        """Unsigned32."""
        if len(self.data) != 4:
            raise DecodeError(f"AVP {self.key} has {len(self.data)} octets, a number has 4")
        return struct.unpack("!I", self.data)[0]

    @property
    def enumerated(self):
        """Integer32."""
        if len(self.data) != 4:
            raise DecodeError(f"AVP {self.key} has {len(self.data)} octets, an enumerated value has 4")
        return struct.unpack("!i", self.data)[0]

    @property
    def text(self):
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DecodeError(f"AVP {self.key} is not UTF-8") from error

    @property
    def members(self):
        """The AVPs of a grouped one."""
        return decode_avps(self.data)

    def find(self, code, vendor=0):
        return first(self.members, code, vendor)

    def find_all(self, code, vendor=0):
        return every(self.members, code, vendor)

    def encode(self):
        vendor = struct.pack("!I", self.vendor) if self.flags & AVP_VENDOR else b""
        length = 8 + len(vendor) + len(self.data)
        head = struct.pack("!II", self.code, (self.flags << 24) | length)
        return head + vendor + self.data + b"\0" * (-length % 4)

    def __eq__(self, other):
        return isinstance(other, Avp) and self.encode() == other.encode()

    def __repr__(self):
        return f"Avp({self.code}, vendor={self.vendor}, flags={self.flags:#04x}, {len(self.data)} octets)"


class RawAvp(Avp):
    """Octets in the place of an AVP, sent as they are: for malformed ones."""

    def __init__(self, octets):
        super().__init__(0)
        self.octets = octets

    def encode(self):
        return self.octets


def first(avps, code, vendor=0):
    for avp in avps:
        if avp.key == (code, vendor):
            return avp
    return None


def every(avps, code, vendor=0):
    return [avp for avp in avps if avp.key == (code, vendor)]


def decode_avps(octets):
    """All AVPs of a message's or a grouped AVP's content (RFC 6733 4.1)."""
    avps = []
    at = 0
    while at < len(octets):
        if len(octets) - at < 8:
            raise DecodeError(f"{len(octets) - at} octets are left where an AVP header has 8")
        code, word = struct.unpack_from("!II", octets, at)
        flags, length = word >> 24, word & 0xFFFFFF
        if flags & 0x1F:
            raise DecodeError(f"AVP {code} has reserved flags {flags:#04x}")
        head = 12 if flags & AVP_VENDOR else 8
        padded = length + (-length % 4)
        if length < head:
            raise DecodeError(f"AVP {code} has length {length}, less than its header")
        if at + padded > len(octets):
            raise DecodeError(f"AVP {code} of {length} octets passes the end by {at + padded - len(octets)}")
        vendor = 0
        if flags & AVP_VENDOR:
            (vendor,) = struct.unpack_from("!I", octets, at + 8)
            if vendor == 0:
                raise DecodeError(f"AVP {code} has a Vendor-Id of 0")
        if any(octets[at + length : at + padded]):
            raise DecodeError(f"AVP {code} is padded with octets other than 0")
        avps.append(Avp(code, bytes(octets[at + head : at + length]), vendor, flags=flags))
        at += padded
    return avps


class Message:
    """One Diameter message (RFC 6733 3)."""

    def __init__(self, code, application=0, flags=FLAG_REQUEST | FLAG_PROXIABLE, avps=(), hop_by_hop=0, end_to_end=0):
        self.code = code
        self.application = application
        self.flags = flags
        self.avps = list(avps)
        self.hop_by_hop = hop_by_hop
        self.end_to_end = end_to_end

    @property
    def is_request(self):
        return bool(self.flags & FLAG_REQUEST)

    @property
    def is_error(self):
        return bool(self.flags & FLAG_ERROR)

    def find(self, code, vendor=0):
        return first(self.avps, code, vendor)

    def find_all(self, code, vendor=0):
        return every(self.avps, code, vendor)

    def text(self, code, vendor=0):
        """The text of an AVP; None when there is none."""
        avp = self.find(code, vendor)
        return avp.text if avp else None

    def without(self, code, vendor=0):
        """A copy that lacks every AVP of a kind."""
        avps = [avp for avp in self.avps if avp.key != (code, vendor)]
        return Message(self.code, self.application, self.flags, avps, self.hop_by_hop, self.end_to_end)

    def plus(self, *avps):
        """A copy with more AVPs at the end."""
        return Message(
            self.code, self.application, self.flags, [*self.avps, *avps], self.hop_by_hop, self.end_to_end
        )

    def replacing(self, avp):
        """A copy in which `avp` stands where the first of its kind stood, the others of its kind gone."""
        avps, done = [], False
        for present in self.avps:
            if present.key != avp.key:
                avps.append(present)
            elif not done:
                avps.append(avp)
                done = True
        if not done:
            raise KeyError(avp.key)
        return Message(self.code, self.application, self.flags, avps, self.hop_by_hop, self.end_to_end)

    def encode(self):
        body = b"".join(avp.encode() for avp in self.avps)
        return (
            struct.pack(
                "!IIIII",
                (1 << 24) | (20 + len(body)),
                (self.flags << 24) | self.code,
                self.application,
                self.hop_by_hop,
                self.end_to_end,
            )
            + body
        )

    @staticmethod
    def decode(octets):
        if len(octets) < 20:
            raise DecodeError(f"a message of {len(octets)} octets has no header")
        first_word, second_word, application, hop_by_hop, end_to_end = struct.unpack_from("!IIIII", octets)
        version, length = first_word >> 24, first_word & 0xFFFFFF
        flags, code = second_word >> 24, second_word & 0xFFFFFF
        if version != 1:
            raise DecodeError(f"version {version}")
        if length != len(octets) or length % 4:
            raise DecodeError(f"length {length} of {len(octets)} octets")
        if flags & 0x0F:
            raise DecodeError(f"command {code} has reserved flags {flags:#04x}")
        return Message(code, application, flags, decode_avps(octets[20:]), hop_by_hop, end_to_end)

    def answer(self, avps):
        """The answer to this request: same identifiers, P bit kept (RFC 6733 6.2)."""
        return Message(
            self.code, self.application, self.flags & FLAG_PROXIABLE, avps, self.hop_by_hop, self.end_to_end
        )

    def __repr__(self):
        kind = "request" if self.is_request else "answer"
        return f"Message({kind} {self.code}, application {self.application}, flags {self.flags:#04x}, {self.avps})"
