from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock


class Decoy(models.Model):
    """A customer who does not exist, and whom no case needs: who opens them is looking for something else.

    A table of its own, not a field of the customer: no list, filter or API of customers can give it away.
    """

    customer = models.OneToOneField(
        "accounts.Customer",
        models.PROTECT,
        verbose_name=_("customer"),
        related_name="decoy",
        primary_key=True,
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("made by"), null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=clock.now)

    class Meta:
        verbose_name = _("decoy")
        verbose_name_plural = _("decoys")

    def __str__(self) -> str:
        return str(self.customer_id)
