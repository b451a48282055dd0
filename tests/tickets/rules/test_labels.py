from __future__ import annotations

import pytest

from tickets.choices import ActorKind
from tickets.rules.labels import AGREED, BROUGHT, CONFIRMED, NOTHING, is_not_worse, trust

CUSTOMER, STAFF, SYSTEM = ActorKind.CUSTOMER, ActorKind.STAFF, ActorKind.SYSTEM


@pytest.mark.parametrize(
    ("opened_by", "set_last_by", "worth"),
    [
        (CUSTOMER, STAFF, CONFIRMED),
        (SYSTEM, STAFF, CONFIRMED),
        (STAFF, None, CONFIRMED),  # a call: who opened it had heard it
        (CUSTOMER, None, AGREED),  # chosen on the form, solved without a change
        (SYSTEM, None, BROUGHT),
        (CUSTOMER, SYSTEM, NOTHING),  # the classifier's own word teaches it nothing
        (STAFF, SYSTEM, NOTHING),
    ],
)
def test_it_works(opened_by: str, set_last_by: str | None, worth: float) -> None:
    assert trust(opened_by=opened_by, set_last_by=set_last_by) == worth
    assert NOTHING < BROUGHT < AGREED < CONFIRMED


@pytest.mark.parametrize(("new", "old", "fine"), [(0.9, 0.9, True), (0.897, 0.9, True), (0.89, 0.9, False)])
def test_a_new_one_may_fall_behind_by_chance_only(new: float, old: float, fine: bool) -> None:
    assert is_not_worse(new, old) is fine
