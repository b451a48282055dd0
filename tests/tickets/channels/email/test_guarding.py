"""The raw copies of mails hold no secret longer than until the mail is read, whatever becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, User
from helpdesk.lib import sealed
from tests.files import PHRASE, pdf
from tests.mails import arrive, keep, mail
from tickets import actors
from tickets.channels.email import guarding, raw_secrets, rescuing, taking
from tickets.channels.email.guarding import MAX_ATTEMPTS
from tickets.channels.email.reading import read
from tickets.channels.email.rescuing import Forgotten
from tickets.choices import IncomingState, Proof, RawState
from tickets.models import IncomingMail
from tickets.queries.lag import guarding as lag
from tickets.tasks.mail import guard_raw_mail, read_mail

pytestmark = pytest.mark.usefixtures("mailbox")
SECRET = mail(text=f"Here: {PHRASE}", files=[("w.pdf", pdf(PHRASE), "application/pdf")])
LIST = {"List-Id": "<news.shop.test>", "Precedence": "bulk"}


def fresh(row: IncomingMail) -> IncomingMail:
    return IncomingMail.objects.get(pk=row.pk)


def raw_of(row: IncomingMail) -> bytes:
    return fresh(row).raw or b""


def test_it_works() -> None:
    row = arrive(SECRET)
    assert (fresh(row).raw_state, fresh(row).raw_secrets) == (RawState.REWRITTEN, ["recovery_phrase"])
    seen = read(raw_of(row))
    assert seen.text.startswith("Here: [removed: recovery phrase")
    assert [file.name for file in seen.files] == ["w.pdf.txt"]
    assert raw_secrets.kinds_of(raw_of(row)) == ()
    entry = AuditEntry.objects.get(kind=AuditKind.SECRET_REMOVED, way="raw mail")
    assert (entry.brand, entry.data["kinds"]) == (row.brand, ["recovery_phrase"])
    assert "sausage" not in str(entry.data)


def test_a_mail_without_a_secret_stays_byte_for_byte() -> None:
    raw = mail()
    row = arrive(raw)
    assert (fresh(row).raw_state, raw_of(row)) == (RawState.CLEAN, raw)
    assert not AuditEntry.objects.filter(kind=AuditKind.SECRET_REMOVED).exists()


def test_one_that_is_set_aside_and_rescued(agent: User) -> None:
    row = arrive(mail(text=f"Here: {PHRASE}", headers=LIST))
    assert (fresh(row).state, fresh(row).raw_state) == (IncomingState.SET_ASIDE, RawState.REWRITTEN)
    ticket = rescuing.rescue(fresh(row), by=actors.staff(agent))
    said = ticket.messages.get()
    assert "sausage" not in said.body
    assert said.mail_copy.proof == Proof.PROVED, "judged as when it came: its signature is gone"


def test_one_that_could_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(taking, "know", lambda *_: 1 / 0)
        row = arrive(SECRET)
    assert (fresh(row).state, fresh(row).raw_state) == (IncomingState.QUARANTINED, RawState.REWRITTEN)
    assert raw_secrets.kinds_of(raw_of(row)) == ()


def test_one_that_cannot_be_mended_is_destroyed(monkeypatch: pytest.MonkeyPatch, agent: User) -> None:
    monkeypatch.setattr(raw_secrets, "without_secrets", lambda raw: None)
    row = arrive(mail(text=PHRASE, headers=LIST))
    assert (fresh(row).raw_state, fresh(row).raw_sealed) == (RawState.DESTROYED, None)
    with pytest.raises(Forgotten):
        rescuing.rescue(fresh(row), by=actors.staff(agent))


def test_a_reader_that_was_killed_just_then(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(taking, "guard_raw", lambda mail: None)
        row = arrive(SECRET)
    assert fresh(row).raw_state == RawState.PENDING
    assert lag() >= 0
    guard_raw_mail()
    assert fresh(row).raw_state == RawState.REWRITTEN
    assert lag() == 0


def test_what_waits_to_be_read_is_left_to_its_reader() -> None:
    row = keep(SECRET)
    guard_raw_mail()
    assert fresh(row).raw_state == RawState.PENDING
    read_mail()
    assert fresh(row).raw_state == RawState.REWRITTEN


def test_one_under_which_readers_die_is_destroyed(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(raw: bytes) -> Any:
        raise MemoryError

    monkeypatch.setattr(raw_secrets, "kinds_of", dies)
    row = arrive(mail())
    for _again in range(MAX_ATTEMPTS + 1):
        guarding.guard_what_was_left(10, seconds=5)
    assert (fresh(row).raw_state, fresh(row).raw_sealed) == (RawState.DESTROYED, None)


def test_one_that_nobody_looks_through_is_destroyed() -> None:
    row = arrive(b"X: y\r\n" * 200_000 + mail())
    assert (fresh(row).raw_state, fresh(row).raw_sealed) == (RawState.DESTROYED, None)


def test_without_its_key_it_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(*_: object, **__: object) -> bytes:
        raise sealed.Unreadable

    with monkeypatch.context() as without:
        without.setattr(sealed, "unseal", shut)
        row = arrive(SECRET)
        assert fresh(row).raw_state == RawState.SEALED
    IncomingMail.objects.update(state=IncomingState.STORED)
    read_mail()
    assert fresh(row).raw_state == RawState.REWRITTEN


def test_one_mail_for_two_brands(brand: Brand, other_brand: Brand) -> None:
    from tests.mails import mailbox_of

    mailbox_of(other_brand)
    first, second = keep(SECRET), keep(SECRET)
    assert first == second
    read_mail()
    assert {row.raw_state for row in IncomingMail.objects.all()} == {RawState.REWRITTEN}
