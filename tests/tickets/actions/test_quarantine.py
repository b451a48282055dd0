"""Files wait for the scanner, nobody gets them meanwhile, and what it found something in is judged by an officer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, User
from accounts.rules.capabilities import Role
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.cast import person
from tests.clamd import EICAR, Clamd, clamd
from tests.crowd import all_at_once
from tests.pictures import PNG
from tickets import actors
from tickets.actions import quarantine
from tickets.actions.quarantine import NotInQuarantine
from tickets.choices import EventKind, FileState
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, Event, Ticket
from tickets.queries.files import FileHeldBack, in_quarantine, ready
from tickets.tasks.scanning import scan_files


@pytest.fixture
def scanner(settings: Any) -> Iterator[Clamd]:
    with clamd() as running:
        settings.CLAMAV_URL = running.url
        yield running


@pytest.fixture
def officer(brand: Brand) -> User:
    return person(Role.SECURITY_OFFICER, "Olga", brands=[brand])


@pytest.fixture
def sent(scanner: Clamd, make_ticket: Callable[..., Ticket]) -> Attachment:
    """A text that every scanner finds something in."""
    make_ticket(attachments=[ContentFile(EICAR, name="invoice.txt")])
    return Attachment.objects.get()


@pytest.fixture
def held(sent: Attachment) -> Attachment:
    scan_files()
    sent.refresh_from_db()
    return sent


def fresh(file: Attachment) -> Attachment:
    return Attachment.objects.get(pk=file.pk)


def test_it_works(scanner: Clamd, make_ticket: Callable[..., Ticket]) -> None:
    make_ticket(attachments=[ContentFile(PNG, name="a.png")])
    file = Attachment.objects.get()
    assert file.state == FileState.WAITING
    with pytest.raises(FileHeldBack):
        ready(file)
    scan_files()
    assert ready(fresh(file)).state == FileState.READY
    assert scanner.asked == [PNG]


def test_what_it_finds_is_held_back(held: Attachment) -> None:
    assert (held.state, held.finding) == (FileState.QUARANTINED, "Eicar-Test-Signature")
    with pytest.raises(FileHeldBack):
        ready(held)
    event = Event.objects.get(kind=EventKind.FILE_QUARANTINED)
    assert (event.message, event.data["file"]) == (held.message, "invoice.txt")
    assert AuditEntry.objects.filter(
        kind=AuditKind.FILE_QUARANTINED, ticket=held.message.ticket.number
    ).exists()
    scan_files()
    assert Event.objects.filter(kind=EventKind.FILE_QUARANTINED).count() == 1


def test_without_a_scanner_files_are_ready_at_once(make_ticket: Callable[..., Ticket]) -> None:
    make_ticket(attachments=[ContentFile(PNG, name="a.png")])
    assert Attachment.objects.get().state == FileState.READY


def test_while_it_is_away_files_wait_and_count_nothing(scanner: Clamd, sent: Attachment) -> None:
    scanner.says = ""
    for _again in range(quarantine.MAX_ATTEMPTS + 5):
        Attachment.objects.update(scan_at=clock.now())
        scan_files()
    assert (fresh(sent).state, fresh(sent).scan_attempts) == (FileState.WAITING, 0)
    assert fresh(sent).scan_at > clock.now()
    scanner.says = None
    with clock.frozen(clock.now() + quarantine.AGAIN_AFTER):
        scan_files()
    assert fresh(sent).state == FileState.QUARANTINED


def test_what_it_never_scans_is_held_back_too(scanner: Clamd, sent: Attachment) -> None:
    scanner.limit = 10
    scan_files()
    assert fresh(sent).state == FileState.QUARANTINED
    assert "size limit exceeded" in fresh(sent).finding


def test_a_file_under_which_scanners_die_is_held_back(sent: Attachment) -> None:
    for _death in range(quarantine.MAX_ATTEMPTS):
        assert quarantine.claim_one() is not None
        Attachment.objects.update(scan_at=clock.now())
    scan_files()
    assert fresh(sent).state == FileState.QUARANTINED


def test_a_claim_is_one_scanners_and_runs_out(sent: Attachment) -> None:
    assert quarantine.claim_one() is not None
    assert quarantine.claim_one() is None
    with clock.frozen(clock.now() + quarantine.LEASE + timedelta(seconds=1)):
        assert quarantine.claim_one() is not None


def test_a_storage_that_is_away_counts_nothing(sent: Attachment, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise RuntimeError("bucket away")

    with monkeypatch.context() as broken:
        broken.setattr(private_storage(), "open", away)
        scan_files()
    assert (fresh(sent).state, fresh(sent).scan_attempts) == (FileState.WAITING, 0)


def test_switched_off_what_waits_is_handed_out(sent: Attachment, settings: Any) -> None:
    settings.CLAMAV_URL = ""
    scan_files()
    assert fresh(sent).state == FileState.READY


class TestJudging:
    def test_release(self, held: Attachment, officer: User) -> None:
        quarantine.release(held, reason=" A test  file. ", by=actors.staff(officer))
        assert ready(fresh(held)).judged_by == officer
        event = Event.objects.get(kind=EventKind.FILE_RELEASED)
        assert (event.actor, event.data["reason"]) == (officer, "A test file.")
        entry = AuditEntry.objects.get(kind=AuditKind.FILE_RELEASED)
        assert (entry.actor, entry.data["finding"]) == (officer, "Eicar-Test-Signature")
        assert not in_quarantine(officer)

    def test_a_reason_is_needed(self, held: Attachment, officer: User) -> None:
        with pytest.raises(Invalid):
            quarantine.release(held, reason="  ", by=actors.staff(officer))
        assert fresh(held).state == FileState.QUARANTINED

    @pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.MANAGER])
    def test_it_takes_the_power(self, held: Attachment, brand: Brand, role: Role) -> None:
        by = actors.staff(person(role, "Mo", brands=[brand]))
        with pytest.raises(NotAllowed):
            quarantine.release(held, reason="x", by=by)
        with pytest.raises(NotAllowed):
            quarantine.delete(held, by=by)
        assert fresh(held).state == FileState.QUARANTINED

    def test_only_of_tickets_that_they_see(self, held: Attachment, officer: User, other_brand: Brand) -> None:
        assert in_quarantine(officer) == [held]
        assert in_quarantine(person(Role.SECURITY_OFFICER, "Oz", brands=[other_brand])) == []

    def test_delete(self, held: Attachment, officer: User) -> None:
        name = str(held.file.name)
        quarantine.delete(held, by=actors.staff(officer))
        assert (fresh(held).state, private_storage().exists(name)) == (FileState.DELETED, True)
        # Killed here, the row still names what is to go; the next round takes it.
        scan_files()
        assert not private_storage().exists(name)
        assert fresh(held).file.name == ""
        assert quarantine.remove_deleted() == 0

    def test_a_storage_that_is_away_is_asked_again(
        self, held: Attachment, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        quarantine.delete(held, by=actors.staff(officer))

        def away(name: str) -> None:
            raise OSError("bucket away")

        with monkeypatch.context() as broken:
            broken.setattr(private_storage(), "delete", away)
            scan_files()
        assert fresh(held).file.name
        assert quarantine.remove_deleted() == 1

    def test_what_was_judged_is_judged(self, held: Attachment, officer: User) -> None:
        quarantine.release(held, reason="x", by=actors.staff(officer))
        with pytest.raises(NotInQuarantine):
            quarantine.delete(held, by=actors.staff(officer))
        with pytest.raises(NotInQuarantine):
            quarantine.release(held, reason="x", by=actors.staff(officer))


@pytest.mark.django_db(transaction=True)
def test_two_judge_at_once(held: Attachment, officer: User) -> None:
    by = actors.staff(officer)

    def release() -> str:
        return _outcome(lambda: quarantine.release(held, reason="x", by=by))

    def delete() -> str:
        return _outcome(lambda: quarantine.delete(held, by=by))

    assert sorted(all_at_once([release, delete])) == ["done", "late"]
    assert Event.objects.filter(actor=officer).count() == 1


def _outcome(act: Callable[[], None]) -> str:
    try:
        act()
    except NotInQuarantine:
        return "late"
    return "done"


def test_the_scanner_is_woken_after_the_commit(
    scanner: Clamd,
    make_ticket: Callable[..., Ticket],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as hooks:
        make_ticket(attachments=[ContentFile(PNG, name="a.png")])
    assert any(getattr(hook, "wakes", ("",))[0] == "tickets.scan_files" for hook in hooks)
