from __future__ import annotations

import pytest
from django.db import connection

from helpdesk.lib.single_flight import single_flight
from tests.crowd import all_at_once


def free(name: str) -> bool:
    """Whether somebody else would get it now."""

    def attempt() -> bool:
        with single_flight(name) as alone:
            return alone

    return bool(all_at_once([attempt])[0])


@pytest.mark.django_db(transaction=True)
def test_it_works() -> None:
    with single_flight("a") as alone:
        assert alone
        assert not free("a")
        assert free("b")
    assert free("a")


@pytest.mark.django_db(transaction=True)
def test_let_go_of_after_an_error() -> None:
    with pytest.raises(LookupError), single_flight("a"):
        raise LookupError
    assert free("a")


@pytest.mark.django_db(transaction=True)
def test_let_go_of_by_a_holder_that_is_gone() -> None:
    flight = single_flight("a")
    assert flight.__enter__()
    connection.close()
    # The server lets go when it notices, a moment later.
    assert any(free("a") for _again in range(100))
