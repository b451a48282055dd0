"""A page's worth of numbers, kept for as long as nothing happens.

Every change to a ticket appends an event, so the number of the last event tells whether what was counted still holds;
after ``KEEP_SECONDS`` it is counted again all the same, because age and overdue promises move with the clock alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import Max

from tickets.models import Event
from tickets.queries.analytics import counts
from tickets.queries.analytics.numbers import Report
from tickets.queries.analytics.scope import CaseScope

Made = TypeVar("Made")

KEEP_SECONDS = 60
#: Counted up whenever Report changes its shape: an old one in the cache is then not read.
SHAPE = 1


def report(scope: CaseScope) -> Report:
    return kept(scope, "report", lambda: count(scope))


def kept(scope: CaseScope, what: str, make: Callable[[], Made]) -> Made:
    """What was made from these cases before, if nothing has happened since; else made now and kept."""
    key = _key(scope, what)
    found: Made | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEEP_SECONDS)
    return found


def count(scope: CaseScope) -> Report:
    """Counted now, whatever is in the cache."""
    ages, agents = counts.open_now(scope)
    return Report(
        counted_at=scope.now,
        happened=counts.happened(scope),
        reopened=counts.reopened(scope),
        open_by_age=ages,
        open_by_agent=agents,
        grown_since=counts.grown_since(scope),
    )


def _key(scope: CaseScope, what: str) -> str:
    """Names the rows, the period and the state of the log: whoever sees the same cases shares what was made of them."""
    try:
        rows = scope.tickets().values("pk").query.sql_with_params()
    except EmptyResultSet:
        rows = ("", ())
    last_event = Event.objects.aggregate(last=Max("pk"))["last"]
    text = repr((SHAPE, rows, scope.period, last_event, what))
    return "analytics:" + hashlib.sha256(text.encode()).hexdigest()
