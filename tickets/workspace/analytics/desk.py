"""What every section of the pages is built from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tickets.queries.analytics.numbers import Pair, Report
from tickets.rules.analytics import Bin
from tickets.workspace.analytics import words
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.analytics.parts import Head, Ids, Link, Number


@dataclass(frozen=True)
class Frame:
    """What any page of numbers has: its filters, its links, its days."""

    filters: Filters
    link: Link
    ids: Ids

    @cached_property
    def bins(self) -> list[Bin]:
        return self.filters.scope.period.bins()

    @cached_property
    def bin_words(self) -> list[str]:
        return [words.days(column) for column in self.bins]

    @cached_property
    def days_before(self) -> dict[str, str]:
        """The period of comparison, in words."""
        scope = self.filters.scope
        zone = scope.period.tzinfo
        start, end = scope.before.start.astimezone(zone), scope.before.end.astimezone(zone)
        first = words.full_day(start.date())
        if not scope.period.is_running(scope.now):
            return {"first": first, "last": words.full_day(end.date() - timedelta(days=1))}
        return {"first": first, "last": f"{words.full_day(end.date())}, {end:%H:%M}"}

    def head(self, title: object, *terms: str) -> Head:
        return Head(str(title), terms, self.ids() if terms else "")

    def number(self, text: str, href: str, *terms: str, compared: str = "") -> Number:
        return Number(text, href, terms, compared, self.ids())

    def when(self) -> object:
        return _("Day") if all(column.first == column.last for column in self.bins) else _("Week")

    def dated(self, metric: str, column: Bin, **part: str | int) -> str:
        return self.link(metric, on=f"{column.first}..{column.last}", **part)


@dataclass(frozen=True)
class Desk(Frame):
    """What the sections of the overview are built from."""

    report: Report
    agents: dict[int, str]
    policies: dict[int, tuple[str, str]]


def compared_count(desk: Frame, pair: Pair) -> str:
    return _("%(change)s: %(before)s from %(first)s to %(last)s.") % {
        "change": capfirst(words.compared(*pair)),
        "before": words.number(pair[1]),
        **desk.days_before,
    }
