"""Why a search found a ticket: the piece of its newest message, its file or its customer that holds the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F
from django.db.models.functions import Left

from accounts.models import Customer
from accounts.rules.contacts_in_texts import masked_text
from accounts.rules.masking import mask_email, mask_phone
from helpdesk.lib.excerpts import Pieces, excerpt
from helpdesk.lib.text_search import searched, split_phrases, stem
from tickets.models import Attachment, Message, Ticket
from tickets.rules import search_words

#: So much of a message is looked through for the piece to show.
LOOKED_THROUGH = 20_000
MESSAGES_PER_TICKET = 3
WIDTH = 90


class Source(StrEnum):
    MESSAGE = "message"
    NOTE = "note"
    FILE = "file"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class Found:
    source: Source
    pieces: Pieces

    @property
    def hits(self) -> int:
        return len({text.casefold() for text, is_hit in self.pieces if is_hit})


#: What may stand between the digits of a number, for PostgreSQL.
_BETWEEN = "[^0-9a-z]{0,3}"
#: Something masked.
_STARS = re.compile(r"[^\s，。；：、,;:]*\*{3,}[^\s，。；：、,;:]*")


def found_in(tickets: Sequence[Ticket], words: str) -> dict[int, Found]:
    """By ticket, where the most of the words stand together; a ticket of which only the subject holds them is left out.

    Two statements, each by the index of the tickets' messages.
    """
    pattern = _pattern(words)
    if not tickets or not pattern:
        return {}
    keys = [ticket.pk for ticket in tickets]
    best: dict[int, Found] = {}
    for ticket, found in _candidates(tickets, keys, words, pattern):
        if found.hits > (best[ticket].hits if ticket in best else 0):
            best[ticket] = found
    return best


def marked(text: str, words: str) -> Pieces:
    """A short text, whole, with what was searched for marked."""
    return excerpt(text, words, width=max(len(text), 1), prefix=True)


def _candidates(
    tickets: Sequence[Ticket], keys: Sequence[int], words: str, pattern: str
) -> Iterable[tuple[int, Found]]:
    seen: dict[int, int] = {}
    said = Message.objects.standing().filter(ticket_id__in=keys, body__iregex=pattern).order_by("-pk")
    for ticket, visibility, body in said.values_list(
        "ticket_id", "visibility", Left(F("body"), LOOKED_THROUGH)
    ):
        seen[ticket] = seen.get(ticket, 0) + 1
        if seen[ticket] <= MESSAGES_PER_TICKET:
            source = Source.NOTE if visibility == "internal" else Source.MESSAGE
            yield ticket, Found(source, _masked(body, words, WIDTH))
    files = Attachment.objects.filter(message__ticket_id__in=keys, name__iregex=pattern)
    for ticket, name in files.values_list("message__ticket_id", "name"):
        yield ticket, Found(Source.FILE, _masked(name, words, max(len(name), 1)))
    for ticket_ in tickets:
        yield ticket_.pk, Found(Source.CUSTOMER, list(_known_by(ticket_.customer, words)))


def _known_by(customer: Customer, words: str) -> Iterable[tuple[str, bool]]:
    """Their name, and what was found of the rest, masked: whole, as it was found."""
    yield from marked(masked_text(customer.name), words) if customer.name else []
    asked = search_words.asked_contacts(words)
    for contact, shown in ((customer.email, mask_email), (customer.phone, mask_phone)):
        if contact:
            yield " · ", False
            yield shown(contact), not asked.isdisjoint(search_words.contacts(contact))


def _masked(text: str, words: str, width: int) -> Pieces:
    """Masked before it is marked: a mark would part what is to be found. What was found by something that is masked
    shows that as the hit."""
    shown = masked_text(text)
    pieces = excerpt(shown, words, width, prefix=True)
    if shown == text or _has_hit(pieces):
        return pieces
    # Only what was asked for whole: by a beginning, nobody may learn what is masked.
    if search_words.asked_contacts(words).isdisjoint(search_words.contacts(text)):
        return pieces
    stars = _STARS.search(shown)
    if stars is None:
        return pieces
    before, after = (
        shown[max(stars.start() - width // 2, 0) : stars.start()],
        shown[stars.end() :][: width // 2],
    )
    return [(before, False), (stars.group(), True), (after, False)]


def _has_hit(pieces: Pieces) -> bool:
    return any(is_hit for _text, is_hit in pieces)


def _pattern(words: str) -> str:
    """A regular expression that any text holds in which the words are found; of some texts more than these."""
    rest, contacts = search_words.parted(words)
    plain, phrases = split_phrases(rest)
    asked = [word for phrase in phrases for word in phrase] + searched(plain, or_else_stop_words=not phrases)
    beginnings = {word.text if word.is_cjk else _beginning(part) for word in asked for part in word.parts}
    spelled = {
        _BETWEEN.join(map(re.escape, key)) if key.isdigit() else re.escape(key) for (key, *_ways) in contacts
    }
    return "|".join(sorted(spelled | {re.escape(text) for text in beginnings if text}))


def _beginning(word: str) -> str:
    """What every form of an English word begins with: "happi", the stem of "happy", does not stand in it."""
    stemmed = stem(word)
    return (
        stemmed[:-1] if len(stemmed) > 3 and not word.startswith(stemmed) else stemmed[: max(len(stemmed), 1)]
    )
