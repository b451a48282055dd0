from __future__ import annotations

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock


class SupportCall(models.Model):
    """An agent is about to call a customer, and has a code to read out that the customer can check.

    The code is derived from ``nonce`` by a key that the database does not hold; ``digest``, by which it is found, is
    keyed too.
    """

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="support_calls")
    customer = models.ForeignKey("accounts.Customer", models.CASCADE, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=32, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("announced call")
        verbose_name_plural = _("announced calls")
        ordering = ["-id"]
        indexes = [
            # The portal's question: is this code one of ours?
            models.Index(fields=["digest"], name="support_call_digest"),
            # The case's page on the portal: is somebody about to call?
            models.Index(fields=["ticket", "-id"], name="support_call_by_ticket"),
            # How many an agent announced in the last hour, and the one that they are about to make.
            models.Index(fields=["by", "-created_at"], name="support_call_by_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.created_at:%Y-%m-%d %H:%M}"


def support_key() -> bytes:
    """Made out of SECRET_KEY for these codes alone."""
    return salted_hmac("tickets.support.code", "1", algorithm="sha256").digest()


def call_digest(digits: str, brand_id: int) -> str:
    """By which a call's code is found, among those of its brand."""
    return salted_hmac("tickets.support.digest", f"{brand_id}.{digits}", algorithm="sha256").hexdigest()
