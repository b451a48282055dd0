"""Making a sensitive act out of what somebody asked for, or changing it: content, terms, fingerprint."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import VerificationLevel
from accounts.models import Customer
from accounts.queries.customers import people_of
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, NotAllowed
from tickets.actions import intake
from tickets.actions import wallet_rows as rows
from tickets.actors import Actor
from tickets.choices import ActKind, ActorKind, ActState
from tickets.models import SensitiveAct, Ticket
from tickets.queries import wallet as queries
from tickets.queries.wallet_sums import others_of
from tickets.rules import visibility
from tickets.rules.wallet import NEEDS, Terms, terms
from tickets.rules.wallet_content import Content, checked, fingerprint, transaction_key
from tickets.rules.wallet_holder import account_key


class AlreadyAsked(Conflict):
    """The same is asked for on this account, and not decided."""

    code = "act_already_asked"


def admitted(kind: ActKind, answers: Mapping[str, Any]) -> Content:
    return checked(kind, intake.admit_values(answers))


def check_asker(kind: ActKind, by: Actor) -> None:
    """A freeze the customer and the desk may ask for too; anything else takes a member of staff with the right."""
    if NEEDS[kind].is_immediate and by.kind != ActorKind.STAFF:
        return
    if by.kind != ActorKind.STAFF:
        raise NotAllowed(capability=NEEDS[kind].capability.value)
    by.require(NEEDS[kind].capability)


def check_not_own(customer: Customer, by: Actor) -> None:
    """Who works here asks for nothing on what is theirs, but for a freeze."""
    if by.user is not None and by.user.pk in people_of(customer):
        raise NotAllowed(_("This customer is you: somebody else must ask for it."))


def check_sees(ticket: Ticket, by: Actor) -> None:
    """A right holds for the tickets that one sees; a customer freezes on their own."""
    if by.kind == ActorKind.STAFF and (by.user is None or not visibility.may_see(by.user, ticket)):
        raise NotAllowed
    if by.kind == ActorKind.CUSTOMER and by.user is not None and ticket.customer.user_id != by.user.pk:
        raise NotAllowed


def terms_for(ticket: Ticket, content: Content, *, but_for: SensitiveAct | None = None) -> Terms:
    """By what it comes to together with other refunds; ``but_for``: itself, where it is changed."""
    policy = queries.policy_of(ticket.brand, content.kind)
    amount = content.amount
    if amount is not None:
        amount += others_of(ticket, content, policy, but_for=but_for).amount
    return terms(content.kind, policy, amount=amount, currency=content.currency)


def needed_now(act: SensitiveAct) -> Terms:
    """The stricter of what it needed when it was asked for and what policy and sum ask at this moment."""
    now = terms_for(act.ticket, rows.content_of(act), but_for=act)
    return replace(
        now,
        level=max(VerificationLevel(act.needed_level), now.level),
        approvals=max(act.needed_approvals, now.approvals),
    )


def refuse_second(ticket: Ticket, content: Content) -> None:
    other = queries.running(ticket.brand, content.kind, content.account)
    if other is not None:
        raise _already(content.kind)


def _already(kind: ActKind) -> AlreadyAsked:
    words = _("“%(what)s” is asked for on this account already, and not finished.")
    return AlreadyAsked(words % {"what": kind.label})


def new(ticket: Ticket, content: Content, needed: Terms, by: Actor) -> SensitiveAct:
    now = clock.now()
    act = SensitiveAct(
        key=uuid.uuid4(),
        ticket=ticket,
        brand=ticket.brand,
        customer=ticket.customer,
        kind=content.kind,
        requester_kind=by.kind,
        requested_by=by.user if by.kind == ActorKind.STAFF else None,
        requester_name=by.name[:120],
        requested_at=now,
    )
    fill(act, content, needed)
    if needed.approvals == 0:
        act.state, act.approved_at = ActState.APPROVED, now
    try:
        with transaction.atomic():
            act.save(force_insert=True)
    except IntegrityError as problem:
        raise _unless_twice(problem, content.kind) from problem
    return act


def save_edited(act: SensitiveAct) -> None:
    act.version += 1
    try:
        with transaction.atomic():
            act.save()
    except IntegrityError as problem:
        raise _unless_twice(problem, ActKind(act.kind)) from problem


def _unless_twice(problem: IntegrityError, kind: ActKind) -> Exception:
    """Two at once: the database let one of them in."""
    return _already(kind) if "one_open_act_of_a_kind_per_account" in str(problem) else problem


def fill(act: SensitiveAct, content: Content, needed: Terms) -> None:
    """The content, what it needs, and the fingerprint."""
    act.account, act.amount, act.currency = content.account, content.amount, content.currency
    act.account_key = account_key(content.account, region=act.brand.country)
    act.details = dict(content.details or {})
    act.transaction_key = transaction_key(content)
    act.reason_code, act.reason = content.reason_code, content.reason
    act.needed_level, act.needed_approvals = needed.level, needed.approvals
    act.expires_at = clock.now() + needed.life
    act.content_hash = fingerprint(content, rows.belongs(act))


def summary(act: SensitiveAct) -> dict[str, Any]:
    """What the timeline and the audit say of what is asked for, besides what they say of every step."""
    return {"reason": act.reason_code, "approvals": act.needed_approvals}
