# The other end of RTR and PPR, an S-CSCF's (TS 29.229 6.1.9 to 6.1.12) or an AAA server's (TS 29.273 8.2.2.2, 8.2.2.4):
# takes what the HSS sends, checks what holds for every such request, and answers as it was told.
# SPDX-License-Identifier: MIT
import collections
import queue

from tests.peer import cx, diameter, swx
from tests.peer.checks import assert_no_cx_avps, assert_user_data_flags
from tests.peer.connection import CX, VENDOR_3GPP
from tests.peer.diameter import Avp

SILENCE = object()


class Push:
    """One RTR or PPR as it came."""

    def __init__(self, request):
        self.request = request
        self.code = request.code
        self.user_name = request.text(diameter.USER_NAME)
        self.destination_host = request.text(diameter.DESTINATION_HOST)
        self.destination_realm = request.text(diameter.DESTINATION_REALM)
        self.public_identities = [one.text for one in request.find_all(cx.PUBLIC_IDENTITY, VENDOR_3GPP)]
        self.associated_identities = cx.associated_identities(request)
        reason = request.find(cx.DEREGISTRATION_REASON, VENDOR_3GPP)
        self.reason = reason.find(cx.REASON_CODE, VENDOR_3GPP).enumerated if reason else None
        info = reason.find(cx.REASON_INFO, VENDOR_3GPP) if reason else None
        self.reason_info = info.text if info else None
        self.user_data = cx.user_data(request)
        self.charging = cx.charging_information(request)
        self.digests = cx.digests(request)
        self.non_3gpp = swx.user_data(request)
        self.ppr_flags = swx.ppr_flags(request)

    def __repr__(self):
        kind = "RTR" if self.code == cx.REGISTRATION_TERMINATION else "PPR"
        return f"{kind}({self.user_name}, {self.public_identities}, reason {self.reason})"


class Verdict:
    """What an answer says: a result, whom it keeps as emergency registrations, (impi, impu) each, and further AVPs."""

    def __init__(self, result, emergency=(), more=()):
        self.result = result
        self.emergency = emergency
        self.more = more


class Inbox:
    """The handler of a Connection. It answers `default` unless answers were queued with then()."""

    def __init__(self, host, realm, default=cx.SUCCESS, application=CX):
        self.host = host
        self.realm = realm
        self.default = default
        self.application = application
        self._answers = collections.deque()
        self._received = queue.Queue()

    def then(self, *answers):
        """The next requests are answered so, in their order: a result, a Verdict or SILENCE."""
        self._answers.extend(answers)

    def __call__(self, request):
        verdict = self._answers.popleft() if self._answers else self.default
        self._received.put(Push(request))
        if verdict is SILENCE:
            return None
        if not isinstance(verdict, Verdict):
            verdict = Verdict(verdict)
        return self._answer(request, verdict)

    def take(self, timeout=10):
        """The next request that came."""
        try:
            return self._received.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"{self.host} was sent neither RTR nor PPR within {timeout} s") from None

    def take_all(self, count, timeout=10):
        return [self.take(timeout) for _ in range(count)]

    @property
    def empty(self):
        return self._received.empty()

    def _answer(self, request, verdict):
        vendor, code = verdict.result
        if vendor == cx.BASE:
            result = Avp(diameter.RESULT_CODE, code)
        else:
            result = Avp(
                diameter.EXPERIMENTAL_RESULT,
                [Avp(diameter.VENDOR_ID, vendor), Avp(diameter.EXPERIMENTAL_RESULT_CODE, code)],
            )
        answer = request.answer(
            [
                request.find(diameter.SESSION_ID),
                cx.vendor_specific_application_id(request.application),
                result,
                Avp(diameter.AUTH_SESSION_STATE, 1),
                Avp(diameter.ORIGIN_HOST, self.host),
                Avp(diameter.ORIGIN_REALM, self.realm),
            ]
        )
        if vendor == cx.BASE and code // 1000 == 3:
            answer.flags |= diameter.FLAG_ERROR
        for impi, impu in verdict.emergency:
            members = [Avp(diameter.USER_NAME, impi), cx.avp(cx.PUBLIC_IDENTITY, impu)]
            answer.avps.append(cx.avp(cx.IDENTITY_WITH_EMERGENCY_REGISTRATION, members, mandatory=False))
        answer.avps.extend(verdict.more)
        return answer


_ONCE = (
    diameter.SESSION_ID,
    diameter.VENDOR_SPECIFIC_APPLICATION_ID,
    diameter.AUTH_SESSION_STATE,
    diameter.ORIGIN_HOST,
    diameter.ORIGIN_REALM,
    diameter.DESTINATION_HOST,
    diameter.DESTINATION_REALM,
    diameter.USER_NAME,
)


def assert_push(test, push, host, realm, inbox):
    """What holds for every request of the HSS to `inbox` (TS 29.229 6.1.9, 6.1.11, TS 29.273 8.2.2.2, 8.2.2.4)."""
    request = push.request
    test.assertEqual(request.flags & ~diameter.FLAG_RETRANSMITTED, diameter.FLAG_REQUEST | diameter.FLAG_PROXIABLE)
    test.assertEqual(request.application, inbox.application)
    test.assertEqual(request.avps[0].key, (diameter.SESSION_ID, 0), "Session-Id comes first")
    for code in _ONCE:
        test.assertEqual(len(request.find_all(code)), 1, f"AVP {code} in {request}")
    test.assertTrue(request.text(diameter.SESSION_ID).startswith(f"{host};"))
    application = request.find(diameter.VENDOR_SPECIFIC_APPLICATION_ID)
    test.assertEqual(
        sorted((member.key, member.number) for member in application.members),
        [((diameter.AUTH_APPLICATION_ID, 0), inbox.application), ((diameter.VENDOR_ID, 0), VENDOR_3GPP)],
    )
    test.assertEqual(request.find(diameter.AUTH_SESSION_STATE).enumerated, 1)
    test.assertEqual(request.text(diameter.ORIGIN_HOST), host)
    test.assertEqual(request.text(diameter.ORIGIN_REALM), realm)
    test.assertEqual(push.destination_host, inbox.host)
    test.assertEqual(push.destination_realm, inbox.realm)
    if inbox.application != CX:
        assert_no_cx_avps(test, request)
        assert_user_data_flags(test, request)
