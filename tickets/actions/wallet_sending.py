"""Claiming commands for the wallet, and writing down what became of them. The calling is ``tickets.delivery``'s.

An act has its effect once. Before a call leaves it is written down that it may have had its effect (``sent_at``); from
then on the wallet is asked what became of it, and it is sent again only when the wallet says that it never heard of it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from django.db import transaction

from accounts.choices import AuditKind, VerificationLevel
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import leases, wallet
from tickets.actions import wallet_rows as rows
from tickets.actions.wallet_approving import ran_out
from tickets.choices import ActKind, ActState, EventKind, MailState
from tickets.models import SensitiveAct, WalletCommand
from tickets.queries import wallet as queries

logger = logging.getLogger(__name__)
CORE = actors.system("wallet")
#: While the outcome is not known, nobody gives up asking.
PATIENCE = leases.Patience(first=timedelta(seconds=5), longest=timedelta(minutes=10))
_FREEZING = (ActKind.FREEZE, ActKind.UNFREEZE)
_ON_ITS_WAY = (ActState.SENDING, ActState.UNKNOWN)


class Step(Enum):
    CARRY_OUT = "carry_out"
    ASK = "ask"


def claim(limit: int = 1, *, but_for: Collection[int] = ()) -> list[WalletCommand]:
    """Take commands that are due, on a lease; none of the brands ``but_for``."""
    due = queries.due_commands(but_for=but_for).select_related("act__brand", "act__ticket", "act__customer")
    return leases.claim(due, limit)


@transaction.atomic
def begin(command: WalletCommand) -> Step | None:
    """What to do with a claimed command now; None: nothing. Said right before the call leaves.

    What was never sent is sent only while it is still right: not run out, the customer still known as surely as it
    needs, still the holder that was approved, and none of its approvers having changed the contact data since.
    """
    act = rows.lock(command.act)
    mine = WalletCommand.objects.filter(pk=command.pk, state=MailState.SENDING, attempts=command.attempts)
    now = clock.now()
    if not act.is_open or not mine.exists():
        return None
    if command.sent_at is not None:
        mine.update(available_at=leases.lease_end())
        return Step.ASK
    if act.kind == ActKind.UNFREEZE and queries.freezes_since(act).exists():
        # It was on its way when it was frozen, and the wallet never heard of it.
        wallet.call_off(act)
        return None
    if (why := _no_longer_right(act)) is not None:
        ran_out(act, why=why)
        return None
    mine.update(sent_at=now, available_at=leases.lease_end())
    command.sent_at = now
    rows.write(act, state=ActState.SENDING)
    rows.record(act, AuditKind.ACT_SENT, by=CORE, attempt=command.attempts)
    return Step.CARRY_OUT


def _no_longer_right(act: SensitiveAct) -> str | None:
    if act.expires_at <= clock.now():
        return "not_sent"
    if rows.proof_problem(act, VerificationLevel(act.needed_level)) is not None:
        return "proof"
    if act.kind != ActKind.FREEZE and _is_anothers(act):
        return "holder"
    standing = queries.standing_of(act)
    if standing.last_contact_changer is not None and standing.last_contact_changer in standing.approvers:
        return "contact_changed"
    if standing.owners & standing.approvers:
        return "holder"
    if len(standing.counted) < act.needed_approvals:
        return "voucher"
    return None


def _is_anothers(act: SensitiveAct) -> bool:
    """A freeze is never held up by it."""
    return not rows.is_as_asked(act) or rows.holder_problem(act.ticket, rows.content_of(act)) is not None


@transaction.atomic
def finish(act: SensitiveAct, *, is_done: bool, answer: Mapping[str, Any]) -> bool:
    """The wallet's verified word on an act that is on its way; whether it is news. Said twice, it counts once."""
    if act.kind in _FREEZING:
        rows.hold(act.brand, rows.content_of(act), customer=act.customer_id)
    act = rows.lock(act)
    if act.state not in (*_ON_ITS_WAY, ActState.APPROVED):
        _note_contradiction(act, is_done=is_done)
        return False
    after = ActState.DONE if is_done else ActState.FAILED
    code, reference = str(answer.get("code") or ""), str(answer.get("reference") or "")
    rows.end(act, after, by=CORE, ending="" if is_done else code)
    WalletCommand.objects.filter(act=act).update(answer=dict(answer), answered_at=clock.now())
    kind = EventKind.ACT_DONE if is_done else EventKind.ACT_FAILED
    event = rows.announce(
        act, kind, by=CORE, reference=reference[:64], **({} if is_done else {"code": code[:64]})
    )
    rows.tell_requester(act, event)
    if act.kind in _FREEZING:
        wallet.freeze_again(act)
    return True


def _note_contradiction(act: SensitiveAct, *, is_done: bool) -> None:
    """Nothing is taken back once it may have left, so this does not happen. Where it does, somebody must know."""
    if is_done and act.state in (ActState.REFUSED, ActState.WITHDRAWN, ActState.EXPIRED):
        logger.error("Act %s was carried out by the wallet although it is %s here", act.key, act.state)
        rows.record(act, AuditKind.ACT_DONE, by=CORE, late=True)


@transaction.atomic
def put_off(command: WalletCommand, *, error: str) -> None:
    """There is nowhere to send it to. It runs out as others do."""
    act = rows.lock(command.act)
    if command.sent_at is None and act.state == ActState.APPROVED and act.expires_at <= clock.now():
        ran_out(act, why="not_sent")
        return
    leases.give_back(command, PATIENCE, error=error, permanent=False)


@transaction.atomic
def not_sent(command: WalletCommand, *, error: str) -> None:
    """It certainly had no effect: nobody there, or the wallet never heard of it. It is sent again after a pause."""
    if (act := _held(command)) is not None:
        rows.write(act, state=ActState.APPROVED)
        leases.give_back(command, PATIENCE, error=error, permanent=False, sent_at=None)


@transaction.atomic
def unclear(command: WalletCommand, *, error: str) -> None:
    """It may have had its effect: the wallet is asked after a pause."""
    if (act := _held(command)) is not None:
        if act.state == ActState.SENDING:
            rows.write(act, state=ActState.UNKNOWN)
        leases.give_back(command, PATIENCE, error=error, permanent=False)


@transaction.atomic
def pending(command: WalletCommand) -> None:
    """The wallet has it and is at it: it says so itself when it is done, or is asked after a pause."""
    if (act := _held(command)) is not None:
        if act.state == ActState.UNKNOWN:
            rows.write(act, state=ActState.SENDING)
        leases.give_back(command, PATIENCE, error="", permanent=False)


def _held(command: WalletCommand) -> SensitiveAct | None:
    """The act, its row held; None where it is over, or the claim ran out and another sender has it: then what becomes
    of it is theirs to say."""
    act = rows.lock(command.act)
    mine = WalletCommand.objects.filter(pk=command.pk, state=MailState.SENDING, attempts=command.attempts)
    return act if act.state in _ON_ITS_WAY and mine.exists() else None
