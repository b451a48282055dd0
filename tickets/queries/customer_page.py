"""What a customer reads: their cases, the letters of one case. Internal notes are never loaded here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Brand, User
from tickets.choices import EventKind, Status, TimerKind, TimerState, Visibility
from tickets.models import Attachment, Event, Message, Ticket, Timer

_ENDED = frozenset({Status.SOLVED.value, Status.CLOSED.value})


@dataclass(frozen=True)
class Promise:
    """The next thing we owe the customer, and by when."""

    kind: TimerKind
    due_at: datetime


@dataclass(frozen=True)
class Turn:
    """The case came to an end or began again."""

    at: datetime
    to: str
    by_customer: bool


@dataclass(frozen=True)
class Letter:
    message: Message
    attachments: list[Attachment]


def own_cases(user: User, brand: Brand) -> QuerySet[Ticket]:
    """The cases of the person behind a log-in with one brand, the last touched first."""
    return (
        Ticket.objects.visible_to(user)
        .filter(customer__user=user, brand=brand)
        .select_related("category")
        .order_by("-updated_at", "-id")
    )


def letters_of(ticket: Ticket) -> list[Letter]:
    """What was said between us and the customer, oldest first."""
    rows = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC).prefetch_related("attachments")
    return [Letter(row, list(row.attachments.all())) for row in rows.order_by("id")]


def turns_of(ticket: Ticket) -> list[Turn]:
    """When it was solved, closed or taken up again; the other states are our own business."""
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS_CHANGED).order_by("id")
    found = []
    for at, data, actor_kind in rows.values_list("at", "data", "actor_kind"):
        before, to = data.get("from"), data.get("to")
        if to in _ENDED or before in _ENDED:
            found.append(Turn(at, to if to in _ENDED else "reopened", actor_kind == "customer"))
    return found


def promise_of(ticket: Ticket) -> Promise | None:
    """The running promise: the first answer before the solution. None while the customer is asked, or all is done."""
    running = {
        row.kind: row.due_at
        for row in Timer.objects.filter(ticket=ticket, state=TimerState.RUNNING, due_at__isnull=False)
    }
    for kind in (TimerKind.FIRST_RESPONSE, TimerKind.RESOLUTION):
        due = running.get(kind.value)
        if due is not None:
            return Promise(kind, due)
    return None


def public_attachment_or_404(ticket: Ticket, pk: int) -> Attachment:
    """A file of the conversation; one that hangs on an internal note is not there."""
    found = Attachment.objects.filter(message__ticket=ticket, message__visibility=Visibility.PUBLIC)
    return get_object_or_404(found, pk=pk)
