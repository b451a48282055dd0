from __future__ import annotations

import pytest

from accounts.models import Brand
from accounts.queries.brands import pick

ONE, TWO = Brand(slug="one", host="help.one.test"), Brand(slug="two")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"slug": "two", "host": "help.one.test", "remembered": "one"}, TWO),
        ({"slug": "accounts", "host": "HELP.one.test", "remembered": "two"}, ONE),
        ({"slug": "accounts", "host": "x.test", "remembered": "two"}, TWO),
        ({"slug": "", "host": "", "remembered": "gone"}, None),
    ],
)
def test_pick(asked: dict[str, str], found: Brand | None) -> None:
    assert pick([ONE, TWO], **asked) is found


def test_the_only_one() -> None:
    assert pick([TWO]) is TWO
    assert pick([]) is None
