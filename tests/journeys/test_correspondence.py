"""Whole correspondences: mail comes in over a real SMTP server or a real IMAP mailbox, answers leave over a real SMTP
server, and mail programs answer the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from accounts.models import Brand, User
from tests.correspondents import Person, Post, by_smtp, report_about
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot, start_dovecot
from tests.mail_server import MailServerProcess, mail_server
from tests.mails import RELAY, mailbox_of
from tests.smtp import MailServer, smtp, smtp_server
from tickets import actors
from tickets.actions import mail_checks
from tickets.actions.messages import reply
from tickets.channels.email.ways.imap.polling import poll
from tickets.choices import EventKind, Fetching, IncomingState, MailOutcome, MailState, Nature, Status, Tls
from tickets.delivery.sender import deliver
from tickets.models import DeadAddress, Event, IncomingMail, Mailbox, Message, OutboxMail, Participant, Ticket
from tickets.tasks import read_mail

__all__ = ["dovecot", "smtp", "smtp_server", "start_dovecot"]
pytestmark = pytest.mark.django_db(transaction=True)
HELP, VOUCHER = "help@btp.test", "转账凭证（招商银行）.pdf"


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServerProcess]:
    with mail_server(tmp_path_factory.mktemp("mail") / "log") as running:
        yield running


@pytest.fixture
def post(server: MailServerProcess) -> Post:
    return by_smtp(server.port)


@pytest.fixture(autouse=True)
def mailbox(brand: Brand) -> Mailbox:
    return mailbox_of(brand)


@pytest.fixture
def wang(smtp: MailServer, post: Post) -> Person:
    return Person("王小明", "wang@example.com", smtp, post)


def everything_goes_round() -> None:
    """What came in is read, what waits leaves."""
    read_mail()
    deliver()


def last_said(ticket: Ticket) -> Message:
    return Message.objects.filter(ticket=ticket).latest("pk")


def test_from_the_first_mail_to_the_last(wang: Person, agent: User) -> None:
    first = wang.blank(to=HELP, subject="提现没有到账")
    first.set_content("我昨天提现 500 元，到现在没有到账。\n\n-- \n王小明\n")
    first.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename=VOUCHER)
    wang.send(first)
    everything_goes_round()
    ticket = Ticket.objects.get()
    said = last_said(ticket)
    assert said.body == "我昨天提现 500 元，到现在没有到账。"
    assert [file.name for file in said.attachments.all()] == [VOUCHER]
    (receipt,) = wang.got
    assert receipt.message["Subject"] == f"Re: [{ticket.display_number}] 提现没有到账"
    assert receipt.message["Auto-Submitted"] == "auto-replied"
    assert receipt.message["In-Reply-To"] == wang.sent[0]

    reply(ticket, body="请告诉我们收款银行。", by=actors.staff(agent))
    everything_goes_round()
    ours = wang.got[-1]
    assert ours.message["Auto-Submitted"] is None
    assert wang.sent[0] in ours.message["References"]

    wang.answer_from_phone(ours, "招商银行，尾号 8812。", cc="李梅 <mei@family.test>")
    everything_goes_round()
    assert Ticket.objects.get() == ticket
    assert last_said(ticket).body == "招商银行，尾号 8812。"
    assert "请告诉我们收款银行" in last_said(ticket).mail_copy.text
    assert Participant.objects.get().email == "mei@family.test"
    assert len(wang.got) == 2, "an answer gets no receipt"

    mei = Person("李梅", "mei@family.test", wang.server, wang.post)
    reply(ticket, body="已重新打款。", by=actors.staff(agent), then=Status.SOLVED)
    everything_goes_round()
    (copy,) = mei.got
    assert "/t/" not in copy.part("plain"), "who is in copy gets no key to the case"
    assert wang.got[-1].message["Message-ID"] != copy.message["Message-ID"]
    mei.answer_from_phone(copy, "还是没有到账，请查一下。")
    everything_goes_round()
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert last_said(ticket).author_name.startswith("李梅")
    assert IncomingMail.objects.exclude(state=IncomingState.DONE).count() == 0


def test_thanks_reopens_nothing(wang: Person, agent: User) -> None:
    wang.write(to=HELP, subject="提现", text="没有到账")
    everything_goes_round()
    ticket = Ticket.objects.get()
    reply(ticket, body="已到账。", by=actors.staff(agent), then=Status.SOLVED)
    everything_goes_round()
    wang.answer_from_phone(wang.got[-1], "谢谢！")
    everything_goes_round()
    ticket.refresh_from_db()
    assert (ticket.status, last_said(ticket).nature) == (Status.SOLVED, Nature.THANKS)


def test_a_forward_is_shown_whole(wang: Person) -> None:
    wang.write(
        to=HELP,
        subject="转发：您的提现失败",
        text="这是真的吗？\n\n---------- Forwarded message ---------\n发件人：<notice@evil.test>\n"
        "主题：您的提现失败\n\n请点击链接验证。\n",
    )
    everything_goes_round()
    said = Message.objects.get()
    assert "这是真的吗" in said.body
    assert "请点击链接验证" in said.body
    assert said.ticket.subject == "您的提现失败"


def test_out_of_office_restarts_no_clock(wang: Person, agent: User) -> None:
    wang.write(to=HELP, subject="提现", text="没有到账")
    everything_goes_round()
    ticket = Ticket.objects.get()
    reply(ticket, body="请告诉我们收款银行。", by=actors.staff(agent))
    everything_goes_round()
    ticket.refresh_from_db()
    before = (ticket.status, ticket.due_at, len(wang.got))
    ours = wang.got[-1]
    away = wang.blank(to=ours.message["Reply-To"], subject=f"自动回复：{ours.message['Subject']}")
    away["Auto-Submitted"], away["In-Reply-To"] = "auto-replied", ours.message["Message-ID"]
    away.set_content("我正在休假，下周回来。")
    wang.send(away, envelope_sender="")
    everything_goes_round()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at, len(wang.got)) == before
    assert last_said(ticket).nature == Nature.AUTOMATIC
    assert IncomingMail.objects.latest("pk").outcome == MailOutcome.LOGGED


def test_a_mail_that_comes_back_is_told(wang: Person, agent: User) -> None:
    wang.write(to=HELP, subject="提现", text="没有到账")
    everything_goes_round()
    ticket = Ticket.objects.get()
    message = reply(ticket, body="请告诉我们收款银行。", by=actors.staff(agent))
    everything_goes_round()
    wang.post(report_about(wang.got[-1]), "", [HELP])
    everything_goes_round()
    mail = OutboxMail.objects.get(message=message)
    assert mail.state == MailState.BOUNCED
    assert "no such user" in mail.last_error
    assert Event.objects.filter(ticket=ticket, kind=EventKind.MAIL_BOUNCED).count() == 1
    assert DeadAddress.objects.get().email == "wang@example.com"
    assert Ticket.objects.count() == 1, "a report opens no case"
    got = len(wang.got)
    reply(ticket, body="还在吗？", by=actors.staff(agent))
    everything_goes_round()
    assert len(wang.got) == got, "a dead address is not written to"
    assert OutboxMail.objects.latest("pk").state == MailState.FAILED


def test_a_made_up_report_kills_no_address(wang: Person, agent: User, post: Post) -> None:
    wang.write(to=HELP, subject="提现", text="没有到账")
    thief = Person("Thief", "thief@evil.test", wang.server, post)
    thief.write(to=HELP, subject="hello", text="I want something")
    everything_goes_round()
    about_mine = report_about(thief.got[-1])
    thief.post(about_mine.replace(b"thief@evil.test", b"wang@example.com"), "", [HELP])
    everything_goes_round()
    assert not DeadAddress.objects.exists()
    assert IncomingMail.objects.latest("pk").state == IncomingState.SET_ASIDE


def test_a_spoofer_gets_nothing_and_changes_nothing(wang: Person, agent: User, post: Post) -> None:
    wang.write(to=HELP, subject="提现", text="没有到账")
    everything_goes_round()
    ticket = Ticket.objects.get()
    reply(ticket, body="请告诉我们收款银行。", by=actors.staff(agent))
    everything_goes_round()
    ours, before = wang.got[-1], len(wang.server.received)
    spoofer = Person("王小明", "wang@example.com", wang.server, post, proof="dmarc=fail")
    spoofer.answer_from_phone(ours, "请改为打到 6222 开头的卡。")
    everything_goes_round()
    assert Message.objects.filter(ticket=ticket).count() == 2
    opened = Ticket.objects.exclude(pk=ticket.pk).get()
    assert opened.unproved_sender == "wang@example.com"
    assert opened.customer_id != ticket.customer_id
    assert len(wang.server.received) == before, "nothing left"


def test_two_helpdesks_that_answer_each_other_stop(brand: Brand, smtp: MailServer, post: Post) -> None:
    """The other one sends no header that tells, quotes nothing, and answers every mail with a new one."""
    robot = Person("Other Desk", "desk@other.test", smtp, post)
    robot.write(to=HELP, subject="Your request 1", text="We have received your message.")
    answered = 0
    for _round in range(10):
        everything_goes_round()
        while answered < len(robot.got):
            answered += 1
            robot.write(
                to=HELP, subject=f"Your request {answered + 1}", text="We have received your message."
            )
    assert len(robot.got) <= 2
    assert not IncomingMail.objects.filter(state=IncomingState.STORED).exists()


def test_two_helpdesks_that_answer_in_the_thread_stop(brand: Brand, smtp: MailServer, post: Post) -> None:
    robot = Person("Other Desk", "desk@other.test", smtp, post)
    robot.write(to=HELP, subject="Your request", text="We have received your message.")
    answered = 0
    for _round in range(10):
        everything_goes_round()
        while answered < len(robot.got):
            robot.answer_from_phone(
                robot.got[answered], "Thank you for contacting Other Desk. Your number is 17."
            )
            answered += 1
    assert len(robot.got) <= 2
    assert Ticket.objects.count() == 1


def test_the_whole_way_through_an_imap_mailbox(
    brand: Brand, dovecot: Dovecot, smtp: MailServer, agent: User, mailbox: Mailbox
) -> None:
    mailbox.fetching, mailbox.host, mailbox.port, mailbox.tls = (
        Fetching.IMAP,
        "127.0.0.1",
        dovecot.port,
        Tls.NONE,
    )
    mailbox.username, mailbox.password, mailbox.from_beginning = USER, PASSWORD, True
    mailbox.authserv_id = RELAY
    mailbox.save()

    def put(raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        dovecot.deliver(raw)

    wang = Person("王小明", "wang@example.com", smtp, put)
    wang.write(to=HELP, subject="提现没有到账", text="我昨天提现 500 元。")
    poll(seconds=60)
    everything_goes_round()
    ticket = Ticket.objects.get()
    reply(ticket, body="请告诉我们收款银行。", by=actors.staff(agent))
    everything_goes_round()
    wang.answer_from_phone(wang.got[-1], "招商银行")
    poll(seconds=60)
    everything_goes_round()
    assert Ticket.objects.get() == ticket
    assert last_said(ticket).body == "招商银行"


def test_the_check_of_the_mail_path_comes_round(
    mailbox: Mailbox, administrator: User, smtp: MailServer, server: MailServerProcess
) -> None:
    mail_checks.send_check(mailbox, by=actors.staff(administrator))
    deliver()
    (sent,) = smtp.received
    by_smtp(server.port)(sent.raw, sent.sender, sent.recipients)
    read_mail()
    mailbox.refresh_from_db()
    assert mailbox.check_came_at is not None
    assert mailbox.check_kept_tag
    assert IncomingMail.objects.get().outcome == MailOutcome.CHECK
    assert not Ticket.objects.exists()
