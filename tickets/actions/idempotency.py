"""One key, one request."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from tickets.models import IdempotencyKey


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    message = _("This idempotency key was used for another request. Take a new key for each request.")


def claim(user: User, *, key: str, fingerprint: str) -> bool:
    """Write down what the key stands for, in the caller's transaction; whether it is new.

    A second request with the key waits here until the first is committed or undone. Raises KeyReused when the key
    stands for something else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_idempotencykey (user_id, key, fingerprint, created_at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (user_id, key) DO NOTHING",
            [user.pk, key, fingerprint, clock.now()],
        )
        if cursor.rowcount:
            return True
    if not IdempotencyKey.objects.filter(user=user, key=key, fingerprint=fingerprint).exists():
        raise KeyReused
    return False
