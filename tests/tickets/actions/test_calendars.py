"""Days that differ: added, changed and taken away, never twice, and seen by what is computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import translation

from accounts.models import Brand, Customer, User
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions.calendars import DayThatDiffers, add_exceptions, remove_exception
from tickets.models import Calendar, CalendarException
from tickets.queries.calendars import working_calendar

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)
HOUR = 3600
CLOSED = DayThatDiffers(DAY, "Outing")
MORNING = (time(9), time(12))
NIGHT = (time(22), time(6))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def calendar(brand: Brand) -> Calendar:
    return brand.calendar


def rows(calendar: Calendar) -> list[tuple[date, str, time | None, time | None]]:
    return list(
        calendar.exceptions.order_by("date", "opens").values_list("date", "reason", "opens", "closes")
    )


def test_it_works(calendar: Calendar, manager: User) -> None:
    before = calendar.changed_at
    working = DayThatDiffers(date(2026, 7, 4), " Make-up\tday ", (NIGHT, MORNING))
    assert add_exceptions(calendar, [CLOSED, working], by=actors.staff(manager)) == 2
    assert rows(calendar) == [
        (DAY, "Outing", None, None),
        (date(2026, 7, 4), "Make-up day", *MORNING),
        (date(2026, 7, 4), "Make-up day", *NIGHT),
    ]
    calendar.refresh_from_db()
    assert calendar.changed_at > before
    hours = working_calendar(calendar)
    assert hours.exceptions[DAY] == ()
    assert hours.exceptions[date(2026, 7, 4)] == ((9 * HOUR, 12 * HOUR), (22 * HOUR, 30 * HOUR))


def test_asked_for_again_it_changes_nothing(calendar: Calendar, manager: User) -> None:
    days = [CLOSED, DayThatDiffers(date(2026, 7, 4), "Make-up", (NIGHT, MORNING))]
    add_exceptions(calendar, days, by=actors.staff(manager))
    calendar.refresh_from_db()
    before = calendar.changed_at
    assert add_exceptions(calendar, days, by=actors.staff(manager)) == 0
    calendar.refresh_from_db()
    assert calendar.changed_at == before
    assert len(rows(calendar)) == 3


def test_what_was_there_is_replaced(calendar: Calendar, manager: User) -> None:
    for opens, closes in (MORNING, NIGHT):
        CalendarException.objects.create(
            calendar=calendar, date=DAY, reason="Old", opens=opens, closes=closes
        )
    assert add_exceptions(calendar, [CLOSED], by=actors.staff(manager)) == 1
    assert rows(calendar) == [(DAY, "Outing", None, None)]


def test_of_one_day_told_twice_the_last_holds(calendar: Calendar, manager: User) -> None:
    add_exceptions(calendar, [CLOSED, DayThatDiffers(DAY, "Sports day")], by=actors.staff(manager))
    assert rows(calendar) == [(DAY, "Sports day", None, None)]


@pytest.mark.parametrize(
    ("day", "field", "words"),
    [
        (DayThatDiffers(DAY, " \t"), "reason", "Say why"),
        (DayThatDiffers(DAY, "x" * 101), "reason", "At most 100"),
        (DayThatDiffers(DAY, "x", (MORNING, (time(11), time(13)))), "hours", "overlap"),
        (DayThatDiffers(DAY, "x", (NIGHT, (time(23), time(0)))), "hours", "overlap"),
        (DayThatDiffers(DAY, "x", tuple((time(h), time(h, 30)) for h in range(11))), "hours", "At most 10"),
    ],
)
def test_nonsense_is_told_and_nothing_is_written(
    calendar: Calendar, manager: User, day: DayThatDiffers, field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_exceptions(
            calendar, [CLOSED, DayThatDiffers(date(2026, 7, 2), "fine"), day], by=actors.staff(manager)
        )
    assert words in str(refused.value.fields[field])
    assert not rows(calendar)


def test_removing(calendar: Calendar, manager: User) -> None:
    by = actors.staff(manager)
    other = DayThatDiffers(date(2026, 7, 2), "x")
    add_exceptions(calendar, [DayThatDiffers(DAY, "x", (MORNING, NIGHT)), other], by=by)
    assert remove_exception(calendar, DAY, by=by)
    assert [row[0] for row in rows(calendar)] == [other.date]
    calendar.refresh_from_db()
    before = calendar.changed_at
    assert not remove_exception(calendar, DAY, by=by)
    calendar.refresh_from_db()
    assert calendar.changed_at == before


def test_only_those_who_configure_the_service(
    calendar: Calendar, agent: User, lead: User, officer: User, customer: Customer
) -> None:
    for by in (*(actors.staff(user) for user in (agent, lead, officer)), actors.customer(customer)):
        with pytest.raises(NotAllowed):
            add_exceptions(calendar, [CLOSED], by=by)
        with pytest.raises(NotAllowed):
            remove_exception(calendar, DAY, by=by)
    assert not rows(calendar)


def test_other_calendars_are_left_alone(calendar: Calendar, other_brand: Brand, manager: User) -> None:
    by = actors.staff(manager)
    add_exceptions(other_brand.calendar, [CLOSED], by=by)
    remove_exception(calendar, DAY, by=by)
    assert rows(other_brand.calendar)


def test_the_history_says_who_changed_what(calendar: Calendar, manager: User) -> None:
    by = actors.staff(manager)
    add_exceptions(calendar, [CLOSED], by=by)
    add_exceptions(calendar, [DayThatDiffers(DAY, "Half a day", (MORNING,))], by=by)
    remove_exception(calendar, DAY, by=by)
    entries = LogEntry.objects.filter(object_id=calendar.pk, user=manager).order_by("pk")
    assert [entry.get_change_message() for entry in entries] == [
        "Added exception “2026-07-01 Outing”.",
        "Deleted exception “2026-07-01 Outing”. Added exception “2026-07-01 Half a day 09:00–12:00”.",
        "Deleted exception “2026-07-01 Half a day 09:00–12:00”.",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_do_not_double(calendar: Calendar, manager: User) -> None:
    days = [DayThatDiffers(date(2026, 7, day), "x") for day in range(1, 29)]
    add = partial(add_exceptions, calendar, days, by=actors.staff(manager))
    assert sorted(all_at_once([add, add, add])) == [0, 0, 28]
    assert len(rows(calendar)) == 28
