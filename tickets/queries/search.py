"""Finding tickets by number or by words."""

from __future__ import annotations

from django.db.models import BooleanField, F, Func, Value

from helpdesk.lib.text_search import to_tsquery
from tickets.models.tickets import TicketQuerySet
from tickets.rules import numbers


class Matches(Func):
    """``document @@ query``, the query ready-made; answered by the index ``ticket_search_words``."""

    template = "%(expressions)s::tsquery"
    arg_joiner = " @@ "
    output_field = BooleanField()


def matching(rows: TicketQuerySet, text: str) -> TicketQuerySet:
    """Those of ``rows`` that bear this number or hold every word; the order is the caller's.

    Internal notes are searched too: for staff only.
    """
    number = numbers.parse(text)
    if number is not None:
        return rows.filter(number=number)
    query = to_tsquery(text, prefix=True)
    return rows.filter(Matches(F("search__document"), Value(query))) if query else rows.none()
