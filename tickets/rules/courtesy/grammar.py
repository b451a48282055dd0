"""What the parts of a courteous or automatic message are called, and how patterns for them are put together."""

from __future__ import annotations

import re
from enum import Enum, auto


class Part(Enum):
    #: Courtesy that says it all: thanks, "got it", good wishes.
    COURTESY = auto()
    #: Harmless beside courtesy, but alone a message of its own: "hello", "great service", "the money has arrived".
    BESIDE = auto()
    #: "Your mail has arrived": from a customer an acknowledgement, from a machine a receipt.
    RECEIVED = auto()
    #: Only machines write so: "I am out of the office", "this is an automated reply".
    MACHINE = auto()
    #: Written by machines, and by people about machines: "Auto-reply".
    LABEL = auto()
    #: "We will get back to you."
    WILL_REPLY = auto()
    #: Part of an automatic mail where the rest says that it is one: "with limited access to e-mail".
    BESIDE_MACHINE = auto()


Grammar = list[tuple[Part, re.Pattern[str]]]

MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
PHONE = r"\+?\(?\d[\d ()/.-]{4,20}\d"


def any_of(words: str) -> str:
    """A pattern for one of the words between bars, the longer ones first."""
    return "(?:" + "|".join(sorted(set(words.split("|")), key=lambda word: (-len(word), word))) + ")"
