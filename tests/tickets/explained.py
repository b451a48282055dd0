"""Calendars and clocks whose due times are explained, told the same way in every test."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tickets.choices import ClockReason, TimerState
from tickets.queries.explanation_summary import summary
from tickets.queries.explanation_words import sentences
from tickets.rules.business_time import Spans, WorkingCalendar
from tickets.rules.explanation import Act, Explanation, Mark, explain

HOUR = 3600
ALL_DAY: Spans = ((0, 24 * HOUR),)
WITH_LUNCH: Spans = ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR))
WITHOUT_LUNCH: Spans = ((9 * HOUR, 18 * HOUR),)
NIGHT_SHIFT: Spans = ((22 * HOUR, 30 * HOUR),)

NATIONAL_DAY = ("国庆节", "National Day")
MID_AUTUMN = ("中秋节", "Mid-Autumn Festival")
MAKE_UP = ("补班", "Make-up working day")


def _autumn_of_2026(hours: Spans) -> WorkingCalendar:
    """China's: a week off for the National Day, paid for with a Sunday before and a Saturday after."""
    names = {date(2026, 10, day): NATIONAL_DAY for day in range(1, 8)}
    names |= {date(2026, 9, day): MID_AUTUMN for day in range(25, 28)}
    closed: dict[date, Spans] = dict.fromkeys(names, ())
    worked = {date(2026, 9, 20): hours, date(2026, 10, 10): hours}
    names |= dict.fromkeys(worked, MAKE_UP)
    return WorkingCalendar("Asia/Shanghai", dict.fromkeys(range(5), hours), closed | worked, names=names)


def _berlin(hours: Spans, days: int) -> WorkingCalendar:
    return WorkingCalendar("Europe/Berlin", dict.fromkeys(range(days), hours))


def _christmas() -> WorkingCalendar:
    eve, day, stock = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 29)
    return WorkingCalendar(
        "Europe/Berlin",
        dict.fromkeys(range(5), WITHOUT_LUNCH),
        {eve: ((9 * HOUR, 12 * HOUR),), day: (), stock: (), date(2026, 12, 30): ()},
        frozenset({(1, 1)}),
        {eve: ("平安夜", "Christmas Eve"), day: ("圣诞节", "Christmas Day"), stock: ("盘点", "Stocktaking")},
    )


CALENDARS: Mapping[Hashable, WorkingCalendar] = {
    "lunch": _autumn_of_2026(WITH_LUNCH),
    "office": _autumn_of_2026(WITHOUT_LUNCH),
    "night shift": _berlin(NIGHT_SHIFT, 7),
    "round the clock": _berlin(ALL_DAY, 7),
    "working week": _berlin(ALL_DAY, 5),
    "christmas": _christmas(),
    "night desk": WorkingCalendar("Asia/Shanghai", dict.fromkeys(range(7), ALL_DAY)),
    "never": WorkingCalendar("Asia/Shanghai", {}),
}


@dataclass(frozen=True)
class Story:
    """A clock: the rows of its book, and when somebody asks. Times are those of its first calendar."""

    marks: Sequence[Mark]
    now: str
    state: TimerState = TimerState.RUNNING

    @property
    def zone(self) -> ZoneInfo:
        key = self.marks[0].calendar
        return ZoneInfo("Asia/Shanghai") if key is None else CALENDARS[key].zone

    def explained(self, due: datetime | None = None) -> Explanation:
        now = datetime.fromisoformat(self.now).replace(tzinfo=self.zone)
        return explain(self.marks, CALENDARS, now=now, state=self.state, due=due)

    def told(self) -> list[str]:
        """The summary, then each sentence, in the active language."""
        explanation = self.explained()
        return [
            summary(explanation, self.zone),
            *(sentence.text for sentence in sentences(explanation, self.zone)),
        ]


def mark(
    at: str,
    act: str,
    why: str,
    who: str = "",
    *,
    used: float | None = None,
    hours: float | None = None,
    calendar: Hashable | None = "lunch",
) -> Mark:
    """``used`` and ``hours`` (the target) are in hours."""
    zone = ZoneInfo("Asia/Shanghai") if calendar is None else CALENDARS[calendar].zone
    return Mark(
        at=datetime.fromisoformat(at).replace(tzinfo=zone),
        act=Act(act),
        why=ClockReason(why),
        who=who,
        used_seconds=None if used is None else round(used * HOUR),
        target_seconds=None if hours is None else round(hours * HOUR),
        calendar=calendar,
    )


def opened(at: str, hours: float, calendar: Hashable | None = "lunch") -> Mark:
    return mark(at, "started", "opened", "Zhao Min", used=0, hours=hours, calendar=calendar)


def running(at: str, hours: float, *, now: str, calendar: Hashable | None = "lunch") -> Story:
    """Opened, and nothing since."""
    return Story([opened(at, hours, calendar)], now)
