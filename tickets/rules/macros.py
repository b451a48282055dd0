"""Filling a macro's blanks."""

from __future__ import annotations

import re

#: What may stand in braces in a macro.
BLANKS = ("customer", "number", "agent", "brand")
_BLANK = re.compile(r"\{(" + "|".join(BLANKS) + r")\}")


def fill(text: str, **values: str) -> str:
    """``text`` with its blanks filled; other braces stay as they are, and what is filled in is not read again."""
    return _BLANK.sub(lambda match: values.get(match[1], match[0]), text)
