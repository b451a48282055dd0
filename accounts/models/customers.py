from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import masking
from accounts.choices import Tier


class Customer(masking.Notes, models.Model):
    """A person who has a case; known by e-mail or phone, perhaps without a log-in. One customer, one history."""

    user = models.OneToOneField(
        "accounts.User",
        models.SET_NULL,
        verbose_name=_("log-in"),
        null=True,
        blank=True,
        related_name="customer",
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(
        _("phone"), max_length=20, blank=True, help_text=_("International form: +8613800138000")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    tier = models.CharField(
        _("tier"), max_length=10, choices=Tier.choices, default=Tier.STANDARD, db_default=Tier.STANDARD.value
    )
    created_at = models.DateTimeField(_("known since"), auto_now_add=True)
    #: Since when nothing is known of them but that their cases had somebody.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            # Intake finds the customer by either: each names one person at most.
            models.UniqueConstraint(
                fields=["email"], condition=~models.Q(email=""), name="customer_email_unique"
            ),
            models.UniqueConstraint(
                fields=["phone"], condition=~models.Q(phone=""), name="customer_phone_unique"
            ),
        ]
        indexes = [
            # Queue filtered by tier: the few above the rest.
            models.Index(
                fields=["tier"], condition=~models.Q(tier=Tier.STANDARD), name="customer_above_standard"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def note_contacts(self) -> None:
        loaded = self.__dict__
        masking.note_customer(*map(loaded.get, ("id", "email", "phone", "name")))

    @property
    def display_name(self) -> str:
        return self.name or self.email or self.phone or "—"
