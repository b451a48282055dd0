from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier
from tickets.choices import Channel, Priority


class RoutingRule(models.Model):
    """Which new cases go where. Rules are asked in their order; empty conditions ask for nothing.

    Every rule that fits acts, unless one before it ended the asking; of what two rules set, the first holds.
    """

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)
    ends = models.BooleanField(
        _("ends the asking"), default=True, help_text=_("Where it fits, no later rule is asked.")
    )
    # Conditions
    brands = models.ManyToManyField("accounts.Brand", verbose_name=_("brands"), blank=True)
    categories = models.ManyToManyField(
        "tickets.Category",
        verbose_name=_("categories"),
        blank=True,
        help_text=_("Those below them too."),
    )
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        verbose_name=_("ways in"),
        default=list,
        blank=True,
    )
    languages = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    tiers = ArrayField(
        models.CharField(max_length=10, choices=Tier.choices),
        verbose_name=_("customer tiers"),
        default=list,
        blank=True,
    )
    priorities = ArrayField(
        models.PositiveSmallIntegerField(choices=Priority.choices),
        verbose_name=_("priorities"),
        default=list,
        blank=True,
    )
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_("One a line; it fits where the subject or the text holds one of them."),
    )
    senders = models.TextField(_("senders"), blank=True, help_text=_("One address or @domain a line."))
    # What it does
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        verbose_name=_("to the team"),
        null=True,
        blank=True,
        related_name="+",
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, null=True, blank=True
    )
    policy = models.ForeignKey(
        "tickets.SlaPolicy",
        models.SET_NULL,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        related_name="+",
    )
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
