# Cx requests exactly as Kamailio's I-CSCF and S-CSCF put them on the wire: their order of AVPs, what they leave out,
# and what they add of their own.
# SPDX-License-Identifier: MIT
from tests.peer import cx, diameter
from tests.peer.diameter import Avp, Message

CALL_ID = (494, 50)  # a vendor's AVP with V and without M, in front of Destination-Realm of a SAR


def _base(connection, command, avps, before_realm=()):
    return Message(
        command,
        cx.CX,
        avps=[
            Avp(diameter.SESSION_ID, connection.new_session_id()),
            Avp(diameter.ORIGIN_HOST, connection.host),
            Avp(diameter.ORIGIN_REALM, connection.realm),
            *before_realm,
            Avp(diameter.DESTINATION_REALM, connection.realm),
            cx.vendor_specific_application_id(),
            Avp(diameter.AUTH_SESSION_STATE, 1),
            *avps,
        ],
    )


def uar(connection, impi, impu, visited_network, deregistration=False):
    avps = [
        Avp(diameter.USER_NAME, impi),
        cx.avp(cx.PUBLIC_IDENTITY, impu),
        cx.avp(cx.VISITED_NETWORK_IDENTIFIER, visited_network),
    ]
    if deregistration:
        avps.append(cx.avp(cx.USER_AUTHORIZATION_TYPE, cx.UAT_DE_REGISTRATION))
    return _base(connection, cx.USER_AUTHORIZATION, avps)


def mar(connection, impi, impu, server_name, items=1, scheme="unknown", authorization=None):
    avps = [
        cx.avp(cx.PUBLIC_IDENTITY, impu),
        Avp(diameter.USER_NAME, impi),
        cx.avp(cx.SIP_NUMBER_AUTH_ITEMS, items),
        cx.auth_data_item(scheme, authorization),
        cx.avp(cx.SERVER_NAME, server_name),
    ]
    return _base(connection, cx.MULTIMEDIA_AUTH, avps)


def sar(connection, impi, impu, server_name, type, already_available=0, call_id="1-2@127.0.0.1"):
    code, vendor = CALL_ID
    avps = [cx.avp(cx.PUBLIC_IDENTITY, impu), cx.avp(cx.SERVER_NAME, server_name)]
    if impi is not None:
        avps.append(Avp(diameter.USER_NAME, impi))
    avps += [
        cx.avp(cx.SERVER_ASSIGNMENT_TYPE, type),
        cx.avp(cx.USER_DATA_ALREADY_AVAILABLE, already_available),
    ]
    return _base(
        connection, cx.SERVER_ASSIGNMENT, avps, before_realm=[Avp(code, call_id, vendor, mandatory=False)]
    )


def lir(connection, impu):
    return _base(connection, cx.LOCATION_INFO, [cx.avp(cx.PUBLIC_IDENTITY, impu)])
