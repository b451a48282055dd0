"""Why a file's text could not be read to its end."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    #: It asks for a password.
    LOCKED = "locked"
    DAMAGED = "damaged"
    #: More pages, more text or more time than is spent on one file.
    TOO_LONG = "too_long"
    #: It unpacks to far more than any honest file of its kind.
    BOMB = "bomb"
    #: It brings macros, which run where it is opened.
    MACROS = "macros"


class Unreadable(Exception):
    """``text`` is what was read before."""

    def __init__(self, why: Why, text: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.text = text
