"""Deciding on sensitive acts: approving exactly what one saw, refusing, and letting run out what nobody decided."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets import actors
from tickets.actions import intake
from tickets.actions import wallet_making as making
from tickets.actions import wallet_rows as rows
from tickets.actors import Actor
from tickets.choices import ActorKind, ActState, EventKind
from tickets.models import ActApproval, SensitiveAct
from tickets.queries import wallet as queries
from tickets.rules import visibility
from tickets.rules.wallet_states import (
    OTHER_HOLDER,
    Changed,
    Decided,
    NotYours,
    check_approval,
    check_approver,
    check_end,
)

EXPIRY = actors.system("expiry")
MAX_REASON = 500
#: So many are let run out in one transaction.
BATCH = 50


@transaction.atomic
def approve(act: SensitiveAct, *, content_hash: str, by: Actor) -> SensitiveAct:
    """Approve exactly what has this fingerprint, which the approver saw. The last one needed, by what was asked for and
    by what holds now, hands it to the wallet.

    Raises NotAllowed, NotYours, Decided, Changed, ProofMissing, or Invalid where the account is another customer's.
    """
    person = _approver(act, by)
    rows.hold(act.brand, rows.content_of(act), customer=act.customer_id)
    act = rows.lock(act)
    # Against whoever changes the customer's contact data in this very moment.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=act.customer_id)
    act.customer = act.ticket.customer = customer
    standing = queries.standing_of(act)
    check_approval(standing, person=person, seen=content_hash)
    if act.expires_at <= clock.now():
        raise Decided(_("This ran out before it was decided."))
    needed = making.needed_now(act)
    if (problem := rows.proof_problem(act, needed.level)) is not None:
        raise problem
    if not rows.is_as_asked(act):
        raise Changed(OTHER_HOLDER)
    if (foreign := rows.holder_problem(act.ticket, rows.content_of(act))) is not None:
        raise foreign
    _write_approval(act, person)
    given = len(standing.counted) + 1
    is_last = given >= needed.approvals
    if is_last:
        rows.write(act, state=ActState.APPROVED, approved_at=clock.now())
        rows.hand_over(act)
    event = rows.announce(act, EventKind.ACT_APPROVED, by=by, given=given, approvals=needed.approvals)
    if is_last:
        rows.tell_requester(act, event)
    return act


def _write_approval(act: SensitiveAct, person: int) -> None:
    try:
        with transaction.atomic():
            ActApproval.objects.create(
                act=act, approver_id=person, content_hash=act.content_hash, at=clock.now()
            )
    except IntegrityError as problem:
        # The database's own word on it, should ours have been wrong.
        raise NotYours from problem


@transaction.atomic
def refuse(act: SensitiveAct, *, reason: str, by: Actor) -> SensitiveAct:
    """Say no, with the reason; also to what was approved, as long as nothing has left.

    Raises NotAllowed, NotYours, Decided, or Invalid without a reason.
    """
    person = _approver(act, by)
    reason = intake.admit_body(reason, field="reason") if reason.strip() else ""
    if not reason:
        raise Invalid({"reason": _("Say why not: whoever asked must know what to do otherwise.")})
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": _("At most %(limit)s characters fit here.") % {"limit": MAX_REASON}})
    act = rows.lock(act)
    standing = queries.standing_of(act)
    if person == standing.requester:
        check_approver(standing, person)
    check_end(standing, ActState.REFUSED)
    rows.end(act, ActState.REFUSED, by=by, ending=reason)
    event = rows.announce(act, EventKind.ACT_REFUSED, by=by)
    rows.tell_requester(act, event)
    return act


def _approver(act: SensitiveAct, by: Actor) -> int:
    """A person of the staff with the right, for the tickets that they see. The desk itself approves nothing."""
    if by.kind != ActorKind.STAFF or by.user is None:
        raise NotAllowed(capability=Capability.APPROVE_ACTS.value)
    by.require(Capability.APPROVE_ACTS)
    if not visibility.may_see(by.user, act.ticket):
        raise NotAllowed
    return by.user.pk


@transaction.atomic
def expire(limit: int = BATCH) -> int:
    """Let run out what nobody decided in time; how many that were. Two at once do no harm."""
    due = queries.expired_requests().select_for_update(skip_locked=True, no_key=True)[:limit]
    acts = list(due)
    for act in acts:
        ran_out(rows.lock(act), why="not_decided")
    return len(acts)


def ran_out(act: SensitiveAct, *, why: str) -> None:
    """On an act whose row the caller holds."""
    rows.end(act, ActState.EXPIRED, by=EXPIRY, ending=why)
    event = rows.announce(act, EventKind.ACT_EXPIRED, by=EXPIRY, why=why)
    rows.tell_requester(act, event)
