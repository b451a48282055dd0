"""What is asked of the queue, and the tickets that answer it. Addresses, saved views and search all ask this way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import models

from accounts.models import User
from helpdesk.lib import clock
from tickets.models import Ticket
from tickets.models.tickets import ACTIVE, TicketQuerySet
from tickets.queries.queue.conditions import CONDITIONS, Asker
from tickets.rules.queue import ANY, DEFAULT_ORDER, asks_for_ended

DUE_SOON = timedelta(hours=4)


class View(models.TextChoices):
    """The views that are there for everybody."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    DUE = "due"
    ALL = "all"


@dataclass(frozen=True)
class Question:
    """``filters`` as ``rules.queue.read_filters`` gives them; without a status it is about what is still open."""

    view: str = View.ALL
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = DEFAULT_ORDER
    descending: bool = False

    @property
    def asks_for_ended(self) -> bool:
        return asks_for_ended(self.filters)


def find(user: User, question: Question) -> TicketQuerySet:
    """The tickets that the user may see and the question asks for, in no order."""
    rows = in_view(Ticket.objects.visible_to(user), user, question.view)
    rows = _in_status(rows, question.filters.get("status", ()))
    asker = Asker(user, clock.now())
    for name, values in question.filters.items():
        condition = CONDITIONS.get(name)
        if condition is not None and values:
            rows = rows.filter(condition(values, asker))
    return rows


def in_view(rows: TicketQuerySet, user: User, view: str) -> TicketQuerySet:
    if view == View.MINE:
        return rows.filter(assignee_id=user.pk)
    if view == View.UNASSIGNED:
        return rows.filter(assignee=None)
    if view == View.TEAM:
        return rows.filter(team_id__in=user.team_ids)
    if view == View.DUE:
        return rows.filter(due_at__lte=clock.now() + DUE_SOON)
    return rows


def _in_status(rows: TicketQuerySet, wanted: tuple[str, ...]) -> TicketQuerySet:
    """Said so that an index of the active ones serves whenever nothing else is asked for."""
    if ANY in wanted:
        return rows
    if not wanted:
        return rows.filter(ACTIVE)
    rows = rows.filter(status=wanted[0]) if len(wanted) == 1 else rows.filter(status__in=wanted)
    return rows if asks_for_ended({"status": wanted}) else rows.filter(ACTIVE)
