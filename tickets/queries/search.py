"""Finding tickets by number or by words.

PostgreSQL's planner misjudges "holds these words, newest first, the first 25": it may read every match of a common word
to sort it, or walk past a million tickets to find a rare one. So the question is asked in two steps: a few matches are
taken by the words' index; many are met soon enough when walking from the newest ticket backwards. Which of the two it
is, the statistics of the words tell before the index is read: its list of a common word alone takes longer than a page.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, F, Func, Value

from tickets.models import Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries.inbox import PAGE_SIZE, Page, Sort, page_of, with_columns
from tickets.rules import numbers, search_words

#: Up to so many matches are fetched and sorted; with more, walking from the newest finds a page soon.
FEW = 2_000
#: Of a word that stands in more than this share of the tickets, a page is looked for among so many newest ones first.
COMMON = 0.01
NEWEST_WALKED = 10_000
NEWEST = Sort("id", descending=True)
_WALK = (
    "SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off;"
    " SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
)


class Matches(Func):
    """``document @@ query``, the query ready-made; answered by the index ``ticket_search_words``."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()


class AnyOf(Func):
    """``id = ANY(array)``: one value however many ids."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(F("pk"), Value(list(ids), output_field=ArrayField(BigIntegerField())))


def matching(rows: TicketQuerySet, text: str) -> TicketQuerySet:
    """Those of ``rows`` that bear this number or hold every word; the order is the caller's.

    Internal notes are searched too: for staff only.
    """
    number = numbers.parse(text)
    if number is not None:
        return rows.filter(number=number)
    query = search_words.query(text, prefix=True)
    if not query:
        return rows.none()
    few = _few_matches(query)
    return rows.filter(_holds(query)) if few is None else rows.filter(AnyOf(few))


def newest_matching(rows: TicketQuerySet, text: str, after: str = "", size: int = PAGE_SIZE) -> Page:
    """A page of the tickets of ``rows`` that hold every word, the newest first."""
    query = search_words.query(text, prefix=True)
    if not query:
        return Page([], None)
    ids = _among_the_newest(rows, query, after, size + 1) if _is_common(query) else []
    if len(ids) <= size:
        few = _few_matches(query)
        if few is not None:
            return page_of(rows.filter(AnyOf(few)), NEWEST, after, size)
        ids = _walk(rows.filter(_holds(query)), after, size + 1)
    found = with_columns(Ticket.objects.filter(AnyOf(ids[:size]))).order_by("-pk")
    return Page(list(found), f"{ids[size - 1]}.id" if len(ids) > size else None)


def _holds(query: str) -> Matches:
    return Matches(F("search__document"), Value(query))


def _is_common(query: str) -> bool:
    """By PostgreSQL's statistics of the words: a guess, which costs time where it is wrong, never results."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (FORMAT JSON) SELECT 1 FROM tickets_ticketsearch WHERE document @@ %s::tsquery", [query]
        )
        [[[plan]]] = cursor.fetchall()
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'tickets_ticketsearch'::regclass")
        [[tickets]] = cursor.fetchall()
    expected = float(plan["Plan"]["Plan Rows"])
    return expected > max(FEW, COMMON * float(tickets))


def _among_the_newest(rows: TicketQuerySet, query: str, after: str, limit: int) -> list[int]:
    """Those that hold the words among the newest tickets, or the next ones after a page: maybe too few."""
    last = after.partition(".")[0]
    start = int(last) if last.isdecimal() else None
    if start is None:
        newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first()
        start = (newest or 0) + 1
    return _walk(rows.filter(_holds(query), pk__gte=start - NEWEST_WALKED), after, limit)


def _few_matches(query: str) -> list[int] | None:
    """Every ticket that holds the words; None when they are many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticket_id FROM tickets_ticketsearch WHERE document @@ %s::tsquery LIMIT %s",
            [query, FEW + 1],
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return found if len(found) <= FEW else None


def _walk(rows: TicketQuerySet, after: str, limit: int) -> list[int]:
    """The newest that match, met one by one from the newest ticket backwards."""
    last = after.partition(".")[0]
    if last.isdecimal():
        rows = rows.filter(pk__lt=int(last))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WALK)
        found = list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
        # A caller's own transaction goes on after this one: it must not inherit the settings.
        cursor.execute(_WALK.replace("= off", "= on"))
    return found


# The index gives the tickets that hold the words anywhere, and of those it is looked where.
_OF_CUSTOMER = """
SELECT ticket_id FROM tickets_ticketsearch
WHERE document @@ %(query)s::tsquery AND ts_filter(document, '{b}') @@ %(query)s::tsquery
LIMIT %(most)s
"""


def of_customers_with(rows: TicketQuerySet, words: str) -> TicketQuerySet:
    """Those of ``rows`` whose customer may have these words in their name: of a word that very many tickets hold, the
    newest of all; else the first few that hold it where a customer's words stand (weight B).
    """
    query = search_words.query(words, prefix=True)
    if not query:
        return rows.none()
    if _is_common(query):
        newest = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return rows.filter(pk__gt=newest - NEWEST_WALKED)
    with connection.cursor() as cursor:
        cursor.execute(_OF_CUSTOMER, {"query": query, "most": FEW})
        return rows.filter(AnyOf([pk for (pk,) in cursor.fetchall()]))
