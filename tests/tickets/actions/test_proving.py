"""A code to the contact on record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from pytest_django import Settings

from accounts import audit
from accounts.choices import AuditKind, VerificationLevel, VerificationMethod
from accounts.models import AuditEntry, Customer, User, Verification
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tests.crowd import all_at_once
from tests.receiver import Receiver
from tests.tickets.hooks import receiver
from tickets import actors
from tickets.actions.correspondence import SenderUnproved
from tickets.actions.proving import TooOften, send_code, try_code
from tickets.choices import EventKind, MailState
from tickets.delivery import texts
from tickets.delivery.sender import deliver
from tickets.models import Event, OutboxMail, OutboxText, ProofChallenge, Ticket
from tickets.models.proof import code_key
from tickets.queries.proof import level_on
from tickets.rules.proof import LIFETIME, TRIES, Verdict, code_of
from tickets.rules.webhooks import signed_headers

__all__ = ["receiver"]

MAIL, PHONE = VerificationMethod.MAIL_CODE, VerificationMethod.PHONE_CODE


def sent(ticket: Ticket, agent: User, way: VerificationMethod = MAIL) -> str:
    """Have a code sent; the code, as the customer will read it."""
    challenge = send_code(ticket, way=way, by=actors.staff(agent))
    return code_of(code_key(), challenge.nonce)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def kinds(ticket: Ticket) -> list[str]:
    return list(Event.objects.filter(ticket=ticket).values_list("kind", flat=True))


def test_it_works(ticket: Ticket, agent: User, customer: Customer) -> None:
    code = sent(ticket, agent)
    deliver()
    [message] = [one for one in mail.outbox if code in str(one.body)]
    assert message.to == [customer.email]
    assert "/btp/proof/" in str(message.body)
    assert level_on(ticket).level == VerificationLevel.NONE
    assert try_code(ticket, f"{code[:3]} {code[3:]}", by=actors.customer(customer)) is Verdict.PASSED
    standing = level_on(ticket)
    assert (standing.level, standing.given_here, standing.void) == (VerificationLevel.CONTACT, True, None)
    assert standing.proof is not None
    assert (standing.proof.method, standing.proof.by) == ("mail_code", agent)
    assert {EventKind.CODE_SENT, EventKind.VERIFIED} <= set(kinds(ticket))
    told = AuditEntry.objects.filter(ticket=ticket.number).exclude(kind=AuditKind.TICKET_READ)
    assert [row.kind for row in told.order_by("id")] == ["code_sent", "verified"]
    assert try_code(ticket, code, by=actors.customer(customer)) is Verdict.OVER, "once"


def test_an_agent_types_no_code(ticket: Ticket, agent: User) -> None:
    """Also not one that the customer told them."""
    code = sent(ticket, agent)
    with pytest.raises(NotAllowed):
        try_code(ticket, code, by=actors.staff(agent))
    assert ProofChallenge.objects.get().tries == 0


def test_the_code_stands_nowhere(ticket: Ticket, agent: User) -> None:
    """Not in a table, before it is sent or after."""
    code = sent(ticket, agent)
    deliver()
    try_code(ticket, wrong(code), by=actors.customer(ticket.customer))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                values = [str(value) for value in json.loads(row).values()]
                assert not any(re.search(rf"(?<![\d:.]){code}(?!\d)", value) for value in values), table


def test_wrong_five_times_and_it_is_used_up(ticket: Ticket, agent: User) -> None:
    code = sent(ticket, agent)
    by = actors.customer(ticket.customer)
    found = [try_code(ticket, wrong(code), by=by) for _try in range(TRIES)]
    assert found == [Verdict.WRONG] * (TRIES - 1) + [Verdict.SPENT]
    assert try_code(ticket, code, by=by) is Verdict.OVER
    assert kinds(ticket).count(EventKind.CODE_FAILED) == TRIES
    assert AuditEntry.objects.filter(kind=AuditKind.CODE_FAILED).count() == TRIES
    assert not Verification.objects.exists()


def test_what_is_no_code_is_no_try(ticket: Ticket, agent: User) -> None:
    code = sent(ticket, agent)
    for typed in ("", "12345", "1234567", "abcdef"):
        with pytest.raises(Invalid):
            try_code(ticket, typed, by=actors.customer(ticket.customer))
    assert ProofChallenge.objects.get().tries == 0
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert try_code(ticket, wide, by=actors.customer(ticket.customer)) is Verdict.PASSED


def test_it_runs_out(ticket: Ticket, agent: User) -> None:
    now = clock.now()
    code = sent(ticket, agent)
    with clock.frozen(now + LIFETIME + timedelta(seconds=1)):
        assert try_code(ticket, code, by=actors.customer(ticket.customer)) is Verdict.OVER
        deliver()
    assert OutboxMail.objects.get(purpose="code").state == MailState.FAILED, "nor is it sent late"


def test_a_newer_code_takes_its_place(ticket: Ticket, agent: User) -> None:
    old, new = sent(ticket, agent), sent(ticket, agent)
    if old != new:
        assert try_code(ticket, old, by=actors.customer(ticket.customer)) is Verdict.WRONG
    assert try_code(ticket, new, by=actors.customer(ticket.customer)) is Verdict.PASSED


def test_another_cases_code(
    ticket: Ticket, make_ticket: Callable[..., Ticket], member: Customer, agent: User
) -> None:
    other = make_ticket(customer=member)
    code = sent(other, agent)
    assert try_code(ticket, code, by=actors.customer(ticket.customer)) is Verdict.OVER
    mine = sent(ticket, agent)
    if code != mine:
        assert try_code(ticket, code, by=actors.customer(ticket.customer)) is Verdict.WRONG
    assert not Verification.objects.exists()


def test_not_so_often(ticket: Ticket, agent: User, second_agent: User) -> None:
    now = clock.now()
    for _time in range(3):
        sent(ticket, agent)
    with pytest.raises(TooOften) as refused:
        sent(ticket, second_agent)
    assert 3500 < refused.value.extra["retry_after"] <= 3600
    with clock.frozen(now + timedelta(hours=1, minutes=1)):
        sent(ticket, agent)


def test_nor_one_agent_to_many(make_ticket: Callable[..., Ticket], agent: User, second_agent: User) -> None:
    tickets = [
        make_ticket(customer=Customer.objects.create(email=f"c{place}@example.com")) for place in range(21)
    ]
    for ticket in tickets[:20]:
        sent(ticket, agent)
    with pytest.raises(TooOften):
        sent(tickets[20], agent)
    sent(tickets[20], second_agent)


def test_who_may(ticket: Ticket, agent: User, officer: User, member: Customer) -> None:
    for by in (actors.staff(officer), actors.customer(member)):
        with pytest.raises(NotAllowed):
            send_code(ticket, way=MAIL, by=by)
    sent(ticket, agent)


def test_not_to_a_contact_that_was_changed_lately(ticket: Ticket, agent: User) -> None:
    audit.record(AuditKind.CONTACT_CHANGED, by=None, customer=ticket.customer, what=["email"])
    with pytest.raises(Conflict):
        sent(ticket, agent)
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        sent(ticket, agent)


def test_the_contact_changes_while_the_code_is_out(ticket: Ticket, agent: User) -> None:
    code = sent(ticket, agent)
    Customer.objects.filter(pk=ticket.customer_id).update(email="thief@example.com")
    assert try_code(ticket, code, by=actors.customer(ticket.customer)) is Verdict.MOVED
    assert not Verification.objects.exists()


def test_a_mail_that_came_back_was_read_by_others(ticket: Ticket, agent: User) -> None:
    code = sent(ticket, agent)
    OutboxMail.objects.filter(purpose="code").update(bounced_at=clock.now())
    assert try_code(ticket, code, by=actors.customer(ticket.customer)) is Verdict.MOVED


def test_nobody_proves_an_unproved_mail(ticket: Ticket, agent: User) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(unproved_sender="x@example.com")
    with pytest.raises(SenderUnproved):
        sent(ticket, agent)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_have_no_more_tries(ticket: Ticket, agent: User) -> None:
    code = sent(ticket, agent)
    by = actors.customer(ticket.customer)
    found = all_at_once([lambda: try_code(ticket, wrong(code), by=by)] * 12)
    assert sorted(str(one) for one in found) == ["over"] * 7 + ["spent"] + ["wrong"] * 4
    assert ProofChallenge.objects.get().tries == TRIES


@pytest.mark.django_db(transaction=True)
def test_the_right_one_many_times_at_once_counts_once(ticket: Ticket, agent: User) -> None:
    code = sent(ticket, agent)
    found = all_at_once([lambda: try_code(ticket, code, by=actors.customer(ticket.customer))] * 6)
    assert found.count(Verdict.PASSED) == 1
    assert Verification.objects.count() == 1


class TestByPhone:
    @pytest.fixture(autouse=True)
    def with_phone(self, customer: Customer, settings: Settings) -> None:
        Customer.objects.filter(pk=customer.pk).update(phone="+8613800138000")
        customer.refresh_from_db()
        settings.SMS_GATEWAY_SECRET = "s" * 32

    def test_without_a_gateway_there_is_no_such_way(self, ticket: Ticket, agent: User) -> None:
        with pytest.raises(Invalid):
            sent(ticket, agent, PHONE)

    def test_the_gateway_refuses(self, ticket: Ticket, agent: User, settings: Settings) -> None:
        """An address within: nothing is called."""
        settings.SMS_GATEWAY_URL = "https://127.0.0.1/sms"
        sent(ticket, agent, PHONE)
        assert texts.deliver() == 0
        row = OutboxText.objects.get()
        assert row.state == MailState.FAILED
        assert row.last_error.startswith("not_public")

    def test_it_works(self, ticket: Ticket, agent: User, settings: Settings, receiver: Receiver) -> None:
        settings.SMS_GATEWAY_URL, settings.WEBHOOK_ALLOW_PRIVATE = receiver.url, True
        code = sent(ticket, agent, PHONE)
        assert texts.deliver() == 1
        [call] = receiver.heard
        said = json.loads(call.body)
        assert (said["to"], code in said["text"]) == ("+8613800138000", True)
        assert call.headers["webhook-id"] == f"code:{ProofChallenge.objects.get().pk}"
        at = int(call.headers["webhook-timestamp"])
        signed = signed_headers(b"s" * 32, cause=call.headers["webhook-id"], at=at, body=call.body)
        assert call.headers["webhook-signature"] == signed["webhook-signature"]
        assert try_code(ticket, code, by=actors.customer(ticket.customer)) is Verdict.PASSED
        assert Verification.objects.get().method == "phone_code"

    def test_away_it_is_tried_again_and_never_late(
        self, ticket: Ticket, agent: User, settings: Settings, receiver: Receiver
    ) -> None:
        settings.SMS_GATEWAY_URL, settings.WEBHOOK_ALLOW_PRIVATE = receiver.url, True
        receiver.status, receiver.said = 503, b"try later: your text was code 1"
        now = clock.now()
        sent(ticket, agent, PHONE)
        assert texts.deliver() == 0
        row = OutboxText.objects.get()
        assert (row.state, row.last_error) == (MailState.QUEUED, "HTTP 503")
        receiver.status = 200
        with clock.frozen(now + LIFETIME + timedelta(seconds=1)):
            assert texts.deliver() == 0
        assert OutboxText.objects.get().state == MailState.FAILED
        assert len(receiver.heard) == 1
