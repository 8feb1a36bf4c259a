"""EAP-AKA' (RFC 9048, RFC 5448) as the AAA server and the phone do it: the key derivation of TS 33.402, and a card's
answer bound to the network's name."""
# SPDX-License-Identifier: MIT

import hashlib
import hmac
import struct
from dataclasses import dataclass, field, replace

from tests.peer.usim import Outcome, Usim

FC = 0x20
SEPARATION_BIT = 0x80  # of the first octet of AMF, TS 33.102 Annex H


def ck_ik_prime(ck: bytes, ik: bytes, network_name: bytes, sqn_xor_ak: bytes) -> tuple[bytes, bytes]:
    """CK' and IK' (TS 33.402 A.2, TS 33.220 B.2.0): both halves of one HMAC."""
    parameters = bytes([FC])
    for parameter in (network_name, sqn_xor_ak):
        parameters += parameter + struct.pack("!H", len(parameter))
    whole = hmac.new(ck + ik, parameters, hashlib.sha256).digest()
    return whole[:16], whole[16:]


def prf(key: bytes, seed: bytes, octets: int) -> bytes:
    """PRF' (RFC 9048 3.4.1)."""
    out, block, counter = b"", b"", 0
    while len(out) < octets:
        counter += 1
        block = hmac.new(key, block + seed + bytes([counter]), hashlib.sha256).digest()
        out += block
    return out[:octets]


@dataclass(frozen=True)
class Keys:
    """What follows from CK' and IK' (RFC 9048 3.3). Nothing of it appears in repr()."""
    k_encr: bytes = field(repr=False)
    k_aut: bytes = field(repr=False)
    k_re: bytes = field(repr=False)
    msk: bytes = field(repr=False)
    emsk: bytes = field(repr=False)


def keys(ck_prime: bytes, ik_prime: bytes, identity: str) -> Keys:
    master = prf(ik_prime + ck_prime, b"EAP-AKA'" + identity.encode(), 16 + 32 + 32 + 64 + 64)
    return Keys(master[:16], master[16:48], master[48:80], master[80:144], master[144:208])


def challenge(card: Usim, rand: bytes, autn: bytes, network_name: str) -> Outcome:
    """A phone's answer to EAP-Request/AKA'-Challenge: as the card's, with CK' and IK' in the place of CK and IK. A
    challenge without the separation bit is refused before the card is asked: kind 'separation_bit' (RFC 9048 3.1)."""
    if not autn[6] & SEPARATION_BIT:
        return Outcome("separation_bit")
    outcome = card.challenge(rand, autn)
    if outcome.kind != "ok":
        return outcome
    ck, ik = ck_ik_prime(outcome.ck, outcome.ik, network_name.encode(), autn[:6])
    return replace(outcome, ck=ck, ik=ik)
