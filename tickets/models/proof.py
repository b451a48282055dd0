from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import VerificationMethod
from helpdesk.lib import clock
from tickets.choices import MailState
from tickets.rules.proof import TRIES

WAYS = [(way.value, way.label) for way in (VerificationMethod.MAIL_CODE, VerificationMethod.PHONE_CODE)]


class ProofChallenge(models.Model):
    """A code that was sent to the contact on record of a case's customer.

    The code itself stands nowhere: it is derived from ``nonce`` by a key that the database does not hold.
    """

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="challenges")
    customer = models.ForeignKey("accounts.Customer", models.CASCADE, related_name="+")
    way = models.CharField(_("in which way"), max_length=20, choices=WAYS)
    nonce = models.CharField(max_length=32, unique=True, editable=False)
    #: The address or number it went to, as a keyed digest: whether it is still the one on record.
    contact = models.CharField(max_length=64, editable=False)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    passed_at = models.DateTimeField(null=True, blank=True)
    #: A newer code took its place, or it was tried too often.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("code sent to prove a contact")
        verbose_name_plural = _("codes sent to prove a contact")
        ordering = ["-id"]
        indexes = [
            # The code that a case waits for: at most one.
            models.Index(
                fields=["ticket"],
                name="challenge_open",
                condition=models.Q(passed_at=None, ended_at=None),
            ),
            # How many went to a customer, and how many an agent had sent, in the last day.
            models.Index(fields=["customer", "-created_at"], name="challenge_by_customer"),
            models.Index(fields=["asked_by", "-created_at"], name="challenge_by_agent"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(tries__lte=TRIES), name="challenge_tries_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.passed_at is None and self.ended_at is None and self.expires_at > clock.now()

    @property
    def by_phone(self) -> bool:
        return self.way == VerificationMethod.PHONE_CODE


def code_key() -> bytes:
    """Made out of SECRET_KEY for these codes alone."""
    return salted_hmac("tickets.proof.code", "1", algorithm="sha256").digest()


def contact_digest(contact: str) -> str:
    return salted_hmac("tickets.proof.contact", contact, algorithm="sha256").hexdigest()


class TicketProof(models.Model):
    """A proof of the customer that was given on this very case."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="proofs")
    proof = models.ForeignKey("accounts.Verification", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("proof given on a case")
        verbose_name_plural = _("proofs given on a case")
        constraints = [models.UniqueConstraint(fields=["ticket", "proof"], name="ticket_proof_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.proof_id}"


class OutboxText(models.Model):
    """A text message (SMS) that must leave by the operator's gateway. Its words are made when it is sent."""

    cause = models.CharField(_("cause"), max_length=120, unique=True)
    challenge = models.ForeignKey(ProofChallenge, models.CASCADE, related_name="+")
    to = models.CharField(_("to"), max_length=20)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), default=clock.now)
    #: Not before this; while being sent, until when the claim holds.
    available_at = models.DateTimeField(_("not before"), default=clock.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("outgoing text message")
        verbose_name_plural = _("outgoing text messages")
        ordering = ["-id"]
        indexes = [
            # The sender's claim: what is due, oldest first.
            models.Index(
                fields=["available_at", "id"],
                name="outboxtext_due",
                condition=models.Q(state__in=[MailState.QUEUED, MailState.SENDING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause}"
