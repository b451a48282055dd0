"""What the operator must know of background work: tasks that failed for good, and the last sign of life."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FailedTaskState(models.TextChoices):
    OPEN = "open", _("waits for the operator")
    RETRIED = "retried", _("run again")
    DISMISSED = "dismissed", _("dismissed")


class FailedTask(models.Model):
    """A background task that will not be tried again by itself.

    One row for the same task with the same arguments, counted up, so that a task that fails every ten seconds does not
    fill the table.
    """

    #: Of name and arguments; what makes it one row.
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("task"), max_length=200)
    #: Ids and the like; empty when they were too long to keep, or not JSON.
    args = models.JSONField(_("arguments"), null=True)
    kwargs = models.JSONField(_("named arguments"), null=True)
    error = models.CharField(_("error"), max_length=500)
    #: Files, lines and code; no values, which might be secret.
    traceback = models.TextField(_("where it happened"), blank=True)
    times = models.PositiveIntegerField(_("how often"), default=1)
    first_failed_at = models.DateTimeField(_("first failed"))
    last_failed_at = models.DateTimeField(_("last failed"))
    #: Celery sometimes tells of one failure twice (a process killed at its time limit): it is counted once.
    last_task_id = models.CharField(max_length=100, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=FailedTaskState.choices, default=FailedTaskState.OPEN
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("failed task")
        verbose_name_plural = _("failed tasks")
        ordering = ["-last_failed_at", "-id"]
        indexes = [
            # The operator's page: what is open, newest first.
            models.Index(
                fields=["-last_failed_at", "-id"],
                name="failed_task_open",
                condition=Q(state=FailedTaskState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.error}"

    @property
    def can_run_again(self) -> bool:
        return self.args is not None and self.kwargs is not None


class Heartbeat(models.Model):
    """When something last showed that it lives."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
