"""Public holidays by country: the days closed, and the weekend days that are worked to make up for them (调休).

From the package ``holidays``, with one thing put right. In China the days off between two make-up days are one
holiday, weekends included, and are published so; the package leaves the weekend days out, because offices are closed
on them anyway. A desk that is open at weekends is not: it closes on them like everybody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

import holidays
from babel import Locale

#: Of a day, in Chinese and in English.
Names = tuple[str, str]

#: Where weekends within a holiday, or touching it, belong to it.
WHOLE_HOLIDAYS = frozenset({"CN"})
#: Weekend days beside a holiday of one day that were published as an ordinary weekend.
PLAIN_WEEKENDS = frozenset({date(2024, 6, 8), date(2024, 6, 9)})
#: Where a government moves working days by decree, in most years anew. Elsewhere either nobody makes up for holidays,
#: or nobody does any longer.
DECREED = frozenset({"AZ", "BY", "CN", "HU", "KG", "KZ", "LV", "MM", "RU", "UZ", "VN"})

_CHINESE = ("zh_CN", "zh_HK", "zh_MO", "zh_TW")
_ENGLISH = ("en_US", "en_GB", "en_HK", "en_MO", "en_SG")
_MAKE_UP: Names = ("补班", "Make-up working day")
_DAY = timedelta(days=1)
#: A holiday's name is one, whether it is observed on another day or not.
_ORNAMENT = re.compile(r"\s*[（(](补假|推定|补假，推定|observed|estimated|observed, estimated)[）)]$")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class PublicHolidays:
    """Days that differ from the week, with what they are called."""

    closed: Mapping[date, Names]
    worked: Mapping[date, Names]


def countries() -> list[tuple[str, Names]]:
    """Codes and names of all countries that are known, for a list to choose from."""
    chinese, english = (Locale.parse(tag).territories for tag in ("zh_Hans", "en"))
    return [(code, (str(chinese.get(code, code)), str(english.get(code, code)))) for code in sorted(_known())]


def regions(country: str) -> tuple[str, ...]:
    """Codes of the parts of a country that have holidays of their own. ValueError for an unknown country."""
    if country not in _known():
        raise ValueError(f"No public holidays are known of the country {country!r}.")
    return _known()[country]


def check(country: str, region: str = "") -> None:
    """ValueError, saying what is known, for a country or region that is not."""
    known = regions(country)
    if region and region not in known:
        listed = f"known are {', '.join(known)}" if known else "none are known"
        raise ValueError(f"No region {region!r} in {country}: {listed}.")


def is_published(country: str, year: int) -> bool:
    """Whether all is known that will differ in that year.

    Statutory holidays can be reckoned for any year. Where a government moves working days, it says so only in the
    autumn before, and the package learns of it with its next release: until then the answer is no.
    """
    check(country)
    return country not in DECREED or year <= _last_decree(country)


@lru_cache(maxsize=64)
def public_holidays(country: str, region: str, years: range) -> PublicHolidays:
    """What differs in those years. ValueError for a country or region that is not known."""
    check(country, region)
    # A holiday may reach over New Year, and a day of the old year make up for one of the new.
    around = range(years.start - 1, years.stop + 1)
    source = _source(country, region, around, _CHINESE), _source(country, region, around, _ENGLISH)
    make_up = {day for day in source[0].weekend_workdays if day.year in around}
    closed = {day: _names(source, day) for day in source[0] if day not in make_up}
    worked = dict.fromkeys(make_up, _MAKE_UP)
    if country in WHOLE_HOLIDAYS:
        swapped = {given: day for day in closed if (given := _given_for(source[0], day))}
        closed = _filled(closed, set(swapped.values()), make_up)
        worked |= {given: _worked_for(closed[day]) for given, day in swapped.items() if given in make_up}
    return PublicHolidays(_within(closed, years), _within(worked, years))


def _within(days: Mapping[date, Names], years: range) -> dict[date, Names]:
    return {day: days[day] for day in sorted(days) if day.year in years}


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    return {
        code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items()
    }


def _source(country: str, region: str, years: Iterable[int], languages: tuple[str, ...]) -> Any:
    """The package's own days, in the first of the languages that it speaks for the country."""
    spoken = set(_languages(country))
    language = next((code for code in (*languages, *_ENGLISH) if code in spoken), None)
    return holidays.country_holidays(
        country, subdiv=region or None, years=years, language=language, expand=False
    )


@cache
def _languages(country: str) -> tuple[str, ...]:
    return tuple(holidays.country_holidays(country).supported_languages)


@cache
def _last_decree(country: str) -> int:
    """The last year for which the package knows of moved days: those of more than (month, day, name)."""
    special: Mapping[int, Any] = holidays.country_holidays(country).special_public_holidays
    moved = {
        year
        for year, days in special.items()
        for day in (days if isinstance(days[0], tuple) else (days,))
        if len(day) > 3
    }
    return int(max(moved))


def _names(source: tuple[Any, Any], day: date) -> Names:
    """Without "observed" and the like; two festivals on one day are both named."""
    chinese, english = ([_ORNAMENT.sub("", name) for name in str(days[day]).split("; ")] for days in source)
    return "、".join(chinese), ", ".join(english)


def _given_for(chinese: Any, day: date) -> date | None:
    """The make-up day that a day off was exchanged for; the Chinese names of the package tell."""
    found = _ISO_DATE.search(str(chinese[day]))
    return date.fromisoformat(found[0]) if found else None


def _filled(closed: Mapping[date, Names], swapped: set[date], make_up: set[date]) -> dict[date, Names]:
    """With the weekend days that touch a holiday; they and exchanged days are called as the holiday beside them."""
    days, kept = dict(closed), make_up | PLAIN_WEEKENDS
    reached = list(closed)
    while reached:
        day = reached.pop()
        for beside in (day - _DAY, day + _DAY):
            if beside.weekday() >= 5 and beside not in days and beside not in kept:
                days[beside] = days[day]
                reached.append(beside)
    festivals = {day: names for day, names in closed.items() if day not in swapped}
    return {day: festivals.get(day) or _nearest(day, days, festivals) or days[day] for day in days}


def _nearest(day: date, days: Mapping[date, Names], festivals: Mapping[date, Names]) -> Names | None:
    """Of the festival in the same run of closed days; of two equally near, the later one."""
    ahead = back = day
    while ahead in days or back in days:
        for reached in (ahead, back):
            if reached in festivals:
                return festivals[reached]
        ahead = ahead + _DAY if ahead in days else ahead
        back = back - _DAY if back in days else back
    return None


def _worked_for(festival: Names) -> Names:
    return f"{festival[0]}{_MAKE_UP[0]}", f"{_MAKE_UP[1]} for {festival[1]}"
