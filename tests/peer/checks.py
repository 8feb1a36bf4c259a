# What holds for every Cx answer, whoever made it: the procedures, the decoder, or freeDiameter's own rule check.
# SPDX-License-Identifier: MIT
from tests.peer import cx, diameter
from tests.peer.connection import CX, VENDOR_3GPP

# Base AVPs of answers whose M bit must be clear (RFC 6733 4.5); every other one has it set.
_BASE_WITHOUT_M = {diameter.PRODUCT_NAME, diameter.ERROR_MESSAGE, 294}
# Base AVPs that no answer has: routing is the request's (RFC 6733 6.2, 6.7.1).
_NOT_IN_ANSWERS = {diameter.DESTINATION_HOST, diameter.DESTINATION_REALM, diameter.ROUTE_RECORD}


def _check_flags(test, avp):
    """M and V of an AVP (TS 29.229 table 6.3, RFC 6733 4.5)."""
    if avp.vendor == VENDOR_3GPP:
        mandatory = avp.code <= 626 or avp.code == 633
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


def assert_common(test, request, answer, host, realm):
    """Session-Id, Vendor-Specific-Application-Id, Auth-Session-State, Origin-*, one result of one family, right flags.
    Returns the result, (vendor, code)."""
    test.assertFalse(answer.is_request)
    test.assertEqual(answer.application, CX)
    test.assertEqual(answer.code, request.code)
    test.assertFalse(answer.flags & diameter.FLAG_RETRANSMITTED)

    test.assertEqual(answer.avps[0].key, (diameter.SESSION_ID, 0), "Session-Id comes first")
    session = _only(test, answer, diameter.SESSION_ID)
    test.assertEqual(session.text, request.text(diameter.SESSION_ID))

    application = _only(test, answer, diameter.VENDOR_SPECIFIC_APPLICATION_ID)
    test.assertEqual(
        sorted((member.key, member.number) for member in application.members),
        [((diameter.AUTH_APPLICATION_ID, 0), CX), ((diameter.VENDOR_ID, 0), VENDOR_3GPP)],
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
    if request.code == cx.MULTIMEDIA_AUTH:
        # Kamailio refuses an MAA without them, whatever its result.
        for key in ((diameter.USER_NAME, 0), (cx.PUBLIC_IDENTITY, VENDOR_3GPP)):
            sent = request.find(*key)
            if sent is not None and sent.data:
                got = answer.find(*key)
                test.assertIsNotNone(got, f"{key} is not echoed")
                test.assertEqual(got.data, sent.data, f"{key} is echoed as it came")
    return verdict


def assert_failed(test, answer, *expected):
    """Failed-AVP holds exactly the AVPs (by code and vendor) that the refusal is about."""
    test.assertEqual([avp.key for avp in cx.failed_avps(answer)], list(expected))
