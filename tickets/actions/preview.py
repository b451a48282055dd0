"""A recalculation looked at beforehand: how many clocks would move, and which the farthest. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from accounts.models import User
from helpdesk.lib import clock
from tickets.actions.foresight import Case, Change, Move, Present, foreseen, has_new_due
from tickets.models import SlaPolicy, Ticket
from tickets.rules.visibility import may_see

#: So many open cases are computed one by one; of more, about so many are drawn.
EXACT = 5000
AT_ONCE = 500
MOST_LISTED = 50


@dataclass
class Count:
    """Of one brand, or of all."""

    cases: int = 0
    moved_cases: int = 0
    clocks: Counter[Move] = field(default_factory=Counter)

    def add(self, changes: list[Change]) -> None:
        self.cases += 1
        self.moved_cases += has_new_due(changes)
        self.clocks.update(change.move for change in changes)


@dataclass
class Preview:
    at: datetime
    #: All open cases; of these every ``step``-th was looked at.
    open_cases: int
    step: int
    looked_at: int = 0
    whole: Count = field(default_factory=Count)
    by_brand: dict[str, Count] = field(default_factory=dict)
    #: The farthest, of cases that the viewer may see.
    biggest: list[Change] = field(default_factory=list)
    #: Clocks that move, of cases that they may not.
    hidden: int = 0
    #: Clocks that would be overdue at once.
    overdue: int = 0
    without_calendar: int = 0

    @property
    def is_sample(self) -> bool:
        return self.step > 1


def preview(*, policy: SlaPolicy | None, viewer: User) -> Preview:
    """For all open cases, or for those that ``policy`` is about. Only cases that ``viewer`` may see are named."""
    total = Ticket.objects.active().count()
    seen = Preview(clock.now(), total, max(1, -(-total // EXACT)))
    shown: list[Change] = []
    for case in _cases(seen):
        seen.looked_at += 1
        if policy is not None and not case.is_about(policy.pk):
            continue
        changes = foreseen(case)
        seen.without_calendar += case.plan is None
        seen.whole.add(changes)
        seen.by_brand.setdefault(case.ticket.brand.name, Count()).add(changes)
        moved = [change for change in changes if change.move != Move.STAYS]
        seen.overdue += sum(_is_overdue_at_once(change, case) for change in moved)
        if moved and may_see(viewer, case.ticket):
            shown = _farthest([*shown, *moved])
        else:
            seen.hidden += len(moved)
    seen.biggest = shown
    return seen


def _cases(seen: Preview) -> Iterator[Case]:
    present, last = Present(), 0
    rows = Ticket.objects.active()
    if seen.is_sample:
        rows = rows.annotate(rest=F("pk") % seen.step).filter(rest=0)
    while True:
        pks = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not pks:
            return
        yield from present.cases(pks, seen.at)
        last = pks[-1]


def _is_overdue_at_once(change: Change, case: Case) -> bool:
    was_overdue = change.before is not None and change.before <= case.at
    return change.after is not None and change.after <= case.at and not was_overdue


def _farthest(changes: list[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: (-change.by, change.ticket.pk))[:MOST_LISTED]
