"""Sensitive acts through the API: the same rules as on the pages, in particular for whoever asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actions import contact_changes, customers
from accounts.actions.verification import prove_by_code
from accounts.choices import ContactWay, VerificationMethod
from accounts.models import Customer, User
from accounts.rules.scopes import Scope
from tests.api_client import Api, problem
from tests.cast import confirm, stale
from tests.wallet import ACCOUNT, AskFor, again, ask_for, known_customer, vouch
from tickets.choices import ActKind, ActState
from tickets.models import SensitiveAct, Ticket, TicketProof, WalletCommand
from tickets.rules.wallet_words import masked

__all__ = ["ask_for", "known_customer"]
UNFREEZE = {"kind": "unfreeze", "account": ACCOUNT, "reason_code": "owner_again"}
REFUND = {
    "kind": "refund",
    "account": ACCOUNT,
    "reason_code": "charged_twice",
    "amount": {"amount": "12.50", "currency": "CNY"},
    "details": {"transaction": "TX2026030112"},
}


def approve(user: User, act: SensitiveAct, **changed: str) -> Any:
    return Api(user).send(f"/acts/{act.key}/approve/", {"content_hash": act.content_hash, **changed})


def test_it_works(ticket: Ticket, agent: User, lead: User, known_customer: Customer) -> None:
    asked = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", REFUND)
    assert asked.status_code == 201, asked.content
    told = asked.json()
    assert (told["amount"], told["currency"], told["details"]) == (
        "12.5",
        "CNY",
        {"transaction": "TX2026030112"},
    )
    assert (told["state"], told["needed_level"], told["needed_approvals"]) == ("requested", "contact", 2)
    first = Api(lead).send(f"/acts/{told['key']}/approve/", {"content_hash": told["content_hash"]})
    assert [approval["by"] for approval in first.json()["approvals"]] == ["Lea"]
    listed = Api(agent).get("/acts/?which=own").json()["results"]
    assert [act["key"] for act in listed] == [told["key"]]
    on_ticket = Api(agent).get(f"/tickets/{ticket.display_number}/acts/").json()["results"]
    one = Api(agent).get(f"/acts/{told['key']}/").json()
    for detail in ("customer_known", "account_tie", "together"):
        del one[detail]
    assert one["account"] == ACCOUNT
    assert on_ticket == listed == [one | {"account": masked(ACCOUNT)}]


def test_whoever_asked_does_not_approve(ticket: Ticket, lead: User, known_customer: Customer) -> None:
    Api(lead).send(f"/tickets/{ticket.display_number}/acts/", UNFREEZE)
    act = SensitiveAct.objects.get()
    problem(approve(lead, act), 403, "not_yours_to_approve")
    assert (SensitiveAct.objects.get().state, WalletCommand.objects.count()) == (ActState.REQUESTED, 0)


def test_nor_does_the_last_who_changed_the_contact_data(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    contact_changes.record(act.customer, way=ContactWay.STAFF, what=("email",), by=lead)
    problem(approve(lead, act), 403, "not_yours_to_approve")


def test_nor_whoever_vouched(ask_for: AskFor, lead: User, agent: User) -> None:
    act = ask_for()
    known = Api(lead).get(f"/acts/{act.key}/").json()["customer_known"]
    assert known.pop("at") is not None
    assert known == {
        "level": "document",
        "method": "document",
        "by": "Bo",
        "expires_at": None,
        "by_requester": False,
    }
    vouch(act.ticket, lead, VerificationMethod.IN_PERSON)
    refused = problem(approve(lead, act), 403, "not_yours_to_approve")
    assert "vouched" in refused["detail"]
    assert SensitiveAct.objects.get().state == ActState.REQUESTED


def test_one_person_who_vouches_and_asks_is_said(ticket: Ticket, agent: User, lead: User) -> None:
    vouch(ticket, agent)
    asked = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", UNFREEZE).json()
    known = asked["customer_known"]
    assert (known["by"], known["by_requester"]) == ("Ann", True)
    assert approve(lead, SensitiveAct.objects.get()).json()["state"] == "approved"


def test_a_code_is_nobodys_word(ticket: Ticket, agent: User) -> None:
    proof = prove_by_code(ticket.customer, method=VerificationMethod.MAIL_CODE, by=agent)
    TicketProof.objects.create(ticket=ticket, proof=proof)
    asked = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", REFUND).json()
    known = asked["customer_known"]
    assert (known["method"], known["by"], known["by_requester"]) == ("mail_code", None, False)


def test_nor_without_the_right(ask_for: AskFor, agent: User, administrator: User) -> None:
    act = ask_for()
    for person in (agent, administrator):
        problem(approve(person, act), 403, "not_allowed")


def test_only_exactly_this(ask_for: AskFor, agent: User, lead: User) -> None:
    act = ask_for()
    problem(approve(lead, act, content_hash="0" * 64), 409, "act_changed")
    problem(approve(lead, act, content_hash="yes"), 422, "invalid")
    edited = {**UNFREEZE, "account": "BTP-9", "content_hash": act.content_hash}
    changed = Api(agent).send(f"/acts/{act.key}/", edited, method="PATCH")
    assert changed.json()["account"] == "BTP-9"
    problem(approve(lead, act), 409, "act_changed")
    problem(Api(agent).send(f"/acts/{act.key}/", edited, method="PATCH"), 409, "act_changed")
    assert approve(lead, SensitiveAct.objects.get()).json()["state"] == "approved"


def test_refused_and_withdrawn(ask_for: AskFor, agent: User, lead: User) -> None:
    act = ask_for()
    problem(Api(lead).send(f"/acts/{act.key}/refuse/", {"reason": ""}), 422, "invalid")
    problem(Api(lead).send(f"/acts/{act.key}/withdraw/", {}), 403, "not_allowed")
    assert Api(lead).send(f"/acts/{act.key}/refuse/", {"reason": "No."}).json()["ending"] == "No."
    problem(Api(agent).send(f"/acts/{act.key}/withdraw/", {}), 409, "act_decided")
    second = ask_for()
    assert Api(agent).send(f"/acts/{second.key}/withdraw/", {}).json()["state"] == "withdrawn"


def test_frozen_at_once(ticket: Ticket, agent: User) -> None:
    freeze = {"kind": "freeze", "account": ACCOUNT, "reason_code": "stolen_phone"}
    answers = [
        Api(agent).send(f"/tickets/{ticket.display_number}/acts/", freeze).json() for _turn in range(2)
    ]
    assert (answers[0]["state"], answers[0]["key"]) == ("approved", answers[1]["key"])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"account": "no spaces"}, "account"),
        ({"amount": {"amount": "-1", "currency": "CNY"}}, "amount"),
        ({"amount": {"amount": "1", "currency": "XXX"}}, "amount"),
        ({"amount": {"amount": "0.000000001", "currency": "BTC"}}, "amount"),
        ({"details": {}}, "transaction"),
        ({"reason_code": "stolen_phone"}, "reason_code"),
        ({"reason_code": "goodwill"}, "reason"),
        ({"kind": "rob"}, "kind"),
    ],
)
def test_what_is_wrong_is_named(
    changed: dict[str, Any], field: str, ticket: Ticket, agent: User, known_customer: Customer
) -> None:
    refused = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", REFUND | changed)
    assert list(problem(refused, 422, "invalid")["errors"]) == [field]


def test_customers_and_strangers(ask_for: AskFor, member: Customer, other_brand_agent: User) -> None:
    act = ask_for()
    assert member.user is not None
    problem(Api(member.user).get("/acts/"), 403, "not_allowed")
    problem(Api(member.user).get(f"/acts/{act.key}/"), 403, "not_allowed")
    problem(Api(other_brand_agent).get(f"/acts/{act.key}/"), 404, "not_found")
    assert Api(other_brand_agent).get("/acts/").json()["results"] == []


def test_a_token_that_may_only_read(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    reader = Api(lead, scopes=[Scope.TICKETS_READ])
    assert reader.get("/acts/?which=to_approve").json()["results"][0]["key"] == str(act.key)
    sent = reader.send(f"/acts/{act.key}/approve/", {"content_hash": act.content_hash})
    problem(sent, 403, "scope_missing")


def test_approving_takes_a_token_made_for_it(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    writer = Api(lead, scopes=[Scope.TICKETS_READ, Scope.TICKETS_WRITE])
    sent = writer.send(f"/acts/{act.key}/approve/", {"content_hash": act.content_hash})
    problem(sent, 403, "step_up_required")
    assert SensitiveAct.objects.get().state == ActState.REQUESTED
    # Refusing harms nobody, and is not asked for.
    assert writer.send(f"/acts/{act.key}/refuse/", {"reason": "No."}).status_code == 200


def test_in_the_browser_approving_takes_a_fresh_confirmation(ask_for: AskFor, lead: User) -> None:
    act, browser = ask_for(), Client()
    browser.force_login(lead)
    path, said = f"/api/v1/acts/{act.key}/approve/", {"content_hash": act.content_hash}
    problem(stale(browser).post(path, said, content_type="application/json"), 403, "step_up_required")
    assert confirm(browser).post(path, said, content_type="application/json").status_code == 200


def test_page_by_page(ask_for: AskFor, agent: User) -> None:
    for number in range(3):
        ask_for(ActKind.UNFREEZE, account=f"BTP-{number}")
    seen, url = [], "/acts/?page_size=2"
    while url:
        page = Api(agent).get(url).json()
        seen += [act["account"] for act in page["results"]]
        url = page["next"]
    assert seen == ["…TP-2", "…TP-1", "…TP-0"]


def test_few_queries(ask_for: AskFor, agent: User, django_assert_max_num_queries: Any) -> None:
    for number in range(10):
        ask_for(account=f"BTP-{number}")
    api = Api(agent)
    api.get("/acts/")
    with django_assert_max_num_queries(9):
        assert len(api.get("/acts/").json()["results"]) == 10


def test_without_proof(ticket: Ticket, agent: User) -> None:
    asked = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", UNFREEZE)
    assert problem(asked, 409, "proof_missing")["needed"] == "document"


def test_what_is_gone_is_gone(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    approve(lead, act)
    problem(approve(lead, act), 409, "act_decided")
    assert again(act).state == ActState.APPROVED


def test_another_customers_account_is_refused_at_its_field(
    ticket: Ticket, agent: User, lead: User, known_customer: Customer
) -> None:
    customers.find_or_create(email="wang@example.org", language="en")
    for said in (UNFREEZE, REFUND):
        asked = Api(agent).send(
            f"/tickets/{ticket.display_number}/acts/", {**said, "account": "Wang@example.org"}
        )
        assert list(problem(asked, 422, "invalid")["errors"]) == ["account"]
    # It turned out only when it waited.
    asked = Api(agent).send(
        f"/tickets/{ticket.display_number}/acts/", {**UNFREEZE, "account": "z@example.org"}
    )
    assert asked.json()["account_tie"] == "none"
    customers.find_or_create(email="z@example.org", language="en")
    act = SensitiveAct.objects.get()
    assert list(problem(approve(lead, act), 422, "invalid")["errors"]) == ["account"]
    assert not WalletCommand.objects.exists()


def test_what_refunds_come_to_together_is_said(ticket: Ticket, agent: User, known_customer: Customer) -> None:
    first = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", REFUND).json()
    assert first["together"] is None
    second = Api(agent).send(f"/tickets/{ticket.display_number}/acts/", {**REFUND, "account": "A-2"}).json()
    assert second["together"] == {"amount": "25", "count": 2}
