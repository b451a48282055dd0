"""A message inside a message, told as mail programs write it when they forward one in the text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tickets.channels.email.reading.addresses import read_addresses
from tickets.channels.email.reading.clean import clean_line
from tickets.channels.email.reading.fields import Fields
from tickets.channels.email.reading.mail import Address
from tickets.channels.email.reading.words import line

MARK = "---------- Forwarded message ----------"


def heading(fields: Fields, hints: Iterable[str] = ()) -> str:
    """The mark, and of the header what people read."""
    hints = tuple(hints)
    told = [
        ("From", _people(read_addresses(fields.all("from"), hints))),
        ("Date", clean_line(line(fields.first("date"), hints))),
        ("Subject", clean_line(line(fields.first("subject"), hints))),
        ("To", _people(read_addresses(fields.all("to"), hints))),
        ("Cc", _people(read_addresses(fields.all("cc"), hints))),
    ]
    return "\n".join([MARK, *(f"{label}: {value[:1_000]}" for label, value in told if value)])


def as_html(text: str) -> str:
    """Plain text where HTML is due."""
    return f'<div style="white-space: pre-wrap">{escape(text)}</div>'


def _people(addresses: Iterable[Address]) -> str:
    return ", ".join(_person(one) for one in addresses)


def _person(one: Address) -> str:
    if one.name and one.address:
        return f"{one.name} <{one.address}>"
    return one.name or one.address
