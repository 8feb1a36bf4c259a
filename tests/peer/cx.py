# Cx (TS 29.229) as CSCFs speak it: the requests of an I-CSCF and an S-CSCF, and what their answers say.
# SPDX-License-Identifier: MIT
from tests.peer import diameter
from tests.peer.connection import CX, VENDOR_3GPP
from tests.peer.diameter import Avp, Message
from tests.peer.results import *  # what an answer can say is named here too: cx.SUCCESS

# Commands, TS 29.229 6.1
USER_AUTHORIZATION = 300
SERVER_ASSIGNMENT = 301
LOCATION_INFO = 302
MULTIMEDIA_AUTH = 303
REGISTRATION_TERMINATION = 304
PUSH_PROFILE = 305

# AVPs of vendor 10415, TS 29.229 6.3
VISITED_NETWORK_IDENTIFIER = 600
PUBLIC_IDENTITY = 601
SERVER_NAME = 602
SERVER_CAPABILITIES = 603
MANDATORY_CAPABILITY = 604
OPTIONAL_CAPABILITY = 605
USER_DATA = 606
SIP_NUMBER_AUTH_ITEMS = 607
SIP_AUTHENTICATION_SCHEME = 608
SIP_AUTHENTICATE = 609
SIP_AUTHORIZATION = 610
SIP_AUTH_DATA_ITEM = 612
SIP_ITEM_NUMBER = 613
SERVER_ASSIGNMENT_TYPE = 614
DEREGISTRATION_REASON = 615
REASON_CODE = 616
REASON_INFO = 617
CHARGING_INFORMATION = 618
PRIMARY_EVENT_CHARGING_FUNCTION_NAME = 619
SECONDARY_EVENT_CHARGING_FUNCTION_NAME = 620
PRIMARY_CHARGING_COLLECTION_FUNCTION_NAME = 621
SECONDARY_CHARGING_COLLECTION_FUNCTION_NAME = 622
USER_AUTHORIZATION_TYPE = 623
USER_DATA_ALREADY_AVAILABLE = 624
CONFIDENTIALITY_KEY = 625
INTEGRITY_KEY = 626
SUPPORTED_FEATURES = 628
FEATURE_LIST_ID = 629
FEATURE_LIST = 630
ASSOCIATED_IDENTITIES = 632
ORIGINATING_REQUEST = 633
WILDCARDED_PUBLIC_IDENTITY = 634
SIP_DIGEST_AUTHENTICATE = 635
UAR_FLAGS = 637
LOOSE_ROUTE_INDICATION = 638
SCSCF_RESTORATION_INFO = 639
PATH = 640
CONTACT = 641
ASSOCIATED_REGISTERED_IDENTITIES = 647
MULTIPLE_REGISTRATION_INDICATION = 648
RESTORATION_INFO = 649
SESSION_PRIORITY = 650
IDENTITY_WITH_EMERGENCY_REGISTRATION = 651
LIA_FLAGS = 653
INITIAL_CSEQ_SEQUENCE_NUMBER = 654
SAR_FLAGS = 655
ALTERNATE_DIGEST_ALGORITHM = 662
ALTERNATE_DIGEST_HA1 = 663

# In SIP-Digest-Authenticate, RFC 4740, and in SIP-Auth-Data-Item, RFC 7155 and ETSI TS 183 017
DIGEST_REALM = 104
DIGEST_QOP = 110
DIGEST_ALGORITHM = 111
DIGEST_HA1 = 121
FRAMED_IP_ADDRESS = 8
FRAMED_IPV6_PREFIX = 97
VENDOR_ETSI = 13019
LINE_IDENTIFIER = 500

# Reason-Code, TS 29.229 6.3.17
PERMANENT_TERMINATION = 0
NEW_SERVER_ASSIGNED = 1
SERVER_CHANGE = 2
REMOVE_S_CSCF = 3

# Bits of Feature-List 1, TS 29.229 7.1.1
SHARED_IFC_SETS = 1
ALIAS_INDICATION = 2
IMS_RESTORATION = 4

# Server-Assignment-Type, TS 29.229 6.3.15
NO_ASSIGNMENT = 0
REGISTRATION = 1
RE_REGISTRATION = 2
UNREGISTERED_USER = 3
TIMEOUT_DEREGISTRATION = 4
USER_DEREGISTRATION = 5
TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME = 6
USER_DEREGISTRATION_STORE_SERVER_NAME = 7
ADMINISTRATIVE_DEREGISTRATION = 8
AUTHENTICATION_FAILURE = 9
AUTHENTICATION_TIMEOUT = 10
DEREGISTRATION_TOO_MUCH_DATA = 11

# User-Authorization-Type, TS 29.229 6.3.24
UAT_REGISTRATION = 0
UAT_DE_REGISTRATION = 1
UAT_REGISTRATION_AND_CAPABILITIES = 2

AKA_V1_MD5 = "Digest-AKAv1-MD5"


def avp(code, data, mandatory=True):
    """A 3GPP AVP; M set as TS 29.229 table 6.3 has it up to 626 and for 633."""
    return Avp(code, data, VENDOR_3GPP, mandatory)


# ---- requests ----


def vendor_specific_application_id(application=CX):
    return Avp(
        diameter.VENDOR_SPECIFIC_APPLICATION_ID,
        [Avp(diameter.VENDOR_ID, VENDOR_3GPP), Avp(diameter.AUTH_APPLICATION_ID, application)],
    )


def base(connection, command, avps, session_id=None, destination_realm=None, application=CX):
    """A request with what every one has, in the order of the ABNF (TS 29.229 6.1, TS 29.273 8.2.2)."""
    return Message(
        command,
        application,
        avps=[
            Avp(diameter.SESSION_ID, session_id or connection.new_session_id()),
            vendor_specific_application_id(application),
            Avp(diameter.AUTH_SESSION_STATE, 1),
            Avp(diameter.ORIGIN_HOST, connection.host),
            Avp(diameter.ORIGIN_REALM, connection.realm),
            Avp(diameter.DESTINATION_REALM, destination_realm or connection.served_realm),
            *avps,
        ],
    )


def uar(connection, impi, impu, visited_network=None, type=None, flags=None):
    """User-Authorization-Request (TS 29.229 6.1.1)."""
    avps = [
        Avp(diameter.USER_NAME, impi),
        avp(PUBLIC_IDENTITY, impu),
        avp(VISITED_NETWORK_IDENTIFIER, visited_network or connection.realm),
    ]
    if type is not None:
        avps.append(avp(USER_AUTHORIZATION_TYPE, type))
    if flags is not None:
        avps.append(avp(UAR_FLAGS, flags, mandatory=False))
    return base(connection, USER_AUTHORIZATION, avps)


def auth_data_item(scheme=AKA_V1_MD5, authorization=None):
    """SIP-Auth-Data-Item of a MAR (TS 29.229 6.3.13)."""
    members = []
    if scheme is not None:
        members.append(avp(SIP_AUTHENTICATION_SCHEME, scheme))
    if authorization is not None:
        members.append(avp(SIP_AUTHORIZATION, authorization))
    return avp(SIP_AUTH_DATA_ITEM, members)


def mar(connection, impi, impu, server_name, items=1, scheme=AKA_V1_MD5, authorization=None):
    """Multimedia-Auth-Request (TS 29.229 6.1.7); `authorization` is RAND || AUTS of a resynchronisation."""
    avps = [
        Avp(diameter.USER_NAME, impi),
        avp(PUBLIC_IDENTITY, impu),
        avp(SIP_NUMBER_AUTH_ITEMS, items),
        auth_data_item(scheme, authorization),
        avp(SERVER_NAME, server_name),
    ]
    return base(connection, MULTIMEDIA_AUTH, avps)


def supported_features(bits, mandatory=False, feature_list=1):
    """Supported-Features (TS 29.229 6.3.29)."""
    return avp(
        SUPPORTED_FEATURES,
        [
            Avp(diameter.VENDOR_ID, VENDOR_3GPP),
            avp(FEATURE_LIST_ID, feature_list, mandatory=False),
            avp(FEATURE_LIST, bits, mandatory=False),
        ],
        mandatory,
    )


def restoration_info(impi, *contacts, more=()):
    """SCSCF-Restoration-Info (TS 29.229 6.3.46); `more` goes to its end."""
    members = [Avp(diameter.USER_NAME, impi)]
    for contact in contacts:
        inside = [avp(PATH, "<sip:pcscf.example.org;lr>", mandatory=False), avp(CONTACT, contact, mandatory=False)]
        members.append(avp(RESTORATION_INFO, inside, mandatory=False))
    return avp(SCSCF_RESTORATION_INFO, [*members, *more], mandatory=False)


def sar(connection, impi, impus, server_name, type, already_available=0):
    """Server-Assignment-Request (TS 29.229 6.1.3); `impus` is one, several or none, `impi` may be None."""
    impus = [impus] if isinstance(impus, str) else impus or []
    avps = [] if impi is None else [Avp(diameter.USER_NAME, impi)]
    avps += [avp(PUBLIC_IDENTITY, impu) for impu in impus]
    avps += [
        avp(SERVER_NAME, server_name),
        avp(SERVER_ASSIGNMENT_TYPE, type),
        avp(USER_DATA_ALREADY_AVAILABLE, already_available),
    ]
    return base(connection, SERVER_ASSIGNMENT, avps)


def lir(connection, impu, originating=False, type=None):
    """Location-Info-Request (TS 29.229 6.1.5)."""
    avps = [avp(ORIGINATING_REQUEST, 0)] if originating else []
    avps.append(avp(PUBLIC_IDENTITY, impu))
    if type is not None:
        avps.append(avp(USER_AUTHORIZATION_TYPE, type))
    return base(connection, LOCATION_INFO, avps)


# ---- answers ----


class Vector:
    """One SIP-Auth-Data-Item of an MAA that holds an AKA vector."""

    def __init__(self, item):
        self.number = _number(item.find(SIP_ITEM_NUMBER, VENDOR_3GPP))
        self.scheme = item.find(SIP_AUTHENTICATION_SCHEME, VENDOR_3GPP).text
        authenticate = item.find(SIP_AUTHENTICATE, VENDOR_3GPP).data
        if len(authenticate) != 32:
            raise diameter.DecodeError(f"SIP-Authenticate has {len(authenticate)} octets, RAND and AUTN have 32")
        self.rand, self.autn = authenticate[:16], authenticate[16:]
        self.xres = item.find(SIP_AUTHORIZATION, VENDOR_3GPP).data
        self.ck = item.find(CONFIDENTIALITY_KEY, VENDOR_3GPP).data
        self.ik = item.find(INTEGRITY_KEY, VENDOR_3GPP).data


class Digest:
    """One SIP-Auth-Data-Item that holds what a SIP Digest response is checked with (TS 29.229 6.3.36)."""

    def __init__(self, item):
        self.scheme = item.find(SIP_AUTHENTICATION_SCHEME, VENDOR_3GPP).text
        group = item.find(SIP_DIGEST_AUTHENTICATE, VENDOR_3GPP)
        self.realm = group.find(DIGEST_REALM).text
        self.algorithm = group.find(DIGEST_ALGORITHM).text
        self.qop = group.find(DIGEST_QOP).text
        self.ha1 = group.find(DIGEST_HA1).text
        alternate = group.find(ALTERNATE_DIGEST_HA1, VENDOR_3GPP)
        self.alternate_ha1 = alternate.text if alternate else None


class Capabilities:
    """Server-Capabilities (TS 29.229 6.3.4)."""

    def __init__(self, group):
        self.mandatory = [one.number for one in group.find_all(MANDATORY_CAPABILITY, VENDOR_3GPP)]
        self.optional = [one.number for one in group.find_all(OPTIONAL_CAPABILITY, VENDOR_3GPP)]
        self.server_names = [one.text for one in group.find_all(SERVER_NAME, VENDOR_3GPP)]


def _number(found):
    return found.number if found else None


def server_name(answer):
    return answer.text(SERVER_NAME, VENDOR_3GPP)


def capabilities(answer):
    group = answer.find(SERVER_CAPABILITIES, VENDOR_3GPP)
    return Capabilities(group) if group else None


def vectors(answer):
    """The AKA vectors; items of other schemes are left out."""
    items = answer.find_all(SIP_AUTH_DATA_ITEM, VENDOR_3GPP)
    return [Vector(item) for item in items if item.find(SIP_AUTHENTICATE, VENDOR_3GPP)]


def digests(message):
    items = message.find_all(SIP_AUTH_DATA_ITEM, VENDOR_3GPP)
    return [Digest(item) for item in items if item.find(SIP_DIGEST_AUTHENTICATE, VENDOR_3GPP)]


def user_data(answer):
    found = answer.find(USER_DATA, VENDOR_3GPP)
    return found.data if found else None


def associated_identities(answer):
    group = answer.find(ASSOCIATED_IDENTITIES, VENDOR_3GPP)
    return [one.text for one in group.find_all(diameter.USER_NAME)] if group else []


def associated_registered_identities(answer):
    group = answer.find(ASSOCIATED_REGISTERED_IDENTITIES, VENDOR_3GPP)
    return [one.text for one in group.find_all(diameter.USER_NAME)] if group else []


def restoration_infos(answer):
    """The contents of SCSCF-Restoration-Info."""
    return [one.data for one in answer.find_all(SCSCF_RESTORATION_INFO, VENDOR_3GPP)]


def wildcarded_public_identity(answer):
    return answer.text(WILDCARDED_PUBLIC_IDENTITY, VENDOR_3GPP)


def charging_information(message):
    """The charging functions by the code of their AVP; empty when there are none."""
    group = message.find(CHARGING_INFORMATION, VENDOR_3GPP)
    return {member.code: member.text for member in group.members} if group else {}


def features(answer):
    """Feature-List of list 1; None when the answer says nothing of it."""
    for group in answer.find_all(SUPPORTED_FEATURES, VENDOR_3GPP):
        if group.find(FEATURE_LIST_ID, VENDOR_3GPP).number == 1:
            return group.find(FEATURE_LIST, VENDOR_3GPP).number
    return None
