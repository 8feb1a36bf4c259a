"""Milenage (TS 35.206) over an AES-128 of our own: an implementation that shares nothing with the server's.

Written for clarity and for the standard library alone; it is neither fast nor safe against side channels.
"""
# SPDX-License-Identifier: MIT

from dataclasses import dataclass, field


def _xtime(value: int) -> int:
    """Multiplication by x in GF(2^8) modulo x^8+x^4+x^3+x+1 (FIPS 197 4.2.1)."""
    return ((value << 1) ^ 0x11B) & 0xFF if value & 0x80 else value << 1


def _make_sbox() -> bytes:
    """The S-box of FIPS 197 5.1.1, from its definition: the inverse in GF(2^8), then the affine map."""
    exponents, logarithms, value = [0] * 255, [0] * 256, 1
    for power in range(255):
        exponents[power] = value
        logarithms[value] = power
        value ^= _xtime(value)  # 3 generates the multiplicative group
    box = bytearray(256)
    for byte in range(256):
        inverse = exponents[-logarithms[byte] % 255] if byte else 0
        doubled = inverse | inverse << 8
        mixed = doubled ^ doubled >> 4 ^ doubled >> 5 ^ doubled >> 6 ^ doubled >> 7
        box[byte] = (mixed & 0xFF) ^ 0x63
    return bytes(box)


_SBOX = _make_sbox()
# ShiftRows on a state in column order: octet i comes from octet _SHIFTED[i] (FIPS 197 5.1.2).
_SHIFTED = tuple((i + 4 * (i % 4)) % 16 for i in range(16))


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


class Aes128:
    """AES-128, the encryption direction only (FIPS 197)."""

    def __init__(self, key: bytes):
        if len(key) != 16:
            raise ValueError(f"an AES-128 key has 16 octets, this one {len(key)}")
        words = [key[i:i + 4] for i in range(0, 16, 4)]
        round_constant = 1
        while len(words) < 44:
            word = words[-1]
            if len(words) % 4 == 0:
                word = bytes(_SBOX[b] for b in word[1:] + word[:1])
                word = bytes([word[0] ^ round_constant]) + word[1:]
                round_constant = _xtime(round_constant)
            words.append(xor(words[-4], word))
        self._round_keys = [b"".join(words[i:i + 4]) for i in range(0, 44, 4)]

    def encrypt(self, block: bytes) -> bytes:
        state = xor(block, self._round_keys[0])
        for number, round_key in enumerate(self._round_keys[1:], start=1):
            state = bytes(_SBOX[state[i]] for i in _SHIFTED)
            if number < 10:
                state = b"".join(self._mix(state[i:i + 4]) for i in range(0, 16, 4))
            state = xor(state, round_key)
        return state

    @staticmethod
    def _mix(column: bytes) -> bytes:
        total = column[0] ^ column[1] ^ column[2] ^ column[3]
        return bytes(column[i] ^ total ^ _xtime(column[i] ^ column[(i + 1) % 4]) for i in range(4))


def derive_opc(k: bytes, op: bytes) -> bytes:
    """OPc from OP (TS 35.206 4.1)."""
    return xor(op, Aes128(k).encrypt(op))


def _rotate(block: bytes, octets: int) -> bytes:
    return block[octets:] + block[:octets]


@dataclass(frozen=True)
class Functions:
    """f2, f3, f4, f5 and f5* of one RAND. Nothing of it appears in repr(), so no failure message shows a key."""
    res: bytes = field(repr=False)
    ck: bytes = field(repr=False)
    ik: bytes = field(repr=False)
    ak: bytes = field(repr=False)
    ak_star: bytes = field(repr=False)


class Milenage:
    """The functions of TS 35.206 for one K and OPc."""

    def __init__(self, k: bytes, opc: bytes):
        if len(opc) != 16:
            raise ValueError(f"OPc has 16 octets, this one {len(opc)}")
        self._aes = Aes128(k)
        self._opc = opc

    def _temp(self, rand: bytes) -> bytes:
        return self._aes.encrypt(xor(rand, self._opc))

    def _out(self, temp: bytes, rotation: int, constant: int) -> bytes:
        block = bytearray(_rotate(xor(temp, self._opc), rotation))
        block[15] ^= constant
        return xor(self._aes.encrypt(bytes(block)), self._opc)

    def f1(self, rand: bytes, sqn: bytes, amf: bytes) -> tuple[bytes, bytes]:
        """MAC-A and MAC-S (TS 35.206 4.1: r1 = 64 bits, c1 = 0)."""
        block = (sqn + amf) * 2
        rotated = _rotate(xor(block, self._opc), 8)
        out = xor(self._aes.encrypt(xor(self._temp(rand), rotated)), self._opc)
        return out[:8], out[8:]

    def f5(self, rand: bytes) -> bytes:
        """AK alone, as f2345() has it, for who takes the cover off thousands of sequence numbers."""
        return self._out(self._temp(rand), 0, 1)[:6]

    def f2345(self, rand: bytes) -> Functions:
        """RES, CK, IK, AK and AK* (TS 35.206 4.1: r2..r5 = 0, 32, 64, 96 bits, c2..c5 = 1, 2, 4, 8)."""
        temp = self._temp(rand)
        out2 = self._out(temp, 0, 1)
        return Functions(res=out2[8:], ck=self._out(temp, 4, 2), ik=self._out(temp, 8, 4), ak=out2[:6],
                         ak_star=self._out(temp, 12, 8)[:6])
