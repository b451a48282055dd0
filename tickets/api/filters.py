"""The list's query, checked and turned into rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.api.shared import checked
from accounts.models import User
from helpdesk.lib.errors import Invalid, Text
from tickets.api.inputs import TicketQuery
from tickets.api.loading import is_customer
from tickets.models import Category
from tickets.models.tickets import TicketQuerySet
from tickets.queries import search
from tickets.rules import numbers

STAFF_ONLY = frozenset({"priority", "team", "assignee", "channel", "tag"})


def read_query(params: QueryDict, user: User) -> dict[str, Any]:
    """Raises Invalid for a filter that does not exist: ignored, it would quietly give too much."""
    known = set(TicketQuery().fields) - (STAFF_ONLY if is_customer(user) else frozenset())
    wrong: dict[str, Text] = {name: _("There is no such filter.") for name in params if name not in known}
    if wrong:
        raise Invalid(wrong)
    return checked(TicketQuery, params)


def filtered(rows: TicketQuerySet, said: Mapping[str, Any], user: User) -> TicketQuerySet:
    rows = rows.filter(**{lookup: said[name] for name, lookup in _PLAIN.items() if said.get(name)})
    if said.get("category"):
        rows = rows.filter(category__in=_with_children(said["category"]))
    if said.get("assignee"):
        rows = rows.filter(_assignee(said["assignee"], user))
    if said.get("q"):
        rows = _in_subject(rows, said["q"]) if is_customer(user) else search.matching(rows, said["q"])
    return rows


_PLAIN = {
    "status": "status__in",
    "priority": "priority__in",
    "brand": "brand__slug__in",
    "team": "team__slug__in",
    "channel": "channel__in",
    "tag": "tags__contains",
    "created_from": "created_at__gte",
    "created_before": "created_at__lt",
    "updated_since": "updated_at__gte",
}


def _with_children(slugs: list[str]) -> list[int]:
    own, parent, above = Q(slug__in=slugs), Q(parent__slug__in=slugs), Q(parent__parent__slug__in=slugs)
    return list(Category.objects.filter(own | parent | above).values_list("pk", flat=True))


def _assignee(word: str, user: User) -> Q:
    if word == "none":
        return Q(assignee=None)
    return Q(assignee=user) if word == "me" else Q(assignee__email=word.strip().lower())


def _in_subject(rows: TicketQuerySet, text: str) -> TicketQuerySet:
    """The words of a ticket include those of internal notes: customers look through their subjects only."""
    number = numbers.parse(text)
    return rows.filter(number=number) if number else rows.filter(subject__icontains=text)
