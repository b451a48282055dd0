"""Writing down that another system is to be called."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from helpdesk.lib.errors import NotAllowed
from tickets import actors
from tickets.actions.webhooks import new_key
from tickets.models import Webhook


@pytest.fixture
def hook(db: None) -> Webhook:
    return Webhook.objects.create(name="Pager", url="https://pager.example.com/")


def test_a_new_key(hook: Webhook, administrator: User, manager: User) -> None:
    before = hook.key
    with pytest.raises(NotAllowed):
        new_key(hook, by=actors.staff(manager))
    assert Webhook.objects.get().key == before
    new_key(hook, by=actors.staff(administrator))
    assert hook.key == Webhook.objects.get().key != before


def test_every_webhook_has_a_key_of_its_own(hook: Webhook, settings: Any) -> None:
    other = Webhook.objects.create(name="Other", url=hook.url)
    assert len(hook.key) == 32
    assert other.key != hook.key
    before = hook.key
    settings.SECRET_KEY = "another"
    assert hook.key != before
