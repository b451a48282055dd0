"""Which closed cases the retention rules are about. By the index ``ticket_to_forget``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.lib import clock
from tickets.choices import Status
from tickets.models import Category, LegalHold, RetentionRule, Ticket
from tickets.rules.privacy import Keeping, by_weight


def cases_by_rule() -> Iterator[tuple[RetentionRule, QuerySet[Ticket]]]:
    """Each active rule with the cases that it empties now, oldest first. A case goes by one rule alone: that which
    names most; legal holds keep it out.
    """
    for rule, about in _rules_with_scope():
        yield rule, _due(rule).filter(about).filter(~_is_held()).order_by("closed_at", "pk")


def held_cases() -> QuerySet[Ticket]:
    """Those that would be emptied if no hold kept them."""
    found = Q(pk__in=[])
    for rule, about in _rules_with_scope():
        found |= about & Q(closed_at__lt=clock.now() - timedelta(days=rule.days))
    return Ticket.objects.filter(found, status=Status.CLOSED, erased_at=None).filter(_is_held())


def _due(rule: RetentionRule) -> QuerySet[Ticket]:
    before = clock.now() - timedelta(days=rule.days)
    return Ticket.objects.filter(status=Status.CLOSED, erased_at=None, closed_at__lt=before)


def _rules_with_scope() -> Iterator[tuple[RetentionRule, Q]]:
    """With what it is about, less what rules before it are about; of categories, the deeper one first."""
    rules = {rule.pk: rule for rule in RetentionRule.objects.filter(is_active=True)}
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    order = by_weight(Keeping(rule.pk, rule.brand_id, rule.category_id) for rule in rules.values())
    order.sort(key=lambda one: -_depth(one.category, parents) if one.category else 1)
    taken = Q(pk__in=[])
    for one in order:
        about = _about(one, parents)
        yield rules[one.rule], about & ~taken
        taken |= about


def _depth(category: int | None, parents: Mapping[int, int | None]) -> int:
    depth = 0
    while category is not None:
        category, depth = parents.get(category), depth + 1
    return depth


def _about(one: Keeping, parents: Mapping[int, int | None]) -> Q:
    about = Q()
    if one.brand is not None:
        about &= Q(brand=one.brand)
    if one.category is not None:
        about &= Q(category__in=[key for key in parents if _is_below(key, one.category, parents)])
    return about


def _is_below(category: int | None, top: int, parents: Mapping[int, int | None]) -> bool:
    while category is not None:
        if category == top:
            return True
        category = parents.get(category)
    return False


def _is_held() -> Exists:
    """On the case, or on its customer."""
    mine = Q(ticket=OuterRef("pk")) | Q(customer=OuterRef("customer"))
    return Exists(LegalHold.objects.in_force().filter(mine))
