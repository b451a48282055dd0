"""The events of an iCalendar file that a stranger may have made.

The library reads one event at a time, and of an event only the lines that say which days it is and what it is called.
Time zones, alarms, attachments and whatever is nested never reach it: the days of whole-day events need none of them,
and rules inside them could keep a computer busy for years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from icalendar import Event

from helpdesk.lib.errors import Invalid

MAX_BYTES = 1_000_000
MAX_EVENTS = 2_000
MAX_LINE = 4_000
WANTED = frozenset(
    {"DTSTART", "DTEND", "DURATION", "SUMMARY", "STATUS", "UID", "RRULE", "RDATE", "EXDATE"}
    | {"RECURRENCE-ID", "X-APPLE-SPECIAL-DAY"}
)
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z-]+(?=[;:])")


def refuse(text: str) -> Invalid:
    return Invalid({"file": text})


def events(data: bytes) -> list[Event | None]:
    """Every event; None for one that makes no sense. Invalid for what is no calendar file, or too large a one."""
    if len(data) > MAX_BYTES:
        raise refuse(_("The file is larger than 1 MB. Export only the calendar of holidays."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(
            _("The file is not written in UTF-8. Export it again as an iCalendar file (.ics).")
        ) from None
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise refuse(_("This is not an iCalendar file. Choose one that ends in .ics."))
    return [_event(lines) for lines in _blocks(_FOLD.sub("", text).splitlines())]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """The wanted lines of each event, without what is nested in it or stands around it."""
    within: list[str] = []
    block: list[str] = []
    count = 0
    for line in lines:
        word, _colon, what = line.strip().upper().partition(":")
        if word == "BEGIN":
            within.append(what)
            block = [] if within[-1] == "VEVENT" else block
        elif word == "END":
            if within and within.pop() == "VEVENT" and within == ["VCALENDAR"]:
                count += 1
                if count > MAX_EVENTS:
                    raise refuse(_("The file holds more than %(count)s events.") % {"count": MAX_EVENTS})
                yield block
        elif within == ["VCALENDAR", "VEVENT"] and _is_wanted(line):
            block.append(line)


def _is_wanted(line: str) -> bool:
    name = _NAME.match(line)
    if name is None or name[0].upper() not in WANTED:
        return False
    if len(line) > MAX_LINE:
        raise refuse(_("A line of the file is longer than %(count)s characters.") % {"count": MAX_LINE})
    return True


def _event(lines: list[str]) -> Event | None:
    try:
        found = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))
    except (ValueError, LookupError, TypeError, ArithmeticError):
        return None
    return found if isinstance(found, Event) else None
