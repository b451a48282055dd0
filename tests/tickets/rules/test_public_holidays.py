"""Public holidays and make-up working days, against what was published."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tickets.rules.public_holidays import (
    DECREED,
    check,
    countries,
    is_published,
    public_holidays,
    regions,
)

PUBLISHED = Path(__file__).resolve().parents[4] / "shared/data/cn_calendar/cn_holidays_2023_2026.json"
YEARS = range(2023, 2028)


def china() -> tuple[set[date], set[date]]:
    days = public_holidays("CN", "", YEARS)
    return set(days.closed), set(days.worked)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_published_day_of_china_holds_exactly(year: int) -> None:
    if not PUBLISHED.exists():
        pytest.skip("no sample data: cn_calendar")
    published = json.loads(PUBLISHED.read_text())[str(year)]
    closed, worked = china()
    for name, days in (("holidays", closed), ("makeup_workdays", worked)):
        expected = {date.fromisoformat(day) for day in published[name]}
        assert {day for day in days if day.year == year} == expected


def test_a_weekend_within_a_holiday_is_closed_and_a_make_up_day_is_not() -> None:
    """National Day of 2026: Thursday to Wednesday, the Saturday after is worked."""
    closed, worked = china()
    golden_week = {date(2026, 10, 1) + timedelta(days=after) for after in range(7)}
    assert golden_week <= closed
    assert {date(2026, 9, 20), date(2026, 10, 10)} <= worked
    assert closed.isdisjoint(worked)


def test_a_holiday_over_new_year_is_whole_whichever_years_are_asked_for() -> None:
    assert date(2023, 12, 30) in public_holidays("CN", "", range(2023, 2024)).closed
    assert date(2024, 1, 1) in public_holidays("CN", "", range(2024, 2025)).closed
    assert date(2023, 12, 30) not in public_holidays("CN", "", range(2024, 2025)).closed


def test_days_are_called_after_their_festival_in_both_languages() -> None:
    days = public_holidays("CN", "", YEARS)
    assert days.closed[date(2026, 4, 6)] == ("清明节", "Tomb-Sweeping Day")  # not "observed"
    assert days.closed[date(2026, 10, 4)] == ("国庆节", "National Day")  # a Sunday in between
    assert days.closed[date(2026, 10, 7)] == ("国庆节", "National Day")  # a day off that was exchanged
    assert days.worked[date(2026, 10, 10)] == ("国庆节补班", "Make-up working day for National Day")


def test_elsewhere_weekends_stay_what_they_are() -> None:
    days = public_holidays("DE", "BY", range(2026, 2027))
    assert date(2026, 4, 3) in days.closed
    assert date(2026, 4, 4) not in days.closed
    assert not days.worked


def test_a_region_has_holidays_of_its_own() -> None:
    scotland, england = (public_holidays("GB", region, range(2026, 2027)).closed for region in ("SCT", "ENG"))
    assert date(2026, 11, 30) in scotland
    assert date(2026, 11, 30) not in england
    assert scotland[date(2026, 11, 30)] == ("Saint Andrew's Day", "Saint Andrew's Day")


def test_make_up_days_of_other_countries() -> None:
    assert date(2026, 1, 10) in public_holidays("HU", "", range(2026, 2027)).worked
    assert public_holidays("TW", "", range(2025, 2026)).worked == {
        date(2025, 2, 8): ("补班", "Make-up working day")
    }


def test_what_is_not_published_yet_is_known_not_to_be() -> None:
    assert is_published("CN", 2026)
    assert not is_published("CN", 2040)
    assert not public_holidays("CN", "", range(2040, 2041)).worked
    assert is_published("GB", 2040)


@pytest.mark.parametrize("country", sorted(DECREED))
def test_where_days_are_moved_by_decree_the_past_is_published(country: str) -> None:
    assert is_published(country, 2024)
    assert not is_published(country, 2040)


@pytest.mark.parametrize("country", ["XX", "", "cn", "../etc"])
def test_an_unknown_country_is_refused(country: str) -> None:
    for ask in (
        lambda: check(country),
        lambda: public_holidays(country, "", YEARS),
        lambda: is_published(country, 2026),
        lambda: regions(country),
    ):
        with pytest.raises(ValueError, match="No public holidays are known"):
            ask()


def test_an_unknown_region_is_refused_and_those_known_are_named() -> None:
    with pytest.raises(ValueError, match="known are ENG, NIR, SCT, WLS"):
        check("GB", "BY")
    with pytest.raises(ValueError, match="none are known"):
        public_holidays("CN", "BJ", YEARS)


def test_the_list_to_choose_from_has_names_in_both_languages() -> None:
    listed = dict(countries())
    assert listed["CN"] == ("中国", "China")
    assert len(listed) > 200
    assert all(zh and en for zh, en in listed.values())
    assert set(regions("GB")) == {"ENG", "NIR", "SCT", "WLS"}


def test_every_country_can_be_asked() -> None:
    for code, _names in countries():
        days = public_holidays(code, "", range(2025, 2027))
        assert all(zh and en for zh, en in (*days.closed.values(), *days.worked.values())), code
