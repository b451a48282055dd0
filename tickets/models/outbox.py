from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock
from tickets.choices import MailPurpose, MailState

if TYPE_CHECKING:
    from accounts.models import Brand


def message_id_for(cause: str, brand: Brand | None) -> str:
    """One cause, one Message-ID, for ever; keyed, so that nobody outside can make up one of ours."""
    domain = (brand.email if brand else settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].rstrip(">")
    token = salted_hmac("tickets.outbox.message_id", cause, algorithm="sha256").hexdigest()[:32]
    return f"<{token}@{domain}>"


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def queue(self, *, cause: str, brand: Brand | None, **values: Any) -> None:
        """Write the mail down in the caller's transaction; the same cause again changes nothing."""
        mail = OutboxMail(
            cause=cause, brand=brand, internet_message_id=message_id_for(cause, brand), **values
        )
        self.bulk_create([mail], ignore_conflicts=True)


class OutboxMail(NotesOthers, models.Model):
    """One mail that must leave, committed with the change that caused it. One cause, one row, one Message-ID."""

    cause = models.CharField(
        _("cause"), max_length=200, unique=True, help_text=_("What it is about, said once.")
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=MailPurpose.choices)
    brand = models.ForeignKey("accounts.Brand", models.CASCADE, null=True, blank=True, related_name="+")
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, null=True, blank=True, related_name="mails")
    message = models.ForeignKey(
        "tickets.Message", models.CASCADE, null=True, blank=True, related_name="mails"
    )
    to = models.EmailField(_("to"))
    to_name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10)
    context = models.JSONField(
        _("what the words need"),
        default=dict,
        blank=True,
        help_text=_("Emptied after sending when it may hold a secret."),
    )
    internet_message_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), default=clock.now)
    #: Not before this; while being sent, until when the claim holds: a killed sender's claim runs out.
    available_at = models.DateTimeField(_("not before"), default=clock.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    #: Since when it is tried: patience is counted from here.
    tried_since = models.DateTimeField(null=True, blank=True, editable=False)
    #: Its turn at the receiving domain, once it had to wait for one.
    slot_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: When its present talk with the mail server began. Left behind by a kill, it says that nobody knows whether the
    #: mail was taken.
    talking_since = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    #: Where the receiving side sent it back, or told that it waits: what they said is ``last_error``.
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)
    delayed_at = models.DateTimeField(_("told to be late"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("told to be delivered"), null=True, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-id"]
        indexes = [
            # The sender's claim: what is due, oldest first.
            models.Index(
                fields=["available_at", "id"],
                name="outbox_due",
                condition=models.Q(state__in=[MailState.QUEUED, MailState.SENDING]),
            ),
            # What was sent to an address: what is known of one person.
            models.Index(fields=["to"], name="outbox_by_recipient"),
            # What was given up for an address that may be written to again.
            models.Index(Upper("to"), name="outbox_failed", condition=models.Q(state=MailState.FAILED)),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} → {self.to}"

    def contacts(self) -> Iterable[str | None]:
        """Whom somebody passed a conversation on to is no customer, and was typed by one of us."""
        loaded = self.__dict__
        return [] if loaded.get("purpose") == MailPurpose.FORWARD else [loaded.get("to")]
