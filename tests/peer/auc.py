"""An authentication centre of its own (TS 33.102 6.3.2, 6.3.5, C.3): what an EPC's HSS with the same K does beside
ours."""
# SPDX-License-Identifier: MIT

import hmac
import itertools
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

from tests.peer.milenage import Milenage, xor


class Challenge(NamedTuple):
    rand: bytes
    autn: bytes


class AuthenticationCentre:
    """Issues vectors with a SEQ of its own; `indices` are taken in turn, one for each vector or as the caller says."""

    def __init__(self, k: bytes, opc: bytes, indices: Iterable[int], seq: int, random: Random, ind_bits: int = 5,
                 amf: bytes = b"\x80\x00"):
        self._functions = Milenage(k, opc)
        self._indices = itertools.cycle(indices)
        self._seq = seq
        self._random = random
        self._ind_bits = ind_bits
        self._amf = amf
        self.resynchronisations = 0

    @property
    def seq(self) -> int:
        return self._seq

    def issue(self, ahead: int = 1) -> Challenge:
        """The next vector; `ahead` is the step of SEQ, more than 1 for vectors that went to others."""
        self._seq += ahead
        sqn = (self._seq << self._ind_bits | next(self._indices)).to_bytes(6, "big")
        rand = self._random.randbytes(16)
        mac = self._functions.f1(rand, sqn, self._amf)[0]
        return Challenge(rand, xor(sqn, self._functions.f2345(rand).ak) + self._amf + mac)

    def resynchronise(self, rand: bytes, auts: bytes) -> None:
        """Takes over SEQ of the card; ValueError for an AUTS that is not the card's."""
        sqn = xor(auts[:6], self._functions.f2345(rand).ak_star)
        if not hmac.compare_digest(self._functions.f1(rand, sqn, bytes(2))[1], auts[6:]):
            raise ValueError("MAC-S is wrong")
        self._seq = int.from_bytes(sqn, "big") >> self._ind_bits
        self.resynchronisations += 1
