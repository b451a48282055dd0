"""Holds a reply back before it goes to a customer: nothing is sent, nothing is lost, every reason is told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from tickets.actors import Actor
from tickets.choices import ActorKind, Visibility
from tickets.models import Message, Ticket
from tickets.queries.forbidden_phrases import phrases_for
from tickets.queries.others_data import of_others
from tickets.rules.send_gate import Excerpt, Judged, Reason, ReasonKind, confirmation

#: So much of what somebody wrote meanwhile is told with the reason.
EXCERPT = 120


class Unseen(Enum):
    """That the author does not say who had the case when they began."""

    UNSEEN = "unseen"


UNSEEN = Unseen.UNSEEN


@dataclass(frozen=True)
class Knows:
    """What the author had before them: the id of the last public message, who had the case, and the confirmations of
    reasons that they have read and mean.
    """

    seen: int | None = None
    assignee: int | Unseen | None = UNSEEN
    confirmed: Collection[str] = ()


NOTHING = Knows()


class HeldBack(Conflict):
    """A text must not go out as it is; ``reasons`` say why, each with what may be done. Nothing was sent.

    Neither its words nor its ``extra`` hold a secret: where one stands, excerpts show dots.
    """

    code = "held_back"
    message = gettext_lazy("This was not sent. Please read why, and change it.")

    def __init__(self, reasons: list[Reason]) -> None:
        super().__init__(reasons=[_told(reason) for reason in reasons])
        self.reasons = reasons

    @property
    def may_send_anyway(self) -> bool:
        return all(reason.may_send_anyway for reason in self.reasons)

    def in_words(self) -> str:
        """With every reason, each once, for where there is no list of them."""
        return " ".join(
            dict.fromkeys(str(words) for words in (self.message, *(one.words for one in self.reasons)))
        )

    def why(self) -> str:
        """Every reason with what in the text it is about, each once, before anything was to be sent."""
        told = (
            _("“%(hit)s”: %(words)s") % {"hit": one.excerpt.hit, "words": one.words}
            if one.excerpt is not None
            else str(one.words)
            for one in self.reasons
        )
        return " ".join(dict.fromkeys(told))


class NewerMessages(HeldBack):
    """Somebody wrote after what the author had before them; ``messages`` are the ones not seen. Nothing was sent.

    ``reasons`` say who it was, and all else that holds the text back.
    """

    code = "newer_messages"
    message = Conflict.message

    def __init__(self, messages: list[Message], reasons: list[Reason] | None = None) -> None:
        super().__init__(reasons if reasons is not None else [_news(message) for message in messages])
        self.messages = messages


def check(ticket: Ticket, text: str, *, by: Actor, knows: Knows = NOTHING) -> None:
    """Raise HeldBack, or NewerMessages, where this text must not go to the customer of this case as things stand.

    ``ticket`` is locked. What a member of staff says is looked at; the desk's own automatic words are not.
    """
    newer = _newer(ticket, knows.seen)
    reasons = [_news(message) for message in newer]
    if by.kind == ActorKind.STAFF:
        held = [*_taken(ticket, text, by, knows.assignee), *of_text(ticket, text)]
        reasons += [one for one in held if not one.confirmation or one.confirmation not in knows.confirmed]
    if newer:
        raise NewerMessages(newer, reasons)
    if reasons:
        raise HeldBack(reasons)


def of_text(ticket: Ticket, text: str) -> Iterator[Reason]:
    """What a text itself gives reason for, whoever sends it to the customer of this case."""
    judged = judge(ticket, text)
    yield from judged.reasons()
    yield from of_names(ticket, judged)


def judge(ticket: Ticket, text: str) -> Judged:
    """The text by itself, with the phrases that hold for cases of this brand and language."""
    return Judged(text, phrases_for(ticket.brand_id, ticket.language))


def of_names(ticket: Ticket, judged: Judged) -> Iterator[Reason]:
    """What in it belongs to somebody else."""
    for start, end in sorted(of_others(ticket, judged.text).values()):
        words = _("This belongs to another customer, and was not said in this case before. Take it out.")
        yield Reason(ReasonKind.OTHERS_DATA, words, judged.excerpt(start, end))


def _newer(ticket: Ticket, seen: int | None) -> list[Message]:
    if seen is None:
        return []
    said = Message.objects.standing().filter(ticket=ticket, visibility=Visibility.PUBLIC)
    return list(said.filter(pk__gt=seen))


def _news(message: Message) -> Reason:
    body = Excerpt("", message.body[:EXCERPT], "…" if len(message.body) > EXCERPT else "")
    if message.by_customer:
        words = _("The customer wrote %(ago)s ago. Read it, then send, or change your answer.")
        return Reason(ReasonKind.CUSTOMER_WROTE, words % {"ago": _ago(message)}, body, is_news=True)
    words = _("%(name)s answered %(ago)s ago. Read it, then send, or change your answer.")
    words = words % {"name": message.author_name or _("Somebody"), "ago": _ago(message)}
    return Reason(ReasonKind.COLLEAGUE_ANSWERED, words, body, is_news=True)


def _ago(message: Message) -> str:
    """``20 s``, ``3 min``, ``2 h``: it is seldom longer."""
    seconds = max(0, int((clock.now() - message.created_at).total_seconds()))
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)s min") % {"n": seconds // 60}
    return _("%(n)s h") % {"n": seconds // 3600}


def _taken(ticket: Ticket, text: str, by: Actor, seen: int | Unseen | None) -> Iterator[Reason]:
    """Somebody else has got the case since the author opened it."""
    own = by.user.pk if by.user is not None else None
    if isinstance(seen, Unseen) or ticket.assignee_id in (None, seen, own):
        return
    assert ticket.assignee is not None
    words = _("%(name)s has this case now. Ask them first, or send it if they know.")
    said = confirmation(ReasonKind.TAKEN, str(ticket.assignee_id), text)
    yield Reason(ReasonKind.TAKEN, words % {"name": ticket.assignee.display_name}, confirmation=said)


def _told(reason: Reason) -> dict[str, Any]:
    """A reason as programs get it."""
    return {
        "kind": reason.kind.value,
        "detail": str(reason.words),
        "excerpt": str(reason.excerpt) if reason.excerpt is not None else None,
        "may_send_anyway": reason.may_send_anyway,
        "confirmation": reason.confirmation or None,
    }
