from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import RunState


class RetentionRule(models.Model):
    """Cases of a brand and a category are emptied so many days after they were closed. Of several that fit, the one
    that names most decides: brand and category, then category, then brand, then neither.
    """

    brand = models.ForeignKey(
        "accounts.Brand",
        models.CASCADE,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: every brand."),
    )
    category = models.ForeignKey(
        "tickets.Category",
        models.CASCADE,
        verbose_name=_("category"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("With those below it. Empty: every category."),
    )
    days = models.PositiveIntegerField(
        _("days after closing"), validators=[MinValueValidator(1), MaxValueValidator(36_500)]
    )
    #: And the customer, once none of their cases holds words any more.
    with_person = models.BooleanField(
        _("erase the person too"),
        default=False,
        help_text=_("Once none of their cases is kept any longer."),
    )
    is_active = models.BooleanField(_("active"), default=False)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "category"], name="one_retention_rule_each", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand or '*'} › {self.category or '*'}: {self.days}"


class RetentionRun(models.Model):
    """One carrying out of the active rules, or one look at what they would do. Numbers of cases, no words of them."""

    is_dry = models.BooleanField(_("only looked"), default=True)
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("asked by"), null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: By the rule's key: how many cases.
    counts = models.JSONField(default=dict, blank=True)
    #: The first of them by number, as many as RetentionRun.LISTED.
    numbers = models.JSONField(default=list, blank=True)
    #: How many a legal hold keeps.
    held = models.PositiveIntegerField(_("kept by legal holds"), default=0)
    people = models.PositiveIntegerField(_("people erased"), default=0)

    LISTED = 1000

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_dry"],
                condition=Q(state__in=[RunState.QUEUED.value, RunState.RUNNING.value], is_dry=False),
                name="one_retention_run_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())
