"""Taking mail in while something is broken: the mail waits or is put by, in sight of somebody, and no other suffers."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.crowd import all_at_once
from tests.mails import arrive, keep, mail
from tests.pictures import PNG
from tickets import actors
from tickets.actions import incoming
from tickets.channels.email import knowing, taking
from tickets.channels.email.taking import take
from tickets.choices import IncomingState, MailOutcome
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, IncomingMail, Message, Ticket
from tickets.tasks import read_mail

pytestmark = pytest.mark.usefixtures("mailbox")
FILE = [("a.png", PNG, "image/png")]
SECRET = "my card is 6222 0000 1111 2222"


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have this happen in the midst of taking a mail in."""

    def install(what: Callable[[], object]) -> None:
        whole = taking._letter

        def stumbles(known: Any, read: Any) -> None:
            whole(known, read)
            what()

        monkeypatch.setattr(taking, "_letter", stumbles)

    return install


def fresh(row: IncomingMail) -> IncomingMail:
    return IncomingMail.objects.get(pk=row.pk)


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(private_storage(), "_save", full)
        row = arrive(mail(files=FILE))
        assert (row.state, row.attempts) == (IncomingState.STORED, 0)
        assert arrive(mail(subject="no file")).outcome == MailOutcome.OPENED, "others need no disk"
    assert f"Incoming mail {row.pk} waits: OSError" in caplog.text
    with clock.frozen(clock.now() + incoming.AGAIN_AFTER):
        read_mail()
    assert fresh(row).outcome == MailOutcome.OPENED
    assert Attachment.objects.get().message.ticket == fresh(row).ticket


def test_the_database_goes_away_in_the_middle(breaks: Callable[..., None]) -> None:
    def away() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    breaks(away)
    row = keep(mail())
    with pytest.raises(OperationalError):
        read_mail()
    assert (fresh(row).state, fresh(row).attempts) == (IncomingState.STORED, 0)
    assert fresh(row).available_at > clock.now()
    assert not Ticket.objects.exists()


def test_what_the_database_cannot_hold_does_not_come_back_for_ever(breaks: Callable[..., None]) -> None:
    """PostgreSQL calls that an operational error as well."""
    too_long = "SELECT (SELECT string_agg('w' || i, ' ') FROM generate_series(1, 200000) i)::tsvector"
    breaks(lambda: connection.cursor().execute(too_long))
    row = arrive(mail())
    assert row.state == IncomingState.QUARANTINED
    assert row.detail.startswith("OperationalError in ")


def test_a_mail_whose_statements_take_too_long_is_not_tried_for_ever(breaks: Callable[..., None]) -> None:
    def slow() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(5)")

    breaks(slow)
    row = keep(mail())
    later = clock.now()
    for attempt in range(1, 4):
        with clock.frozen(later), pytest.raises(OperationalError):
            read_mail()
        assert (fresh(row).state, fresh(row).attempts) == (IncomingState.STORED, attempt)
        later += incoming.AGAIN_AFTER
    with clock.frozen(later):
        read_mail()
    assert fresh(row).state == IncomingState.QUARANTINED


def test_what_takes_too_long_is_broken_off_though_somebody_forgives_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(raw: bytes) -> object:
        while True:
            try:
                while True:
                    pass
            except Exception:  # as a library on the way might
                continue

    monkeypatch.setattr(taking, "SECONDS", 0.1)
    monkeypatch.setattr(knowing, "read", endless)
    row = arrive(mail())
    assert (row.state, row.detail) == (IncomingState.QUARANTINED, "It took longer than 0.1 s.")


def test_a_late_reader_undoes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its claim ran out, another took the mail in, and now it stumbles."""
    row = keep(mail())
    mine, others = (IncomingMail.objects.get(pk=row.pk) for _reader in range(2))
    whole = knowing.know

    def slowly(held: IncomingMail, raw: bytes, _directory: object = None) -> object:
        if held is mine:
            take(others)
            raise RuntimeError
        return whole(held, raw)

    monkeypatch.setattr(taking, "know", slowly)
    take(mine)
    assert (fresh(row).state, fresh(row).outcome, fresh(row).detail) == ("done", MailOutcome.OPENED, "")


def test_logs_and_details_quote_no_mail(
    breaks: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    def quotes() -> None:
        try:
            int(SECRET)
        except ValueError as problem:
            raise RuntimeError(SECRET) from problem

    breaks(quotes)
    row = arrive(mail(text=SECRET))
    assert row.state == IncomingState.QUARANTINED
    assert "6222" not in caplog.text + row.detail
    assert f"Incoming mail {row.pk} could not be taken in" in caplog.text
    assert "ValueError" in caplog.text
    assert "in quotes" in caplog.text, "where it happened is told"


def test_a_mail_that_stumbled_says_whose_it_is_and_is_no_copy_of_itself(
    monkeypatch: pytest.MonkeyPatch, administrator: User
) -> None:
    def cannot(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(taking, "_letter", cannot)
        row = arrive(mail())
    assert row.state == IncomingState.QUARANTINED
    assert (row.sender, row.subject) == ("wang@example.com", "提现没有到账")
    incoming.retry(row, by=actors.staff(administrator))
    read_mail()
    assert fresh(row).outcome == MailOutcome.OPENED


def test_name_servers_that_are_away(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Nobody can be asked who wrote: the mail waits for a while, so that an answer still finds its case."""
    settings.MAIL_CHECK_SENDERS = True
    said = {"now": "dmarc=pass header.from=example.com"}
    monkeypatch.setattr(
        knowing, "check_senders", lambda *_, authserv_id, **__: f"{authserv_id}; {said['now']}"
    )
    ticket = arrive(mail(proved=False), peer="192.0.2.1").ticket
    assert ticket is not None
    said["now"] = "spf=temperror; dmarc=temperror header.from=example.com"
    number = f"[{ticket.display_number}]"
    row = arrive(mail(subject=number, text="招商银行", proved=False), peer="192.0.2.1")
    never = arrive(mail(subject=number, text="建设银行", proved=False), peer="192.0.2.1")
    assert (row.state, row.attempts) == (IncomingState.STORED, 0)
    said["now"] = "dmarc=pass header.from=example.com"
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        take(IncomingMail.objects.get(pk=row.pk))
    assert (fresh(row).outcome, fresh(row).ticket) == (MailOutcome.JOINED, ticket)
    said["now"] = "dmarc=temperror header.from=example.com"
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        take(IncomingMail.objects.get(pk=never.pk))
    assert (fresh(never).outcome, fresh(never).proof_reason) == (MailOutcome.OPENED, "temperror")


def test_a_key_that_is_missing_and_comes_back(settings: Any, administrator: User) -> None:
    old, new = "o" * 40, "n" * 40
    settings.MAIL_KEYS = [old]
    row = keep(mail())
    settings.MAIL_KEYS = [new]
    read_mail()
    assert (fresh(row).state, fresh(row).detail) == ("quarantined", "No key of MAIL_KEYS opens it.")
    assert arrive(mail(subject="by the new key")).outcome == MailOutcome.OPENED
    settings.MAIL_KEYS = [new, old]
    assert incoming.retry_all(by=actors.staff(administrator)) == 1
    read_mail()
    assert fresh(row).outcome == MailOutcome.OPENED


def test_whoever_kills_three_readers_waits_for_the_operator_and_nobody_for_it() -> None:
    killer, good = keep(mail(subject="killer")), keep(mail(subject="good"))
    IncomingMail.objects.filter(pk=killer.pk).update(attempts=3)
    read_mail()
    assert (fresh(killer).state, fresh(killer).detail) == ("quarantined", "Its reader died under it 3 times.")
    assert fresh(good).outcome == MailOutcome.OPENED


@pytest.mark.parametrize("many", [250, pytest.param(1_000, marks=pytest.mark.long)])
def test_many_that_cannot_be_read_hold_up_no_other(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Each is looked at once; the good one is next."""
    whole = knowing.know

    def poisoned(row: IncomingMail, raw: bytes, _directory: object = None) -> object:
        if b"poison" in raw:
            raise RuntimeError
        return whole(row, raw)

    monkeypatch.setattr(taking, "know", poisoned)
    for turn in range(many):
        keep(mail(subject=f"poison {turn}"))
    good = keep(mail(subject="good"))
    for _task in range(6):
        read_mail()
    assert fresh(good).outcome == MailOutcome.OPENED
    assert IncomingMail.objects.filter(state=IncomingState.QUARANTINED).count() == many


@pytest.mark.django_db(transaction=True)
def test_readers_do_not_hold_what_they_have_not_claimed(brand: Brand) -> None:
    rows = {keep(mail(subject=f"no. {turn}")).pk for turn in range(8)}
    claimed = all_at_once([incoming.claim_one] * 4)
    pks = [row.pk for row in claimed if isinstance(row, IncomingMail)]
    assert len(set(pks)) == 4
    assert set(pks) < rows


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_one_mail(brand: Brand) -> None:
    row = keep(mail(files=FILE, cc="mei@family.test"))
    all_at_once([lambda: take(IncomingMail.objects.get(pk=row.pk))] * 4)
    assert fresh(row).outcome == MailOutcome.OPENED
    assert (Ticket.objects.count(), Message.objects.count(), Attachment.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_one_message_by_two_ways_in_the_same_moment(brand: Brand) -> None:
    raw = mail(message_id="<one@example.com>")
    rows = [keep(b"Received: from way %d\r\n" % way + raw) for way in range(4)]
    all_at_once([partial(take, IncomingMail.objects.get(pk=row.pk)) for row in rows])
    assert Ticket.objects.count() == Message.objects.count() == 1
    assert sorted(fresh(row).outcome for row in rows) == ["duplicate"] * 3 + ["opened"]


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_ran_out_while_its_reader_was_slow(brand: Brand) -> None:
    row = keep(mail())
    first = incoming.claim_one()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        second = incoming.claim_one()
    assert first is not None
    assert second is not None
    assert first.pk == second.pk == row.pk
    all_at_once([lambda: take(first), lambda: take(second)])
    assert Ticket.objects.count() == 1
