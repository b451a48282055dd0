from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized
from tickets.choices import FieldKind, Priority


class Category(models.Model):
    """What a case is about, and where such a case goes. A tree; an empty default is taken from the parent."""

    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("parent"), null=True, blank=True, related_name="children"
    )
    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    hint_zh = models.CharField(_("hint in Chinese"), max_length=200, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=200, blank=True)
    have_ready_zh = models.TextField(_("what to have at hand, in Chinese"), blank=True)
    have_ready_en = models.TextField(_("what to have at hand, in English"), blank=True)
    icon = models.CharField(_("icon"), max_length=40, default="help", blank=True)
    brands = models.ManyToManyField(
        "accounts.Brand", verbose_name=_("brands"), blank=True, help_text=_("Empty: offered by every brand.")
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        verbose_name=_("default team"),
        null=True,
        blank=True,
        related_name="+",
    )
    priority = models.PositiveSmallIntegerField(
        _("default priority"), choices=Priority.choices, null=True, blank=True
    )
    is_emergency = models.BooleanField(_("urgent door on the front page"), default=False)
    is_complaint = models.BooleanField(
        _("cases here are complaints"), default=False, help_text=_("Those of the categories below it too.")
    )
    skill = models.CharField(
        _("skill needed"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_("Cases here go to people who have it. Empty: as the category above says."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = Localized()
    hint = Localized()
    have_ready = Localized()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return f"{self.parent.name} › {self.name}" if self.parent else self.name

    def lineage(self) -> Iterator[Category]:
        """This category, then its parent, and so on to the root."""
        node: Category | None = self
        while node is not None:
            yield node
            node = node.parent

    def clean(self) -> None:
        node, seen = self.parent, {self.pk} if self.pk else set()
        while node is not None:
            if node.pk in seen:
                raise ValidationError({"parent": _("A category cannot lie below itself.")})
            seen.add(node.pk)
            node = node.parent


class CategoryField(models.Model):
    """One question on the form of a category (and of those below it)."""

    category = models.ForeignKey(Category, models.CASCADE, verbose_name=_("category"), related_name="fields")
    key = models.SlugField(
        _("key"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*$", _("Small letters, digits and _ only."))],
    )
    kind = models.CharField(_("kind"), max_length=20, choices=FieldKind.choices, default=FieldKind.TEXT)
    label_zh = models.CharField(_("label in Chinese"), max_length=100)
    label_en = models.CharField(_("label in English"), max_length=100)
    help_zh = models.CharField(_("help text in Chinese"), max_length=300, blank=True)
    help_en = models.CharField(_("help text in English"), max_length=300, blank=True)
    required = models.BooleanField(_("required"), default=True)
    options = models.JSONField(
        _("options"),
        default=list,
        blank=True,
        help_text=_(
            'For a list: [{"value": "bank_card", "zh": "银行卡", "en": "Bank card"}, …]; for money: ["CNY", "USD"].'
        ),
    )
    pattern = models.CharField(
        _("pattern"),
        max_length=200,
        blank=True,
        help_text=_("A regular expression that the whole text must match."),
    )
    max_length = models.PositiveSmallIntegerField(_("greatest length"), default=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    label = Localized()
    help = Localized()

    class Meta:
        verbose_name = _("form field")
        verbose_name_plural = _("form fields")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "key"], name="category_field_key_unique")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        import re

        try:
            re.compile(self.pattern)
        except re.error as problem:
            raise ValidationError({"pattern": _("Not a valid pattern: %s") % problem}) from problem
        if self.kind == FieldKind.CHOICE and not self.options:
            raise ValidationError({"options": _("A list needs at least one option.")})
