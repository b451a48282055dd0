from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized


class Team(models.Model):
    """People who work one kind of case, for any of the brands its members serve."""

    slug = models.SlugField(_("short name"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    name = Localized()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
