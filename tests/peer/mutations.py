# Diameter messages spoilt at random, from a seed: bits, lengths, flags, codes, vendors, truncation, duplication, AVPs
# inside others, and what freeDiameter is known to stumble over. What comes out is octets, seldom a valid message.
# SPDX-License-Identifier: MIT
import struct

from tests.peer import diameter
from tests.peer.diameter import Avp, Message, RawAvp

# Of the base protocol, of Cx, of nobody; grouped ones too.
_CODES = (1, 25, 33, 257, 258, 259, 260, 263, 264, 266, 268, 269, 277, 278, 279, 280, 282, 283, 284, 293, 296, 297, 299,
          601, 602, 606, 608, 612, 614, 628, 0, 9999, 0xFFFFFFFF)
_VENDORS = (0, 10415, 13019, 0xFFFFFFFF)
_CONTENTS = (b"", b"\0", b"\0\0\0", b"\0\0\0\0", b"\xff\xff\xff\xff", b"a\0b", b"a!b@c", b"!", b"%s%n", b"\xc3\x28",
             b"x" * 300)
_COMMANDS = (0, 257, 258, 271, 272, 274, 275, 280, 282, 300, 301, 302, 303, 304, 305, 306, 0xFFFFFF)
_APPLICATIONS = (0, 1, 16777216, 16777265, 99, 0xFFFFFFFF)
_FLAGS = (0x00, 0x20, 0x40, 0x60, 0x80, 0xA0, 0xC0, 0xD0, 0xE0, 0xF0, 0xCF, 0xFF)


def raw_avp(code, data, flags=0x40, vendor=0, length=None):
    """An AVP whose flags and length may lie."""
    head = 12 if flags & diameter.AVP_VENDOR else 8
    length = head + len(data) if length is None else length
    octets = struct.pack("!II", code, (flags << 24) | (length & 0xFFFFFF))
    if head == 12:
        octets += struct.pack("!I", vendor)
    return RawAvp(octets + data + b"\0" * (-len(data) % 4))


class Mutator:
    """`random` decides everything."""

    def __init__(self, random):
        self.random = random

    def octets(self, message):
        """One to three mutations of a message, encoded."""
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            message = self.random.choice((self._avps, self._avps, self._header, self._same))(message)
        encoded = bytearray(message.encode())
        if self.random.random() < 0.5:
            for _ in range(self.random.choice((1, 1, 2, 4))):
                encoded = self.random.choice(
                    (self._flip, self._flip, self._flip_in_a_length, self._cut, self._message_length)
                )(encoded)
        return bytes(encoded)

    # ---- of a message ----

    def _same(self, message):
        return message

    def _header(self, message):
        changed = message.plus()
        what = self.random.randrange(4)
        if what == 0:
            changed.code = self.random.choice(_COMMANDS)
        elif what == 1:
            changed.application = self.random.choice(_APPLICATIONS)
        elif what == 2:
            changed.flags = self.random.choice(_FLAGS)
        else:
            changed.avps = []
        return changed

    def _avps(self, message):
        avps = list(message.avps)
        at = self.random.randrange(len(avps)) if avps else 0
        what = self.random.randrange(9)
        if what == 0 and avps:
            del avps[at]
        elif what == 1 and avps:
            avps.insert(self.random.randrange(len(avps) + 1), avps[at])
        elif what == 2:
            self.random.shuffle(avps)
        elif what == 3 and avps:
            avps[at] = self._spoilt(avps[at])
        elif what == 4:
            avps.insert(at, self._any(avps))
        elif what == 5 and avps:
            avps[at] = Avp(avps[at].code, self._content(avps), avps[at].vendor, flags=avps[at].flags)
        elif what == 6 and avps:
            avps[at] = self._nested(avps[at])
        elif what == 7:
            avps.insert(at, Avp(diameter.PROXY_INFO, self._content(avps)))
        elif avps:
            avps = avps[:at]
        return Message(message.code, message.application, message.flags, avps, message.hop_by_hop, message.end_to_end)

    # ---- of an AVP ----

    def _content(self, avps):
        some = [avp for avp in avps if not isinstance(avp, RawAvp)]
        what = self.random.randrange(4)
        if what == 0 and some:
            return [self.random.choice(some) for _ in range(self.random.randrange(1, 4))]
        if what == 1:
            return [self._any(avps)]
        if what == 2:
            return bytes(self.random.randrange(256) for _ in range(self.random.randrange(12)))
        return self.random.choice(_CONTENTS)

    def _any(self, avps):
        flags = self.random.choice((0x00, 0x20, 0x40, 0x60, 0x80, 0xC0, 0xFF))
        content = Avp(0, self._content(avps) if self.random.random() < 0.3 else self.random.choice(_CONTENTS)).data
        lies = (0, 7, 8, 11, 12, len(content) + 9, 0xFFFFFF)
        length = None if self.random.random() < 0.7 else self.random.choice(lies)
        return raw_avp(self.random.choice(_CODES), content, flags, self.random.choice(_VENDORS), length)

    def _spoilt(self, avp):
        if isinstance(avp, RawAvp):
            return avp
        what = self.random.randrange(4)
        if what == 0:
            return raw_avp(avp.code, avp.data, self.random.choice((0x00, 0x40, 0x80, 0xC0, 0xE0, 0xFF)), avp.vendor)
        if what == 1:
            return raw_avp(self.random.choice(_CODES), avp.data, avp.flags, avp.vendor)
        if what == 2:
            return raw_avp(avp.code, avp.data, avp.flags | diameter.AVP_VENDOR, self.random.choice(_VENDORS))
        head = 12 if avp.vendor else 8
        wrong = head + len(avp.data) + self.random.choice((-9, -4, -1, 1, 2, 4, 8, 40, 1000))
        return raw_avp(avp.code, avp.data, avp.flags, avp.vendor, max(wrong, 0))

    def _nested(self, avp):
        for _ in range(self.random.choice((1, 2, 40))):
            avp = Avp(self.random.choice((260, 279, 284, 297, 612, avp.code)), [avp])
        return avp

    # ---- of octets ----

    def _flip(self, octets):
        if octets:
            octets[self.random.randrange(len(octets))] ^= 1 << self.random.randrange(8)
        return octets

    def _flip_in_a_length(self, octets):
        if len(octets) > 28:
            at = self.random.randrange(20, len(octets) - 7, 4)
            octets[at + 3] = self.random.randrange(256)
        return octets

    def _cut(self, octets):
        del octets[self.random.randrange(len(octets) + 1) :]
        return self._true_length(octets) if self.random.random() < 0.7 else octets

    def _message_length(self, octets):
        if len(octets) >= 4:
            wrong = max(0, len(octets) + self.random.choice((-40, -8, -4, -1, 1, 4, 100, 70000)))
            octets[1:4] = self.random.choice((0, 3, 19, 20, wrong)).to_bytes(3, "big")
        return octets

    @staticmethod
    def _true_length(octets):
        if len(octets) >= 4:
            octets[1:4] = len(octets).to_bytes(3, "big")
        return octets
