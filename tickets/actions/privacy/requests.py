"""A right is asked for, granted, refused or withdrawn. What is granted, the worker carries out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Brand, Customer, User
from accounts.rules.capabilities import Capability
from accounts.rules.contact import takes_mail
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, DomainError, Invalid
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import MailPurpose, PrivacyKind, PrivacyRefusal, PrivacyState
from tickets.events import DELIVER_TASK
from tickets.models import OutboxMail, PrivacyRequest
from tickets.queries.privacy import due_at, obstacles

TASK = "tickets.work_privacy"
#: What the person may be told as a reason that an officer chose; the others are found, not chosen.
CHOSEN = (PrivacyRefusal.DUTY, PrivacyRefusal.NOT_THEM, PrivacyRefusal.UNFOUNDED)


class AskedAlready(Conflict):
    code = "asked_already"
    message = _("This was asked for already and is not finished yet.")


class Kept(DomainError):
    """Something stands against it; ``reasons`` says what, the weightiest first."""

    code = "kept"
    status = 409
    message = _("This person cannot be erased now.")

    def __init__(self, reasons: list[PrivacyRefusal]) -> None:
        said = _("This person cannot be erased now: %(reasons)s.") % {
            "reasons": _(", ").join(str(reason.label) for reason in reasons)
        }
        super().__init__(said, reasons=[reason.value for reason in reasons])
        self.reasons = reasons


def ask(
    customer: Customer,
    *,
    kind: PrivacyKind,
    brand: Brand,
    language: str,
    by: Actor,
    with_notes: bool = False,
) -> PrivacyRequest:
    """The person themself, whose contact is proved, or an officer in their name. A copy that the person asks for is
    made at once; an erasure that they ask for waits for an officer; an officer's own begins. Raises AskedAlready, Kept.
    """
    officer = _officer(by)
    if customer.erased_at is not None:
        raise Kept([PrivacyRefusal.UNFOUNDED])
    if kind == PrivacyKind.ERASE and officer is not None and (found := obstacles(customer, by=officer)):
        _note_refusal(customer, brand, found, by=officer)
        raise Kept(found)
    now = clock.now()
    waits = kind == PrivacyKind.ERASE and officer is None
    try:
        with transaction.atomic():
            request = PrivacyRequest.objects.create(
                customer=customer,
                brand=brand,
                kind=kind,
                state=PrivacyState.ASKED if waits else PrivacyState.QUEUED,
                language=language,
                asked_by=officer,
                by_themself=officer is None,
                with_notes=with_notes and officer is not None,
                asked_at=now,
                due_at=due_at(now, brand),
                decided_by=officer,
                decided_at=None if waits else now,
            )
            if officer is None:
                tell(request, "asked")
            wake(TASK)
            return request
    except IntegrityError:
        raise AskedAlready from None


def _officer(by: Actor) -> User | None:
    """The member of staff, who needs the power; None for the person themself."""
    if by.user is None or not by.user.is_staff:
        return None
    by.require(Capability.MANAGE_PRIVACY)
    return by.user


def grant(request: PrivacyRequest, *, by: Actor) -> PrivacyRequest:
    """An officer says yes to what waits. Raises Kept with what stands against it, Conflict if somebody was quicker."""
    by.require(Capability.MANAGE_PRIVACY)
    assert by.user is not None
    if found := obstacles(request.customer, by=by.user):
        _note_refusal(request.customer, request.brand, found, by=by.user)
        raise Kept(found)
    with transaction.atomic():
        row = _held(request, PrivacyState.ASKED)
        row.state, row.decided_by, row.decided_at = PrivacyState.QUEUED, by.user, clock.now()
        row.save(update_fields=["state", "decided_by", "decided_at"])
        wake(TASK)
        return row


def refuse(request: PrivacyRequest, *, reason: str, remark: str, by: Actor) -> PrivacyRequest:
    """An officer says no, with a reason that the person is told. Raises Invalid, Conflict."""
    by.require(Capability.MANAGE_PRIVACY)
    standing = obstacles(request.customer, by=by.user)
    allowed = {one.value for one in (*CHOSEN, *standing)}
    if reason not in allowed:
        raise Invalid({"reason": _("Choose why it is refused.")})
    with transaction.atomic():
        row = _held(request, PrivacyState.ASKED)
        row.state, row.refusal, row.remark = PrivacyState.REFUSED, reason, remark.strip()[:500]
        row.decided_by, row.decided_at, row.finished_at = by.user, clock.now(), clock.now()
        row.save()
        audit.record(
            AuditKind.ERASURE_REFUSED,
            by=by.user,
            brand=row.brand,
            customer=row.customer,
            request=row.pk,
            reasons=[reason],
        )
        tell(row, "refused")
        return row


def withdraw(request: PrivacyRequest, *, by: Actor) -> PrivacyRequest:
    """The person, or an officer, takes it back while it has not begun. Raises Conflict once it has."""
    _officer(by)
    with transaction.atomic():
        row = _held(request, PrivacyState.ASKED, PrivacyState.QUEUED)
        row.state, row.finished_at = PrivacyState.WITHDRAWN, clock.now()
        row.save(update_fields=["state", "finished_at"])
        return row


def _held(request: PrivacyRequest, *states: PrivacyState) -> PrivacyRequest:
    row = (
        PrivacyRequest.objects.select_for_update(of=("self",))
        .select_related("customer", "brand")
        .get(pk=request.pk)
    )
    if row.state not in states:
        raise Conflict
    return row


def _note_refusal(customer: Customer, brand: Brand, found: list[PrivacyRefusal], *, by: User) -> None:
    audit.record(
        AuditKind.ERASURE_REFUSED,
        by=by,
        brand=brand,
        customer=customer,
        reasons=[reason.value for reason in found],
    )


def tell(request: PrivacyRequest, said: str, **context: Any) -> None:
    """Mail the person in their language, in the caller's transaction; ``said`` names the words in tickets.delivery."""
    customer = request.customer
    email = customer.email or (customer.user.email if customer.user else "")
    if not takes_mail(email):
        return
    cause = f"{MailPurpose.PRIVACY}:{request.pk}:{said}"
    OutboxMail.objects.queue(
        cause=cause,
        brand=request.brand,
        purpose=MailPurpose.PRIVACY,
        to=email,
        to_name=customer.name,
        language=request.language,
        context={
            "said": said,
            "kind": request.kind,
            "due": request.due_at.isoformat(),
            "reason": request.refusal,
            "remark": request.remark,
            "days": settings.PRIVACY_EXPORT_DAYS,
            "by_themself": request.by_themself,
            **context,
        },
    )
    request.answer = OutboxMail.objects.get(cause=cause)
    request.save(update_fields=["answer"])
    wake(DELIVER_TASK)
