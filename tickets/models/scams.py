from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock
from helpdesk.lib.defang import defanged
from tickets.choices import ScamKind, ScamState


class ScamCampaign(models.Model):
    """What belongs together of the frauds that were reported: one host, number, address, or nearly the same words.

    Written by ``tickets.actions.scams`` only. Counts are kept here: the list is read far more often than written.
    """

    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=ScamState.choices, default=ScamState.NEW)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="+"
    )
    brands = models.ManyToManyField("accounts.Brand", verbose_name=_("brands"), related_name="+")
    count = models.PositiveIntegerField(_("reports"), default=0)
    first_seen = models.DateTimeField(_("first seen"), default=clock.now)
    last_seen = models.DateTimeField(_("last seen"), default=clock.now)
    judged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("judged by"), null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    #: What customers read of it.
    advice_zh = models.CharField(_("for customers, in Chinese"), max_length=300, blank=True)
    advice_en = models.CharField(_("for customers, in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scam campaign")
        verbose_name_plural = _("scam campaigns")
        ordering = ["-last_seen"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="campaign_not_into_itself"),
        ]
        indexes = [
            # The list of campaigns, by state, the latest first; what was merged is in none.
            models.Index(
                fields=["state", "-last_seen"], name="campaign_by_state", condition=Q(merged_into=None)
            ),
            models.Index(fields=["-last_seen"], name="campaign_latest", condition=Q(merged_into=None)),
        ]

    def __str__(self) -> str:
        return self.title


class ScamKey(models.Model):
    """One sign by which a report is known to belong to a campaign (``rules.scams.clusters``), such as ``host:…``.

    Unique: two reports of the same thing at one time meet here.
    """

    key = models.CharField(max_length=300, unique=True)
    campaign = models.ForeignKey(ScamCampaign, models.CASCADE, related_name="keys")

    class Meta:
        verbose_name = _("sign of a campaign")
        verbose_name_plural = _("signs of campaigns")

    def __str__(self) -> str:
        return defanged(self.key)


class ScamReport(NotesOthers, models.Model):
    """What somebody reported, in one spelling. The value is shown defanged everywhere and fetched nowhere."""

    campaign = models.ForeignKey(
        ScamCampaign, models.CASCADE, verbose_name=_("campaign"), related_name="reports"
    )
    brand = models.ForeignKey("accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="+")
    #: The case in which it was named, or which was opened for its picture.
    ticket = models.ForeignKey(
        "tickets.Ticket",
        models.SET_NULL,
        verbose_name=_("ticket"),
        null=True,
        blank=True,
        related_name="scams",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ScamKind.choices)
    value = models.CharField(_("what was reported"), max_length=500)
    remark = models.TextField(_("in their words"), max_length=1000, blank=True)
    lost_money = models.BooleanField(_("says they lost something"), default=False)
    reported_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        verbose_name=_("reported by"),
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("reported"), default=clock.now)
    #: The same form sent twice is one report.
    origin_key = models.CharField(max_length=200, null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("scam report")
        verbose_name_plural = _("scam reports")
        ordering = ["-id"]
        indexes = [
            # The reports of one campaign, newest first.
            models.Index(fields=["campaign", "-id"], name="scam_by_campaign"),
        ]

    def __str__(self) -> str:
        return self.shown

    def texts(self) -> Iterable[str | None]:
        return [self.__dict__.get("remark")]

    @property
    def shown(self) -> str:
        return defanged(self.value)


class ScamFeed(models.Model):
    """An address from which another program (a mail filter, a firewall) fetches the list of known scams. Whoever has
    the address may read; switched off it opens nothing.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    brand = models.ForeignKey(
        "accounts.Brand",
        models.CASCADE,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: every brand."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("made by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=clock.now)
    last_read_at = models.DateTimeField(_("last fetched"), null=True, blank=True)

    class Meta:
        verbose_name = _("scam list address")
        verbose_name_plural = _("scam list addresses")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
