from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock
from tickets.choices import ActorKind, EventKind


class Event(NotesOthers, models.Model):
    """One change to one ticket; appended by ``tickets.events`` in the change's transaction, never edited."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="events"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    at = models.DateTimeField(_("at"), default=clock.now)
    actor_kind = models.CharField(_("by"), max_length=10, choices=ActorKind.choices)
    actor = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("who"), null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(_("name"), max_length=120, blank=True)
    message = models.ForeignKey("tickets.Message", models.CASCADE, null=True, blank=True, related_name="+")
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [
            # The timeline of one ticket.
            models.Index(fields=["ticket", "id"], name="event_by_ticket"),
            # Analytics: solved, reopened, breached in a period.
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    def texts(self) -> Iterable[str | None]:
        data = self.__dict__.get("data")
        said = [value for value in data.values() if isinstance(value, str)] if isinstance(data, dict) else []
        return [self.__dict__.get("actor_name"), *said]
