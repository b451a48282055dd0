"""What each mail says, in whose name, and by which headers programs and robots read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.pictures import PNG
from tickets import actors
from tickets.actions import escalation
from tickets.actions.assignment import take
from tickets.actions.links import revoke_links, send_link
from tickets.actions.messages import customer_reply, reply
from tickets.actions.notices import gather
from tickets.actions.status import change_status
from tickets.choices import Channel, MailPurpose, Markup, Status
from tickets.delivery.render import render
from tickets.models import OutboxMail, Ticket, TrackingLink
from tickets.queries.links import link_of

MONDAY_MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 9:30 in Shanghai


def parsed(row: OutboxMail) -> EmailMessage:
    """As the receiver reads it: through the bytes that leave."""
    return message_from_bytes(render(row).message().as_bytes(), policy=modern)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def mails(ticket: Ticket, purpose: MailPurpose) -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(ticket=ticket, purpose=purpose).order_by("pk"))


def only(ticket: Ticket, purpose: MailPurpose) -> EmailMessage:
    [row] = mails(ticket, purpose)
    return parsed(row)


def link_in(message: EmailMessage) -> str:
    found: list[str] = re.findall(r"http://localhost:8000/\S+", part(message, "plain"))
    [address] = set(found)
    return address


@pytest.fixture
def monday() -> Any:
    with clock.frozen(MONDAY_MORNING) as now:
        yield now


def test_receipt_in_chinese(monday: datetime, ticket: Ticket) -> None:
    mail = only(ticket, MailPurpose.RECEIPT)
    text = part(mail, "plain")
    assert mail["Subject"] == f"[{ticket.display_number}] 提现三天没有到账"
    assert mail["From"] == "B特派钱包 <help@btp.test>"
    assert mail["To"] == "王小明 <wang@example.com>"
    assert mail["Reply-To"] == "B特派钱包 <help@btp.test>"
    assert ticket.display_number in text
    assert "我周一提现 500 元，到今天还没有到账，很着急。" in text
    assert "2026年3月2日 10:30 (UTC+8)" in text
    assert "\n-- \nB特派钱包\n" in text
    assert "400 000 0001" in text
    assert 'lang="zh-Hans"' in part(mail, "html")


def test_receipt_in_english(monday: datetime, make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket(language="en", subject="Withdrawal missing", body="Please help me")
    mail = only(ticket, MailPurpose.RECEIPT)
    text = part(mail, "plain")
    assert mail["From"] == "BTP Wallet <help@btp.test>"
    assert "We have your message" in text
    assert "We will answer by March 2, 2026, 10:30 a.m. (UTC+8)." in text
    assert "We never ask for a password" in text
    assert link_in(mail) in part(mail, "html")
    assert 'lang="en"' in part(mail, "html")


def test_receipt_promises_nothing_that_is_late_already(
    monday: datetime, make_ticket: Callable[..., Ticket]
) -> None:
    ticket = make_ticket(language="en")
    with clock.frozen(monday + timedelta(hours=2)):
        assert "We will answer by" not in part(only(ticket, MailPurpose.RECEIPT), "plain")


def test_receipt_quotes_only_the_beginning(make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket(body="很长 " * 2000)
    assert len(part(only(ticket, MailPurpose.RECEIPT), "plain")) < 1500


def test_the_link_opens_this_ticket(ticket: Ticket) -> None:
    address = link_in(only(ticket, MailPurpose.RECEIPT))
    assert address.startswith("http://localhost:8000/btp/t/")
    link = link_of(address.rstrip("/").rpartition("/")[2])
    assert link is not None
    assert link.ticket == ticket


def test_reply(ticket: Ticket, agent: User) -> None:
    body = "您好，\n\n已经查到：https://example.com/a?b=1&c=2。\n<b>请稍候</b>"
    reply(ticket, body=body, by=actors.staff(agent))
    mail = only(ticket, MailPurpose.REPLY)
    assert body in part(mail, "plain")
    html = part(mail, "html")
    assert '<a href="https://example.com/a?b=1&amp;c=2" rel="noopener nofollow">' in html
    assert "。<br>" in html
    assert "&lt;b&gt;请稍候&lt;/b&gt;" in html


def test_a_marked_reply(ticket: Ticket, agent: User) -> None:
    """HTML for those who read it; for the others text without signs."""
    body = (
        "**重要：**\n\n- 一\n- [页面](https://example.com/a)\n\n<b>请稍候</b> ![x](https://evil.test/x.png)"
    )
    reply(ticket, body=body, by=actors.staff(agent), markup=Markup.MARKDOWN)
    mail = only(ticket, MailPurpose.REPLY)
    html, text = part(mail, "html"), part(mail, "plain")
    assert "<strong>重要：</strong>" in html
    assert '<li><a href="https://example.com/a" rel="noopener nofollow">页面</a></li>' in html
    assert "&lt;b&gt;请稍候&lt;/b&gt;" in html
    assert "<img" not in html
    assert "重要：\n\n- 一\n- 页面 (https://example.com/a)\n\n<b>请稍候</b>" in text


def test_reply_names_the_files_but_does_not_carry_them(
    make_ticket: Callable[..., Ticket], agent: User
) -> None:
    ticket = make_ticket(language="en")
    reply(ticket, body="see", by=actors.staff(agent), files=[SimpleUploadedFile("a.png", PNG)])
    mail = only(ticket, MailPurpose.REPLY)
    assert "1 file belongs to this answer." in part(mail, "plain")
    assert not list(mail.iter_attachments())


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//example.com", "mailto:a@b.c"]
)
def test_only_web_addresses_become_links(ticket: Ticket, agent: User, address: str) -> None:
    reply(ticket, body=f"go to {address} now", by=actors.staff(agent))
    hrefs = re.findall(r'href="([^"]*)"', part(only(ticket, MailPurpose.REPLY), "html"))
    assert all(href.startswith("http://localhost:8000/btp/t/") for href in hrefs)


def test_solved_with_the_words_of_the_reply(make_ticket: Callable[..., Ticket], agent: User) -> None:
    ticket = make_ticket(language="en")
    reply(ticket, body="Your money is there.", by=actors.staff(agent), then=Status.SOLVED)
    assert mails(ticket, MailPurpose.REPLY) == [], "one mail, not two"
    mail = only(ticket, MailPurpose.SOLVED)
    assert "Your money is there." in part(mail, "plain")
    assert "write to us by" in part(mail, "plain")
    assert mail["Auto-Submitted"] is None, "a person wrote it"


def test_solved_without_words(monday: datetime, make_ticket: Callable[..., Ticket], agent: User) -> None:
    ticket = make_ticket(language="en")
    change_status(ticket, to=Status.SOLVED, by=actors.staff(agent))
    mail = only(ticket, MailPurpose.SOLVED)
    assert "We have marked it as solved." in part(mail, "plain")
    assert "March 16, 2026, 9:30 a.m." in part(mail, "plain")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_link(ticket: Ticket) -> None:
    send_link(ticket, by=actors.customer(ticket.customer))
    mail = only(ticket, MailPurpose.LINK)
    newest = TrackingLink.objects.latest("pk")
    link = link_of(link_in(mail).rstrip("/").rpartition("/")[2])
    assert link == newest


def test_a_fresh_link_where_none_holds(ticket: Ticket, agent: User) -> None:
    revoke_links(ticket, by=actors.staff(agent))
    reply(ticket, body="hello", by=actors.staff(agent))
    link = link_of(link_in(only(ticket, MailPurpose.REPLY)).rstrip("/").rpartition("/")[2])
    assert link in TrackingLink.objects.usable()


def test_escalation(monday: datetime, ticket: Ticket, agent: User) -> None:
    take(ticket, by=actors.staff(agent))
    with clock.frozen(monday + timedelta(hours=1, seconds=1)):
        escalation.sweep()
        gather()
    mail = only(ticket, MailPurpose.ESCALATION)
    text = part(mail, "plain")
    assert mail["To"] == "Ann <ann@demo.test>"
    assert mail["Subject"].strip() == f"[{ticket.display_number}] First reply overdue: 提现三天没有到账"
    assert "March 2, 2026, 10:30 a.m. (UTC+8)" in text
    assert "Ann" in text
    assert f"http://localhost:8000/admin/tickets/{ticket.number}/" in text
    assert "/t/" not in text, "staff log in; they get no customer's link"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("channel", "how"),
    [(Channel.WEB, "auto-generated"), (Channel.EMAIL, "auto-replied"), (Channel.API, "auto-generated")],
)
def test_robots_are_told_that_a_receipt_is_automatic(
    make_ticket: Callable[..., Ticket], channel: Channel, how: str
) -> None:
    mail = only(make_ticket(channel=channel), MailPurpose.RECEIPT)
    assert mail["Auto-Submitted"] == how
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert not [name for name in mail if name.lower().startswith("list-")]


def test_a_reply_is_no_automatic_mail(ticket: Ticket, agent: User) -> None:
    reply(ticket, body="hello", by=actors.staff(agent))
    mail = only(ticket, MailPurpose.REPLY)
    assert mail["Auto-Submitted"] is None
    assert mail["X-Auto-Response-Suppress"] is None


def test_the_mails_of_a_case_hang_together(ticket: Ticket, agent: User) -> None:
    for number in range(13):
        reply(ticket, body=f"answer {number}", by=actors.staff(agent))
        customer_reply(ticket, body=f"question {number}", by=actors.customer(ticket.customer))
    rows = list(OutboxMail.objects.filter(ticket=ticket).order_by("pk"))
    assert len(rows) == 14
    ids = [row.internet_message_id for row in rows]
    first, second, last = parsed(rows[0]), parsed(rows[1]), parsed(rows[-1])
    assert first["References"] is None
    assert (second["In-Reply-To"], second["References"]) == (ids[0], ids[0])
    assert last["In-Reply-To"] == ids[-2]
    assert last["References"].split() == [ids[0], *ids[3:13]]
    assert [parsed(row)["Message-ID"] for row in rows] == ids
    assert len({parsed(row)["Subject"] for row in rows}) == 1


def test_staff_threads_do_not_mix_with_the_customers(monday: datetime, ticket: Ticket, agent: User) -> None:
    take(ticket, by=actors.staff(agent))
    for later in (timedelta(hours=1), timedelta(days=7)):
        with clock.frozen(monday + later):
            escalation.sweep()
            gather()
    first, second = mails(ticket, MailPurpose.ESCALATION)
    assert parsed(first)["References"] is None
    assert parsed(second)["References"] == first.internet_message_id


def test_nothing_typed_becomes_a_header(
    make_ticket: Callable[..., Ticket], brand: Brand, customer: Customer
) -> None:
    evil = "Hello\r\nBcc: other@example.com\r\n\r\n<script>"
    Brand.objects.filter(pk=brand.pk).update(name_en=evil, name_zh=evil)
    Customer.objects.filter(pk=customer.pk).update(name=evil)
    customer.refresh_from_db()
    ticket = make_ticket(subject=evil, body="x\r\nBcc: body@example.com")
    Ticket.objects.filter(pk=ticket.pk).update(subject=f"{evil}\x85\u2028X-Evil: 1\x0bY: 2")
    mail = only(ticket, MailPurpose.RECEIPT)
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["wang@example.com"]
    assert mail["Subject"].splitlines() == [mail["Subject"]]
    assert render(mails(ticket, MailPurpose.RECEIPT)[0]).recipients() == ["wang@example.com"]
    assert "<script>" not in part(mail, "html")


def test_a_brand_colour_cannot_carry_style(ticket: Ticket, brand: Brand) -> None:
    Brand.objects.filter(pk=brand.pk).update(accent="red;}a{")
    assert "red;" not in part(only(ticket, MailPurpose.RECEIPT), "html")


def test_light_and_dark(ticket: Ticket) -> None:
    html = part(only(ticket, MailPurpose.RECEIPT), "html")
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert "background:#1f5eff" in html
    assert not re.search(r"(src|url\()\s*=?\s*[\"']?https?:", html), "nothing is loaded from anywhere"


def test_every_line_fits(ticket: Ticket, agent: User) -> None:
    reply(ticket, body="长" * 5000, by=actors.staff(agent))
    raw = render(mails(ticket, MailPurpose.REPLY)[0]).message().as_bytes()
    assert max(len(line) for line in raw.split(b"\n")) <= 998
