"""How many tickets each view holds: all in one statement, none counted further than the limit, remembered for some
seconds. A kept view may ask for anything, so what they all may cost is bounded: those that take too long are left
without a number for a while, and the page does not wait for them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction

from accounts.models import User
from tickets.models import SavedView, Ticket
from tickets.models.tickets import ACTIVE, TicketQuerySet
from tickets.queries.queue import saved
from tickets.queries.queue.question import View, find, in_view

COUNT_LIMIT = 10_000
COUNTS_SECONDS = 15
#: For all kept views together; when that is not enough, for each of them alone.
TOGETHER_MS, ALONE_MS = 250, 60
#: One that takes longer has no number for so long.
SLOW_SECONDS = 600
MOST_SAVED = 60

Counts = dict[str, int | None]


def counts(user: User, views: Sequence[SavedView] = ()) -> Counts:
    """By view (``v12`` for a kept one); a count of more than the limit is the limit and one. None: not counted."""
    known: Counts | None = cache.get(_key(user))
    if known is None or any(saved.key_of(view) not in known for view in views):
        known = _count(user, views)
        cache.set(_key(user), known, COUNTS_SECONDS)
    return known


def forget_counts(user: User) -> None:
    """After the user changed something: their own act must show at once."""
    cache.delete(_key(user))


def _key(user: User) -> str:
    return f"queue-counts:{user.pk}"


def _slow_key(user: User, view: SavedView) -> str:
    return f"queue-slow:{user.pk}:{view.pk}"


def _count(user: User, views: Sequence[SavedView]) -> Counts:
    found: Counts = {saved.key_of(view): None for view in views}
    wanted = _countable(user, views)
    built_in = {str(view): _of_view(user, view) for view in View}
    if not wanted:
        return found | _ask(built_in)
    asked = {saved.key_of(view): find(user, saved.question_of(view)) for view in wanted}
    try:
        return found | _ask(built_in | asked, limit_ms=TOGETHER_MS)
    except OperationalError:  # cancelled: one of them takes too long, which has to be found out
        return found | _ask(built_in) | _one_by_one(user, wanted)


def _of_view(user: User, view: View) -> TicketQuerySet:
    return in_view(Ticket.objects.visible_to(user), user, view).filter(ACTIVE)


def _countable(user: User, views: Sequence[SavedView]) -> list[SavedView]:
    """Those with words are a search, which has no count; those that were slow lately are left alone."""
    plain = [view for view in views if not view.q][:MOST_SAVED]
    slow = cache.get_many([_slow_key(user, view) for view in plain]) if plain else {}
    return [view for view in plain if _slow_key(user, view) not in slow]


def _one_by_one(user: User, views: Sequence[SavedView]) -> Counts:
    """Until the time for all of them is used up; the others get their turn with the next count."""
    found: Counts = {}
    left = TOGETHER_MS
    for view in views:
        if left < ALONE_MS:
            break
        try:
            found |= _ask(
                {saved.key_of(view): find(user, saved.question_of(view))}, limit_ms=min(left, ALONE_MS)
            )
            left -= ALONE_MS // 6
        except OperationalError:
            left -= ALONE_MS
            cache.set(_slow_key(user, view), True, SLOW_SECONDS)
    return found


def _ask(wanted: Mapping[str, TicketQuerySet], limit_ms: int | None = None) -> Counts:
    """Each as a subselect of one statement. OperationalError when that takes longer than the limit."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in wanted.values():
        sql, values = _limited(rows)
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - the ORM wrote it
        params += values
    statement = "SELECT " + ", ".join(parts)
    found = _fetch(statement, params) if limit_ms is None else _fetch_within(limit_ms, statement, params)
    return dict(zip(wanted, found, strict=True))


def _limited(rows: TicketQuerySet) -> tuple[str, Sequence[Any]]:
    try:
        return rows.order_by().values("pk")[: COUNT_LIMIT + 1].query.sql_with_params()
    except EmptyResultSet:  # no team, say
        return "SELECT 1 WHERE false", ()


def _fetch(statement: str, params: Sequence[Any]) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: Sequence[int] = cursor.fetchone()
    return found


def _fetch_within(limit_ms: int, statement: str, params: Sequence[Any]) -> Sequence[int]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {limit_ms:d}")
        found = _fetch(statement, params)
        with connection.cursor() as cursor:
            # A caller's own transaction goes on after this one: it must not inherit the limit.
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    return found
