"""The parts of a mail, before ``render`` puts them on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from helpdesk.lib.defang import defanged_links
from helpdesk.lib.html import unlinked
from tickets.models import Message, Ticket


@dataclass(frozen=True)
class Item:
    """One of several matters, with its own link; without one (``address`` empty) its lines are steps to take."""

    title: str
    address: str
    lines: tuple[str, ...] = ()


EMPTY = SafeString()


@dataclass(frozen=True)
class Words:
    """Somebody's own words, many lines. ``title`` says whose where there are several, ``files`` what came with them."""

    html: SafeString = EMPTY
    plain: str = ""
    title: str = ""
    files: tuple[str, ...] = ()


NOTHING = Words()


def shown_subject(ticket: Ticket) -> str:
    """A customer wrote it: no address in it opens anything."""
    return defanged_links(ticket.subject)


def words_of(message: Message | None) -> Words:
    return Words(message.html, message.plain) if message is not None else NOTHING


def plain_words(text: str) -> Words:
    """A customer's own: no address in them is a link, whatever the mail program makes of text."""
    return Words(unlinked(text), defanged_links(text)) if text else NOTHING


@dataclass(frozen=True)
class Letter:
    """In the order in which it is read."""

    subject: str
    heading: str
    lead: tuple[str, ...]
    #: Neither where there is nothing to open.
    button: str = ""
    address: str = ""
    said_title: str = ""
    said: Words = NOTHING
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    #: What others said before, oldest first.
    conversation: tuple[Words, ...] = ()
    after: tuple[str, ...] = ()


def moment(at: datetime, zone: str) -> str:
    """In that time zone, named by its distance from UTC: abbreviations such as CST mean several zones."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'DATETIME_FORMAT')} ({_distance(local)})"


def _distance(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    sign, (hours, rest) = "+" if minutes >= 0 else "-", divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
