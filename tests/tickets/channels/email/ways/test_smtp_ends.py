"""How the mail server ends: when it is told to, and when it is killed at the worst moment."""

from __future__ import annotations

import random
import signal
import smtplib
import socket
from pathlib import Path

import pytest

from tests.mail_server import MailServerProcess, Talk
from tests.smtp import wait_until
from tests.tickets.channels.email.ways.boxes import MEGABYTE, mailbox
from tickets.models import IncomingMail, Mailbox

__all__ = ["mailbox"]
pytestmark = pytest.mark.django_db(transaction=True)


def mail(number: int) -> bytes:
    return f"Subject: mail {number}\r\n\r\nWhere is it?\r\n".encode()


def stored() -> int:
    return IncomingMail.objects.count()


def relay(port: int, raw: bytes) -> bool:
    """Once, as a relay does; whether it heard that the mail was accepted."""
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="relay.test", timeout=30) as client:
            client.sendmail("wang@example.com", ["help@btp.test"], raw)
    except (OSError, smtplib.SMTPException):
        return False
    return True


def test_killed_between_the_commit_and_the_answer(mailbox: Mailbox, tmp_path: Path) -> None:
    """The relay has not heard of it and sends it again: the same bytes make one row."""
    first = MailServerProcess(tmp_path / "log")
    with Talk(first.port) as talk:
        talk.begin("help@btp.test")
        talk.send(mail(1) + b".\r\n")
        wait_until(stored, what="the row, committed")
        first.end()
    second = MailServerProcess(tmp_path / "log", port=first.port)
    assert relay(second.port, mail(1))
    assert second.end(signal.SIGTERM) == 0
    assert stored() == 1


@pytest.mark.long
def test_killed_again_and_again(mailbox: Mailbox, tmp_path: Path) -> None:
    """At twenty moments that nobody chose; the relay sends until it hears "accepted", and hears no lie."""
    chance = random.Random(20261125)
    server = MailServerProcess(tmp_path / "log")
    number = kills = 0
    accepted: list[bytes] = []
    while kills < 20:
        for _mail in range(chance.randint(1, 5)):
            number += 1
            while not relay(server.port, mail(number)):
                pass
            accepted.append(mail(number))
        with Talk(server.port) as talk:
            number += 1
            talk.begin("help@btp.test")
            talk.send((mail(number) + b".\r\n")[: chance.choice([10, 1000])])
            if chance.random() < 0.5:
                wait_until(lambda: stored() >= len(accepted))
            server.end()
            kills += 1
        server = MailServerProcess(tmp_path / "log", port=server.port)
        assert relay(server.port, mail(number))
        accepted.append(mail(number))
    assert server.end(signal.SIGTERM) == 0
    assert sorted(bytes(row.raw or b"") for row in IncomingMail.objects.all()) == sorted(accepted)


def test_told_to_stop_it_finishes_the_mail_in_hand(mailbox: Mailbox, tmp_path: Path) -> None:
    server = MailServerProcess(tmp_path / "log")
    with Talk(server.port) as idle, Talk(server.port) as busy:
        busy.begin("help@btp.test")
        busy.send(mail(1))
        assert idle.say("NOOP").startswith("250")
        server.process.send_signal(signal.SIGTERM)
        assert idle.answer().startswith("421"), "who says nothing is sent away"
        busy.send(b"the end\r\n.\r\n")
        assert busy.answer().startswith("250")
        assert busy.answer().startswith("421")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
    assert server.process.wait(20) == 0
    assert IncomingMail.objects.get().raw == mail(1) + b"the end\r\n"


def test_a_mail_that_breaks_off_is_none(mailbox: Mailbox, tmp_path: Path) -> None:
    server = MailServerProcess(tmp_path / "log")
    with Talk(server.port) as talk:
        talk.begin("help@btp.test")
        talk.send(mail(1) + b"\r\n.")
    assert relay(server.port, mail(2))
    assert server.end(signal.SIGTERM) == 0
    assert IncomingMail.objects.get().raw == mail(2)
    assert "Traceback" not in server.said


@pytest.mark.long
def test_memory_stays_bounded(mailbox: Mailbox, tmp_path: Path) -> None:
    """Eight relays, 24 MB each, at once; measured is the most that the process ever held."""
    server = MailServerProcess(tmp_path / "log")
    before = peak(server.process.pid)
    line = b"x" * 76 + b"\r\n"
    talks = [Talk(server.port) for _relay in range(8)]
    for number, talk in enumerate(talks):
        talk.begin("help@btp.test")
        talk.send(mail(number))
        talk.socket.setblocking(False)
    left = dict.fromkeys(talks, 24 * MEGABYTE)
    done: set[Talk] = set()
    while len(done) < len(talks):
        for talk in [one for one in talks if one not in done]:
            try:
                if left[talk] > 0:
                    left[talk] -= talk.socket.send(line * 800) // len(line) * len(line)
            except BlockingIOError:
                continue
            if left[talk] <= 0:
                talk.socket.setblocking(True)
                talk.send(b"\r\n.\r\n")
                assert talk.answer().startswith("250")
                done.add(talk)
    assert stored() == len(talks)
    grown = (peak(server.process.pid) - before) / MEGABYTE
    print(f"{grown:.0f} MB above {before / MEGABYTE:.0f} MB")
    assert grown < 500
    assert server.end(signal.SIGTERM) == 0


def peak(pid: int) -> int:
    """The most memory that a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
