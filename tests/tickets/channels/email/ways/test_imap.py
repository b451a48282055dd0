"""Fetching from a real dovecot."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from imap_tools import BaseMailBox

from accounts.models import Brand, User
from helpdesk import env
from helpdesk.lib import clock
from helpdesk.lib.standing_lock import StandingLock
from tests.dovecot import PASSWORD, USER, Dovecot, dovecot, start_dovecot
from tests.mail_server import on_this_database
from tests.smtp import wait_until
from tickets import actors
from tickets.actions import incoming, mailboxes
from tickets.channels.email.ways.imap import connection, fetcher, polling
from tickets.channels.email.ways.imap.polling import lock_of, poll
from tickets.choices import Fetching, MailWay, Tls
from tickets.models import IncomingMail, Mailbox
from tickets.rules import fetch_troubles as words
from tickets.tasks import fetch_mail

__all__ = ["dovecot", "start_dovecot"]
pytestmark = pytest.mark.django_db(transaction=True)


def mail(number: int) -> bytes:
    return f"From: wang@example.com\r\nSubject: mail {number}\r\n\r\nWhere is it?\r\n".encode()


@pytest.fixture
def box(brand: Brand, dovecot: Dovecot) -> Mailbox:
    """Fetched from dovecot, from the first mail on."""
    made = Mailbox(
        brand=brand,
        address=USER,
        fetching=Fetching.IMAP,
        host="127.0.0.1",
        port=dovecot.port,
        tls=Tls.NONE,
        username=USER,
        from_beginning=True,
    )
    made.password = PASSWORD
    made.save()
    return made


def look(box: Mailbox) -> int:
    box.refresh_from_db()
    came = poll(seconds=60)
    box.refresh_from_db()
    return came


def kept() -> list[bytes]:
    return [row.raw or b"" for row in IncomingMail.objects.order_by("pk")]


def flags(dovecot: Dovecot, folder: str = "INBOX") -> list[tuple[str, tuple[str, ...]]]:
    with dovecot.client() as other:
        other.folder.set(folder)
        return [(message.uid or "", message.flags) for message in other.fetch(mark_seen=False)]


def test_it_works(dovecot: Dovecot, box: Mailbox) -> None:
    for number in (1, 2):
        dovecot.deliver(mail(number))
    assert look(box) == 2
    assert kept() == [mail(1), mail(2)]
    row = IncomingMail.objects.latest("pk")
    assert (row.way, row.mailbox, row.envelope_sender, row.is_cut) == (MailWay.IMAP, box, None, False)
    assert (box.last_uid, box.last_error, box.failing_since) == (2, "", None)
    assert box.looked_at
    assert box.fetched_at
    assert [marks for _uid, marks in flags(dovecot)] == [("\\Seen",), ("\\Seen",)]
    assert look(box) == 0


def test_by_the_clock(dovecot: Dovecot, box: Mailbox) -> None:
    dovecot.deliver(mail(1))
    fetch_mail()
    assert kept() == [mail(1)]


def test_by_hand(dovecot: Dovecot, box: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    dovecot.deliver(mail(1))
    call_command("fetch_mail")
    assert capsys.readouterr().out == "1 mail(s) fetched.\n"


def test_the_first_look_takes_only_what_comes_after_it(dovecot: Dovecot, box: Mailbox) -> None:
    Mailbox.objects.update(from_beginning=False)
    dovecot.deliver(mail(1))
    assert look(box) == 0
    dovecot.deliver(mail(2))
    assert look(box) == 1
    assert kept() == [mail(2)]
    assert flags(dovecot)[0] == ("1", ()), "nobody has touched the older one"


def test_what_somebody_else_has_read_comes_too(dovecot: Dovecot, box: Mailbox) -> None:
    dovecot.deliver(mail(1))
    with dovecot.client() as other:
        assert len(list(other.fetch(mark_seen=True))) == 1
    assert look(box) == 1


def test_it_is_marked_only_once_it_is_kept(
    dovecot: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(mail(1))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed here")

    monkeypatch.setattr(fetcher, "keep", fail)
    with pytest.raises(RuntimeError):
        poll(seconds=60)
    assert flags(dovecot) == [("1", ())]
    monkeypatch.setattr(fetcher, "keep", incoming.keep)
    # Kept, and then killed before it was marked and counted.
    monkeypatch.setattr(fetcher.Fetcher, "_put_away", fail)
    with pytest.raises(RuntimeError):
        poll(seconds=60)
    monkeypatch.undo()
    assert look(box) == 1
    assert kept() == [mail(1)]
    assert flags(dovecot) == [("1", ("\\Seen",))]


def test_moved_when_done(dovecot: Dovecot, box: Mailbox) -> None:
    """The folder is made if there is none; what others have marked as deleted stays."""
    Mailbox.objects.update(done_folder="处理完")
    for number in (1, 2, 3):
        dovecot.deliver(mail(number))
    with dovecot.client() as other:
        other.client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
    assert look(box) == 3
    assert flags(dovecot) == []
    assert len(flags(dovecot, "处理完")) == 3
    dovecot.deliver(mail(4))
    assert look(box) == 1
    assert (box.last_error, len(flags(dovecot, "处理完"))) == ("", 4)


def test_moved_where_the_server_knows_no_move(
    dovecot: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mailbox.objects.update(done_folder="Done")
    dovecot.deliver(mail(1))
    dovecot.deliver(mail(2))
    with dovecot.client() as other:
        other.client.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
    poor = connection.opened

    def opened(mailbox: Mailbox) -> Any:
        return _without_move(poor(mailbox))

    monkeypatch.setattr(polling, "opened", opened)
    monkeypatch.setattr(fetcher, "MOST_BREAKS", 1)
    Mailbox.objects.update(last_uid=0)
    assert look(box) == 2
    assert flags(dovecot) == []
    assert len(flags(dovecot, "Done")) == 2


class _without_move:
    def __init__(self, manager: Any) -> None:
        self._manager = manager

    def __enter__(self) -> BaseMailBox:
        box: BaseMailBox = self._manager.__enter__()
        box.client.capabilities = tuple(one for one in box.client.capabilities if one != "MOVE")
        return box

    def __exit__(self, *what: Any) -> Any:
        return self._manager.__exit__(*what)


def test_a_folder_that_may_not_be_made_is_told(dovecot: Dovecot, box: Mailbox) -> None:
    Mailbox.objects.update(done_folder="a/../b")
    dovecot.deliver(mail(1))
    assert look(box) == 1
    assert box.last_error.startswith(words.NOT_MOVED)
    assert box.failing_since is None
    assert flags(dovecot) == [("1", ("\\Seen",))]


def count_anew(dovecot: Dovecot) -> None:
    """As after a server was rebuilt: other UIDs, another UIDVALIDITY."""
    dovecot.stop()
    for file in dovecot.maildir().glob("dovecot*"):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    time.sleep(1.1)  # its UIDVALIDITY is the time in seconds
    dovecot.start()


def test_a_server_that_counts_anew(dovecot: Dovecot, box: Mailbox) -> None:
    for number in (1, 2):
        dovecot.deliver(mail(number))
    look(box)
    before = box.uid_validity
    count_anew(dovecot)
    dovecot.deliver(mail(3))
    look(box)
    assert box.uid_validity != before
    assert kept() == [mail(1), mail(2), mail(3)]


def test_counted_anew_old_mail_stays_old(dovecot: Dovecot, box: Mailbox) -> None:
    """What was there before the first look is not taken for new."""
    Mailbox.objects.update(from_beginning=False)
    with dovecot.client() as other:
        other.append(mail(1), "INBOX", dt=clock.now() - timedelta(days=30))
    look(box)
    dovecot.deliver(mail(2))
    look(box)
    count_anew(dovecot)
    dovecot.deliver(mail(3))
    look(box)
    assert kept() == [mail(2), mail(3)]


def test_too_large_is_cut(dovecot: Dovecot, box: Mailbox, settings: Any) -> None:
    settings.MAIL_MAX_BYTES = 100_000
    large = mail(1) + b"x" * 300_000 + b"\r\n"
    dovecot.deliver(large)
    dovecot.deliver(mail(2))
    assert look(box) == 2
    row = IncomingMail.objects.earliest("pk")
    assert (row.size, row.is_cut, row.raw) == (len(large), True, large[:100_000])


def test_a_message_that_the_server_cannot_give(dovecot: Dovecot, box: Mailbox) -> None:
    """It is told, and does not stop those after it. Moved away and back, it is fetched."""
    for number in (1, 2):
        dovecot.deliver(mail(number))
    file = next(
        path for path in dovecot.maildir().rglob("*") if path.is_file() and b"mail 2" in path.read_bytes()
    )
    file.chmod(0)
    assert look(box) == 1
    assert box.last_error.startswith(words.WITHHELD)
    assert box.failing_since
    assert box.last_uid == 1
    dovecot.deliver(mail(3))
    cache.clear()
    look(box)
    assert kept() == [mail(1), mail(3)]
    assert box.failing_since is None, "it works"
    assert box.last_uid == 3
    assert box.last_error.startswith(words.SKIPPED)
    assert "UID 2" in box.last_error
    look(box)
    assert "UID 2" in box.last_error, "a look at which nothing came does not hide it"
    file.chmod(0o600)
    with dovecot.client() as other:
        other.folder.create("Aside")
        other.move("2", "Aside")
        other.folder.set("Aside")
        other.move("1", "INBOX")
    look(box)
    assert kept() == [mail(1), mail(3), mail(2)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": "nobody@btp.test"}, words.LOGIN),
        ({"folder": "Nowhere"}, words.FOLDER),
        ({"host": "localhost", "tls": Tls.SSL}, words.NO_TLS),
        ({"host": "mail.example.com"}, words.PLAIN),
        ({"host": "no-such-name.invalid", "tls": Tls.SSL}, words.NAME_UNKNOWN),
        ({"password_sealed": b"\x01sealed by a key that is gone"}, words.KEY_GONE),
        ({"port": 1}, words.REFUSED),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(box: Mailbox, changes: dict[str, Any], sentence: str) -> None:
    Mailbox.objects.update(**changes)
    assert look(box) == 0
    assert box.last_error.startswith(sentence)
    assert box.failing_since
    since = box.failing_since
    looked_at = box.looked_at
    look(box)
    assert (box.failing_since, box.looked_at) == (since, looked_at)


@pytest.mark.long  # dovecot makes who got the password wrong wait
def test_it_rests_while_it_fails_and_works_again_at_once_when_mended(
    dovecot: Dovecot, box: Mailbox, administrator: User
) -> None:
    dovecot.deliver(mail(1))
    box.password = "wrong"
    box.save()
    look(box)
    logins = dovecot.said.count("auth failed")
    assert logins == 1
    look(box)
    assert dovecot.said.count("auth failed") == logins, "it rests"
    mailboxes.fetch_now(box, by=actors.staff(administrator))
    look(box)
    assert dovecot.said.count("auth failed") == 2, "unless somebody asks"
    box.password = PASSWORD
    box.save()
    assert look(box) == 1
    assert (box.failing_since, box.last_error) == (None, "")


def test_pauses_grow(box: Mailbox) -> None:
    for minutes, seconds in ((0, 60), (1, 60), (5, 300), (100, 1800)):
        box.failing_since = clock.now() - timedelta(minutes=minutes)
        assert abs(polling.pause_of(box) - seconds) <= 1


@pytest.mark.parametrize("tls", [Tls.SSL, Tls.STARTTLS])
def test_by_verified_tls(dovecot: Dovecot, box: Mailbox, tls: Tls, monkeypatch: pytest.MonkeyPatch) -> None:
    port = dovecot.tls_port if tls == Tls.SSL else dovecot.port
    Mailbox.objects.update(host="localhost", tls=tls, port=port)
    dovecot.deliver(mail(1))
    assert look(box) == 0
    assert box.last_error.startswith(words.CERTIFICATE), "one that nobody vouches for"
    cache.clear()
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate.path))
    assert look(box) == 1
    cache.clear()
    Mailbox.objects.update(host="127.0.0.1")
    assert look(box) == 0
    assert box.last_error.startswith(words.CERTIFICATE), "one for another name"


def test_one_process_at_a_time(dovecot: Dovecot, box: Mailbox) -> None:
    dovecot.deliver(mail(1))
    lock = StandingLock(lock_of(box))
    assert lock.hold()
    assert look(box) == 0
    lock.release()
    assert look(box) == 1


def test_progress_of_a_place_that_was_left_is_not_noted(box: Mailbox) -> None:
    Mailbox.objects.update(folder="Elsewhere")
    mailboxes.note_progress(box, uid_validity=7, last_uid=70, came=True)
    mailboxes.note_failure(box, "no")
    box.refresh_from_db()
    assert (box.uid_validity, box.last_uid, box.last_error) == (None, 0, "")


class Watching:
    """``manage.py fetch_mail --idle`` as a process of its own."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "fetch_mail", "--idle"],
                cwd=env.BASE_DIR,
                env=on_this_database(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[[], Watching]]:
    log, started = tmp_path / "watch.log", []

    def start() -> Watching:
        started.append(Watching(log))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
    print(log.read_text())


def test_connected_it_comes_within_seconds(
    dovecot: Dovecot, box: Mailbox, watch: Callable[[], Watching]
) -> None:
    watching = watch()
    wait_until(lambda: Mailbox.objects.get().looked_at, what="the first look")
    sent_at = time.monotonic()
    dovecot.deliver(mail(1))
    wait_until(lambda: kept() == [mail(1)], what="the mail")
    assert time.monotonic() - sent_at < 30, "not by looking again every two minutes"
    assert look(box) == 0, "polling passes by"
    watching.process.terminate()
    assert watching.process.wait(20) == 0


@pytest.mark.long
def test_connected_it_notices_what_changes(
    dovecot: Dovecot, box: Mailbox, watch: Callable[[], Watching], brand: Brand
) -> None:
    watch()
    wait_until(lambda: Mailbox.objects.get().looked_at, what="the first look")
    dovecot.add_user("new@btp.test")
    second = Mailbox.objects.get()
    second.pk, second.address, second.username = None, "new@btp.test", "new@btp.test"
    second.uid_validity, second.last_uid = None, 0
    second.save()
    dovecot.deliver(mail(2), user="new@btp.test")
    wait_until(lambda: mail(2) in kept(), what="the mail of a mailbox that was added meanwhile")

    dovecot.stop()
    wait_until(lambda: Mailbox.objects.filter(failing_since__isnull=False).count() == 2)
    dovecot.start()
    dovecot.deliver(mail(3))
    wait_until(lambda: mail(3) in kept(), what="connected again")


@pytest.mark.long
def test_killed_and_started_again(dovecot: Dovecot, box: Mailbox, watch: Callable[[], Watching]) -> None:
    """Forty mails, a kill after every few: each is one row, and none is missing."""
    for number in range(40):
        dovecot.deliver(mail(number))
    for goal in (1, 5, 12, 20, 33):
        watching = watch()
        wait_until(lambda goal=goal: IncomingMail.objects.count() >= goal)  # type: ignore[misc]
        watching.process.kill()
        watching.process.wait()
    watch()
    wait_until(lambda: IncomingMail.objects.count() >= 40)
    wait_until(lambda: Mailbox.objects.get().last_uid == 40)
    assert sorted(kept()) == sorted(mail(number) for number in range(40))
