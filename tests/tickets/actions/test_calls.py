"""Claiming, settling and retrying calls of webhooks. What mail and calls have in common, test_outbox tries on mail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.crowd import all_at_once
from tests.receiver import Receiver
from tests.tickets.hooks import caused, hook, receiver
from tickets import actors
from tickets.actions import calls
from tickets.choices import MailState
from tickets.models import OutboxCall, Webhook

__all__ = ["hook", "receiver"]


def test_it_works(hook: Webhook) -> None:
    caused(hook)
    [claimed] = calls.claim()
    assert (claimed.state, claimed.attempts) == (MailState.SENDING, 1)
    assert calls.claim() == [], "the lease holds"
    calls.mark_sent(claimed, status=202)
    row = OutboxCall.objects.get()
    assert (row.state, row.last_status) == (MailState.SENT, 202)
    assert row.sent_at is not None


def test_not_those_of_a_webhook_that_is_away(hook: Webhook) -> None:
    caused(hook)
    assert calls.claim(but_for={hook.pk}) == []
    assert OutboxCall.objects.get().attempts == 0


def test_pauses_grow_to_two_days_and_then_it_fails_visibly(hook: Webhook) -> None:
    began = now = caused(hook).available_at
    for _attempt in range(calls.PATIENCE.attempts or 0):
        with clock.frozen(now):
            [claimed] = calls.claim()
            calls.mark_failed(claimed, error="HTTP 503", permanent=False, status=503)
        last, now = now, OutboxCall.objects.get().available_at
    row = OutboxCall.objects.get()
    assert (row.state, row.last_status, row.last_error) == (MailState.FAILED, 503, "HTTP 503")
    assert timedelta(days=2) <= last - began <= timedelta(days=2.7)


def test_a_late_failure_does_not_unsay_what_arrived(hook: Webhook) -> None:
    caused(hook)
    [slow] = calls.claim()
    with clock.frozen(slow.available_at):
        [quick] = calls.claim()
    calls.mark_sent(quick, status=200)
    calls.mark_failed(slow, error="too_slow", permanent=True)
    assert OutboxCall.objects.get().state == MailState.SENT


def test_retry(hook: Webhook, administrator: User, manager: User) -> None:
    caused(hook)
    [claimed] = calls.claim()
    calls.mark_failed(claimed, error="HTTP 404", permanent=True, status=404)
    with pytest.raises(NotAllowed):
        calls.retry(claimed, by=actors.staff(manager))
    calls.retry(claimed, by=actors.staff(administrator))
    [again] = calls.claim()
    assert (again.attempts, again.cause) == (1, claimed.cause)


def test_a_test_call_is_for_those_who_configure_the_site(
    hook: Webhook, manager: User, receiver: Receiver
) -> None:
    with pytest.raises(NotAllowed):
        calls.begin_test(hook, by=actors.staff(manager))
    assert not OutboxCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_callers_never_claim_the_same(hook: Webhook) -> None:
    for number in range(20):
        caused(hook, f"step:{number}:1")
    claimed: list[int] = []

    def caller() -> None:
        while rows := calls.claim(limit=2):
            claimed.extend(row.pk for row in rows)

    all_at_once([caller] * 4)
    assert sorted(claimed) == sorted(OutboxCall.objects.values_list("pk", flat=True))
