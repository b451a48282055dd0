"""Each receiving domain at its own pace, and none at another's expense."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand
from helpdesk.lib import clock
from tests.crowd import all_at_once
from tickets.actions import destinations, outbox
from tickets.choices import MailPurpose, MailState
from tickets.models import MailDestination, OutboxMail

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def six_a_minute(settings: Any) -> None:
    """One in one go, then one every ten seconds."""
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 6


@pytest.fixture
def write(brand: Brand) -> Callable[..., list[OutboxMail]]:
    def make(*domains: str, at: datetime = NOW) -> list[OutboxMail]:
        start = OutboxMail.objects.count()
        rows = [
            OutboxMail(
                cause=f"reply:{start + place}",
                internet_message_id=f"<{start + place}@btp.test>",
                purpose=MailPurpose.REPLY,
                brand=brand,
                to=f"p{start + place}@{domain}",
                language="en",
                available_at=at,
                created_at=at,
            )
            for place, domain in enumerate(domains)
        ]
        return OutboxMail.objects.bulk_create(rows)

    return make


Write = Callable[..., list[OutboxMail]]


def claimed(at: datetime) -> list[str]:
    """Who may be written to at that moment; the mails leave."""
    with clock.frozen(at):
        mails = outbox.claim(limit=100)
        for mail in mails:
            outbox.mark_sent(mail)
    return [mail.to for mail in mails]


def test_it_works(write: Write) -> None:
    write("slow.test", "slow.test", "slow.test", "other.test")
    assert claimed(NOW) == ["p0@slow.test", "p3@other.test"]
    assert claimed(NOW + timedelta(seconds=9)) == []
    assert claimed(NOW + timedelta(seconds=10)) == ["p1@slow.test"]
    assert claimed(NOW + timedelta(seconds=20)) == ["p2@slow.test"]


def test_put_off_once_and_not_looked_at_again(write: Write) -> None:
    write(*["slow.test"] * 30)
    claimed(NOW)
    waiting = OutboxMail.objects.filter(state=MailState.QUEUED)
    given = dict(waiting.values_list("pk", "available_at"))
    assert len(set(given.values())) == 29, "a slot for each"
    assert list(waiting.order_by("pk").values_list("available_at", flat=True)) == sorted(given.values())
    for seconds in (1, 5, 9):
        claimed(NOW + timedelta(seconds=seconds))
    assert dict(waiting.values_list("pk", "available_at")) == given
    assert set(waiting.values_list("attempts", flat=True)) == {0}, "to wait is no attempt"


def test_those_that_come_later_wait_behind(write: Write) -> None:
    write("slow.test", "slow.test")
    claimed(NOW)
    write("slow.test", at=NOW + timedelta(seconds=3))
    assert claimed(NOW + timedelta(seconds=3)) == []
    assert claimed(NOW + timedelta(seconds=10)) == ["p1@slow.test"]
    assert claimed(NOW + timedelta(seconds=20)) == ["p2@slow.test"]


def test_capital_letters_are_the_same_domain(write: Write) -> None:
    write("Slow.Test", "slow.TEST")
    assert len(claimed(NOW)) == 1
    assert MailDestination.objects.count() == 1


@pytest.mark.parametrize("many", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_many_to_one_domain_hold_up_no_other(write: Write, many: int) -> None:
    write(*["slow.test"] * many, "other.test")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert claimed(NOW) == ["p0@slow.test", f"p{many}@other.test"]
    assert len(asked) < 25, "all of them are put off in one statement"
    with CaptureQueriesContext(connection) as asked:
        assert claimed(NOW + timedelta(seconds=1)) == []
    assert len(asked) < 6


def test_a_domain_that_asks_us_to_wait(write: Write) -> None:
    first, _second, other = write("slow.test", "slow.test", "other.test")
    with clock.frozen(NOW):
        [mail, passing] = outbox.claim()
        outbox.mark_failed(mail, error="451 greylisted", permanent=False)
        destinations.rest(first, answer="451 greylisted")
        assert passing == other
        outbox.mark_sent(passing)
    held = MailDestination.objects.get(domain="slow.test")
    assert (held.paused_until, held.last_answer) == (NOW + destinations.REST, "451 greylisted")
    assert claimed(NOW + timedelta(minutes=4)) == []
    assert len(claimed(NOW + destinations.REST + timedelta(seconds=1))) == 1
    assert len(claimed(NOW + destinations.REST + timedelta(seconds=11))) == 1


def test_who_had_a_slot_waits_too(write: Write) -> None:
    mails = write("slow.test", "slow.test")
    claimed(NOW)
    with clock.frozen(NOW + timedelta(seconds=5)):
        destinations.rest(mails[0], answer="421 rate")
    assert claimed(NOW + timedelta(seconds=10)) == []
    assert claimed(NOW + timedelta(seconds=5) + destinations.REST) == ["p1@slow.test"]


def test_after_a_long_absence_of_the_sender(write: Write) -> None:
    """What it missed does not leave all at once: the schedule moves."""
    write(*["slow.test"] * 20)
    claimed(NOW)
    back = NOW + timedelta(minutes=10)
    times = Counter[int]()
    for second in range(0, 200, 5):
        times[second // 60] += len(claimed(back + timedelta(seconds=second)))
    assert sum(times.values()) == 19
    assert max(times.values()) <= 6


def test_a_try_that_failed_takes_a_new_slot(write: Write) -> None:
    write("slow.test")
    with clock.frozen(NOW):
        [mail] = outbox.claim()
        outbox.mark_failed(mail, error="451 later", permanent=False)
    row = OutboxMail.objects.get()
    assert row.slot_at is None
    assert claimed(row.available_at) == [row.to]


@pytest.mark.django_db(transaction=True)
def test_two_senders_share_the_slots(write: Write, settings: Any) -> None:
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 30  # five in one go
    write(*["slow.test", "other.test"] * 40, at=clock.now())
    got: list[str] = []

    def sender() -> None:
        while mails := outbox.claim(limit=1):
            got.extend(mail.to for mail in mails)

    assert all_at_once([sender] * 4) == [None] * 4
    domains = Counter(address.partition("@")[2] for address in got)
    assert len(got) == len(set(got))
    # As it went on for some time, one more may have had its slot.
    assert all(5 <= domains[name] <= 8 for name in ("slow.test", "other.test")), domains
    slots = list(
        OutboxMail.objects.filter(to__endswith="@slow.test", slot_at__isnull=False, state=MailState.QUEUED)
        .order_by("slot_at")
        .values_list("slot_at", flat=True)
    )
    assert len(slots) == len(set(slots)), "no slot is given twice"
