"""A mail becomes a case, or is said on one. Runs in the caller's transaction."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from accounts.actions import customers
from accounts.models import Customer
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import forwarding, messages
from tickets.actions.attachments import Withheld
from tickets.actions.correspondence import (
    MAX_PARTICIPANTS,
    add_participants,
    note_automatic_answer,
    tell_incomplete,
)
from tickets.actions.rows import lock_where_it_went
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.actors import Actor
from tickets.channels.email.contents import body_of, files_of
from tickets.channels.email.copying import keep_copy
from tickets.channels.email.knowing import Known
from tickets.channels.email.reading import Address
from tickets.channels.email.receipts import why_not_answered
from tickets.choices import ActorKind, Channel, MailOutcome, Nature, Proof
from tickets.models import Message, Ticket
from tickets.queries.correspondence import (
    answers_a_forward,
    customer_with,
    pointers,
    recent_mails_on,
)
from tickets.queries.merged import where_it_went
from tickets.queries.standing import Standing, staff_with, standing
from tickets.rules.intake import clean_line
from tickets.rules.languages import language_of
from tickets.rules.mail_noise import too_many
from tickets.rules.mail_subjects import plain_subject
from tickets.rules.threading import Pointer, belongs_to, claims

HOUR = timedelta(hours=1)


class Filing:
    """One mail on its way to a ticket."""

    def __init__(self, known: Known) -> None:
        self.known = known

    @cached_property
    def body(self) -> str:
        return body_of(self.known)

    @property
    def files(self) -> list[Any]:
        return self._files[0]

    @cached_property
    def _files(self) -> tuple[list[Any], list[Withheld]]:
        return files_of(self.known)

    @cached_property
    def _pointers(self) -> list[Pointer]:
        known = self.known
        return pointers(
            brand=known.brand,
            sender=known.sender,
            tags=known.tags,
            references=known.references,
            subject=known.read.subject,
        )

    @cached_property
    def place(self) -> tuple[Ticket | None, Standing]:
        """The case it belongs to, and how its sender stands to it."""
        found = belongs_to(self._pointers, proof=self.known.proof)
        if found is None:
            return None, Standing.STRANGER
        ticket = _ticket(found.ticket_id)
        who = standing(ticket, self.known.sender)
        return (None if who == Standing.SHUT_OUT else ticket), who

    def file(self, *, nature: Nature | None = None, may_answer: bool = True) -> tuple[MailOutcome, Ticket]:
        """Say it on the case it belongs to, or open one."""
        found, who = self.place
        if found is None:
            return MailOutcome.OPENED, self._open(may_answer)
        if who == Standing.STRANGER and self._answers_a_forward(found):
            outcome = MailOutcome.LOGGED if nature == Nature.AUTOMATIC else MailOutcome.JOINED
            return outcome, self._from_outside(found, nature)
        if nature == Nature.AUTOMATIC:
            return MailOutcome.LOGGED, self._join(found, who, nature, may_answer)
        if who == Standing.COLLEAGUE:
            return MailOutcome.JOINED, self._note(found)
        if who.takes_part or messages.may_go_on(lock_where_it_went(found)):
            return MailOutcome.JOINED, self._join(found, who, nature, may_answer)
        return MailOutcome.OPENED, self._open(may_answer)

    def is_too_much(self) -> bool:
        """Whether the case it belongs to got too many mails lately, of those who take part or of others."""
        found, who = self.place
        if found is None:
            return False
        now = clock.now()
        recent = recent_mails_on(
            where_it_went(found) or found, by_strangers=not who.takes_part, since=now - HOUR
        )
        return too_many(recent, now, limit=settings.MAIL_RATE_PER_TICKET, window=HOUR)

    def _join(self, ticket: Ticket, who: Standing, nature: Nature | None, may_answer: bool) -> Ticket:
        by = actors.customer(ticket.customer) if who == Standing.CUSTOMER else self._somebody()
        # Only on a case that is over can it open another, which would bring a receipt.
        no_receipt = (
            ""
            if ticket.is_active
            else why_not_answered(self.known, ticket.customer.email, may_answer=may_answer)
        )
        message = messages.customer_reply(
            ticket,
            body=self.body,
            by=by,
            files=self.files,
            channel=Channel.EMAIL,
            origin_key=self._key(),
            nature=nature,
            no_receipt=no_receipt,
            removed=self.known.removed,
        )
        opened = not ticket.is_active and _is_first(message)
        if opened and not no_receipt:
            note_automatic_answer(ticket.customer)
        self._copy(message, stranger=not who.takes_part)
        if who.takes_part and nature != Nature.AUTOMATIC:
            # Whoever wrote what opened a follow-up wants to read its answer.
            writer = [self.known.from_] if who == Standing.IN_COPY else []
            self._take_in_copies(message.ticket, by, *writer)
        if who == Standing.CUSTOMER and not opened and self._tells_what_is_missing(nature, may_answer):
            tell_incomplete(message)
        return message.ticket

    def _tells_what_is_missing(self, nature: Nature | None, may_answer: bool) -> bool:
        """Whether part of it could not come in, and its sender may be told so; a receipt says so itself."""
        if nature == Nature.AUTOMATIC or not (self.known.mail.is_cut or self._files[1]):
            return False
        return not why_not_answered(self.known, self.known.sender, may_answer=may_answer)

    def _somebody(self) -> Actor:
        """Not the customer: named by what the mail says, with the address that was proved."""
        name, address = clean_line(self.known.from_.name), self.known.sender
        # Never so long a name that the address would be cut off behind it.
        room = actors.MAX_NAME - len(address) - len(" <>")
        return Actor(ActorKind.CUSTOMER, f"{name[:room]} <{address}>" if name and room > 0 else address)

    def _note(self, ticket: Ticket) -> Ticket:
        """A colleague wrote by mail: among ourselves, until they say it in the desk."""
        staff = staff_with(self.known.sender)
        assert staff is not None
        message = messages.note(
            lock_where_it_went(ticket),
            body=self.body,
            by=actors.staff(staff),
            files=self.files,
            channel=Channel.EMAIL,
            origin_key=self._key(),
            removed=self.known.removed,
        )
        self._copy(message, stranger=False)
        return message.ticket

    def _answers_a_forward(self, ticket: Ticket) -> bool:
        known = self.known
        return answers_a_forward(ticket, sender=known.sender, tags=known.tags, references=known.references)

    def _from_outside(self, ticket: Ticket, nature: Nature | None) -> Ticket:
        """Whom we asked about the case answers us: the customer does not see it, unless somebody tells them."""
        message = forwarding.answered(
            ticket,
            body=self.body,
            by=self._somebody(),
            files=self.files,
            origin_key=self._key(),
            nature=nature or Nature.SUBSTANCE,
            removed=self.known.removed,
        )
        self._copy(message, stranger=True)
        return message.ticket

    def _open(self, may_answer: bool) -> Ticket:
        customer, unproved = self._customer()
        no_receipt = why_not_answered(self.known, customer.email, may_answer=may_answer)
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
            removed=self.known.removed,
        )
        by = actors.customer(customer) if not unproved else Actor(ActorKind.CUSTOMER, unproved)
        ticket = open_ticket(new, by=by)
        if not no_receipt:
            note_automatic_answer(customer)
        claimed = None
        if self.known.proof != Proof.PROVED:
            claimed = claims(self._pointers)
        message = Message.objects.filter(ticket=ticket).earliest("pk")
        self._copy(message, stranger=False, claims_ticket_id=claimed.ticket_id if claimed else None)
        self._take_in_copies(ticket, by)
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

    def _take_in_copies(self, ticket: Ticket, by: Actor, *more: Address) -> None:
        """Where the case's row is held, or the case is as new as this transaction."""
        if not ticket.brand.copies_to_participants or self.known.proof != Proof.PROVED:
            return
        others = self.known.others
        # What goes to so many is an announcement: none of them asked for our answer.
        wanted = [*more, *(others if len(others) <= MAX_PARTICIPANTS else ())]
        if wanted:
            add_participants(ticket, [(who.address, clean_line(who.name)) for who in wanted], by=by)

    def _copy(self, message: Message, *, stranger: bool, claims_ticket_id: int | None = None) -> None:
        keep_copy(
            self.known, message, self._files[1], by_stranger=stranger, claims_ticket_id=claims_ticket_id
        )

    def _key(self) -> str:
        return f"mail:{self.known.mail.pk}"


def _ticket(pk: int) -> Ticket:
    return Ticket.objects.select_related("brand", "customer").get(pk=pk)


def _is_first(message: Message) -> bool:
    return not Message.objects.filter(ticket=message.ticket_id, pk__lt=message.pk).exists()
