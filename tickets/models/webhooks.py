from __future__ import annotations

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import MailState


class Webhook(models.Model):
    """An address of another system that is called with a signed message. The key is derived, never stored."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.URLField(_("address"), max_length=500, help_text=_("It must begin with https:// ."))
    is_active = models.BooleanField(_("active"), default=True)
    for_emergencies = models.BooleanField(
        _("called when an emergency is reported"), default=False, db_default=False
    )
    brands = models.ManyToManyField(
        "accounts.Brand",
        verbose_name=_("for emergencies of"),
        blank=True,
        related_name="+",
        help_text=_("Empty: every brand."),
    )
    #: Counted up to make a new signing key; the old one then no longer signs.
    key_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> bytes:
        """Signs its calls; made out of SECRET_KEY, for this webhook and this version alone."""
        said = f"{self.pk}.{self.key_version}"
        return salted_hmac("tickets.webhook.key", said, algorithm="sha256").digest()


class OutboxCall(models.Model):
    """A call that is to be made: committed with its cause, made afterwards; one ``cause`` is never two calls.

    The receiver sees ``cause`` as the idempotency key: what a kill left unknown is sent again under the same one.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, verbose_name=_("webhook"), related_name="calls")
    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), null=True, blank=True, related_name="+"
    )
    cause = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(_("content"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), default=clock.now)
    #: Not before this; while being sent, until when the claim holds.
    available_at = models.DateTimeField(_("not before"), default=clock.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        ordering = ["-id"]
        indexes = [
            # The caller's claim: what is due, oldest first.
            models.Index(
                fields=["available_at", "id"],
                name="outboxcall_due",
                condition=models.Q(state__in=[MailState.QUEUED, MailState.SENDING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook}: {self.cause}"
