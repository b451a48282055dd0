from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock
from tickets.choices import FileState
from tickets.gateways.storage import private_storage

#: Signs of networks, logos, a dot that counts readers: hardly any is larger.
ORNAMENT_BYTES = 5_000


def stored_name(attachment: Attachment, filename: str) -> str:
    """A random name: nothing of what the customer called it reaches the file system."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token}"


class Attachment(NotesOthers, models.Model):
    """A file sent with a message. Served only through the ticket's doors, as a download or as a safe image."""

    message = models.ForeignKey(
        "tickets.Message", models.CASCADE, verbose_name=_("message"), related_name="attachments"
    )
    file = models.FileField(_("file"), upload_to=stored_name, storage=private_storage, max_length=120)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(
        _("type"), max_length=100, help_text=_("Found from the content, not the name.")
    )
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    #: By which the HTML of a mail shows it in place (RFC 2392), without angle brackets.
    content_id = models.CharField(max_length=255, blank=True, editable=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=FileState.choices,
        default=FileState.READY,
        db_default=FileState.READY,
    )
    #: What the scanner called it, or why it could not be checked.
    finding = models.CharField(_("found"), max_length=200, blank=True, db_default="")
    #: Why its text could not be looked through for secrets (``rules.file_texts.Why``); empty where it was, or has none.
    unread = models.CharField(max_length=12, blank=True, db_default="", editable=False)
    #: The scanner's: not before this, and how often it was tried.
    scan_at = models.DateTimeField(default=clock.now, db_default=Now(), editable=False)
    scan_attempts = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    judged_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        indexes = [
            # What the scanner takes next.
            models.Index(
                fields=["scan_at", "id"], name="attachment_to_scan", condition=Q(state=FileState.WAITING)
            ),
            # The page of the quarantine: newest first.
            models.Index(
                fields=["-id"], name="attachment_quarantined", condition=Q(state=FileState.QUARANTINED)
            ),
            # What was deleted from it and still lies in the storage.
            models.Index(
                fields=["id"],
                name="attachment_to_remove",
                condition=Q(state=FileState.DELETED) & ~Q(file=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def texts(self) -> Iterable[str | None]:
        return [self.__dict__.get("name"), self.__dict__.get("finding")]

    @property
    def is_ready(self) -> bool:
        """Whether it may be handed out."""
        return self.state == FileState.READY

    @property
    def is_ornament(self) -> bool:
        """A picture that a mail shows in place, and too small to be what somebody sent: a logo of a signature, say."""
        return bool(self.content_id) and self.is_image and self.size < ORNAMENT_BYTES

    @property
    def is_image(self) -> bool:
        return self.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}

    @property
    def is_text(self) -> bool:
        """Tables and logs too; their content says no more than that."""
        return self.content_type == "text/plain"
