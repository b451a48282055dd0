"""The person is gone everywhere, the case and its counts stay; whatever stops the worker in between."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, User
from helpdesk.env import BASE_DIR
from helpdesk.lib import clock
from tests import everywhere
from tests.mails import arrive, mail, mailbox_of
from tests.planted import EMAIL, NAME, PLANTED, Planted
from tickets import actors
from tickets.actions.correspondence import put_in_copy
from tickets.actions.drafts import Written
from tickets.actions.forwarding import forward
from tickets.actions.messages import customer_reply
from tickets.actions.privacy import erasing, tidying
from tickets.choices import DraftKind, EventKind, MailOutcome, MailState, PrivacyState, SenderVerdict
from tickets.models import (
    Attachment,
    Draft,
    DraftFile,
    Event,
    IncomingMail,
    MailCopy,
    Message,
    OutboxMail,
    PrivacyRequest,
    SenderRule,
    Ticket,
)
from tickets.queries.analytics.decided import count_promises
from tickets.queries.analytics.report import count
from tickets.queries.analytics.scope import CaseScope
from tickets.rules.analytics import last_days
from tickets.rules.personal_data.scrubbing import MARK

pytestmark = pytest.mark.django_db
Ask = Callable[..., PrivacyRequest]
Run = Callable[..., int]


def leave(mails: str = "privacy") -> None:
    """The last mail leaves, and its address is forgotten."""
    OutboxMail.objects.filter(purpose=mails).update(state=MailState.SENT)
    tidying.forget_addresses()


def counts() -> dict[str, int]:
    """What the managers count by: rows, and moments and states of cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(first_response_at), count(solved_at), count(closed_at), "
            "coalesce(sum(reopen_count), 0), count(DISTINCT category_id), count(DISTINCT customer_id), "
            "sum(hashtext(status || priority || channel || created_at::text)::bigint) FROM tickets_ticket"
        )
        row = cursor.fetchone()
    return {
        "cases": row,
        "messages": Message.objects.count(),
        "events": Event.objects.exclude(kind=EventKind.PERSON_ERASED).count(),
        "mails": OutboxMail.objects.exclude(purpose="privacy").count(),
        "by kind": sorted(Event.objects.exclude(kind=EventKind.PERSON_ERASED).values_list("kind", "at")),
    }


def test_the_planted_are_found_before(planted: Planted) -> None:
    """Else the next test would prove nothing."""
    found = "\n".join(everywhere.find(PLANTED))
    tables = (
        "accounts_customer.", "accounts_user.", "accounts_verification.", "account_emailaddress.",
        "accounts_apitoken.", "mfa_authenticator.", "tickets_ticket.", "tickets_message.", "tickets_event.",
        "tickets_attachment.", "tickets_draft.", "tickets_draftfile.", "tickets_participant.",
        "tickets_mailcopy.", "tickets_incomingmail.", "tickets_outboxmail.", "tickets_outboxcall.",
        "tickets_deadaddress.", "tickets_automaticanswer.", "tickets_senderrule.", "tickets_savedview.",
        "tickets_bulkrun.", "tickets_routingrule.", "tickets_idempotencykey.", "tickets_ticketsearch.",
        "helpdesk_failedtask.", "knowledgebase_articlefeedback.",
        "tickets_sensitiveact.requester_name", "tickets_sensitiveact.ending", "tickets_walletcommand.last_error",
        "tickets_proofchallenge.", "tickets_outboxtext.to", "accounts_loginsession.", "tickets_emergency.account",
        "tickets_emergency.call_back_phone", "tickets_scamcampaign.title", "tickets_scamkey.",
        "tickets_scamreport.value", "tickets_scamreport.remark", "tickets_legalhold.", "accounts_verification.note",
        "tickets_attachment.finding", "raw mail", "session ", "/attachments/",
    )  # fmt: skip
    assert not [table for table in tables if table not in found]


def test_nothing_of_them_is_left_anywhere(planted: Planted, ask_erasure: Ask, run_out: Run) -> None:
    before = counts()
    earlier = ask_erasure(planted.customer)
    PrivacyRequest.objects.filter(pk=earlier.pk).update(state=PrivacyState.REFUSED, remark=PLANTED[0])
    request = ask_erasure(planted.customer)
    run_out()
    leave()
    request.refresh_from_db()
    assert request.state == PrivacyState.DONE
    assert everywhere.find(PLANTED) == []
    assert counts() == before


def test_the_case_stays_and_says_what_happened(planted: Planted, ask_erasure: Ask, run_out: Run) -> None:
    request = ask_erasure(planted.customer)
    run_out()
    for ticket in planted.tickets:
        ticket.refresh_from_db()
        assert (ticket.subject, ticket.fields, ticket.status) == (MARK, {}, "closed")
        assert ticket.erased_at is not None
        assert set(ticket.messages.values_list("body", flat=True)) == {MARK}
        event = ticket.events.get(kind=EventKind.PERSON_ERASED)
        assert event.data == {"request": request.pk}
        assert "vip" in ticket.tags
    entry = AuditEntry.objects.get(kind=AuditKind.PERSON_ERASED)
    assert entry.customer == planted.customer.pk
    assert entry.data["rows"]["tickets.message"] >= 6
    planted.customer.refresh_from_db()
    assert planted.customer.erased_at is not None


def test_our_staff_and_the_neighbour_keep_what_is_theirs(
    planted: Planted, ask_erasure: Ask, run_out: Run, agent: User
) -> None:
    ask_erasure(planted.customer)
    run_out()
    others = planted.others
    others.refresh_from_db()
    assert others.subject == "A neighbour's case"
    assert others.erased_at is None
    assert "The neighbour's own words" in others.messages.values_list("body", flat=True)
    kept = MailCopy.objects.get(from_address="wang@example.com")
    assert kept.text == "Mine"
    assert kept.cc == [{"name": MARK, "address": MARK}]
    planted.neighbour.refresh_from_db()
    assert planted.neighbour.email == "wang@example.com"
    written = planted.tickets[0].messages.filter(author=agent).first()
    assert written is not None
    assert written.author_name == "Ann"


@pytest.mark.parametrize("proved", [True, False])
def test_they_are_gone_from_the_raw_mails_of_others(
    planted: Planted, ask_erasure: Ask, run_out: Run, brand: Brand, proved: bool
) -> None:
    """Of a sender who is not proved nobody in copy becomes a participant, and they may be written in any case. The same
    mail may come twice, with other headers on top.
    """
    mailbox_of(brand)
    copy = f"{NAME} <{EMAIL.upper()}>"
    raw = mail(subject="Mine", text="hello", cc=copy, proved=proved, message_id="<one@example.com>")
    arrive(raw)
    again = arrive(b"X-Forwarded-By: another way\r\n" + raw)
    other = arrive(mail(sender="Li <li@example.com>", text="Of somebody else"))
    assert again.outcome == MailOutcome.DUPLICATE
    assert bool(again.ticket and again.ticket.participants.exists()) is proved
    ask_erasure(planted.customer)
    run_out()
    leave()
    assert everywhere.find((NAME.lower(), EMAIL)) == []
    again.refresh_from_db()
    assert (again.raw, again.sender, again.subject) == (None, "wang@example.com", "Mine")
    assert b"Of somebody else" in (IncomingMail.objects.get(pk=other.pk).raw or b"")


def test_they_are_gone_from_what_others_are_writing(
    planted: Planted, ask_erasure: Ask, run_out: Run, agent: User, lead: User
) -> None:
    """A draft that was to go to them goes, with its files; in others only they are missing."""
    theirs = Draft.objects.create(author=agent, ticket=planted.others, body="As agreed", to=EMAIL)
    file = ContentFile(b"xylophonquark", name="x")
    DraftFile.objects.create(draft=theirs, file=file, name="x", content_type="text/plain", size=13)
    to = f"bank@partner.example, {EMAIL.upper()}"
    other = Draft.objects.create(author=lead, ticket=planted.others, body=f"Ask {NAME}", to=to)
    rule = SenderRule.objects.create(pattern="bad.example", verdict=SenderVerdict.BLOCK, note=f"Says {NAME}")
    ask_erasure(planted.customer)
    run_out()
    leave()
    assert everywhere.find(PLANTED) == []
    assert not Draft.objects.filter(pk=theirs.pk).exists()
    other.refresh_from_db()
    rule.refresh_from_db()
    assert (other.body, other.to) == (f"Ask {MARK}", f"bank@partner.example, {MARK}")
    assert rule.note == f"Says {MARK}"


def test_they_are_gone_from_subjects_and_from_what_was_sent_on(
    planted: Planted, ask_erasure: Ask, run_out: Run, lead: User, make_ticket: Callable[..., Ticket]
) -> None:
    """And the case of somebody else stays what it was."""
    by = actors.staff(lead)
    about = make_ticket(customer=planted.neighbour, subject=f"With {NAME}", body="Mine")
    put_in_copy(about, email=EMAIL, by=by)
    sent_on = make_ticket(customer=planted.neighbour, subject="Sent on", body="Mine")
    forward(sent_on, Written(body="Please look", to=EMAIL, kind=DraftKind.FORWARD), by=by)
    ask_erasure(planted.customer)
    run_out()
    leave()
    assert everywhere.find(PLANTED) == []
    about.refresh_from_db()
    assert (about.subject, about.customer_name) == (f"With {MARK}", planted.neighbour.name)
    assert about.erased_at is None
    assert not about.events.filter(kind=EventKind.PERSON_ERASED).exists()
    assert sent_on.events.get(kind=EventKind.FORWARDED).data["to"] == [MARK]


def test_their_files_are_gone_from_the_storage(planted: Planted, ask_erasure: Ask, run_out: Run) -> None:
    files = [row.file for row in Attachment.objects.filter(message__ticket__customer=planted.customer)]
    assert len(files) == 2
    ask_erasure(planted.customer)
    run_out()
    assert not [file.name for file in files if file.storage.exists(str(file.name))]
    assert not Attachment.objects.filter(message__ticket__customer=planted.customer).exists()


@pytest.mark.parametrize("when", [1, 5, 9, 20, 33])
def test_killed_in_the_middle_it_goes_on(
    planted: Planted, ask_erasure: Ask, run_out: Run, monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """A killed worker's transaction is undone, but the files that it removed are gone."""
    ask_erasure(planted.customer)
    for _ in range(when):
        erasing.work()

    def killed(*args: object, **fields: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(PrivacyRequest, "save", killed)
        with pytest.raises(SystemExit), transaction.atomic():
            erasing.work()
    run_out()
    leave()
    assert everywhere.find(PLANTED) == []


def test_again_it_changes_nothing(planted: Planted, ask_erasure: Ask, run_out: Run) -> None:
    ask_erasure(planted.customer)
    run_out()
    before = list(Event.objects.order_by("pk").values_list("pk", "data"))
    PrivacyRequest.objects.update(state=PrivacyState.RUNNING, progress={}, counts={})
    run_out()
    assert list(Event.objects.order_by("pk").values_list("pk", "data")) == before
    assert PrivacyRequest.objects.get().counts == {}


def test_what_comes_while_it_runs_goes_too(planted: Planted, ask_erasure: Ask, run_out: Run) -> None:
    request = ask_erasure(planted.customer)
    while PrivacyRequest.objects.get(pk=request.pk).progress.get("table") != "tickets.savedview":
        assert erasing.work()
    customer = Customer.objects.get(pk=planted.customer.pk)
    file = ContentFile(b"xylophonquark, once more", name="late.txt")
    customer_reply(
        planted.tickets[0], body="xylophonquark, still me", by=actors.customer(customer), files=[file]
    )
    run_out()
    leave()
    left = everywhere.find(PLANTED)
    assert left == []


def test_mail_that_waited_does_not_leave(planted: Planted, ask_erasure: Ask, run_out: Run) -> None:
    """But the answer to them does, and then its address goes."""
    OutboxMail.objects.filter(ticket__customer=planted.customer).update(state=MailState.QUEUED)
    ask_erasure(planted.customer)
    run_out()
    waiting = OutboxMail.objects.filter(state=MailState.QUEUED).exclude(ticket=planted.others)
    assert [mail.purpose for mail in waiting] == ["privacy"]
    leave()
    assert set(OutboxMail.objects.filter(purpose="privacy").values_list("to", flat=True)) == {""}


def test_who_was_erased_may_come_back_as_somebody_new(
    planted: Planted, ask_erasure: Ask, run_out: Run, make_ticket: Callable[..., Ticket]
) -> None:
    from accounts.actions.customers import find_or_create

    ask_erasure(planted.customer)
    run_out()
    again = find_or_create(email=planted.customer.email, language="en")
    assert again.pk != planted.customer.pk


def test_the_analytics_say_the_same_before_and_after(
    planted: Planted, ask_erasure: Ask, run_out: Run, manager: User
) -> None:
    now = clock.now()
    scope = CaseScope(manager, last_days(7, now, "Asia/Shanghai"), now)
    before, promises = count(scope), count_promises(scope)
    ask_erasure(planted.customer)
    run_out()
    assert count(scope) == before
    assert count_promises(scope) == promises
    assert before.happened.opened[0] == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once(planted: Planted, ask_erasure: Ask) -> None:
    """Whoever comes while another has the person in hand finds nothing to do, and never waits for them."""
    ask_erasure(planted.customer)
    together, problems = threading.Barrier(2), []

    def worker() -> None:
        try:
            together.wait(timeout=30)
            while PrivacyRequest.objects.filter(state__in=erasing.UNDER_WAY).exists():
                erasing.work()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(timeout=120)
    leave()
    assert problems == []
    assert everywhere.find(PLANTED) == []
    assert Event.objects.filter(kind=EventKind.PERSON_ERASED).count() == 2
    assert AuditEntry.objects.filter(kind=AuditKind.PERSON_ERASED).count() == 1


#: A worker's loop in a process of its own.
WORKER = (
    "import django; django.setup()\nfrom tickets.actions.privacy import erasing\nwhile erasing.work(): pass"
)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_killed_for_good_it_goes_on(
    planted: Planted, ask_erasure: Ask, run_out: Run, process_env: dict[str, str]
) -> None:
    request = ask_erasure(planted.customer)
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env=process_env | {"DJANGO_SETTINGS_MODULE": "helpdesk.settings"},
        cwd=BASE_DIR,
    )
    try:
        give_up = time.monotonic() + 120
        while not PrivacyRequest.objects.get(pk=request.pk).counts.get("tickets.message"):
            assert worker.poll() is None, "It is done already, or did not start."
            assert time.monotonic() < give_up
    finally:
        worker.kill()
        worker.wait()
    request.refresh_from_db()
    assert request.state == PrivacyState.RUNNING
    run_out()
    leave()
    assert everywhere.find(PLANTED) == []
    assert Event.objects.filter(kind=EventKind.PERSON_ERASED).count() == 2
