"""The keys with which calls of webhooks are signed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts import configuration
from accounts.rules.capabilities import Capability
from tickets.actors import Actor
from tickets.models import Webhook


@transaction.atomic
def new_key(webhook: Webhook, *, by: Actor) -> None:
    """From now on another key signs; whoever still verifies by the old one refuses our calls."""
    by.require(Capability.CONFIGURE_SITE)
    Webhook.objects.filter(pk=webhook.pk).update(key_version=F("key_version") + 1)
    configuration.changed(
        "tickets.webhook", by=by.user, change="changed", row=webhook.pk, name=webhook.name, key="renewed"
    )
    webhook.refresh_from_db(fields=["key_version"])
