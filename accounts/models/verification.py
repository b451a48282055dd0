from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import VerificationLevel
from helpdesk.lib import clock


class VerificationQuerySet(models.QuerySet["Verification"]):
    def in_force(self) -> VerificationQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), withdrawn_at=None)


class Verification(models.Model):
    """Once it was found out that a customer is who they say: how surely, in which way, by whom, until when."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="verifications"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=VerificationLevel.choices)
    method = models.CharField(_("in which way"), max_length=120)
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    #: What was looked at, for colleagues: "passport, compared with the photo". Never a document's number.
    note = models.CharField(_("note"), max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-id"]
        indexes = [
            # The ticket page: how surely this customer is known.
            models.Index(fields=["customer", "-level"], name="verification_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.get_level_display()}"
