"""How the mails are sent, and when what is struck; figures of what happened, for the checks afterwards."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from tests.mails import mail
from tests.relay import Letter, Relay
from tests.smtp import MailServer, wait_until
from tests.tickets.channels.email.faults.desk import DIALOGUE, MAIL_SERVER, WORKER, Desk
from tests.tickets.channels.email.faults.visitor import Visitor
from tickets.choices import IncomingState, MailState
from tickets.models import IncomingMail, OutboxMail

#: No more than this lies between what was sent to us and what we have taken in: so that all are at work all the time.
AHEAD = 400
BYTES = 4096
DOMAINS = 50
#: In turn. At the first the receiving server has the mail, and must get it again.
POINTS = ("accepted", "data", "rcpt")


@dataclass(frozen=True)
class Size:
    """``cases`` mails open a case, ``answers`` more answer the receipt of one; every tenth mail is sent twice."""

    cases: int
    answers: int
    strikes: dict[str, int]
    waits_for_leases: bool = True

    @property
    def mails(self) -> int:
        return self.cases + self.answers


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
    #: How many were given out a second time, to the mail server or to the web server.
    again: int = 0
    #: To whom we were writing when the worker was killed on purpose: before, and after the receiving server had it.
    broken_off: set[str] = field(default_factory=set)
    received_before_the_kill: set[str] = field(default_factory=set)
    _taken: int = 0
    _sent: int = 0
    _accepted: set[bytes] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)
    _seen: int = 0
    _read_receipts: int = 0
    _dialogues: int = 0

    def run(self) -> None:
        waiting = letters(self.size.cases)[::-1]
        plan = self._plan()
        stop_at = time.monotonic() + 120 + 0.2 * self.size.mails
        while not self._is_over():
            assert time.monotonic() < stop_at, (
                f"{len(self._accepted)} accepted, {counts()} taken in and answered"
            )
            self._taken, self._sent = counts()
            while waiting and len(self.written) < self._taken + AHEAD:
                self._write(waiting.pop())
            self._send_again()
            self._answer_receipts()
            self._strike(plan)
            time.sleep(0.02)
        assert not plan

    def _plan(self) -> list[tuple[str, int]]:
        """Each strike, and how far the work must have gone for it; see ``_progress``."""
        plan = []
        for kind, times in self.size.strikes.items():
            most = self._most(kind)
            plan += [(kind, self.chance.randrange(most // 20, most * 9 // 10)) for _time in range(times)]
        return plan

    def _most(self, kind: str) -> int:
        taken_and_sent = self.size.mails + self.size.cases
        return {MAIL_SERVER: self.size.mails, WORKER: taken_and_sent, DIALOGUE: self.size.cases}.get(
            kind, self.size.mails + taken_and_sent
        )

    def _progress(self, kind: str) -> int:
        """Counted in what the struck one does: mails accepted, or taken in and answered; or all of these."""
        accepted, taken, sent = len(self._accepted), self._taken, self._sent
        return {MAIL_SERVER: accepted, WORKER: taken + sent, DIALOGUE: sent}.get(
            kind, accepted + taken + sent
        )

    def _strike(self, plan: list[tuple[str, int]]) -> None:
        """One at a time: what it changed is seen before the next."""
        due = next(((kind, goal) for kind, goal in plan if self._progress(kind) >= goal), None)
        if due is not None:
            plan.remove(due)
            if due[0] == DIALOGUE:
                self._strike_in_a_dialogue()
            else:
                self.desk.strike(due[0])

    def _strike_in_a_dialogue(self) -> None:
        point = POINTS[self._dialogues % len(POINTS)]
        self._dialogues += 1
        barrier = self.receiver.hold_at(point)
        wait_until(lambda: barrier.reached.is_set() or counts()[1] == self.size.cases, what=point)
        if barrier.reached.is_set():
            talking = OutboxMail.objects.filter(state=MailState.SENDING, talking_since__isnull=False)
            self.broken_off |= set(talking.values_list("to", flat=True))
            if point == "accepted":
                self.received_before_the_kill |= set(self.receiver.received[-1].recipients)
        self.desk.strike(DIALOGUE)
        barrier.release()

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
        again = len(self.relay.accepted) - len(self._accepted) + self.visitor.posted
        return (
            (self._taken, self._sent) == (self.size.mails, self.size.cases)
            and len(self._accepted) == self.size.mails
            and again == self.again
        )


def counts() -> tuple[int, int]:
    """How many were taken in, how many receipts have left."""
    return (
        IncomingMail.objects.exclude(state=IncomingState.STORED).count(),
        OutboxMail.objects.filter(state=MailState.SENT).count(),
    )


def letters(count: int) -> list[Letter]:
    """Of 4 kB, each by somebody else, each proved to be by them."""
    sender, number = "p-------@d--.test", "number -------"
    text = "My withdrawal has not arrived.\n" * ((BYTES - 500) // 31)
    pattern = mail(sender=sender, subject=f"Withdrawal, {number}", text=text, message_id=f"<1.{sender}>")
    return [_letter(pattern, sender, number, one) for one in range(count)]


def _letter(pattern: bytes, sender: str, number: str, one: int) -> Letter:
    domain = f"d{one % DOMAINS:02}.test"
    who = f"p{one:07}@{domain}"
    raw = pattern.replace(sender.encode(), who.encode()).replace(b"d--.test", domain.encode())
    return Letter(who, "help@btp.test", raw.replace(number.encode(), f"number {one:07}".encode()))


def answer_to(message_id: str, reply_to: str, sender: str) -> Letter:
    headers = {"In-Reply-To": message_id}
    raw = mail(
        sender=sender, to=reply_to, subject="Re: Withdrawal", text="It was on Monday.", headers=headers
    )
    return Letter(sender, reply_to, raw)
