"""The pages of sensitive acts: asking on a ticket, the lists, one's page, deciding on it."""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import contact_changes, customers
from accounts.choices import ContactWay, VerificationMethod
from accounts.models import Brand, Customer, User, Verification
from helpdesk.lib import clock
from tests.cast import PASSWORD, stale
from tests.tickets.workspace.conftest import LogIn
from tests.wallet import ACCOUNT, AskFor, again, ask_for, known_customer, second_lead, vouch
from tickets import actors
from tickets.actions import wallet_sending
from tickets.actions.wallet import edit_act, freeze_now
from tickets.actions.wallet_approving import approve
from tickets.choices import ActKind, ActState
from tickets.models import ActPolicy, SensitiveAct, Ticket

__all__ = ["ask_for", "known_customer", "second_lead"]
S = ActState
ANSWERS = {"account": ACCOUNT, "reason_code": "owner_again", "reason": "Came to the counter."}


def page_of(client: Client, act: SensitiveAct) -> str:
    response = client.get(reverse("workspace:act", args=[act.key]))
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, name: str, act: SensitiveAct, **form: str) -> Any:
    return client.post(reverse(f"workspace:{name}", args=[act.key]), form)


def test_it_works(ticket: Ticket, desk: Client, log_in: LogIn, lead: User, known_customer: Customer) -> None:
    """Asked for on the ticket, seen by the lead in the list, approved on the page."""
    card = desk.get(reverse("workspace:ticket", args=[ticket.number])).content.decode()
    address = reverse("workspace:act_ask", args=[ticket.number])
    assert f'href="{address}?kind=unfreeze"' in card
    form = desk.get(address, {"kind": "unfreeze"}).content.decode()
    assert "Needed proof: document checked. The customer is now: document checked." in form
    asked = desk.post(address, {"kind": "unfreeze", **ANSWERS})
    act = SensitiveAct.objects.get()
    assert asked["Location"] == reverse("workspace:act", args=[act.key])

    approver = log_in(lead)
    listed = approver.get(reverse("workspace:acts")).content.decode()
    assert "Unfreeze the account" in listed
    assert ACCOUNT not in listed, "lists mask accounts"
    page = page_of(approver, act)
    assert ACCOUNT in page
    assert "Came to the counter." in page
    assert act.short_hash in page
    done = post(approver, "act_approve", act, content_hash=act.content_hash)
    assert done.status_code == 302
    assert again(act).state == S.APPROVED
    assert "Approved. It is being carried out now." in page_of(approver, act)


def test_frozen_at_once(ticket: Ticket, desk: Client) -> None:
    address = reverse("workspace:act_ask", args=[ticket.number])
    assert "Freeze now" in desk.get(address, {"kind": "freeze"}).content.decode()
    desk.post(address, {"kind": "freeze", "account": ACCOUNT, "reason_code": "stolen_phone"})
    assert SensitiveAct.objects.get().state == S.APPROVED


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    ticket: Ticket, desk: Client, known_customer: Customer
) -> None:
    address = reverse("workspace:act_ask", args=[ticket.number])
    typed = {"kind": "refund", "account": "no spaces", "amount": "lots", "reason": "Because <b>."}
    response = desk.post(address, typed)
    page = response.content.decode()
    assert response.status_code == 422
    for name in ("account", "amount", "transaction", "reason_code"):
        assert f'id="sa-{name}-error"' in page
    for kept in ('value="no spaces"', 'value="lots"', "Because &lt;b&gt;."):
        assert kept in page


def test_without_proof(ticket: Ticket, desk: Client) -> None:
    address = reverse("workspace:act_ask", args=[ticket.number])
    response = desk.post(address, {"kind": "unfreeze", **ANSWERS})
    assert response.status_code == 409
    assert "Verify the customer first" in response.content.decode()
    assert ACCOUNT in response.content.decode()


def test_the_account_is_suggested(ticket: Ticket, desk: Client, ask_for: AskFor) -> None:
    ask_for()
    address = reverse("workspace:act_ask", args=[ticket.number])
    assert f'value="{ACCOUNT}"' in desk.get(address, {"kind": "refund"}).content.decode()


@pytest.mark.parametrize("account", ["wang@example.com", "+8613800138000"])
def test_an_account_that_is_contact_data_stands_masked_and_means_the_whole(
    account: str, ticket: Ticket, desk: Client, known_customer: Customer
) -> None:
    """As it is after the emergency page, where people name their account by address or number."""
    Customer.objects.filter(pk=known_customer.pk).update(phone="+8613800138000")
    freeze_now(ticket, account=account, by=actors.system("emergency"), reason="Stolen")
    address = reverse("workspace:act_ask", args=[ticket.number])
    page = desk.get(address, {"kind": "unfreeze"})
    assert account not in page.content.decode()
    found = re.search(r'name="account" value="([^"]*[*][^"]*)"', page.content.decode())
    assert found is not None
    asked = desk.post(address, {"kind": "unfreeze", **ANSWERS, "account": found[1]})
    assert asked.status_code == 302
    assert SensitiveAct.objects.get(kind=ActKind.UNFREEZE).account == account


def test_another_kind_or_another_act_is_not_there(ticket: Ticket, desk: Client) -> None:
    address = reverse("workspace:act_ask", args=[ticket.number])
    assert desk.get(address, {"kind": "rob"}).status_code == 404
    assert desk.get("/admin/acts/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_changed_since_it_was_seen(ask_for: AskFor, agent: User, lead: User, log_in: LogIn) -> None:
    """The approver's page shows what changed, and their press approves nothing."""
    act = ask_for(account="BTP-11111111")
    seen = act.content_hash
    edit_act(act, answers=ANSWERS, seen=seen, by=actors.staff(agent))
    response = post(log_in(lead), "act_approve", act, content_hash=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "This was changed after you opened it." in page
    assert "<del>…1111</del>" in page
    assert "<ins>…3456</ins>" in page
    assert SensitiveAct.objects.get().state == S.REQUESTED


def test_changed_by_whoever_asked(ask_for: AskFor, desk: Client, log_in: LogIn, lead: User) -> None:
    act = ask_for()
    address = reverse("workspace:act_edit", args=[act.key])
    assert f'value="{act.content_hash}"' in desk.get(address).content.decode()
    changed = {**ANSWERS, "account": "BTP-77777777", "content_hash": act.content_hash}
    assert desk.post(address, changed).status_code == 302
    assert SensitiveAct.objects.get().account == "BTP-77777777"
    stale = desk.post(address, {**changed, "account": "BTP-88888888"})
    assert stale.status_code == 409
    assert "BTP-88888888" in stale.content.decode()
    assert log_in(lead).get(address).status_code == 403


def test_refused_with_a_reason(ask_for: AskFor, lead: User, log_in: LogIn, desk: Client) -> None:
    act, approver = ask_for(), log_in(lead)
    without = post(approver, "act_refuse", act, reason=" ")
    assert without.status_code == 422
    assert 'id="sa-reason-error"' in without.content.decode()
    post(approver, "act_refuse", act, reason="The photo is of somebody else.")
    assert "The photo is of somebody else." in page_of(desk, act)


def test_withdrawn(ask_for: AskFor, desk: Client, log_in: LogIn, lead: User) -> None:
    act = ask_for()
    assert post(log_in(lead), "act_withdraw", act).status_code == 403
    assert post(desk, "act_withdraw", act).status_code == 302
    assert SensitiveAct.objects.get().state == S.WITHDRAWN


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("contact", "You changed this customer&#x27;s contact data last"),
        ("proof", "The customer must be verified first."),
        ("voucher", "You vouched for who this customer is"),
        ("nothing", ""),
    ],
)
def test_who_may_not_approve_it_reads_why(
    spoil: str, words: str, ask_for: AskFor, lead: User, log_in: LogIn
) -> None:
    act = ask_for()
    if spoil == "contact":
        contact_changes.record(act.customer, way=ContactWay.STAFF, what=("phone",), by=lead)
    elif spoil == "proof":
        Verification.objects.update(withdrawn_at=clock.now())
    elif spoil == "voucher":
        vouch(act.ticket, lead, VerificationMethod.IN_PERSON)
    page = page_of(log_in(lead), act)
    assert words in page
    assert ("act_approve" in page or "/approve/" in page) == (spoil == "nothing")


def test_by_whom_the_customer_was_verified(ask_for: AskFor, lead: User, log_in: LogIn) -> None:
    page = page_of(log_in(lead), ask_for(account="wang@example.com"))
    assert "identity document checked, on the word of Bo" in page
    assert "Look twice" not in page


def test_one_person_who_vouched_and_asks(
    ticket: Ticket, agent: User, lead: User, log_in: LogIn, desk: Client
) -> None:
    """The approver is told in plain words, and may approve."""
    vouch(ticket, agent)
    desk.post(reverse("workspace:act_ask", args=[ticket.number]), {"kind": "unfreeze", **ANSWERS})
    page = page_of(log_in(lead), SensitiveAct.objects.get())
    assert "Look twice:" in page
    assert "Ann asked for this, and it is Ann’s word alone" in page
    assert "/approve/" in page


def test_a_key_that_ends_in_digits_alone_is_masked_nowhere(
    ticket: Ticket,
    desk: Client,
    lead: User,
    log_in: LogIn,
    known_customer: Customer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One in two thousand does, as a number of an account would; the case's history names it too."""
    key = uuid.UUID("eaea65b9-e9dc-42d7-8057-123412342787")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uuid, "uuid4", lambda: key)
        desk.post(reverse("workspace:act_ask", args=[ticket.number]), {"kind": "unfreeze", **ANSWERS})
    act = SensitiveAct.objects.get(key=key)
    approver = log_in(lead)
    address = reverse("workspace:act_approve", args=[key])
    assert f'action="{address}"' in page_of(approver, act)
    done = post(approver, "act_approve", act, content_hash=act.content_hash)
    assert done["Location"] == reverse("workspace:act", args=[key])
    assert again(act).state == S.APPROVED


def test_a_log_in_of_an_hour_ago_confirms_before_it_approves(
    ask_for: AskFor, lead: User, log_in: LogIn
) -> None:
    """By htmx too: the whole page goes to the confirmation, and what was pressed is carried out after it."""
    act, approver = ask_for(), stale(log_in(lead))
    page = f"http://testserver{reverse('workspace:act', args=[act.key])}"
    told = approver.post(
        reverse("workspace:act_approve", args=[act.key]),
        {"content_hash": act.content_hash},
        headers={"HX-Request": "true", "HX-Current-URL": page},
    )
    back = reverse("workspace:act", args=[act.key])
    assert told.status_code == 204
    assert told["HX-Redirect"] == f"/accounts/reauthenticate/?{urlencode({'next': back})}"
    assert SensitiveAct.objects.get().state == S.REQUESTED
    done = approver.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": back})
    assert done["Location"] == back
    assert SensitiveAct.objects.get().state == S.APPROVED


def test_what_was_changed_while_they_confirmed_is_not_approved(
    ask_for: AskFor, agent: User, lead: User, log_in: LogIn
) -> None:
    act, approver = ask_for(), stale(log_in(lead))
    seen = act.content_hash
    asked = post(approver, "act_approve", act, content_hash=seen)
    edit_act(act, answers={**ANSWERS, "account": "BTP-1"}, seen=seen, by=actors.staff(agent))
    back = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    done = approver.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": back})
    assert done.status_code == 409
    assert "This was changed after you opened it." in done.content.decode()
    assert SensitiveAct.objects.get().state == S.REQUESTED


def test_the_requester_sees_no_button_to_approve(ask_for: AskFor, desk: Client) -> None:
    page = page_of(desk, ask_for())
    assert "/approve/" not in page
    assert "/refuse/" not in page
    assert "/withdraw/" in page


def test_lists_and_filters(
    ask_for: AskFor, desk: Client, log_in: LogIn, lead: User, second_lead: User
) -> None:
    waiting, done = ask_for(account="BTP-1"), ask_for(ActKind.REFUND, account="BTP-2")
    approve(done, content_hash=done.content_hash, by=actors.staff(lead))
    approver, address = log_in(lead), reverse("workspace:acts")

    def keys(client: Client, **query: str) -> set[str]:
        page = client.get(address, query).content.decode()
        return {str(act.key) for act in (waiting, done) if str(act.key) in page}

    both = {str(waiting.key), str(done.key)}
    assert keys(approver) == {str(waiting.key)}, "two are needed for the refund: the lead has given theirs"
    assert keys(log_in(second_lead)) == both
    assert keys(approver, which="all") == keys(desk) == both
    assert keys(approver, which="own") == set()
    assert keys(desk, kind="refund") == keys(desk, q="btp-2") == {str(done.key)}
    assert keys(desk, q=waiting.ticket.display_number) == both
    assert keys(desk, state="done") == set()
    assert keys(desk, state="nonsense", brand="x", after="y", which="z") == both


def test_strangers_see_none(ask_for: AskFor, log_in: LogIn, other_brand_agent: User) -> None:
    act = ask_for()
    stranger = log_in(other_brand_agent)
    assert str(act.key) not in stranger.get(reverse("workspace:acts"), {"which": "all"}).content.decode()
    assert stranger.get(reverse("workspace:act", args=[act.key])).status_code == 404
    assert post(stranger, "act_withdraw", act).status_code == 404


def test_page_by_page(ask_for: AskFor, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = [ask_for(account=f"BTP-{number}") for number in range(5)]
    monkeypatch.setattr("tickets.queries.act_lists.find.__defaults__", (2,))
    seen: list[str] = []
    address: str | None = reverse("workspace:acts")
    while address:
        page = desk.get(address).content.decode()
        seen += [str(act.key) for act in reversed(acts) if str(act.key) in page]
        rest = page.partition('rel="next" href="')[2]
        address = rest.partition('"')[0].replace("&amp;", "&") or None
    assert seen == [str(act.key) for act in reversed(acts)]


def test_few_queries(
    ask_for: AskFor, desk: Client, ticket: Ticket, django_assert_max_num_queries: Any
) -> None:
    """As many for one act as for many."""
    for number in range(12):
        ask_for(account=f"BTP-{number}")
    act = SensitiveAct.objects.latest("pk")
    for address, most in (
        (reverse("workspace:acts"), 12),
        (reverse("workspace:act", args=[act.key]), 18),
    ):
        desk.get(address)
        with django_assert_max_num_queries(most):
            desk.get(address)


def test_a_page_that_waits_for_the_wallet_is_loaded_anew_when_it_is_over(
    ask_for: AskFor, desk: Client, lead: User
) -> None:
    act = ask_for()
    approve(act, content_hash=act.content_hash, by=actors.staff(lead))
    assert 'hx-trigger="every 2s"' in page_of(desk, act)
    address, asked = reverse("workspace:act", args=[act.key]), {"HX-Request": "true"}
    assert "HX-Refresh" not in desk.get(address, headers=asked).headers
    wallet_sending.finish(act, is_done=True, answer={"reference": "R-1"})
    assert desk.get(address, headers=asked)["HX-Refresh"] == "true"
    page = page_of(desk, act)
    assert "every 2s" not in page
    assert "R-1" in page


def test_in_chinese(ask_for: AskFor, lead: User) -> None:
    act = ask_for()
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(lead)
    client.cookies["django_language"] = "zh-hans"
    for address in (reverse("workspace:acts"), reverse("workspace:act", args=[act.key])):
        assert client.get(address).status_code == 200


UNTIED = "Nothing ties this account to this customer"


def test_an_account_that_nothing_ties_to_the_customer_is_said_loudly(
    ticket: Ticket, desk: Client, log_in: LogIn, lead: User, known_customer: Customer
) -> None:
    address = reverse("workspace:act_ask", args=[ticket.number])
    wrong = desk.post(address, {"kind": "unfreeze", **ANSWERS, "reason_code": ""})
    assert UNTIED in wrong.content.decode()
    asked = desk.post(address, {"kind": "unfreeze", **ANSWERS}, follow=True)
    assert UNTIED in asked.content.decode()
    assert UNTIED in page_of(log_in(lead), SensitiveAct.objects.get())


def test_the_customers_own_contact_is_no_matter_for_doubt(
    desk: Client, log_in: LogIn, lead: User, ask_for: AskFor, customer: Customer
) -> None:
    page = page_of(log_in(lead), ask_for(account=customer.email))
    assert UNTIED not in page
    assert "own contact on record" in page


def test_another_customers_account_can_neither_be_asked_for_nor_approved(
    ticket: Ticket, desk: Client, log_in: LogIn, lead: User, ask_for: AskFor
) -> None:
    act = ask_for(account="wang@example.org")
    customers.find_or_create(email="wang@example.org", language="en")
    address = reverse("workspace:act_ask", args=[ticket.number])
    asked = desk.post(
        address,
        {
            "kind": "unbind_card",
            **ANSWERS,
            "account": "wang@example.org",
            "last4": "1234",
            "reason_code": "new_card",
        },
    )
    assert asked.status_code == 422
    assert 'id="sa-account-error">This account is another customer’s' in asked.content.decode()
    approver = log_in(lead)
    assert "another customer’s" in page_of(approver, act)
    assert reverse("workspace:act_approve", args=[act.key]) not in page_of(approver, act)
    refused = post(approver, "act_approve", act, content_hash=act.content_hash)
    assert refused.status_code == 422
    assert "This account is another customer’s" in refused.content.decode()


def test_the_sum_of_several_refunds_is_shown(ask_for: AskFor, log_in: LogIn, lead: User) -> None:
    ask_for(ActKind.REFUND)
    page = page_of(log_in(lead), ask_for(ActKind.REFUND, account="A-2"))
    assert "This is one of 2 refunds" in page
    assert "<strong>400 CNY</strong>" in page


def test_a_policy_made_stricter_since_is_shown(
    brand: Brand, ask_for: AskFor, log_in: LogIn, lead: User
) -> None:
    act = ask_for()
    ActPolicy.objects.create(brand=brand, kind=ActKind.UNFREEZE, level=20, approvals=2, hours=24)
    assert "0 of 2" in page_of(log_in(lead), act)
