"""Lengths of time as people type them: "30m", "4h", "2h 30m", "15d", "8w", "2小时30分钟"; a bare number is minutes.

A day is 24 hours here and a week seven of those, whatever they are counted in.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

#: Minutes in each unit, the longest first, with the words that people use for it.
_UNITS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("w", 7 * 24 * 60, ("w", "week", "weeks", "周", "星期")),
    ("d", 24 * 60, ("d", "day", "days", "天", "日")),
    ("h", 60, ("h", "hr", "hrs", "hour", "hours", "小时", "时")),
    ("m", 1, ("m", "min", "mins", "minute", "minutes", "分钟", "分")),
)
_UNIT_OF = {word: unit for unit, _minutes, words in _UNITS for word in words}
_MINUTES = {unit: minutes for unit, minutes, _words in _UNITS}
_PART = re.compile(r"(\d{1,9})\s*([^\W\d_]+)\s*")


def minutes_of(text: str) -> int:
    """ValueError for what is no length of time."""
    text = unicodedata.normalize("NFKC", text).strip().lower()
    if text.isdecimal() and len(text) < 10:
        return int(text)
    found: dict[str, int] = {}
    place = 0
    while place < len(text):
        part = _PART.match(text, place)
        unit = _UNIT_OF.get(part[2]) if part else None
        if part is None or unit is None or unit in found:
            raise ValueError(text)
        found[unit] = int(part[1])
        place = part.end()
    if not found:
        raise ValueError(text)
    return sum(count * _MINUTES[unit] for unit, count in found.items())


def span_of(minutes: int) -> str:
    """In the reader's language, and such that ``minutes_of`` reads it back. Weeks only where nothing is left over."""
    weeks, rest = divmod(minutes, _MINUTES["w"])
    if weeks and not rest:
        return _("%(count)sw") % {"count": weeks}
    days, rest = divmod(minutes, _MINUTES["d"])
    hours, left = divmod(rest, _MINUTES["h"])
    parts = []
    if days:
        parts.append(_("%(count)sd") % {"count": days})
    if hours:
        parts.append(_("%(count)sh") % {"count": hours})
    if left or not parts:
        parts.append(_("%(count)sm") % {"count": left})
    return " ".join(parts)
