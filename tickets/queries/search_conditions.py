"""What the operators of a search mean here: names to the values of the queue's filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.choices import Tier
from accounts.models import Brand, Customer, Team, User
from helpdesk.lib import clock
from helpdesk.lib.text_search import fold
from tickets.choices import Channel, Priority, Status
from tickets.models import Category, Ticket
from tickets.queries import pickers
from tickets.queries.customers_named import customers_named
from tickets.rules.search_operators import HAS, IS, Condition, day_of

Values = tuple[str, ...]
#: Filter, value.
Meant = tuple[str, str]
_IS: Mapping[str, Meant] = {
    "overdue": ("overdue", "yes"),
    "unread": ("unread", "yes"),
    "complaint": ("complaint", "yes"),
    "unassigned": ("assignee", "none"),
    "mine": ("assignee", "me"),
}
_ACTIVE = [("status", status) for status in ("new", "open", "pending", "on_hold")]
_ENDED = [("status", status) for status in ("solved", "closed")]
ME = frozenset({"me", "我", "自己"})
NOBODY = frozenset({"none", "nobody", "无", "无人", "没有人"})
#: Operators of one search, and values of one operator.
MOST = 20
_COMMA = re.compile(r"[,，、]")


@dataclass(frozen=True)
class Resolved:
    filters: dict[str, Values]
    #: What is not known here, in words: nothing can be found by it.
    problems: tuple[str, ...]
    #: What was left to do, as it is typed: what is not known, and what is beyond MOST.
    left: str = ""
    #: What else is to be told.
    remarks: tuple[str, ...] = ()


def resolve(conditions: Sequence[Condition], user: User) -> Resolved:
    """Conditions of one operator add up as the values of one filter do: any of them, of tags all.

    What is not known is never just left out: more would be found than was asked for.
    """
    filters: dict[str, list[str]] = {}
    problems, remarks = [], []
    left = [*conditions[MOST:]]
    for condition in conditions[:MOST]:
        words = {"operator": condition.operator, "value": condition.typed[:60]}
        meant = _meant(condition, user)
        if not meant:
            left.append(condition)
            problems.append(_("Nothing is found by “%(operator)s:%(value)s”: it is not known here.") % words)
        if len(meant) > MOST:
            told = _(
                "“%(operator)s:%(value)s” names more than %(most)s; these are the last %(most)s of them."
            )
            remarks.append(told % {**words, "most": MOST})
        for name, value in meant[:MOST]:
            filters.setdefault(name, []).append(value)
    kept = {name: tuple(dict.fromkeys(values)) for name, values in filters.items()}
    return Resolved(kept, tuple(problems), " ".join(map(str, left)), tuple(remarks))


def _meant(condition: Condition, user: User) -> list[Meant]:
    """Several values with commas between them are the same as several operators, as in an address."""
    mean = _MEANINGS[condition.operator]
    meant = list(mean(condition.value, user))
    parts = [part for part in map(str.strip, _COMMA.split(condition.value)) if part]
    if meant or len(parts) < 2:
        return meant
    each = [list(mean(part, user)) for part in parts[:MOST]]
    return [one for found in each for one in found] if all(each) else []


# ── Words that are kept in the code ───────────────────────────────────────────────────────────────────────────
@cache
def _words_of_choices() -> Mapping[str, Mapping[str, str]]:
    """By filter, every name of a value, its labels in each language among them."""
    kinds: Mapping[str, Iterable[tuple[str, object]]] = {
        "status": [(status.value, status) for status in Status],
        "priority": [(priority.slug, priority) for priority in Priority],
        "channel": [(channel.value, channel) for channel in Channel],
        "tier": [(tier.value, tier) for tier in Tier],
    }
    found: dict[str, dict[str, str]] = {}
    for kind, values in kinds.items():
        words = found[kind] = {}
        for value, choice in values:
            words[fold(value)] = value
            for language, _name in settings.LANGUAGES:
                with override(language):
                    words[fold(str(choice.label))] = value  # type: ignore[attr-defined]
    found["language"] = {
        "zh": "zh-hans",
        "中文": "zh-hans",
        "chinese": "zh-hans",
        "英文": "en",
        "english": "en",
    }
    found["language"] |= {fold(code): code for code, _name in settings.LANGUAGES}
    return found


def _choice(kind: str) -> Callable[[str, User], Iterator[Meant]]:
    def mean(value: str, user: User) -> Iterator[Meant]:
        if kind == "status" and value in ("any", "全部"):
            yield "status", "any"
        known = _words_of_choices()[kind].get(value)
        if known is not None:
            yield kind, known

    return mean


def _is(value: str, user: User) -> Iterator[Meant]:
    meant = IS.get(value, "")
    if meant == "active":
        yield from _ACTIVE
    elif meant == "ended":
        yield from _ENDED
    elif meant:
        yield _IS[meant]


def _has(value: str, user: User) -> Iterator[Meant]:
    if value in HAS:
        yield HAS[value], "yes"


def _day(filter_name: str) -> Callable[[str, User], Iterator[Meant]]:
    def mean(value: str, user: User) -> Iterator[Meant]:
        day = day_of(value, timezone.localtime(clock.now()).date())
        if day is not None:
            yield filter_name, day.isoformat()

    return mean


def _tag(value: str, user: User) -> Iterator[Meant]:
    yield from (("tag", tag) for part in _COMMA.split(value) if (tag := part.strip()))


# ── Names that are kept in tables ─────────────────────────────────────────────────────────────────────────────
def _category(value: str, user: User) -> Iterator[Meant]:
    if value in NOBODY:
        yield "category", "none"
        return
    for pk, names in _names_of(Category.objects.values_list("pk", "slug", "name_zh", "name_en")):
        if _named(value, names):
            yield "category", str(pk)


def _team(value: str, user: User) -> Iterator[Meant]:
    if value in ME | {"mine"}:
        yield "team", "mine"
    for pk, names in _names_of(Team.objects.values_list("pk", "slug", "name_zh", "name_en")):
        if _named(value, names):
            yield "team", str(pk)


def _brand(value: str, user: User) -> Iterator[Meant]:
    allowed = {choice.value for choice in pickers.load().brands(user)}
    rows = Brand.objects.filter(pk__in=allowed)
    for pk, names in _names_of(rows.values_list("pk", "slug", "name_zh", "name_en")):
        if _named(value, names):
            yield "brand", str(pk)


def _assignee(value: str, user: User) -> Iterator[Meant]:
    if value in ME:
        yield "assignee", "me"
    elif value in NOBODY:
        yield "assignee", "none"
    else:
        colleagues = {worker.value for worker in pickers.load().colleagues(user)}
        rows = User.objects.filter(pk__in=colleagues)
        for pk, names in _names_of(rows.values_list("pk", "name", "email")):
            if _named(value, names):
                yield "assignee", str(pk)


def _customer(value: str, user: User) -> Iterator[Meant]:
    """By whole address or number, or by name. Of whom the user sees nothing is as unknown as nobody."""
    digits = "".join(char for char in value if char.isdigit())
    by_number = Q(phone__in=[f"+{digits}", f"+86{digits}"]) if len(digits) >= 6 else Q(pk__in=[])
    seen = Ticket.objects.visible_to(user).filter(customer=OuterRef("pk"))
    rows = Customer.objects.filter((Q(email=value) & ~Q(email="")) | by_number, Exists(seen))
    found = list(rows.values_list("pk", flat=True)[:MOST])
    found = found or [customer.pk for customer in customers_named(user, value, most=MOST + 1)]
    yield from (("customer", str(pk)) for pk in found)


def _names_of(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[object, list[str]]]:
    for pk, *names in rows:
        yield pk, [fold(str(name)) for name in names if name]


def _named(value: str, names: Sequence[str]) -> bool:
    """By the whole name, or its beginning, or a word of it."""
    return any(name == value or name.startswith(value) or value in name.split() for name in names)


_MEANINGS: Mapping[str, Callable[[str, User], Iterator[Meant]]] = {
    "status": _choice("status"),
    "priority": _choice("priority"),
    "channel": _choice("channel"),
    "tier": _choice("tier"),
    "language": _choice("language"),
    "is": _is,
    "has": _has,
    "before": _day("opened_before"),
    "after": _day("opened_since"),
    "tag": _tag,
    "category": _category,
    "team": _team,
    "brand": _brand,
    "assignee": _assignee,
    "customer": _customer,
}
