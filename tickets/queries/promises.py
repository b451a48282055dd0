"""What is promised for a case, and in whose working hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from accounts.models import Customer
from tickets.choices import Counting
from tickets.models import Category, EscalationStep, Ticket
from tickets.queries.calendars import NoCalendar
from tickets.rules.policies import Case, Target, Terms, holding, targets_for
from tickets.rules.sla import Step

# One statement for what the models say in five: every ticket that is opened asks this.
_SQL = """
SELECT p.id, p.name, p.is_statutory, p.valid_from, p.valid_until,
       ARRAY(SELECT brand_id FROM tickets_slapolicy_brands WHERE slapolicy_id = p.id),
       ARRAY(SELECT category_id FROM tickets_slapolicy_categories WHERE slapolicy_id = p.id),
       p.priorities, p.channels, p.tiers, p.complaints, p.calendar_id, p.pauses_on,
       (SELECT json_agg(json_build_array(kind, priority, minutes * 60, counting) ORDER BY kind, priority)
        FROM tickets_slatarget WHERE policy_id = p.id),
       (SELECT json_agg(json_build_array(id, kind, at_percent, after_minutes, date_part('epoch', created_at))
                        ORDER BY id)
        FROM tickets_escalationstep WHERE policy_id = p.id),
       p.replaces_id, p.is_for_emergencies
FROM tickets_slapolicy p
WHERE p.is_active OR p.id = ANY(%s)
ORDER BY p.position, p.id
"""


def policies(*, besides: Sequence[int] = ()) -> list[Terms]:
    """Every active policy, in the order in which they are asked; ``besides`` names others that are wanted too."""
    kept = _kept.get()
    return _read_policies(besides) if kept is None or besides else kept.policies


def _read_policies(besides: Sequence[int] = ()) -> list[Terms]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [list(besides)])
        return [_terms(*row) for row in cursor.fetchall()]


def _terms(
    pk: int,
    name: str,
    is_statutory: bool,
    valid_from: datetime | None,
    valid_until: datetime | None,
    brands: list[int],
    categories: list[int],
    priorities: list[int],
    channels: list[str],
    tiers: list[str],
    complaints: str,
    calendar: int | None,
    pauses_on: list[str],
    targets: list[Any] | None,
    steps: list[Any] | None,
    replaces: int | None,
    is_for_emergencies: bool,
) -> Terms:
    return Terms(
        policy=pk,
        name=name,
        is_statutory=is_statutory,
        valid_from=valid_from,
        valid_until=valid_until,
        brands=frozenset(brands),
        categories=frozenset(categories),
        priorities=frozenset(priorities),
        channels=frozenset(channels),
        tiers=frozenset(tiers),
        complaints=complaints,
        calendar=calendar,
        pauses_on=tuple(pauses_on),
        targets=tuple(Target(*target) for target in targets or ()),
        steps=tuple(
            Step(pk, kind, share, minutes, datetime.fromtimestamp(since, UTC))
            for pk, kind, share, minutes, since in steps or ()
        ),
        replaces=replaces,
        is_for_emergencies=is_for_emergencies,
    )


@dataclass(frozen=True)
class Hours:
    """A calendar as it stands: its present hours are known under both (``queries.calendars.calendar_at``)."""

    calendar: int
    changed_at: datetime


@dataclass(frozen=True)
class Promise:
    kind: str
    target_seconds: int
    policy_id: int
    policy_name: str
    is_statutory: bool
    pauses_on: tuple[str, ...]
    #: None: counted on the clock, day and night.
    hours: Hours | None
    steps: tuple[Step, ...]

    @property
    def key(self) -> tuple[str, int | None]:
        """What tells the clocks of one ticket apart: a statute has its own beside the ordinary one."""
        return (self.kind, self.policy_id if self.is_statutory else None)


class Calendars:
    """All calendars, read once: whose hours count for a policy, a team and a brand."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, changed_at, team_id, brand_id, always_open FROM tickets_calendar ORDER BY id"
            )
            self._rows = cursor.fetchall()

    def hours(self, calendar: int | None, *, team: int | None, brand: int) -> Hours:
        """The policy's own calendar, else the team's, else the brand's, else the one that is always open."""
        if calendar is not None:
            return self._first(row for row in self._rows if row[0] == calendar)
        of_team = (row for row in self._rows if team is not None and row[2] == team)
        of_brand = (row for row in self._rows if row[3] == brand)
        always = (row for row in self._rows if row[2] is None and row[3] is None and row[4])
        return self._first(row for rows in (of_team, of_brand, always) for row in rows)

    def _first(self, rows: Iterable[tuple[Any, ...]]) -> Hours:
        """Raises NoCalendar where an operator set up none."""
        for pk, changed_at, *_rest in rows:
            return Hours(pk, changed_at)
        raise NoCalendar


def steps_of(policies: Iterable[int]) -> list[tuple[int, Step]]:
    """The escalation steps of these policies, each with its policy; of one that is switched off too."""
    wanted = frozenset(policies)
    kept = _kept.get()
    if kept is None:
        return _read_steps(wanted)
    if not wanted <= kept.steps.keys():
        for policy in wanted:
            kept.steps[policy] = []
        for policy, step in _read_steps(wanted):
            kept.steps[policy].append(step)
    return [(policy, step) for policy in wanted for step in kept.steps[policy]]


def _read_steps(policies: Iterable[int]) -> list[tuple[int, Step]]:
    rows = EscalationStep.objects.filter(policy_id__in=policies)
    return [
        (row.policy_id, Step(row.pk, row.kind, row.at_percent, row.after_minutes, row.created_at))
        for row in rows
    ]


class _Kept:
    """Policies and calendars as they were when somebody first asked."""

    def __init__(self) -> None:
        self.steps: dict[int, list[Step]] = {}

    @cached_property
    def policies(self) -> list[Terms]:
        return _read_policies()

    @cached_property
    def calendars(self) -> Calendars:
        return Calendars()


_kept: ContextVar[_Kept | None] = ContextVar("kept_promises", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within the block policies and calendars are read once, not anew for each case that a verb asks about.

    For work on many cases in one transaction; what is edited meanwhile counts from the next one on.
    """
    token = _kept.set(_Kept())
    try:
        yield
    finally:
        _kept.reset(token)


def case_of(ticket: Ticket) -> Case:
    return case(
        ticket.category,
        brand_id=ticket.brand_id,
        priority=ticket.priority,
        channel=ticket.channel,
        customer=ticket.customer,
        is_complaint=ticket.is_complaint,
        opened_at=ticket.terms_at or ticket.created_at,
        chosen=ticket.chosen_policy_id,
    )


def case(
    category: Category | None,
    *,
    brand_id: int,
    priority: int,
    channel: str,
    customer: Customer,
    is_complaint: bool,
    opened_at: datetime,
    chosen: int | None = None,
) -> Case:
    return Case(
        brand=brand_id,
        categories=frozenset(node.pk for node in category.lineage()) if category else frozenset(),
        priority=priority,
        channel=channel,
        tier=customer.tier,
        is_complaint=is_complaint,
        opened_at=opened_at,
        chosen=chosen,
    )


def promises(
    case: Case,
    *,
    team_id: int | None,
    known: list[Terms] | None = None,
    calendars: Calendars | None = None,
) -> list[Promise]:
    """What holds for the case now. ``known`` and ``calendars`` spare the reading where many cases are asked about."""
    held = holding(policies() if known is None else known, case)
    targets = [(terms, target) for terms in held for target in targets_for(terms, case.priority)]
    if calendars is None and any(target.counting == Counting.WORKING for _terms, target in targets):
        kept = _kept.get()
        calendars = Calendars() if kept is None else kept.calendars
    return [_promise(terms, target, case, team_id, calendars) for terms, target in targets]


def _promise(
    terms: Terms, target: Target, case: Case, team_id: int | None, calendars: Calendars | None
) -> Promise:
    hours = None
    if target.counting == Counting.WORKING:
        assert calendars is not None
        hours = calendars.hours(terms.calendar, team=team_id, brand=case.brand)
    return Promise(
        kind=target.kind,
        target_seconds=target.seconds,
        policy_id=terms.policy,
        policy_name=terms.name,
        is_statutory=terms.is_statutory,
        pauses_on=terms.pauses_on,
        hours=hours,
        steps=tuple(step for step in terms.steps if step.kind == target.kind),
    )
