"""Many mails while everything around them is killed, again and again: each is kept, taken in once and answered once.

Real processes, real sockets, a relay that repeats what it did not hear accepted. ``pytest -s`` prints the figures.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from email.parser import BytesHeaderParser
from pathlib import Path

import pytest

from accounts.models import Brand, Customer
from tests.mails import mailbox_of
from tests.relay import Relay
from tests.smtp import MailServer, smtp_server
from tests.tickets.channels.email.faults.desk import DIALOGUE, FLUSH, MAIL_SERVER, WEB, WORKER, Desk
from tests.tickets.channels.email.faults.story import Size, Story
from tests.tickets.channels.email.faults.visitor import Visitor
from tests.worker import Worker, start_worker
from tickets.actions.incoming import bytes_hash
from tickets.choices import EventKind, IncomingState, MailOutcome, MailPurpose, MailState
from tickets.models import Event, IncomingMail, MailCopy, Message, OutboxMail, Ticket

__all__ = ["smtp_server", "start_worker"]
pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., Worker]

SHORT = Size(55, 5, {MAIL_SERVER: 2, DIALOGUE: 1, WEB: 1, FLUSH: 1}, waits_for_leases=False)
WHOLE = Size(4900, 100, {MAIL_SERVER: 9, WORKER: 7, DIALOGUE: 6, WEB: 7, FLUSH: 5})


@pytest.mark.parametrize(
    "size", [pytest.param(SHORT, id="short"), pytest.param(WHOLE, id="whole", marks=pytest.mark.long)]
)
def test_many_faults(
    size: Size, start_worker: Start, smtp_server: MailServer, brand: Brand, tmp_path: Path
) -> None:
    mailbox_of(brand)
    began = time.monotonic()
    desk = Desk(tmp_path, start_worker, waits=size.waits_for_leases)
    relay, visitor = Relay(desk.port), Visitor(desk.web_port)
    visitor.start()
    story = Story(size, desk, relay, visitor, smtp_server, random.Random(20261127))
    try:
        story.run()
    finally:
        relay.close()
        visitor.close()
        desk.close()
    seconds = time.monotonic() - began
    assert desk.strikes == size.strikes
    check_what_came(story)
    check_the_web(visitor)
    told, twice = check_what_left(story)
    print(
        f"{size.mails} mails in {seconds:.0f} s ({size.mails / seconds:.0f}/s), {story.again} of them sent twice. "
        f"{dict(desk.strikes)}. Broken off: {relay.broken_off} deliveries to us, {visitor.broken_off} requests, "
        f"{told} receipts, of which {twice} came twice. Answers of the web: {dict(visitor.answers)}."
    )


def check_what_came(story: Story) -> None:
    """As many rows as mails, byte for byte; each a case or part of one, once."""
    size = story.size
    assert not story.relay.refused
    rows = list(IncomingMail.objects.values_list("sha256", "state", "outcome", "detail"))
    assert len(rows) == size.mails
    assert {row[0] for row in rows} == {bytes_hash(one.raw) for one in story.written}
    assert Counter(row[1:] for row in rows) == {
        (IncomingState.DONE, MailOutcome.OPENED, ""): size.cases,
        (IncomingState.DONE, MailOutcome.JOINED, ""): size.answers,
    }
    assert Ticket.objects.count() == Customer.objects.count() == size.cases
    assert Event.objects.filter(kind=EventKind.OPENED).count() == size.cases
    messages = Counter(Message.objects.values_list("ticket", flat=True))
    assert Counter(messages.values()) == {1: size.cases - size.answers, 2: size.answers}
    copies = MailCopy.objects.values_list("incoming", flat=True)
    assert len(copies) == len(set(copies)) == size.mails


def check_what_left(story: Story) -> tuple[int, int]:
    """One receipt for each case, under one Message-ID; received twice only where a kill broke off our talk about it.

    How many talks were broken off, and how many receipts came twice.
    """
    cases, kills = story.size.cases, story.desk.strikes[WORKER] + story.desk.strikes[DIALOGUE]
    mails = dict(OutboxMail.objects.values_list("internet_message_id", "to"))
    states = Counter(OutboxMail.objects.values_list("purpose", "state"))
    assert states == {(MailPurpose.RECEIPT, MailState.SENT): cases}
    assert len(set(mails.values())) == cases, "one for each customer"
    sent = Event.objects.filter(kind=EventKind.MAIL_SENT)
    assert sent.count() == cases
    received = [(_message_id(one.raw), one.recipients[0]) for one in story.receiver.received]
    assert set(received) == set(mails.items()), "to each customer under one Message-ID, the one written down"
    twice = {to for (_id, to), times in Counter(received).items() if times > 1}
    told = set(sent.filter(data__again=True).values_list("data__to", flat=True))
    assert story.received_before_the_kill <= twice <= told
    assert story.broken_off <= told
    assert len(told) <= kills
    assert len(received) - cases <= kills
    return len(told), len(twice)


def _message_id(raw: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(raw)["Message-ID"]).strip()


def check_the_web(visitor: Visitor) -> None:
    """Whatever it answered, it answered well."""
    assert set(visitor.answers) <= {200, 202}, visitor.answers
    assert visitor.answers[200] > 0
