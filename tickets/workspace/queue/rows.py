"""The rows of the queue: flat and ready to print. A template that looks each thing up by itself takes as long as all
the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules.contacts_in_texts import masked_text
from tickets.choices import Channel, Priority, Status
from tickets.models import Ticket, Timer
from tickets.queries import clocks as clock_queries
from tickets.queries import inbox
from tickets.queries.excerpts import Found, Source, marked
from tickets.rules import numbers
from tickets.workspace import words
from tickets.workspace.clocks import clock_of

#: How wide what is shown before a hit may be, in Latin letters; from FULL_WIDTH on characters count twice.
BEFORE_HIT = 32
FULL_WIDTH = "\u2e80"


@dataclass(frozen=True)
class Cell:
    """``kind`` says how it is drawn: "" is plain text, with ``title`` for what its hover says."""

    name: str
    text: str = ""
    kind: str = ""
    title: str = ""
    tone: str = ""
    clock: Any = None


@dataclass(frozen=True)
class Said:
    """Words that every row needs, translated once for a page."""

    statuses: Mapping[str, Any]
    priorities: Mapping[int, Any]
    channels: Mapping[str, Any]
    languages: Mapping[str, str]
    nobody: str
    nothing: str

    @classmethod
    def now(cls) -> Said:
        return cls(
            dict(Status.choices),
            dict(Priority.choices),
            dict(Channel.choices),
            {code: str(name) for code, name in settings.LANGUAGES},
            _("nobody"),
            _("no promise open"),
        )


def context_of(
    user: User,
    tickets: Sequence[Ticket],
    columns: Sequence[str],
    *,
    searched: str = "",
    found: Mapping[int, Found] | None = None,
) -> dict[str, Any]:
    """What ``workspace/queue_row.html`` needs for each of ``rows``. Two queries however many there are.

    ``searched`` are the words of a search, ``found`` where it found them.
    """
    found = found or {}
    said = Said.now()
    base = reverse("workspace:ticket", args=["0" * numbers.LENGTH])
    timers = clock_queries.nearest_of([ticket.pk for ticket in tickets if ticket.is_active])
    unread = inbox.unread_of(user.pk, [ticket.pk for ticket in tickets])
    return {
        "rows": [
            {
                "number": ticket.number,
                "shown": ticket.display_number,
                "version": ticket.version,
                "address": base.replace("0" * numbers.LENGTH, ticket.number),
                "subject": ticket.subject,
                "marked": marked(masked_text(ticket.subject), searched) if searched else (),
                "found": _hit_in_view(found.get(ticket.pk)),
                "excerpt": masked_text(getattr(ticket, "excerpt", "") or ""),
                "tags": () if "tags" in columns else ticket.tags,
                "complaint": ticket.is_complaint,
                "waits": customer_waits(ticket),
                "unread": ticket.pk in unread,
                "cells": [CELLS[name](ticket, said, timers) for name in columns],
            }
            for ticket in tickets
        ],
        "sources": {
            Source.NOTE: _("Internal note"),
            Source.FILE: _("File"),
            Source.CUSTOMER: _("Customer"),
        },
        "complaint": _("complaint"),
        "waits": _("The customer waits for an answer"),
        "pick": _("Choose"),
        "is_unread": _("Unread: mark as read"),
        "is_read": _("Read: mark as unread"),
    }


def _hit_in_view(found: Found | None) -> Found | None:
    """With so little before the first hit that it stands in the two lines that a row has for it."""
    if found is None or not found.pieces or found.pieces[0][1]:
        return found
    before, start, room = found.pieces[0][0], len(found.pieces[0][0]), BEFORE_HIT
    while start and room > 0:
        start -= 1
        room -= 2 if before[start] >= FULL_WIDTH else 1
    if not start:
        return found
    return replace(found, pieces=[(f"…{before[start:].lstrip()}", False), *found.pieces[1:]])


def customer_waits(ticket: Ticket) -> bool:
    """The customer spoke last, and nobody has answered."""
    heard, answered = ticket.last_customer_message_at, ticket.last_staff_message_at
    return ticket.is_active and heard is not None and (answered is None or heard > answered)


Timers = Mapping[int, Timer]
Draw = Callable[[Ticket, Said, Timers], Cell]


def _status(ticket: Ticket, said: Said, _timers: Timers) -> Cell:
    return Cell("status", str(said.statuses[ticket.status]), "status", tone=ticket.status)


def _priority(ticket: Ticket, said: Said, _timers: Timers) -> Cell:
    return Cell("priority", str(said.priorities[ticket.priority]), "priority", tone=str(ticket.priority))


def _assignee(ticket: Ticket, said: Said, _timers: Timers) -> Cell:
    if ticket.assignee is None:
        return Cell("assignee", said.nobody, "nobody")
    return Cell("assignee", ticket.assignee.display_name)


def _due(ticket: Ticket, said: Said, timers: Timers) -> Cell:
    timer = timers.get(ticket.pk)
    clock = clock_of(timer, ticket) if timer else None
    return Cell("due", said.nothing if ticket.is_active else "", "due", clock=clock)


def _category(ticket: Ticket, _said: Said, _timers: Timers) -> Cell:
    return Cell("category", ticket.category.name if ticket.category else "—")


def _team(ticket: Ticket, _said: Said, _timers: Timers) -> Cell:
    return Cell("team", ticket.team.name if ticket.team else "—")


def _channel(ticket: Ticket, said: Said, _timers: Timers) -> Cell:
    return Cell("channel", str(said.channels.get(ticket.channel, ticket.channel)))


def _language(ticket: Ticket, said: Said, _timers: Timers) -> Cell:
    return Cell("language", said.languages.get(ticket.language, ticket.language))


def _time(name: str, of: Callable[[Ticket], datetime | None]) -> Draw:
    def draw(ticket: Ticket, _said: Said, _timers: Timers) -> Cell:
        moment = of(ticket)
        if moment is None:
            return Cell(name, "—")
        return Cell(name, words.ago(moment), "time", title=words.exactly(moment), tone=moment.isoformat())

    return draw


CELLS: Mapping[str, Draw] = {
    "number": lambda ticket, _said, _timers: Cell("number", ticket.display_number, "number"),
    "subject": lambda ticket, _said, _timers: Cell("subject", ticket.subject, "subject"),
    "customer": lambda ticket, _said, _timers: Cell("customer", ticket.customer.display_name),
    "category": _category,
    "status": _status,
    "priority": _priority,
    "assignee": _assignee,
    "due": _due,
    "brand": lambda ticket, _said, _timers: Cell("brand", ticket.brand.name),
    "team": _team,
    "channel": _channel,
    "language": _language,
    "opened": _time("opened", lambda ticket: ticket.created_at),
    "updated": _time("updated", lambda ticket: ticket.updated_at),
    "heard": _time("heard", lambda ticket: ticket.last_customer_message_at),
    "tags": lambda ticket, _said, _timers: Cell("tags", ", ".join(ticket.tags)),
}
