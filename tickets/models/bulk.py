from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import BulkAct, BulkItemState, RunState


class BulkRun(models.Model):
    """One act on many tickets: who asked for what, and how far it is. Its items say what became of each."""

    requested_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("asked for by"), related_name="bulk_runs"
    )
    requested_at = models.DateTimeField(_("asked for"), default=clock.now)
    act = models.CharField(_("act"), max_length=12, choices=BulkAct.choices)
    #: What the act needs: ``{"assignee": 3}``, ``{"tags": ["vip"]}``, ``{"body": "…", "then": "solved"}``.
    data = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    #: Set when its undoing was asked for; then the items are gone through again.
    undo_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: The same form sent twice is one run.
    origin_key = models.CharField(max_length=200, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("bulk act")
        verbose_name_plural = _("bulk acts")
        ordering = ["-id"]
        indexes = [
            # The sweep: runs that a killed worker left.
            models.Index(
                fields=["requested_at"],
                name="bulk_run_going",
                condition=models.Q(state__in=[RunState.QUEUED.value, RunState.RUNNING.value]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.requested_at:%Y-%m-%d %H:%M}"


class BulkItem(models.Model):
    """One ticket of a run; done in a transaction of its own, with its state."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=BulkItemState.choices, default=BulkItemState.WAITING)
    #: The last public message that the author knew of: where somebody wrote after it, nothing is said.
    seen = models.BigIntegerField(null=True, blank=True)
    #: The events that it wrote, in their order: what undoing undoes.
    events = ArrayField(models.BigIntegerField(), default=list)
    #: Why it was refused, in the words of the one who asked.
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("ticket of a bulk act")
        verbose_name_plural = _("tickets of bulk acts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "ticket"], name="one_item_per_run_and_ticket"),
        ]
        indexes = [
            models.Index(fields=["run", "state", "id"], name="bulk_item_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.ticket_id} {self.state}"
