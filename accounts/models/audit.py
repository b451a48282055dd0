from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import AuditKind
from helpdesk.lib import clock


class AuditEntry(models.Model):
    """Something that somebody did or read. Written by ``accounts.audit`` alone, never changed.

    It names people and cases by number, not by key to their rows: the log outlives what it speaks of.
    """

    kind = models.CharField(_("what"), max_length=24, choices=AuditKind.choices)
    at = models.DateTimeField(_("at"), default=clock.now)
    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("who"), null=True, blank=True, related_name="+"
    )
    brand = models.ForeignKey(
        "accounts.Brand", models.PROTECT, verbose_name=_("brand"), null=True, blank=True, related_name="+"
    )
    ticket = models.CharField(_("ticket"), max_length=12, blank=True)
    customer = models.BigIntegerField(_("customer"), null=True, blank=True)
    #: How it was reached: the address of the page before, a search, a list; for programs the token's name.
    way = models.CharField(_("reached by"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    #: Names the log-in session without giving its key away.
    session = models.CharField(_("session"), max_length=16, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
