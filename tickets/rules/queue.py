"""What may be asked of the queue: filters, orders and columns, each with the words that an address may hold.

Read leniently: what makes no sense is left out, so that an old or a mistyped address still shows something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.conf import settings

from accounts.choices import Tier
from tickets.choices import ACTIVE_STATUSES, Channel, Priority, Status
from tickets.rules.intake import clean_line

#: Any status, active or not.
ANY = "any"
ME, MINE, NOBODY, NONE = "me", "mine", "none", "none"
YES, NO = "yes", "no"
MOST_VALUES = 50
MAX_TAG = 40
MAX_DIGITS = 9
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SPAN = re.compile(r"([1-9][0-9]{0,3})([mhdw])", re.ASCII)

#: By name the values of each filter; an address, a saved view and a search all come down to this.
Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Filter:
    """``read`` gives the value as it is kept, or "" for nonsense. ``many``: any of several may be asked for."""

    read: Callable[[str], str]
    many: bool = True


def _one_of(values: Iterable[str]) -> Callable[[str], str]:
    known = frozenset(values)
    return lambda text: text.lower() if text.lower() in known else ""


def _number_or(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in words:
            return text
        return str(int(text)) if text.isdecimal() and len(text) <= MAX_DIGITS else ""

    return read


def _yes_or_no(text: str) -> str:
    return {"yes": YES, "1": YES, "true": YES, "no": NO, "0": NO, "false": NO}.get(text.lower(), "")


def _tag(text: str) -> str:
    return "-".join(clean_line(text).lower().split())[:MAX_TAG]


def _span(text: str) -> str:
    return text.lower() if span_of(text) else ""


def _moment(text: str) -> str:
    return text.lower() if span_of(text) or _date_of(text) else ""


def span_of(text: str) -> timedelta | None:
    """``30m``, ``4h``, ``7d``, ``2w``."""
    found = _SPAN.fullmatch(text.lower())
    return int(found[1]) * _UNITS[found[2]] if found else None


def _date_of(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 and len(text) == 10 else None


def moment_of(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """A value of a filter by time as a moment: so long ago, or the beginning of a day in ``zone``."""
    span = span_of(text)
    if span is not None:
        return now - span
    day = _date_of(text)
    return datetime.combine(day or now.date(), time(), tzinfo=zone)


_MOMENT = Filter(_moment, many=False)
_YES_OR_NO = Filter(_yes_or_no, many=False)
#: In the order in which they are offered.
FILTERS: Mapping[str, Filter] = {
    "status": Filter(_one_of((*Status.values, ANY))),
    "priority": Filter(_one_of(priority.slug for priority in Priority)),
    "category": Filter(_number_or(NONE)),
    "assignee": Filter(_number_or(ME, NOBODY)),
    "team": Filter(_number_or(MINE, NONE)),
    "brand": Filter(_number_or()),
    "customer": Filter(_number_or()),
    "channel": Filter(_one_of(Channel.values)),
    "language": Filter(_one_of(code for code, _name in settings.LANGUAGES)),
    "tier": Filter(_one_of(Tier.values)),
    #: All of them, where the others mean any of them.
    "tag": Filter(_tag),
    "due": Filter(_span, many=False),
    "overdue": _YES_OR_NO,
    "waiting": _YES_OR_NO,
    "unread": _YES_OR_NO,
    "watched": _YES_OR_NO,
    "complaint": _YES_OR_NO,
    "attachment": _YES_OR_NO,
    "unproved": _YES_OR_NO,
    "opened_since": _MOMENT,
    "opened_before": _MOMENT,
    "updated_since": _MOMENT,
    "updated_before": _MOMENT,
}


def read_filters(given: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The filters among what was given: repeated values and values with commas between them are the same."""
    found = {name: _values(known, given.get(name, ())) for name, known in FILTERS.items()}
    if ANY in found["status"]:
        found["status"] = (ANY,)
    return {name: values for name, values in found.items() if values}


def _values(known: Filter, given: Sequence[str]) -> tuple[str, ...]:
    parts = [part.strip() for text in given for part in text.split(",")[: MOST_VALUES * 2]]
    values = list(dict.fromkeys(value for part in parts if part and (value := known.read(part))))
    # Of what can be one thing only, the last that was said holds.
    return tuple(values[:MOST_VALUES] if known.many else values[-1:])


def asks_for_ended(filters: Filters) -> bool:
    """Whether what is over may be among the tickets; without a word about the status it is not."""
    return not set(filters.get("status", ())) <= set(ACTIVE_STATUSES)


# ── Columns and orders ────────────────────────────────────────────────────────────────────────────────────────
#: Every column, with the order that a click on its head asks for.
COLUMNS: Mapping[str, str] = {
    "number": "opened",
    "subject": "subject",
    "customer": "customer",
    "category": "category",
    "status": "status",
    "priority": "priority",
    "assignee": "assignee",
    "due": "due",
    "brand": "brand",
    "team": "team",
    "channel": "channel",
    "language": "language",
    "opened": "opened",
    "updated": "updated",
    "heard": "heard",
    "tags": "tags",
}
#: What opens the ticket: always there.
NEEDED_COLUMN = "subject"
DEFAULT_COLUMNS = (
    *("number", "subject", "customer", "category", "status", "priority", "assignee", "due", "brand"),
)
ORDERS = tuple(dict.fromkeys(COLUMNS.values()))
DEFAULT_ORDER = "due"
#: What is over has no due time: there the last change comes first.
ENDED_ORDER = "-updated"
_ENDED = frozenset({Status.SOLVED.value, Status.CLOSED.value, ANY})


def read_columns(given: Sequence[str]) -> tuple[str, ...]:
    """Those that there are, each once, in the order given; the subject among them in any case."""
    parts = [part.strip() for text in given for part in text.split(",")]
    found = tuple(dict.fromkeys(part for part in parts if part in COLUMNS))
    if not found or NEEDED_COLUMN in found:
        return found
    return (NEEDED_COLUMN, *found)


def read_order(text: str) -> str:
    """``due``, ``-due``; "" for what is none."""
    return text if text.removeprefix("-") in ORDERS else ""


def usual_order(filters: Filters) -> str:
    status = set(filters.get("status", ()))
    return ENDED_ORDER if status and status <= _ENDED else DEFAULT_ORDER
