from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import LinkKind


class TicketLink(models.Model):
    """``ticket`` is related to, a duplicate of, or caused by ``other``. Merging is more, and not kept here."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="links_from")
    other = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="links_to")
    kind = models.CharField(_("how"), max_length=10, choices=LinkKind.choices, default=LinkKind.RELATED)
    by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("link between cases")
        verbose_name_plural = _("links between cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other"], name="one_link_between_two_tickets"),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="no_link_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
