"""Which day a stretch of work belongs to, and why a gap is one: overnight shifts, days that differ amid others."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tickets.rules.business_time import WorkingCalendar
from tickets.rules.explanation.lines import Closed, Line, LineKind, Special
from tickets.rules.explanation.stretch import stretch

HOUR = 3600
ZONE = "Asia/Shanghai"
ALL_DAY = ((0, 24 * HOUR),)
SATURDAY, SUNDAY = date(2026, 3, 7), date(2026, 3, 8)
MADE_UP = ("补班", "Make-up working day")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZoneInfo(ZONE))


def lines(cal: WorkingCalendar, start: str, end: str) -> list[Line]:
    return list(stretch(cal, at(start), at(end)))


def test_a_shift_belongs_to_the_day_on_which_it_began() -> None:
    night = ((22 * HOUR, 30 * HOUR),)
    cal = WorkingCalendar(ZONE, dict.fromkeys(range(5), night), {SATURDAY: night}, names={SATURDAY: MADE_UP})
    (line,) = lines(cal, "08 01:00", "08 06:00")
    assert (line.days, line.special, line.names) == ((SATURDAY,), Special.MAKE_UP, (MADE_UP,))
    friday, gap, saturday = lines(cal, "07 01:00", "08 01:00")
    assert (friday.days, friday.special) == ((date(2026, 3, 6),), None)
    assert gap.closed == Closed.HOURS
    assert (saturday.days, saturday.special) == ((SATURDAY,), Special.MAKE_UP)


def test_a_break_lies_between_two_stretches_of_one_day() -> None:
    cal = WorkingCalendar(ZONE, dict.fromkeys(range(7), ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR))))
    gaps = [line for line in lines(cal, "02 08:00", "03 12:30") if line.kind == LineKind.CLOSED]
    assert [(gap.start, gap.closed) for gap in gaps] == [
        (at("02 08:00"), Closed.HOURS),
        (at("02 12:00"), Closed.BREAK),
        (at("02 18:00"), Closed.HOURS),
        (at("03 12:00"), Closed.BREAK),
    ]


def test_a_make_up_day_stands_alone_amid_days_that_touch_it() -> None:
    cal = WorkingCalendar(
        ZONE, dict.fromkeys(range(5), ALL_DAY), {SATURDAY: ALL_DAY}, names={SATURDAY: MADE_UP}
    )
    week, made_up, sunday = lines(cal, "05 12:00", "08 12:00")
    assert (week.start, week.end, week.special, week.names) == (at("05 12:00"), at("07 00:00"), None, ())
    assert week.days == (date(2026, 3, 5), date(2026, 3, 6))
    assert (made_up.end, made_up.special, made_up.days) == (at("08 00:00"), Special.MAKE_UP, (SATURDAY,))
    assert (sunday.closed, sunday.days) == (Closed.NO_WORKING_DAY, (SUNDAY,))


def test_a_make_up_day_on_a_holiday_of_every_year() -> None:
    cal = WorkingCalendar(
        ZONE, dict.fromkeys(range(7), ALL_DAY), {SATURDAY: ALL_DAY}, frozenset({(3, 7), (3, 8)})
    )
    made_up, holiday = lines(cal, "07 00:00", "09 00:00")
    assert (made_up.special, holiday.closed) == (Special.MAKE_UP, Closed.HOLIDAY)


def test_an_exception_with_the_usual_hours_is_no_exception() -> None:
    cal = WorkingCalendar(ZONE, dict.fromkeys(range(7), ALL_DAY), {SATURDAY: ALL_DAY})
    (line,) = lines(cal, "06 00:00", "09 00:00")
    assert (line.special, len(line.days)) == (None, 3)


def test_a_holiday_of_two_names_is_one_line() -> None:
    names = {SATURDAY: ("春节", "Spring Festival"), SUNDAY: ("元宵", "Lantern Festival")}
    cal = WorkingCalendar(ZONE, dict.fromkeys(range(7), ALL_DAY), dict.fromkeys(names, ()), names=names)
    _friday, holiday, _monday = lines(cal, "06 12:00", "09 12:00")
    assert (holiday.days, holiday.names) == ((SATURDAY, SUNDAY), tuple(names.values()))


def test_nothing_lasts_nothing() -> None:
    cal = WorkingCalendar(ZONE, {})
    assert lines(cal, "06 12:00", "06 12:00") == lines(cal, "06 12:00", "06 11:00") == []
