from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import VerificationLevel
from accounts.masking import NotesOthers
from helpdesk.lib import clock
from tickets.choices import OPEN_ACT_STATES, ActKind, ActorKind, ActState, MailState

OPEN = Q(state__in=[state.value for state in OPEN_ACT_STATES])


class SensitiveAct(NotesOthers, models.Model):
    """Something to be done at the wallet that a customer could be robbed by: asked for, approved, carried out once.

    Written by ``tickets.actions.wallet*`` only. Triggers (migration ``0020_wallet``) hold what matters most whoever
    writes: approved content stays as it was approved, and nothing is approved without the people it needs.
    """

    #: Names the act in addresses and to the wallet: its idempotency key, for ever the same.
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, verbose_name=_("ticket"), related_name="sensitive_acts"
    )
    brand = models.ForeignKey("accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="+")
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="sensitive_acts"
    )

    # The content: exactly what is to be done. ``content_hash`` is over these, the revision, and what it belongs to.
    kind = models.CharField(_("kind"), max_length=24, choices=ActKind.choices)
    account = models.CharField(_("account"), max_length=64)
    #: The account however it is written (``rules.wallet_holder.account_key``): by this it is looked up.
    account_key = models.CharField(max_length=192, default="", db_default="", editable=False)
    amount = models.DecimalField(_("amount"), max_digits=24, decimal_places=8, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=8, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    #: Of a refund: its transaction however it is written (``rules.wallet_content.transaction_key``).
    transaction_key = models.CharField(max_length=300, default="", db_default="", editable=False)
    reason_code = models.CharField(_("reason"), max_length=24)
    reason = models.TextField(_("reason in words"), max_length=1000, blank=True)
    #: Counts the edits: what was approved before an edit is approved no more, even if it is edited back.
    revision = models.PositiveSmallIntegerField(default=1)
    content_hash = models.CharField(_("fingerprint"), max_length=64)

    # What it needed by the policy when it was asked for, or edited.
    needed_level = models.PositiveSmallIntegerField(_("needed proof"), choices=VerificationLevel.choices)
    needed_approvals = models.PositiveSmallIntegerField(_("needed approvals"))

    requester_kind = models.CharField(_("asked for by"), max_length=10, choices=ActorKind.choices)
    requested_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        related_name="+",
    )
    requester_name = models.CharField(_("name"), max_length=120, blank=True)
    requested_at = models.DateTimeField(_("asked for"), default=clock.now)
    #: Of a freeze: when it was last wanted once more, while it was on its way or had just been done.
    asked_again_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Neither approved nor sent after this.
    expires_at = models.DateTimeField(_("expires"))

    state = models.CharField(_("state"), max_length=10, choices=ActState.choices, default=ActState.REQUESTED)
    #: Counts every change; a page that shows an older one is out of date.
    version = models.PositiveIntegerField(default=1)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    #: Refused, withdrawn, expired, done or failed.
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("ended by"), null=True, blank=True, related_name="+"
    )
    #: Why it was refused, in words; or by which code the wallet refused, or what had run out.
    ending = models.CharField(_("why it ended"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("sensitive act")
        verbose_name_plural = _("sensitive acts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "account_key", "kind"],
                condition=OPEN,
                name="one_open_act_of_a_kind_per_account",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="") | (Q(amount__gt=0) & ~Q(currency="")),
                name="act_amount_has_currency",
            ),
            # Only a freeze is done without a second person.
            models.CheckConstraint(
                condition=Q(needed_approvals__gt=0) | Q(kind=ActKind.FREEZE.value), name="act_needs_approval"
            ),
            models.CheckConstraint(
                condition=Q(requested_by__isnull=False) | Q(kind=ActKind.FREEZE.value),
                name="act_has_requester",
            ),
            models.CheckConstraint(condition=Q(content_hash__regex=r"^[0-9a-f]{64}$"), name="act_has_hash"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("requested_at")), name="act_expires_later"),
        ]
        indexes = [
            # The side panel of a ticket.
            models.Index(fields=["ticket", "-id"], name="act_by_ticket"),
            # "To approve", oldest first, brand by brand.
            models.Index(
                fields=["brand", "-id"], name="act_to_approve", condition=Q(state=ActState.REQUESTED.value)
            ),
            # "All", newest first, brand by brand.
            models.Index(fields=["brand", "-id"], name="act_by_brand"),
            # "Mine".
            models.Index(fields=["requested_by", "-id"], name="act_by_requester"),
            # The clock: what nobody decided in time.
            models.Index(
                fields=["expires_at"], name="act_expiring", condition=Q(state=ActState.REQUESTED.value)
            ),
            # What is paid back of one transaction.
            models.Index(
                fields=["brand", "transaction_key"],
                name="act_by_transaction",
                condition=~Q(transaction_key=""),
            ),
            # Is this account frozen, by what we know?
            models.Index(fields=["brand", "account_key", "-id"], name="act_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.account} ({self.state})"

    def texts(self) -> Iterable[str | None]:
        """Not the content: whoever approves it must be able to read exactly what it is."""
        return [self.__dict__.get("reason"), self.__dict__.get("ending")]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ACT_STATES

    @property
    def short_hash(self) -> str:
        """What two people compare on the phone."""
        return f"{self.content_hash[:4]} {self.content_hash[4:8]} {self.content_hash[8:12]}"


class ActApproval(models.Model):
    """Somebody approved exactly what has this fingerprint. Appended, never changed; triggers say who may not."""

    act = models.ForeignKey(SensitiveAct, models.PROTECT, verbose_name=_("act"), related_name="approvals")
    approver = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("approved by"), related_name="+"
    )
    at = models.DateTimeField(_("at"), default=clock.now)
    content_hash = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "approver", "content_hash"], name="one_approval_per_person_and_content"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_id}: {self.approver_id}"


class WalletCommand(models.Model):
    """An approved act that is to be carried out by the wallet core: committed with the approval, sent afterwards.

    ``act.key`` goes along as the idempotency key. What a kill or a time-out left unknown is asked for before it is
    sent again.
    """

    act = models.OneToOneField(SensitiveAct, models.PROTECT, verbose_name=_("act"), related_name="command")
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written"), default=clock.now)
    #: Not before this; while being sent, until when the claim holds.
    available_at = models.DateTimeField(_("not before"), default=clock.now)
    #: Set before the call leaves: from then on it may have had its effect, until the wallet says that it has not.
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    #: The wallet's signed word on it, as it was verified.
    answer = models.JSONField(_("answer"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("wallet command")
        verbose_name_plural = _("wallet commands")
        ordering = ["-id"]
        indexes = [
            # The sender's claim: what is due, oldest first.
            models.Index(
                fields=["available_at", "id"],
                name="walletcommand_due",
                condition=Q(state__in=[MailState.QUEUED.value, MailState.SENDING.value]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_id}: {self.state}"
