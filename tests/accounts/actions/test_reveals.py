"""Contact data in clear: a reason, a budget, and who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.actions import customers, reveals
from accounts.actions.reveals import BudgetPassed
from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, Decoy, SecurityAlarm, User
from accounts.queries.reveals import revealed_to
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed

WORDS = "the bank asks for the number"


@pytest.fixture(autouse=True)
def small_budget(settings: Settings) -> None:
    settings.REVEALS_PER_SHIFT = 2
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def people(db: None) -> list[Customer]:
    return [customers.find_or_create(email=f"c{place}@example.com", language="en") for place in range(4)]


def show(customer: Customer, by: User, brand: Brand, *, page: str = "AAAAAAAAA") -> None:
    reveals.reveal(customer, by=by, page=page, brand=brand, reason="call_back", words=WORDS)


def kinds() -> list[str]:
    return list(
        AuditEntry.objects.filter(kind__in=["revealed", "reveal_budget_passed", "decoy_read"])
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_it_works(people: list[Customer], agent: User, second_agent: User, brand: Brand) -> None:
    show(people[0], agent, brand)
    assert revealed_to(agent.pk, "AAAAAAAAA", [people[0].pk]) == {people[0].pk}
    # On no other page, of nobody else, to nobody else.
    assert not revealed_to(agent.pk, "BBBBBBBBB", [people[0].pk])
    assert not revealed_to(agent.pk, "AAAAAAAAA", [people[1].pk])
    assert not revealed_to(second_agent.pk, "AAAAAAAAA", [people[0].pk])
    entry = AuditEntry.objects.get(kind=AuditKind.REVEALED)
    assert (entry.actor, entry.customer, entry.ticket) == (agent, people[0].pk, "AAAAAAAAA")
    assert entry.data == {"reason": "call_back", "words": WORDS}
    reveals.hide(people[0], by=agent, page="AAAAAAAAA")
    assert not revealed_to(agent.pk, "AAAAAAAAA", [people[0].pk])


@pytest.mark.parametrize(
    ("reason", "words", "fields"),
    [
        ("", WORDS, {"reason"}),
        ("nonsense", WORDS, {"reason"}),
        ("other", " a  b ", {"words"}),
        ("", "", {"reason", "words"}),
    ],
)
def test_a_reason_is_asked_for(
    people: list[Customer], agent: User, brand: Brand, reason: str, words: str, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        reveals.reveal(people[0], by=agent, page="A", brand=brand, reason=reason, words=words)
    assert set(refused.value.fields) == fields
    assert kinds() == []


def test_the_reason_keeps_no_contact_data(people: list[Customer], agent: User, brand: Brand) -> None:
    reveals.reveal(
        people[0], by=agent, page="A", brand=brand, reason="other", words="call c0@example.com on 13800138000"
    )
    words = AuditEntry.objects.get(kind=AuditKind.REVEALED).data["words"]
    assert "c0@example.com" not in words
    assert "13800138000" not in words


def test_beyond_the_budget(people: list[Customer], agent: User, officer: User, brand: Brand) -> None:
    show(people[0], agent, brand)
    show(people[1], agent, brand)
    show(people[0], agent, brand)  # again: counted once
    for _again in range(2):
        with pytest.raises(BudgetPassed):
            show(people[2], agent, brand)
    assert not revealed_to(agent.pk, "AAAAAAAAA", [people[2].pk])
    assert kinds() == ["revealed"] * 3 + ["reveal_budget_passed"] * 2
    # The officers are alarmed once a shift, not at every try.
    assert SecurityAlarm.objects.count() == 1
    assert [sent.to for sent in mail.outbox] == [[officer.email]]
    assert people[2].email not in mail.outbox[0].body


def test_a_shift_ends(
    people: list[Customer], agent: User, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(people[0], agent, brand)
    show(people[1], agent, brand)
    later = clock.now() + timedelta(hours=13)
    monkeypatch.setattr(clock, "now", lambda: later)
    show(people[2], agent, brand)


def test_budgets_are_ones_own(people: list[Customer], agent: User, lead: User, brand: Brand) -> None:
    show(people[0], agent, brand)
    show(people[1], agent, brand)
    show(people[2], lead, brand)


def test_whoever_hands_out_powers_sees_nothing(
    people: list[Customer], administrator: User, brand: Brand
) -> None:
    with pytest.raises(NotAllowed):
        show(people[0], administrator, brand)


def test_a_decoy_alarms(people: list[Customer], agent: User, officer: User, brand: Brand) -> None:
    Decoy.objects.create(customer=people[3])
    show(people[3], agent, brand)
    assert kinds() == ["revealed", "decoy_read"]
    assert SecurityAlarm.objects.get().kind == AuditKind.DECOY_READ
    assert [sent.to for sent in mail.outbox] == [[officer.email]]
