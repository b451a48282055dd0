"""A case from the form to its end, by mail: every mail crosses a real mail server, every link in one is followed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from helpdesk.lib import clock
from tests.smtp import MailServer, Received, smtp, smtp_server
from tests.tickets.portal.pages import fields_of, text_of
from tests.times import shanghai
from tickets import actors
from tickets.actions import escalation, notices
from tickets.actions.links import revoke_links
from tickets.actions.messages import reply
from tickets.choices import Status, TimerKind, TimerState
from tickets.delivery.sender import deliver
from tickets.models import Category, Message, Ticket, Timer

__all__ = ["smtp", "smtp_server"]

PUBLIC_URL = "http://localhost:8000"


@dataclass
class Mailbox:
    """What one person finds in theirs, the newest last."""

    server: MailServer
    address: str

    def newest(self) -> Received:
        deliver()
        return self.server.to(self.address)[-1]

    def link(self, *, at: str = "/btp/t/") -> str:
        found: list[str] = re.findall(re.escape(PUBLIC_URL + at) + r"\S+", self.newest().part("plain"))
        [address] = set(found)
        return address.removeprefix(PUBLIC_URL)


def open_link(mailbox: Mailbox, language: str) -> tuple[Client, str]:
    """In a browser that knows nothing of the one the form was sent from; its address of the case."""
    phone = Client(headers={"accept-language": language})
    landed = phone.get(mailbox.link(), follow=True)
    assert landed.status_code == 200
    return phone, landed.redirect_chain[-1][0]


def write(browser: Client, path: str, words: str) -> None:
    answer = browser.post(path, {**fields_of(browser.get(path), "reply"), "body": words})
    assert answer.status_code == 302, text_of(answer)


def test_in_chinese(category: Category, agent: User, smtp: MailServer) -> None:
    customer = Client(headers={"accept-language": "zh-hans"})
    inbox = Mailbox(smtp, "wang@example.com")
    form = fields_of(customer.get("/btp/new/withdrawal/"))
    with clock.frozen(shanghai(2, 10)):
        filed = customer.post(
            "/btp/new/withdrawal/",
            {
                **form,
                "subject": "提现三天没有到账",
                "body": "我周五提现 500 元，一直没有到账。",
                "f-amount": "500",
                "f-amount-currency": "CNY",
                "name": "王小明",
                "email": "wang@example.com",
            },
        )
        assert filed.status_code == 302, text_of(filed)
        ticket = Ticket.objects.get()
        receipt = inbox.newest()
        assert receipt.message["Subject"].strip() == f"[{ticket.display_number}] 提现三天没有到账"
        assert receipt.message["From"] == "B特派钱包 <help@btp.test>"
        assert "2026年3月2日 11:00 (UTC+8)" in receipt.part("plain")

    with clock.frozen(shanghai(2, 10, 30)):
        reply(ticket, body="请问是哪家银行？", by=actors.staff(agent), then=Status.PENDING)
        answer = inbox.newest()
        assert "请问是哪家银行？" in answer.part("plain")
        assert answer.message["In-Reply-To"] == receipt.message["Message-ID"]
        assert Timer.objects.get(kind=TimerKind.RESOLUTION).state == TimerState.PAUSED

    with clock.frozen(shanghai(3, 10)):
        phone, case = open_link(inbox, "zh-hans")
        assert "请问是哪家银行？" in text_of(phone.get(case))
        write(phone, case, "工商银行")
        resolution = Timer.objects.get(kind=TimerKind.RESOLUTION)
        assert (resolution.state, resolution.due_at) == (TimerState.RUNNING, shanghai(3, 17, 30))
        assert Message.objects.latest("pk").body == "工商银行"

    with clock.frozen(shanghai(3, 11)):
        reply(ticket, body="已经到账，请查收。", by=actors.staff(agent), then=Status.SOLVED)
        solved = inbox.newest()
        assert "已经到账，请查收。" in solved.part("plain")
        assert solved.message["References"].split() == [
            receipt.message["Message-ID"],
            answer.message["Message-ID"],
        ]
    assert len(smtp.received) == 3
    assert {state for (state,) in Timer.objects.values_list("state")} == {TimerState.DONE}
    assert not Ticket.objects.get().is_breached


def test_in_english_and_not_solved_after_all(category: Category, agent: User, smtp: MailServer) -> None:
    customer = Client(headers={"accept-language": "en"})
    inbox = Mailbox(smtp, "guest@example.com")
    form = fields_of(customer.get("/btp/new/withdrawal/"))
    with clock.frozen(shanghai(2, 10)):
        customer.post(
            "/btp/new/withdrawal/",
            {
                **form,
                "subject": "Withdrawal has not arrived",
                "body": "I withdrew 500 on Friday.",
                "f-amount": "500",
                "f-amount-currency": "CNY",
                "name": "Guest",
                "email": "Guest@Example.com",
            },
        )
        ticket = Ticket.objects.get()
        receipt = inbox.newest()
        assert "We have your message" in receipt.part("plain")
        assert receipt.message["From"] == "BTP Wallet <help@btp.test>"

    with clock.frozen(shanghai(2, 12)):
        reply(ticket, body="It should be there now.", by=actors.staff(agent), then=Status.SOLVED)
        assert "We believe your case is solved" in inbox.newest().part("plain")

    with clock.frozen(shanghai(4, 9)):
        phone, case = open_link(inbox, "en")
        write(phone, case, "It is not.")
        assert (Ticket.objects.get().status, Ticket.objects.get().reopen_count) == (Status.OPEN, 1)

    with clock.frozen(shanghai(4, 17)):
        reply(ticket, body="Now it is.", by=actors.staff(agent), then=Status.SOLVED)
    with clock.frozen(shanghai(4, 17) + timedelta(days=15)):
        phone, case = open_link(inbox, "en")
        write(phone, case, "It happened again.")
        follow_up = Ticket.objects.latest("pk")
        assert follow_up.follow_up_of == ticket
        assert follow_up.display_number in inbox.newest().message["Subject"]


def test_the_staff_hear_of_a_broken_promise(
    ticket: Ticket, agent: User, lead: User, smtp: MailServer
) -> None:
    Ticket.objects.update(assignee=agent)
    Timer.objects.update(
        check_at=shanghai(2, 11),
        due_at=shanghai(2, 11),
        running_since=shanghai(2, 10),
        started_at=shanghai(2, 10),
    )
    with clock.frozen(shanghai(2, 12)):
        escalation.sweep()
        notices.gather()
    for who in (agent, lead):
        address = Mailbox(smtp, who.email).link(at="/admin/tickets/")
        assert address == f"/admin/tickets/{ticket.number}/"
        desk = Client()
        desk.force_login(who)
        assert desk.get(address).status_code == 200
    assert Client().get(address).status_code in (302, 404), "strangers log in first"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_revoked_link_shows_nothing(ticket: Ticket, agent: User, smtp: MailServer, language: str) -> None:
    inbox = Mailbox(smtp, "wang@example.com")
    path = inbox.link()
    revoke_links(ticket, by=actors.staff(agent))
    answer = Client(headers={"accept-language": language}).get(path)
    assert answer.status_code == 410
    assert ticket.subject not in text_of(answer)
