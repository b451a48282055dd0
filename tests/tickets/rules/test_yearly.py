"""Yearly repetitions against dateutil, which knows all of RRULE and no patience."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from icalendar import vRecur

from tickets.rules.yearly import Patience, Yearly

YEARS = range(2024, 2031)


def read(text: str, start: date) -> Yearly:
    return Yearly.read(vRecur.from_ical(text), start)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=2",
        "FREQ=YEARLY;INTERVAL=3;COUNT=9",
        "FREQ=YEARLY;COUNT=8",
        "FREQ=YEARLY;UNTIL=20270601",
        "FREQ=YEARLY;UNTIL=20270601T000000Z",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
        "FREQ=YEARLY;BYMONTH=5,8;BYDAY=-1MO,1TU;COUNT=20",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYDAY=-1SU",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        "FREQ=YEARLY;BYMONTH=1,2,3;BYMONTHDAY=30,31",
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=6;BYDAY=SA,SU;WKST=MO",
        "FREQ=YEARLY;BYMONTH=10;COUNT=3",
    ],
)
@pytest.mark.parametrize("start", [date(2019, 5, 6), date(2024, 2, 29), date(2026, 12, 31)])
def test_it_agrees_with_dateutil(rule: str, start: date) -> None:
    plain = rule.replace("T000000Z", "")
    expected = [
        moment.date()
        for moment in rrulestr(plain, dtstart=datetime(start.year, start.month, start.day)).between(
            datetime(2023, 12, 31), datetime(2031, 1, 1)
        )
        if moment.year in YEARS
    ]
    assert read(rule, start).within(YEARS, Patience()) == expected


@pytest.mark.parametrize(
    "rule",
    [
        {"FREQ": ["SECONDLY"]},
        {"FREQ": ["DAILY"], "COUNT": [3]},
        {"FREQ": ["YEARLY"], "BYHOUR": [1]},
        {"FREQ": ["YEARLY"], "BYSETPOS": [1]},
        {"FREQ": ["YEARLY"], "BYMONTH": [13]},
        {"FREQ": ["YEARLY"], "BYMONTHDAY": [0]},
        {"FREQ": ["YEARLY"], "BYMONTHDAY": list(range(1, 32)) * 9},
        {"FREQ": ["YEARLY"], "BYDAY": ["XX"]},
        {},
    ],
)
def test_what_is_not_understood_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Yearly.read(rule, date(2026, 1, 1))


def test_patience_comes_to_an_end() -> None:
    """A rule that gives many days, or is counted from the year 1 on, or never gives any."""
    for text in ("BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=99999999", "COUNT=99999", "BYMONTH=2;BYMONTHDAY=31"):
        rule = read(f"FREQ=YEARLY;{text}", date(1, 1, 1))
        with pytest.raises(ValueError, match="too many"):
            rule.within(YEARS, Patience(days=5))
