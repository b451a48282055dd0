"""How the mail programs of one language announce what they quote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The words of one language.

    ``start`` and ``wrote``: of "On … wrote:"; many languages begin with the day or the name and need no
    start. ``sender`` to ``subject``: names of headers; ``sent`` are those that only mail has, ``date`` those
    that lists have too. ``original``: between lines of dashes, "-----Original Message-----"; ``forwarded``:
    without, "Begin forwarded message:".
    """

    start: str = ""
    wrote: str = ""
    sender: str = ""
    sent: str = ""
    date: str = ""
    to: str = ""
    subject: str = ""
    original: str = ""
    forwarded: str = ""
