"""The people whom a case is talked about with by mail: who is in copy, and who the customer is."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import customers
from accounts.models import Customer
from accounts.rules.capabilities import Capability
from accounts.rules.contact import normal_email, takes_mail
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, DomainError, Invalid
from helpdesk.lib.wakeup import wake
from tickets.actions.rows import lock, write
from tickets.actors import Actor
from tickets.choices import EventKind, MailPurpose
from tickets.events import DELIVER_TASK, emit
from tickets.models import AutomaticAnswer, Message, OutboxMail, Participant, SensitiveAct, Ticket
from tickets.queries.correspondence import customer_with, is_customer, robot_of
from tickets.queries.mailboxes import own_addresses

MAX_PARTICIPANTS = 20


class SenderUnproved(Conflict):
    """Nothing is written to an address that somebody may have made up."""

    code = "sender_unproved"
    message = _(
        "It is not proved that this mail is from the address it names. Make sure who wrote and accept the sender; "
        "then answer."
    )


class NothingToAccept(DomainError):
    code = "nothing_to_accept"
    status = 409
    message = _("This case has its customer already.")


def refuse_unproved(ticket: Ticket) -> None:
    if ticket.unproved_sender:
        raise SenderUnproved


@transaction.atomic
def accept_sender(ticket: Ticket, *, by: Actor) -> Ticket:
    """Staff made sure who wrote: the case becomes that person's, and answers go there from now on."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    if not ticket.unproved_sender:
        raise NothingToAccept
    email, nobody = ticket.unproved_sender, ticket.customer
    customer = customer_with(email) or customers.find_or_create(
        email=email, name=nobody.name, language=ticket.language, by=by.user
    )
    write(ticket, customer=customer, unproved_sender="")
    emit(ticket, EventKind.SENDER_ACCEPTED, by=by, who=email)
    _forget(nobody)
    return ticket


def _forget(nobody: Customer) -> None:
    """The stand-in of a case that was nobody's; somebody known by anything else stays."""
    is_stand_in = not (nobody.email or nobody.phone or nobody.user_id)
    has_history = any(model.objects.filter(customer=nobody).exists() for model in (Ticket, SensitiveAct))
    if is_stand_in and not has_history:
        nobody.delete()


def add_participants(ticket: Ticket, people: Sequence[tuple[str, str]], *, by: Actor) -> list[Participant]:
    """Put (address, name) in copy, in the caller's transaction and with the ticket's row held.

    Not whom staff have removed, nor the customer, nor an address of ours, nor one that takes no mail; at most
    MAX_PARTICIPANTS in all.
    """
    ours = own_addresses()
    known = set(Participant.objects.filter(ticket=ticket).values_list("email", flat=True))
    added: list[Participant] = []
    for address, name in people:
        email = _reachable(address)
        if not email or email in known or email in ours or len(known) >= MAX_PARTICIPANTS:
            continue
        if is_customer(ticket, email):
            continue
        known.add(email)
        added.append(Participant(ticket=ticket, email=email, name=name[:120], added_at=clock.now()))
    Participant.objects.bulk_create(added)
    for person in added:
        emit(ticket, EventKind.PARTICIPANT_ADDED, by=by, who=person.email)
    return added


def _reachable(address: str) -> str:
    """In the spelling by which people are known; empty where nothing could be sent to it."""
    try:
        email = customers.checked_email(address)
    except Invalid:
        return ""
    return email if takes_mail(email) else ""


@transaction.atomic
def put_in_copy(ticket: Ticket, *, email: str, name: str = "", by: Actor) -> Participant:
    """An agent puts somebody in copy, also one who was removed before. Raises Invalid on ``email``."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    email = customers.checked_email(email)
    if not email:
        raise Invalid({"email": _("Enter an e-mail address in the form name@example.com.")})
    if email in own_addresses() or is_customer(ticket, email):
        raise Invalid({"email": _("This address gets every answer already.")})
    rows = Participant.objects.filter(ticket=ticket)
    if rows.filter(removed_at__isnull=True).exclude(email=email).count() >= MAX_PARTICIPANTS:
        raise Invalid({"email": _("At most %(limit)s people can be in copy.") % {"limit": MAX_PARTICIPANTS}})
    person, is_new = rows.get_or_create(ticket=ticket, email=email, defaults={"name": name[:120]})
    if is_new or person.removed_at is not None:
        person.removed_at = None
        person.save(update_fields=["removed_at"])
        emit(ticket, EventKind.PARTICIPANT_ADDED, by=by, who=email)
    return person


@transaction.atomic
def remove_participant(ticket: Ticket, *, email: str, by: Actor) -> None:
    """No longer in copy; a later mail with the same copy does not bring them back."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    rows = Participant.objects.filter(ticket=ticket, email=normal_email(email), removed_at__isnull=True)
    if rows.update(removed_at=clock.now()):
        emit(ticket, EventKind.PARTICIPANT_REMOVED, by=by, who=normal_email(email))


def tell_incomplete(message: Message) -> None:
    """Tell the customer that part of their mail could not come in: nothing of it bounces, so nobody else would."""
    ticket = message.ticket
    if not takes_mail(ticket.customer.email):
        return
    OutboxMail.objects.queue(
        cause=f"{MailPurpose.INCOMPLETE}:{message.pk}",
        purpose=MailPurpose.INCOMPLETE,
        brand=ticket.brand,
        ticket=ticket,
        message=message,
        to=ticket.customer.email,
        to_name=ticket.customer.name,
        language=ticket.language,
    )
    note_automatic_answer(ticket.customer)
    wake(DELIVER_TASK)


def note_automatic_answer(customer: Customer) -> None:
    """A machine of ours answers them, of which there must not be many."""
    if customer.email:
        AutomaticAnswer.objects.create(email=robot_of(customer.email), at=clock.now())
