"""Opening tickets, and saying what they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand, Customer
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from helpdesk.lib.inserting import insert
from helpdesk.lib.wakeup import wake
from tickets import actors
from tickets.actions import attachments, giving, rerouting, retargeting, routing, search, sla, timers
from tickets.actions.intake import Admission
from tickets.actions.links import issue_link
from tickets.actions.removed_secrets import note_removed
from tickets.actions.rows import write
from tickets.actions.status import lock_to_change
from tickets.actors import Actor
from tickets.choices import ActorKind, Channel, ClockReason, EventKind, Priority, Visibility
from tickets.events import SUGGEST_TASK, emit
from tickets.models import Category, Event, Message, Ticket
from tickets.queries.categories import is_complaint
from tickets.queries.promises import case
from tickets.rules import numbers
from tickets.rules.intake import clean_line
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import guard
from tickets.rules.secrets.words import in_words

MAX_TAGS = 20
ATTEMPTS = 3


@dataclass(frozen=True)
class NewTicket:
    """What a case begins with, whatever way it comes in.

    ``answers`` are already checked against the category's fields (``rules.forms``). ``origin_key`` names the one act
    of filing: the same key again gives the ticket that is there. ``opened_at`` is for cases from another system.
    """

    brand: Brand
    customer: Customer
    body: str
    subject: str = ""
    category: Category | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    attachments: Sequence[File[bytes]] = ()
    channel: Channel = Channel.WEB
    language: str = ""
    priority: Priority | None = None
    tags: Sequence[str] = ()
    origin_key: str | None = None
    follow_up_of: Ticket | None = None
    opened_at: datetime | None = None
    #: The address that a mail claims to be from, where nobody could prove it; ``customer`` is then nobody known.
    unproved_sender: str = ""
    #: Why its sender gets no receipt, in one word ("loop"); empty: they get one.
    no_receipt: str = ""
    #: Whoever filed it had logged in as the customer: what is proved of them counts on it.
    logged_in: bool = False
    #: Opened by staff of their own accord: what it begins with is a note of theirs, not the customer's word.
    is_note: bool = False
    #: Kinds of secrets that the way in has taken out of its texts already.
    removed: Sequence[Kind] = ()
    #: The promise that holds for it, whatever the routing rules say.
    policy: int | None = None


def open_ticket(new: NewTicket, *, by: Actor) -> Ticket:
    """Open a ticket with its first message, routed, its clocks running, the receipt queued.

    Raises Invalid for text or files that may not come in; then nothing is written.
    """
    new = replace(new, attachments=attachments.admitted(new.attachments, channel=new.channel))
    entering = Admission(new.removed)
    body = entering.body(new.body)
    subject = entering.subject(new.subject, body=body)
    answers = entering.values(new.answers)
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _write_ticket(new, subject, body, answers, entering.removed, by)
        except IntegrityError:
            # The same form came before, or at this very moment: the index on the key told. Asking first would cost
            # every ticket a query for the sake of the few that come twice.
            found = _already_opened(new)
            if found is not None:
                return found
            # Or the number drawn was taken, once in thousands at a million tickets: another is drawn.
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _already_opened(new: NewTicket) -> Ticket | None:
    if new.origin_key is None:
        return None
    # Of this customer only: a key that somebody guessed must not show them another's case.
    rows = Ticket.objects.select_related("brand", "customer").filter(customer=new.customer)
    return rows.filter(origin_key=new.origin_key).first()


def _write_ticket(
    new: NewTicket, subject: str, body: str, answers: dict[str, Any], removed: Sequence[Kind], by: Actor
) -> Ticket:
    now = new.opened_at or clock.now()
    routed = routing.route_new(
        new.category,
        brand=new.brand,
        customer=new.customer,
        channel=new.channel,
        language=new.language or new.customer.language,
        # What nobody could prove opens no door that is meant for somebody.
        sender="" if new.unproved_sender else new.customer.email,
        text=f"{subject}\n{body}",
        priority=new.priority,
        tags=clean_tags(new.tags),
    )
    team = routed.team
    # What follows on a complaint goes on complaining.
    complaint = is_complaint(new.category) or (new.follow_up_of is not None and new.follow_up_of.is_complaint)
    held_to = case(
        new.category,
        brand_id=new.brand.pk,
        priority=routed.priority,
        channel=new.channel,
        customer=new.customer,
        is_complaint=complaint,
        opened_at=now,
        chosen=new.policy or routed.policy,
    )
    planned = sla.planned(held_to, team_id=team.pk if team else None)
    ticket = Ticket(
        number=numbers.new_number(),
        brand=new.brand,
        customer=new.customer,
        category=new.category,
        subject=subject,
        fields=answers,
        language=new.language or new.customer.language,
        channel=new.channel,
        priority=routed.priority,
        team=team,
        tags=routed.tags,
        chosen_policy_id=new.policy or routed.policy,
        created_at=now,
        updated_at=now,
        last_customer_message_at=None if new.is_note else now,
        due_at=timers.nearest_due(planned),
        is_complaint=complaint,
        follow_up_of=new.follow_up_of,
        origin_key=new.origin_key,
        unproved_sender=new.unproved_sender,
    )
    insert(ticket)
    # Somebody in copy may have written it, or nobody knows who.
    writer = by if by.kind == ActorKind.CUSTOMER or new.is_note else actors.customer(new.customer)
    message = Message(
        ticket=ticket,
        visibility=Visibility.INTERNAL if new.is_note else Visibility.PUBLIC,
        author_kind=writer.kind,
        author_name=writer.name[: actors.MAX_NAME],
        author=writer.user,
        channel=new.channel,
        body=body,
        created_at=now,
    )
    insert(message)
    stored = attachments.store(message, new.attachments)
    search.index_new(ticket, " ".join([body, *(file.name for file in stored)]))
    issue_link(ticket)
    told: dict[str, Any] = {
        **({"no_receipt": new.no_receipt} if new.no_receipt else {}),
        **({"logged_in": True} if new.logged_in else {}),
    }
    emit(
        ticket,
        EventKind.OPENED,
        by=by,
        message=message,
        channel=new.channel,
        team=ticket.team.slug if ticket.team else None,
        **told,
    )
    routing.tell(ticket, routed.told)
    timers.start(ticket, planned, by=by)
    if new.opened_at is not None:
        timers.pass_over(planned)
    if new.follow_up_of is not None:
        emit(new.follow_up_of, EventKind.FOLLOW_UP_OPENED, by=by, number=ticket.number)
    ticket = note_removed(
        ticket, message, removed, by=by, files=new.attachments, is_silent=bool(new.no_receipt)
    )
    wake(SUGGEST_TASK)
    if new.opened_at is None:  # of what comes from another system its import says who has it
        giving.give_new(ticket)
    return ticket


@transaction.atomic
def set_priority(ticket: Ticket, *, priority: Priority, by: Actor) -> Ticket:
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(ticket)
    if ticket.priority == priority:
        return ticket
    before = Priority(ticket.priority)
    write(ticket, priority=priority)
    emit(ticket, EventKind.PRIORITY_CHANGED, by=by, change=(before.slug, Priority(priority).slug))
    retargeting.retarget(ticket, by=by, why=ClockReason.PRIORITY_CHANGED)
    return ticket


@transaction.atomic
def set_category(ticket: Ticket, *, category: Category, by: Actor, confidence: float | None = None) -> Ticket:
    """Say what the case is about. Its promises follow; the routing rules are asked again for team and policy
    (``rerouting.route_again``). A team that people chose stays, and so do priority and tags.

    ``confidence`` (0 to 1): how sure the classifier was, where it is the one who says so.
    """
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(ticket)
    if ticket.category_id == category.pk:
        return ticket
    check_category(ticket, offered_by=set(category.brands.values_list("pk", flat=True)))
    told: dict[str, Any] = {} if confidence is None else {"confidence": confidence}
    again = rerouting.route_again(ticket, category)
    # A complaint stays one until somebody says otherwise.
    complaint = ticket.is_complaint or is_complaint(category)
    put_category(ticket, category, is_complaint=complaint, by=by, **told, **again.kept(ticket))
    rerouting.follow(ticket, again)
    retargeting.retarget(ticket, by=by, why=ClockReason.CATEGORY_CHANGED)
    if ticket.assignee_id is None:
        giving.somebody_has_room(ticket.team)
    return ticket


def put_category(
    ticket: Ticket, category: Category | None, *, is_complaint: bool, by: Actor, **told: Any
) -> Event:
    """The writing itself, on a ticket whose row the caller holds, and whose clocks the caller moves."""
    before, became_one = ticket.category, is_complaint and not ticket.is_complaint
    more: dict[str, Any] = {"complaint": True} if became_one else {}
    write(ticket, category=category, is_complaint=is_complaint)
    return emit(
        ticket,
        EventKind.CATEGORY_CHANGED,
        by=by,
        change=(before.slug if before else None, category.slug if category else None),
        **more,
        **told,
    )


def check_category(ticket: Ticket, *, offered_by: Collection[int]) -> None:
    """``offered_by``: the brands that have the category; none named, every brand has it. Raises Invalid."""
    if offered_by and ticket.brand_id not in offered_by:
        raise Invalid({"category": _("This brand has no such category.")})


@transaction.atomic
def mark_complaint(ticket: Ticket, *, is_complaint: bool, by: Actor) -> Ticket:
    """Say whether the case is a complaint: its promises follow, those of the law among them."""
    by.require(Capability.WORK_TICKETS)
    ticket = lock_to_change(ticket)
    if ticket.is_complaint == is_complaint:
        return ticket
    write(ticket, is_complaint=is_complaint)
    emit(ticket, EventKind.COMPLAINT_MARKED, by=by, complaint=is_complaint)
    retargeting.retarget(ticket, by=by, why=ClockReason.COMPLAINT_CHANGED)
    return ticket


@transaction.atomic
def set_tags(ticket: Ticket, *, tags: Sequence[str], by: Actor) -> Ticket:
    by.require(Capability.WORK_TICKETS)
    wanted = clean_tags(tags)
    ticket = lock_to_change(ticket)
    added = [tag for tag in wanted if tag not in ticket.tags]
    removed = [tag for tag in ticket.tags if tag not in wanted]
    if not added and not removed:
        return ticket
    write(ticket, tags=wanted)
    emit(ticket, EventKind.TAGS_CHANGED, by=by, added=added, removed=removed)
    return ticket


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Small letters, no blanks inside, each once, in the order given. Raises Invalid, also where they hold a secret."""
    if kinds := guard("\n".join(tags)).kinds:  # one word in each is a phrase all the same
        raise Invalid({"tags": in_words(kinds)})
    wanted = list(dict.fromkeys("-".join(clean_line(tag).lower().split()) for tag in tags if clean_line(tag)))
    if len(wanted) > MAX_TAGS:
        raise Invalid({"tags": _("A ticket carries at most %(limit)s tags.") % {"limit": MAX_TAGS}})
    too_long = next((tag for tag in wanted if len(tag) > 40), None)
    if too_long is not None:
        raise Invalid({"tags": _("A tag has at most 40 characters.")})
    return wanted
