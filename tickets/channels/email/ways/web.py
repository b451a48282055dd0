"""``POST /mail/incoming/``: a mail as a provider posts it, raw and signed. See docs/mail.md."""

from __future__ import annotations

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from helpdesk.lib import clock
from helpdesk.lib.http import client_ip
from helpdesk.lib.limits import MAIL_SIGNATURES as LIMIT
from helpdesk.lib.problems import problem_response
from tickets.actions.incoming import Arrival, UnknownRecipient, keep
from tickets.channels.email.ways.beginning import hard_limit, read_beginning
from tickets.channels.email.ways.recipients import recipients_of
from tickets.choices import MailWay
from tickets.rules import mail_signatures as signatures
from tickets.rules.mail_signatures import Signing

RETRY_SECONDS = 60
KINDS = ("message/rfc822", "message/global", "application/octet-stream")


class Refused(Exception):
    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(code)


@csrf_exempt  # the signature says who it is; there is no session
def incoming_mail(request: HttpRequest) -> HttpResponse:
    """202 once the mail is committed, with how many rows it is: one for each brand. The same bytes are the same."""
    try:
        _check_outside(request)
        stored = keep(_arrival(request))
    except Refused as refused:
        return _problem(request, refused.status, refused.code, refused.detail)
    except UnknownRecipient as unknown:
        return _problem(request, unknown.status, unknown.code, str(unknown))
    except Error:
        detail = _("The mail cannot be stored right now. Please send it again later.")
        return _problem(request, 503, "try_later", detail, retry_after=RETRY_SECONDS)
    except OSError:  # the sender hung up
        return _problem(request, 400, "broken_off", _("The mail broke off."))
    return JsonResponse({"stored": len(stored)}, status=202)


def _check_outside(request: HttpRequest) -> None:
    """What can be told before the mail is read."""
    if not settings.MAIL_HTTP_SECRET:
        raise Refused(404, "not_found", _("There is nothing here."))
    if request.method != "POST":
        raise Refused(405, "method_not_allowed", _("Mail is posted here, and nothing else."))
    if LIMIT.is_spent(client_ip(request)):
        raise Refused(429, "too_many_requests", _("Too many bad signatures. Please wait a minute."))
    timestamp = request.headers.get(signatures.TIMESTAMP, "")
    if not signatures.is_timely(timestamp, clock.now().timestamp()) or not _signatures(request):
        raise _bad_signature(request)
    if request.content_type not in KINDS:
        detail = _("Send the raw mail as message/rfc822, as it came.")
        raise Refused(415, "unsupported_media_type", detail)
    size = request.META.get("CONTENT_LENGTH") or ""
    if not size.isdecimal():
        raise Refused(411, "length_required", _("Say how long the mail is (Content-Length)."))
    if int(size) > hard_limit():
        raise _too_large()


def _arrival(request: HttpRequest) -> Arrival:
    """The mail, read and found to be signed."""
    named = _named(request)
    signing = Signing(
        settings.MAIL_HTTP_SECRET,
        timestamp=request.headers[signatures.TIMESTAMP],
        recipients=named,
    )
    raw, size = read_beginning(request, keep=settings.MAIL_MAX_BYTES, most=hard_limit(), each=signing.add)
    if size > hard_limit():
        raise _too_large()
    if size < int(request.META["CONTENT_LENGTH"]):
        raise Refused(400, "broken_off", _("The mail broke off."))
    if not signing.is_among(_signatures(request)):
        raise _bad_signature(request)
    if not raw.strip():
        raise Refused(400, "empty", _("There is no mail in it."))
    wanted = _listed(named) or recipients_of(raw)
    return Arrival(raw=raw, way=MailWay.HTTP, recipients=wanted, peer=_address(request), whole_size=size)


def _named(request: HttpRequest) -> bytes | None:
    """The header as it came; the web server reads every header as Latin-1."""
    value = request.headers.get(signatures.RECIPIENTS)
    return value.encode("latin-1", "replace") if value is not None else None


def _listed(named: bytes | None) -> list[str]:
    parts = (named or b"").decode("utf-8", "replace").split(",")
    return [part.strip() for part in parts if part.strip()]


def _signatures(request: HttpRequest) -> str:
    return request.headers.get(signatures.SIGNATURE, "")


def _address(request: HttpRequest) -> str | None:
    address = client_ip(request)
    return address if address != "unknown" else None


def _bad_signature(request: HttpRequest) -> Refused:
    """One answer for whatever is wrong with it."""
    LIMIT.spend(client_ip(request))
    return Refused(
        403, "bad_signature", _("The signature does not fit the mail, its recipients or the time.")
    )


def _too_large() -> Refused:
    return Refused(413, "too_large", _("The mail is larger than this server takes."))


def _problem(
    request: HttpRequest, status: int, code: str, detail: str, *, retry_after: int | None = None
) -> HttpResponse:
    response = problem_response(request, status, code, detail)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    if status == 405:
        response.headers["Allow"] = "POST"
    return response
