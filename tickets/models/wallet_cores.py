from __future__ import annotations

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import VerificationLevel
from helpdesk.lib import clock, sealed
from tickets.choices import ActKind

SEALED_FOR = "tickets.wallet_core"


class WalletCore(models.Model):
    """The system of a brand that keeps its accounts, and carries out what was approved here."""

    brand = models.OneToOneField(
        "accounts.Brand", models.CASCADE, verbose_name=_("brand"), related_name="wallet_core"
    )
    url = models.URLField(
        _("address"), max_length=300, help_text=_("It must begin with https:// . /acts is added to it.")
    )
    key_id = models.CharField(
        _("name of the key"),
        max_length=64,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Za-z0-9._-]+$", _("Letters, digits, dots, dashes and underscores."))
        ],
    )
    sealed_secret = models.BinaryField(editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    changed_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("wallet core")
        verbose_name_plural = _("wallet cores")
        ordering = ["brand"]

    def __str__(self) -> str:
        return f"{self.brand}: {self.url}"

    @property
    def secret(self) -> bytes:
        """Signs what goes to and fro. Raises ``sealed.Unreadable``."""
        return sealed.unseal(bytes(self.sealed_secret), purpose=SEALED_FOR)

    def set_secret(self, secret: bytes) -> None:
        self.sealed_secret = sealed.seal(secret, purpose=SEALED_FOR)


class WalletNonce(models.Model):
    """A word of a wallet core that was heard: not heard twice. Forgotten once its time stamp is too old anyway."""

    core = models.ForeignKey(WalletCore, models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["core", "nonce"], name="wallet_nonce_once")]

    def __str__(self) -> str:
        return self.nonce


class ActPolicy(models.Model):
    """What a brand asks for a kind of sensitive act: more than ``rules/wallet.py`` does, never less."""

    brand = models.ForeignKey(
        "accounts.Brand", models.CASCADE, verbose_name=_("brand"), related_name="act_policies"
    )
    kind = models.CharField(
        _("kind"),
        max_length=24,
        choices=[choice for choice in ActKind.choices if choice[0] != ActKind.FREEZE.value],
    )
    level = models.PositiveSmallIntegerField(
        _("needed proof"), choices=VerificationLevel.choices, default=VerificationLevel.CONTACT
    )
    approvals = models.PositiveSmallIntegerField(_("approvals"), default=1, validators=[MinValueValidator(1)])
    hours = models.PositiveSmallIntegerField(
        _("expires after so many hours"), default=24, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = _("policy for sensitive acts")
        verbose_name_plural = _("policies for sensitive acts")
        ordering = ["brand", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "kind"], name="one_act_policy_per_brand_and_kind"),
            models.CheckConstraint(
                condition=models.Q(approvals__range=(1, 5), hours__range=(1, 720)), name="act_policy_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand}: {self.get_kind_display()}"


class ActThreshold(models.Model):
    """From this amount on, so many approvals."""

    policy = models.ForeignKey(ActPolicy, models.CASCADE, verbose_name=_("policy"), related_name="thresholds")
    currency = models.CharField(
        _("currency"),
        max_length=8,
        validators=[RegexValidator(r"^[A-Z]{3,8}$", _("Three to eight capital letters, such as CNY."))],
    )
    amount = models.DecimalField(
        _("from amount"), max_digits=24, decimal_places=8, validators=[MinValueValidator(0)]
    )
    approvals = models.PositiveSmallIntegerField(_("approvals"), default=2, validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["currency", "amount"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "currency", "amount"], name="one_threshold_per_amount"),
            models.CheckConstraint(
                condition=models.Q(approvals__range=(1, 5), amount__gte=0), name="act_threshold_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount.normalize():f}: {self.approvals}"
