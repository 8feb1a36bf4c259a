# SWx (TS 29.273 clause 8) as a 3GPP AAA server speaks it: its requests, and what the answers say. What it shares with
# Cx (codes, SIP-Auth-Data-Item, results) is in cx.py and results.py.
# SPDX-License-Identifier: MIT
import ipaddress
import struct

from tests.peer import cx, diameter
from tests.peer.connection import SWX, VENDOR_3GPP
from tests.peer.diameter import Avp, DecodeError

# AVPs of TS 29.273 8.2.3; the others that SWx uses are of TS 29.272 7.3, 29.212, 29.061, 32.299 and of RFCs
AAA_SERVER_NAME = 318
NON_3GPP_USER_DATA = 1500
NON_3GPP_IP_ACCESS = 1501
NON_3GPP_IP_ACCESS_APN = 1502
AN_TRUSTED = 1503
ANID = 1504
PPR_FLAGS = 1508
AAA_FAILURE_INDICATION = 1518
EMERGENCY_SERVICES = 1538
CHARGING_CHARACTERISTICS = 13
MAX_REQUESTED_BANDWIDTH_DL = 515
MAX_REQUESTED_BANDWIDTH_UL = 516
SERVED_PARTY_IP_ADDRESS = 848
QOS_CLASS_IDENTIFIER = 1028
RAT_TYPE = 1032
ALLOCATION_RETENTION_PRIORITY = 1034
PRIORITY_LEVEL = 1046
PRE_EMPTION_CAPABILITY = 1047
PRE_EMPTION_VULNERABILITY = 1048
TERMINAL_INFORMATION = 1401
IMEI = 1402
SOFTWARE_VERSION = 1403
CONTEXT_IDENTIFIER = 1423
APN_CONFIGURATION = 1430
EPS_SUBSCRIBED_QOS_PROFILE = 1431
VPLMN_DYNAMIC_ADDRESS_ALLOWED = 1432
AMBR = 1435
PDN_GW_ALLOCATION_TYPE = 1438
PDN_TYPE = 1456
ACTIVE_APN = 1612
SESSION_TIMEOUT = 27  # RFC 6733 8.13
REDIRECT_HOST = 292  # RFC 6733 6.12
MIP_HOME_AGENT_ADDRESS = 334  # RFC 4004 7.4
MIP_HOME_AGENT_HOST = 348  # RFC 4004 7.11
SUBSCRIPTION_ID = 443  # RFC 8506 8.46
SUBSCRIPTION_ID_DATA = 444
SUBSCRIPTION_ID_TYPE = 450
MIP6_AGENT_INFO = 486  # RFC 5447 4.2.1
SERVICE_SELECTION = 493  # RFC 5778 6.2

EAP_AKA = "EAP-AKA"
EAP_AKA_PRIME = "EAP-AKA'"

# Server-Assignment-Type, TS 29.229 6.3.15: those beyond Cx
AAA_USER_DATA_REQUEST = 12
PGW_UPDATE = 13
RESTORATION = 14

# RAT-Type, TS 29.212 5.3.31
WLAN, VIRTUAL, EUTRAN, HRPD = 0, 1, 1004, 2001

# PDN-GW-Allocation-Type, TS 29.272 7.3.44
STATIC, DYNAMIC = 0, 1

# PPR-Flags, TS 29.273 8.2.3.17
RESET_INDICATION = 1
ACCESS_NETWORK_INFO_REQUEST = 2
LOCAL_TIME_ZONE_REQUEST = 4
PCSCF_RESTORATION_REQUEST = 8


# ---- requests ----


def base(connection, command, avps, **options):
    return cx.base(connection, command, avps, application=SWX, **options)


def _optional(*avps):
    """Of (code, value, mandatory) those that have a value."""
    return [cx.avp(code, value, mandatory) for code, value, mandatory in avps if value is not None]


def mar(connection, user_name, scheme=EAP_AKA_PRIME, items=1, authorization=None, anid=None, rat_type=WLAN,
        trusted=False, visited_network=None, aaa_failure=None, emergency=None):
    """Multimedia-Auth-Request (TS 29.273 8.2.2.1) as an ePDG's AAA server sends it. `anid` is "WLAN" with EAP-AKA'
    unless it says otherwise, b"" among it; None leaves an AVP out elsewhere."""
    if anid is None and scheme == EAP_AKA_PRIME:
        anid = "WLAN"
    avps = [
        Avp(diameter.USER_NAME, user_name),
        *_optional(
            (RAT_TYPE, rat_type, False),
            (AN_TRUSTED, None if trusted is None else int(not trusted), True),
            (ANID, anid, True),
            (cx.VISITED_NETWORK_IDENTIFIER, visited_network, True),
        ),
        cx.auth_data_item(scheme, authorization),
        cx.avp(cx.SIP_NUMBER_AUTH_ITEMS, items),
        *_optional((AAA_FAILURE_INDICATION, aaa_failure, False), (EMERGENCY_SERVICES, emergency, False)),
    ]
    return base(connection, cx.MULTIMEDIA_AUTH, avps)


def sar(connection, user_name, type, apn=None, context_identifier=None, gateway=None, visited_network=None,
        active_apns=(), emergency=None):
    """Server-Assignment-Request (TS 29.273 8.2.2.3); `gateway` is a MIP6-Agent-Info, `active_apns` are Active-APNs."""
    avps = [] if apn is None else [Avp(SERVICE_SELECTION, apn)]
    avps += _optional((CONTEXT_IDENTIFIER, context_identifier, True))
    if gateway is not None:
        avps.append(gateway)
    avps += _optional((cx.VISITED_NETWORK_IDENTIFIER, visited_network, True))
    avps += [Avp(diameter.USER_NAME, user_name), cx.avp(cx.SERVER_ASSIGNMENT_TYPE, type), *active_apns]
    avps += _optional((EMERGENCY_SERVICES, emergency, False))
    return base(connection, cx.SERVER_ASSIGNMENT, avps)


def address(text):
    """The content of an Address (RFC 6733 4.3.1)."""
    parsed = ipaddress.ip_address(text)
    return struct.pack("!H", 1 if parsed.version == 4 else 2) + parsed.packed


def mip6_agent_info(*addresses, host=None, realm=None):
    """MIP6-Agent-Info (RFC 5447 4.2.1): a PDN GW by its addresses, its name, or both."""
    members = [Avp(MIP_HOME_AGENT_ADDRESS, address(one)) for one in addresses]
    if host is not None:
        name = [Avp(diameter.DESTINATION_REALM, realm), Avp(diameter.DESTINATION_HOST, host)]
        members.append(Avp(MIP_HOME_AGENT_HOST, name))
    return Avp(MIP6_AGENT_INFO, members)


def active_apn(context_identifier, apn=None, gateway=None, visited_network=None):
    """Active-APN (TS 29.272 7.3.127)."""
    members = [cx.avp(CONTEXT_IDENTIFIER, context_identifier)]
    if apn is not None:
        members.append(Avp(SERVICE_SELECTION, apn))
    if gateway is not None:
        members.append(gateway)
    members += _optional((cx.VISITED_NETWORK_IDENTIFIER, visited_network, True))
    return cx.avp(ACTIVE_APN, members, mandatory=False)


def terminal_information(imei, software_version):
    """Terminal-Information (TS 29.272 7.3.3)."""
    return cx.avp(TERMINAL_INFORMATION, [cx.avp(IMEI, imei), cx.avp(SOFTWARE_VERSION, software_version)], False)


# ---- answers ----


def vectors(answer):
    """The vectors of an MAA; of EAP-AKA' ck and ik are CK' and IK'."""
    return cx.vectors(answer)


def aaa_server_name(answer):
    return answer.text(AAA_SERVER_NAME, VENDOR_3GPP)


def redirect_hosts(answer):
    return [one.text for one in answer.find_all(REDIRECT_HOST)]


def ppr_flags(request):
    found = request.find(PPR_FLAGS, VENDOR_3GPP)
    return found.number if found else None


def user_data(message):
    """Non-3GPP-User-Data as a dictionary; None when there is none."""
    group = message.find(NON_3GPP_USER_DATA, VENDOR_3GPP)
    return None if group is None else _read(group, _USER_DATA)


def _read(group, members):
    """A grouped AVP by a table {key: (name, reader)}. A member that is not there has no entry; one with a name in a
    list, [name], may come more than once and always has one. What the table lacks, or comes twice, is a DecodeError."""
    found = {name[0]: [] for name, _ in members.values() if isinstance(name, list)}
    for member in group.members:
        if member.key not in members:
            raise DecodeError(f"{member} in AVP {group.key}")
        name, read = members[member.key]
        if isinstance(name, list):
            found[name[0]].append(read(member))
        elif name in found:
            raise DecodeError(f"{member} comes twice in AVP {group.key}")
        else:
            found[name] = read(member)
    return found


def _grouped(members):
    return lambda group: _read(group, members)


def _number(one):
    return one.number


def _enumerated(one):
    return one.enumerated


def _text(one):
    return one.text


def _address(one):
    family, packed = struct.unpack("!H", one.data[:2])[0], one.data[2:]
    if (family, len(packed)) not in ((1, 4), (2, 16)):
        raise DecodeError(f"{one} is an Address of family {family} and {len(packed)} octets")
    return str(ipaddress.ip_address(packed))


def _3gpp(code):
    return code, VENDOR_3GPP


def _base(code):
    return code, 0


_AMBR = {
    _3gpp(MAX_REQUESTED_BANDWIDTH_UL): ("uplink", _number),
    _3gpp(MAX_REQUESTED_BANDWIDTH_DL): ("downlink", _number),
}
_GATEWAY_NAME = {
    _base(diameter.DESTINATION_REALM): ("realm", _text),
    _base(diameter.DESTINATION_HOST): ("host", _text),
}
_GATEWAY = {
    _base(MIP_HOME_AGENT_ADDRESS): (["addresses"], _address),
    _base(MIP_HOME_AGENT_HOST): ("name", _grouped(_GATEWAY_NAME)),
}
_PRIORITY = {
    _3gpp(PRIORITY_LEVEL): ("level", _number),
    _3gpp(PRE_EMPTION_CAPABILITY): ("capability", _enumerated),
    _3gpp(PRE_EMPTION_VULNERABILITY): ("vulnerability", _enumerated),
}
_QOS = {
    _3gpp(QOS_CLASS_IDENTIFIER): ("qci", _enumerated),
    _3gpp(ALLOCATION_RETENTION_PRIORITY): ("priority", _grouped(_PRIORITY)),
}
_APN_CONFIGURATION = {
    _3gpp(CONTEXT_IDENTIFIER): ("context_identifier", _number),
    _3gpp(SERVED_PARTY_IP_ADDRESS): (["addresses"], _address),
    _3gpp(PDN_TYPE): ("pdn_type", _enumerated),
    _base(SERVICE_SELECTION): ("apn", _text),
    _3gpp(EPS_SUBSCRIBED_QOS_PROFILE): ("qos", _grouped(_QOS)),
    _3gpp(VPLMN_DYNAMIC_ADDRESS_ALLOWED): ("vplmn_dynamic_address", _enumerated),
    _base(MIP6_AGENT_INFO): ("gateway", _grouped(_GATEWAY)),
    _3gpp(PDN_GW_ALLOCATION_TYPE): ("allocation", _enumerated),
    _3gpp(cx.VISITED_NETWORK_IDENTIFIER): ("visited_network", _text),
    _3gpp(CHARGING_CHARACTERISTICS): ("charging_characteristics", _text),
    _3gpp(AMBR): ("ambr", _grouped(_AMBR)),
}
_SUBSCRIPTION_ID = {
    _base(SUBSCRIPTION_ID_TYPE): ("type", _enumerated),
    _base(SUBSCRIPTION_ID_DATA): ("data", _text),
}
_USER_DATA = {
    _base(SUBSCRIPTION_ID): ("subscription_id", _grouped(_SUBSCRIPTION_ID)),
    _3gpp(NON_3GPP_IP_ACCESS): ("access", _enumerated),
    _3gpp(NON_3GPP_IP_ACCESS_APN): ("apns", _enumerated),
    _3gpp(RAT_TYPE): (["forbidden_rat_types"], _enumerated),
    _base(SESSION_TIMEOUT): ("session_timeout", _number),
    _3gpp(AMBR): ("ambr", _grouped(_AMBR)),
    _3gpp(CHARGING_CHARACTERISTICS): ("charging_characteristics", _text),
    _3gpp(CONTEXT_IDENTIFIER): ("default", _number),
    _3gpp(APN_CONFIGURATION): (["apn_configurations"], _grouped(_APN_CONFIGURATION)),
}
