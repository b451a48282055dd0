"""Which part of a conversation a page shows: it grows when somebody asks for earlier messages, and stays so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.choices import TimerKind, TimerState
from tickets.models import Ticket, Timer
from tickets.queries import clocks
from tickets.queries import conversation as queries
from tickets.queries.conversation import Conversation
from tickets.queries.ticket_page import ticket_or_404
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

#: Ids in the database have no more digits.
_DIGITS = 18


@dataclass(frozen=True)
class Window:
    """As the page says in the header ``X-Conversation`` ("first new"): the first message that it shows, and the one
    that it marks as new; 0 for none."""

    since: int = 0
    first_new: int = 0


def window_of(request: HttpRequest) -> Window:
    parts = request.headers.get("X-Conversation", "").split()
    if len(parts) != 2 or not all(part.isdecimal() and len(part) <= _DIGITS for part in parts):
        return Window()
    return Window(int(parts[0]), int(parts[1]))


def talk(
    user: User, ticket: Ticket, conversation: Conversation, timers: Sequence[Timer], first_new: int | None
) -> dict[str, Any]:
    """What the entries of a conversation need to be drawn."""
    may_work = access.can(user, Capability.WORK_TICKETS)
    return {
        "ticket": ticket,
        "me": user,
        "may_work": may_work,
        # A case that was merged into another is changed there.
        "may_change": may_work and ticket.merged_into_id is None,
        "conversation": conversation,
        "first_new": first_new,
        "waiting_since": _waiting_since(ticket, timers),
    }


def _waiting_since(ticket: Ticket, timers: Sequence[Timer]) -> datetime | None:
    """What the customer wrote after this waits for a next reply; None when nothing does."""
    owed = any(
        timer.kind == TimerKind.NEXT_RESPONSE and timer.state in (TimerState.RUNNING, TimerState.PAUSED)
        for timer in timers
    )
    return (ticket.last_staff_message_at or ticket.created_at) if owed else None


@require_GET
@workspace_page()
def earlier(request: StaffRequest, number: str) -> HttpResponse:
    """The messages before the one named, to be put in above it."""
    ticket = ticket_or_404(request.user, number)
    named = request.GET.get("before", "")
    message = int(named) if named.isdecimal() and len(named) <= _DIGITS else 0
    shown = queries.before(ticket, message, viewer=request.user)
    context = talk(request.user, ticket, shown, clocks.of_ticket(ticket), None)
    return shell.part(request, "workspace/conversation_entries.html", context)
