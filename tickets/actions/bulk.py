"""One act on many tickets: asked for by somebody, done ticket by ticket, and undone the same way.

Each ticket is a transaction of its own that also notes what became of it: a kill loses none and repeats none. Several
workers may be at one run: each takes a ticket that no other has in hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from helpdesk.lib.wakeup import wake
from tickets.actions import bulk_items
from tickets.actions.bulk_readers import Data, act_of
from tickets.actions.intake import admit_values
from tickets.actors import Actor
from tickets.choices import BulkAct, BulkItemState, RunState
from tickets.models import BulkItem, BulkRun, Ticket

logger = logging.getLogger(__name__)
TASK = "tickets.work_bulk"
#: So many tickets at most in one run.
MOST = 10_000
#: Up to so many are done while their author waits; more go to a worker.
AT_ONCE = 25
BATCH = 25
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)
#: So long after it was asked for a run may be undone; whatever changed since is left as it is in any case.
UNDO_FOR = timedelta(days=1)


class TooLateToUndo(Conflict):
    code = "too_late_to_undo"
    message = gettext_lazy("This was too long ago to be undone at once.")


def begin(
    tickets: Sequence[int],
    *,
    act: BulkAct,
    data: Data,
    by: Actor,
    seen: Mapping[int, int] | None = None,
    origin_key: str | None = None,
) -> BulkRun:
    """Ask for an act on the tickets with these ids; those that its author may not see are left out.

    ``seen``: by ticket, the last public message that the author knew of: where somebody wrote after it, nothing is
    said. The same ``origin_key`` again gives the run that is there. Raises Invalid for nonsense, for no ticket, and
    for more than MOST.
    """
    by.require(Capability.WORK_TICKETS)
    assert by.user is not None
    act_of(act, data)
    chosen = visible(tickets, by)
    try:
        with transaction.atomic():
            kept = {**admit_values(data), "language": translation.get_language() or ""}
            run = BulkRun.objects.create(
                requested_by=by.user, act=act, data=kept, origin_key=origin_key, requested_at=clock.now()
            )
            rows = [BulkItem(run=run, ticket_id=pk, seen=(seen or {}).get(pk)) for pk in chosen]
            BulkItem.objects.bulk_create(rows, batch_size=1_000)
            if len(rows) > AT_ONCE:
                wake(TASK)
            return run
    except IntegrityError:
        found = BulkRun.objects.filter(requested_by=by.user, origin_key=origin_key).first()
        if found is None:
            raise
        return found


def visible(tickets: Sequence[int], by: Actor) -> list[int]:
    """Those that the actor may see, in the order given, each once."""
    assert by.user is not None
    if len(tickets) > MOST:
        raise Invalid({"ticket": _("At most %(most)s cases at once.") % {"most": f"{MOST:,}"}})
    rows = Ticket.objects.visible_to(by.user).filter(pk__in=tickets)
    known = set(rows.values_list("pk", flat=True))
    chosen = [pk for pk in dict.fromkeys(tickets) if pk in known]
    if not chosen:
        raise Invalid({"ticket": _("Choose at least one case.")})
    return chosen


def work(run_pk: int, *, most: int = BATCH) -> bool:
    """Go on with a run for up to ``most`` tickets; whether there is more to do."""
    run = BulkRun.objects.select_related("requested_by").filter(pk=run_pk, state__in=UNDER_WAY).first()
    if run is None:
        return False
    BulkRun.objects.filter(pk=run.pk, state=RunState.QUEUED).update(state=RunState.RUNNING)
    with translation.override(run.data.get("language") or run.requested_by.language):
        treat = bulk_items.undoer(run) if run.undo_at else bulk_items.doer(run)
        for _round in range(most):
            if not _one(run, treat):
                return _finish(run)
    return True


def work_off(run: BulkRun) -> BulkRun:
    """Do all of it now; what another has in hand is theirs to finish."""
    while work(run.pk):
        pass
    run.refresh_from_db()
    return run


def under_way() -> list[int]:
    """The runs that there is something to do for, the oldest first. By the index ``bulk_run_going``."""
    rows = BulkRun.objects.filter(state__in=UNDER_WAY).order_by("requested_at")
    return list(rows.values_list("pk", flat=True))


def _one(run: BulkRun, treat: Callable[[BulkItem], None]) -> bool:
    """Treat a ticket that nobody has in hand; False when there is none. Undoing begins with the last."""
    waiting = BulkItemState.DONE if run.undo_at else BulkItemState.WAITING
    with transaction.atomic():
        rows = BulkItem.objects.filter(run=run, state=waiting).order_by("-pk" if run.undo_at else "pk")
        item = rows.select_for_update(skip_locked=True).first()
        if item is None:
            return False
        try:
            with transaction.atomic():
                treat(item)
        except (OperationalError, InterfaceError):
            raise  # the database is in trouble, or two waited for one another: tried again by the next round
        except Exception:
            logger.exception("Bulk act %s could not treat ticket %s", run.pk, item.ticket_id)
            item.problem = _("This failed for a reason that we did not foresee. It has been logged.")
            item.state = BulkItemState.KEPT if run.undo_at else BulkItemState.FAILED
        item.save(update_fields=["state", "events", "problem"])
    return True


@transaction.atomic
def _finish(run: BulkRun) -> bool:
    """Note that it is done, unless somebody else has the last of it in hand; whether there is more to do after all."""
    now = BulkRun.objects.select_for_update().get(pk=run.pk)
    if now.undo_at != run.undo_at:
        return True  # its undoing was asked for meanwhile
    waiting = BulkItemState.DONE if now.undo_at else BulkItemState.WAITING
    if BulkItem.objects.filter(run=run, state=waiting).exists() or now.state == RunState.DONE:
        return False
    _save(now, state=RunState.DONE, finished_at=clock.now())
    return False


@transaction.atomic
def stop(run: BulkRun, *, by: Actor) -> BulkRun:
    """Leave alone what has not been done yet."""
    run = _own(run, by)
    if run.state in UNDER_WAY and run.undo_at is None:
        _skip_the_rest(run)
        _save(run, state=RunState.DONE, finished_at=clock.now())
    return run


@transaction.atomic
def undo(run: BulkRun, *, by: Actor) -> BulkRun:
    """Have all that it did undone, as far as nobody changed it since; what is not done yet is left alone.

    Raises NotAllowed for others than its author, and TooLateToUndo. Asked for twice, it is undone once.
    """
    run = _own(run, by)
    if run.undo_at is not None:
        return run
    if not may_undo(run):
        raise TooLateToUndo
    _skip_the_rest(run)
    _save(run, undo_at=clock.now(), state=RunState.QUEUED, finished_at=None)
    wake(TASK)
    return run


def may_undo(run: BulkRun) -> bool:
    return run.undo_at is None and clock.now() - run.requested_at <= UNDO_FOR


def _own(run: BulkRun, by: Actor) -> BulkRun:
    by.require(Capability.WORK_TICKETS)
    run = BulkRun.objects.select_for_update().get(pk=run.pk)
    if by.user is None or run.requested_by_id != by.user.pk:
        raise NotAllowed
    return run


def _skip_the_rest(run: BulkRun) -> None:
    """One that is being done in this moment is waited for, and stays done."""
    rest = BulkItem.objects.filter(run=run, state=BulkItemState.WAITING)
    rest.update(state=BulkItemState.SKIPPED, problem=_("Stopped before it came to this case."))


def _save(run: BulkRun, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=[*changes])
