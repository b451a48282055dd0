"""What a policy asks and promises, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import Tier
from accounts.models import Brand
from helpdesk.lib.spans import span_of
from tickets.choices import Channel, Complaints, Counting, Priority, TimerKind
from tickets.models import Category
from tickets.rules.policies import Case, Condition, Target, Terms


@dataclass(frozen=True)
class Names:
    """Of brands and categories, in the reader's language, and the zone in which moments are told."""

    brands: Mapping[int, str]
    categories: Mapping[int, str]
    zone: ZoneInfo

    @classmethod
    def load(cls, zone: ZoneInfo) -> Names:
        return cls(
            {row.pk: row.name for row in Brand.objects.all()},
            {row.pk: str(row) for row in Category.objects.select_related("parent")},
            zone,
        )

    def at(self, moment: datetime) -> str:
        return date_format(moment.astimezone(self.zone), "DATETIME_FORMAT")


def listed(words: Iterable[object]) -> str:
    return pgettext("between the names of a list", ", ").join(map(str, words))


def conditions(terms: Terms, names: Names) -> list[str]:
    """Each condition in words; none where the policy is for every case."""
    return [
        _SAID[condition](terms, names)
        for condition in Condition
        if condition in _SAID and _ASKS[condition](terms)
    ]


def why_not(terms: Terms, reason: Condition, case: Case, category: Category | None, names: Names) -> str:
    """What the policy asks, and what the case is instead."""
    if reason == Condition.CATEGORY:
        found = str(category) if category else _("no category")
    else:
        found = _FOUND[reason](case, names)
    return _("%(asked)s; this case: %(found)s") % {"asked": _SAID[reason](terms, names), "found": found}


def in_short(targets: Iterable[Target]) -> list[str]:
    """A line for each kind of promise, from the shortest to the longest: "first reply: 15m – 4h, day and night"."""
    by_kind: dict[tuple[str, str], list[int]] = {}
    for target in targets:
        by_kind.setdefault((target.kind, target.counting), []).append(target.seconds // 60)
    return [
        _short(kind, counting, by_kind[kind, counting])
        for kind in TimerKind
        for counting in Counting
        if (kind, counting) in by_kind
    ]


def _short(kind: TimerKind, counting: Counting, minutes: list[int]) -> str:
    spans = dict.fromkeys(map(span_of, (min(minutes), max(minutes))))
    words = {"kind": kind.label, "span": " – ".join(spans)}
    if counting == Counting.ELAPSED:
        return _("%(kind)s: %(span)s, day and night") % words
    return _("%(kind)s: %(span)s") % words


def _from(terms: Terms, names: Names) -> str:
    assert terms.valid_from
    return _("opened from %(moment)s on") % {"moment": names.at(terms.valid_from)}


def _until(terms: Terms, names: Names) -> str:
    assert terms.valid_until
    return _("opened before %(moment)s") % {"moment": names.at(terms.valid_until)}


def _brands(terms: Terms, names: Names) -> str:
    return _("brand: %(names)s") % {"names": listed(_named(terms.brands, names.brands))}


def _categories(terms: Terms, names: Names) -> str:
    return _("category: %(names)s") % {"names": listed(_named(terms.categories, names.categories))}


def _named(wanted: Iterable[int], names: Mapping[int, str]) -> list[str]:
    """In the order of the names, which is the one people know."""
    wanted = set(wanted)
    return [name for pk, name in names.items() if pk in wanted]


def _priorities(terms: Terms, names: Names) -> str:
    chosen = [Priority(priority).label for priority in sorted(terms.priorities, reverse=True)]
    return _("priority: %(names)s") % {"names": listed(chosen)}


def _channels(terms: Terms, names: Names) -> str:
    return _("way in: %(names)s") % {"names": listed(way.label for way in Channel if way in terms.channels)}


def _tiers(terms: Terms, names: Names) -> str:
    return _("customer tier: %(names)s") % {
        "names": listed(tier.label for tier in Tier if tier in terms.tiers)
    }


def _complaints(terms: Terms, names: Names) -> str:
    return str(Complaints(terms.complaints).label)


_SAID: Mapping[Condition, Callable[[Terms, Names], str]] = {
    Condition.EMERGENCY: lambda terms, names: _("reported on the emergency page"),
    Condition.VALID_FROM: _from,
    Condition.VALID_UNTIL: _until,
    Condition.BRAND: _brands,
    Condition.CATEGORY: _categories,
    Condition.PRIORITY: _priorities,
    Condition.CHANNEL: _channels,
    Condition.TIER: _tiers,
    Condition.COMPLAINT: _complaints,
}
_ASKS: Mapping[Condition, Callable[[Terms], bool]] = {
    Condition.EMERGENCY: lambda terms: terms.is_for_emergencies,
    Condition.VALID_FROM: lambda terms: terms.valid_from is not None,
    Condition.VALID_UNTIL: lambda terms: terms.valid_until is not None,
    Condition.BRAND: lambda terms: bool(terms.brands),
    Condition.CATEGORY: lambda terms: bool(terms.categories),
    Condition.PRIORITY: lambda terms: bool(terms.priorities),
    Condition.CHANNEL: lambda terms: bool(terms.channels),
    Condition.TIER: lambda terms: bool(terms.tiers),
    Condition.COMPLAINT: lambda terms: terms.complaints != Complaints.ANY,
}


_FOUND: Mapping[Condition, Callable[[Case, Names], str]] = {
    Condition.EMERGENCY: lambda case, names: _("another way"),
    Condition.VALID_FROM: lambda case, names: names.at(case.opened_at),
    Condition.VALID_UNTIL: lambda case, names: names.at(case.opened_at),
    Condition.BRAND: lambda case, names: names.brands[case.brand],
    Condition.PRIORITY: lambda case, names: str(Priority(case.priority).label),
    Condition.CHANNEL: lambda case, names: str(Channel(case.channel).label),
    Condition.TIER: lambda case, names: str(Tier(case.tier).label),
    Condition.COMPLAINT: lambda case, names: _("a complaint") if case.is_complaint else _("no complaint"),
}
