"""kill -9 of the worker at each point between commit and the end of the SMTP dialogue loses no mail.

Only where the kill falls between the server's acceptance and our note of it is the mail received twice, and then under
the same Message-ID. Real processes, a real mail server; each point is held open by a lock or by the server's silence.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from accounts.models import User
from tests.smtp import DEADLINE, MailServer, wait_until
from tests.worker import Worker, ask, ask_until, held, wait_until_somebody_waits
from tickets import actors
from tickets.actions.correspondence import put_in_copy
from tickets.actions.messages import reply
from tickets.choices import EventKind, MailState
from tickets.models import Event, OutboxMail, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[[], Worker]
MakeTicket = Callable[..., Ticket]


@contextmanager
def after_commit_before_claim(server: MailServer) -> Iterator[None]:
    with held("LOCK TABLE tickets_outboxmail IN ACCESS EXCLUSIVE MODE"):
        ask()
        wait_until_somebody_waits()
        yield


@contextmanager
def after_claim_before_connect(server: MailServer) -> Iterator[None]:
    with held("LOCK TABLE tickets_trackinglink IN ACCESS EXCLUSIVE MODE"):
        ask()
        wait_until_somebody_waits()
        assert OutboxMail.objects.filter(state=MailState.SENDING).count() == 1
        assert server.connections == 0
        yield


@contextmanager
def in_the_dialogue(server: MailServer, point: str) -> Iterator[None]:
    barrier = server.hold_at(point)
    ask()
    assert barrier.reached.wait(DEADLINE), f"no client came as far as {point}"
    assert len(server.received) == (1 if point == "accepted" else 0)
    yield
    barrier.release()


@contextmanager
def answered_but_not_noted(server: MailServer) -> Iterator[None]:
    """The client has heard the server's 250, and cannot write it down."""
    barrier = server.hold_at("accepted")
    ask()
    assert barrier.reached.wait(DEADLINE)
    with held("SELECT 1 FROM tickets_outboxmail WHERE state = %s FOR UPDATE", MailState.SENDING.value):
        barrier.release()
        wait_until_somebody_waits()
        yield


@contextmanager
def noted(server: MailServer) -> Iterator[None]:
    barrier = server.hold_at("accepted")
    ask()
    assert barrier.reached.wait(DEADLINE)
    second = server.hold_at("rcpt")
    barrier.release()
    assert second.reached.wait(DEADLINE), "the next mail's turn comes only after the first is noted"
    assert OutboxMail.objects.filter(state=MailState.SENT).count() == 1
    yield
    second.release()


POINTS = {
    "after commit, before claim": after_commit_before_claim,
    "after claim, before connect": after_claim_before_connect,
    "in the dialogue, at RCPT": lambda server: in_the_dialogue(server, "rcpt"),
    "in the dialogue, before the text": lambda server: in_the_dialogue(server, "data"),
    "accepted, not yet answered": lambda server: in_the_dialogue(server, "accepted"),
    "answered, not yet noted": answered_but_not_noted,
    "noted": noted,
}
UNKNOWABLE = {"accepted, not yet answered", "answered, not yet noted"}


def all_sent() -> bool:
    return not OutboxMail.objects.exclude(state=MailState.SENT).exists()


def check(server: MailServer, ids: list[str], *, twice: int) -> None:
    """Everything came, under the Message-IDs written down at the beginning, and no more often than it may."""
    came = Counter(str(mail.message["Message-ID"]) for mail in server.received)
    assert set(came) == set(ids)
    assert sum(came.values()) <= len(ids) + twice
    assert sorted(OutboxMail.objects.values_list("internet_message_id", flat=True)) == sorted(ids)
    assert Event.objects.filter(kind=EventKind.MAIL_SENT).count() == len(ids)


def three_mails(make_ticket: MakeTicket) -> list[str]:
    for number in range(3):
        make_ticket(subject=f"case {number}")
    return list(OutboxMail.objects.values_list("internet_message_id", flat=True))


def test_a_real_worker_delivers(
    start_worker: Start, smtp_server: MailServer, make_ticket: MakeTicket
) -> None:
    ids = three_mails(make_ticket)
    start_worker()
    ask_until(all_sent)
    check(smtp_server, ids, twice=0)


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS)
def test_killed(point: str, start_worker: Start, smtp_server: MailServer, make_ticket: MakeTicket) -> None:
    ids = three_mails(make_ticket)
    first = start_worker()
    with POINTS[point](smtp_server):
        first.kill()
    start_worker()
    ask_until(all_sent, what="every mail sent by the next worker")
    check(smtp_server, ids, twice=1 if point in UNKNOWABLE else 0)
    if point in UNKNOWABLE:
        assert len(smtp_server.received) == 4, "the mail whose fate nobody knows is sent again, not dropped"


@pytest.mark.long
@pytest.mark.parametrize("point", ["in the dialogue, at RCPT", "accepted, not yet answered", "noted"])
def test_killed_among_copies(
    point: str, start_worker: Start, smtp_server: MailServer, ticket: Ticket, agent: User
) -> None:
    """One answer to three people: each gets it, under a Message-ID of their own, and no other answer repeats."""
    OutboxMail.objects.all().delete()
    for name in ("zhao", "qian"):
        put_in_copy(ticket, email=f"{name}@example.com", by=actors.staff(agent))
    reply(ticket, body="It has arrived.", by=actors.staff(agent))
    ids = list(OutboxMail.objects.values_list("internet_message_id", flat=True))
    assert len(set(ids)) == 3
    first = start_worker()
    with POINTS[point](smtp_server):
        first.kill()
    start_worker()
    ask_until(all_sent, what="every copy sent by the next worker")
    check(smtp_server, ids, twice=1 if point in UNKNOWABLE else 0)
    assert {mail.recipients[0] for mail in smtp_server.received} == {
        "wang@example.com",
        "zhao@example.com",
        "qian@example.com",
    }


@pytest.mark.long
def test_only_the_process_at_work_is_killed(
    start_worker: Start, smtp_server: MailServer, make_ticket: MakeTicket
) -> None:
    ids = three_mails(make_ticket)
    worker = start_worker()
    with in_the_dialogue(smtp_server, "data"):
        before = worker.children
        worker.kill_child()
        wait_until(lambda: worker.children and worker.children != before, what="a new child")
    ask_until(all_sent)
    check(smtp_server, ids, twice=0)


@pytest.mark.long
def test_killed_again_and_again(
    start_worker: Start, smtp_server: MailServer, make_ticket: MakeTicket
) -> None:
    """At ten moments that nobody chose, forty mails on their way."""
    chance = random.Random(20260302)
    for number in range(40):
        make_ticket(subject=f"case {number}")
    ids = list(OutboxMail.objects.values_list("internet_message_id", flat=True))
    kills = 0
    while not all_sent() and kills < 10:
        worker = start_worker()
        goal = min(len(ids), len(smtp_server.received) + chance.randint(1, 4))
        point = chance.choice(["rcpt", "data", "accepted"])
        ask_until(lambda goal=goal: len(smtp_server.received) >= goal or all_sent())  # type: ignore[misc]
        if chance.random() < 0.5:
            with in_any_dialogue(smtp_server, point):
                worker.kill()
        worker.kill()
        kills += 1
    start_worker()
    ask_until(all_sent)
    check(smtp_server, ids, twice=kills)


@contextmanager
def in_any_dialogue(server: MailServer, point: str) -> Iterator[None]:
    barrier = server.hold_at(point)
    wait_until(lambda: barrier.reached.is_set() or all_sent(), what=point)
    yield
    barrier.release()
