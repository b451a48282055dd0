from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactWay
from helpdesk.lib import clock


class ContactChange(models.Model):
    """A customer's e-mail address or phone was set or changed: in which way, and by which member of staff.

    Appended by ``accounts.actions.contact_changes``, never changed: whoever changed a person's contact data last may
    approve nothing that is done to their account. It does not say what the data are.
    """

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="contact_changes"
    )
    way = models.CharField(_("in which way"), max_length=12, choices=ContactWay.choices)
    #: None: the customer themselves, or the desk.
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("change of contact data")
        verbose_name_plural = _("changes of contact data")
        ordering = ["-id"]
        indexes = [
            # Who changed it last? Asked at every approval, also by a trigger.
            models.Index(fields=["customer", "-id"], name="contact_change_last"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.way} {self.at:%Y-%m-%d %H:%M}"
