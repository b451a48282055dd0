"""Messages that came by mail, and what their mails said in full."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Length
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.rules.contact import normal_email
from tickets.choices import Proof
from tickets.models import Attachment, MailCopy, Message, Ticket
from tickets.queries.ticket_page import seen

#: Up to megabytes each: read where somebody asks for the whole mail.
_BIG = ("mail_copy__text", "mail_copy__html")


def with_mail(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Each message with what is known of its mail, in the same query, and whether the mail has HTML."""
    has_html = ExpressionWrapper(Q(mail_copy__html__gt=""), output_field=BooleanField())
    return rows.select_related("mail_copy").defer(*_BIG).annotate(mail_has_html=has_html)


def mail_of(message: Message) -> MailCopy | None:
    """None where it did not come by mail."""
    return getattr(message, "mail_copy", None)


def has_html(message: Message) -> bool:
    """Without reading it, where the message was loaded ``with_mail``."""
    known: bool | None = getattr(message, "mail_has_html", None)
    return bool(message.mail_copy.html) if known is None else known


def mail_or_404(user: User, message: int) -> MailCopy:
    """All of the mail that a message was made of, for staff who may see its ticket."""
    found = get_object_or_404(MailCopy.objects.select_related("message__ticket"), message=message)
    if not Ticket.objects.visible_to(user).filter(pk=found.message.ticket_id).exists():
        raise Http404
    seen(found.message.ticket)
    return found


def pictures_in_place(mail: MailCopy) -> dict[str, Attachment]:
    """The pictures that its HTML may show where they belong, by content id."""
    files = Attachment.objects.filter(message=mail.message_id).exclude(content_id="").order_by("-pk")
    return {file.content_id: file for file in files if file.is_image and file.is_ready}


def unproved_mail(ticket: Ticket) -> MailCopy | None:
    """The mail that opened a case whose sender is not accepted, with the case that it would have joined."""
    rows = MailCopy.objects.filter(message__ticket=ticket).exclude(proof=Proof.PROVED)
    return rows.defer("text", "html").select_related("claims_ticket").order_by("message_id").first()


def with_own_mail(rows: QuerySet[Message]) -> QuerySet[Message]:
    """For the customer's page. ``mail_is_longer``: the mail says more than the message shows of it, quotes say."""
    more = ExpressionWrapper(Q(mail_length__gt=F("body_length")), output_field=BooleanField())
    measured = rows.annotate(mail_length=Length("mail_copy__text"), body_length=Length("body"))
    return measured.annotate(mail_is_longer=more).select_related("mail_copy").defer(*_BIG)


def is_from(addresses: Collection[str], mail: MailCopy) -> bool:
    """Whether one of the ``addresses`` wrote it, and not somebody whom the case did not know."""
    return not mail.by_stranger and normal_email(mail.from_address) in addresses
