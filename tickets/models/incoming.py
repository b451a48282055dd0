from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock, sealed
from tickets.choices import AsideReason, Fetching, IncomingState, MailOutcome, MailWay, Proof, RawState, Tls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RAW = "incoming mail"
PASSWORD = "mailbox password"  # noqa: S105 - what the sealed value is for


class Mailbox(models.Model):
    """An address of a brand that receives mail, and where its mail comes from."""

    brand = models.ForeignKey(
        "accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="mailboxes"
    )
    address = models.EmailField(_("address"), unique=True)
    fetching = models.CharField(
        _("its mail is"), max_length=10, choices=Fetching.choices, default=Fetching.DELIVERED
    )
    takes_tags = models.BooleanField(
        _("takes +tags"),
        default=True,
        help_text=_(
            "Mail to name+anything@… arrives here too. Then answers find their case by the address alone."
        ),
    )
    authserv_id = models.CharField(
        _("who checks its senders"),
        max_length=200,
        blank=True,
        help_text=_(
            "The name at the beginning of Authentication-Results that your mail server writes. "
            "Empty: the one of MAIL_AUTHSERV_ID."
        ),
    )
    host = models.CharField(_("server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    tls = models.CharField(_("TLS"), max_length=10, choices=Tls.choices, default=Tls.SSL)
    username = models.CharField(_("log-in"), max_length=200, blank=True)
    password_sealed = models.BinaryField(default=b"", editable=False)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    done_folder = models.CharField(
        _("move to"),
        max_length=200,
        blank=True,
        help_text=_("Empty: fetched mail stays where it is, marked as read."),
    )
    from_beginning = models.BooleanField(
        _("fetch older mail too"),
        default=False,
        help_text=_("Otherwise only what arrives after the first look."),
    )
    #: How far the folder was read: (UIDVALIDITY, highest UID). Whether somebody read a mail elsewhere does not matter.
    uid_validity = models.BigIntegerField(null=True, blank=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    looked_at = models.DateTimeField(_("last look"), null=True, blank=True, editable=False)
    fetched_at = models.DateTimeField(_("last mail"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)
    #: The check that goes out by SMTP and must come back: when it left, when it came back, whether the tag was kept.
    check_token = models.CharField(max_length=64, blank=True, editable=False)
    check_sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    check_came_at = models.DateTimeField(null=True, blank=True, editable=False)
    check_kept_tag = models.BooleanField(null=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        ordering = ["brand__position", "address"]

    def __str__(self) -> str:
        return self.address

    @property
    def password(self) -> str:
        """Raises sealed.Unreadable where no key opens it any more."""
        return (
            sealed.unseal(bytes(self.password_sealed), purpose=PASSWORD).decode()
            if self.password_sealed
            else ""
        )

    @password.setter
    def password(self, value: str) -> None:
        self.password_sealed = sealed.seal(value.encode(), purpose=PASSWORD) if value else b""


class IncomingMailManager(models.Manager["IncomingMail"]):
    """Up to 25 MB hang on a row: they are read only where they are asked for."""

    def get_queryset(self) -> models.QuerySet[IncomingMail]:
        return super().get_queryset().defer("raw_sealed")


class IncomingMail(NotesOthers, models.Model):
    """One mail as it came in, for one brand: committed, raw and encrypted, before its sender hears "accepted"."""

    brand = models.ForeignKey("accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="+")
    mailbox = models.ForeignKey(
        Mailbox, models.SET_NULL, verbose_name=_("mailbox"), null=True, blank=True, related_name="mails"
    )
    way = models.CharField(_("way in"), max_length=10, choices=MailWay.choices)
    #: Of the raw bytes. The same bytes for the same brand are the same mail.
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"))
    #: It was larger than MAIL_MAX_MB, and its end was not kept.
    is_cut = models.BooleanField(_("cut"), default=False)
    raw_sealed = models.BinaryField(null=True, editable=False)
    #: A mail waits here as it came only until it is read; ``channels.email.guarding`` then looks through it.
    raw_state = models.CharField(
        _("raw copy"),
        max_length=10,
        choices=RawState.choices,
        default=RawState.PENDING,
        db_default=RawState.PENDING,
    )
    #: Which kinds of secrets it held. Never what they were.
    raw_secrets = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    raw_attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    #: From the envelope; None where the way in knows none. "" is the null sender of delivery reports.
    envelope_sender = models.CharField(_("envelope sender"), max_length=320, null=True, blank=True)
    recipients = models.JSONField(_("envelope recipients"), default=list, blank=True)
    peer = models.GenericIPAddressField(_("came from"), null=True, blank=True)
    helo = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    state = models.CharField(
        _("state"), max_length=12, choices=IncomingState.choices, default=IncomingState.STORED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    #: Not before this; while being read, until when the claim holds: a killed reader's claim runs out.
    available_at = models.DateTimeField(_("not before"), default=clock.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    # What was read of it; empty until then.
    internet_message_id = models.CharField("Message-ID", max_length=400, blank=True)
    #: Of what makes it this message and no other, whatever servers wrote on top; None until read, and for duplicates.
    fingerprint = models.CharField(max_length=64, null=True, blank=True, editable=False)
    sender = models.CharField(_("sender"), max_length=320, blank=True)
    sender_name = models.CharField(_("sender's name"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    proof = models.CharField(_("sender is"), max_length=10, choices=Proof.choices, blank=True)
    proof_reason = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(_("became"), max_length=10, choices=MailOutcome.choices, blank=True)
    aside_reason = models.CharField(
        _("why it is no ticket"), max_length=10, choices=AsideReason.choices, blank=True
    )
    #: The header that says so, or what the reader stumbled over.
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    ticket = models.ForeignKey(
        "tickets.Ticket", models.SET_NULL, verbose_name=_("ticket"), null=True, blank=True, related_name="+"
    )

    objects = IncomingMailManager()

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mail")
        ordering = ["-id"]
        constraints = [
            # The same bytes delivered twice: the second finds the first.
            models.UniqueConstraint(fields=["brand", "sha256"], name="incoming_bytes_once"),
            # The same message by two ways, with other trace headers on top.
            models.UniqueConstraint(fields=["brand", "fingerprint"], name="incoming_message_once"),
        ]
        indexes = [
            # The reader's claim: what is due, oldest first.
            models.Index(
                fields=["available_at", "id"], name="incoming_due", condition=Q(state=IncomingState.STORED)
            ),
            # The operator's page and the box "not a ticket": newest first.
            models.Index(
                fields=["brand", "-id"],
                name="incoming_aside",
                condition=Q(state__in=[IncomingState.SET_ASIDE, IncomingState.QUARANTINED]),
            ),
            # What was read or put away and was not looked through: its reader was killed just then.
            models.Index(
                fields=["id"],
                name="incoming_unguarded",
                condition=Q(raw_state=RawState.PENDING, raw_sealed__isnull=False)
                & ~Q(state=IncomingState.STORED),
            ),
            # How many mails of one sender came in the last hour.
            models.Index(fields=["sender", "received_at"], name="incoming_by_sender"),
            # The mails of one mailbox, for the operator's counts.
            models.Index(fields=["mailbox", "received_at"], name="incoming_by_mailbox"),
            # The sweep that forgets raw bytes after MAIL_KEEP_RAW_DAYS.
            models.Index(
                fields=["received_at"], name="incoming_with_raw", condition=Q(raw_sealed__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.sha256[:12]

    def contacts(self) -> Iterable[str | None]:
        return [self.__dict__.get("sender"), self.__dict__.get("envelope_sender")]

    @property
    def raw(self) -> bytes | None:
        """The bytes as they came; None when they are kept no longer. Raises sealed.Unreadable without the key."""
        if self.raw_sealed is None:
            return None
        return sealed.unseal(bytes(self.raw_sealed), purpose=RAW)

    @raw.setter
    def raw(self, value: bytes) -> None:
        self.raw_sealed = sealed.seal(value, purpose=RAW)


class MailCopy(NotesOthers, models.Model):
    """What a mail said in full, beside the message that was made of its new text."""

    message = models.OneToOneField("tickets.Message", models.CASCADE, related_name="mail_copy")
    incoming = models.ForeignKey(IncomingMail, models.SET_NULL, null=True, blank=True, related_name="copies")
    internet_message_id = models.CharField("Message-ID", max_length=400, blank=True)
    from_name = models.CharField(_("sender's name"), max_length=200, blank=True)
    from_address = models.CharField(_("sender"), max_length=320)
    #: [{"name": …, "address": …}], as written.
    to = models.JSONField(_("to"), default=list, blank=True)
    cc = models.JSONField(_("copy"), default=list, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("date"), null=True, blank=True)
    #: All of it: what is new, quoted, signature. ``Message.body`` is the new part.
    text = models.TextField(_("whole text"), blank=True)
    html = models.TextField(_("HTML, cleaned"), blank=True)
    has_remote_images = models.BooleanField(default=False)
    #: Names of files that may not come in, with why: [{"name": …, "size": …, "reason": …}].
    withheld = models.JSONField(default=list, blank=True)
    is_cut = models.BooleanField(default=False)
    proof = models.CharField(_("sender is"), max_length=10, choices=Proof.choices)
    proof_reason = models.CharField(max_length=200, blank=True)
    #: Written by somebody who was not part of the case: it came by our address or answered our mail.
    by_stranger = models.BooleanField(default=False)
    #: Where it would have gone, had its sender been proved.
    claims_ticket = models.ForeignKey(
        "tickets.Ticket", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("mail in full")
        verbose_name_plural = _("mails in full")
        indexes = [
            # The mail that another answers.
            models.Index(fields=["internet_message_id"], name="mail_copy_by_message_id"),
        ]

    def __str__(self) -> str:
        return self.subject or self.internet_message_id

    def contacts(self) -> Iterable[str | None]:
        loaded = self.__dict__
        people = [*(loaded.get("to") or ()), *(loaded.get("cc") or ())]
        return [loaded.get("from_address"), *(str(person.get("address", "")) for person in people)]

    def texts(self) -> Iterable[str | None]:
        loaded = self.__dict__
        return [loaded.get("subject"), loaded.get("text"), loaded.get("html")]

    @property
    def people(self) -> Sequence[dict[str, str]]:
        return [*self.to, *self.cc]
