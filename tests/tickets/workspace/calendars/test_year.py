"""The year page: what is seen, how a day is changed, and who may."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from datetime import UTC, date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tickets.models import Calendar, CalendarException

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 4, tzinfo=UTC)
OUTING = {"kind": "closed", "reason": "Outing", "opens": ["09:00", ""], "closes": ["18:00", ""]}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def calendar(brand: Brand) -> Calendar:
    brand.calendar.holiday_country = "CN"
    brand.calendar.save()
    return brand.calendar


def year_of(calendar: Calendar, year: int | str = 2026) -> str:
    return f"/admin/tickets/calendar/{calendar.pk}/year/{year}/"


def day_of(calendar: Calendar, day: str, rest: str = "") -> str:
    return f"/admin/tickets/calendar/{calendar.pk}/day/{day}/{rest}"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def cell(html: str, day: str) -> str:
    """The day's table cell."""
    found = re.search(rf'<td class="([^"]*)"><a href="\?day={day}#cal-day"(.*?)</td>', html)
    assert found, day
    return found[0]


class Tables(HTMLParser):
    """Captions, heads and cells of the months' tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {dict(attrs).get('scope') or ''}".strip())


@pytest.fixture
def desk(log_in: LogIn, manager: User) -> Client:
    return log_in(manager)


class TestYear:
    def test_it_works(self, desk: Client, calendar: Calendar) -> None:
        CalendarException.objects.create(calendar=calendar, date=date(2026, 7, 1), reason="Outing")
        html = desk.get(year_of(calendar)).content.decode()
        assert 'title="Closed: National Day"' in cell(html, "2026-10-01")
        assert "cal-holiday cal-closed" in cell(html, "2026-10-04")
        assert "cal-make-up" in cell(html, "2026-10-10")
        assert ">W</i>" in cell(html, "2026-10-10")
        assert "cal-own cal-closed" in cell(html, "2026-07-01")
        assert "cal-off" in cell(html, "2026-03-07")
        assert 'aria-current="date"' in cell(html, "2026-03-02")
        assert html.count('aria-current="date"') == 1
        text = words(html)
        assert "Days worked: 247. Public holidays: 33. Make-up working days: 6." in text
        assert "Exceptions entered here: 1." in text
        assert "not published" not in text

    def test_the_months_are_real_tables(self, desk: Client, calendar: Calendar) -> None:
        tables = Tables()
        tables.feed(desk.get(year_of(calendar)).content.decode())
        assert tables.tags.count("table") == tables.tags.count("caption") == 12
        assert tables.tags.count("th col") == 12 * 7

    def test_in_chinese(self, desk: Client, calendar: Calendar) -> None:
        html = desk.get(year_of(calendar), headers={"accept-language": "zh-CN"}).content.decode()
        assert ">休</i>" in cell(html, "2026-10-01")
        assert "国庆节" in cell(html, "2026-10-01")
        assert ">班</i>" in cell(html, "2026-10-10")

    def test_the_present_year_and_its_neighbours(self, desk: Client, calendar: Calendar) -> None:
        response = desk.get(f"/admin/tickets/calendar/{calendar.pk}/year/")
        assert response["Location"] == year_of(calendar)
        html = desk.get(year_of(calendar)).content.decode()
        assert year_of(calendar, 2025) in html
        assert year_of(calendar, 2027) in html

    @pytest.mark.parametrize(
        ("year", "status"), [(2020, 200), (2029, 200), (2019, 404), (2030, 404), (99999, 404)]
    )
    def test_only_years_that_are_computed_with(
        self, desk: Client, calendar: Calendar, year: int, status: int
    ) -> None:
        assert desk.get(year_of(calendar, year)).status_code == status

    def test_a_year_that_is_not_published_yet_says_so(self, desk: Client, calendar: Calendar) -> None:
        banner = "only the statutory holidays of China are known"
        assert banner not in desk.get(year_of(calendar)).content.decode()
        assert banner in desk.get(year_of(calendar, 2029)).content.decode()
        Calendar.objects.update(holiday_country="GB")
        assert "statutory holidays" not in desk.get(year_of(calendar, 2029)).content.decode()

    def test_a_country_that_is_not_known_says_so(self, desk: Client, calendar: Calendar) -> None:
        Calendar.objects.update(holiday_country="XX")
        assert "No public holidays are known of XX" in words(desk.get(year_of(calendar)).content.decode())

    def test_no_such_calendar(self, desk: Client, calendar: Calendar) -> None:
        for pk in (calendar.pk + 1000, 10**30):
            assert desk.get(f"/admin/tickets/calendar/{pk}/year/2026/").status_code == 404

    def test_queries_do_not_grow(
        self, desk: Client, calendar: Calendar, django_assert_max_num_queries: Any
    ) -> None:
        desk.get(year_of(calendar))
        with django_assert_max_num_queries(8):
            desk.get(year_of(calendar))
        CalendarException.objects.bulk_create(
            CalendarException(calendar=calendar, date=date(2026, 6, day), reason="x") for day in range(1, 30)
        )
        with django_assert_max_num_queries(8):
            desk.get(year_of(calendar))


class TestDay:
    def test_without_javascript_the_day_stands_beside_the_year(
        self, desk: Client, calendar: Calendar
    ) -> None:
        html = desk.get(year_of(calendar), {"day": "2026-10-10"}).content.decode()
        text = words(html)
        assert "Saturday, 10 October 2026" in text
        assert "Make-up working day for National Day" in text
        assert "09:00–18:00" in text
        assert "cal-chosen" in cell(html, "2026-10-10")

    def test_for_htmx_it_comes_alone(self, desk: Client, calendar: Calendar) -> None:
        html = desk.get(
            year_of(calendar), {"day": "2026-10-01"}, headers={"HX-Request": "true"}
        ).content.decode()
        assert "<table" not in html
        assert "Public holiday (China)" in html

    @pytest.mark.parametrize("day", ["2027-01-01", "nonsense", "", "2026-13-01", "<script>"])
    def test_what_is_no_day_of_the_year_is_left_out(self, desk: Client, calendar: Calendar, day: str) -> None:
        response = desk.get(year_of(calendar), {"day": day})
        assert response.status_code == 200
        assert "No day is chosen." in response.content.decode()
        assert "<script>" + "<" not in response.content.decode()

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            ("2026-03-29", "At 02:00 clocks go forward to 03:00"),
            ("2026-10-25", "At 03:00 clocks go back to 02:00"),
        ],
    )
    def test_a_change_of_clocks_is_said(self, desk: Client, calendar: Calendar, day: str, said: str) -> None:
        Calendar.objects.update(time_zone="Europe/Berlin")
        html = desk.get(year_of(calendar), {"day": day}).content.decode()
        assert said in words(html)
        assert "cal-clocks" in cell(html, day)
        assert html.count(" cal-clocks") == 3  # two days, and the legend

    def test_the_shift_of_the_night_before_is_said(self, desk: Client, calendar: Calendar) -> None:
        calendar.hours.update(opens=datetime.time(22), closes=datetime.time(6))
        html = desk.get(year_of(calendar), {"day": "2026-03-07"}).content.decode()
        assert "goes on until 06:00" in html
        assert "22:00–06:00 (next day)" in desk.get(year_of(calendar), {"day": "2026-03-03"}).content.decode()


class TestChanging:
    def test_it_works(self, desk: Client, calendar: Calendar) -> None:
        response = desk.post(day_of(calendar, "2026-07-01"), OUTING)
        assert response["Location"] == f"{year_of(calendar)}?day=2026-07-01#cal-day"
        row = CalendarException.objects.get()
        assert (row.calendar, row.date, row.reason, row.opens) == (calendar, date(2026, 7, 1), "Outing", None)

    def test_other_hours_with_a_break_and_past_midnight(self, desk: Client, calendar: Calendar) -> None:
        hours = {"opens": ["22:00", "09:00", ""], "closes": ["02:00", "12:30", ""]}
        desk.post(day_of(calendar, "2026-10-01"), {"kind": "worked", "reason": "Rush", **hours})
        rows = CalendarException.objects.order_by("opens").values_list("opens", "closes")
        assert list(rows) == [
            (datetime.time(9), datetime.time(12, 30)),
            (datetime.time(22), datetime.time(2)),
        ]
        text = words(desk.get(year_of(calendar), {"day": "2026-10-01"}).content.decode())
        assert "Other hours: Rush" in text
        assert "09:00–12:30, 22:00–02:00 (next day)" in text
        assert "Without it Closed: National Day" in text

    def test_with_htmx_the_year_comes_anew(self, desk: Client, calendar: Calendar) -> None:
        response = desk.post(day_of(calendar, "2026-07-01"), OUTING, headers={"HX-Request": "true"})
        html = response.content.decode()
        assert not html.startswith("<!DOCTYPE")
        assert "cal-own cal-closed cal-chosen" in cell(html, "2026-07-01")
        assert "Remove this exception" in html

    def test_removing(self, desk: Client, calendar: Calendar) -> None:
        desk.post(day_of(calendar, "2026-07-01"), OUTING)
        response = desk.post(day_of(calendar, "2026-07-01", "remove/"))
        assert response.status_code == 302
        assert not CalendarException.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"reason": " "}, "Say why this day differs."),
            ({"kind": ""}, "Choose one of the list."),
            ({"kind": "worked", "opens": ["", ""], "closes": ["", ""]}, "Enter from when to when"),
            ({"kind": "worked", "opens": ["09:00", ""], "closes": ["", ""]}, "Enter both times"),
            ({"kind": "worked", "opens": ["25:99", ""]}, "Enter both times"),
            (
                {"kind": "worked", "opens": ["09:00", "10:00"], "closes": ["12:00", "11:00"]},
                "These hours overlap.",
            ),
        ],
    )
    @pytest.mark.parametrize("htmx", [True, False])
    def test_nonsense_is_told_and_what_was_typed_is_kept(
        self, desk: Client, calendar: Calendar, changes: dict[str, Any], said: str, htmx: bool
    ) -> None:
        typed = {**OUTING, "reason": "A day <out>", **changes}
        headers = {"HX-Request": "true"} if htmx else {}
        response = desk.post(day_of(calendar, "2026-07-01"), typed, headers=headers)
        html = response.content.decode()
        assert response.status_code == 422
        assert said in html
        if "reason" not in changes:
            assert 'value="A day &lt;out&gt;"' in html
        if "opens" in changes and changes["opens"][0]:
            assert f'value="{changes["opens"][0]}"' in html
        assert html.startswith("<!DOCTYPE") is not htmx
        assert not CalendarException.objects.exists()

    @pytest.mark.parametrize("day", ["2019-12-31", "2030-01-01"])
    def test_only_days_that_are_computed_with(self, desk: Client, calendar: Calendar, day: str) -> None:
        assert desk.post(day_of(calendar, day), OUTING).status_code == 404

    @pytest.mark.parametrize("day", ["2026-02-30", "0000-00-00", "today"])
    def test_what_is_no_day_leads_nowhere(self, desk: Client, calendar: Calendar, day: str) -> None:
        """The configuration pages take it for the name of something that is not there."""
        response = desk.post(day_of(calendar, day), OUTING, follow=True)
        assert response.redirect_chain[-1][0] == "/admin/queue/"
        assert not CalendarException.objects.exists()

    def test_of_day_and_night_no_day_differs(self, desk: Client, calendar: Calendar) -> None:
        Calendar.objects.update(always_open=True)
        html = desk.get(year_of(calendar), {"day": "2026-07-01"}).content.decode()
        assert "Open day and night: no day can differ." in html
        assert "cal-form" not in html
        assert desk.post(day_of(calendar, "2026-07-01"), OUTING).status_code == 404


class TestWhoMay:
    @pytest.mark.parametrize("who", ["lead", "officer"])
    def test_those_who_look_see_no_form(
        self, who: str, log_in: LogIn, calendar: Calendar, request: pytest.FixtureRequest
    ) -> None:
        client = log_in(request.getfixturevalue(who))
        html = client.get(year_of(calendar), {"day": "2026-10-01"}).content.decode()
        assert "Closed: National Day" in html
        assert "cal-form" not in html
        assert "Import a calendar file" not in html
        assert client.post(day_of(calendar, "2026-10-01"), OUTING).status_code == 403
        assert client.post(day_of(calendar, "2026-10-01", "remove/")).status_code == 403
        assert not CalendarException.objects.exists()

    def test_agents_and_customers_do_not_enter(
        self, log_in: LogIn, calendar: Calendar, agent: User, member: Customer
    ) -> None:
        assert member.user is not None
        for user in (agent, member.user):
            assert log_in(user).get(year_of(calendar)).status_code == 403
        assert Client().get(year_of(calendar)).status_code == 302
