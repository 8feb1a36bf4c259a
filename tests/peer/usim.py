"""A USIM as TS 33.102 describes it: MAC-A, the array of sequence numbers of Annex C.2, and AUTS."""
# SPDX-License-Identifier: MIT

import hmac
from dataclasses import dataclass, field

from tests.peer.milenage import Milenage, xor

SQN_OCTETS = 6


@dataclass(frozen=True)
class Outcome:
    """What the card says to a challenge. `kind` is 'ok', 'sync_failure' or 'mac_failure'.

    res, ck and ik are set for 'ok' alone, auts for 'sync_failure' alone; sqn is the number in AUTN unless MAC-A failed.
    """
    kind: str
    sqn: int | None = None
    res: bytes | None = field(default=None, repr=False)
    ck: bytes | None = field(default=None, repr=False)
    ik: bytes | None = field(default=None, repr=False)
    auts: bytes | None = None


class Usim:
    """One card: K, OPc, and the highest SEQ that it accepted for every IND.

    `seq` is where every slot of the array starts; a card that has been used elsewhere starts ahead of the HSS.
    """

    def __init__(self, k: bytes, opc: bytes, seq: int = 0, ind_bits: int = 5, delta: int = 1 << 28):
        self._functions = Milenage(k, opc)
        self._ind_bits = ind_bits
        self._delta = delta
        self._slots = [seq] * (1 << ind_bits)
        self._latest = seq << ind_bits

    @property
    def sqn_ms(self) -> int:
        """The highest SQN ever accepted (TS 33.102 C.2.1): what AUTS reports."""
        return self._latest

    @property
    def seq_ms(self) -> int:
        return self._latest >> self._ind_bits

    def challenge(self, rand: bytes, autn: bytes) -> Outcome:
        """TS 33.102 6.3.3: MAC-A first, then the sequence number, then the response."""
        if len(rand) != 16 or len(autn) != 16:
            raise ValueError(f"RAND and AUTN have 16 octets each, here {len(rand)} and {len(autn)}")
        values = self._functions.f2345(rand)
        sqn, amf, mac_a = xor(autn[:6], values.ak), autn[6:8], autn[8:]
        if not hmac.compare_digest(self._functions.f1(rand, sqn, amf)[0], mac_a):
            return Outcome("mac_failure")
        number = int.from_bytes(sqn, "big")
        if not self._accepts(number):
            return Outcome("sync_failure", sqn=number, auts=self.auts(rand))
        return Outcome("ok", sqn=number, res=values.res, ck=values.ck, ik=values.ik)

    def auts(self, rand: bytes) -> bytes:
        """AUTS for a challenge's RAND (TS 33.102 6.3.3): MAC-S is computed with an AMF of zeros."""
        sqn_ms = self._latest.to_bytes(SQN_OCTETS, "big")
        mac_s = self._functions.f1(rand, sqn_ms, bytes(2))[1]
        return xor(sqn_ms, self._functions.f2345(rand).ak_star) + mac_s

    def _accepts(self, sqn: int) -> bool:
        """TS 33.102 C.2.2: fresh in its slot and no jump above Delta; an accepted number is remembered."""
        seq, ind = sqn >> self._ind_bits, sqn & ((1 << self._ind_bits) - 1)
        if seq - self.seq_ms > self._delta or seq <= self._slots[ind]:
            return False
        self._slots[ind] = seq
        self._latest = max(self._latest, sqn)
        return True
