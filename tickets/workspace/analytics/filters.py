"""The filters of the page, as they stand in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import Brand, Team, User
from tickets.choices import Channel
from tickets.models import Category
from tickets.queries.analytics.scope import CaseScope, CategoryTree, brands_of, teams_of
from tickets.rules.analytics import MAX_DAYS, Period, last_days

PRESETS = (7, 30, 90)
DEFAULT_DAYS = 30
CUSTOM = "custom"
NAMES = ("period", "from", "to", "brand", "category", "team", "channel")
Named = TypeVar("Named", Brand, Team, Category)


@dataclass
class Filters:
    """What was asked for, what may be asked for, and what is wrong with it."""

    scope: CaseScope
    asked: Mapping[str, str]
    brands: list[Brand]
    teams: list[Team]
    tree: CategoryTree
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        """As in the address; what narrows nothing is left out."""
        return {name: value for name, value in self.asked.items() if value}

    def address(self, path: str, **more: str | int) -> str:
        """The same filters on another page. ``more`` are slugs, numbers and days: nothing in them needs quoting."""
        return f"{path}?{self.common}{'&'.join(f'{name}={value}' for name, value in more.items())}"

    @cached_property
    def common(self) -> str:
        return urlencode(self.query) + "&" if self.query else ""

    @property
    def narrowed(self) -> list[str]:
        """What narrows the cases, in words: for the print and for the head of a list."""
        scope = self.scope
        named = [str(thing) for thing in (scope.brand, scope.category, scope.team) if thing is not None]
        return named + ([str(Channel(scope.channel).label)] if scope.channel else [])


def read(asked: Mapping[str, str], user: User, now: datetime) -> Filters:
    """The filters in a request. Http404 for a brand, team or category that the viewer has not."""
    values = {name: asked.get(name, "").strip() for name in NAMES}
    brands, teams, tree = brands_of(user), teams_of(user), CategoryTree()
    brand = _named(values["brand"], brands)
    category = _named(values["category"], list(tree.by_id.values()))
    if values["channel"] and values["channel"] not in Channel.values:
        raise Http404
    errors: dict[str, str] = {}
    scope = CaseScope(
        user=user,
        period=_period(values, now, _zone(brand, brands), errors),
        now=now,
        brand=brand,
        category=category,
        categories=tree.branch(category) if category else None,
        team=_named(values["team"], teams),
        channel=values["channel"],
    )
    return Filters(scope, values, brands, teams, tree, errors)


def _named(slug: str, among: list[Named]) -> Named | None:
    if not slug:
        return None
    found = next((row for row in among if row.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _zone(brand: Brand | None, brands: list[Brand]) -> str:
    """The chosen brand's; else that of the viewer's first brand."""
    chosen = brand or (brands[0] if brands else None)
    return chosen.time_zone if chosen else settings.TIME_ZONE


def _period(values: dict[str, str], now: datetime, zone: str, errors: dict[str, str]) -> Period:
    today = now.astimezone(ZoneInfo(zone)).date()
    if values["period"] != CUSTOM:
        values["from"] = values["to"] = ""
        if values["period"] not in map(str, PRESETS):
            values["period"] = ""
        return last_days(int(values["period"] or DEFAULT_DAYS), now, zone)
    first, last = _day(values, "from", errors), _day(values, "to", errors)
    if first and last:
        problem = _problem(first, last, today)
        if problem is None:
            return Period(first, min(last, today), zone)
        errors.update([problem])
    return last_days(DEFAULT_DAYS, now, zone)


def _day(values: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    try:
        found = parse_date(values[name])
    except ValueError:
        found = None
    if found is None:
        errors[name] = _("Enter a day, such as 2026-03-31.")
    return found


def _problem(first: date, last: date, today: date) -> tuple[str, str] | None:
    if first > today:
        return "from", _("This day has not come yet.")
    if last < first:
        return "to", _("The last day must not lie before the first.")
    if (last - first).days >= MAX_DAYS:
        return "to", _("Choose at most %(days)s days.") % {"days": MAX_DAYS}
    return None
