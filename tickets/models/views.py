from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock


class SavedView(models.Model):
    """A question to the queue that somebody kept: conditions, columns and order. Whose it is says who sees it:
    ``team`` its members, ``is_shared`` everybody; else only the owner.
    """

    owner = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("owner"), related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=60)
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        verbose_name=_("for the team"),
        null=True,
        blank=True,
        related_name="+",
    )
    is_shared = models.BooleanField(_("for everybody"), default=False)
    #: The filters of an address: ``{"status": ["new", "open"], "category": ["12"]}``.
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    q = models.CharField(_("words"), max_length=200, blank=True)
    columns = ArrayField(models.CharField(max_length=20), verbose_name=_("columns"), default=list, blank=True)
    sort = models.CharField(_("order"), max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class TicketRead(models.Model):
    """How far somebody has read a ticket: the newest event that was there when they had it open."""

    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="reads")
    event_id = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(fields=["person", "ticket"], name="one_reading_per_person_and_ticket"),
        ]
        indexes = [
            # Whether somebody on duty still works (queries.duty).
            models.Index(fields=["person", "at"], name="reading_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.ticket_id} {self.event_id}"
