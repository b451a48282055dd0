"""How many people's contact data somebody may have shown to them in one shift."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

#: Counted over the hours before, whenever they went on and off duty: nobody gets a new budget by a break.
SHIFT = timedelta(hours=12)
MIN_WORDS, MAX_WORDS = 8, 300


class Answer(Enum):
    SHOWN = "shown"
    #: The budget is used up, and the officers are told for the first time in this shift.
    REFUSED_FIRST = "refused, told"
    REFUSED = "refused"


def answer(*, spent: int, budget: int, is_again: bool, refused_before: bool) -> Answer:
    """``is_again``: this very customer was shown to them in this shift already."""
    if is_again or spent < budget:
        return Answer.SHOWN
    return Answer.REFUSED if refused_before else Answer.REFUSED_FIRST
