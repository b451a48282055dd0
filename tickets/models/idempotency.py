from __future__ import annotations

from django.db import models

from helpdesk.lib import clock


class IdempotencyKey(models.Model):
    """What a program asked for under an ``Idempotency-Key``, so that the same key cannot mean two things.

    The ticket's or message's ``origin_key`` makes the act happen once; this row remembers the request's fingerprint.
    In a table and not in the cache: it must be as lasting, and as much part of the transaction, as what it guards.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]

    def __str__(self) -> str:
        return self.key
