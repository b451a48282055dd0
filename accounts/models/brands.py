from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized

#: Path segments that the site itself uses: a brand with such a slug could not be reached.
RESERVED_SLUGS = frozenset(
    {
        "admin",
        "api",
        "accounts",
        "dev",
        "f",
        "healthz",
        "static",
        "mail",
        "media",
        "i18n",
        "t",
        "emergency",
        "__debug__",
    }
)


class Brand(models.Model):
    """One wallet company served by this deployment: its name, colours, ways in and promises."""

    slug = models.SlugField(_("short name in addresses"), max_length=30, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    accent = models.CharField(
        _("brand colour"),
        max_length=7,
        default="#1f5eff",
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six hexadecimal digits."))
        ],
    )
    host = models.CharField(
        _("own host name"),
        max_length=200,
        blank=True,
        help_text=_("For example help.example.com; may stay empty."),
    )
    email = models.EmailField(_("e-mail address"), help_text=_("Sender of all mail of this brand."))
    hotline = models.CharField(_("hotline"), max_length=40, blank=True)
    hours_zh = models.CharField(_("opening hours in Chinese"), max_length=200, blank=True)
    hours_en = models.CharField(_("opening hours in English"), max_length=200, blank=True)
    promise_zh = models.CharField(_("time promise in Chinese"), max_length=300, blank=True)
    promise_en = models.CharField(_("time promise in English"), max_length=300, blank=True)
    mail_signature_zh = models.TextField(_("signature of mails in Chinese"), max_length=1000, blank=True)
    mail_signature_en = models.TextField(_("signature of mails in English"), max_length=1000, blank=True)
    copies_to_participants = models.BooleanField(
        _("people in copy take part"),
        default=True,
        db_default=True,
        help_text=_("Whom a customer puts in copy gets our replies, until an agent removes them."),
    )
    social = models.JSONField(
        _("social accounts"),
        default=list,
        blank=True,
        help_text=_('A list such as [{"name": "WeChat", "account": "…"}].'),
    )
    language = models.CharField(
        _("main language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    country = models.CharField(
        _("country whose law holds"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Write two capital letters, such as CN."))],
        help_text=_(
            "Two letters, such as CN: says which emergency numbers and stop-payment rules are shown."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = Localized()
    hours = Localized()
    promise = Localized()
    mail_signature = Localized()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["position", "slug"]
        constraints = [
            # A mail or a request names the brand by its host: two brands on one host could not be told apart.
            models.UniqueConstraint(fields=["host"], condition=~models.Q(host=""), name="brand_host_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This word is used by the site itself. Please choose another.")})
