"""Making decoys: customers who do not exist, each with one finished case, like anybody's.

Their rows are written here and not by the verbs of the desk: nobody is told of them, no promise runs, no mail leaves,
no webhook is called, and their case lies in the past.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, audit
from accounts.actions import reading
from accounts.choices import AuditKind
from accounts.models import Brand, Customer, Decoy, User
from accounts.queries.customers import known_by
from accounts.rules.capabilities import Capability
from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import search
from tickets.choices import ActorKind, Channel, EventKind, Status
from tickets.models import Category, Event, Message, Ticket
from tickets.rules import numbers
from tickets.rules.decoys import Story, story

MOST_AT_ONCE = 50
#: How often another number is tried for an address that is taken.
TRIES = 20


def make(count: int, *, brand: Brand, domain: str, by: User | None) -> list[Decoy]:
    """``domain`` is the company's own. ``by`` None: from the console. Raises Invalid."""
    if by is not None:
        access.require(by, Capability.VIEW_AUDIT)
    domain = _checked(count, domain)
    made = [_one(_story(domain), brand, by) for _number in range(count)]
    reading.forget_decoys()
    return made


def _checked(count: int, domain: str) -> str:
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid({"count": _("Make 1 to 50 at a time.")})
    domain = normal_email(domain).removeprefix("@")
    if "." not in domain or "@" in domain or any(char.isspace() for char in domain) or len(domain) > 150:
        raise Invalid({"domain": _("Give a domain of your own such as mail.example.com.")})
    return domain


def _story(domain: str) -> Story:
    for _try in range(TRIES):
        found = story(secrets.randbelow, domain, secrets.randbelow(9_000) + 100)
        if known_by(email=found.email) is None:
            return found
    raise Invalid({"domain": _("Nearly all of these addresses are taken. Give another domain.")})


@transaction.atomic
def _one(said: Story, brand: Brand, by: User | None) -> Decoy:
    opened = clock.now() - timedelta(days=said.days_ago, seconds=secrets.randbelow(40_000))
    customer = Customer.objects.create(name=said.name, email=said.email, language="zh-hans")
    # When somebody was first known is set by the table at once.
    Customer.objects.filter(pk=customer.pk).update(created_at=opened)
    decoy = Decoy.objects.create(customer=customer, made_by=by)
    _case(said, brand, customer, opened)
    audit.record(AuditKind.CONFIGURED, by=by, brand=brand, customer=customer, what="decoy", change="made")
    return decoy


def _case(said: Story, brand: Brand, customer: Customer, opened: datetime) -> None:
    answered, closed = opened + timedelta(hours=3), opened + timedelta(days=4)
    # A category of the desk's own, so that it stands among the others of its kind.
    category = Category.objects.filter(is_active=True, children=None).order_by("?").first()
    ticket = Ticket.objects.create(
        number=numbers.new_number(),
        brand=brand,
        customer=customer,
        category=category,
        subject=said.subject,
        language="zh-hans",
        channel=Channel.WEB,
        status=Status.CLOSED,
        created_at=opened,
        updated_at=closed,
        first_response_at=answered,
        solved_at=answered,
        closed_at=closed,
        last_customer_message_at=opened,
        last_staff_message_at=answered,
    )
    asked = _message(ticket, said.question, opened, ActorKind.CUSTOMER, said.name)
    told = _message(ticket, said.answer, answered, ActorKind.STAFF, brand.name_zh)
    search.index_new(ticket, f"{said.question} {said.answer}")
    system = actors.system("closing")
    rows = [
        (EventKind.OPENED, opened, ActorKind.CUSTOMER, said.name, asked),
        (EventKind.REPLIED, answered, ActorKind.STAFF, brand.name_zh, told),
        (EventKind.STATUS_CHANGED, closed, system.kind, system.name, None),
    ]
    for kind, at, actor, name, message in rows:
        data = {"channel": "web", "team": None} if kind == EventKind.OPENED else {}
        if kind == EventKind.STATUS_CHANGED:
            data = {"from": Status.SOLVED.value, "to": Status.CLOSED.value}
        Event.objects.create(
            ticket=ticket, kind=kind, at=at, actor_kind=actor, actor_name=name, message=message, data=data
        )


def _message(ticket: Ticket, body: str, at: datetime, kind: ActorKind, name: str) -> Message:
    return Message.objects.create(
        ticket=ticket, body=body, created_at=at, author_kind=kind, author_name=name, channel=Channel.WEB
    )


@transaction.atomic
def remove(decoy: Decoy, *, by: User) -> None:
    """They stay a customer with a finished case; opening them alarms nobody any more."""
    access.require(by, Capability.VIEW_AUDIT)
    customer = decoy.customer_id
    decoy.delete()
    reading.forget_decoys()
    audit.record(AuditKind.CONFIGURED, by=by, customer=customer, what="decoy", change="removed")
