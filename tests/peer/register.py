"""One IMS-AKA registration against a running HSS, step by step: the I-CSCF, the S-CSCF and the USIM in one terminal.

    python3 -m tests.peer.register --imsi 001010000000001 --k HEX --opc HEX [--sqn HEX] [--deregister]
"""
# SPDX-License-Identifier: MIT

import argparse
import base64
import sys
import xml.etree.ElementTree as ElementTree

from tests.peer import cx
from tests.peer.connection import Connection, ConnectionLost, NotAdmitted
from tests.peer.usim import Usim

REALM = "ims.mnc001.mcc001.3gppnetwork.org"
IND_BITS = 5
MOST_ROUNDS = 3  # a card that is out of step is back in step with the second vector


class Refused(Exception):
    """The HSS said no."""


def show(line):
    print(line, flush=True)


def ask(connection, name, request, accepted):
    """Sends a request and shows what became of it; Refused unless the result is one of `accepted`."""
    answer = connection.request(request)
    verdict = cx.result(answer)
    show(f"  {name} -> {cx.name_of(verdict)}")
    if verdict not in accepted:
        raise Refused(name)
    return answer


def authenticate(scscf, usim, impi, impu, server_name):
    """MAR and MAA until the card accepts a vector."""
    authorization = None
    for _ in range(MOST_ROUNDS):
        request = cx.mar(scscf, impi, impu, server_name, authorization=authorization)
        answer = ask(scscf, "MAR" if authorization is None else "MAR with RAND and AUTS", request, {cx.SUCCESS})
        (vector,) = cx.vectors(answer)
        show(f"    401 nonce=\"{base64.b64encode(vector.rand + vector.autn).decode()}\"")
        outcome = usim.challenge(vector.rand, vector.autn)
        if outcome.kind == "ok":
            seq, ind = divmod(outcome.sqn, 1 << IND_BITS)
            same = "equals" if outcome.res == vector.xres else "IS NOT"
            show(f"    USIM: MAC and SQN {outcome.sqn:012x} (SEQ {seq}, IND {ind}) accepted, RES {same} XRES")
            if outcome.res != vector.xres:
                raise Refused("XRES")
            return
        if outcome.kind == "mac_failure":
            show("    USIM: MAC failure: K, OPc or the algorithm of the card and of the HSS differ")
            raise Refused("MAC")
        show(f"    USIM: synchronisation failure: SQN {outcome.sqn:012x} offered, the card stands at "
             f"{usim.sqn_ms:012x}; AUTS sent")
        authorization = vector.rand + outcome.auts
    raise Refused("resynchronisation")


def register(icscf, scscf, usim, impi, impu):
    show(f"I-CSCF: may {impu} register, and where?")
    answer = ask(icscf, "UAR", cx.uar(icscf, impi, impu), {cx.FIRST_REGISTRATION, cx.SUBSEQUENT_REGISTRATION})
    offered = cx.capabilities(answer)
    server_name = cx.server_name(answer) or offered.server_names[0]
    show(f"    S-CSCF {server_name}")
    show("S-CSCF: a challenge for the phone")
    authenticate(scscf, usim, impi, impu, server_name)
    show("S-CSCF: the user is registered here, the profile please")
    answer = ask(scscf, "SAR REGISTRATION", cx.sar(scscf, impi, impu, server_name, cx.REGISTRATION), {cx.SUCCESS})
    for identity in ElementTree.fromstring(cx.user_data(answer)).iter("PublicIdentity"):
        barred = identity.findtext("BarringIndication") == "1"
        show(f"    {identity.findtext('Identity')}{' (barred)' if barred else ''}")
    show("I-CSCF: where is the user served?")
    show(f"    S-CSCF {cx.server_name(ask(icscf, 'LIR', cx.lir(icscf, impu), {cx.SUCCESS}))}")
    return server_name


def octets(length):
    def parse(text):
        value = bytes.fromhex(text)
        if len(value) != length:
            raise ValueError
        return value

    parse.__name__ = f"{length} octets in hexadecimal"
    return parse


def main():
    parser = argparse.ArgumentParser(prog="python3 -m tests.peer.register", description=__doc__.splitlines()[0])
    parser.add_argument("--imsi", required=True)
    parser.add_argument("--k", required=True, type=octets(16), help="K of a test card")
    parser.add_argument("--opc", required=True, type=octets(16), help="OPc of a test card")
    parser.add_argument("--sqn", default=bytes(6), type=octets(6),
                        help="SQN the card has reached: one ahead of the HSS resynchronises")
    parser.add_argument("--impu", help="the identity to register; default: the one of the IMSI")
    parser.add_argument("--realm", default=REALM)
    parser.add_argument("--port", default=3868, type=int)
    parser.add_argument("--deregister", action="store_true", help="de-register at the end")
    options = parser.parse_args()
    impi = f"{options.imsi}@{options.realm}"
    impu = options.impu or f"sip:{impi}"
    usim = Usim(options.k, options.opc, seq=int.from_bytes(options.sqn, "big") >> IND_BITS)
    address = ("127.0.0.1", options.port)
    try:
        with Connection(address, f"icscf.{options.realm}", options.realm) as icscf, \
             Connection(address, f"scscf.{options.realm}", options.realm) as scscf:
            server_name = register(icscf, scscf, usim, impi, impu)
            if options.deregister:
                show("S-CSCF: the user has gone")
                request = cx.sar(scscf, impi, impu, server_name, cx.USER_DEREGISTRATION)
                ask(scscf, "SAR USER_DEREGISTRATION", request, {cx.SUCCESS})
    except Refused:
        show("not registered")
        return 1
    except NotAdmitted as error:
        show(f"the HSS does not admit this peer: {error}: add it to peers in hss.toml")
        return 1
    except (ConnectionLost, OSError) as error:
        show(f"no HSS at 127.0.0.1:{options.port}: {error}: start it with ./dev serve")
        return 1
    show("de-registered" if options.deregister else "registered")
    return 0


if __name__ == "__main__":
    sys.exit(main())
