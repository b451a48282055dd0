"""Calendar files of others: what they say, what is guessed, and what would harm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation

from helpdesk.lib.errors import Invalid
from tests.quick import quick
from tickets.rules.calendar_file import MAX_BYTES, MAX_EVENTS
from tickets.rules.calendar_import import ImportedDay, Kind, kind_of, read

YEARS = range(2026, 2030)
CLOSED, WORKED = Kind.CLOSED, Kind.WORKED


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def event(*lines: str, name: str = "Holiday", start: str = "20260501", end: str = "") -> str:
    last = (f"DTEND;VALUE=DATE:{end}",) if end else ()
    return "\r\n".join(
        ("BEGIN:VEVENT", f"SUMMARY:{name}", f"DTSTART;VALUE=DATE:{start}", *last, *lines, "END:VEVENT", "")
    )


def file(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def days(*events: str) -> list[ImportedDay]:
    return read(file(*events), years=YEARS).days


def dates(*events: str) -> list[str]:
    return [f"{day.date:%Y-%m-%d}" for day in days(*events)]


def told(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(data, years=YEARS)
    assert set(refused.value.fields) == {"file"}
    return str(refused.value.fields["file"])


def test_it_works() -> None:
    """As Apple's calendar of Chinese holidays writes it."""
    found = days(
        event("X-APPLE-SPECIAL-DAY:WORK-HOLIDAY", name="国庆节", start="20261001", end="20261004"),
        event("X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY", name="国庆节", start="20261010"),
    )
    assert found == [
        *(ImportedDay(date(2026, 10, day), "国庆节", CLOSED, guessed=False) for day in (1, 2, 3)),
        ImportedDay(date(2026, 10, 10), "国庆节", WORKED, guessed=False),
    ]


@pytest.mark.parametrize(
    ("title", "day", "expected"),
    [
        ("国庆节（休）", date(2026, 10, 1), (CLOSED, False)),
        ("国庆节（班）", date(2026, 10, 10), (WORKED, False)),
        ("春节补班", date(2026, 2, 14), (WORKED, False)),
        ("春节 调休上班", date(2026, 2, 14), (WORKED, False)),
        ("全公司放假", date(2026, 7, 1), (CLOSED, False)),
        ("今天不上班", date(2026, 7, 1), (CLOSED, False)),
        ("补休一天", date(2026, 7, 1), (CLOSED, False)),
        ("调休", date(2026, 10, 10), (WORKED, True)),  # a Saturday
        ("调休", date(2026, 10, 7), (CLOSED, True)),  # a Wednesday
        ("Make-up working day", date(2026, 10, 10), (WORKED, False)),
        ("Spring bank holiday", date(2026, 5, 25), (CLOSED, False)),
        ("Office closed", date(2026, 5, 25), (CLOSED, False)),
        ("Christmas", date(2026, 12, 25), (CLOSED, True)),
        ("Working day, no holiday", date(2026, 10, 10), (WORKED, True)),
        ("", date(2026, 10, 10), (CLOSED, True)),
    ],
)
def test_what_a_title_says(title: str, day: date, expected: tuple[Kind, bool]) -> None:
    assert kind_of(title, "", day) == expected


def test_several_days_and_what_ends_them() -> None:
    assert dates(event(start="20260501", end="20260504")) == ["2026-05-01", "2026-05-02", "2026-05-03"]
    assert dates(event("DURATION:P2D")) == ["2026-05-01", "2026-05-02"]
    assert dates(event()) == dates(event(end="20260501")) == ["2026-05-01"]
    assert dates(event("DURATION:-P5D")) == ["2026-05-01"]


def test_a_holiday_over_new_year_keeps_its_days_in_the_year_asked_for() -> None:
    assert dates(event(start="20251230", end="20260103")) == ["2026-01-01", "2026-01-02"]
    assert "2026-01-02" in dates(event("RRULE:FREQ=YEARLY", start="20001230", end="20010103"))


def test_every_year_within_the_years_asked_for() -> None:
    assert dates(event("RRULE:FREQ=YEARLY", start="19701225")) == [f"{year}-12-25" for year in YEARS]
    assert dates(event("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", start="20201126"))[:2] == [
        "2026-11-26",
        "2027-11-25",
    ]


def test_what_was_taken_out_of_a_repetition_and_what_was_moved() -> None:
    rule = event("UID:a", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270501", "RDATE;VALUE=DATE:20270503")
    moved = event("UID:a", "RECURRENCE-ID;VALUE=DATE:20280501", start="20280502")
    assert dates(rule, moved) == ["2026-05-01", "2027-05-03", "2028-05-02", "2029-05-01"]


def test_midnight_to_midnight_is_a_whole_day_and_an_appointment_is_not() -> None:
    def timed(start: str, end: str) -> str:
        return f"BEGIN:VEVENT\r\nSUMMARY:x\r\nDTSTART{start}\r\nDTEND{end}\r\nEND:VEVENT\r\n"

    whole = timed(";TZID=Asia/Shanghai:20260501T000000", ";TZID=Asia/Shanghai:20260503T000000")
    meeting = timed(":20260601T090000Z", ":20260601T100000Z")
    found = read(file(whole, meeting), years=YEARS)
    assert [day.date.day for day in found.days] == [1, 2]
    assert found.timed == 1


def test_what_is_left_out_is_counted() -> None:
    found = read(
        file(
            event(),
            event(start="20010101"),
            event(start="20269999"),
            event("STATUS:CANCELLED", start="20260601"),
        ),
        years=YEARS,
    )
    assert ([day.date for day in found.days], found.outside, found.unreadable) == ([date(2026, 5, 1)], 2, 1)


def test_a_day_comes_once_and_who_is_sure_is_believed() -> None:
    sure = event("X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY", name="Sure")
    assert days(event(name="Perhaps"), sure, event(name="Perhaps")) == [
        ImportedDay(date(2026, 5, 1), "Sure", WORKED, guessed=False)
    ]
    assert days(sure, event(name="休"))[0].guessed


def test_names_are_one_clean_line() -> None:
    found = days(event(name="May\\n\\, first\x07 \u202e day" + "y" * 300))
    assert found[0].name.startswith("May , first")
    assert len(found[0].name) == 100
    assert "\u202e" not in found[0].name


def test_folded_lines_time_zones_and_alarms() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
    zone += "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    alarm = "BEGIN:VALARM\r\nDTSTART:19700101T000000\r\nSUMMARY:Not this\r\nEND:VALARM"
    assert [day.name for day in days(zone, event(alarm, name="La\r\n bour Day"))] == ["Labour Day"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not an iCalendar file"),
        (b"%PDF-1.7 ...", "not an iCalendar file"),
        (b"<html>BEGIN:VCALENDAR", "not an iCalendar file"),
        (b"\xff\xfe\x00B", "UTF-8"),
        (b"BEGIN:VCALENDAR" + b"\0" * 900_000, "no whole days"),
        (file(), "no whole days in the years 2026 to 2029"),
        (file(event(start="20010101")), "no whole days"),
        (b"BEGIN:VCALENDAR" + b"x" * MAX_BYTES, "larger than 1 MB"),
        (file(event(name="x" * 5_000)), "longer than 4000 characters"),
        (file(*[event()] * (MAX_EVENTS + 1)), "more than 2000 events"),
        (file(event(end="99991231")), "lasts longer than 62 days"),
        (file(event("DURATION:P999999999D", start="99991231")), "lasts longer"),
        (file(*[event(start=f"2026{m:02d}01", end=f"2026{m:02d}28") for m in range(1, 13)],
              *[event(start=f"2027{m:02d}01", end=f"2027{m:02d}28") for m in range(1, 13)]), "more than 400 days"),
        (file(event("RRULE:FREQ=SECONDLY", name="Bomb")), "“Bomb” repeats"),
        (file(event("RRULE:FREQ=YEARLY;BYHOUR=1,2;BYMINUTE=1,2;BYSECOND=1,2")), "repeats"),
        (file(event("RRULE:FREQ=NEVER")), "repeats"),
        (file(event("RRULE:FREQ=YEARLY;UNTIL=soon")), "repeats"),
        (file(event("RRULE:FREQ=YEARLY;INTERVAL=x")), "repeats"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_said(data: bytes, words: str) -> None:
    assert words in told(data)


EVERY_DAY = ",".join(f"{date(2026, 1, 1) + timedelta(days=day):%Y%m%d}" for day in range(365))


@pytest.mark.parametrize(
    "data",
    [
        file(
            *[event("RRULE:FREQ=YEARLY;COUNT=99999999;BYDAY=MO,TU,WE,TH,FR,SA,SU", start="16010101")] * 1_999
        ),
        file(*[event("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", start="00010101")] * 1_999),
        file(*[event("RRULE:FREQ=YEARLY;COUNT=99999", start="00010101")] * 1_999),
        file(*[event(f"RDATE;VALUE=DATE:{EVERY_DAY}", end="20260630")] * 250),
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 60_000,
        b"BEGIN:VCALENDAR\r\n" * 55_000,
        file(event("BEGIN:VALARM\r\n" * 50_000)),
    ],
    ids=[
        "days of 400 years",
        "a day that never comes",
        "since the year 1",
        "dates",
        "open",
        "deep",
        "nested",
    ],
)
def test_a_bomb_is_put_out_quickly(data: bytes) -> None:
    assert len(data) < MAX_BYTES
    with quick():  # one second at most on an idle machine
        told(data)
