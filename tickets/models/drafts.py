from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from helpdesk.lib.files import PAINTABLE
from tickets.choices import DraftKind
from tickets.gateways.storage import private_storage


def stored_name(file: DraftFile, filename: str) -> str:
    """As for attachments: nothing of what it was called reaches the file system."""
    token = secrets.token_hex(16)
    return f"drafts/agents/{token[:2]}/{token}"


class Draft(models.Model):
    """What somebody has begun to write on a ticket, kept while they write: after a crash, on another machine, it is
    there. ``version`` counts the savings, so that an old window does not write over a newer text unseen.
    """

    author = models.ForeignKey("accounts.User", models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="drafts")
    kind = models.CharField(_("what"), max_length=10, choices=DraftKind.choices, default=DraftKind.REPLY)
    body = models.TextField(_("text"), blank=True)
    #: To whom a forwarded conversation goes.
    to = models.TextField(blank=True)
    #: Of a conversation that is to be forwarded: the first message that goes along (null: all do); whether files do.
    first_message = models.BigIntegerField(null=True, blank=True)
    with_files = models.BooleanField(default=False, db_default=False)
    then = models.CharField(max_length=10, blank=True)
    #: The last public message that the author had before them.
    seen = models.BigIntegerField(null=True, blank=True)
    #: Names the one message that this draft will become.
    origin_key = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["author", "ticket"], name="one_draft_per_author_and_ticket"),
        ]
        indexes = [
            # The daily clearing of what nobody came back to.
            models.Index(fields=["updated_at"], name="draft_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} {self.ticket_id}"

    @property
    def is_empty(self) -> bool:
        """Nothing in it that somebody wrote; files are kept apart, and no saving touches them."""
        return not (self.body.strip() or self.to.strip())


class DraftFile(models.Model):
    """A file put into a draft; it becomes an attachment when the draft is sent."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.FileField(upload_to=stored_name, storage=private_storage, max_length=120)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    #: As in Attachment: known when it came, told when it is sent.
    unread = models.CharField(max_length=12, blank=True, db_default="", editable=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type in PAINTABLE
