"""Verified is the ticket's customer: nobody else's account is touched on that. And who splits a sum needs no fewer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import customers
from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tests.crowd import all_at_once
from tests.tickets.actions.test_emergencies import said
from tests.tickets.actions.test_wallet import approved_by
from tests.wallet import (
    REFUND,
    UNFREEZE,
    AskFor,
    again,
    ask_for,
    known_customer,
    refund_policy,
    second_lead,
    vouch,
)
from tickets import actors
from tickets.actions import wallet_sending
from tickets.actions.wallet import edit_act, freeze_now
from tickets.actions.wallet_making import AlreadyAsked
from tickets.choices import ActKind, ActState, Status
from tickets.models import ActPolicy, SensitiveAct, Ticket
from tickets.queries.wallet_holder import tie_of
from tickets.rules.wallet_holder import Tie
from tickets.rules.wallet_states import Changed

__all__ = ["ask_for", "known_customer", "refund_policy", "second_lead"]
pytestmark = pytest.mark.usefixtures("in_english")
OTHERS = "wang@example.org"
PHONE = "+8613800138000"


@pytest.fixture
def other(brand: Brand) -> Customer:
    return customers.find_or_create(email=OTHERS, phone=PHONE, language="en")


@pytest.mark.parametrize("account", [OTHERS, "WANG@example.org", PHONE, "13800138000", "008613800138000"])
def test_another_customers_account_is_refused_at_its_field(
    account: str, other: Customer, ask_for: AskFor, ticket: Ticket, agent: User
) -> None:
    for kind in (ActKind.REFUND, ActKind.UNFREEZE):
        with pytest.raises(Invalid) as refused:
            ask_for(kind, account=account)
        assert "another customer" in str(refused.value.fields["account"])
    assert freeze_now(ticket, account=account, by=actors.staff(agent), reason="").state == ActState.APPROVED


def test_nor_is_it_by_an_edit(other: Customer, ask_for: AskFor, agent: User) -> None:
    act = ask_for()
    with pytest.raises(Invalid):
        edit_act(act, answers={**UNFREEZE, "account": OTHERS}, seen=act.content_hash, by=actors.staff(agent))


def test_nor_one_in_an_open_emergency_of_another_case(
    brand: Brand, category: object, lead: User, ask_for: AskFor
) -> None:
    emergency = said(brand, "BTP-777")
    SensitiveAct.objects.filter(pk=emergency.act_id or 0).update(state=ActState.FAILED)
    for spelling in ("BTP-777", "btp-777"):
        with pytest.raises(Invalid) as refused:
            ask_for(account=spelling)
        assert "emergency" in str(refused.value.fields["account"])
    Ticket.objects.filter(pk=emergency.ticket_id).update(status=Status.CLOSED)
    assert ask_for(account="BTP-777").state == ActState.REQUESTED


def test_nor_one_of_which_something_is_asked_on_another_case(
    other: Customer, ask_for: AskFor, make_ticket: Callable[..., Ticket], second_agent: User
) -> None:
    ask_for(account="ACCSAME")
    theirs = make_ticket(customer=other)
    vouch(theirs, second_agent)
    with pytest.raises(Invalid):
        ask_for(ActKind.REFUND, on=theirs, account="accsame")


def test_it_is_asked_again_when_it_is_approved_and_when_it_is_sent(
    ask_for: AskFor, lead: User, second_lead: User
) -> None:
    """Only then it turned out whose it is."""
    first, second = ask_for(account=OTHERS), ask_for(account="someone@example.org")
    approved_by(first, lead)
    for email in (OTHERS, "someone@example.org"):
        customers.find_or_create(email=email, language="en")
    with pytest.raises(Invalid) as refused:
        approved_by(second, lead)
    assert list(refused.value.fields) == ["account"]
    [command] = wallet_sending.claim()
    assert wallet_sending.begin(command) is None
    assert (again(first).state, again(first).ending) == (ActState.EXPIRED, "holder")


def test_the_approval_holds_for_this_holder(
    ask_for: AskFor, lead: User, agent: User, customer: Customer
) -> None:
    act = ask_for()
    Customer.objects.filter(pk=customer.pk).update(phone="+8613900139000")
    with pytest.raises(Changed, match="contact data"):
        approved_by(act, lead)
    fresh = edit_act(
        SensitiveAct.objects.get(pk=act.pk), answers=UNFREEZE, seen=act.content_hash, by=actors.staff(agent)
    )
    assert fresh.content_hash != act.content_hash
    assert approved_by(fresh, lead).state == ActState.APPROVED


def test_a_freeze_is_not_held_up_by_new_contact_data(ticket: Ticket, agent: User, customer: Customer) -> None:
    freeze_now(ticket, account="BTP-1", by=actors.staff(agent), reason="")
    Customer.objects.filter(pk=customer.pk).update(phone="+8613900139000")
    [command] = wallet_sending.claim()
    assert wallet_sending.begin(command) is not None


def test_what_ties_an_account(ask_for: AskFor, ticket: Ticket, customer: Customer, lead: User) -> None:
    assert tie_of(ticket, customer.email.upper()) == Tie.OWN
    act = ask_for(account="BTP-5")
    assert tie_of(ticket, "BTP-5") == Tie.NONE, "that it was asked for says nothing"
    approved_by(act, lead)
    [command] = wallet_sending.claim()
    wallet_sending.begin(command)
    wallet_sending.finish(act, is_done=True, answer={})
    assert tie_of(ticket, "btp-5") == Tie.KNOWN


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def test_refunds_of_one_transaction_add_up(
    ask_for: AskFor, refund_policy: ActPolicy, make_ticket: Callable[..., Ticket], second_agent: User
) -> None:
    """On whichever account and case, in whatever spelling; what came to nothing does not count."""
    first = ask_for(ActKind.REFUND, amount=money("300"))
    theirs = make_ticket()
    vouch(theirs, second_agent)
    split = {"on": theirs, "amount": money("300"), "transaction": "tx2026030112"}
    assert first.needed_approvals == 1
    second = ask_for(ActKind.REFUND, account="A-2", **split)
    assert second.needed_approvals == 2
    SensitiveAct.objects.update(state=ActState.WITHDRAWN)
    assert ask_for(ActKind.REFUND, account="A-3", **split).needed_approvals == 1


@pytest.mark.parametrize("transaction", ["TX2026-0001", "tx2026 0001", "ＴＸ20260001"])
def test_however_the_transaction_is_written(
    transaction: str,
    other: Customer,
    ask_for: AskFor,
    refund_policy: ActPolicy,
    make_ticket: Callable[..., Ticket],
    second_agent: User,
) -> None:
    ask_for(ActKind.REFUND, amount=money("300"), transaction="TX20260001")
    theirs = make_ticket(customer=other)
    vouch(theirs, second_agent)
    split = ask_for(ActKind.REFUND, on=theirs, account="A-2", amount=money("300"), transaction=transaction)
    assert split.needed_approvals == 2


@pytest.mark.parametrize("account", ["A-2", "A-1"])
def test_refunds_to_one_customer_or_account_add_up(
    account: str,
    other: Customer,
    ask_for: AskFor,
    refund_policy: ActPolicy,
    make_ticket: Callable[..., Ticket],
    second_agent: User,
    lead: User,
) -> None:
    """On whichever case: to the same customer on another account; on the same account to another customer."""
    with clock.frozen(clock.now() - timedelta(hours=25)):
        ask_for(ActKind.REFUND, account="A-9", amount=money("400"), transaction="TX2026030100")
    first = ask_for(ActKind.REFUND, account="a-1", amount=money("300"), transaction="TX2026030101")
    assert first.needed_approvals == 1, "what was longer ago than the policy says counts no more"
    carried_out(approved_by(first, lead))
    theirs = make_ticket(customer=other) if account == "A-1" else make_ticket()
    vouch(theirs, second_agent)
    assert ask_for(ActKind.REFUND, on=theirs, account=account, amount=money("200")).needed_approvals == 2


def test_refunds_on_one_case_add_up(ask_for: AskFor, refund_policy: ActPolicy, agent: User) -> None:
    first = ask_for(ActKind.REFUND, amount=money("300"), transaction="TX2026030100")
    second = ask_for(ActKind.REFUND, account="A-2", amount=money("199.99"))
    assert (first.needed_approvals, second.needed_approvals) == (1, 1)
    answers = {**REFUND, "account": "A-2", "amount": money("200")}
    second = edit_act(second, answers=answers, seen=second.content_hash, by=actors.staff(agent))
    assert second.needed_approvals == 2, "itself it counts once"


SPELLINGS = [("ACCSAME", "accsame"), ("Wang@Example.com", "wang@example.com"), ("13800138000", PHONE)]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_another_spelling_is_the_same_account(one: str, other: str, ask_for: AskFor) -> None:
    act = ask_for(account=one)
    with pytest.raises(AlreadyAsked):
        ask_for(account=other)
    act.pk, act.key, act.account = None, uuid.uuid4(), other
    with pytest.raises(IntegrityError, match="one_open_act_of_a_kind"), transaction.atomic():
        act.save(force_insert=True)


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_it_ends_frozen_however_it_is_written(
    one: str, other: str, ask_for: AskFor, ticket: Ticket, agent: User, lead: User
) -> None:
    """A freeze stops an unfreeze that has not left, is not swallowed after one that was done, and follows one that had
    left already."""
    freeze = partial(freeze_now, ticket, by=actors.staff(agent), reason="")
    stopped = approved_by(ask_for(account=one), lead)
    first = freeze(account=other)
    assert again(stopped).state == ActState.WITHDRAWN
    carried_out(first)
    carried_out(approved_by(ask_for(account=one), lead))
    second = freeze(account=other)
    assert second != first
    carried_out(second)
    on_its_way = approved_by(ask_for(account=one), lead)
    begin(on_its_way)
    third = freeze(account=other)
    carried_out(third)
    wallet_sending.finish(on_its_way, is_done=True, answer={})
    last = SensitiveAct.objects.latest("pk")
    assert (last.kind, last.state, last.pk > third.pk) == (ActKind.FREEZE, ActState.APPROVED, True)


def begin(act: SensitiveAct) -> None:
    [command] = [command for command in wallet_sending.claim(10) if command.act_id == act.pk]
    assert wallet_sending.begin(command) is not None


def carried_out(act: SensitiveAct) -> None:
    begin(act)
    assert wallet_sending.finish(act, is_done=True, answer={})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("one", "other"), SPELLINGS[::2])
def test_two_spellings_at_once(one: str, other: str, ask_for: AskFor) -> None:
    results = all_at_once([partial(ask_for, account=one), partial(ask_for, account=other)])
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAsked", "SensitiveAct"]


@pytest.mark.django_db(transaction=True)
def test_two_parts_of_a_sum_at_once(ask_for: AskFor, refund_policy: ActPolicy) -> None:
    def part(account: str) -> Any:
        return ask_for(ActKind.REFUND, account=account, amount=money("300"))

    results = all_at_once([partial(part, "A-1"), partial(part, "A-2")])
    assert sorted(act.needed_approvals for act in results) == [1, 2]
