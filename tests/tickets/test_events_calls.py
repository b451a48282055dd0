"""Writing down that another system is to be called."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tickets.choices import MailState
from tickets.events import call, call_all
from tickets.models import OutboxCall, Webhook


@pytest.fixture
def hook(db: None) -> Webhook:
    return Webhook.objects.create(name="Pager", url="https://pager.example.com/")


def test_it_works(hook: Webhook) -> None:
    call(hook, ticket=None, cause="step:1:1", payload={"a": 1})
    row = OutboxCall.objects.get()
    assert (row.webhook, row.payload, row.state, row.attempts) == (hook, {"a": 1}, MailState.QUEUED, 0)


def test_one_cause_one_call(hook: Webhook) -> None:
    call(hook, ticket=None, cause="step:1:1", payload={"a": 1})
    call(hook, ticket=None, cause="step:1:1", payload={"a": 2})
    assert OutboxCall.objects.get().payload == {"a": 1}


def test_many_in_one_statement(hook: Webhook, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        call_all([OutboxCall(webhook=hook, cause=f"step:{number}:1") for number in range(100)])
    assert OutboxCall.objects.count() == 100


def test_none_for_a_webhook_that_is_switched_off(hook: Webhook) -> None:
    Webhook.objects.update(is_active=False)
    hook.refresh_from_db()
    call(hook, ticket=None, cause="step:1:1", payload={})
    assert not OutboxCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_called(hook: Webhook) -> None:
    with transaction.atomic():
        call(hook, ticket=None, cause="step:1:1", payload={})
        transaction.set_rollback(True)
    assert not OutboxCall.objects.exists()
