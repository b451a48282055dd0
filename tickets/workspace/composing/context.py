"""What the composer's templates need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.drafts import new_key
from tickets.actions.forwarding import MAY_BECOME
from tickets.choices import ActorKind, DraftKind, Status
from tickets.models import Ticket
from tickets.queries.conversation import Conversation, Said
from tickets.queries.drafts import draft_of
from tickets.rules import lifecycle
from tickets.rules.attachments import ALLOWED
from tickets.rules.intake import clean_line
from tickets.rules.languages import other_language
from tickets.workspace.composing.draft import Draft, of_saved

#: For systems that know a file by its ending only.
_ENDINGS = (".heic", ".docx", ".xlsx", ".txt", ".log", ".csv", ".md")
_EXCERPT = 24
#: What a reply may make of the status.
OFFERED_WITH_REPLY = (Status.OPEN, Status.PENDING, Status.SOLVED)


def composer(user: User, ticket: Ticket, conversation: Conversation, draft: Draft | None) -> dict[str, Any]:
    """``draft`` is what was just typed and not sent; else what was saved stands there."""
    row = draft_of(user, ticket)
    saved = of_saved(row) if row is not None else Draft()
    shown = replace(draft, version=saved.version, saved=saved.saved, files=saved.files) if draft else saved
    return {
        "draft": shown,
        "seen": conversation.last_message_id if shown.seen is None else shown.seen,
        "origin_key": shown.origin_key or new_key(),
        "after_reply": _after_reply(ticket),
        "after_forward": _after_forward(ticket),
        "forward_from": _forward_from(conversation),
        "reads": language_name(ticket.language),
        "speaks": language_of_draft(shown, ticket),
        "differs": language_warning(shown, ticket),
        "accept": ",".join([*sorted(ALLOWED), *_ENDINGS]),
        "largest_file": settings.ATTACHMENT_MAX_MB * 1024 * 1024,
    }


def language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def language_of_draft(draft: Draft, ticket: Ticket) -> str:
    """The language of a reply that is evidently not its reader's; else "". What customers do not read may be in any."""
    return other_language(draft.body, ticket.language) if draft.kind == DraftKind.REPLY else ""


def language_warning(draft: Draft, ticket: Ticket) -> str:
    """The same in words."""
    speaks = language_of_draft(draft, ticket)
    if not speaks:
        return ""
    return _("This is written in %(written)s; this customer reads %(reads)s.") % {
        "written": language_name(speaks),
        "reads": language_name(ticket.language),
    }


def _after_reply(ticket: Ticket) -> list[tuple[str, str]]:
    """What may become of the status with a reply, the usual first."""
    usual = lifecycle.after_agent_reply(ticket.status)
    legal = [to for to in lifecycle.allowed(ticket.status, ActorKind.STAFF) if to in OFFERED_WITH_REPLY]
    return [("", str(usual.label)), *((to.value, str(to.label)) for to in legal if to != usual)]


def _after_forward(ticket: Ticket) -> list[tuple[str, str]]:
    """The same for a forwarded conversation: it stays as it is, or waits for whoever got it."""
    legal = [to for to in lifecycle.allowed(ticket.status, ActorKind.STAFF) if to in MAY_BECOME]
    return [("", str(Status(ticket.status).label)), *((to.value, str(to.label)) for to in legal)]


def _forward_from(conversation: Conversation) -> Sequence[tuple[int, str]]:
    """From which of the messages on the page a conversation may be passed on, the newest first."""
    said = [entry.message for entry in conversation.entries if isinstance(entry, Said)]
    public = [message for message in said if message.is_public and not message.taken_back_at]
    return [
        (
            message.pk,
            _("%(name)s, %(time)s: %(words)s")
            % {
                "name": message.signed,
                "time": date_format(localtime(message.created_at), "SHORT_DATETIME_FORMAT"),
                "words": _excerpt(message.words),
            },
        )
        for message in reversed(public)
    ]


def _excerpt(text: str) -> str:
    line = clean_line(text[: 4 * _EXCERPT])
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT]}…"
