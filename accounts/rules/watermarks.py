"""The mark that every exported file carries: on each of its rows, and in words at its end."""

from __future__ import annotations

from collections.abc import Callable

#: Without letters and digits that are mistaken for one another when read aloud.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 10
PREFIX = "EX-"


def new_mark(choose: Callable[[str], str]) -> str:
    """``EX-7K2M9QWX4B``: names one export for ever, and nothing about who made it to a stranger."""
    return PREFIX + "".join(choose(_ALPHABET) for _place in range(_LENGTH))
