"""What is known of the people a case is talked about with by mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Brand, Customer
from accounts.queries.customers import of_address
from accounts.rules.contact import normal_email, takes_mail
from tickets.choices import ActorKind, EventKind, MailPurpose, MailWay, Proof
from tickets.models import AutomaticAnswer, Event, IncomingMail, MailCopy, OutboxMail, Participant, Ticket
from tickets.queries.mailboxes import own_addresses
from tickets.queries.reply_addresses import is_forward_tag, ticket_id_of
from tickets.rules import numbers
from tickets.rules.mail_addresses import untagged
from tickets.rules.threading import Clue, Pointer

#: A mail of ours carries eleven; nobody needs more of a stranger's.
MAX_REFERENCES = 50
MAX_NUMBERS = 5
MAX_TAGS = 20


def pointers(
    *, brand: Brand, sender: str, tags: Sequence[str], references: Sequence[str], subject: str
) -> list[Pointer]:
    """Everything in a mail that points at a case of the brand. ``references`` come newest first."""
    found: dict[int, Clue] = {}
    for clue, ids in (
        (Clue.ADDRESS, _by_tags(tags)),
        (Clue.OUR_MAIL, _by_our_mails(references)),
        (Clue.THEIR_MAIL, _by_their_mails(references)),
        (Clue.NUMBER, _by_numbers(subject)),
    ):
        for pk in ids:
            found.setdefault(pk, clue)
    tickets = {
        row.pk: row for row in Ticket.objects.filter(pk__in=found, brand=brand).select_related("customer")
    }
    return [Pointer(clue, pk, takes_part(tickets[pk], sender)) for pk, clue in found.items() if pk in tickets]


def _by_tags(tags: Sequence[str]) -> list[int]:
    opened = (ticket_id_of(tag) for tag in tags[:MAX_TAGS])
    return [pk for pk in opened if pk is not None]


def _by_our_mails(references: Sequence[str]) -> list[int]:
    rows = OutboxMail.objects.filter(
        internet_message_id__in=references[:MAX_REFERENCES], ticket__isnull=False
    )
    return _in_order(references, dict(rows.values_list("internet_message_id", "ticket_id")))


def _by_their_mails(references: Sequence[str]) -> list[int]:
    rows = MailCopy.objects.filter(internet_message_id__in=references[:MAX_REFERENCES])
    return _in_order(references, dict(rows.values_list("internet_message_id", "message__ticket_id")))


def _in_order(references: Sequence[str], tickets: dict[str, int | None]) -> list[int]:
    found = (tickets.get(reference) for reference in references)
    return [pk for pk in found if pk is not None]


def _by_numbers(subject: str) -> list[int]:
    written = numbers.find_numbers(subject)[:MAX_NUMBERS]
    return list(Ticket.objects.filter(number__in=written).values_list("pk", flat=True)) if written else []


def answers_a_forward(ticket: Ticket, *, sender: str, tags: Sequence[str], references: Sequence[str]) -> bool:
    """Whether a mail on this case is from somebody whom it was passed on to, or answers the mail that passed it on."""
    if any(is_forward_tag(tag) for tag in tags[:MAX_TAGS]):
        return True
    rows = OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.FORWARD)
    answered = Q(internet_message_id__in=references[:MAX_REFERENCES])
    return rows.filter(answered | Q(to__iexact=sender)).exists()


def takes_part(ticket: Ticket, address: str) -> bool:
    """Whether the address is the customer's, one of their log-in's confirmed ones, or in copy of the case."""
    address = normal_email(address)
    if not address:
        return False
    return is_customer(ticket, address) or is_in_copy(ticket, address)


def is_customer(ticket: Ticket, address: str) -> bool:
    if ticket.customer.email == address:
        return True
    known = of_address(address)
    return known is not None and known.pk == ticket.customer_id


def is_in_copy(ticket: Ticket, address: str) -> bool:
    return Participant.objects.filter(ticket=ticket, email=address, removed_at__isnull=True).exists()


def who_gets_copies(ticket: Ticket) -> list[Participant]:
    """Those in copy whom our replies go to: none of our own addresses, and nobody twice."""
    if not ticket.brand.copies_to_participants or ticket.unproved_sender:
        return []
    rows = Participant.objects.filter(ticket=ticket, removed_at__isnull=True).order_by("pk")
    people = [row for row in rows if takes_mail(row.email)]
    if not people:
        return []
    passed_over = own_addresses() | {normal_email(ticket.customer.email)}
    plain = {row.pk: normal_email(untagged(row.email)[0]) for row in people}
    return [row for row in people if not passed_over & {normal_email(row.email), plain[row.pk]}]


def who_put_in_copy(ticket: Ticket, address: str) -> str:
    """The name of whoever last did."""
    rows = Event.objects.filter(
        ticket=ticket, kind=EventKind.PARTICIPANT_ADDED, data__who=normal_email(address)
    ).order_by("-pk")
    by = rows.exclude(actor_kind=ActorKind.SYSTEM).values_list("actor_name", flat=True).first()
    return by or ticket.customer.display_name


def recent_mails_of(sender: str, proof: Proof, *, since: datetime, but: IncomingMail) -> list[datetime]:
    """When other mails of this sender came. Those not proved are counted apart: who makes up an address must not use up
    its owner's allowance.
    """
    rows = IncomingMail.objects.filter(sender=sender, received_at__gte=since, proof=proof)
    return list(rows.exclude(pk=but.pk).values_list("received_at", flat=True)[:10_000])


def recent_mails_on(ticket: Ticket, *, by_strangers: bool, since: datetime) -> list[datetime]:
    """When the mails came that were said on the case, by those who take part or by the others: strangers must not use
    up the room of the customer."""
    rows = MailCopy.objects.filter(
        message__ticket=ticket, message__created_at__gte=since, by_stranger=by_strangers
    )
    return list(rows.values_list("message__created_at", flat=True)[:10_000])


def recent_answers_to(address: str, *, now: datetime) -> list[datetime]:
    rows = AutomaticAnswer.objects.filter(email=robot_of(address), at__gte=now - timedelta(days=1))
    return list(rows.values_list("at", flat=True)[:100])


def robot_of(address: str) -> str:
    """Other desks write from an address of its own for each case (``help+17@``), all of them read by one robot."""
    return untagged(address)[0]


def customer_with(address: str) -> Customer | None:
    return of_address(address)


def earlier_copy(mail: IncomingMail, fingerprint: str) -> IncomingMail | None:
    """The same message, come before by another way."""
    rows = IncomingMail.objects.filter(brand_id=mail.brand_id, fingerprint=fingerprint)
    return rows.exclude(pk=mail.pk).only("proof", "ticket_id").order_by().first()


def came_by_server(mail: IncomingMail) -> bool:
    """Whether the peer that we spoke with is known: only then its right to send can be checked here."""
    return mail.way == MailWay.SMTP and mail.peer is not None


def known_addresses(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(normal_email(address) for address in addresses if address))


def address_in_copy(ticket: Ticket, participant: int) -> str:
    """ "" for nobody of this case."""
    rows = Participant.objects.filter(ticket=ticket, pk=participant).values_list("email", flat=True)
    return rows.first() or ""
