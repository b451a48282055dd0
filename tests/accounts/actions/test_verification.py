"""Saying that a customer is who they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from accounts.actions.verification import record, withdraw
from accounts.choices import VerificationLevel as Level
from accounts.choices import VerificationMethod as Method
from accounts.models import Customer, User, Verification
from accounts.queries.verification import level_of
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tests.crowd import all_at_once

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MONTH = timedelta(days=30)


def test_it_works(customer: Customer, agent: User) -> None:
    assert level_of(customer).level == Level.NONE
    with clock.frozen(NOW):
        proof = record(customer, level=Level.DOCUMENT, method=Method.DOCUMENT, by=agent, expires=NOW + MONTH)
        standing = level_of(customer)
    assert (standing.level, standing.proof, standing.is_expired) == (Level.DOCUMENT, proof, False)
    assert (proof.by, proof.at, proof.expires_at) == (agent, NOW, NOW + MONTH)


def test_it_runs_out(customer: Customer, agent: User) -> None:
    with clock.frozen(NOW):
        record(customer, level=Level.CONTACT, method=Method.CALL_BACK, by=agent, expires=NOW + MONTH)
    with clock.frozen(NOW + MONTH - timedelta(seconds=1)):
        assert level_of(customer).level == Level.CONTACT
    with clock.frozen(NOW + MONTH):
        standing = level_of(customer)
    assert standing.level == Level.NONE
    assert standing.is_expired
    assert standing.proof is not None
    assert standing.proof.level == Level.CONTACT
    assert not Verification.objects.in_force().exists()


def test_the_highest_that_holds_counts(customer: Customer, agent: User) -> None:
    with clock.frozen(NOW):
        record(customer, level=Level.IN_PERSON, method=Method.IN_PERSON, by=agent, expires=NOW + MONTH)
        record(customer, level=Level.CONTACT, method=Method.CALL_BACK, by=agent)
        assert level_of(customer).level == Level.IN_PERSON
    with clock.frozen(NOW + MONTH):
        assert level_of(customer).level == Level.CONTACT


def test_the_same_way_again_replaces_it(customer: Customer, agent: User, second_agent: User) -> None:
    first = record(customer, level=Level.DOCUMENT, method=Method.DOCUMENT, by=agent)
    second = record(customer, level=Level.DOCUMENT, method=Method.DOCUMENT, by=second_agent)
    assert level_of(customer).proof == second
    with pytest.raises(Conflict):
        withdraw(first, by=agent)
    withdraw(second, by=agent)
    assert level_of(customer).level == Level.NONE
    assert not level_of(customer).is_expired  # withdrawn is not run out


@pytest.mark.parametrize("who", ["officer", "member"])
def test_not_everybody_says_so(
    customer: Customer, agent: User, request: pytest.FixtureRequest, who: str
) -> None:
    found = request.getfixturevalue(who)
    person = found.user if isinstance(found, Customer) else found
    assert isinstance(person, User)
    with pytest.raises(NotAllowed):
        record(customer, level=Level.CONTACT, method=Method.CALL_BACK, by=person)
    proof = record(customer, level=Level.CONTACT, method=Method.CALL_BACK, by=agent)
    with pytest.raises(NotAllowed):
        withdraw(proof, by=person)
    assert level_of(customer).proof == proof


def test_nobody_vouches_for_themselves(customer: Customer, agent: User) -> None:
    customer.user = agent
    customer.save(update_fields=["user"])
    with pytest.raises(NotAllowed):
        record(customer, level=Level.CONTACT, method=Method.CALL_BACK, by=agent)


@pytest.mark.parametrize(
    ("level", "method", "expires", "field"),
    [
        (Level.NONE, Method.DOCUMENT, None, "method"),
        (Level.IN_PERSON, Method.CALL_BACK, None, "method"),
        (Level.CONTACT, Method.DOCUMENT, None, "method"),
        (Level.DOCUMENT, Method.DOCUMENT, NOW, "expires"),
        (Level.DOCUMENT, Method.DOCUMENT, NOW - MONTH, "expires"),
        (Level.DOCUMENT, Method.DOCUMENT, NOW + timedelta(days=4000), "expires"),
    ],
)
def test_what_is_refused(
    customer: Customer, agent: User, level: Level, method: Method, expires: datetime | None, field: str
) -> None:
    with clock.frozen(NOW), pytest.raises(Invalid) as refusal:
        record(customer, level=level, method=method, by=agent, expires=expires)
    assert list(refusal.value.fields) == [field]
    assert not Verification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_several_at_once_leave_one(customer: Customer, agent: User) -> None:
    say = partial(record, customer, level=Level.CONTACT, method=Method.CALL_BACK, by=agent)
    all_at_once([say] * 4)
    assert Verification.objects.count() == 4
    assert Verification.objects.in_force().count() == 1
