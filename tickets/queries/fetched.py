"""The mailboxes that we fetch from."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.db.models import F, QuerySet

from tickets.choices import Fetching
from tickets.models import Mailbox


def fetched() -> QuerySet[Mailbox]:
    """The one that waited longest first."""
    ours = Mailbox.objects.filter(is_active=True, fetching=Fetching.IMAP).select_related("brand")
    return ours.order_by(F("looked_at").asc(nulls_first=True), "pk")


def setup_of(mailbox: Mailbox) -> str:
    """Another as soon as somebody has changed how it is reached."""
    parts = [
        mailbox.host, mailbox.port, mailbox.tls, mailbox.username, bytes(mailbox.password_sealed),
        mailbox.folder, mailbox.done_folder, mailbox.from_beginning,
    ]  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def rest_key(mailbox: Mailbox) -> str:
    """In the cache while a mailbox that failed is left alone. One that was changed is another."""
    return f"mailbox-rests:{mailbox.pk}:{setup_of(mailbox)}"


def is_resting(mailbox: Mailbox) -> bool:
    return bool(cache.get(rest_key(mailbox)))
