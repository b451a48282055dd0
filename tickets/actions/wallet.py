"""Sensitive acts: asking for them, changing and withdrawing what was asked, and freezing at once.

Approving is in ``wallet_approving``, carrying out in ``wallet_sending``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tickets import actors
from tickets.actions import wallet_making as making
from tickets.actions import wallet_rows as rows
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.rows import lock_where_it_went
from tickets.actions.status import lock_to_change
from tickets.actors import Actor
from tickets.choices import ActKind, ActorKind, ActReason, ActState, EventKind
from tickets.models import SensitiveAct, Ticket
from tickets.queries import wallet as queries
from tickets.rules.wallet import NEEDS
from tickets.rules.wallet_content import Content, differences
from tickets.rules.wallet_holder import is_same
from tickets.rules.wallet_states import Changed, Decided, check_end

#: The desk itself, where a freeze overtakes an unfreeze.
FREEZING = actors.system("freeze")


@transaction.atomic
def request_act(ticket: Ticket, *, kind: ActKind, answers: Mapping[str, Any], by: Actor) -> SensitiveAct:
    """Ask for an act on the ticket's customer. ``answers`` as ``rules.wallet_content.checked`` takes them.

    Raises NotAllowed, Invalid (also where the account is another customer's), ProofMissing, AlreadyAsked, or
    MergedAway.
    """
    content = making.admitted(kind, answers)
    if NEEDS[kind].is_immediate:
        return freeze_now(
            ticket, account=content.account, by=by, reason=content.reason, code=content.reason_code
        )
    making.check_asker(kind, by)
    rows.hold(ticket.brand, content, customer=ticket.customer_id)
    ticket = lock_to_change(ticket)
    making.check_sees(ticket, by)
    making.check_not_own(ticket.customer, by)
    refuse_unproved(ticket)
    if (foreign := rows.holder_problem(ticket, content)) is not None:
        raise foreign
    needed = making.terms_for(ticket, content)
    if (has := queries.level_for(ticket)) < needed.level:
        raise rows.proof_missing(needed.level, has)
    making.refuse_second(ticket, content)
    act = making.new(ticket, content, needed, by)
    event = rows.announce(act, EventKind.ACT_REQUESTED, by=by, **making.summary(act))
    rows.tell_approvers(act, event)
    return act


@transaction.atomic
def edit_act(act: SensitiveAct, *, answers: Mapping[str, Any], seen: str, by: Actor) -> SensitiveAct:
    """Change what is asked for, before it is approved; what others had approved of it counts no more.

    ``seen`` is the fingerprint of what the editor saw. Raises as ``request_act`` does, Decided, or Changed.
    """
    content = making.admitted(ActKind(act.kind), answers)
    rows.hold(act.brand, content, customer=act.customer_id)
    act = rows.lock(act)
    _check_own(act, by)
    making.check_not_own(act.customer, by)
    if act.state != ActState.REQUESTED:
        raise Decided
    if seen != act.content_hash:
        raise Changed
    before = rows.content_of(act)
    if content == before and rows.is_as_asked(act):
        return act
    if (foreign := rows.holder_problem(act.ticket, content)) is not None:
        raise foreign
    needed = making.terms_for(act.ticket, content, but_for=act)
    if (has := queries.level_for(act.ticket)) < needed.level:
        raise rows.proof_missing(needed.level, has)
    if not is_same(content.account, act.account, region=act.brand.country):
        making.refuse_second(act.ticket, content)
    act.revision += 1
    making.fill(act, content, needed)
    making.save_edited(act)
    changes = differences(before, content)
    event = rows.announce(act, EventKind.ACT_REQUESTED, by=by, changes=changes, **making.summary(act))
    rows.tell_approvers(act, event)
    return act


@transaction.atomic
def withdraw(act: SensitiveAct, *, by: Actor) -> SensitiveAct:
    """Take back what one asked for, as long as nothing has left. Raises NotAllowed or Decided."""
    act = rows.lock(act)
    _check_own(act, by)
    check_end(queries.standing_of(act), ActState.WITHDRAWN)
    rows.end(act, ActState.WITHDRAWN, by=by)
    rows.announce(act, EventKind.ACT_WITHDRAWN, by=by)
    return act


@transaction.atomic
def freeze_now(
    ticket: Ticket, *, account: str, by: Actor, reason: str, code: ActReason = ActReason.CUSTOMER_ASKS
) -> SensitiveAct:
    """Freeze at once: by one agent, the customer, or the desk itself for somebody at the emergency page.

    An account that is being frozen, or was frozen within the hour, gives the same act again. Raises NotAllowed or
    Invalid.
    """
    making.check_asker(ActKind.FREEZE, by)
    typed = {"account": account, "reason": reason, "reason_code": code.value}
    content = making.admitted(ActKind.FREEZE, typed)
    rows.hold(ticket.brand, content, customer=ticket.customer_id)
    ticket = lock_where_it_went(ticket)
    making.check_sees(ticket, by)
    _stop_unfreezing(ticket, content.account)
    same = queries.standing_freeze(ticket.brand, content.account)
    return _asked_again(same) if same is not None else _freeze(ticket, content, by)


def _asked_again(act: SensitiveAct) -> SensitiveAct:
    """It is enough, but for an unfreeze that was approved since it was first asked for: see ``freeze_again``."""
    act = rows.lock(act)
    rows.write(act, asked_again_at=clock.now())
    return act


def freeze_again(act: SensitiveAct) -> None:
    """After the end of an unfreeze or freeze, the account held: where somebody wanted it frozen while an unfreeze was
    on its way, it ends frozen, whichever of the two the wallet did last."""
    wanted = queries.freeze_to_repeat(act.brand, act.account)
    if wanted is not None:
        repeated = _freeze(lock_where_it_went(wanted.ticket), rows.content_of(wanted), FREEZING)
        # Whoever reported it is told that it is frozen when this one is done.
        wanted.emergencies.update(act=repeated)


def _freeze(ticket: Ticket, content: Content, by: Actor) -> SensitiveAct:
    try:
        with transaction.atomic():
            act = making.new(ticket, content, making.terms_for(ticket, content), by)
    except making.AlreadyAsked:
        # On another ticket, in this very moment.
        if (same := queries.running(ticket.brand, ActKind.FREEZE, content.account)) is None:
            raise
        return same
    rows.announce(act, EventKind.ACT_REQUESTED, by=by, **making.summary(act))
    rows.hand_over(act)
    return act


def _stop_unfreezing(ticket: Ticket, account: str) -> None:
    """Whoever freezes wants it frozen: what was asked for before, and has not left, is off."""
    going = queries.running(ticket.brand, ActKind.UNFREEZE, account)
    act = rows.lock(going) if going is not None else None
    if act is not None and act.state in (ActState.REQUESTED, ActState.APPROVED):
        call_off(act)


def call_off(act: SensitiveAct) -> None:
    """An unfreeze, its row held, that a freeze overtakes."""
    rows.end(act, ActState.WITHDRAWN, by=FREEZING, ending="frozen_again")
    event = rows.announce(act, EventKind.ACT_WITHDRAWN, by=FREEZING, why="frozen_again")
    rows.tell_requester(act, event)


def _check_own(act: SensitiveAct, by: Actor) -> None:
    if by.kind == ActorKind.STAFF and (by.user is None or by.user.pk != act.requested_by_id):
        raise NotAllowed(_("Only who asked for it may change or withdraw it. You can refuse it."))
    making.check_asker(ActKind(act.kind), by)
