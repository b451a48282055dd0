"""What may be set of a case on its page: each with its choices and what is set now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts import access
from accounts.choices import Tier
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.choices import ActorKind, Priority, Status
from tickets.models import Ticket
from tickets.queries.pickers import Pickers
from tickets.rules import lifecycle

YES = "yes"


@dataclass(frozen=True)
class Property:
    """Something that may be set: its choices, and what is set now."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    now: str
    chosen: str

    @property
    def is_switch(self) -> bool:
        return [value for value, _label in self.options] == ["", YES]


def properties(user: User, ticket: Ticket, wanted: Mapping[str, str], choices: Pickers) -> list[Property]:
    found = [
        ("status", _("Status"), _statuses(ticket), ticket.status),
        ("priority", _("Priority"), _priorities(), Priority(ticket.priority).slug),
        ("assignee", _("Assignee"), _assignees(user, ticket, choices), str(ticket.assignee_id or "")),
        ("team", _("Team"), _teams(ticket, choices), str(ticket.team_id or "")),
        ("category", _("Category"), _categories(ticket, choices), str(ticket.category_id or "")),
        ("complaint", _("Complaint"), _yes_or_no(), YES if ticket.is_complaint else ""),
    ]
    return [Property(name, title, options, now, wanted.get(name, now)) for name, title, options, now in found]


def _statuses(ticket: Ticket) -> list[tuple[str, str]]:
    """The present one and where it may go from there, always in the order of a case's life."""
    shown = {Status(ticket.status), *lifecycle.allowed(ticket.status, ActorKind.STAFF)}
    return [(str(status.value), str(status.label)) for status in Status if status in shown]


def _priorities() -> list[tuple[str, str]]:
    return [(priority.slug, str(priority.label)) for priority in reversed(Priority)]


def _yes_or_no() -> list[tuple[str, str]]:
    return [("", _("no")), (YES, _("yes"))]


def tier_of(user: User, ticket: Ticket, wanted: Mapping[str, str]) -> Property | None:
    """The customer's, for those who may change it."""
    if not access.can(user, Capability.ASSIGN_OTHERS):
        return None
    now = ticket.customer.tier
    options = [(value, str(label)) for value, label in Tier.choices]
    return Property("tier", _("Tier"), options, now, wanted.get("tier", now))


def _assignees(user: User, ticket: Ticket, choices: Pickers) -> list[tuple[str, str]]:
    """Everybody who can have it, for those who may give it away; else just oneself and nobody."""
    everyone = [(str(worker.value), worker.label) for worker in choices.may_have(ticket)]
    if not access.can(user, Capability.ASSIGN_OTHERS):
        own = {str(user.pk), str(ticket.assignee_id)}
        everyone = [choice for choice in everyone if choice[0] in own]
    held = ticket.assignee
    if held is not None and str(held.pk) not in dict(everyone):
        everyone.append((str(held.pk), held.display_name))
    return [("", _("nobody")), *everyone]


def _teams(ticket: Ticket, choices: Pickers) -> list[tuple[str, str]]:
    known = [(str(choice.value), choice.label) for choice in choices.teams]
    return known if ticket.team_id else [("", "—"), *known]


def _categories(ticket: Ticket, choices: Pickers) -> list[tuple[str, str]]:
    known = [(str(choice.value), choice.label) for choice in choices.categories]
    if ticket.category is None:
        return [("", "—"), *known]
    if str(ticket.category_id) not in dict(known):  # no longer in use
        known.append((str(ticket.category_id), str(ticket.category)))
    return known
