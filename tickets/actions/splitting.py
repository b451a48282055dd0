"""One message of a case becomes a case of its own."""

from __future__ import annotations

from contextlib import suppress

from django.core.files.base import File
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, Invalid
from tickets.actions.file_intake import copy_of
from tickets.actions.linking import relate_quietly
from tickets.actions.status import lock_to_change
from tickets.actions.tickets import NewTicket, mark_complaint, open_ticket
from tickets.actors import Actor
from tickets.choices import Channel, EventKind, FileState
from tickets.events import emit
from tickets.models import Attachment, Category, Message, Ticket
from tickets.rules import numbers

#: Why the customer gets no receipt: they said it once, and nobody asked for a second answer.
NO_RECEIPT = "split"


class SplitAlready(Conflict):
    """The message has a case of its own, which the message names."""

    code = "split_already"

    def __init__(self, number: str) -> None:
        shown = numbers.display(number)
        super().__init__(
            format_lazy(_("This message went on in {number} already."), number=shown), number=number
        )


@transaction.atomic
def split_off(
    message: Message,
    *,
    by: Actor,
    category: Category | None = None,
    subject: str = "",
    with_receipt: bool = False,
) -> Ticket:
    """Open a case of the same customer and brand from what they wrote: text, files and moment are the message's.

    ``category`` is the same unless said otherwise, ``subject`` else the beginning of the text. The message stays where
    it is; both timelines tell of the other case, and the two are linked. What the new case is owed counts from when
    the message was written. Raises Invalid for what no customer said, SplitAlready the second time.
    """
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(message.ticket)
    message = Message.objects.get(pk=message.pk)
    if not (message.by_customer and message.is_public):
        raise Invalid({"message": _("Only what the customer wrote can be made a case of its own.")})
    _refuse_second(ticket, message)
    category = category or ticket.category
    files = _copies(message)
    opened = open_ticket(_new(ticket, message, category, subject, files, with_receipt), by=by)
    said = _keep_author(opened, message)
    if ticket.is_complaint and category == ticket.category and not opened.is_complaint:
        opened = mark_complaint(opened, is_complaint=True, by=by)
    relate_quietly(opened, ticket, by=by)
    emit(ticket, EventKind.SPLIT_OFF, by=by, message=message, number=opened.number)
    emit(opened, EventKind.SPLIT_FROM, by=by, message=said, number=ticket.number)
    return opened


def _refuse_second(ticket: Ticket, message: Message) -> None:
    rows = ticket.events.filter(kind=EventKind.SPLIT_OFF, message=message)
    number = rows.values_list("data__number", flat=True).first()
    if number:
        raise SplitAlready(number)


def _new(
    ticket: Ticket,
    message: Message,
    category: Category | None,
    subject: str,
    files: list[File[bytes]],
    with_receipt: bool,
) -> NewTicket:
    return NewTicket(
        brand=ticket.brand,
        customer=ticket.customer,
        category=category,
        subject=subject,
        body=message.body,
        attachments=files,
        channel=Channel(message.channel),
        language=ticket.language,
        opened_at=message.created_at,
        origin_key=f"split:{message.pk}",
        unproved_sender=ticket.unproved_sender,
        no_receipt="" if with_receipt else NO_RECEIPT,
    )


def _keep_author(opened: Ticket, message: Message) -> Message:
    """Somebody in copy may have written it; and whether it asks for an answer was perhaps judged by hand."""
    said = Message.objects.filter(ticket=opened).earliest("pk")
    said.author, said.author_name, said.nature = message.author, message.author_name, message.nature
    said.save(update_fields=["author", "author_name", "nature"])
    return said


def _copies(message: Message) -> list[File[bytes]]:
    """Its files, each judged as the original is. One that the store has lost is lost to both cases."""
    found: list[File[bytes]] = []
    rows = Attachment.objects.filter(message=message).exclude(state=FileState.DELETED)
    for row in rows.order_by("pk"):
        with suppress(FileNotFoundError):
            found.append(copy_of(row))
    return found
