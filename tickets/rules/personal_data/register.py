"""All tables in the order in which an erasure goes through them: what is found by others comes before those."""

from __future__ import annotations

from tickets.rules.personal_data.cases import CASES
from tickets.rules.personal_data.desk import DESK
from tickets.rules.personal_data.mail import MAIL
from tickets.rules.personal_data.people import PEOPLE
from tickets.rules.personal_data.safety import SAFETY
from tickets.rules.personal_data.terms import Table

_ALL = (*SAFETY, *CASES, *MAIL, *DESK, *PEOPLE)
#: By these, what others wrote about the person is found; mails by the participants, so those come last.
_AFTERWARDS = ("", "tickets.incomingmail", "tickets.participant")


def _turn(table: Table) -> tuple[bool, int]:
    return table.last, _AFTERWARDS.index(table.model) if table.model in _AFTERWARDS else 0


TABLES: tuple[Table, ...] = tuple(sorted(_ALL, key=_turn))
_BY_MODEL = {table.model: table for table in TABLES}


def table_of(model: str) -> Table:
    """Raises KeyError for a table that has no line."""
    return _BY_MODEL[model]


def columns_about_people(model: str) -> frozenset[str]:
    """Columns that hold, or may hold, what names, reaches or is said of somebody outside; none for an unknown table."""
    table = _BY_MODEL.get(model)
    return frozenset(line.name for line in table.fields if line.is_about_people) if table else frozenset()
