"""Webhooks and their calls, made by hand: what they are about plays no part."""

from __future__ import annotations

import pytest

from tests.receiver import Receiver, receiver
from tickets.events import call
from tickets.models import OutboxCall, Webhook

__all__ = ["hook", "receiver"]


@pytest.fixture
def hook(receiver: Receiver, settings: pytest.FixtureRequest, db: None) -> Webhook:
    """A webhook that leads to the receiver of the test."""
    settings.WEBHOOK_ALLOW_PRIVATE = True  # type: ignore[attr-defined]
    return Webhook.objects.create(name="Pager", url=receiver.url)


def caused(hook: Webhook, cause: str = "step:1:1", **payload: object) -> OutboxCall:
    call(hook, ticket=None, cause=cause, payload=payload)
    return OutboxCall.objects.get(cause=cause)
