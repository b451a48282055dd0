"""Taking back a reply before it leaves: nobody gets it, and what it did is undone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actions import unsaying
from tickets.actions.rows import lock, write
from tickets.actions.stamps import stamps_before
from tickets.actions.status import refuse_if_merged
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailState, Status, Visibility
from tickets.events import append, emit, event_of
from tickets.models import Event, Message, OutboxMail, Ticket

_SENT = (EventKind.REPLIED, EventKind.FORWARDED)


class TooLate(Conflict):
    """Its time is over, or a mail of it is on its way."""

    code = "too_late"
    message = _("This reply has left, or is leaving: it cannot be taken back any more.")


@transaction.atomic
def take_back(message: Message, *, by: Actor) -> Message:
    """Keep a held reply from leaving, and undo what it did as far as nobody changed it since: status, assignee,
    first reply, clocks. Its author may, and whoever works on tickets. Taken back already, it stays so.

    Raises TooLate. Against a sender who claims the mail in this moment exactly one of the two wins.
    """
    if by.user is None or message.author_id != by.user.pk:
        by.require(Capability.WORK_TICKETS)
    ticket = lock(message.ticket)
    message = Message.objects.get(pk=message.pk)
    if message.taken_back_at is not None:
        return message
    refuse_if_merged(ticket)
    _stop_mails(message)
    message.taken_back_at = clock.now()
    message.save(update_fields=["taken_back_at"])
    said = Event.objects.get(ticket=ticket, kind__in=_SENT, message=message)
    if said.kind == EventKind.FORWARDED:
        write(ticket)
        emit(ticket, EventKind.REPLY_TAKEN_BACK, by=by, message=message, forward=True)
        _put_back_status(ticket, said, by)
        return message
    emit(ticket, EventKind.REPLY_TAKEN_BACK, by=by, message=message)
    _unsay(ticket, message)
    _give_up(ticket, said, by)
    _put_back_status(ticket, said, by)
    unsaying.owed_again(ticket, by=by)
    return message


def _stop_mails(message: Message) -> None:
    """The rows are locked before they are asked: a sender who has one in hand has won, one who comes now passes over
    them."""
    if not message.is_held:
        raise TooLate
    mails = list(OutboxMail.objects.select_for_update().filter(message=message).order_by("pk"))
    if any(mail.state != MailState.QUEUED for mail in mails):
        raise TooLate
    OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails]).delete()


def _unsay(ticket: Ticket, message: Message) -> None:
    """When we spoke first and last, without this."""
    ours = Message.objects.standing().filter(ticket=ticket, visibility=Visibility.PUBLIC)
    spoken = ours.exclude(author_kind=ActorKind.CUSTOMER).order_by("created_at")
    moments = list(spoken.values_list("created_at", flat=True))
    news: dict[str, Any] = {}
    if ticket.first_response_at == message.created_at:
        news["first_response_at"] = moments[0] if moments else None
    if ticket.last_staff_message_at == message.created_at:
        news["last_staff_message_at"] = moments[-1] if moments else None
    write(ticket, **news)


def _give_up(ticket: Ticket, said: Event, by: Actor) -> None:
    """Whoever had the case by answering it has it no more, unless somebody said so since."""
    later = Event.objects.filter(ticket=ticket, kind=EventKind.ASSIGNED, pk__gt=said.pk)
    holder = ticket.assignee
    if not said.data.get("took") or holder is None or holder.pk != said.actor_id or later.exists():
        return
    write(ticket, assignee=None)
    emit(ticket, EventKind.ASSIGNED, by=by, change=(holder.display_name, None))


def _put_back_status(ticket: Ticket, said: Event, by: Actor) -> None:
    """The status that it set, unless somebody changed it since. No mail tells of it: none told of the other."""
    changes = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS_CHANGED).order_by("-pk")
    last = changes.first()
    if last is None or last.message_id != said.message_id:
        return
    before, now = Status(last.data["from"]), Status(last.data["to"])
    write(ticket, status=before, **stamps_before(ticket, last))
    append(
        [
            event_of(
                ticket,
                EventKind.STATUS_CHANGED,
                by=by,
                message=said.message,
                **{"from": now.value, "to": before.value, "undoes": last.pk},
            )
        ]
    )
    unsaying.follow_back(ticket, last, by=by)
