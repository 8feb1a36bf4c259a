# What holds for every answer on Cx and SWx, whoever made it: the procedures, the decoder, or freeDiameter's own rule
# check.
# SPDX-License-Identifier: MIT
from tests.peer import cx, diameter, swx
from tests.peer.connection import SWX, VENDOR_3GPP

# Base AVPs of answers whose M bit must be clear (RFC 6733 4.5); every other one has it set.
_BASE_WITHOUT_M = {diameter.PRODUCT_NAME, diameter.ERROR_MESSAGE, 294}
# Base AVPs that no answer has: routing is the request's (RFC 6733 6.2, 6.7.1).
_NOT_IN_ANSWERS = {diameter.DESTINATION_HOST, diameter.DESTINATION_REALM, diameter.ROUTE_RECORD}
# AVPs of Cx that no message of the HSS on SWx has (TS 29.273 8.2.2).
_CX_ALONE = {
    (cx.PUBLIC_IDENTITY, VENDOR_3GPP),
    (cx.SERVER_NAME, VENDOR_3GPP),
    (cx.USER_DATA, VENDOR_3GPP),
    (cx.CHARGING_INFORMATION, VENDOR_3GPP),
    (cx.ASSOCIATED_IDENTITIES, VENDOR_3GPP),
}
# Groups of SWx, whose members are checked as well.
_SWX_GROUPS = {
    (code, VENDOR_3GPP)
    for code in (
        swx.NON_3GPP_USER_DATA,
        swx.AMBR,
        swx.APN_CONFIGURATION,
        swx.EPS_SUBSCRIBED_QOS_PROFILE,
        swx.ALLOCATION_RETENTION_PRIORITY,
    )
} | {(swx.MIP6_AGENT_INFO, 0), (swx.MIP_HOME_AGENT_HOST, 0), (swx.SUBSCRIPTION_ID, 0)}

# Of TS 29.212, which asks for V alone; TS 29.272 has them with M.
_M_IS_OPEN = {
    (code, VENDOR_3GPP)
    for code in (
        swx.RAT_TYPE,
        swx.ALLOCATION_RETENTION_PRIORITY,
        swx.PRIORITY_LEVEL,
        swx.PRE_EMPTION_CAPABILITY,
        swx.PRE_EMPTION_VULNERABILITY,
    )
}


def assert_user_data_flags(test, message):
    """M and V of Non-3GPP-User-Data and all in it: both, and M alone without a vendor (TS 29.273 8.2.3.0, TS 29.272
    7.3.1, RFC 5447, RFC 5778)."""
    waiting = message.find_all(swx.NON_3GPP_USER_DATA, VENDOR_3GPP)
    while waiting:
        avp = waiting.pop()
        if avp.key not in _M_IS_OPEN:
            test.assertTrue(avp.mandatory, f"{avp}: M bit")
        if avp.key in _SWX_GROUPS:
            waiting.extend(avp.members)


def assert_no_cx_avps(test, message):
    for avp in message.avps:
        test.assertNotIn(avp.key, _CX_ALONE)


def _check_flags(test, avp):
    """M and V of an AVP (TS 29.229 table 6.3, TS 29.273 8.2.3.0, RFC 6733 4.5)."""
    if avp.vendor == VENDOR_3GPP:
        mandatory = avp.code <= 626 or avp.code in (633, swx.NON_3GPP_USER_DATA)
    elif avp.key == (cx.LINE_IDENTIFIER, cx.VENDOR_ETSI):
        mandatory = True
    else:
        test.assertEqual(avp.vendor, 0, f"{avp}: of a vendor that Cx does not know")
        mandatory = avp.code not in _BASE_WITHOUT_M
    test.assertEqual(avp.mandatory, mandatory, f"{avp}: M bit")
    test.assertFalse(avp.flags & diameter.AVP_PROTECTED, f"{avp}: P bit")


def _only(test, answer, code):
    found = answer.find_all(code)
    test.assertEqual(len(found), 1, f"AVP {code} in {answer}")
    return found[0]


def _assert_echoed(test, request, answer, *keys):
    for key in keys:
        sent = request.find(*key)
        if sent is not None and sent.data:
            got = answer.find(*key)
            test.assertIsNotNone(got, f"{key} is not echoed")
            test.assertEqual(got.data, sent.data, f"{key} is echoed as it came")


def assert_common(test, request, answer, host, realm):
    """Session-Id, Vendor-Specific-Application-Id, Auth-Session-State, Origin-*, one result of one family, right flags.
    Returns the result, (vendor, code)."""
    test.assertFalse(answer.is_request)
    test.assertEqual(answer.application, request.application)
    test.assertEqual(answer.code, request.code)
    test.assertFalse(answer.flags & diameter.FLAG_RETRANSMITTED)

    test.assertEqual(answer.avps[0].key, (diameter.SESSION_ID, 0), "Session-Id comes first")
    session = _only(test, answer, diameter.SESSION_ID)
    test.assertEqual(session.text, request.text(diameter.SESSION_ID))

    application = _only(test, answer, diameter.VENDOR_SPECIFIC_APPLICATION_ID)
    test.assertEqual(
        sorted((member.key, member.number) for member in application.members),
        [((diameter.AUTH_APPLICATION_ID, 0), request.application), ((diameter.VENDOR_ID, 0), VENDOR_3GPP)],
    )
    test.assertEqual(_only(test, answer, diameter.AUTH_SESSION_STATE).enumerated, 1)
    test.assertEqual(_only(test, answer, diameter.ORIGIN_HOST).text, host)
    test.assertEqual(_only(test, answer, diameter.ORIGIN_REALM).text, realm)

    verdict = cx.result(answer)
    vendor, code = verdict
    test.assertIn(vendor, (0, VENDOR_3GPP))
    protocol_error = vendor == 0 and 3000 <= code < 4000
    test.assertEqual(answer.is_error, protocol_error, f"E bit with {cx.name_of(verdict)}")
    test.assertEqual(
        answer.flags & diameter.FLAG_PROXIABLE, request.flags & diameter.FLAG_PROXIABLE, "P bit (RFC 6733 6.2)"
    )
    for avp in answer.avps:
        _check_flags(test, avp)
        test.assertNotIn(avp.key, {(code, 0) for code in _NOT_IN_ANSWERS})
        if avp.key in ((cx.SIP_AUTH_DATA_ITEM, VENDOR_3GPP), (cx.SERVER_CAPABILITIES, VENDOR_3GPP)):
            for member in avp.members:
                _check_flags(test, member)
    test.assertLessEqual(len(answer.find_all(diameter.FAILED_AVP)), 1)
    if request.application == SWX:
        assert_no_cx_avps(test, answer)
        assert_user_data_flags(test, answer)
        test.assertIn(verdict, cx.NAMES, "a result that is not of SWx")
        if request.code in (cx.MULTIMEDIA_AUTH, cx.SERVER_ASSIGNMENT):
            _assert_echoed(test, request, answer, (diameter.USER_NAME, 0))
    elif request.code == cx.MULTIMEDIA_AUTH:
        # Kamailio refuses an MAA without them, whatever its result.
        _assert_echoed(test, request, answer, (diameter.USER_NAME, 0), (cx.PUBLIC_IDENTITY, VENDOR_3GPP))
    return verdict


def assert_failed(test, answer, *expected):
    """Failed-AVP holds exactly the AVPs (by code and vendor) that the refusal is about."""
    test.assertEqual([avp.key for avp in cx.failed_avps(answer)], list(expected))
