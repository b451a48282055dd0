"""Examples of the times that laws set, entered as promises that are not switched on.

The examples and what is to be said of each stand in ``tickets/data/statutes.yaml``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.db import transaction

from tickets.choices import Complaints, Counting, TimerKind
from tickets.models import Calendar, CalendarHours, EscalationStep, SlaPolicy, SlaTarget

DAY = 24 * 60
MIDNIGHT = datetime.time(0)
Row = Mapping[str, Any]


@transaction.atomic
def load_statutes() -> list[SlaPolicy]:
    """Enter the examples that are not there yet, by their names; which were made, in their order.

    What is there is left as it is, switched on or not: an operator may have corrected it.
    """
    given = _read()
    known = set(SlaPolicy.objects.values_list("name", flat=True))
    made = []
    for position, row in enumerate(given["statutes"], start=1):
        if row["name"] not in known:
            calendar = given["calendars"].get(row.get("calendar"))
            made.append(_enter(row, calendar, position * 10, given))
    return made


def _read() -> Any:
    path = Path(apps.get_app_config("tickets").path) / "data" / "statutes.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _enter(row: Row, calendar: Row | None, position: int, given: Row) -> SlaPolicy:
    policy = SlaPolicy.objects.create(
        name=row["name"],
        position=position,
        is_active=False,
        is_statutory=True,
        complaints=Complaints.ONLY,
        pauses_on=[],
        calendar=_working_days(calendar) if calendar else None,
        remark=f"{row['remark']}\n{given['counsel']}",
    )
    SlaTarget.objects.create(
        policy=policy,
        kind=TimerKind.RESOLUTION,
        minutes=row.get("days", row.get("working_days")) * DAY,
        counting=Counting.WORKING if calendar else Counting.ELAPSED,
    )
    for step in given["steps"]:
        EscalationStep.objects.create(policy=policy, kind=TimerKind.RESOLUTION, **step)
    return policy


def _working_days(row: Row) -> Calendar:
    """Monday to Friday from midnight to midnight, but for the public holidays: one that no brand or team works by."""
    found = Calendar.objects.filter(name=row["name"], brand=None, team=None).first()
    if found is not None:
        return found
    calendar = Calendar.objects.create(
        name=row["name"],
        time_zone=row["time_zone"],
        holiday_country=row["country"],
        holiday_region=row["region"],
    )
    CalendarHours.objects.bulk_create(
        CalendarHours(calendar=calendar, weekday=weekday, opens=MIDNIGHT, closes=MIDNIGHT)
        for weekday in range(5)
    )
    return calendar
