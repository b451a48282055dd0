"""The views of the queue that people keep for themselves and for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Team, User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets.actions.intake import admit_line
from tickets.models import SavedView
from tickets.queries.queue.question import View
from tickets.queries.queue.saved import BASE, may_edit
from tickets.rules.intake import clean_line
from tickets.rules.queue import read_columns, read_filters, read_order

MOST_VIEWS = 50
MAX_NAME = 60
STEP = 10


@dataclass(frozen=True)
class Asked:
    """What a view keeps of the queue: ``base`` is the built-in view that it narrows."""

    base: str
    filters: Mapping[str, Sequence[str]]
    q: str = ""
    columns: Sequence[str] = ()
    sort: str = ""

    def conditions(self) -> dict[str, list[str]]:
        known = {name: list(values) for name, values in read_filters(self.filters).items()}
        return (
            known if self.base not in View.values or self.base == View.ALL else {BASE: [self.base], **known}
        )


@dataclass(frozen=True)
class Audience:
    """For whom a view is: a team, everybody, or just its owner."""

    team: Team | None = None
    everybody: bool = False

    @property
    def is_shared(self) -> bool:
        return self.everybody or self.team is not None


JUST_ME = Audience()


@transaction.atomic
def save_view(owner: User, *, name: str, asked: Asked, audience: Audience = JUST_ME) -> SavedView:
    User.objects.select_for_update(no_key=True).get(
        pk=owner.pk
    )  # two at once are counted one after the other
    name = _checked(owner, name, audience)
    own = SavedView.objects.filter(owner=owner)
    if own.count() >= MOST_VIEWS:
        raise Invalid(
            {"name": _("You keep %(most)s views already. Delete one first.") % {"most": MOST_VIEWS}}
        )
    last = own.aggregate(last=Max("position"))["last"] or 0
    return SavedView.objects.create(
        owner=owner,
        name=name,
        team=None if audience.everybody else audience.team,
        is_shared=audience.everybody,
        position=min(last + STEP, 32_000),
        **_kept(asked),
    )


@transaction.atomic
def change_view(view: SavedView, *, by: User, name: str, audience: Audience) -> SavedView:
    """Another name, others who see it."""
    view = _lock(view, by)
    same = Audience(view.team, view.is_shared)
    view.name = _checked(by, name, JUST_ME if audience == same else audience)
    view.team, view.is_shared = (None if audience.everybody else audience.team), audience.everybody
    view.save(update_fields=["name", "team", "is_shared"])
    return view


@transaction.atomic
def change_question(view: SavedView, *, by: User, asked: Asked) -> SavedView:
    """What the view asks, from now on."""
    view = _lock(view, by)
    for name, value in _kept(asked).items():
        setattr(view, name, value)
    view.save(update_fields=["conditions", "q", "columns", "sort"])
    return view


@transaction.atomic
def set_columns(view: SavedView, *, by: User, columns: Sequence[str]) -> SavedView:
    view = _lock(view, by)
    view.columns = list(read_columns(columns))
    view.save(update_fields=["columns"])
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    _lock(view, by).delete()


@transaction.atomic
def move_view(view: SavedView, *, by: User, step: int) -> None:
    """One place up (-1) or down (1) among the views that are for the same people."""
    view = _lock(view, by)
    among = list(SavedView.objects.filter(_beside(view)).select_for_update().order_by("position", "id"))
    at = next(place for place, other in enumerate(among) if other.pk == view.pk)
    to = at + step
    if not 0 <= to < len(among):
        return
    among[at], among[to] = among[to], among[at]
    for place, other in enumerate(among, start=1):
        other.position = place * STEP
    SavedView.objects.bulk_update(among, ["position"])


def _beside(view: SavedView) -> Q:
    if view.is_shared:
        return Q(is_shared=True)
    if view.team_id is not None:
        return Q(is_shared=False, team=view.team_id)
    return Q(is_shared=False, team=None, owner=view.owner_id)


def _lock(view: SavedView, by: User) -> SavedView:
    held = SavedView.objects.select_for_update(of=("self",)).select_related("team").get(pk=view.pk)
    if not may_edit(by, held):
        raise NotAllowed
    return held


def _kept(asked: Asked) -> dict[str, object]:
    return {
        "conditions": asked.conditions(),
        "q": admit_line(asked.q, limit=200),
        "columns": list(read_columns(asked.columns)),
        "sort": read_order(asked.sort),
    }


def _checked(by: User, name: str, audience: Audience) -> str:
    name = clean_line(name)
    if not name:
        raise Invalid({"name": _("Give the view a name.")})
    if len(name) > MAX_NAME:
        raise Invalid({"name": _("A name has at most %(most)s characters.") % {"most": MAX_NAME}})
    if audience.is_shared:
        access.require(by, Capability.SHARE_VIEWS)
    everywhere = access.can(by, Capability.VIEW_ALL_TICKETS) or access.can(by, Capability.VIEW_BRAND_TICKETS)
    if audience.team is not None and not everywhere and audience.team.pk not in by.team_ids:
        raise Invalid({"audience": _("Choose one of your teams.")})
    return name
