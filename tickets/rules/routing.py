"""Where a new case goes: the routing rules in their order, and the nearest category that names a team."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from helpdesk.lib.text_search import fold, lexemes, words
from tickets.rules.sender_rules import is_domain, normal_address


@dataclass(frozen=True)
class Route:
    team_id: int | None
    priority: int | None


def route(lineage: Sequence[tuple[int | None, int | None]]) -> Route:
    """``lineage`` is (team, priority) of the category, its parent and so on; None asks the next one up."""
    team, priority = (
        next((node[place] for node in lineage if node[place] is not None), None) for place in range(2)
    )
    return Route(team, priority)


@dataclass(frozen=True)
class Rule:
    """A routing rule as values. An empty condition asks for nothing; None and no tags set nothing.

    ``words`` are folded; ``senders`` are written as in ``rules.sender_rules``.
    """

    rule: int
    name: str
    ends: bool = True
    brands: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    channels: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    team: int | None = None
    priority: int | None = None
    policy: int | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewCase:
    """What rules may ask of a case, as it came in: what an earlier rule made of it is not asked.

    ``categories`` is its category and all above it. ``sender`` is empty where nobody could prove it.
    """

    brand: int
    categories: frozenset[int]
    channel: str
    language: str
    tier: str
    priority: int
    sender: str
    text: str

    @cached_property
    def folded(self) -> str:
        return _folded(self.text)

    @cached_property
    def stems(self) -> str:
        return f" {' '.join(lexemes(self.text))} "

    @cached_property
    def address(self) -> str:
        return normal_address(self.sender)


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def words_of(text: str) -> tuple[str, ...]:
    """The words of a rule, as typed one a line."""
    return tuple(dict.fromkeys(word for word in map(_folded, text.splitlines()) if word))


class Condition(StrEnum):
    """What a rule may ask, in the order in which it is asked: the dearest last."""

    BRAND = "brand"
    CATEGORY = "category"
    CHANNEL = "channel"
    LANGUAGE = "language"
    TIER = "tier"
    PRIORITY = "priority"
    SENDER = "sender"
    WORDS = "words"


def sender_found(rule: Rule, case: NewCase) -> str | None:
    """The sender of the rule under which the case's falls: its address, its domain, or one above that."""
    return next((pattern for pattern in rule.senders if _is_from(pattern, case.address)), None)


def _is_from(pattern: str, address: str) -> bool:
    if not is_domain(pattern):
        return pattern == address
    return address.endswith((pattern, f".{pattern[1:]}"))


def word_found(rule: Rule, case: NewCase) -> str | None:
    """The first word of the rule that the subject or the text holds."""
    return next((word for word in rule.words if _holds(word, case)), None)


def _holds(word: str, case: NewCase) -> bool:
    """Chinese is looked for as it stands. Of other words each form counts ("refund" is in "refunded"), and no part:
    "pin" is not in "shopping".
    """
    stems = _stems(word)
    return f" {stems} " in case.stems if stems else word in case.folded


@lru_cache(maxsize=4096)
def _stems(word: str) -> str:
    """Empty for what must be looked for as it stands."""
    return "" if any(part.is_cjk for part in words(word)) else " ".join(lexemes(word))


_MEETS: Mapping[Condition, Callable[[Rule, NewCase], bool]] = {
    Condition.BRAND: lambda rule, case: not rule.brands or case.brand in rule.brands,
    Condition.CATEGORY: lambda rule, case: (
        not rule.categories or not rule.categories.isdisjoint(case.categories)
    ),
    Condition.CHANNEL: lambda rule, case: not rule.channels or case.channel in rule.channels,
    Condition.LANGUAGE: lambda rule, case: not rule.languages or case.language in rule.languages,
    Condition.TIER: lambda rule, case: not rule.tiers or case.tier in rule.tiers,
    Condition.PRIORITY: lambda rule, case: not rule.priorities or case.priority in rule.priorities,
    Condition.SENDER: lambda rule, case: not rule.senders or sender_found(rule, case) is not None,
    Condition.WORDS: lambda rule, case: not rule.words or word_found(rule, case) is not None,
}


def misfit(rule: Rule, case: NewCase) -> Condition | None:
    """The first condition that the case does not meet; None where it meets all."""
    return next((condition for condition in Condition if not _MEETS[condition](rule, case)), None)


@dataclass(frozen=True)
class Settings:
    """What is set of a case: by one rule, or by all of them."""

    team: int | None = None
    priority: int | None = None
    policy: int | None = None
    tags: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Settings()

    def joined(self, other: Settings) -> Settings:
        """With what ``other`` sets besides."""
        return Settings(
            self.team if self.team is not None else other.team,
            self.priority if self.priority is not None else other.priority,
            self.policy if self.policy is not None else other.policy,
            tuple(dict.fromkeys([*self.tags, *other.tags])),
        )

    def beyond(self, before: Settings) -> Settings:
        """What of it ``before`` had not set: of what two rules set, the first holds."""
        return Settings(
            self.team if before.team is None else None,
            self.priority if before.priority is None else None,
            self.policy if before.policy is None else None,
            tuple(tag for tag in dict.fromkeys(self.tags) if tag not in before.tags),
        )


class Verdict(StrEnum):
    SETS = "sets"
    #: It fits, but what it sets was set before.
    NOTHING_NEW = "nothing_new"
    DOES_NOT_FIT = "does_not_fit"
    #: A rule before it ended the asking.
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Answer:
    """What came of asking one rule; ``sets`` is what it set, ``misfit`` why it does not fit."""

    rule: Rule
    verdict: Verdict
    sets: Settings = Settings()
    misfit: Condition | None = None


def answers(rules: Sequence[Rule], case: NewCase, *, said: Settings = Settings()) -> list[Answer]:
    """Of every rule, in the order of asking. ``said`` is what somebody said of the case: no rule sets it otherwise."""
    found: list[Answer] = []
    so_far, ended = said, False
    for rule in rules:
        reason = misfit(rule, case) if not ended else None
        if ended:
            found.append(Answer(rule, Verdict.NOT_ASKED))
        elif reason is not None:
            found.append(Answer(rule, Verdict.DOES_NOT_FIT, misfit=reason))
        else:
            sets = Settings(rule.team, rule.priority, rule.policy, rule.tags).beyond(so_far)
            so_far, ended = so_far.joined(sets), rule.ends
            found.append(Answer(rule, Verdict.NOTHING_NEW if sets.is_empty else Verdict.SETS, sets))
    return found


def decided(found: Sequence[Answer]) -> Settings:
    """What the rules set, all together."""
    settings = Settings()
    for answer in found:
        settings = settings.joined(answer.sets)
    return settings
