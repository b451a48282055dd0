"""Many mails while everything around them is killed, again and again: each is kept, taken in once and answered once.

Real processes, real sockets, a relay that repeats what it did not hear accepted. ``pytest -s`` prints the figures.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest

from accounts.models import Brand, Customer
from tests.mails import mail, mailbox_of
from tests.relay import Letter, Relay
from tests.smtp import MailServer, smtp_server
from tests.tickets.channels.email.desk_of_processes import FLUSH, MAIL_SERVER, WEB, WORKER, Desk
from tests.tickets.channels.email.visitor import Visitor
from tests.worker import Worker, start_worker
from tickets.choices import EventKind, IncomingState, MailOutcome, MailPurpose, MailState
from tickets.models import Event, IncomingMail, MailCopy, Message, OutboxMail, Ticket

__all__ = ["smtp_server", "start_worker"]
pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., Worker]

#: No more than this lies between what was sent to us and what we have taken in: so that all are at work all the time.
AHEAD = 400
SIZE = 4096
DOMAINS = 50


@dataclass(frozen=True)
class Size:
    """``cases`` mails open a case, ``answers`` more answer the receipt of one; every tenth mail is sent twice."""

    cases: int
    answers: int
    strikes: dict[str, int]

    @property
    def mails(self) -> int:
        return self.cases + self.answers


SHORT = Size(55, 5, {MAIL_SERVER: 1, WORKER: 2, WEB: 1, FLUSH: 1})
WHOLE = Size(4900, 100, {MAIL_SERVER: 9, WORKER: 11, WEB: 7, FLUSH: 5})


def letters(count: int) -> list[Letter]:
    """Of 4 kB, each by somebody else, each proved to be by them."""
    sender, number = "p-------@d--.test", "number -------"
    text = "My withdrawal has not arrived.\n" * ((SIZE - 700) // 31)
    pattern = mail(sender=sender, subject=f"Withdrawal, {number}", text=text, message_id=f"<1.{sender}>")
    return [_letter(pattern, sender, number, one) for one in range(count)]


def _letter(pattern: bytes, sender: str, number: str, one: int) -> Letter:
    who = f"p{one:07}@d{one % DOMAINS:02}.test"
    raw = pattern.replace(sender.encode(), who.encode())
    raw = raw.replace(b"d--.test", who.rpartition("@")[2].encode())
    raw = raw.replace(number.encode(), f"number {one:07}".encode())
    return Letter(who, "help@btp.test", raw)


def answer_to(message_id: str, reply_to: str, sender: str) -> Letter:
    raw = mail(
        sender=sender,
        to=reply_to,
        subject="Re: Withdrawal",
        text="It was on Monday.",
        headers={"In-Reply-To": message_id},
    )
    return Letter(sender, reply_to, raw)


@dataclass
class Story:
    """Feeds the relay at the pace at which the desk takes in, and strikes where the plan says."""

    size: Size
    desk: Desk
    relay: Relay
    visitor: Visitor
    receiver: MailServer
    chance: random.Random
    written: list[Letter] = field(default_factory=list)
    again: int = 0
    _answered: set[str] = field(default_factory=set)
    _read_receipts: int = 0
    _seen: int = 0
    _accepted: set[bytes] = field(default_factory=set)

    def run(self) -> None:
        waiting = letters(self.size.cases)[::-1]
        plan = self._plan()
        stop_at = time.monotonic() + 120 + 0.2 * self.size.mails
        while not self._is_over():
            assert time.monotonic() < stop_at, self.progress()
            taken, sent = counts()
            while waiting and len(self.written) < taken + AHEAD:
                self._write(waiting.pop())
            self._send_again()
            self._answer_receipts()
            if plan and plan[0][0] <= len(self._accepted) + taken + sent:
                self.desk.strike(plan.pop(0)[1])
            time.sleep(0.02)
        assert not plan

    def progress(self) -> str:
        return f"{len(self._accepted)} accepted, {counts()} taken in and answered"

    def _plan(self) -> list[tuple[int, str]]:
        """After how many steps (a mail accepted, taken in or answered) each strike falls, soonest first."""
        steps = 2 * self.size.mails + self.size.cases
        kinds = [kind for kind, times in self.size.strikes.items() for _time in range(times)]
        return sorted((self.chance.randrange(steps // 20, steps * 19 // 20), kind) for kind in kinds)

    def _write(self, letter: Letter) -> None:
        self.written.append(letter)
        self.relay.give(letter)

    def _send_again(self) -> None:
        """Of what was accepted, every tenth: by turns to the mail server and by the signed way to the web server."""
        for letter in self.relay.accepted[self._seen :]:
            self._seen += 1
            if letter.raw in self._accepted:
                continue
            self._accepted.add(letter.raw)
            number = len(self._accepted)
            if number % 20 == 0:
                self.relay.give(letter)
            elif number % 10 == 0:
                self.visitor.give(letter.raw)
            self.again += number % 10 == 0

    def _answer_receipts(self) -> None:
        for receipt in self.receiver.received[self._read_receipts :]:
            self._read_receipts += 1
            [to] = receipt.recipients
            if len(self._answered) < self.size.answers and to not in self._answered:
                self._answered.add(to)
                said = receipt.message
                self._write(answer_to(str(said["Message-ID"]), str(said["Reply-To"]), to))

    def _is_over(self) -> bool:
        heard = self.relay.accepted
        again = len(heard) - len(self._accepted) + self.visitor.posted
        return (
            counts() == (self.size.mails, self.size.cases)
            and len(self._accepted) == self.size.mails
            and again == self.again
        )


def counts() -> tuple[int, int]:
    """How many were taken in, how many receipts have left."""
    return (
        IncomingMail.objects.exclude(state=IncomingState.STORED).count(),
        OutboxMail.objects.filter(state=MailState.SENT).count(),
    )


def check_what_came(story: Story) -> None:
    """As many rows as mails, byte for byte; each a case or part of one, once."""
    size = story.size
    assert not story.relay.refused
    rows = list(IncomingMail.objects.values_list("sha256", "state", "outcome", "detail"))
    assert len(rows) == size.mails
    assert {row[0] for row in rows} == {hashlib.sha256(one.raw).hexdigest() for one in story.written}
    assert Counter(row[1:] for row in rows) == {
        (IncomingState.DONE, MailOutcome.OPENED, ""): size.cases,
        (IncomingState.DONE, MailOutcome.JOINED, ""): size.answers,
    }
    assert Ticket.objects.count() == Customer.objects.count() == size.cases
    assert Event.objects.filter(kind=EventKind.OPENED).count() == size.cases
    said = Counter(Message.objects.values_list("ticket", flat=True))
    assert Counter(said.values()) == {1: size.cases - size.answers, 2: size.answers}
    copies = MailCopy.objects.values_list("incoming", flat=True)
    assert len(copies) == len(set(copies)) == size.mails


def check_what_left(story: Story) -> int:
    """One receipt for each case under one Message-ID; twice only where a kill broke off our talk about it. How many."""
    size = story.size
    mails = dict(OutboxMail.objects.values_list("internet_message_id", "to"))
    states = Counter(OutboxMail.objects.values_list("purpose", "state"))
    assert states == {(MailPurpose.RECEIPT, MailState.SENT): size.cases}
    assert len(set(mails.values())) == size.cases, "one for each customer"
    assert Event.objects.filter(kind=EventKind.MAIL_SENT).count() == size.cases
    received = Counter(_message_id(one.raw) for one in story.receiver.received)
    assert set(received) == set(mails)
    assert all(mails[_message_id(one.raw)] == one.recipients[0] for one in story.receiver.received)
    twice = {name for name, times in received.items() if times > 1}
    broken_off = Event.objects.filter(kind=EventKind.MAIL_SENT, data__again=True)
    told = set(broken_off.values_list("data__to", flat=True))
    assert {mails[name] for name in twice} <= told
    assert len(told) <= story.desk.strikes[WORKER]
    assert sum(received.values()) - size.cases <= story.desk.strikes[WORKER]
    return len(twice)


def _message_id(raw: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(raw)["Message-ID"]).strip()


def check_the_web(visitor: Visitor) -> None:
    """Whatever it answered, it answered well."""
    assert set(visitor.answers) <= {200, 202}, visitor.answers
    assert visitor.answers[200] > 0


@pytest.mark.parametrize(
    "size", [pytest.param(SHORT, id="short"), pytest.param(WHOLE, id="whole", marks=pytest.mark.long)]
)
def test_many_faults(
    size: Size, start_worker: Start, smtp_server: MailServer, brand: Brand, tmp_path: Path
) -> None:
    mailbox_of(brand)
    began = time.monotonic()
    desk = Desk(tmp_path, start_worker)
    relay, visitor = Relay(desk.port), Visitor(desk.web_port)
    visitor.start()
    story = Story(size, desk, relay, visitor, smtp_server, random.Random(20261127))
    try:
        story.run()
    finally:
        relay.close()
        visitor.close()
        desk.close()
    check_what_came(story)
    check_the_web(visitor)
    twice = check_what_left(story)
    assert desk.strikes == size.strikes
    seconds = time.monotonic() - began
    print(
        f"{size.mails} mails in {seconds:.0f} s ({size.mails / seconds:.0f}/s), {story.again} of them sent twice; "
        f"{dict(desk.strikes)}; relay broken off {relay.broken_off} times, web {visitor.broken_off}; "
        f"pages and posts {dict(visitor.answers)}; {twice} receipts came twice"
    )
