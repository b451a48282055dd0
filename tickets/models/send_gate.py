from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized


class ForbiddenPhrase(models.Model):
    """What must not be said to a customer: a promise that we cannot keep, or asking for a secret."""

    words = models.TextField(
        _("words"),
        help_text=_("One phrase a line. * stands for some characters, as in “guarantee * refund”."),
    )
    reason_zh = models.CharField(_("why, in Chinese"), max_length=200)
    reason_en = models.CharField(_("why, in English"), max_length=200)
    brand = models.ForeignKey(
        "accounts.Brand",
        models.CASCADE,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: every brand."),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True, help_text=_("Empty: every one.")
    )
    may_send_anyway = models.BooleanField(
        _("may be sent anyway"),
        default=False,
        help_text=_("The author may confirm that it is meant; else it must be said differently."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    reason = Localized()

    class Meta:
        verbose_name = _("forbidden phrase")
        verbose_name_plural = _("forbidden phrases")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.words.partition("\n")[0][:60]
