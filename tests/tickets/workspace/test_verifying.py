"""How surely a customer is known, on the page of their case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts import audit
from accounts.actions.verification import record
from accounts.choices import AuditKind, VerificationLevel, VerificationMethod
from accounts.models import Customer, User, Verification
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tests.tickets.workspace.test_ticket_page import address, text_of
from tickets import actors
from tickets.actions.proving import try_code
from tickets.actions.support_codes import check
from tickets.actions.verifying import verify
from tickets.choices import MailState
from tickets.models import OutboxMail, ProofChallenge, SupportCall, Ticket
from tickets.models.proof import code_key
from tickets.queries.support_codes import spoken
from tickets.rules.proof import code_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def press(client: Client, ticket: Ticket, rest: str, **fields: object) -> str:
    response = client.post(address(ticket, f"customer/{rest}"), fields, headers={"hx-request": "true"})
    return response.content.decode()


def test_it_works(desk: Client, agent: User, customer: Customer, ticket: Ticket) -> None:
    assert "not verified" in text_of(desk, ticket)
    with clock.frozen(MONDAY):
        page = press(desk, ticket, "verify/", method="document", valid="30")
        proof = Verification.objects.get()
        assert (proof.customer, proof.by, proof.level) == (customer, agent, VerificationLevel.DOCUMENT)
        assert proof.expires_at == MONDAY + timedelta(days=30)
        for text in ("document checked", "identity document checked", "Ann", "until April 1, 2026"):
            assert text in page
    with clock.frozen(MONDAY + timedelta(days=31)):
        assert "expired: document checked" in text_of(desk, ticket)
    with clock.frozen(MONDAY):
        assert "not verified" in press(desk, ticket, "verify/withdraw/", proof=proof.pk)
    assert not Verification.objects.in_force().exists()


@pytest.mark.parametrize(
    "fields", [{"method": "charm", "valid": "30"}, {"method": "document", "valid": "7"}, {}]
)
def test_what_no_form_sends(desk: Client, ticket: Ticket, fields: dict[str, str]) -> None:
    assert desk.post(address(ticket, "customer/verify/"), fields).status_code == 422
    assert not Verification.objects.exists()


def test_only_proofs_of_this_customer_are_withdrawn(
    desk: Client, agent: User, member: Customer, ticket: Ticket
) -> None:
    level, method = VerificationLevel.CONTACT, VerificationMethod.CALL_BACK
    proof = record(member, level=level, method=method, by=agent)
    for named in (proof.pk, "", "x", "9" * 40):
        response = desk.post(address(ticket, "customer/verify/withdraw/"), {"proof": named})
        assert response.status_code == 422
    assert Verification.objects.in_force().count() == 1


def test_the_officer_sees_it_and_says_nothing(
    log_in: LogIn, officer: User, agent: User, ticket: Ticket
) -> None:
    verify(ticket, method=VerificationMethod.IN_PERSON, by=actors.staff(agent))
    client = log_in(officer)
    page = text_of(client, ticket)
    assert "came in person" in page
    assert "Record a verification" not in page
    fields = {"method": "document", "valid": "30"}
    assert client.post(address(ticket, "customer/verify/"), fields).status_code == 403


def test_nobody_is_verified_by_an_unproved_mail(desk: Client, ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(unproved_sender="x@example.com")
    assert "Record a verification" not in text_of(desk, ticket)
    fields = {"method": "document", "valid": "30"}
    assert desk.post(address(ticket, "customer/verify/"), fields).status_code == 409
    assert not Verification.objects.exists()


def test_their_open_cases_and_all_of_them(
    desk: Client, customer: Customer, make_ticket: Callable[..., Ticket], ticket: Ticket
) -> None:
    late = make_ticket(subject="Due later")
    soon = make_ticket(subject="Due sooner")
    ended = make_ticket(subject="Over by now")
    now = clock.now()
    Ticket.objects.filter(pk=late.pk).update(due_at=now + timedelta(days=2))
    Ticket.objects.filter(pk=soon.pk).update(due_at=now + timedelta(hours=3, seconds=30))
    Ticket.objects.filter(pk=ended.pk).update(status="closed")
    page = text_of(desk, ticket)
    card = page[page.index('data-card="cases"') : page.index("All cases of this customer (4)")]
    assert card.index("Due sooner") < card.index("Due later")
    assert "in 3 h" in card
    assert "Over by now" not in card
    assert f"customer={customer.pk}" in page
    everything = desk.get("/admin/queue/", {"view": "all", "status": "any", "customer": str(customer.pk)})
    assert everything.content.decode().count('class="ws-open"') == 4


def test_a_code_is_sent_and_its_result_seen(desk: Client, agent: User, ticket: Ticket) -> None:
    page = press(desk, ticket, "code/", way="mail_code")
    code = code_of(code_key(), ProofChallenge.objects.get().nonce)
    assert "Waiting for the code" in page
    by = actors.customer(ticket.customer)
    try_code(ticket, f"{(int(code) + 1) % 10**6:06}", by=by)
    page = text_of(desk, ticket)
    assert "4 tries left" in page
    assert "a wrong code was typed (try 1)" in page
    try_code(ticket, code, by=by)
    page = text_of(desk, ticket)
    assert "contact proved" in page
    assert "customer verified: contact proved (code sent to the e-mail address on record)" in page
    assert code not in page


def test_no_code_where_there_is_no_such_way(desk: Client, ticket: Ticket) -> None:
    for way in ("phone_code", "document", "charm"):
        assert desk.post(address(ticket, "customer/code/"), {"way": way}).status_code == 422
    assert not ProofChallenge.objects.exists()


def test_nobody_gives_their_word_for_a_code(desk: Client, ticket: Ticket) -> None:
    fields = {"method": "mail_code", "valid": "30"}
    assert desk.post(address(ticket, "customer/verify/"), fields).status_code == 422


def test_a_note_says_what_was_looked_at(desk: Client, ticket: Ticket) -> None:
    page = press(desk, ticket, "verify/", method="in_person", valid="30", note="Passport, at the counter")
    assert "“Passport, at the counter”" in page
    page = press(desk, ticket, "verify/", method="document", valid="30", note="x" * 201)
    assert "At most 200 characters." in page
    assert "x" * 201 in page, "what was typed stays"
    assert Verification.objects.get().note == "Passport, at the counter"


def test_what_was_proved_elsewhere_counts_where_the_writer_is_known(
    desk: Client, agent: User, customer: Customer, make_ticket: Callable[..., Ticket], ticket: Ticket
) -> None:
    """A case by a guest with the customer's address: anybody can have written it."""
    press(desk, ticket, "verify/", method="document", valid="30")
    guest, known = make_ticket(subject="By a guest"), make_ticket(subject="Logged in", logged_in=True)
    page = text_of(desk, guest)
    assert "came without logging in" in page
    assert "not verified" in page
    assert "proved on another case" in text_of(desk, known)


def test_changed_contact_data_put_it_in_doubt(desk: Client, agent: User, ticket: Ticket) -> None:
    press(desk, ticket, "verify/", method="call_back", valid="30")
    audit.record(AuditKind.CONTACT_CHANGED, by=None, customer=ticket.customer, what=["phone"])
    page = text_of(desk, ticket)
    assert "changed in the last seven days" in page
    assert "not verified" in page
    press(desk, ticket, "verify/", method="document", valid="30")
    assert "document checked" in text_of(desk, ticket), "a document looked at afterwards counts"


def test_a_call_is_announced(
    desk: Client, agent: User, ticket: Ticket, log_in: LogIn, second_agent: User
) -> None:
    page = press(desk, ticket, "call/")
    call = SupportCall.objects.get()
    assert spoken(call) in page
    assert spoken(call) not in text_of(log_in(second_agent), ticket), "it is its agent's"
    check(ticket.brand, spoken(call), contact=ticket.customer.email)
    page = text_of(desk, ticket)
    assert "The customer checked your code" in page
    assert "announced a call" in page


def test_the_officer_sends_and_calls_nothing(log_in: LogIn, officer: User, ticket: Ticket) -> None:
    for rest in ("code/", "call/"):
        answer = log_in(officer).post(address(ticket, f"customer/{rest}"), {"way": "mail_code"})
        assert answer.status_code == 403


def test_a_code_that_did_not_leave_is_said(desk: Client, ticket: Ticket) -> None:
    press(desk, ticket, "code/", way="mail_code")
    OutboxMail.objects.filter(purpose="code").update(state=MailState.FAILED)
    page = text_of(desk, ticket)
    assert "The code could not be sent" in page
    assert "Waiting for the code" not in page
