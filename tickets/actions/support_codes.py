"""Announcing a call, and answering customers who ask whether a mail or a call is really ours."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Brand, Customer, User
from accounts.queries.customers import addresses_of
from accounts.rules.capabilities import Capability
from accounts.rules.contact import normal_email, normal_phone
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError, NotAllowed
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.rows import lock
from tickets.actors import Actor
from tickets.choices import EventKind
from tickets.events import emit
from tickets.models import OutboxMail, SupportCall, Ticket
from tickets.models.support_codes import call_digest, support_key
from tickets.queries.support_codes import Sent, first_check, mail_behind, plain
from tickets.rules import support_codes as rules
from tickets.rules.support_codes import Verdict


class TooManyCalls(DomainError):
    code = "too_many_calls"
    status = 429
    message = _("You announced many calls in the last hour. Please wait a little.")


@transaction.atomic
def announce_call(ticket: Ticket, *, by: Actor) -> SupportCall:
    """The agent is calling now: a code to read out, good for half an hour and for one check."""
    by.require(Capability.WORK_TICKETS)
    if by.user is None:
        raise NotAllowed
    ticket = lock(ticket)
    refuse_unproved(ticket)
    now = clock.now()
    lately = SupportCall.objects.filter(by=by.user, created_at__gt=now - timedelta(hours=1))
    if lately.count() >= rules.CALLS_PER_HOUR:
        raise TooManyCalls
    nonce = secrets.token_hex(16)
    digits = plain(rules.call_code(support_key(), nonce))
    call = SupportCall.objects.create(
        ticket=ticket,
        customer=ticket.customer,
        by=by.user,
        nonce=nonce,
        digest=call_digest(digits, ticket.brand_id),
        created_at=now,
        expires_at=now + rules.CALL_LASTS,
    )
    emit(ticket, EventKind.SUPPORT_CODE_GIVEN, by=by, until=call.expires_at.isoformat())
    audit.record(
        AuditKind.SUPPORT_CODE_GIVEN,
        by=by.user,
        brand=ticket.brand,
        ticket=ticket.number,
        customer=ticket.customer,
    )
    return call


@dataclass(frozen=True)
class Answer:
    """``at``: when it was sent, or the call announced. ``before``: when its code was asked for first, if not now."""

    verdict: Verdict
    is_call: bool = False
    at: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class _Asker:
    """Who asks: a customer who has logged in, or what somebody says of how they were reached."""

    customer: Customer | None
    contact: str

    @property
    def addresses(self) -> Iterable[str]:
        if self.customer is not None:
            return sorted(addresses_of(self.customer))
        return [self.contact] if "@" in self.contact else []

    def is_(self, customer: Customer) -> bool:
        if self.customer is not None:
            return self.customer.pk == customer.pk
        if "@" in self.contact:
            return normal_email(self.contact) in addresses_of(customer)
        try:
            return bool(customer.phone) and normal_phone(self.contact) == customer.phone
        except ValueError:
            return False


@transaction.atomic
def check(
    brand: Brand, typed: str, *, contact: str = "", customer: Customer | None = None, by: User | None = None
) -> Answer:
    """Whether a code is ours and was meant for whoever asks: a code that went to somebody else is not theirs to
    believe. Nothing of the case is in the answer.

    ``contact``: how they say they were reached, where they have not logged in.
    """
    code, asker = plain(typed), _Asker(customer, contact.replace("\x00", "").strip())
    which: dict[str, Any] = {}
    if code.isdecimal() and len(code) == rules.CALL_DIGITS:
        answer, ticket = _call(brand, code, asker)
    else:
        sent = mail_behind(code, asker.addresses, brand)
        answer, ticket = _mail(sent) if sent else (Answer(Verdict.NOT_OURS), None)
        which = {"mail": sent.mail.pk} if sent else {}
    audit.record(
        AuditKind.SUPPORT_CODE_CHECKED,
        by=by,
        brand=brand,
        ticket=ticket.number if ticket else "",
        customer=ticket.customer if ticket else None,
        verdict=answer.verdict.value,
        call=answer.is_call,
        **which,
    )
    return answer


def _mail(sent: Sent) -> tuple[Answer, Ticket | None]:
    """A mail is read more than once, and so its code may be checked again; whoever does is told of the first time."""
    # Of two at once, the second is told of the first.
    OutboxMail.objects.select_for_update().only("pk").get(pk=sent.mail.pk)
    return Answer(Verdict.OURS, at=sent.at, before=first_check(sent.mail)), sent.mail.ticket


def _call(brand: Brand, digits: str, asker: _Asker) -> tuple[Answer, Ticket | None]:
    rows = SupportCall.objects.select_for_update(of=("self",)).select_related("ticket", "customer")
    call = rows.filter(digest=call_digest(digits, brand.pk)).first()
    if call is None or not asker.is_(call.customer):
        return Answer(Verdict.NOT_OURS, is_call=True), None
    now = clock.now()
    if call.checked_at is not None:
        answer = Answer(Verdict.ASKED_BEFORE, True, call.created_at, call.checked_at)
    elif call.expires_at <= now:
        answer = Answer(Verdict.RUN_OUT, True, call.created_at)
    else:
        call.checked_at = now
        call.save(update_fields=["checked_at"])
        answer = Answer(Verdict.OURS, True, call.created_at)
    return answer, call.ticket
