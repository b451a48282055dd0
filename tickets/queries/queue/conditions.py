"""Each filter of the queue as a condition on rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.choices import Tier
from accounts.models import Customer, User
from tickets.choices import Priority
from tickets.models import Attachment, Category, Ticket
from tickets.queries.queue.reading import is_unread
from tickets.rules.queue import ME, MINE, NONE, YES, moment_of, span_of

Values = tuple[str, ...]


@dataclass(frozen=True)
class Asker:
    """Who asks, and when."""

    user: User
    now: datetime


Condition = Callable[[Values, Asker], Q]


def _numbers(values: Values) -> list[int]:
    return [int(value) for value in values if value.isdecimal()]


def _any_of(column: str, values: Sequence[object]) -> Q:
    """A single one is said as such: the planner knows more of it."""
    return Q(**{column: values[0]}) if len(values) == 1 else Q(**{f"{column}__in": values})


def _ids(column: str, ids: Sequence[int], *, or_none: bool) -> Q:
    found = _any_of(column, ids) if ids else Q()
    if not or_none:
        return found if ids else Q(pk__in=[])
    none = Q(**{f"{column}__isnull": True})
    return found | none if ids else none


def _priority(values: Values, _asker: Asker) -> Q:
    return _any_of("priority", [Priority.from_slug(value) for value in values])


def branch(categories: Sequence[int]) -> list[int]:
    """The categories and all below them: whoever asks for security incidents means every kind of them."""
    below = Q(pk__in=categories) | Q(parent__in=categories) | Q(parent__parent__in=categories)
    return list(Category.objects.filter(below).values_list("pk", flat=True))


def _category(values: Values, _asker: Asker) -> Q:
    wanted = _numbers(values)
    return _ids("category_id", branch(wanted) if wanted else [], or_none=NONE in values)


def _assignee(values: Values, asker: Asker) -> Q:
    ids = _numbers(values) + ([asker.user.pk] if ME in values else [])
    return _ids("assignee_id", ids, or_none=NONE in values)


def _team(values: Values, asker: Asker) -> Q:
    ids = _numbers(values) + (sorted(asker.user.team_ids) if MINE in values else [])
    return _ids("team_id", ids, or_none=NONE in values)


def _brand(values: Values, _asker: Asker) -> Q:
    return _ids("brand_id", _numbers(values), or_none=False)


def _customer(values: Values, _asker: Asker) -> Q:
    """By ``ticket_by_customer``; of one that the asker sees nothing of, there is nothing."""
    return _ids("customer_id", _numbers(values), or_none=False)


def _words(column: str) -> Condition:
    return lambda values, _asker: _any_of(column, values)


def _tags(values: Values, _asker: Asker) -> Q:
    """All of them, by the index ``ticket_tags``."""
    return Q(tags__contains=list(values))


def _tier(values: Values, _asker: Asker) -> Q:
    """The customers above the rest are few: found by ``customer_above_standard``."""
    if set(values) == set(Tier.values):
        return Q()
    if Tier.STANDARD in values:
        above = sorted(set(Tier.values) - set(values))
        return ~Q(customer__in=Customer.objects.filter(_above_standard(above)))
    return Q(customer__in=Customer.objects.filter(_above_standard(list(values))))


def _above_standard(tiers: list[str]) -> Q:
    return Q(tier__in=tiers) & ~Q(tier=Tier.STANDARD)


def _due(values: Values, asker: Asker) -> Q:
    span = span_of(values[0])
    return Q(due_at__lte=asker.now + span) if span else Q()


def _either(yes: Callable[[Asker], Q], no: Callable[[Asker], Q] | None = None) -> Condition:
    def condition(values: Values, asker: Asker) -> Q:
        if values[0] == YES:
            return yes(asker)
        return no(asker) if no else ~yes(asker)

    return condition


def _overdue(asker: Asker) -> Q:
    return Q(due_at__lt=asker.now)


def _not_overdue(asker: Asker) -> Q:
    return Q(due_at__gte=asker.now) | Q(due_at=None)


def _waits(_asker: Asker) -> Q:
    return Q(last_customer_message_at__isnull=False, last_staff_message_at=None) | Q(
        last_customer_message_at__gt=F("last_staff_message_at")
    )


def _does_not_wait(_asker: Asker) -> Q:
    return Q(last_customer_message_at=None) | Q(last_customer_message_at__lte=F("last_staff_message_at"))


def _watched(asker: Asker) -> Q:
    watched = Ticket.watchers.through.objects.filter(user=asker.user)
    return Q(pk__in=watched.values("ticket"))


def _with_file(_asker: Asker) -> Q:
    return Q(Exists(Attachment.objects.filter(message__ticket=OuterRef("pk"))))


def _since(column: str) -> Condition:
    return lambda values, asker: Q(**{f"{column}__gte": _moment(values, asker)})


def _before(column: str) -> Condition:
    return lambda values, asker: Q(**{f"{column}__lt": _moment(values, asker)})


def _moment(values: Values, asker: Asker) -> datetime:
    return moment_of(values[0], now=asker.now, zone=timezone.get_current_timezone())


#: By filter; the status is asked for by ``question.find`` itself.
CONDITIONS: Mapping[str, Condition] = {
    "priority": _priority,
    "category": _category,
    "assignee": _assignee,
    "team": _team,
    "brand": _brand,
    "customer": _customer,
    "channel": _words("channel"),
    "language": _words("language"),
    "tier": _tier,
    "tag": _tags,
    "due": _due,
    "overdue": _either(_overdue, _not_overdue),
    "waiting": _either(_waits, _does_not_wait),
    "unread": _either(lambda asker: is_unread(asker.user.pk)),
    "watched": _either(_watched),
    "complaint": _either(lambda _asker: Q(is_complaint=True)),
    "attachment": _either(_with_file),
    "unproved": _either(lambda _asker: ~Q(unproved_sender="")),
    "opened_since": _since("created_at"),
    "opened_before": _before("created_at"),
    "updated_since": _since("updated_at"),
    "updated_before": _before("updated_at"),
}
