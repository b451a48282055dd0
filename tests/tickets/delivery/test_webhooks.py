"""Calling a real receiver; and callers that are killed at some point, in this process, the next one after the lease."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.dateparse import parse_datetime

from accounts.models import User
from helpdesk.lib import clock, outgoing
from tests.receiver import Receiver
from tests.tickets.delivery.test_broken_off import Killed, killed_after, killed_before
from tests.tickets.hooks import caused, hook, receiver
from tests.tickets.rules.test_webhooks import recipe
from tests.times import shanghai
from tickets import actors
from tickets.actions import calls
from tickets.choices import MailState
from tickets.delivery import webhooks
from tickets.models import OutboxCall, Webhook
from tickets.rules.webhooks import Verdict, written_key

__all__ = ["hook", "receiver"]


def row() -> OutboxCall:
    return OutboxCall.objects.get()


def test_it_works(hook: Webhook, receiver: Receiver) -> None:
    caused(hook, said="提现")
    assert webhooks.deliver() == 1
    [heard] = receiver.heard
    assert json.loads(heard.body) == {"said": "提现"}
    assert heard.headers["content-type"] == "application/json; charset=utf-8"
    assert heard.headers["webhook-id"] == "step:1:1"
    assert recipe()(written_key(hook.key), heard.headers, heard.body)
    assert (row().state, row().attempts, row().last_status) == (MailState.SENT, 1, 200)


def test_each_attempt_is_signed_with_its_own_time(hook: Webhook, receiver: Receiver) -> None:
    receiver.status = 503
    with clock.frozen(shanghai(2, 10)):
        caused(hook)
        webhooks.deliver()
    receiver.status = 200
    with clock.frozen(shanghai(2, 11)):
        webhooks.deliver()
    first, second = receiver.heard
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 3600
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (204, MailState.SENT),
        (409, MailState.SENT),
        (302, MailState.FAILED),
        (404, MailState.FAILED),
        (410, MailState.FAILED),
        (429, MailState.QUEUED),
        (500, MailState.QUEUED),
    ],
)
def test_answers(hook: Webhook, receiver: Receiver, status: int, state: MailState) -> None:
    receiver.status, receiver.said = status, b"" if status == 204 else b"because\nof that"
    caused(hook)
    webhooks.deliver()
    assert (row().state, row().last_status) == (state, status)
    assert row().last_error == ("" if state == MailState.SENT else f"HTTP {status}: because of that")
    assert len(receiver.heard) == 1


def test_a_receiver_that_is_away_holds_up_no_other(hook: Webhook, receiver: Receiver) -> None:
    away = Webhook.objects.create(name="Away", url="http://127.0.0.1:9/")
    for number in range(3):
        caused(away, f"away:{number}")
        caused(hook, f"here:{number}")
    assert webhooks.deliver() == 3
    assert receiver.ids == ["here:0", "here:1", "here:2"]
    tried = OutboxCall.objects.filter(webhook=away, attempts=1)
    assert tried.count() == 1, "its other calls are not used up against a closed door"
    assert tried.get().last_error.startswith("no_connection: ")


def test_an_address_inside_is_refused_for_good(hook: Webhook, receiver: Receiver, settings: Any) -> None:
    """Whoever can write a row, or a name that leads inside since: neither gets in."""
    settings.WEBHOOK_ALLOW_PRIVATE = False
    for number, url in enumerate(("http://example.com/", "https://10.0.0.1/", "https://localhost/")):
        Webhook.objects.update(url=url)
        caused(hook, f"inside:{number}")
    assert webhooks.deliver() == 0
    assert set(OutboxCall.objects.values_list("state", flat=True)) == {MailState.FAILED}
    assert receiver.heard == []


def test_one_that_was_switched_off_meanwhile(hook: Webhook, receiver: Receiver) -> None:
    caused(hook)
    Webhook.objects.update(is_active=False)
    webhooks.deliver()
    assert (row().state, row().last_error) == (MailState.FAILED, "switched_off")
    assert receiver.heard == []


def test_a_call_that_cannot_be_put_together_stops_no_other(
    hook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = caused(hook, "broken"), caused(hook, "fine")
    real = webhooks._make

    def make(call: OutboxCall) -> webhooks.Outcome:
        if call.pk == broken.pk:
            raise LookupError("no words")
        return real(call)

    monkeypatch.setattr(webhooks, "_make", make)
    assert webhooks.deliver() == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, broken.last_error) == (MailState.FAILED, "LookupError: no words")
    assert fine.state == MailState.SENT


def test_no_more_than_asked_and_not_when_time_is_up(hook: Webhook, receiver: Receiver) -> None:
    for number in range(3):
        caused(hook, f"step:{number}")
    assert webhooks.deliver(limit=2) == 2
    assert webhooks.deliver(seconds=0) == 0
    assert webhooks.deliver() == 1


class TestTryingOut:
    def test_it_works(self, hook: Webhook, receiver: Receiver, administrator: User) -> None:
        outcome = webhooks.try_out(hook, by=actors.staff(administrator))
        assert (outcome.verdict, outcome.status, outcome.said) == (Verdict.TAKEN, 200, "thank you")
        said = json.loads(receiver.heard[0].body)
        assert (said["type"], said["data"]) == ("ping", {"webhook": "Pager"})
        assert parse_datetime(said["timestamp"]) is not None
        assert (row().state, row().last_status) == (MailState.SENT, 200)

    def test_a_failure_is_told_and_not_repeated(
        self, hook: Webhook, receiver: Receiver, administrator: User
    ) -> None:
        receiver.status = 503
        outcome = webhooks.try_out(hook, by=actors.staff(administrator))
        assert (outcome.verdict, outcome.error) == (Verdict.LATER, "HTTP 503: thank you")
        assert row().state == MailState.FAILED
        assert webhooks.deliver() == 0
        assert len(receiver.heard) == 1

    def test_before_it_is_switched_on(self, hook: Webhook, receiver: Receiver, administrator: User) -> None:
        Webhook.objects.update(is_active=False)
        hook.refresh_from_db()
        assert webhooks.try_out(hook, by=actors.staff(administrator)).verdict is Verdict.TAKEN


@pytest.mark.parametrize(
    ("kill", "target", "name", "received"),
    [
        (killed_before, calls, "claim", 1),
        (killed_after, calls, "claim", 1),
        (killed_before, outgoing, "post", 1),
        (killed_after, outgoing, "post", 2),
        (killed_before, calls, "mark_sent", 2),
        (killed_after, calls, "mark_sent", 1),
    ],
)
def test_killed(
    hook: Webhook,
    receiver: Receiver,
    kill: Callable[[pytest.MonkeyPatch, Any, str], None],
    target: Any,
    name: str,
    received: int,
) -> None:
    caused(hook)
    with pytest.MonkeyPatch.context() as patch:
        kill(patch, target, name)
        with pytest.raises(Killed):
            webhooks.deliver()
    with clock.frozen(clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS + 1)):
        webhooks.deliver()
    assert row().state == MailState.SENT
    assert receiver.ids == ["step:1:1"] * received


def test_the_key_is_what_the_page_shows(hook: Webhook) -> None:
    assert base64.b64decode(written_key(hook.key).removeprefix("whsec_")) == hook.key
