"""Passing a conversation on to somebody outside, a bank or a payment network say, without the customer seeing it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.actions import customers
from accounts.rules.capabilities import Capability
from accounts.rules.contact import normal_email, takes_mail
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import attachments, send_gate
from tickets.actions.drafts import Written
from tickets.actions.intake import Admission, checked_body
from tickets.actions.messages import append, held_until, sent_before
from tickets.actions.removed_secrets import note_removed
from tickets.actions.rows import lock, lock_where_it_went, write
from tickets.actions.status import move, refuse_if_merged
from tickets.actors import Actor
from tickets.choices import Channel, EventKind, FileState, Markup, Nature, Status, Visibility
from tickets.events import emit, pass_on
from tickets.models import Attachment, Message, Ticket
from tickets.queries.correspondence import is_customer
from tickets.queries.mailboxes import own_addresses
from tickets.queries.outbox import why_dead
from tickets.rules.mail_addresses import untagged
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import CONFIRMED

#: The desk itself, because a third party answered.
ANSWER = actors.system("answer")
MOST_ADDRESSES = 10
#: Bytes of all files together: what mail servers commonly take, with room for their encoding.
MOST_BYTES = 15 * 1024 * 1024
#: While somebody else has the case, it waits; that it is solved is said to the customer, in a reply.
MAY_BECOME = (Status.OPEN, Status.PENDING, Status.ON_HOLD)
_BETWEEN = re.compile(r"[\s,;，；、]+")


def forward(
    ticket: Ticket,
    said: Written,
    *,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    then: Status | None = None,
    origin_key: str | None = None,
    confirmed: Collection[str] = (),
) -> Message:
    """Send the public messages from ``said.first_message`` on (all by default), as far as the author has ``seen`` them,
    to the addresses in ``said.to``, with a text; notes never go along. The text is kept as an internal message.

    Held as long as a reply, and taken back like one. Raises HeldBack as for a reply, and
    Invalid on ``to``, ``body``, ``attachments`` or
    ``first_message``.
    """
    by.require(Capability.WORK_TICKETS)
    files = attachments.admitted(files, ticket=ticket)
    text = checked_body(said.body)
    try:
        with transaction.atomic():
            ticket = lock(ticket)
            sent = (
                Message.objects.filter(ticket=ticket, origin_key=origin_key).first() if origin_key else None
            )
            return sent or _write(ticket, said, text, by, files, then, origin_key, confirmed)
    except IntegrityError:
        return sent_before(ticket, origin_key)


def _write(
    ticket: Ticket,
    said: Written,
    text: str,
    by: Actor,
    files: Sequence[File[bytes]],
    then: Status | None,
    origin_key: str | None,
    confirmed: Collection[str],
) -> Message:
    refuse_if_merged(ticket)
    send_gate.check(ticket, text, by=by, knows=send_gate.Knows(confirmed=confirmed))
    to = addresses(ticket, said.to)
    context = _what_goes_along(ticket, said, files)
    moves = then is not None and then != ticket.status
    if moves and then not in MAY_BECOME:
        raise Invalid({"then": _("Passing a case on does not end it. Say so in a reply to the customer.")})
    entering = Admission(least=CONFIRMED)
    message = append(
        ticket,
        entering.body(text),
        by,
        files,
        Channel.EMAIL,
        Visibility.INTERNAL,
        origin_key,
        held_until=held_until(by),
        markup=Markup.MARKDOWN,
    )
    write(ticket)
    event = emit(
        ticket,
        EventKind.FORWARDED,
        by=by,
        message=message,
        to=to,
        messages=len(context["messages"]),
        files=len(context["files"]),
        first_message=said.first_message,
        then=then.value if then and moves else None,
    )
    pass_on(event, to=to, context=context)
    if then is not None and moves:
        move(ticket, to=then, by=by, message=message)
    note_removed(ticket, message, entering.removed, by=by, files=files)
    return message


def addresses(ticket: Ticket, text: str) -> list[str]:
    """Those that it may go to, each once. Raises Invalid on ``to`` for the first that it may not."""
    typed = dict.fromkeys(part for part in _BETWEEN.split(text) if part)
    if not typed:
        raise Invalid({"to": _("Say to which address it goes.")})
    # Counted before they are looked up: each costs some queries, and the case is held meanwhile.
    if len(typed) > MOST_ADDRESSES:
        raise Invalid({"to": _("At most %(limit)s addresses.") % {"limit": MOST_ADDRESSES}})
    return list(dict.fromkeys(_address(ticket, part) for part in typed))


def _address(ticket: Ticket, typed: str) -> str:
    try:
        email = customers.checked_email(typed.strip("<>"))
    except Invalid as problem:
        raise _refused(_("“%(address)s” is no e-mail address."), typed) from problem
    plain = normal_email(untagged(email)[0])
    if {email, plain} & own_addresses():
        raise _refused(_("%(address)s is an address of our own."), email)
    if is_customer(ticket, email):
        raise _refused(_("%(address)s is the customer: write a reply."), email)
    if not takes_mail(email) or why_dead(email) is not None:
        raise _refused(_("%(address)s does not take mail."), email)
    return email


def _refused(words: Any, address: str) -> Invalid:
    return Invalid({"to": words % {"address": address[:100]}})


def _what_goes_along(ticket: Ticket, said: Written, files: Sequence[File[bytes]]) -> dict[str, Any]:
    """Ids of messages and of files, fixed now: what is said later does not go along."""
    rows = Message.objects.for_customers().filter(ticket=ticket)
    if said.first_message is not None:
        rows = rows.filter(pk__gte=said.first_message)
    if said.seen is not None:
        rows = rows.filter(pk__lte=said.seen)
    messages = list(rows.values_list("pk", flat=True))
    if not messages:
        raise Invalid({"first_message": _("Choose from which message on.")})
    going = Attachment.objects.filter(message__in=messages) if said.with_files else Attachment.objects.none()
    going = going.filter(state__in=[FileState.READY, FileState.WAITING])
    total = (going.aggregate(sum=Sum("size"))["sum"] or 0) + sum(file.size for file in files)
    if total > MOST_BYTES:
        words = _("The files are %(size)s together; a mail takes %(limit)s. Leave some out.")
        sizes = {"size": filesizeformat(total), "limit": filesizeformat(MOST_BYTES)}
        raise Invalid({"attachments": words % sizes})
    return {"messages": messages, "files": list(going.order_by("pk").values_list("pk", flat=True))}


def answered(
    ticket: Ticket,
    *,
    body: str,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    origin_key: str | None = None,
    nature: Nature = Nature.SUBSTANCE,
    removed: Sequence[Kind] = (),
) -> Message:
    """Whom the case was passed on to answers: an internal message, on the case that it goes on in. A case that waited
    for a third party waits no more.
    """
    files = attachments.admitted(files, channel=Channel.EMAIL, ticket=ticket)
    entering = Admission(removed)
    text = entering.body(body)
    try:
        with transaction.atomic():
            ticket = lock_where_it_went(ticket)
            message = append(ticket, text, by, files, Channel.EMAIL, Visibility.INTERNAL, origin_key, nature)
            write(ticket)
            emit(ticket, EventKind.NOTED, by=by, message=message)
            note_removed(ticket, message, entering.removed, by=by, files=files)
            if ticket.status == Status.ON_HOLD and nature == Nature.SUBSTANCE:
                move(ticket, to=Status.OPEN, by=ANSWER, message=message)
            return message
    except IntegrityError:
        return sent_before(ticket, origin_key)
