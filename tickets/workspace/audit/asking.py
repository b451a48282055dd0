"""What an address of the audit log asks for, read leniently: what makes no sense narrows nothing, but is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.choices import AuditKind
from accounts.queries.audit_log import Asked
from accounts.queries.customers import known_by
from tickets.rules import numbers

NAMES = ("who", "what", "ticket", "customer", "since", "until")
_DIGITS = 18
#: No ticket has it: what could not be understood finds nothing, instead of everything.
NOTHING = "?"


@dataclass
class Question:
    """``said``: as it was typed; ``errors``: what could not be understood, by field."""

    said: dict[str, str]
    asked: Asked = field(default_factory=Asked)
    errors: dict[str, str] = field(default_factory=dict)
    after: int = 0

    @classmethod
    def read(cls, query: QueryDict) -> Question:
        said = {name: query.get(name, "").strip()[:100] for name in NAMES}
        after = query.get("after", "")
        found = cls(said, after=int(after) if after.isdecimal() and len(after) <= _DIGITS else 0)
        found.asked = Asked(
            kind=said["what"] if said["what"] in AuditKind.values else "",
            actor=_number(said["who"]),
            ticket=found._ticket(),
            customer=found._customer(),
            since=_start(found._day("since")),
            until=_start(found._day("until"), after_days=1),
        )
        return found

    def address(self, **changes: Any) -> str:
        kept = {name: value for name, value in {**self.said, **changes}.items() if value}
        return f"?{urlencode(kept)}"

    def _ticket(self) -> str:
        said = self.said["ticket"]
        number = numbers.parse(said) if said else ""
        if number is None:
            self.errors["ticket"] = _("No case has such a number.")
        return NOTHING if number is None else number

    def _customer(self) -> int | None:
        """By the number that the log names, or by a whole address or telephone number."""
        said = self.said["customer"]
        if not said:
            return None
        if said.isdecimal() and len(said) < 10:
            return int(said)
        known = known_by(email=said if "@" in said else "", phone="" if "@" in said else said)
        if known is None:
            self.errors["customer"] = _("No customer is known by this. Give the whole address or number.")
            return -1
        return known.pk

    def _day(self, name: str) -> date | None:
        said = self.said[name]
        try:
            day = parse_date(said) if said else None
        except ValueError:
            day = None
        if said and day is None:
            self.errors[name] = _("Write a day such as 2026-01-31.")
        return day


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def _start(day: date | None, *, after_days: int = 0) -> datetime | None:
    """Midnight where the reader is."""
    if day is None or day.year >= 9999:
        return None
    return timezone.make_aware(datetime(day.year, day.month, day.day) + timedelta(days=after_days))  # noqa: DTZ001
