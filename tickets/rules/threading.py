"""Which case a mail belongs to.

In order of trust: the address it was sent to, the mail of ours that it answers, and only for those who take part in
the case, a mail of theirs or the number in the subject. All of it counts only for a sender who was proved: whoever
claims somebody's address may open a case, and joins none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from tickets.choices import Proof


class Clue(IntEnum):
    """What points at a case; the most trusted first."""

    ADDRESS = 1  # sealed by us, in the recipient
    OUR_MAIL = 2  # our keyed Message-ID in References or In-Reply-To
    THEIR_MAIL = 3  # a Message-ID that others chose
    NUMBER = 4  # in the subject, where anybody can write one


#: Nobody has these who has not got a mail of ours.
SECRET_CLUES = frozenset({Clue.ADDRESS, Clue.OUR_MAIL})


@dataclass(frozen=True)
class Pointer:
    clue: Clue
    ticket_id: int
    #: Whether the sender is the customer of that case, or in copy.
    takes_part: bool


def belongs_to(pointers: Sequence[Pointer], *, proof: Proof) -> Pointer | None:
    """The best pointer that may be followed; None: the mail opens a case of its own."""
    if proof != Proof.PROVED:
        return None
    return claims(pointers)


def claims(pointers: Sequence[Pointer]) -> Pointer | None:
    """The same for whoever the mail says that it is from, proved or not: what staff are shown."""
    followed = [one for one in pointers if one.clue in SECRET_CLUES or one.takes_part]
    return min(followed, key=lambda one: one.clue, default=None)
