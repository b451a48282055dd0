"""How mail programs announce what they quote, one row a language.

Each cell holds plain words or phrases, divided by "|", as the programs print them (Gmail, Outlook, Apple
Mail, Thunderbird, Yahoo, QQ Mail, Foxmail, NetEase): no sentence of a person. The rules join the rows: people
write in one language with a program that speaks another.
"""

from __future__ import annotations

from tickets.rules.replies.eastern import EASTERN
from tickets.rules.replies.western import WESTERN

LANGUAGES = EASTERN | WESTERN


def words(cell: str) -> list[str]:
    """The words of one cell of every language, longest first, for use in a pattern or a look-up."""
    found = {word for language in LANGUAGES.values() for word in getattr(language, cell).split("|") if word}
    return sorted(found, key=lambda word: (-len(word), word))
