"""Sending what stands in an agent's composer: the message goes out, and the draft is gone, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actions import draft_files, drafts, forwarding, messages, send_gate, taking_back
from tickets.actions.draft_rows import author_of, begin, key_of
from tickets.actions.drafts import Written
from tickets.actions.intake import checked_body
from tickets.actions.send_gate import NOTHING, Knows
from tickets.actors import Actor
from tickets.choices import DraftKind, EventKind, Markup, Status
from tickets.models import Draft, Event, Message, Ticket
from tickets.rules.intake import clean_text
from tickets.rules.secrets.guard import CONFIRMED, LEAST, guard


class SentOtherwise(Conflict):
    """The draft of this window was sent from another, in other words. Nothing was sent now."""

    code = "sent_otherwise"
    message = _(
        "This draft was already sent from another window, in other words. Your text is kept here: send it once more "
        "and it goes out as a message of its own."
    )


@transaction.atomic
def send(
    ticket: Ticket,
    said: Written,
    *,
    by: Actor,
    files: Sequence[File[bytes]] = (),
    knows: Knows = NOTHING,
) -> Message:
    """Send it as what it is, with the draft's files and ``files``. What the verbs refuse leaves the draft as it is.

    ``knows`` says who had the case on the author's page, and what of the gate's reasons they mean all the same.
    """
    author = author_of(by)
    draft = begin(ticket, author)
    key = key_of(author, said.origin_key)
    sent = _sent_before(ticket, key, said)
    if sent is not None:
        # What its author has begun since is another text.
        drafts.remove_if_empty(draft)
        return sent
    kept = draft_files.opened(draft)
    try:
        message = _say(ticket, said, by, [*kept, *files], key, knows)
    finally:
        for file in kept:
            file.close()
    # The rows alone: their files are the message's now.
    draft.delete()
    return message


def refuse_held_back(ticket: Ticket, said: Written, *, by: Actor, knows: Knows = NOTHING) -> None:
    """Raise what the send gate would hold a reply back for; nothing is sent."""
    meant = replace(knows, seen=said.seen)
    send_gate.check(ticket, checked_body(said.body), by=by, knows=meant)


def _sent_before(ticket: Ticket, key: str | None, said: Written) -> Message | None:
    """What the same window has sent already. Raises SentOtherwise where that was another text."""
    rows = Message.objects.select_related("ticket").filter(ticket=ticket)
    sent = rows.filter(origin_key=key).first() if key else None
    if sent is not None and sent.body not in _as_stored(said.body):
        raise SentOtherwise
    return sent


def _as_stored(typed: str) -> list[str]:
    """What a message of these words may say: a reply's author is asked about what is only likely a secret."""
    text = clean_text(typed)
    return [guard(text, least=least).text for least in (CONFIRMED, LEAST)]


def _say(
    ticket: Ticket,
    said: Written,
    by: Actor,
    files: Sequence[File[bytes]],
    key: str | None,
    knows: Knows,
) -> Message:
    then = Status(said.then) if said.then in Status.values else None
    match said.kind:
        case DraftKind.NOTE:
            return messages.note(
                ticket, body=said.body, by=by, files=files, origin_key=key, markup=Markup.MARKDOWN
            )
        case DraftKind.FORWARD:
            return forwarding.forward(
                ticket,
                said,
                by=by,
                files=files,
                then=then,
                origin_key=key,
                confirmed=knows.confirmed,
            )
    return messages.reply(
        ticket,
        body=said.body,
        by=by,
        files=files,
        then=then,
        seen=said.seen,
        assignee_seen=knows.assignee,
        confirmed=knows.confirmed,
        origin_key=key,
        markup=Markup.MARKDOWN,
    )


@transaction.atomic
def take_back(message: Message, *, begun: str, by: Actor) -> tuple[Message, Draft]:
    """Keep a reply or a forwarded mail from leaving; its text and files are a draft again, before what was ``begun``
    since. Raises TooLate.
    """
    draft = begin(message.ticket, author_of(by))
    again = Message.objects.filter(pk=message.pk, taken_back_at__isnull=False).exists()
    taken = taking_back.take_back(message, by=by)
    if not again:
        _put_back(draft, taken, begun)
    return taken, draft


def _put_back(draft: Draft, taken: Message, begun: str) -> None:
    sent = Event.objects.get(message=taken, kind__in=(EventKind.REPLIED, EventKind.FORWARDED))
    is_forward = sent.kind == EventKind.FORWARDED
    draft.body = "\n\n".join(text for text in (taken.body, begun.strip() or draft.body) if text)
    draft.kind = DraftKind.FORWARD if is_forward else DraftKind.REPLY
    draft.to = ", ".join(sent.data["to"]) if is_forward else ""
    draft.first_message = sent.data["first_message"] if is_forward else None
    draft.with_files = bool(sent.data["files"]) if is_forward else False
    draft.then = sent.data.get("then") or ""
    draft.seen, draft.origin_key = None, ""
    draft.version += 1
    draft.updated_at = clock.now()
    draft.save()
    draft_files.copy_into(draft, taken.attachments.all())
