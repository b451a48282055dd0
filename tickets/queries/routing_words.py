"""What a routing rule asks and does, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.choices import Tier
from accounts.models import Brand, Team
from tickets.choices import Channel, Priority
from tickets.models import Category, SlaPolicy
from tickets.queries.policy_words import listed
from tickets.rules.routing import Condition, NewCase, Rule, Settings, sender_found, word_found

#: So many words or senders are named; of more, how many.
MOST_NAMED = 6


@dataclass(frozen=True)
class Names:
    """In the reader's language, in the order in which people know them."""

    brands: Mapping[int, str]
    categories: Mapping[int, str]
    teams: Mapping[int, str]
    policies: Mapping[int, str]

    @classmethod
    def load(cls) -> Names:
        return cls(
            {row.pk: row.name for row in Brand.objects.all()},
            {row.pk: str(row) for row in Category.objects.select_related("parent")},
            {row.pk: row.name for row in Team.objects.all()},
            dict(SlaPolicy.objects.values_list("pk", "name")),
        )


def conditions(rule: Rule, names: Names) -> list[str]:
    """Each condition in words; none where the rule is for every case."""
    return [said for condition in Condition if (said := _SAID[condition](rule, names))]


def effects(sets: Settings, names: Names) -> list[str]:
    return [
        *([_("team %(team)s") % {"team": names.teams.get(sets.team, "—")}] if sets.team is not None else []),
        *(
            [_("priority %(name)s") % {"name": Priority(sets.priority).label}]
            if sets.priority is not None
            else []
        ),
        *(
            [_("policy %(name)s") % {"name": names.policies.get(sets.policy, "—")}]
            if sets.policy is not None
            else []
        ),
        *(_("tag %(name)s") % {"name": tag} for tag in sets.tags),
    ]


def does(rule: Rule) -> Settings:
    return Settings(rule.team, rule.priority, rule.policy, rule.tags)


def why_not(rule: Rule, reason: Condition, case: NewCase, names: Names) -> str:
    """What the rule asks, and what the case is instead."""
    return _("%(asked)s; this case: %(found)s") % {
        "asked": _SAID[reason](rule, names),
        "found": _FOUND[reason](case, names),
    }


def why(rule: Rule, case: NewCase) -> list[str]:
    """Which of several words and senders were found."""
    word, sender = word_found(rule, case), sender_found(rule, case)
    return [
        *([_("found: “%(word)s”") % {"word": word}] if word else []),
        *([_("sender: %(sender)s") % {"sender": sender}] if sender else []),
    ]


def _named(title: str, wanted: object, names: Mapping[int, str]) -> str:
    assert isinstance(wanted, frozenset)
    return title % {"names": listed(name for pk, name in names.items() if pk in wanted)} if wanted else ""


def _several(things: tuple[str, ...]) -> str:
    more = len(things) - MOST_NAMED
    found = [*things[:MOST_NAMED], *([_("%(count)s more") % {"count": more}] if more > 0 else [])]
    return listed(found)


def _brands(rule: Rule, names: Names) -> str:
    return _named(_("brand: %(names)s"), rule.brands, names.brands)


def _categories(rule: Rule, names: Names) -> str:
    return _named(_("category: %(names)s"), rule.categories, names.categories)


def _channels(rule: Rule, names: Names) -> str:
    found = [str(way.label) for way in Channel if way in rule.channels]
    return _("way in: %(names)s") % {"names": listed(found)} if found else ""


def _languages(rule: Rule, names: Names) -> str:
    found = [str(name) for code, name in settings.LANGUAGES if code in rule.languages]
    return _("language: %(names)s") % {"names": listed(found)} if found else ""


def _tiers(rule: Rule, names: Names) -> str:
    found = [str(tier.label) for tier in Tier if tier in rule.tiers]
    return _("customer tier: %(names)s") % {"names": listed(found)} if found else ""


def _priorities(rule: Rule, names: Names) -> str:
    found = [str(Priority(priority).label) for priority in sorted(rule.priorities, reverse=True)]
    return _("priority: %(names)s") % {"names": listed(found)} if found else ""


def _senders(rule: Rule, names: Names) -> str:
    return _("sender: %(sender)s") % {"sender": _several(rule.senders)} if rule.senders else ""


def _words(rule: Rule, names: Names) -> str:
    return _("one of the words: %(words)s") % {"words": _several(rule.words)} if rule.words else ""


_SAID: Mapping[Condition, Callable[[Rule, Names], str]] = {
    Condition.BRAND: _brands,
    Condition.CATEGORY: _categories,
    Condition.CHANNEL: _channels,
    Condition.LANGUAGE: _languages,
    Condition.TIER: _tiers,
    Condition.PRIORITY: _priorities,
    Condition.SENDER: _senders,
    Condition.WORDS: _words,
}


def _category_of(case: NewCase, names: Names) -> str:
    """The category and those above it; the longest path tells it."""
    found = [name for pk, name in names.categories.items() if pk in case.categories]
    return max(found, key=len) if found else _("no category")


_FOUND: Mapping[Condition, Callable[[NewCase, Names], str]] = {
    Condition.BRAND: lambda case, names: names.brands[case.brand],
    Condition.CATEGORY: _category_of,
    Condition.CHANNEL: lambda case, names: str(Channel(case.channel).label),
    Condition.LANGUAGE: lambda case, names: str(dict(settings.LANGUAGES).get(case.language, case.language)),
    Condition.TIER: lambda case, names: str(Tier(case.tier).label),
    Condition.PRIORITY: lambda case, names: str(Priority(case.priority).label),
    Condition.SENDER: lambda case, names: case.sender or _("nobody proved"),
    Condition.WORDS: lambda case, names: _("none of them"),
}
