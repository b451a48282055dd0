from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock


class TrackingLinkQuerySet(models.QuerySet["TrackingLink"]):
    def usable(self) -> TrackingLinkQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=clock.now())


class TrackingLink(models.Model):
    """A right to follow one ticket without logging in; the signed address that is mailed names this row."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="links"
    )
    created_at = models.DateTimeField(_("issued"), default=clock.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = TrackingLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("tracking link")
        verbose_name_plural = _("tracking links")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.expires_at:%Y-%m-%d}"
