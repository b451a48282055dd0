from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized
from tickets.choices import AssigneeAct, Channel, Priority, Status
from tickets.rules.macros import Conditions


class Macro(models.Model):
    """What agents do again and again with one key: a text, changes, or both, for the cases that its conditions name.

    The blanks of ``rules.macros`` are filled in when the text is inserted.
    """

    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    body_zh = models.TextField(_("text in Chinese"), blank=True)
    body_en = models.TextField(_("text in English"), blank=True)
    is_note = models.BooleanField(_("text is an internal note"), default=False, db_default=False)
    brand = models.ForeignKey(
        "accounts.Brand",
        models.CASCADE,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        help_text=_("Empty: every brand."),
    )
    category = models.ForeignKey(
        "tickets.Category",
        models.CASCADE,
        verbose_name=_("category"),
        null=True,
        blank=True,
        help_text=_("Empty: every category."),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        verbose_name=_("of the team"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: every team may use it."),
    )
    channel = models.CharField(
        _("way in"), max_length=10, choices=Channel.choices, blank=True, default="", db_default=""
    )
    statuses = ArrayField(
        models.CharField(max_length=10, choices=Status.choices),
        verbose_name=_("for cases that are"),
        default=list,
        blank=True,
        db_default=[],
        help_text=_("Empty: any."),
    )
    set_status = models.CharField(
        _("sets the status"), max_length=10, choices=Status.choices, blank=True, default="", db_default=""
    )
    set_priority = models.PositiveSmallIntegerField(
        _("sets the priority"), choices=Priority.choices, null=True, blank=True
    )
    set_category = models.ForeignKey(
        "tickets.Category",
        models.SET_NULL,
        verbose_name=_("sets the category"),
        null=True,
        blank=True,
        related_name="+",
    )
    set_team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        verbose_name=_("moves to the team"),
        null=True,
        blank=True,
        related_name="+",
    )
    set_assignee = models.CharField(
        _("assigns to"),
        max_length=10,
        choices=AssigneeAct.choices,
        default=AssigneeAct.KEEP,
        db_default=AssigneeAct.KEEP.value,
    )
    add_tags = ArrayField(
        models.CharField(max_length=40), verbose_name=_("adds tags"), default=list, blank=True, db_default=[]
    )
    remove_tags = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("removes tags"),
        default=list,
        blank=True,
        db_default=[],
    )
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = Localized()
    body = Localized()

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_text(self) -> bool:
        return bool(self.body_zh or self.body_en)

    @property
    def has_changes(self) -> bool:
        """Whether it changes the case besides saying something."""
        sets = (self.set_status, self.set_priority, self.set_category_id, self.set_team_id)
        return any(sets) or self.set_assignee != AssigneeAct.KEEP or bool(self.add_tags or self.remove_tags)

    @property
    def conditions(self) -> Conditions:
        return Conditions(
            self.brand_id, self.category_id, self.team_id, self.channel, frozenset(self.statuses)
        )
