"""Addresses from which other programs fetch the list of known scams."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Brand
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.actors import Actor
from tickets.models import ScamFeed
from tickets.rules.intake import clean_line

#: How exactly is kept when a list was fetched last: not each time, since filters ask every minute.
KEPT_EVERY = 60
MAX_NAME = 80


@transaction.atomic
def add_feed(*, name: str, brand: Brand | None, by: Actor) -> ScamFeed:
    """Raises Invalid for a name that is empty or taken."""
    by.require(Capability.JUDGE_SCAMS)
    assert by.user is not None
    name = clean_line(name)[:MAX_NAME]
    if not name:
        raise Invalid({"name": _("Say who fetches it.")})
    try:
        with transaction.atomic():
            feed = ScamFeed.objects.create(name=name, brand=brand, created_by=by.user)
    except IntegrityError:
        raise Invalid({"name": _("There is a list of this name already.")}) from None
    _record(feed, by, added=True)
    return feed


@transaction.atomic
def switch_feed(feed: ScamFeed, *, on: bool, by: Actor) -> ScamFeed:
    """Switched off, its address opens nothing."""
    by.require(Capability.JUDGE_SCAMS)
    if ScamFeed.objects.filter(pk=feed.pk).exclude(is_active=on).update(is_active=on):
        _record(feed, by, active=on)
    feed.is_active = on
    return feed


def was_read(feed: ScamFeed) -> None:
    now = clock.now()
    if feed.last_read_at is None or (now - feed.last_read_at).total_seconds() > KEPT_EVERY:
        ScamFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


def _record(feed: ScamFeed, by: Actor, **data: Any) -> None:
    audit.record(AuditKind.CONFIGURED, by=by.user, brand=feed.brand, what="scam_feed", name=feed.name, **data)
