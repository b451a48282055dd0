"""Sensitive acts: asking, changing, approving, refusing, withdrawing, running out; and freezing at once."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import contact_changes
from accounts.actions.verification import prove_by_code
from accounts.choices import AuditKind, ContactWay, VerificationMethod
from accounts.models import AuditEntry, Brand, Customer, User, Verification
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, DomainError, Invalid, NotAllowed
from tests.crowd import all_at_once
from tests.wallet import (
    ACCOUNT,
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
from tickets.actions.wallet import edit_act, freeze_now, request_act, withdraw
from tickets.actions.wallet_approving import approve, expire, refuse
from tickets.actions.wallet_making import AlreadyAsked
from tickets.actions.wallet_rows import ProofMissing
from tickets.choices import ActKind, ActReason, ActState, EventKind, NoticeKind
from tickets.models import (
    ActApproval,
    ActPolicy,
    Event,
    Notice,
    SensitiveAct,
    Ticket,
    TicketProof,
    WalletCommand,
)
from tickets.queries import act_lists
from tickets.queries import wallet as queries
from tickets.queries.act_lists import Which
from tickets.rules.wallet_states import Changed, Decided, NotYours

__all__ = ["ask_for", "known_customer", "refund_policy", "second_lead"]
pytestmark = pytest.mark.usefixtures("in_english")
S = ActState


def approved_by(act: SensitiveAct, person: User) -> SensitiveAct:
    return approve(act, content_hash=act.content_hash, by=actors.staff(person))


def test_it_works(ask_for: AskFor, lead: User, agent: User, ticket: Ticket) -> None:
    act = ask_for()
    assert (act.state, act.needed_approvals, act.requested_by) == (S.REQUESTED, 1, agent)
    act = approved_by(act, lead)
    assert act.state == S.APPROVED
    assert WalletCommand.objects.get().act == act
    kinds = list(Event.objects.filter(ticket=ticket).values_list("kind", flat=True))[-2:]
    assert kinds == [EventKind.ACT_REQUESTED, EventKind.ACT_APPROVED]
    told = [entry for entry in AuditEntry.objects.order_by("pk") if entry.kind.startswith("act_")]
    assert [(entry.kind, entry.actor) for entry in told] == [
        (AuditKind.ACT_REQUESTED, agent),
        (AuditKind.ACT_APPROVED, lead),
    ]
    assert {entry.data["fingerprint"] for entry in told} == {act.content_hash}
    assert ACCOUNT not in str([entry.data for entry in told]), "the log names no account in full"


def test_who_is_told(ask_for: AskFor, agent: User, lead: User, manager: User, officer: User) -> None:
    """Those who may approve it, not whoever asked; the decision is told to whoever asked."""
    act = ask_for()
    to_approve = Notice.objects.filter(kind=NoticeKind.TO_APPROVE)
    assert {notice.person for notice in to_approve} == {lead, manager, officer}
    approved_by(act, lead)
    decided = Notice.objects.get(kind=NoticeKind.ACT_DECIDED)
    assert (decided.person, decided.event.kind) == (agent, EventKind.ACT_APPROVED)


def test_nobody_approves_what_they_asked_for(ticket: Ticket, lead: User, known_customer: Customer) -> None:
    act = request_act(ticket, kind=ActKind.UNFREEZE, answers=UNFREEZE, by=actors.staff(lead))
    with pytest.raises(NotYours):
        approved_by(act, lead)
    with pytest.raises(IntegrityError, match="nobody approves what they asked for"), transaction.atomic():
        ActApproval.objects.create(act=act, approver=lead, content_hash=act.content_hash)


def test_whoever_changed_the_contact_data_last_does_not_approve(
    ask_for: AskFor, lead: User, manager: User, second_agent: User, customer: Customer
) -> None:
    act = ask_for()
    contact_changes.record(customer, way=ContactWay.STAFF, what=("phone",), by=lead)
    with pytest.raises(NotYours):
        approved_by(act, lead)
    with pytest.raises(IntegrityError, match="changed the contact data last"), transaction.atomic():
        ActApproval.objects.create(act=act, approver=lead, content_hash=act.content_hash)
    # That the customer changed them since clears nobody.
    contact_changes.record(customer, way=ContactWay.CUSTOMER, what=("email",))
    with pytest.raises(NotYours):
        approved_by(act, lead)
    contact_changes.record(customer, way=ContactWay.STAFF, what=("phone",), by=manager)
    with pytest.raises(ProofMissing):
        approved_by(act, lead)
    vouch(act.ticket, second_agent)  # with the contact, the proof before it was in doubt
    assert approved_by(act, lead).state == S.APPROVED


def test_whoever_vouched_does_not_approve(
    ask_for: AskFor, lead: User, second_agent: User, second_lead: User
) -> None:
    """The agent's colleague vouched first; then the lead does, and it rests on the lead's word."""
    act = ask_for()
    assert act in act_lists.find(lead, act_lists.Question(Which.TO_APPROVE)).acts
    Verification.objects.update(withdrawn_at=clock.now())
    vouch(act.ticket, lead, VerificationMethod.IN_PERSON)
    with pytest.raises(NotYours, match="vouched"):
        approved_by(act, lead)
    assert lead not in queries.approvers_for(act)
    assert not act_lists.find(lead, act_lists.Question(Which.TO_APPROVE)).acts, "nor does it wait for them"
    assert act_lists.count_to_approve(second_lead) == 1
    assert approved_by(act, second_lead).state == S.APPROVED


def test_whoever_vouches_after_they_approved_has_approved_nothing(
    ask_for: AskFor, refund_policy: ActPolicy, lead: User, second_lead: User, manager: User
) -> None:
    act = ask_for(ActKind.REFUND, amount={"amount": "900", "currency": "CNY"})
    approved_by(act, lead)
    Verification.objects.update(withdrawn_at=clock.now())
    vouch(act.ticket, lead)
    assert approved_by(act, second_lead).state == S.REQUESTED
    assert approved_by(act, manager).state == S.APPROVED


def as_log_in(customer: Customer, person: User) -> None:
    Customer.objects.filter(pk=customer.pk).update(user=person)


def as_address(customer: Customer, person: User) -> None:
    Customer.objects.filter(pk=customer.pk).update(email=person.email)


@pytest.mark.parametrize("becomes", [as_log_in, as_address])
def test_the_customer_decides_nothing(
    becomes: Any,
    ticket: Ticket,
    customer: Customer,
    ask_for: AskFor,
    agent: User,
    lead: User,
    second_lead: User,
) -> None:
    """Who works here and is the customer neither asks nor approves, nor vouches for themselves; freezing they may."""
    becomes(customer, lead)
    ticket.refresh_from_db()
    act = ask_for()
    with pytest.raises(NotYours, match="This customer is you"):
        approved_by(act, lead)
    assert lead not in queries.approvers_for(act)
    assert not act_lists.find(lead, act_lists.Question(Which.TO_APPROVE)).acts
    with pytest.raises(IntegrityError, match="what is theirs"), transaction.atomic():
        ActApproval.objects.create(act=act, approver=lead, content_hash=act.content_hash)
    with pytest.raises(NotAllowed, match="themselves"):
        vouch(ticket, lead)
    other = {**UNFREEZE, "account": "BTP-2"}
    with pytest.raises(NotAllowed, match="This customer is you"):
        request_act(ticket, kind=ActKind.UNFREEZE, answers=other, by=actors.staff(lead))
    act.pk, act.key, act.account_key, act.requested_by = None, uuid4(), "btp-2", lead
    with pytest.raises(IntegrityError, match="what is theirs"), transaction.atomic():
        act.save(force_insert=True)
    assert freeze_now(ticket, account="BTP-3", by=actors.staff(lead), reason="").state == S.APPROVED


def test_who_turns_out_to_be_the_customer_has_approved_nothing(
    ask_for: AskFor, customer: Customer, lead: User
) -> None:
    act = approved_by(ask_for(), lead)
    as_log_in(customer, lead)
    [command] = wallet_sending.claim()
    assert wallet_sending.begin(command) is None
    assert (again(act).state, again(act).ending) == (S.EXPIRED, "holder")


def test_a_code_has_no_voucher_whoever_had_it_sent(
    ticket: Ticket, agent: User, lead: User, brand: Brand, refund_policy: ActPolicy
) -> None:
    proof = prove_by_code(ticket.customer, method=VerificationMethod.MAIL_CODE, by=lead)
    TicketProof.objects.create(ticket=ticket, proof=proof)
    act = request_act(ticket, kind=ActKind.REFUND, answers=REFUND, by=actors.staff(agent))
    assert queries.standing_of(act).voucher is None
    assert approved_by(act, lead).state == S.APPROVED


@pytest.mark.parametrize("name", ["agent", "administrator", "other_team_agent"])
def test_without_the_right_nobody_approves(
    name: str, ask_for: AskFor, request: pytest.FixtureRequest
) -> None:
    act = ask_for()
    with pytest.raises(NotAllowed):
        approved_by(act, request.getfixturevalue(name))
    for nobody in (actors.system("anything"), actors.customer(act.customer)):
        with pytest.raises(NotAllowed):
            approve(act, content_hash=act.content_hash, by=nobody)
    assert again(act).state == S.REQUESTED


@pytest.mark.parametrize(("amount", "needed"), [("499.99", 1), ("500", 2), ("5000", 2)])
def test_from_an_amount_on_it_takes_two(
    amount: str, needed: int, ask_for: AskFor, refund_policy: ActPolicy, lead: User, second_lead: User
) -> None:
    act = ask_for(ActKind.REFUND, amount={"amount": amount, "currency": "CNY"})
    assert act.needed_approvals == needed
    act = approved_by(act, lead)
    if needed == 2:
        assert (act.state, WalletCommand.objects.count()) == (S.REQUESTED, 0)
        with pytest.raises(Decided):
            approved_by(act, lead)
        act = approved_by(act, second_lead)
    assert (act.state, WalletCommand.objects.count()) == (S.APPROVED, 1)


def test_an_unknown_customer_gets_nothing_but_a_freeze(ticket: Ticket, agent: User) -> None:
    with pytest.raises(ProofMissing) as refused:
        request_act(ticket, kind=ActKind.UNFREEZE, answers=UNFREEZE, by=actors.staff(agent))
    assert refused.value.extra["needed"] == "document"
    assert freeze_now(ticket, account=ACCOUNT, by=actors.staff(agent), reason="").state == S.APPROVED


def test_a_proof_that_is_gone_when_it_is_approved(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    Verification.objects.update(withdrawn_at=clock.now())
    with pytest.raises(ProofMissing):
        approved_by(act, lead)


def test_what_was_approved_of_it_before_an_edit_counts_no_more(
    ask_for: AskFor, agent: User, lead: User, second_lead: User, refund_policy: ActPolicy
) -> None:
    act = ask_for(ActKind.REFUND, amount={"amount": "900", "currency": "CNY"})
    approved_by(act, lead)
    seen = act.content_hash
    answers = {"account": ACCOUNT, "reason_code": "charged_twice", "transaction": "TX2026030112"}
    more = {**answers, "amount": {"amount": "901", "currency": "CNY"}}
    edited = edit_act(act, answers=more, seen=seen, by=actors.staff(agent))
    with pytest.raises(Changed):
        approve(edited, content_hash=seen, by=actors.staff(second_lead))
    assert approved_by(edited, second_lead).state == S.REQUESTED, (
        "one of two: the first was for something else"
    )
    assert approved_by(edited, lead).state == S.APPROVED
    # Edited back, it is another content all the same.
    assert edited.revision == 2


def test_an_edit_is_the_requesters_and_of_what_they_saw(ask_for: AskFor, agent: User, lead: User) -> None:
    act = ask_for()
    other = {**UNFREEZE, "account": "BTP-999"}
    with pytest.raises(NotAllowed):
        edit_act(act, answers=other, seen=act.content_hash, by=actors.staff(lead))
    with pytest.raises(Changed):
        edit_act(act, answers=other, seen="0" * 64, by=actors.staff(agent))
    approved_by(act, lead)
    with pytest.raises(Decided):
        edit_act(act, answers=other, seen=act.content_hash, by=actors.staff(agent))


def test_the_database_keeps_what_was_approved(ask_for: AskFor, lead: User) -> None:
    act = approved_by(ask_for(), lead)
    for change, words in (
        ({"account": "BTP-999"}, "stays as it was approved"),
        ({"account_key": "btp-999"}, "with its content alone"),
        ({"content_hash": "0" * 64}, "stays as it was approved"),
        ({"requested_by": lead}, "never changes"),
        ({"state": S.REQUESTED}, "not taken back"),
    ):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            SensitiveAct.objects.filter(pk=act.pk).update(**change)
    with pytest.raises(IntegrityError, match="are kept"), transaction.atomic():
        ActApproval.objects.update(approver=lead)
    with pytest.raises(IntegrityError, match="are kept"), transaction.atomic():
        SensitiveAct.objects.filter(pk=act.pk)._raw_delete("default")


def test_the_database_lets_nothing_be_approved_by_nobody(ask_for: AskFor) -> None:
    act = ask_for()
    for state in (S.APPROVED, S.SENDING, S.DONE):
        with pytest.raises(IntegrityError, match="not approved"), transaction.atomic():
            SensitiveAct.objects.filter(pk=act.pk).update(state=state)


def test_refused_with_a_reason(ask_for: AskFor, lead: User, agent: User) -> None:
    act = ask_for()
    with pytest.raises(Invalid):
        refuse(act, reason="  ", by=actors.staff(lead))
    with pytest.raises(NotAllowed):
        refuse(act, reason="I would rather not.", by=actors.staff(agent))
    act = refuse(act, reason="The photo is another person.", by=actors.staff(lead))
    assert (act.state, act.ending, act.ended_by) == (S.REFUSED, "The photo is another person.", lead)
    assert Notice.objects.get(kind=NoticeKind.ACT_DECIDED).person == agent
    with pytest.raises(Decided):
        approved_by(act, lead)


def test_withdrawn_until_it_leaves(ask_for: AskFor, lead: User, agent: User) -> None:
    act = approved_by(ask_for(), lead)
    with pytest.raises(NotAllowed):
        withdraw(act, by=actors.staff(lead))
    assert withdraw(act, by=actors.staff(agent)).state == S.WITHDRAWN
    assert not WalletCommand.objects.filter(state="queued").exists()
    # The account is free for another.
    assert ask_for().state == S.REQUESTED


def test_it_runs_out(ask_for: AskFor, lead: User) -> None:
    with clock.frozen(clock.now() - timedelta(hours=25)):
        act = ask_for()
    with pytest.raises(Decided):
        approved_by(act, lead)
    assert (expire(), expire()) == (1, 0)
    assert again(act).state == S.EXPIRED
    assert Event.objects.get(kind=EventKind.ACT_EXPIRED).data["why"] == "not_decided"


def test_one_of_a_kind_on_an_account(ask_for: AskFor) -> None:
    ask_for()
    with pytest.raises(AlreadyAsked):
        ask_for()
    ask_for(account="BTP-10029999")


def test_frozen_at_once_by_one_agent(ticket: Ticket, agent: User) -> None:
    act = freeze_now(
        ticket, account=ACCOUNT, by=actors.staff(agent), reason="Stolen", code=ActReason.STOLEN_PHONE
    )
    assert (act.state, act.needed_approvals) == (S.APPROVED, 0)
    assert WalletCommand.objects.filter(act=act).exists()
    assert freeze_now(ticket, account=ACCOUNT, by=actors.staff(agent), reason="") == act, (
        "asked twice, done once"
    )


def test_frozen_by_the_desk_and_the_customer(ticket: Ticket, customer: Customer) -> None:
    assert freeze_now(ticket, account="A-1", by=actors.system("emergency"), reason="x").requested_by is None
    assert (
        freeze_now(ticket, account="A-2", by=actors.customer(customer), reason="x").requester_kind
        == "customer"
    )


def test_a_freeze_stops_an_unfreeze_that_has_not_left(ask_for: AskFor, lead: User, agent: User) -> None:
    unfreeze = approved_by(ask_for(), lead)
    freeze_now(unfreeze.ticket, account=ACCOUNT, by=actors.staff(agent), reason="It was not them")
    assert (again(unfreeze).state, again(unfreeze).ending) == (S.WITHDRAWN, "frozen_again")


@pytest.mark.parametrize(
    "account", ["", "a", "no spaces", "x" * 65, "半角", "ABC\n123", "<script>", "-abc", "ＡＢＣ１２３"]
)
def test_what_is_no_account(account: str, ticket: Ticket, agent: User) -> None:
    with pytest.raises(Invalid) as refused:
        freeze_now(ticket, account=account, by=actors.staff(agent), reason="")
    assert list(refused.value.fields) == ["account"]


def test_a_stranger_asks_for_nothing(
    ticket: Ticket, other_team_agent: User, other_brand_agent: User, officer: User, known_customer: Customer
) -> None:
    for person in (other_team_agent, other_brand_agent, officer):
        for kind in (ActKind.UNFREEZE, ActKind.FREEZE):
            answers = UNFREEZE if kind == ActKind.UNFREEZE else {**UNFREEZE, "reason_code": "other"}
            with pytest.raises(NotAllowed):
                request_act(ticket, kind=kind, answers=answers, by=actors.staff(person))


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once(ask_for: AskFor, lead: User, second_lead: User) -> None:
    act = ask_for()
    results = all_at_once([partial(approved_by, act, person) for person in (lead, second_lead)])
    assert sorted(type(result).__name__ for result in results) == ["Decided", "SensitiveAct"]
    assert (WalletCommand.objects.count(), ActApproval.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_one_approver_twice_at_once(ask_for: AskFor, refund_policy: ActPolicy, lead: User) -> None:
    act = ask_for(ActKind.REFUND, amount={"amount": "900", "currency": "CNY"})
    results = all_at_once([partial(approved_by, act, lead)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Decided", "SensitiveAct"]
    assert again(act).state == S.REQUESTED, "one person is one, however often they press"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_approved_while_it_is_edited(ask_for: AskFor, agent: User, lead: User, turn: int) -> None:
    """Either what was seen is approved and the edit refused, or the edit stands and nothing is approved."""
    act = ask_for()
    seen, other = act.content_hash, {**UNFREEZE, "account": "BTP-66666666"}
    results = all_at_once(
        [
            partial(approve, act, content_hash=seen, by=actors.staff(lead)),
            partial(edit_act, act, answers=other, seen=seen, by=actors.staff(agent)),
        ]
    )
    after = again(act) if WalletCommand.objects.exists() else SensitiveAct.objects.get(pk=act.pk)
    if after.state == S.APPROVED:
        assert (after.account, after.content_hash) == (ACCOUNT, seen)
        assert isinstance(results[1], Decided)
    else:
        assert (after.state, after.account, WalletCommand.objects.count()) == (S.REQUESTED, "BTP-66666666", 0)
        assert isinstance(results[0], Changed)


@pytest.mark.django_db(transaction=True)
def test_approved_while_the_approver_changes_the_contact_data(ask_for: AskFor, lead: User) -> None:
    """Whoever comes first: changed first, nothing is approved; approved first, it is not sent (see delivery)."""
    act = ask_for()
    customer = Customer.objects.get(pk=act.customer_id)

    @transaction.atomic
    def change() -> None:
        Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        contact_changes.record(customer, way=ContactWay.STAFF, what=("phone",), by=lead)

    approval, _nothing = all_at_once([partial(approved_by, act, lead), change])
    assert isinstance(approval, SensitiveAct | NotYours)


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_at_once(ask_for: AskFor) -> None:
    results = all_at_once([ask_for, ask_for])
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAsked", "SensitiveAct"]


@pytest.mark.django_db(transaction=True)
def test_frozen_twice_at_once(ticket: Ticket, agent: User) -> None:
    freeze = partial(freeze_now, ticket, account=ACCOUNT, by=actors.staff(agent), reason="")
    first, second = all_at_once([freeze, freeze])
    assert (first, WalletCommand.objects.count()) == (second, 1)


def test_a_case_of_nobody_in_particular(make_ticket: Any, agent: User, known_customer: Customer) -> None:
    ticket = make_ticket(unproved_sender="li@example.com")
    with pytest.raises(DomainError) as refused:
        request_act(ticket, kind=ActKind.UNFREEZE, answers=UNFREEZE, by=actors.staff(agent))
    assert isinstance(refused.value, Conflict | NotAllowed)


def test_a_policy_made_stricter_holds_for_what_was_asked_before(
    refund_policy: ActPolicy, ask_for: AskFor, lead: User, second_lead: User
) -> None:
    act, proof = ask_for(ActKind.REFUND), ask_for(account="BTP-2")
    ActPolicy.objects.filter(pk=refund_policy.pk).update(approvals=2)
    assert approved_by(act, lead).state == S.REQUESTED
    assert Event.objects.latest("pk").data["approvals"] == 2
    assert approved_by(act, second_lead).state == S.APPROVED
    ActPolicy.objects.create(brand=act.brand, kind=ActKind.UNFREEZE, level=30, approvals=1, hours=24)
    with pytest.raises(ProofMissing):
        approved_by(proof, lead)


def test_a_sum_that_grew_since_takes_more(
    refund_policy: ActPolicy, ask_for: AskFor, lead: User, second_lead: User
) -> None:
    act = ask_for(ActKind.REFUND)
    ask_for(ActKind.REFUND, account="BTP-2", amount={"amount": "400", "currency": "CNY"})
    assert approved_by(act, lead).state == S.REQUESTED
    assert approved_by(act, second_lead).state == S.APPROVED


def test_a_policy_asks_for_more_never_for_less(brand: Brand, ask_for: AskFor) -> None:
    ActPolicy.objects.create(brand=brand, kind=ActKind.UNFREEZE, level=0, approvals=3, hours=2)
    act = ask_for()
    assert (act.needed_level, act.needed_approvals) == (20, 3)
    assert act.expires_at - act.requested_at <= timedelta(hours=2, seconds=1)
