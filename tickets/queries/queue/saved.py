"""The views that people keep: who sees which, and what each asks."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.models import SavedView
from tickets.queries.queue.question import Question, View
from tickets.rules.queue import read_filters, read_order, usual_order

#: The built-in view that a kept one narrows stands among its conditions.
BASE = "view"
#: A saved view in an address: "v12".
PREFIX = "v"


def seen_by(user: User) -> Sequence[SavedView]:
    """One's own, those of one's teams and those for everybody, in their order. Whose they are says nothing about what
    may be seen through them.
    """
    theirs = Q(owner=user) | Q(is_shared=True) | Q(team_id__in=user.team_ids)
    return list(SavedView.objects.filter(theirs).select_related("team", "owner").order_by("position", "id"))


def may_edit(user: User, view: SavedView) -> bool:
    """One's own; and of those that are shared with whom one is among, whoever may share."""
    if view.owner_id == user.pk:
        return True
    shared = view.is_shared or view.team_id in user.team_ids
    return shared and access.can(user, Capability.SHARE_VIEWS)


def key_of(view: SavedView) -> str:
    return f"{PREFIX}{view.pk}"


def base_of(view: SavedView) -> str:
    given = _lists(view.conditions).get(BASE, [])
    return given[0] if given and given[0] in View.values else View.ALL


def filters_of(view: SavedView) -> dict[str, tuple[str, ...]]:
    """Read as leniently as an address: a condition that is no longer known is left out."""
    return read_filters(_lists(view.conditions))


def order_of(view: SavedView) -> str:
    return read_order(view.sort) or usual_order(filters_of(view))


def question_of(view: SavedView) -> Question:
    order = order_of(view)
    return Question(base_of(view), filters_of(view), order.removeprefix("-"), order.startswith("-"))


def _lists(conditions: object) -> dict[str, list[str]]:
    if not isinstance(conditions, dict):
        return {}
    return {
        str(name): [text for text in values if isinstance(text, str)]
        for name, values in conditions.items()
        if isinstance(values, list)
    }
