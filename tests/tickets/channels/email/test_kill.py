"""kill -9 of the worker at each point of taking a mail in: each mail becomes one case, with its files and one receipt.

Real processes; each point is held open by a lock.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from accounts.models import Brand
from helpdesk.lib.single_flight import key_of
from tests.mails import keep, mail, mailbox_of
from tests.pictures import PNG
from tests.smtp import smtp_server
from tests.worker import Worker, ask, ask_until, held, start_worker, wait_until_somebody_waits
from tickets.actions.incoming import READ_TASK
from tickets.choices import EventKind, IncomingState, MailOutcome, MailPurpose
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, Event, IncomingMail, Message, OutboxMail, Participant, Ticket

__all__ = ["smtp_server", "start_worker"]
pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[[], Worker]

POINTS = {
    "before the claim": ("LOCK TABLE tickets_incomingmail IN ACCESS EXCLUSIVE MODE",),
    "claimed, nothing written": ("LOCK TABLE tickets_senderrule IN ACCESS EXCLUSIVE MODE",),
    "case and files written": ("LOCK TABLE tickets_mailcopy IN ACCESS EXCLUSIVE MODE",),
    "all written but the copies": ("LOCK TABLE tickets_participant IN ACCESS EXCLUSIVE MODE",),
    "one committed, in the next": ("SELECT pg_advisory_xact_lock(%s)", str(key_of("mail of p1@example.com"))),
}
LONG = [pytest.param(point, marks=pytest.mark.long) for point in POINTS if point != "case and files written"]


def three_mails(brand: Brand, count: int = 3) -> None:
    mailbox_of(brand)
    for number in range(count):
        sender = f"p{number}@example.com"
        keep(mail(sender=sender, cc=f"c{number}@family.test", files=[("a.png", PNG, "image/png")]))


@contextmanager
def at(point: str) -> Iterator[None]:
    with held(*POINTS[point]):
        ask(READ_TASK)
        wait_until_somebody_waits()
        yield


def all_taken() -> bool:
    return not IncomingMail.objects.filter(state=IncomingState.STORED).exists()


def check(count: int = 3) -> None:
    outcomes = Counter(IncomingMail.objects.values_list("outcome", flat=True))
    assert outcomes == {MailOutcome.OPENED: count}, IncomingMail.objects.values_list("detail", flat=True)
    for model in (Ticket, Message, Attachment, Participant):
        assert model._default_manager.count() == count, model
    assert OutboxMail.objects.filter(purpose=MailPurpose.RECEIPT).count() == count
    assert Event.objects.filter(kind=EventKind.OPENED).count() == count
    for name in Attachment.objects.values_list("file", flat=True):
        assert private_storage().open(name).read() == PNG


@pytest.mark.parametrize("point", ["case and files written", *LONG])
def test_killed(point: str, start_worker: Start, brand: Brand) -> None:
    three_mails(brand)
    first = start_worker()
    with at(point):
        first.kill()
    start_worker()
    ask_until(all_taken, task=READ_TASK, what="every mail taken in by the next worker")
    check()


@pytest.mark.long
def test_killed_again_and_again(start_worker: Start, brand: Brand) -> None:
    """At eight moments that nobody chose, sixty mails on their way."""
    chance = random.Random(20261126)
    three_mails(brand, 60)
    for _kill in range(8):
        if all_taken():
            break
        worker = start_worker()
        taken = IncomingMail.objects.exclude(state=IncomingState.STORED).count()
        goal = min(60, taken + chance.randint(2, 9))

        def reached(goal: int = goal) -> bool:
            return IncomingMail.objects.exclude(state=IncomingState.STORED).count() >= goal

        ask_until(reached, task=READ_TASK)
        worker.kill()
    start_worker()
    ask_until(all_taken, task=READ_TASK)
    check(60)
