"""One incoming mail for the operator: what it says, why it could not be read, and what to do about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import audit, masking
from accounts.choices import AuditKind
from helpdesk.lib.sealed import Unreadable
from tickets import actors
from tickets.actions import incoming
from tickets.choices import IncomingState, RawState
from tickets.models import IncomingMail
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest
from tickets.workspace.mail import contents, words
from tickets.workspace.mail.views import answer, do, for_operators

logger = logging.getLogger(__name__)
#: Even opened in a tab, it runs nothing, loads nothing and belongs to no origin.
_POLICY = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Raw:
    """What can be had of the bytes. ``gone`` says in words why there are none."""

    data: bytes | None
    gone: str = ""


@require_safe
@for_operators
def one(request: StaffRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(IncomingMail.objects.select_related("brand", "mailbox", "ticket"), pk=pk)
    raw = raw_of(mail)
    fields = contents.fields_of(raw.data) if raw.data else []
    masking.note_text(*(value for _name, value in fields))
    audit.saw(AuditKind.FILE_READ, brand=mail.brand_id, mail=mail.pk)
    title = mail.subject or _("Mail %(hash)s") % {"hash": mail.sha256[:12]}
    context: dict[str, Any] = {
        "mail": mail,
        "title": title,
        "tone": words.TONES[mail.state],
        "why": words.why(mail),
        "proof": words.proof(mail),
        "raw": raw,
        "raw_changed": mail.raw_state in (RawState.REWRITTEN, RawState.DESTROYED),
        "raw_secrets": words.secrets(mail),
        "fields": fields,
        "is_quarantined": mail.state == IncomingState.QUARANTINED,
    }
    return shell.page(request, "workspace/mail/one.html", context, title=title, place="mail")


@require_safe
@for_operators
def raw(request: StaffRequest, pk: int) -> HttpResponse:
    """The bytes as they came. Who took them is noted, what they hold is not."""
    mail = get_object_or_404(IncomingMail, pk=pk)
    found = raw_of(mail)
    if found.data is None:
        raise Http404(found.gone)
    logger.info("Incoming mail %s (%s) was downloaded by user %s", mail.pk, mail.sha256, request.user.pk)
    audit.saw(AuditKind.FILE_READ, brand=mail.brand_id, mail=mail.pk, raw=True)
    response = HttpResponse(found.data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{mail.sha256}.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@for_operators
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(IncomingMail, pk=pk)
    if mail.state != IncomingState.QUARANTINED:
        return _dealt_with(request)
    return do(
        request,
        lambda: incoming.retry(mail, by=actors.staff(request.user)),
        _("It will be read again. If it still cannot be, it comes back here."),
    )


@require_POST
@for_operators
def retry_all(request: StaffRequest) -> HttpResponse:
    count = incoming.retry_all(by=actors.staff(request.user))
    told = ngettext("%(count)s mail will be read again.", "%(count)s mails will be read again.", count)
    return answer(request, told % {"count": count}, messages.SUCCESS)


@require_POST
@for_operators
def dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    mail = get_object_or_404(IncomingMail, pk=pk)
    if mail.state != IncomingState.QUARANTINED:
        return _dealt_with(request)
    return do(
        request,
        lambda: incoming.dismiss(mail, by=actors.staff(request.user)),
        _("It lies in the box “not a ticket” now, where agents can still make it one."),
    )


def _dealt_with(request: StaffRequest) -> HttpResponse:
    return answer(request, _("Somebody has dealt with this mail already."), messages.ERROR, 409)


def raw_of(mail: IncomingMail) -> Raw:
    try:
        data = mail.raw
    except Unreadable:
        return Raw(
            None, _("It cannot be decrypted: the key that it was stored with is no longer in MAIL_KEYS.")
        )
    if data is None and mail.raw_state == RawState.DESTROYED:
        return Raw(None, _("Its raw bytes held a secret that could not be taken out, and were destroyed."))
    if data is None:
        return Raw(None, _("Its raw bytes are no longer kept."))
    return Raw(data)
