"""Saying something on a ticket: to the customer, by the customer, among staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from helpdesk.lib.inserting import insert
from tickets.actions import attachments, mentioning, search, send_gate, sla
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.intake import Admission, checked_body
from tickets.actions.removed_secrets import note_removed
from tickets.actions.rows import lock, lock_where_it_went, write
from tickets.actions.send_gate import UNSEEN, NewerMessages, Unseen
from tickets.actions.status import REPLY, may_reopen, move, refuse_if_merged
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.actors import Actor
from tickets.choices import ActorKind, Channel, EventKind, Markup, Nature, Status, Visibility
from tickets.events import emit
from tickets.models import Message, Ticket
from tickets.rules import lifecycle
from tickets.rules.courtesy import asks, nature_of
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import CONFIRMED

__all__ = [
    "NewerMessages",
    "customer_reply",
    "follow_up",
    "judge",
    "may_go_on",
    "note",
    "reply",
]


def reply(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    channel: Channel = Channel.WEB,
    then: Status | None = None,
    seen: int | None = None,
    assignee_seen: int | Unseen | None = UNSEEN,
    confirmed: Collection[str] = (),
    origin_key: str | None = None,
    markup: Markup = Markup.PLAIN,
) -> Message:
    """Answer the customer. ``then`` is the status to set with it (the usual one by default), ``markup`` how the text
    is to be read.

    ``seen`` is the id of the last message the author had on the screen: when a public message came after it, nothing
    is sent and NewerMessages says which. ``assignee_seen`` is who had the case there. What else speaks against the
    text is told by HeldBack; ``confirmed`` holds what its reasons gave for saying that it is meant. The same
    ``origin_key`` again gives the message that is there.
    """
    by.require(Capability.WORK_TICKETS)
    files = attachments.admitted(files, channel=channel, ticket=ticket)
    # What was typed: the gate tells its author of a secret in it, instead of sending a text with a hole.
    text = checked_body(body)
    try:
        with transaction.atomic():
            knows = send_gate.Knows(seen, assignee_seen, confirmed)
            return _write_reply(ticket, text, by, files, channel, then, knows, origin_key, markup)
    except IntegrityError:
        return sent_before(ticket, origin_key)


def _write_reply(
    ticket: Ticket,
    text: str,
    by: Actor,
    files: Sequence[File[bytes]],
    channel: Channel,
    then: Status | None,
    knows: send_gate.Knows,
    origin_key: str | None,
    markup: Markup,
) -> Message:
    ticket = lock(ticket)
    sent = Message.objects.filter(ticket=ticket, origin_key=origin_key).first() if origin_key else None
    if sent is not None:
        return sent
    refuse_if_merged(ticket)
    refuse_unproved(ticket)
    send_gate.check(ticket, text, by=by, knows=knows)
    target = then or lifecycle.after_agent_reply(Status(ticket.status))
    moves = ticket.status != target
    entering = Admission(least=CONFIRMED)
    message = append(
        ticket,
        entering.body(text),
        by,
        files,
        channel,
        Visibility.PUBLIC,
        origin_key,
        held_until=held_until(by),
        markup=markup,
    )
    first = ticket.first_response_at is None
    takes = ticket.assignee_id is None and by.user is not None
    write(
        ticket,
        last_staff_message_at=message.created_at,
        **({"first_response_at": message.created_at} if first else {}),
        **({"assignee": by.user} if takes else {}),
    )
    # Only a status that changes is named: a reply that leaves a solved case solved is news of its own.
    more: dict[str, Any] = {"then": target.value if moves else None, **({"took": True} if takes else {})}
    emit(ticket, EventKind.REPLIED, by=by, message=message, **more)
    sla.answered(ticket, by=by)
    if moves:
        move(ticket, to=target, by=by, message=message)
    sla.expect_update(ticket, by=by)
    note_removed(ticket, message, entering.removed, by=by, files=files)
    return message


def held_until(by: Actor) -> datetime | None:
    """Until when a person may take back what they send."""
    seconds: int = settings.MAIL_UNDO_SECONDS
    return clock.now() + timedelta(seconds=seconds) if seconds and by.kind == ActorKind.STAFF else None


def sent_before(ticket: Ticket, origin_key: str | None) -> Message:
    """The message that the other, faster one of two equal forms wrote. Called while its IntegrityError is handled.

    On this ticket only: a key that names something elsewhere must not show it here.
    """
    rows = Message.objects.select_related("ticket").filter(ticket=ticket)
    found = rows.filter(origin_key=origin_key).first() if origin_key else None
    if found is None:
        raise
    return found


def note(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    channel: Channel = Channel.WEB,
    origin_key: str | None = None,
    markup: Markup = Markup.PLAIN,
    removed: Sequence[Kind] = (),
) -> Message:
    """Write an internal note: staff see it, the customer never does, no clock moves. Colleagues whom it calls by name
    (``@Ann``) are told. ``removed``: secrets that the way in has taken out.
    """
    by.require(Capability.WORK_TICKETS)
    files = attachments.admitted(files, channel=channel, ticket=ticket)
    entering = Admission(removed)
    text = entering.body(body)
    try:
        with transaction.atomic():
            ticket = lock(ticket)
            message = append(ticket, text, by, files, channel, Visibility.INTERNAL, origin_key, markup=markup)
            write(ticket)
            emit(ticket, EventKind.NOTED, by=by, message=message)
            note_removed(ticket, message, entering.removed, by=by, files=files)
            mentioning.tell_mentioned(ticket, message, by=by)
            return message
    except IntegrityError:
        return sent_before(ticket, origin_key)


def customer_reply(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    channel: Channel = Channel.WEB,
    origin_key: str | None = None,
    nature: Nature | None = None,
    no_receipt: str = "",
    removed: Sequence[Kind] = (),
) -> Message:
    """The customer says more. A waiting case goes on; a solved one is reopened; one closed too long ago gets a
    follow-up ticket, which is then the message's ticket: what was written is never lost. What is said on a case that
    was merged into another is said there.

    Mere thanks and automatic messages are kept, and change nothing: no status, no clock. ``nature`` is given where
    the way in knows it (the headers of a mail); else it is judged by the text. ``no_receipt`` says why a follow-up
    sends none, ``removed`` which secrets the way in has taken out; others are taken out here, and the customer is told.
    """
    files = attachments.admitted(files, channel=channel, ticket=ticket)
    entering = Admission(removed)
    text = entering.body(body)
    try:
        with transaction.atomic():
            ticket = lock_where_it_went(ticket)
            # Whoever sends a secret needs an answer, however short the text.
            nature = nature or (
                Nature.SUBSTANCE
                if entering.removed or attachments.removed_from(files)
                else _judged_by_rule(ticket, text, files)
            )
            if nature != Nature.SUBSTANCE or may_go_on(ticket):
                message = _write_customer_reply(ticket, text, by, files, channel, origin_key, nature)
                message.ticket = note_removed(
                    ticket,
                    message,
                    entering.removed,
                    by=by,
                    files=files,
                    is_silent=nature == Nature.AUTOMATIC,
                )
                return message
    except IntegrityError:
        return sent_before(ticket, origin_key)
    return follow_up(
        ticket,
        body=text,
        by=by,
        files=files,
        channel=channel,
        origin_key=origin_key,
        no_receipt=no_receipt,
        removed=entering.removed,
    )


def _judged_by_rule(ticket: Ticket, text: str, files: Sequence[File[bytes]]) -> Nature:
    if files:
        return Nature.SUBSTANCE
    names = [ticket.brand.name_zh, ticket.brand.name_en, ticket.customer.display_name]
    if ticket.assignee is not None:
        names.append(ticket.assignee.display_name)
    nature = nature_of(text, names=names)
    # "OK" to a question of ours is its answer.
    return Nature.SUBSTANCE if nature == Nature.THANKS and _have_asked(ticket) else nature


def _have_asked(ticket: Ticket) -> bool:
    """Whether the last that was said is ours and asks something; thanks and automatic mails say nothing."""
    said = Message.objects.standing().filter(ticket=ticket, visibility=Visibility.PUBLIC)
    said = said.filter(nature=Nature.SUBSTANCE)
    last = said.order_by("-pk").values_list("author_kind", "body").first()
    return last is not None and last[0] != ActorKind.CUSTOMER and asks(last[1])


def may_go_on(ticket: Ticket) -> bool:
    return ticket.is_active or may_reopen(ticket)


def _write_customer_reply(
    ticket: Ticket,
    text: str,
    by: Actor,
    files: Sequence[File[bytes]],
    channel: Channel,
    origin_key: str | None,
    nature: Nature,
) -> Message:
    message = append(ticket, text, by, files, channel, Visibility.PUBLIC, origin_key, nature)
    if nature != Nature.SUBSTANCE:
        write(ticket)
        emit(ticket, EventKind.REPLIED, by=by, message=message)
        return message
    write(ticket, last_customer_message_at=message.created_at)
    emit(ticket, EventKind.REPLIED, by=by, message=message)
    _wait_for_answer(ticket, message, by)
    return message


def _wait_for_answer(ticket: Ticket, message: Message, by: Actor) -> None:
    _open_for_answer(ticket, message)
    sla.asked(ticket, message, by=by)


def _open_for_answer(ticket: Ticket, message: Message) -> None:
    target = lifecycle.after_customer_reply(Status(ticket.status))
    if ticket.status != target:
        # The customer wrote; that the case is open again follows from it, and is the desk's own act.
        move(ticket, to=target, by=REPLY, message=message)


@transaction.atomic
def judge(message: Message, *, nature: Nature, by: Actor) -> Message:
    """Say whether a customer's message waits for an answer, where the rule was wrong. The clocks follow: a question is
    owed its answer from when it was written; for mere thanks nothing is owed.
    """
    by.require(Capability.WORK_TICKETS)
    ticket = lock(message.ticket)
    message = Message.objects.get(pk=message.pk)
    if not (message.by_customer and message.is_public):
        raise Invalid({"nature": _("Only what the customer wrote waits for an answer.")})
    before = Nature(message.nature)
    if before == nature:
        return message
    message.nature = nature
    message.save(update_fields=["nature"])
    write(ticket)
    emit(ticket, EventKind.MESSAGE_JUDGED, by=by, message=message, change=(before.value, nature.value))
    if nature == Nature.SUBSTANCE:
        if _is_unanswered(ticket, message) and may_go_on(ticket):
            last = max(ticket.last_customer_message_at or message.created_at, message.created_at)
            write(ticket, last_customer_message_at=last)
            _open_for_answer(ticket, message)
            sla.asked_after_all(ticket, message, by=by)
    else:
        sla.no_longer_asked(ticket, message, by=by)
    return message


def _is_unanswered(ticket: Ticket, message: Message) -> bool:
    said = ticket.last_staff_message_at
    return said is None or message.created_at > said


def follow_up(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    channel: Channel = Channel.WEB,
    origin_key: str | None = None,
    no_receipt: str = "",
    removed: Sequence[Kind] = (),
) -> Message:
    """Open a new ticket that follows this one; its first message is given back."""
    opened = open_ticket(
        NewTicket(
            brand=ticket.brand,
            customer=ticket.customer,
            category=ticket.category,
            subject=ticket.subject,
            body=body,
            attachments=files,
            channel=channel,
            language=ticket.language,
            follow_up_of=ticket,
            origin_key=origin_key,
            no_receipt=no_receipt,
            removed=removed,
        ),
        by=by,
    )
    return Message.objects.select_related("ticket").filter(ticket=opened).earliest("pk")


def append(
    ticket: Ticket,
    text: str,
    by: Actor,
    files: Sequence[File[bytes]],
    channel: Channel,
    visibility: Visibility,
    origin_key: str | None,
    nature: Nature = Nature.SUBSTANCE,
    held_until: datetime | None = None,
    markup: Markup = Markup.PLAIN,
) -> Message:
    """A message with its files and search words, on a ticket whose row the caller holds."""
    message = Message(
        ticket=ticket,
        visibility=visibility,
        author_kind=by.kind,
        author=by.user,
        author_name=by.name[:120],
        channel=channel,
        body=text,
        created_at=clock.now(),
        origin_key=origin_key,
        nature=nature,
        held_until=held_until,
        markup=markup,
    )
    insert(message)
    stored = attachments.store(message, files)
    search.add_words(ticket, " ".join([text, *(file.name for file in stored)]))
    return message
