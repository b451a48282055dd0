"""Days and times as people write them: "Fri 2 Oct 17:40", "10月2日 周五 17:40"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext, pgettext_lazy, to_locale
from django.utils.translation import gettext as _

_SECOND = timedelta(seconds=1)
_WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


@dataclass(frozen=True)
class Moments:
    """In one zone. The year is written where it is not ``year``."""

    zone: ZoneInfo
    year: int

    def at(self, moment: datetime) -> str:
        return self.on_the_wall(moment.astimezone(self.zone))

    def at_with_zone(self, moment: datetime) -> str:
        # Translators: the zone is a place, as in "Shanghai time"
        return _("%(at)s (%(zone)s time)") % {"at": self.at(moment), "zone": self.zone_name()}

    def between(self, start: datetime, end: datetime) -> str:
        """The day once, where both lie on it. An end at which clocks are changed is told by the old time."""
        low, high = start.astimezone(self.zone), self._until(end)
        last = clock_time(high) if low.date() == high.date() else self.on_the_wall(high)
        return f"{self.on_the_wall(low)} – {last}"

    def on_the_wall(self, local: datetime) -> str:
        """Of a moment that is in the zone already."""
        return f"{self.day(local.date())} {clock_time(local)}"

    def _until(self, end: datetime) -> datetime:
        before = (end - _SECOND).astimezone(self.zone)
        return (before + _SECOND).replace(fold=before.fold)

    def day(self, day: date) -> str:
        in_year = (
            pgettext("date format", "j M") if day.year == self.year else pgettext("date format", "j M Y")
        )
        return _with_weekday(day, date_format(day, in_year))

    def days(self, first: date, last: date) -> str:
        """The month once, where both lie in it."""
        if first == last:
            return self.day(first)
        if (first.year, first.month) != (last.year, last.month) or first.year != self.year:
            return f"{self.day(first)} – {self.day(last)}"
        low = date_format(first, pgettext("date format of the first of two days in a month", "j"))
        high = date_format(last, pgettext("date format of the second of two days in a month", "j M"))
        return f"{_with_weekday(first, low)} – {_with_weekday(last, high)}"

    def runs_over_midnight(self, start: datetime, end: datetime) -> bool:
        return start.astimezone(self.zone).date() != (self._until(end) - _SECOND).date()

    def zone_name(self) -> str:
        """The place whose time it is, in the reader's language."""
        locale = to_locale(get_language() or "en")
        return str(get_timezone_location(self.zone.key, locale=locale, return_city=True))


def weekday(day: date) -> str:
    return str(_WEEKDAYS[day.weekday()])


def clock_time(local: datetime) -> str:
    """With seconds where there are any; with the zone's letters in an hour that comes twice."""
    time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{time} {local.tzname()}" if _comes_twice(local) else time


def _comes_twice(local: datetime) -> bool:
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def _with_weekday(day: date, text: str) -> str:
    return pgettext("a day", "%(weekday)s %(day)s") % {"weekday": weekday(day), "day": text}
