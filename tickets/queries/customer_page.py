"""What a customer reads: their cases, the letters of one case. Internal notes are never loaded here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import Brand, User
from accounts.queries.customers import addresses_of
from tickets.choices import EventKind, Status, TimerKind, TimerState, Visibility
from tickets.models import Attachment, Event, MailCopy, Message, Ticket, Timer
from tickets.models.messages import customers_read
from tickets.queries.mails import is_from, mail_of, with_own_mail

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
    """``number`` is its place in the conversation; files are numbered through. Ids would tell how busy we are."""

    number: int
    message: Message
    files: list[tuple[int, Attachment]]
    #: By mail from somebody else than the customer: in copy, or from an address that the case did not know.
    by_another: bool = False
    #: The customer's own mail says more than is shown of it: what they quoted, their signature.
    has_more: bool = False


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
    rows = with_own_mail(_read_by_customer(ticket)).prefetch_related("attachments")
    numbers = {pk: number for number, pk in enumerate(_public_files(ticket).values_list("pk", flat=True), 1)}
    addresses = addresses_of(ticket.customer)
    return [
        _letter(place, row, [(numbers[file.pk], file) for file in _sent(row)], addresses)
        for place, row in enumerate(rows, 1)
    ]


def _sent(row: Message) -> list[Attachment]:
    """Without the logos of a signature."""
    return [file for file in row.attachments.all() if not file.is_ornament]


def _letter(
    place: int, row: Message, files: list[tuple[int, Attachment]], addresses: Collection[str]
) -> Letter:
    mail = mail_of(row) if row.by_customer else None
    own = mail is not None and is_from(addresses, mail)
    return Letter(place, row, files, mail is not None and not own, own and bool(row.mail_is_longer))  # type: ignore[attr-defined]


def _read_by_customer(ticket: Ticket) -> QuerySet[Message]:
    return Message.objects.for_customers().filter(ticket=ticket).order_by("id")


def own_mail_or_404(ticket: Ticket, number: int) -> MailCopy:
    """The whole mail behind a letter, by its place: the customer's own, nobody else's."""
    row = _read_by_customer(ticket)[number - 1 : number].first() if 0 < number < 10_000 else None
    mail = mail_of(row) if row is not None and row.by_customer else None
    if mail is None or not is_from(addresses_of(ticket.customer), mail):
        raise Http404("No such mail.")
    return mail


def _public_files(ticket: Ticket) -> QuerySet[Attachment]:
    """The files of the conversation, in an order to which only the end is added; not those of internal notes.

    Those of replies that are held, or were taken back, keep their numbers: a link to another file stays right.
    """
    return Attachment.objects.filter(message__ticket=ticket, message__visibility=Visibility.PUBLIC).order_by(
        "id"
    )


def place_of(message: Message) -> int:
    """Which letter of its case this is."""
    return Message.objects.for_customers().filter(ticket=message.ticket_id, pk__lte=message.pk).count()


def turns_of(ticket: Ticket) -> list[Turn]:
    """When it was solved, closed or taken up again; the other states are our own business.

    Nothing of what a reply did that is held, or was taken back: the customer never got it.
    """
    told = Q(message=None) | customers_read("message__")
    rows = Event.objects.filter(told, ticket=ticket, kind=EventKind.STATUS_CHANGED).order_by("id")
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


def file_or_404(ticket: Ticket, number: int) -> Attachment:
    """A file by its number in the conversation."""
    found = _public_files(ticket)[number - 1 : number].first() if 0 < number < 10_000 else None
    if found is None or not Message.objects.for_customers().filter(pk=found.message_id).exists():
        raise Http404("No such file.")
    return found
