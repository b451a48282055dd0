"""A mail becomes a case, or is said on one. Runs in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.files.base import ContentFile
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access
from accounts.actions import customers
from accounts.models import Customer, User
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import attachments, messages
from tickets.actions.attachments import Withheld
from tickets.actions.correspondence import add_participants
from tickets.actions.intake import admit_full_text
from tickets.actions.rows import lock, lock_where_it_went
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.actors import Actor
from tickets.channels.email.knowing import Known
from tickets.channels.email.reading import Address
from tickets.choices import ActorKind, Channel, MailOutcome, Nature, Proof
from tickets.models import AutomaticAnswer, MailCopy, Message, Ticket
from tickets.queries.correspondence import (
    customer_with,
    is_customer,
    is_in_copy,
    pointers,
    recent_answers_to,
)
from tickets.rules import visibility
from tickets.rules.intake import MAX_BODY, clean_line, clean_text
from tickets.rules.languages import language_of
from tickets.rules.mail_noise import may_answer_again
from tickets.rules.mail_subjects import is_forward, plain_subject
from tickets.rules.replies import split_reply
from tickets.rules.threading import belongs_to, claims

MAX_FULL_TEXT = 500_000
MAX_HTML = 1_000_000
DESK = actors.system("mail")


class MailFile(ContentFile):  # type: ignore[type-arg]
    """A file of a mail, with the id by which its HTML shows it in place."""

    def __init__(self, content: bytes, name: str, content_id: str) -> None:
        super().__init__(content, name=name or _("file"))
        self.content_id = content_id


class Filing:
    """One mail on its way to a ticket."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.files, self.withheld = _files(known)
        self.body = _body(known)

    def file(self, *, nature: Nature | None = None, may_answer: bool = True) -> tuple[MailOutcome, Ticket]:
        """Say it on the case it belongs to, or open one."""
        found = self.belongs_to()
        if found is not None:
            if nature == Nature.AUTOMATIC:
                return MailOutcome.LOGGED, self._join(found, nature)
            staff = self._member_of_staff(found)
            if staff is not None:
                return MailOutcome.JOINED, self._note(found, staff)
            if not self._is_stranger(found) or messages.may_go_on(lock_where_it_went(found)):
                return MailOutcome.JOINED, self._join(found, nature)
        return MailOutcome.OPENED, self._open(may_answer)

    def belongs_to(self) -> Ticket | None:
        found = belongs_to(self._pointers(), proof=self.known.proof)
        return _ticket(found.ticket_id) if found else None

    def _pointers(self) -> list[Any]:
        known = self.known
        return pointers(
            brand=known.brand,
            sender=known.sender,
            tags=known.tags,
            references=known.references,
            subject=known.read.subject,
        )

    def _is_stranger(self, ticket: Ticket) -> bool:
        return not (is_customer(ticket, self.known.sender) or is_in_copy(ticket, self.known.sender))

    def _join(self, ticket: Ticket, nature: Nature | None) -> Ticket:
        stranger = self._is_stranger(ticket)
        by = actors.customer(ticket.customer) if is_customer(ticket, self.known.sender) else self._somebody()
        message = messages.customer_reply(
            ticket,
            body=self.body,
            by=by,
            files=self.files,
            channel=Channel.EMAIL,
            origin_key=self._key(),
            nature=nature,
        )
        self._copy(message, stranger=stranger)
        if not stranger and nature != Nature.AUTOMATIC:
            self._take_in_copies(message.ticket, by)
        return message.ticket

    def _somebody(self) -> Actor:
        """Not the customer: named by what the mail says, with the address that was proved."""
        name, address = clean_line(self.known.from_.name), self.known.sender
        # Never so long a name that the address would be cut off behind it.
        room = actors.MAX_NAME - len(address) - len(" <>")
        return Actor(ActorKind.CUSTOMER, f"{name[:room]} <{address}>" if name and room > 0 else address)

    def _member_of_staff(self, ticket: Ticket) -> User | None:
        """A colleague who works on the case and wrote by mail: among ourselves, until they say it in the desk."""
        user = User.objects.filter(email=self.known.sender, is_active=True).first()
        if (
            user is None
            or not access.can(user, Capability.WORK_TICKETS)
            or is_customer(ticket, self.known.sender)
        ):
            return None
        return user if visibility.may_see(user, ticket) else None

    def _note(self, ticket: Ticket, staff: User) -> Ticket:
        message = messages.note(
            lock_where_it_went(ticket),
            body=self.body,
            by=actors.staff(staff),
            files=self.files,
            channel=Channel.EMAIL,
            origin_key=self._key(),
        )
        self._copy(message, stranger=False)
        return message.ticket

    def _open(self, may_answer: bool) -> Ticket:
        customer, unproved = self._customer()
        no_receipt = self._no_receipt(customer, may_answer)
        new = NewTicket(
            brand=self.known.brand,
            customer=customer,
            body=self.body,
            subject=plain_subject(self.known.read.subject),
            attachments=self.files,
            channel=Channel.EMAIL,
            language=self._language(customer),
            origin_key=self._key(),
            unproved_sender=unproved,
            no_receipt=no_receipt,
        )
        by = actors.customer(customer) if not unproved else Actor(ActorKind.CUSTOMER, unproved)
        ticket = open_ticket(new, by=by)
        if not no_receipt:
            AutomaticAnswer.objects.create(email=customer.email, at=clock.now())
        claimed = None
        if self.known.proof != Proof.PROVED:
            claimed = claims(self._pointers())
        message = Message.objects.filter(ticket=ticket).earliest("pk")
        self._copy(message, stranger=False, claims_ticket_id=claimed.ticket_id if claimed else None)
        if not unproved:
            self._take_in_copies(lock(ticket), by)
        return ticket

    def _customer(self) -> tuple[Customer, str]:
        """Whose case it is. Nobody's where the sender is not proved: then also the address that it claims."""
        sender, name = self.known.sender, clean_line(self.known.from_.name)[:80]
        language = language_of(self.body) or self.known.brand.language
        if self.known.proof == Proof.PROVED:
            try:
                return customer_with(sender) or customers.find_or_create(
                    email=sender, name=name, language=language
                ), ""
            except Invalid:
                pass  # an address that mail can have and a customer cannot
        nobody = Customer.objects.create(name="", language=language)
        try:
            return nobody, customers.checked_email(sender)
        except Invalid:
            return nobody, ""

    def _language(self, customer: Customer) -> str:
        return language_of(self.body) or customer.language

    def _no_receipt(self, customer: Customer, may_answer: bool) -> str:
        if self.known.proof != Proof.PROVED:
            return "unproved"
        if not may_answer or not self.known.noise.may_answer:
            return "automatic"
        now = clock.now()
        return "" if may_answer_again(recent_answers_to(customer.email, now=now), now) else "enough"

    def _take_in_copies(self, ticket: Ticket, by: Actor) -> None:
        if ticket.brand.copies_to_participants and self.known.proof == Proof.PROVED:
            people = [(who.address, clean_line(who.name)) for who in self.known.others]
            add_participants(ticket, people, by=by)

    def _copy(self, message: Message, *, stranger: bool, claims_ticket_id: int | None = None) -> None:
        read = self.known.read
        MailCopy.objects.update_or_create(
            message=message,
            defaults={
                "incoming": self.known.mail,
                "internet_message_id": read.message_id[:400],
                "from_name": clean_line(self.known.from_.name)[:200],
                "from_address": self.known.sender,
                "to": _people(read.to),
                "cc": _people(read.cc),
                "subject": clean_line(read.subject)[:300],
                "sent_at": read.sent_at,
                "text": admit_full_text(read.text, limit=MAX_FULL_TEXT),
                "html": admit_full_text(read.html, limit=MAX_HTML) if len(read.html) <= MAX_HTML else "",
                "has_remote_images": read.has_remote_images,
                "withheld": [asdict(one) for one in self.withheld],
                "is_cut": self.known.mail.is_cut,
                "proof": self.known.proof,
                "proof_reason": self.known.verdict.reason[:200],
                "by_stranger": stranger,
                "claims_ticket_id": claims_ticket_id,
            },
        )

    def _key(self) -> str:
        return f"mail:{self.known.mail.pk}"


def _ticket(pk: int) -> Ticket:
    return Ticket.objects.select_related("brand", "customer").get(pk=pk)


def _files(known: Known) -> tuple[list[Any], list[Withheld]]:
    files = [MailFile(file.content, file.name, file.content_id) for file in known.read.files]
    return attachments.sorted_out(files, at_most=attachments.most_files(Channel.EMAIL))


def _body(known: Known) -> str:
    """What was written now; the whole text where that cannot be told, and a word for a mail without any."""
    whole = clean_text(known.read.text)
    text = whole if is_forward(known.read.subject) else clean_text(split_reply(whole).new) or whole
    if not text:
        with translation.override(known.brand.language):
            return _("(This mail has no text.)")
    if len(text) > MAX_BODY:
        return f"{text[: MAX_BODY - 1].rstrip()}…"
    return text


def _people(people: Sequence[Address]) -> list[dict[str, str]]:
    return [
        {"name": clean_line(one.name)[:200], "address": clean_line(one.address)[:320]} for one in people[:100]
    ]
