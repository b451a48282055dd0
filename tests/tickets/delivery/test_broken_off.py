"""The short form of test_kill: a sender that ends at some point, in this process, and the next one after the lease."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from helpdesk.lib import clock
from tests.smtp import MailServer
from tickets.actions import outbox
from tickets.choices import EventKind, MailState
from tickets.delivery.sender import Line, deliver
from tickets.models import Event, OutboxMail, Ticket


class Killed(BaseException):
    """Nothing catches it, as nothing catches kill -9."""


def killed_before(monkeypatch: pytest.MonkeyPatch, target: Any, name: str) -> None:
    def killed(*args: Any, **kwargs: Any) -> None:
        raise Killed

    monkeypatch.setattr(target, name, killed)


def killed_after(monkeypatch: pytest.MonkeyPatch, target: Any, name: str) -> None:
    real: Callable[..., Any] = getattr(target, name)

    def killed(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(target, name, killed)


@pytest.mark.parametrize(
    ("kill", "target", "name", "received"),
    [
        (killed_before, outbox, "claim", 1),
        (killed_after, outbox, "claim", 1),
        (killed_after, Line, "open", 1),
        (killed_before, outbox, "begin", 1),
        (killed_after, outbox, "begin", 1),
        (killed_before, Line, "send", 1),
        (killed_after, Line, "send", 2),
        (killed_before, outbox, "mark_sent", 2),
        (killed_after, outbox, "mark_sent", 1),
    ],
)
def test_it_works(
    ticket: Ticket,
    smtp: MailServer,
    kill: Callable[[pytest.MonkeyPatch, Any, str], None],
    target: Any,
    name: str,
    received: int,
) -> None:
    message_id = OutboxMail.objects.get().internet_message_id
    with pytest.MonkeyPatch.context() as patch:
        kill(patch, target, name)
        with pytest.raises(Killed):
            deliver()
    with clock.frozen(clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        deliver()
    assert OutboxMail.objects.get().state == MailState.SENT
    assert [mail.message["Message-ID"] for mail in smtp.received] == [message_id] * received
    event = Event.objects.get(kind=EventKind.MAIL_SENT)
    # That it may come twice is told wherever the talk was broken off, and nowhere else.
    broken_off = (name, kill) in (
        ("begin", killed_after),
        ("send", killed_before),
        ("send", killed_after),
        ("mark_sent", killed_before),
    )
    assert event.data.get("again", False) == broken_off


def test_a_claim_holds_as_long_as_its_lease(ticket: Ticket, smtp: MailServer) -> None:
    outbox.claim()
    with clock.frozen(clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS - 5)):
        assert deliver() == 0
