"""A calendar file, from the upload to the days it brings."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.forms import fields
from tests.tickets.rules.test_calendar_import import event, file
from tests.tickets.workspace.conftest import LogIn
from tickets.models import Calendar, CalendarException
from tickets.rules.calendar_import import MAX_DAYS

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 4, tzinfo=UTC)
FILE = file(
    event(name="国庆节（休）", start="20261001", end="20261004"),
    event(name="国庆节（班）", start="20261010"),
    event(name="Perhaps", start="20260701"),
)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def calendar(brand: Brand) -> Calendar:
    return brand.calendar


@pytest.fixture
def desk(log_in: LogIn, manager: User) -> Client:
    return log_in(manager)


def address(calendar: Calendar, rest: str = "") -> str:
    return f"/admin/tickets/calendar/{calendar.pk}/import/{rest}"


def upload(client: Client, calendar: Calendar, data: bytes = FILE) -> Any:
    return client.post(address(calendar), {"file": SimpleUploadedFile("days.ics", data)})


def confirm(client: Client, calendar: Calendar, html: str, **changes: str) -> Any:
    said = {**fields(html), **{f"choice-{day}": choice for day, choice in changes.items()}}
    return client.post(address(calendar, "confirm/"), said)


def rows() -> list[tuple[Any, ...]]:
    return list(CalendarException.objects.order_by("date").values_list("date", "reason", "opens", "closes"))


def test_it_works(desk: Client, calendar: Calendar) -> None:
    html = upload(desk, calendar).content.decode()
    assert "5 days were read." in html
    assert "Of 1 day the file does not say" in html
    assert not rows()  # nothing changes before somebody has looked
    response = confirm(desk, calendar, html, **{"2026-07-01": "leave_out"})
    assert response["Location"] == f"/admin/tickets/calendar/{calendar.pk}/year/2026/?added=3"
    assert "3 days were taken over." in desk.get(response["Location"]).content.decode()
    assert rows() == [
        # The third is a Saturday, which is closed anyway.
        *((date(2026, 10, day), "国庆节（休）", None, None) for day in (1, 2)),
        (date(2026, 10, 10), "国庆节（班）", datetime.time(9), datetime.time(18)),
    ]


def test_again_it_adds_nothing(desk: Client, calendar: Calendar) -> None:
    html = upload(desk, calendar).content.decode()
    confirm(desk, calendar, html)
    before = rows()
    confirm(desk, calendar, html)
    assert rows() == before
    again = upload(desk, calendar).content.decode()
    assert "0 of them differ from this calendar." in again
    confirm(desk, calendar, again)
    assert rows() == before


def test_what_is_so_already_is_proposed_to_be_left_out(desk: Client, calendar: Calendar) -> None:
    """By the country's holidays, or entered by hand: nobody's work is written over unasked."""
    Calendar.objects.update(holiday_country="CN")
    CalendarException.objects.create(
        calendar=calendar,
        date=date(2026, 7, 1),
        reason="By hand",
        opens=datetime.time(10),
        closes=datetime.time(11),
    )
    found = fields(upload(desk, calendar).content.decode())
    assert {found[f"choice-2026-{day}"][0] for day in ("10-01", "10-03", "10-10", "07-01")} == {"leave_out"}


def test_each_day_is_decided(desk: Client, calendar: Calendar) -> None:
    html = upload(desk, calendar).content.decode()
    confirm(
        desk, calendar, html, **{"2026-07-01": "worked", "2026-10-10": "closed", "2026-10-02": "leave_out"}
    )
    assert [(row[0].isoformat(), row[2] is not None) for row in rows()] == [
        ("2026-07-01", True),
        ("2026-10-01", False),
        ("2026-10-10", False),
    ]


def test_a_day_without_a_title_gets_a_reason(desk: Client, calendar: Calendar) -> None:
    confirm(desk, calendar, upload(desk, calendar, file(event(name=""))).content.decode())
    assert rows()[0][1] == "Imported day"


def test_what_is_written_in_a_file_is_only_text(desk: Client, calendar: Calendar) -> None:
    html = upload(desk, calendar, file(event(name="<script>alert(1)</script>"))).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF", "not an iCalendar file"),
        (b"BEGIN:VCALENDAR" + b"x" * 1_000_001, "larger than 1 MB"),
        (file(event("RRULE:FREQ=SECONDLY")), "repeats in a way"),
        (file(event(start="20010101")), "no whole days in the years 2026 to 2029"),
    ],
    ids=["pdf", "large", "bomb", "old"],
)
def test_a_file_that_cannot_be_read_is_told_at_its_field(
    desk: Client, calendar: Calendar, data: bytes, said: str
) -> None:
    response = upload(desk, calendar, data)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_no_file_at_all(desk: Client, calendar: Calendar) -> None:
    assert desk.get(address(calendar)).status_code == 200
    response = desk.post(address(calendar), {})
    assert response.status_code == 422
    assert "Choose a calendar file" in response.content.decode()


@pytest.mark.parametrize(
    "days",
    ["", "nonsense", "[]", '[["2026-10-01"]]', '[["2019-10-01","x"]]', '{"a":1}', "[" * 100_000,
     str([["2026-10-01", "x"]] * (MAX_DAYS + 1)).replace("'", '"')],
    ids=["nothing", "nonsense", "none", "halves", "old", "shape", "deep", "many"],
)  # fmt: skip
def test_a_list_that_was_tampered_with_is_refused(desk: Client, calendar: Calendar, days: str) -> None:
    response = desk.post(address(calendar, "confirm/"), {"days": days, "choice-2026-10-01": "closed"})
    assert response.status_code == 422
    assert "did not arrive whole" in response.content.decode()
    assert not rows()


def test_a_calendar_without_hours_cannot_work_like_a_weekday(desk: Client, calendar: Calendar) -> None:
    calendar.hours.all().delete()
    html = upload(desk, calendar).content.decode()
    response = confirm(desk, calendar, html, **{"2026-10-10": "worked"})
    assert "no working hours yet" in response.content.decode()
    assert not rows()


def test_of_day_and_night_nothing_is_imported(desk: Client, calendar: Calendar) -> None:
    Calendar.objects.update(always_open=True)
    assert desk.get(address(calendar)).status_code == 404
    assert upload(desk, calendar).status_code == 404


@pytest.mark.parametrize("who", ["lead", "officer", "agent"])
def test_only_those_who_configure_the_service(
    who: str, log_in: LogIn, calendar: Calendar, request: pytest.FixtureRequest
) -> None:
    client = log_in(request.getfixturevalue(who))
    assert client.get(address(calendar)).status_code == 403
    assert upload(client, calendar).status_code == 403
    days = '[["2026-10-01","x"]]'
    said = {"days": days, "choice-2026-10-01": "closed"}
    assert client.post(address(calendar, "confirm/"), said).status_code == 403
    assert not rows()
