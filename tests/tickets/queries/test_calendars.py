"""Calendars as they are computed with: whose, with which days, and never stale."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from datetime import UTC, date

import pytest

from accounts.models import Brand, Team
from helpdesk.lib import clock
from tickets.models import Calendar, CalendarException, CalendarHours
from tickets.queries.calendars import NoCalendar, calendar_for, working_calendar
from tickets.rules.business_time import add_working_time, is_open

pytestmark = pytest.mark.django_db
HOUR = 3600
NOW = datetime.datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def china(brand: Brand) -> Calendar:
    """The brand's office hours, Fridays an hour shorter, with China's holidays."""
    calendar = brand.calendar
    calendar.hours.filter(weekday=4).update(closes=datetime.time(17))
    calendar.holiday_country = "CN"
    calendar.save()
    return calendar


def except_on(calendar: Calendar, day: date, reason: str, *hours: int) -> None:
    opens, closes = map(datetime.time, hours) if hours else (None, None)
    CalendarException.objects.create(calendar=calendar, date=day, reason=reason, opens=opens, closes=closes)


class TestWhose:
    def test_the_teams_else_the_brands_else_the_one_always_open(self, brand: Brand, team: Team) -> None:
        always = Calendar.objects.create(name="24x7", always_open=True)
        assert calendar_for(team_id=team.pk, brand_id=brand.pk) == brand.calendar
        own = Calendar.objects.create(name="Night team", team=team)
        assert calendar_for(team_id=team.pk, brand_id=brand.pk) == own
        assert calendar_for(team_id=None, brand_id=brand.pk) == brand.calendar
        brand.calendar.delete()
        assert calendar_for(team_id=None, brand_id=brand.pk) == always

    def test_another_teams_calendar_is_not_everybodys(
        self, brand: Brand, team: Team, other_team: Team
    ) -> None:
        """Even one that is always open."""
        Calendar.objects.create(name="Theirs", team=other_team, always_open=True)
        assert calendar_for(team_id=team.pk, brand_id=brand.pk) == brand.calendar
        brand.calendar.delete()
        with pytest.raises(NoCalendar):
            calendar_for(team_id=team.pk, brand_id=brand.pk)

    def test_a_calendar_without_brand_and_team_serves_nobody_unless_always_open(self, brand: Brand) -> None:
        brand.calendar.delete()
        Calendar.objects.create(name="For a policy")
        with pytest.raises(NoCalendar):
            calendar_for(team_id=None, brand_id=brand.pk)


@pytest.mark.usefixtures("frozen")
class TestDays:
    @pytest.fixture
    def frozen(self) -> Iterator[None]:
        with clock.frozen(NOW):
            yield

    def test_holidays_are_closed_and_make_up_days_worked(self, china: Calendar) -> None:
        hours = working_calendar(china)
        assert hours.exceptions[date(2026, 10, 1)] == ()
        # A Saturday as Friday, a Sunday as Monday.
        assert hours.exceptions[date(2026, 10, 10)] == ((9 * HOUR, 17 * HOUR),)
        assert hours.exceptions[date(2026, 9, 20)] == ((9 * HOUR, 18 * HOUR),)
        assert hours.names[date(2026, 10, 1)] == ("国庆节", "National Day")
        assert hours.names[date(2026, 10, 10)][0] == "国庆节补班"

    def test_where_the_neighbour_is_not_worked_the_first_worked_weekday_is_taken(
        self, china: Calendar
    ) -> None:
        china.hours.filter(weekday__in=(0, 4)).delete()
        china.hours.filter(weekday=1).update(opens=datetime.time(7))
        china.save()
        hours = working_calendar(china)
        assert hours.exceptions[date(2026, 10, 10)] == ((7 * HOUR, 18 * HOUR),)
        assert hours.exceptions[date(2026, 9, 20)] == ((7 * HOUR, 18 * HOUR),)

    def test_a_desk_open_at_weekends_is_closed_on_those_within_a_holiday(self, china: Calendar) -> None:
        for weekday in (5, 6):
            CalendarHours.objects.create(calendar=china, weekday=weekday)
        hours = working_calendar(Calendar.objects.get(pk=china.pk))
        sunday = datetime.datetime(2026, 10, 4, 4, tzinfo=UTC)
        assert not is_open(hours, sunday)
        assert is_open(hours, sunday + datetime.timedelta(days=14))

    def test_own_exceptions_go_before_public_holidays(self, china: Calendar) -> None:
        except_on(china, date(2026, 10, 1), "人手不够", 10, 12)
        except_on(china, date(2026, 10, 1), "人手不够", 13, 15)
        except_on(china, date(2026, 10, 10), "Moving house")
        hours = working_calendar(china)
        assert hours.exceptions[date(2026, 10, 1)] == ((10 * HOUR, 12 * HOUR), (13 * HOUR, 15 * HOUR))
        assert hours.exceptions[date(2026, 10, 10)] == ()
        assert hours.names[date(2026, 10, 1)] == ("人手不够", "人手不够")
        assert hours.names[date(2026, 10, 2)] == ("国庆节", "National Day")

    def test_without_a_country_there_are_only_own_exceptions(self, brand: Brand) -> None:
        except_on(brand.calendar, date(2026, 5, 4), "Outing")
        assert set(working_calendar(brand.calendar).exceptions) == {date(2026, 5, 4)}

    def test_day_and_night_is_day_and_night(self, china: Calendar) -> None:
        china.always_open = True
        china.save()
        assert is_open(working_calendar(china), datetime.datetime(2026, 10, 1, 19, tzinfo=UTC))

    def test_a_country_that_is_not_known_any_more_does_not_stop_the_desk(self, china: Calendar) -> None:
        Calendar.objects.filter(pk=china.pk).update(holiday_country="XX")
        assert not working_calendar(china).exceptions

    def test_a_deadline_over_the_golden_week(self, china: Calendar) -> None:
        """Wednesday 17:00 and two hours: Thursday after the holiday, 10:00 in Shanghai."""
        start = datetime.datetime(2026, 9, 30, 9, tzinfo=UTC)
        end = add_working_time(working_calendar(china), start, 2 * HOUR)
        assert end == datetime.datetime(2026, 10, 8, 2, tzinfo=UTC)


def test_what_is_kept_does_not_outlive_the_year(china: Calendar) -> None:
    """A process that runs over New Year learns of one year more."""
    with clock.frozen(NOW):
        before = working_calendar(china)
        assert working_calendar(china) is before
    with clock.frozen(NOW.replace(year=2027)):
        after = working_calendar(china)
    assert {day.year for day in before.exceptions} == set(range(2020, 2030))
    assert {day.year for day in after.exceptions} == set(range(2021, 2031))


def test_a_change_is_seen_at_once(china: Calendar) -> None:
    before = working_calendar(china)
    except_on(china, date(2026, 6, 1), "Outing")
    china.refresh_from_db()
    assert date(2026, 6, 1) in working_calendar(china).exceptions
    assert date(2026, 6, 1) not in before.exceptions
