"""A code to the contact on record: sent on an agent's word, typed by the customer on the portal, judged here.

Nobody but the customer ever sees it: an agent who hears a code could use it elsewhere, and a desk that asks for codes
teaches its customers to tell them. See ``rules.proof``.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.actions import verification
from accounts.choices import AuditKind, VerificationMethod
from accounts.models import Customer, User
from accounts.queries.recent_changes import recent_changes
from accounts.rules.capabilities import Capability
from accounts.rules.contact import takes_mail
from accounts.rules.verification import CONTACT_OF, settled_at
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, DomainError, Invalid, NotAllowed
from helpdesk.lib.wakeup import wake
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.rows import lock
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailPurpose
from tickets.events import DELIVER_TASK, emit
from tickets.models import OutboxMail, OutboxText, ProofChallenge, Ticket, TicketProof
from tickets.models.proof import code_key, contact_digest
from tickets.queries.proof import came_back, phone_ways
from tickets.rules import proof as rules
from tickets.rules.proof import Verdict

TEXTS_TASK = "tickets.deliver_texts"
DAY = timedelta(days=1)


class TooOften(DomainError):
    code = "too_many_codes"
    status = 429
    message = _("Many codes were sent already.")


@transaction.atomic
def send_code(ticket: Ticket, *, way: VerificationMethod, by: Actor) -> ProofChallenge:
    """Have a code sent to the contact on record; one that was sent before is worth nothing from now on.

    Raises NotAllowed, SenderUnproved, Invalid for a contact that is not there, Conflict for one that was changed
    lately, TooOften.
    """
    by.require(Capability.VERIFY_CUSTOMERS)
    ticket = lock(ticket)
    refuse_unproved(ticket)
    # One after the other, or two at once would both be the last that is allowed.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=ticket.customer_id)
    to = _contact(customer, way)
    _check_settled(customer, way)
    _check_rate(customer, by.user)
    now = clock.now()
    ProofChallenge.objects.filter(ticket=ticket, passed_at=None, ended_at=None).update(ended_at=now)
    challenge = ProofChallenge.objects.create(
        ticket=ticket,
        customer=customer,
        way=way.value,
        nonce=secrets.token_hex(16),
        contact=contact_digest(to),
        asked_by=by.user,
        created_at=now,
        expires_at=now + rules.LIFETIME,
    )
    _queue(challenge, ticket, customer, to)
    emit(ticket, EventKind.CODE_SENT, by=by, method=way.value)
    audit.record(AuditKind.CODE_SENT, by=by.user, **_about(ticket), method=way.value)
    return challenge


def _contact(customer: Customer, way: VerificationMethod) -> str:
    if way == VerificationMethod.MAIL_CODE and takes_mail(customer.email):
        return customer.email
    if way in phone_ways() and customer.phone:
        return customer.phone
    raise Invalid({"way": _("There is no such contact on record to send a code to.")})


def _check_settled(customer: Customer, way: VerificationMethod) -> None:
    end = settled_at(CONTACT_OF[way], recent_changes(customer), clock.now())
    if end is not None:
        raise Conflict(
            _("This contact was changed lately: a code sent there proves nothing before %(time)s.")
            % {"time": _time(end)}
        )


def _check_rate(customer: Customer, agent: User | None) -> None:
    now = clock.now()
    lately = ProofChallenge.objects.filter(created_at__gt=now - DAY)
    free = rules.is_too_often(_moments(lately.filter(customer=customer)), rules.PER_CUSTOMER, now)
    if free is None and agent is not None:
        free = rules.is_too_often(_moments(lately.filter(asked_by=agent)), rules.PER_AGENT, now)
    if free is not None:
        raise TooOften(
            _("Many codes were sent already. The next one may be sent at %(time)s.") % {"time": _time(free)},
            retry_after=(free - now).total_seconds(),
        )


def _moments(rows: object) -> list[datetime]:
    return list(rows.values_list("created_at", flat=True))  # type: ignore[attr-defined]


def _time(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def _queue(challenge: ProofChallenge, ticket: Ticket, customer: Customer, to: str) -> None:
    cause = f"{MailPurpose.CODE}:{challenge.pk}"
    if challenge.by_phone:
        OutboxText.objects.create(cause=cause, challenge=challenge, to=to, language=ticket.language)
        wake(TEXTS_TASK)
        return
    OutboxMail.objects.queue(
        cause=cause,
        brand=ticket.brand,
        purpose=MailPurpose.CODE,
        ticket=ticket,
        to=to,
        to_name=customer.name,
        language=ticket.language,
        context={"challenge": challenge.pk},
    )
    wake(DELIVER_TASK)


@transaction.atomic
def try_code(ticket: Ticket, typed: str, *, by: Actor) -> Verdict:
    """Judge a code that the customer typed. Each try counts, also of many at once; that is why a wrong code is answered
    and not raised: what is raised is forgotten.

    Raises NotAllowed for everybody else (staff who were told a code type it nowhere), SenderUnproved, Invalid for what
    is no code at all (that is no try).
    """
    if by.kind != ActorKind.CUSTOMER:
        raise NotAllowed(_("The customer types the code, on our pages and nowhere else."))
    digits = rules.read(typed)
    if len(digits) != rules.DIGITS:
        raise Invalid({"code": _("Type the six digits of the code.")})
    ticket = lock(ticket)
    refuse_unproved(ticket)
    rows = ProofChallenge.objects.select_for_update(of=("self",)).filter(ticket=ticket, passed_at=None)
    challenge = rows.filter(ended_at=None).select_related("customer").first()
    verdict = _judge(ticket, challenge, digits)
    if challenge is not None and verdict is Verdict.PASSED:
        _passed(ticket, challenge, by)
    elif verdict in (Verdict.WRONG, Verdict.SPENT):
        _failed(ticket, by, verdict, challenge)
    return verdict


def _judge(ticket: Ticket, challenge: ProofChallenge | None, digits: str) -> Verdict:
    if challenge is None or not challenge.is_open or challenge.customer_id != ticket.customer_id:
        return Verdict.OVER
    if challenge.contact != contact_digest(_contact_now(challenge)) or came_back(challenge):
        return _end(challenge, Verdict.MOVED)
    challenge.tries += 1
    fits = hmac.compare_digest(rules.code_of(code_key(), challenge.nonce), digits)
    if fits:
        challenge.passed_at = clock.now()
    elif challenge.tries >= rules.TRIES:
        challenge.ended_at = clock.now()
    challenge.save(update_fields=["tries", "passed_at", "ended_at"])
    if fits:
        return Verdict.PASSED
    return Verdict.WRONG if challenge.ended_at is None else Verdict.SPENT


def _contact_now(challenge: ProofChallenge) -> str:
    return challenge.customer.phone if challenge.by_phone else challenge.customer.email


def _end(challenge: ProofChallenge, verdict: Verdict) -> Verdict:
    challenge.ended_at = clock.now()
    challenge.save(update_fields=["ended_at"])
    return verdict


def _passed(ticket: Ticket, challenge: ProofChallenge, by: Actor) -> None:
    way = VerificationMethod(challenge.way)
    proof = verification.prove_by_code(challenge.customer, method=way, by=challenge.asked_by)
    TicketProof.objects.create(ticket=ticket, proof=proof)
    told: dict[str, Any] = {"method": way.value, "level": proof.level, "until": _iso(proof.expires_at)}
    emit(ticket, EventKind.VERIFIED, by=by, **told)
    audit.record(AuditKind.VERIFIED, by=by.user, **_about(ticket), **told)


def _failed(ticket: Ticket, by: Actor, verdict: Verdict, challenge: ProofChallenge | None) -> None:
    tries = challenge.tries if challenge else 0
    emit(ticket, EventKind.CODE_FAILED, by=by, tries=tries, spent=verdict is Verdict.SPENT)
    audit.record(AuditKind.CODE_FAILED, by=by.user, **_about(ticket), tries=tries)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _about(ticket: Ticket) -> dict[str, Any]:
    return {"brand": ticket.brand, "ticket": ticket.number, "customer": ticket.customer}
