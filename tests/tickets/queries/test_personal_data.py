"""The rows of a person are found by indexes alone, whatever the table."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.planner import never_counted
from tests.planted import Planted
from tickets.queries import personal_data
from tickets.rules.personal_data import table_of

pytestmark = pytest.mark.django_db


def test_every_way_goes_by_an_index(planted: Planted) -> None:
    """Small tables are looked through for mentions, and by an erasure copies of mails for whom they went to; all others
    are never read from end to end.
    """
    subject = personal_data.person(planted.customer)
    with connection.cursor() as cursor:
        for habit in ("seqscan", "hashjoin", "mergejoin"):  # of small tables
            cursor.execute(f"SET LOCAL enable_{habit} = off")
        never_counted(cursor)
    read_through = []
    for table in personal_data.tables_of(subject):
        if not table.reach.anybody or table.reach.mentions:
            continue
        plan = personal_data.rows(table, subject, by_index=True).order_by("pk")[:200].explain().splitlines()
        for place, line in enumerate(plan):
            is_bounded = any("Cond:" in below for below in plan[place + 1 : place + 3])
            if " Scan " in line and " on " in line and not is_bounded:
                read_through.append(f"{table.model}: {line.strip()}")
    assert not read_through


def test_one_case_reaches_no_further(planted: Planted) -> None:
    subject = personal_data.one_case(planted.tickets[0])
    for label in ("tickets.message", "tickets.event", "tickets.outboxmail", "tickets.participant"):
        found = personal_data.rows(table_of(label), subject)
        assert set(found.values_list("ticket", flat=True)) == {planted.tickets[0].pk}
    assert "accounts.customer" not in [table.model for table in personal_data.tables_of(subject)]
