"""Passing a conversation on to somebody outside, and their answer."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Brand, User
from accounts.rules.masking import mask_email
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.mails import arrive, mail, mailbox_of
from tests.pictures import PNG
from tests.smtp import MailServer, smtp, smtp_server
from tickets import actors
from tickets.actions import composing
from tickets.actions.drafts import Written
from tickets.actions.forwarding import forward
from tickets.actions.merging import merge
from tickets.actions.messages import customer_reply, note, reply
from tickets.actions.status import MergedAway, change_status
from tickets.actions.taking_back import take_back
from tickets.choices import DraftKind, EventKind, MailOutcome, MailPurpose, Markup, Status, Visibility
from tickets.delivery.render import render
from tickets.delivery.sender import deliver
from tickets.models import DeadAddress, Event, MailCopy, Message, OutboxMail, Ticket

__all__ = ["smtp", "smtp_server"]
BANK = "desk@bank.example"


@pytest.fixture
def talked(ticket: Ticket, agent: User, brand: Brand) -> Ticket:
    """Asked with a picture, answered, talked about among staff."""
    mailbox_of(brand)
    by = actors.staff(agent)
    customer_reply(
        ticket, body="这是截图", by=actors.customer(ticket.customer), files=[ContentFile(PNG, name="a.png")]
    )
    note(ticket, body="looks like fraud to me", by=by)
    reply(ticket, body="我们**在查**", by=by, markup=Markup.MARKDOWN)
    OutboxMail.objects.all().delete()
    return ticket


def said(**values: Any) -> Written:
    return Written(**{"body": "Where is this transfer?", "to": BANK, "kind": DraftKind.FORWARD, **values})


def go(ticket: Ticket, agent: User, /, **values: Any) -> Message:
    then = values.pop("status", None)
    return forward(ticket, said(**values), by=actors.staff(agent), then=then)


def rows() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(purpose=MailPurpose.FORWARD).order_by("pk"))


def parsed(row: OutboxMail) -> EmailMessage:
    return message_from_bytes(render(row).message().as_bytes(), policy=modern)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def refused(ticket: Ticket, agent: User, **values: Any) -> dict[str, Any]:
    with pytest.raises(Invalid) as problem:
        go(ticket, agent, **values)
    assert not rows()
    assert not Event.objects.filter(kind=EventKind.FORWARDED).exists()
    return problem.value.fields


class TestForward:
    def test_it_works(self, talked: Ticket, agent: User) -> None:
        message = go(talked, agent)
        assert message.visibility == Visibility.INTERNAL
        [row] = rows()
        assert (row.to, row.message, row.language) == (BANK, message, "en")
        event = Event.objects.get(kind=EventKind.FORWARDED)
        assert event.data == {"to": [BANK], "messages": 3, "files": 0, "first_message": None, "then": None}
        talked.refresh_from_db()
        assert talked.status == Status.OPEN
        made = parsed(row)
        for kind in ("plain", "html"):
            text = text_of(made, kind)
            assert text.index("Where is this transfer?") < text.index("我周一提现") < text.index("在查")
            assert "fraud" not in text, "what staff say among themselves never goes along"
            assert "/t/" not in text, "nothing that opens the case"
        assert "**" not in text_of(made)
        assert "<strong>在查</strong>" in text_of(made, "html")
        assert made["Auto-Submitted"] is None
        assert made["Subject"].strip() == f"Fwd: [{talked.display_number}] 提现三天没有到账"
        assert not list(made.iter_attachments())

    def test_from_a_message_on_with_files(self, talked: Ticket, agent: User) -> None:
        from_here = Message.objects.get(body="这是截图")
        go(talked, agent, first_message=from_here.pk, with_files=True)
        made = parsed(rows()[0])
        assert "我周一提现" not in text_of(made)
        [file] = made.iter_attachments()
        assert (file.get_filename(), file.get_content()) == ("a.png", PNG)
        assert "Files: a.png" in text_of(made)

    def test_own_files_go_along(self, talked: Ticket, agent: User) -> None:
        forward(talked, said(), by=actors.staff(agent), files=[ContentFile(b"x,y", name="list.csv")])
        [file] = parsed(rows()[0]).iter_attachments()
        assert file.get_filename() == "list.csv"

    def test_several_get_a_mail_each(self, talked: Ticket, agent: User, smtp: MailServer) -> None:
        go(talked, agent, to=f"{BANK}, Risk@Network.example；{BANK}")
        assert deliver() == 2
        assert [one.recipients for one in smtp.received] == [[BANK], ["risk@network.example"]]

    def test_what_is_said_later_does_not_go_along(self, talked: Ticket, agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        customer_reply(talked, body="unseen words", by=actors.customer(talked.customer))
        go(talked, agent, seen=seen)
        customer_reply(talked, body="later words", by=actors.customer(talked.customer))
        text = text_of(parsed(rows()[0]))
        assert "unseen words" not in text
        assert "later words" not in text

    def test_what_was_taken_back_does_not_either(self, talked: Ticket, agent: User, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 20
        picture = ContentFile(PNG, name="never-mind.png")
        held = reply(talked, body="never mind", by=actors.staff(agent), files=[picture])
        go(talked, agent, with_files=True)
        take_back(held, by=actors.staff(agent))
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            left = parsed(rows()[0])
        assert "never mind" not in text_of(left)
        assert [part.get_filename() for part in left.iter_attachments()] == ["a.png"]

    def test_it_may_wait_for_them(self, talked: Ticket, agent: User) -> None:
        go(talked, agent, status=Status.ON_HOLD)
        talked.refresh_from_db()
        assert talked.status == Status.ON_HOLD
        assert not OutboxMail.objects.exclude(purpose=MailPurpose.FORWARD).exists(), (
            "the customer hears nothing"
        )

    def test_the_same_form_twice_is_one(self, talked: Ticket, agent: User) -> None:
        for _turn in range(2):
            forward(talked, said(), by=actors.staff(agent), origin_key="k")
        assert len(rows()) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("to", "why"),
        [
            ("", "Say to which address it goes."),
            ("nonsense", "“nonsense” is no e-mail address."),
            ("help@btp.test", "help@btp.test is an address of our own."),
            ("HELP+tag@btp.test", "help+tag@btp.test is an address of our own."),
            ("wang@example.com", "wang@example.com is the customer: write a reply."),
            ("gone@bank.example", "gone@bank.example does not take mail."),
            ("x@nowhere.invalid", "x@nowhere.invalid does not take mail."),
            (",".join(f"a{n}@bank.example" for n in range(11)), "At most 10 addresses."),
            (f"{BANK}\r\nBcc: evil@x.test", "“Bcc:” is no e-mail address."),
        ],
    )
    def test_addresses(self, talked: Ticket, agent: User, to: str, why: str) -> None:
        DeadAddress.objects.create(email="gone@bank.example", reason="550 no such user")
        with translation.override("en"):
            assert str(refused(talked, agent, to=to)["to"]) == why

    def test_too_many_are_not_looked_up(self, talked: Ticket, agent: User) -> None:
        """Whoever pastes a list of thousands holds the case for no time."""
        with CaptureQueriesContext(connection) as few:
            refused(talked, agent, to=",".join(f"a{n}@bank.example" for n in range(11)))
        with CaptureQueriesContext(connection) as many:
            refused(talked, agent, to=",".join(f"a{n}@bank.example" for n in range(500)))
        assert len(many) == len(few)
        assert not any("deadaddress" in query["sql"] for query in many)

    def test_an_empty_text(self, talked: Ticket, agent: User) -> None:
        assert set(refused(talked, agent, body=" ")) == {"body"}

    def test_nothing_to_pass_on(self, talked: Ticket, agent: User) -> None:
        assert set(refused(talked, agent, first_message=10**9)) == {"first_message"}

    def test_too_much(self, talked: Ticket, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tickets.actions.forwarding.MOST_BYTES", len(PNG) - 1)
        assert set(refused(talked, agent, with_files=True)) == {"attachments"}

    def test_it_does_not_end_the_case(self, talked: Ticket, agent: User) -> None:
        assert set(refused(talked, agent, status=Status.SOLVED)) == {"then"}

    def test_who_may_not(self, talked: Ticket, officer: User) -> None:
        with pytest.raises(NotAllowed):
            go(talked, officer)

    def test_a_case_that_goes_on_elsewhere(self, talked: Ticket, agent: User, make_ticket: Any) -> None:
        merge(talked, into=make_ticket(), by=actors.staff(agent))
        with pytest.raises(MergedAway):
            go(talked, agent)


class TestTakingBack:
    @pytest.fixture(autouse=True)
    def held(self, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 20

    def test_nobody_gets_it_and_it_is_a_draft_again(self, talked: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        words = said(then="on_hold", with_files=False, to=f"{BANK}, other@bank.example")
        message = composing.send(talked, words, by=by)
        assert message.is_held
        assert all(row.available_at == message.held_until for row in rows())
        _taken, draft = composing.take_back(message, begun="", by=by)
        assert not rows()
        assert (draft.kind, draft.to, draft.body) == ("forward", f"{BANK}, other@bank.example", words.body)
        talked.refresh_from_db()
        assert talked.status == Status.OPEN, "as it was before"
        assert Event.objects.get(kind=EventKind.REPLY_TAKEN_BACK).data == {"forward": True}
        assert talked.first_response_at is not None, "what we said to the customer stands"


class TestAnswers:
    """By the address that it was answered to, by the mail that it answers, or by who writes."""

    @pytest.fixture
    def passed_on(self, talked: Ticket, agent: User) -> OutboxMail:
        go(talked, agent, status=Status.ON_HOLD)
        return rows()[0]

    def answer(self, passed_on: OutboxMail, **values: Any) -> Message:
        to = parsed(passed_on)["Reply-To"].addresses[0].addr_spec
        headers = {"In-Reply-To": passed_on.internet_message_id}
        raw = mail(
            **{"sender": f"Bank <{BANK}>", "to": to, "text": "It was stopped.", "headers": headers, **values}
        )
        row = arrive(raw, to=[to])
        assert row.outcome == MailOutcome.JOINED
        assert row.ticket == passed_on.ticket
        return Message.objects.latest("pk")

    def test_is_for_staff_alone(
        self, passed_on: OutboxMail, talked: Ticket, agent: User, client: Client
    ) -> None:
        answer = self.answer(passed_on)
        assert answer.visibility == Visibility.INTERNAL
        assert (answer.body, answer.author_name) == ("It was stopped.", f"Bank <{BANK}>")
        assert not Message.objects.for_customers().filter(pk=answer.pk).exists()
        assert MailCopy.objects.get(message=answer).by_stranger
        talked.refresh_from_db()
        assert talked.status == Status.OPEN, "what we waited for is here"
        assert not OutboxMail.objects.exclude(pk=passed_on.pk).exists(), "the customer hears nothing"
        client.force_login(agent)
        page = client.get(
            f"/admin/tickets/{talked.number}/", headers={"accept-language": "en"}
        ).content.decode()
        assert "answer to a forwarded conversation" in page
        assert f"forwarded to {mask_email(BANK)}" in page

    def test_from_another_address_of_theirs(self, passed_on: OutboxMail) -> None:
        assert self.answer(passed_on, sender="x@bank-group.example").visibility == Visibility.INTERNAL

    def test_of_the_customer_is_a_reply(self, passed_on: OutboxMail) -> None:
        """Somebody passed our mail on to them."""
        answer = self.answer(passed_on, sender="王小明 <wang@example.com>")
        assert answer.visibility == Visibility.PUBLIC

    def test_automatic_ones_wake_nobody(self, passed_on: OutboxMail, talked: Ticket) -> None:
        to = parsed(passed_on)["Reply-To"].addresses[0].addr_spec
        headers = {"In-Reply-To": passed_on.internet_message_id, "Auto-Submitted": "auto-replied"}
        row = arrive(mail(sender=BANK, to=to, text="I am away.", headers=headers), to=[to])
        assert row.outcome == MailOutcome.LOGGED
        assert Message.objects.latest("pk").visibility == Visibility.INTERNAL
        talked.refresh_from_db()
        assert talked.status == Status.ON_HOLD

    def test_on_a_closed_case(self, passed_on: OutboxMail, talked: Ticket, agent: User) -> None:
        change_status(talked, to=Status.SOLVED, by=actors.staff(agent))
        OutboxMail.objects.exclude(pk=passed_on.pk).delete()
        assert self.answer(passed_on).ticket == talked
        talked.refresh_from_db()
        assert talked.status == Status.SOLVED

    def test_a_reply_that_solves_says_nothing_of_it(
        self, passed_on: OutboxMail, talked: Ticket, agent: User
    ) -> None:
        reply(talked, body="到账了", by=actors.staff(agent), then=Status.SOLVED)
        solved = OutboxMail.objects.get(purpose=MailPurpose.SOLVED)
        assert "Where is this transfer" not in text_of(parsed(solved))
