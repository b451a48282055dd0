from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import NoticeKind


class Notice(models.Model):
    """Something a member of staff is told: written with its cause, mailed when their hours and digest allow.

    What is ready for one person at one time goes out as one mail. ``mail`` is set in the transaction that queues it:
    no notice is mailed twice.
    """

    person = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("person"), related_name="notices"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="notices"
    )
    event = models.ForeignKey(
        "tickets.Event", models.CASCADE, verbose_name=_("event"), related_name="notices"
    )
    kind = models.CharField(
        _("why"),
        max_length=12,
        choices=NoticeKind.choices,
        default=NoticeKind.ESCALATION,
        db_default=NoticeKind.ESCALATION.value,
    )
    #: Shown in the page until it is read; whether a mail tells of it too.
    in_page = models.BooleanField(default=True, db_default=True)
    by_mail = models.BooleanField(default=True, db_default=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    is_urgent = models.BooleanField(_("at once, whatever the hour"), default=False)
    created_at = models.DateTimeField(_("written"), default=clock.now)
    ready_at = models.DateTimeField(_("not before"), default=clock.now)
    mail = models.ForeignKey(
        "tickets.OutboxMail",
        models.SET_NULL,
        verbose_name=_("mail"),
        null=True,
        blank=True,
        related_name="notices",
    )
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="one_notice_per_event_and_person"),
        ]
        indexes = [
            # The gatherer: what is ready and not mailed, person by person.
            models.Index(
                fields=["ready_at", "person"],
                name="notice_waiting",
                condition=models.Q(mailed_at=None, by_mail=True),
            ),
            # The bell of every page: what is new for one person.
            models.Index(
                fields=["person", "-id"],
                name="notice_unread",
                condition=models.Q(read_at=None, in_page=True),
            ),
            # The page of notices.
            models.Index(fields=["person", "-id"], name="notice_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.event_id}"
