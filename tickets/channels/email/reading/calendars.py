"""An invitation (``text/calendar``) in words: what, when, where, who."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from icalendar import Calendar

from tickets.channels.email.reading.clean import clean_line

MAX_BYTES = 500_000
MAX_EVENTS = 20


def summary(content: str) -> str:
    """Lines such as ``Summary: …``; "" where nothing can be read. Labels as in the standard, for any language."""
    if len(content) > MAX_BYTES:
        return ""
    try:
        calendar = Calendar.from_ical(content)
        events = list(calendar.walk("VEVENT"))[:MAX_EVENTS]
        told = [_event(event) for event in events]
        method = clean_line(str(calendar.get("METHOD", "")))
    except Exception:
        return ""
    said = [text for text in told if text]
    if said and method.upper() in ("CANCEL", "REPLY", "COUNTER"):
        said.insert(0, f"[{method.upper()}]")
    return "\n\n".join(said)


def _event(event: Any) -> str:
    lines = [
        _line("Summary", event.get("SUMMARY")),
        _line("When", _when(event)),
        _line("Where", event.get("LOCATION")),
        _line("Organizer", _person(event.get("ORGANIZER"))),
    ]
    return "\n".join(line for line in lines if line)


def _line(label: str, value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    text = clean_line(str(value))[:500] if value else ""
    return f"{label}: {text}" if text else ""


def _when(event: Any) -> str:
    start, end = _moment(event.get("DTSTART")), _moment(event.get("DTEND"))
    return f"{start} – {end}" if start and end else start


def _moment(value: Any) -> str:
    moment = getattr(value, "dt", None)
    if isinstance(moment, datetime):
        zone = moment.tzname() or ""
        return f"{moment:%Y-%m-%d %H:%M} {zone}".strip()
    return f"{moment:%Y-%m-%d}" if isinstance(moment, date) else ""


def _person(value: Any) -> str:
    if not value:
        return ""
    value = value[0] if isinstance(value, list) else value
    name = str(getattr(value, "params", {}).get("CN", ""))
    address = str(value)
    address = address[7:] if address[:7].lower() == "mailto:" else address
    return f"{name} <{address}>" if name else address
