"""The present policies and calendars applied to the open cases: asked for by somebody, worked off batch by batch.

A batch is one transaction that also notes how far it came: a kill loses none and repeats none.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import Error, IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions import escalation, retargeting
from tickets.actions.foresight import Case, Present, foreseen, has_new_due
from tickets.actions.rows import write
from tickets.actors import Actor
from tickets.choices import ClockReason, RunState, TimerState
from tickets.models import Recalculation, SlaPolicy, Ticket

logger = logging.getLogger(__name__)
TASK = "tickets.recalculate"
BATCH = 200
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class UnderWay(Conflict):
    code = "recalculation_under_way"
    message = _("A recalculation is under way already. Wait until it is done.")


def request(*, policy: SlaPolicy | None, by: Actor) -> Recalculation:
    """Ask for a recalculation of all open cases, or of those that ``policy`` is about. Raises UnderWay."""
    by.require(Capability.CONFIGURE_SERVICE)
    assert by.user is not None
    if Recalculation.objects.filter(state__in=UNDER_WAY).exists():
        raise UnderWay
    try:
        with transaction.atomic():
            run = Recalculation.objects.create(policy=policy, requested_by=by.user)
            wake(TASK)
            return run
    except IntegrityError:  # somebody else asked at this very moment
        raise UnderWay from None


@transaction.atomic
def work() -> bool:
    """Work off a batch; whether there may be more."""
    under_way = Recalculation.objects.filter(state__in=UNDER_WAY).select_related("requested_by")
    run = under_way.select_for_update(of=("self",)).order_by("pk").first()
    if run is None:
        return False
    run.state = RunState.RUNNING
    held = _hold(run.last_ticket)
    if held:
        run.moved += _apply(run, held)
        run.seen += len(held)
        run.last_ticket = held[-1]
    else:
        run.state, run.finished_at = RunState.DONE, clock.now()
    run.save()
    return bool(held)


def _hold(after: int) -> list[int]:
    """The next open cases, their rows held; whoever is at one of them now is waited for."""
    rows = Ticket.objects.active().filter(pk__gt=after).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True)[:BATCH])


def _apply(run: Recalculation, held: list[int]) -> int:
    """How many got a new due time."""
    by, moved = actors.staff(run.requested_by), 0
    untouched: list[Case] = []
    now = clock.now()
    for case in Present().cases(held, now):
        if run.policy_id is not None and not case.is_about(run.policy_id):
            continue
        if case.plan is None:
            logger.error("Ticket %s has no calendar; it is not recalculated", case.ticket.number)
            run.failed += 1
        elif case.plan.is_empty:
            untouched.append(case)
        else:
            moved += _move(run, case, by)
    _note(untouched, now)
    return moved


def _note(cases: Sequence[Case], now: datetime) -> None:
    """To those, too, the policies of this moment apply from now on: when their priority changes, say. And they may
    have steps that were not there before.
    """
    Ticket.objects.filter(pk__in=[case.ticket.pk for case in cases]).update(terms_at=now)
    running = [timer.pk for case in cases for timer in case.timers if timer.state == TimerState.RUNNING]
    escalation.look_again(running)


def _move(run: Recalculation, case: Case, by: Actor) -> bool:
    """One that cannot be recalculated is counted, and must not keep the others waiting."""
    changes = foreseen(case)
    try:
        with transaction.atomic():
            write(case.ticket, terms_at=case.at)
            retargeting.retarget(case.ticket, by=by, why=ClockReason.RECALCULATED)
    except Error:
        raise
    except Exception:
        logger.exception("Ticket %s could not be recalculated", case.ticket.number)
        run.failed += 1
        return False
    return has_new_due(changes)
