"""What the year page shows is what is computed with."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from datetime import UTC, date

import pytest

from accounts.models import Brand
from helpdesk.lib import clock
from tickets.models import Calendar, CalendarException
from tickets.queries.calendar_year import Day, Kind, read, today, years_to_look_at
from tickets.queries.calendars import working_calendar

pytestmark = pytest.mark.django_db
OFFICE = ((9 * 3600, 18 * 3600),)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.frozen(datetime.datetime(2026, 3, 1, 20, tzinfo=UTC)):
        yield


@pytest.fixture
def calendar(brand: Brand) -> Calendar:
    brand.calendar.holiday_country = "CN"
    brand.calendar.save()
    CalendarException.objects.create(calendar=brand.calendar, date=date(2026, 10, 1), reason="Outing")
    CalendarException.objects.create(
        calendar=brand.calendar,
        date=date(2026, 10, 2),
        reason="Rush",
        opens=datetime.time(10),
        closes=datetime.time(2),
    )
    return Calendar.objects.get(pk=brand.calendar.pk)


def test_it_works(calendar: Calendar) -> None:
    year = read(calendar)
    assert year.day(date(2026, 3, 2)) == Day(date(2026, 3, 2), Kind.WORKED, OFFICE)
    assert year.day(date(2026, 3, 1)) == Day(date(2026, 3, 1), Kind.OFF, ())
    assert year.day(date(2026, 10, 3)).kind == Kind.HOLIDAY
    assert year.day(date(2026, 10, 10)) == Day(
        date(2026, 10, 10), Kind.MAKE_UP, OFFICE, ("国庆节补班", "Make-up working day for National Day")
    )
    own = year.day(date(2026, 10, 2))
    assert (own.kind, own.spans, own.names) == (Kind.OWN, ((10 * 3600, 26 * 3600),), ("Rush", "Rush"))
    assert own.covered is not None
    assert own.covered.kind == Kind.HOLIDAY


def test_every_day_that_can_be_looked_at_is_as_it_is_computed(calendar: Calendar) -> None:
    year, hours = read(calendar), working_calendar(calendar)
    for number in years_to_look_at():
        for day in year.days(number):
            on = day.date.toordinal() - date(1970, 1, 1).toordinal()
            assert sorted(day.spans) == sorted(hours.spans_starting(on)), day
            assert day.names == hours.names.get(day.date, ("", "")), day


def test_day_and_night_has_no_day_that_differs(calendar: Calendar) -> None:
    calendar.always_open = True
    assert {day.kind for day in read(calendar).days(2026)} == {Kind.WORKED}
    assert read(calendar).is_published(2029)


def test_what_is_published(calendar: Calendar) -> None:
    year = read(calendar)
    assert [year.is_published(number) for number in (2025, 2026, 2029)] == [True, True, False]
    calendar.holiday_country = ""
    assert read(calendar).is_published(2029)
    calendar.holiday_country = "XX"
    assert not read(calendar).is_country_known()
    assert read(calendar).is_published(2029)


def test_today_is_the_calendars_own(calendar: Calendar) -> None:
    assert today(calendar) == date(2026, 3, 2)
    calendar.time_zone = "America/New_York"
    assert today(calendar) == date(2026, 3, 1)
