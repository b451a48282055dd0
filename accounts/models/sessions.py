from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock


class LogInSession(models.Model):
    """A browser in which somebody is logged in. The row ends with the session; the audit log keeps what was."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="log_in_sessions")
    #: The session's present key: it changes now and then, and the middleware follows.
    key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    #: To the minute.
    seen_at = models.DateTimeField(default=clock.now)
    address = models.GenericIPAddressField(null=True, blank=True)
    #: How the browser names itself; anybody can write anything there.
    agent = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("log-in session")
        verbose_name_plural = _("log-in sessions")
        ordering = ["-seen_at"]
        indexes = [
            # A person's own, newest first.
            models.Index(fields=["user", "-seen_at"], name="log_in_session_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.started_at:%Y-%m-%d %H:%M}"
