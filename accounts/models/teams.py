from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import AssignmentMode
from helpdesk.lib.localized import Localized


class Team(models.Model):
    """People who work one kind of case, for any of the brands its members serve."""

    slug = models.SlugField(_("short name"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    assignment = models.CharField(
        _("assignment"),
        max_length=12,
        choices=AssignmentMode.choices,
        default=AssignmentMode.PULL,
        db_default=AssignmentMode.PULL.value,
    )
    hands_back = models.BooleanField(
        _("hand back when going off duty"),
        default=True,
        db_default=True,
        help_text=_("Cases that nobody has answered yet go to others when their assignee goes off duty."),
    )

    name = Localized()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
