"""Numbers as people read them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tickets.rules.analytics import Bin, change, clock_parts

NOTHING = "–"


def number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def percent(value: float | None) -> str:
    """Whole per cent; one decimal below ten, where it tells something."""
    if value is None:
        return NOTHING
    hundredths = 100 * value
    return (
        f"{hundredths:.1f}%" if 0 < hundredths < 9.95 and round(hundredths, 1) % 1 else f"{hundredths:.0f}%"
    )


def signed(value: float | None) -> str:
    """A change: +38%, −4%, ±0%."""
    if value is None:
        return NOTHING
    whole = round(100 * value)
    if whole == 0:
        return "±0%"
    return f"{'+' if whole > 0 else '−'}{abs(whole):,}%"


def points(now: float | None, before: float | None) -> str:
    """A share's change, in percentage points."""
    if now is None or before is None:
        return NOTHING
    step = round(100 * now) - round(100 * before)
    sign = "+" if step > 0 else "−" if step < 0 else "±"
    return _("%(step)s points") % {"step": f"{sign}{abs(step)}"}


def duration(seconds: int | None, *, days: bool = False) -> str:
    if seconds is None:
        return NOTHING
    if seconds < 30:
        return _("under a minute")
    whole_days, hours, minutes = clock_parts(seconds, days=days)
    if whole_days:
        text = _("%(days)s d %(hours)s h") if hours else _("%(days)s d")
    elif hours:
        text = _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")
    else:
        text = _("%(minutes)s min")
    return text % {"days": whole_days, "hours": hours, "minutes": minutes}


def day(value: date) -> str:
    # Translators: a day without its year, in Django's date format letters
    return date_format(value, pgettext("date format", "j M"))


def full_day(value: date) -> str:
    # Translators: a day with its year, in Django's date format letters
    return date_format(value, pgettext("date format", "j M Y"))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A day and a time of day."""
    local = at.astimezone(zone)
    return f"{day(local.date())} {local:%H:%M}"


def days(column: Bin) -> str:
    return day(column.first) if column.first == column.last else f"{day(column.first)} – {day(column.last)}"


def compared(now: float | None, before: float | None) -> str:
    """More or fewer than in the period before, in words."""
    grown = change(now, before)
    if grown is None:
        return _("none in the period before") if now else _("none in the period before either")
    whole = round(100 * grown)
    if whole == 0:
        return _("about as many as in the period before")
    text = (
        _("%(part)s%% more than in the period before")
        if whole > 0
        else _("%(part)s%% fewer than in the period before")
    )
    return text % {"part": f"{abs(whole):,}"}
