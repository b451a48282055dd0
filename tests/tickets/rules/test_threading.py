from __future__ import annotations

import pytest

from tickets.choices import Proof
from tickets.rules.threading import Clue, Pointer, belongs_to, claims

ADDRESS = Pointer(Clue.ADDRESS, 1, takes_part=False)
OURS = Pointer(Clue.OUR_MAIL, 2, takes_part=False)
THEIRS = Pointer(Clue.THEIR_MAIL, 3, takes_part=True)
NUMBER = Pointer(Clue.NUMBER, 4, takes_part=True)
STRANGERS_NUMBER = Pointer(Clue.NUMBER, 5, takes_part=False)
STRANGERS_MAIL = Pointer(Clue.THEIR_MAIL, 6, takes_part=False)


@pytest.mark.parametrize(
    ("pointers", "expected"),
    [
        ([], None),
        ([NUMBER, THEIRS, OURS, ADDRESS], ADDRESS),
        ([NUMBER, THEIRS, OURS], OURS),
        ([NUMBER, THEIRS], THEIRS),
        ([STRANGERS_NUMBER, NUMBER], NUMBER),
        ([STRANGERS_NUMBER], None),
        ([STRANGERS_MAIL], None),
        ([STRANGERS_NUMBER, OURS], OURS),
    ],
)
def test_the_best_pointer_that_may_be_followed(pointers: list[Pointer], expected: Pointer | None) -> None:
    assert belongs_to(pointers, proof=Proof.PROVED) == expected
    assert claims(pointers) == expected


@pytest.mark.parametrize("proof", [Proof.FAILED, Proof.NOTHING])
def test_whoever_is_not_proved_joins_nothing(proof: Proof) -> None:
    assert belongs_to([ADDRESS, OURS, THEIRS, NUMBER], proof=proof) is None
