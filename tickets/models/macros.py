from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized


class Macro(models.Model):
    """A text that agents use again and again. ``{customer} {number} {agent} {brand}`` are filled in when inserted."""

    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    body_zh = models.TextField(_("text in Chinese"))
    body_en = models.TextField(_("text in English"))
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
