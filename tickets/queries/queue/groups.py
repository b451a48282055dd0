"""The values of the queue's few-valued columns: in which order they stand, and which a person may find tickets of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import Brand, Team, User
from tickets.choices import ACTIVE_STATUSES, Channel, Priority, Status
from tickets.models import Category
from tickets.queries.queue.conditions import branch
from tickets.queries.queue.grouped import Grouped, GroupedFew, Key
from tickets.queries.queue.question import Question, View
from tickets.rules import visibility
from tickets.rules.queue import ME, MINE, NONE

Named = Callable[[], list[tuple[str, Key]]]


@dataclass(frozen=True)
class Group:
    """``names`` gives name and value of all there are. ``scanned``: which of them open tickets have is looked up, by
    an index that begins with the column; the others are few enough to be tried one by one.
    """

    column: str
    names: Named
    scanned: bool = False
    nullable: bool = False


def _named(model: Any) -> Named:
    return lambda: [(row.name.casefold(), row.pk) for row in model.objects.only("name_zh", "name_en")]


def _staff() -> list[tuple[str, Key]]:
    """By the index ``user_staff_by_role``; who left still has a place."""
    rows = User.objects.exclude(role="customer").only("name", "email")
    return [(row.display_name.casefold(), row.pk) for row in rows]


def _languages() -> list[tuple[str, Key]]:
    return [(str(name).casefold(), code) for code, name in settings.LANGUAGES]


def _channels() -> list[tuple[str, Key]]:
    return [(str(label).casefold(), value) for value, label in Channel.choices]


#: A case's way through the house, and urgency, are orders of their own: no names.
_STATUSES: list[tuple[str, Key]] = [(f"{place}", status.value) for place, status in enumerate(Status)]
_PRIORITIES: list[tuple[str, Key]] = [(f"{priority.value}", priority.value) for priority in Priority]

GROUPS: Mapping[str, Group] = {
    # By ticket_active_category.
    "category": Group("category_id", _named(Category), scanned=True, nullable=True),
    # By ticket_active_assignee.
    "assignee": Group("assignee_id", _staff, scanned=True, nullable=True),
    # Few, each with a good part of the tickets: along ticket_active_due, or by ticket_active_scope where it is rare.
    "team": Group("team_id", _named(Team), nullable=True),
    "brand": Group("brand_id", _named(Brand)),
    # Likewise; the rare ones by ticket_active_language, _status and _priority.
    "channel": Group("channel", _channels),
    "language": Group("language", _languages),
    "status": Group("status", lambda: _STATUSES),
    "priority": Group("priority", lambda: _PRIORITIES),
}


def grouped(name: str, user: User, question: Question) -> Grouped:
    """The walk from value to value, past those of which the person can see no ticket."""
    group = GROUPS[name]
    values = _in_order(group, descending=question.descending)
    asked = _asked_for(name, user, question)
    values = [value for value in values if asked is None or value in asked]
    narrowed: frozenset[Key] = frozenset()
    scope = visibility.scope_of(user)
    if group.scanned:
        there = _there(group.column, user)
        values = [value for value in values if value is None or value in there]
        narrowed = frozenset(value for value, whole in there.items() if not whole)
    elif name == "team" and scope.teams is not None:
        narrowed = frozenset(value for value in values if value is not None and value not in scope.teams)
    elif name == "brand" and not scope.everything:
        values = [value for value in values if value in scope.brands]
    elif name == "status":
        values = [value for value in values if value in ACTIVE_STATUSES]
    return Grouped(group.column, values, narrowed, user.pk)


def grouped_few(name: str, question: Question) -> GroupedFew:
    group = GROUPS[name]
    return GroupedFew(group.column, _in_order(group, descending=question.descending))


def _in_order(group: Group, *, descending: bool) -> list[Key]:
    """What has no value comes last, whichever way around."""
    named = sorted(group.names(), key=lambda pair: (pair[0], str(pair[1])), reverse=descending)
    return [value for _name, value in named] + ([None] if group.nullable else [])


def _asked_for(name: str, user: User, question: Question) -> set[Key] | None:
    """The values that the question allows; None for all of them."""
    if name == "assignee" and question.view == View.MINE:
        return {user.pk}
    if name == "assignee" and question.view == View.UNASSIGNED:
        return {None}
    if name == "team" and question.view == View.TEAM:
        return set(user.team_ids)
    given = question.filters.get(name)
    if not given:
        return None
    if name == "priority":
        return {Priority.from_slug(value).value for value in given}
    if not GROUPS[name].column.endswith("_id"):
        return set(given)
    numbers = [int(value) for value in given if value.isdecimal()]
    found: set[Key] = set(branch(numbers) if name == "category" and numbers else numbers)
    found |= {user.pk} if name == "assignee" and ME in given else set()
    found |= set(user.team_ids) if name == "team" and MINE in given else set()
    return found | ({None} if NONE in given else set())


# Only names of columns are put into these.
_OPEN = "status IN ('{}')".format("', '".join(status.value for status in ACTIVE_STATUSES))
_OF_VALUE = "EXISTS (SELECT 1 FROM tickets_ticket WHERE {column} = v AND {open} AND {more})"
_PRESENT = """
WITH RECURSIVE present AS (
  (SELECT {column} AS v FROM tickets_ticket WHERE {column} IS NOT NULL AND {open} ORDER BY {column} LIMIT 1)
  UNION ALL
  SELECT (SELECT {column} FROM tickets_ticket WHERE {column} > present.v AND {open} ORDER BY {column} LIMIT 1)
  FROM present WHERE present.v IS NOT NULL
)
SELECT v, {whole} AS whole FROM present WHERE v IS NOT NULL
"""
_SEEN = """
SELECT v, whole FROM ({present}) there
WHERE whole OR v IN (SELECT {column} FROM tickets_ticket WHERE assignee_id = %s AND {open})
"""


def _there(column: str, user: User) -> dict[Key, bool]:
    """The values that open tickets have, from one to the next along an index (not row by row), without those whose
    tickets are all of teams that the person does not see. False: they see only what is their own of it.
    """
    scope = visibility.scope_of(user)
    named = {"column": column, "open": _OPEN}
    if scope.teams is None:
        sql = _PRESENT.format(whole="true", **named)
        params: list[Any] = []
    else:
        of_teams = ("team_id = ANY(%s)", "team_id IS NULL")
        whole = " OR ".join(_OF_VALUE.format(more=more, **named) for more in of_teams)
        sql = _SEEN.format(present=_PRESENT.format(whole=f"({whole})", **named), **named)
        params = [sorted(scope.teams), user.pk]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: Sequence[tuple[Any, bool]] = cursor.fetchall()
    return dict(rows)
