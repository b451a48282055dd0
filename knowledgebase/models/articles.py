from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.localized import Localized


class Section(models.Model):
    """A shelf of one brand's articles."""

    brand = models.ForeignKey(
        "accounts.Brand", models.CASCADE, verbose_name=_("brand"), related_name="sections"
    )
    slug = models.SlugField(_("short name"), max_length=60)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    description_zh = models.CharField(_("description in Chinese"), max_length=200, blank=True)
    description_en = models.CharField(_("description in English"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    name = Localized()
    description = Localized()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["brand", "position", "slug"]
        constraints = [models.UniqueConstraint(fields=["brand", "slug"], name="section_slug_unique")]

    def __str__(self) -> str:
        return f"{self.brand} › {self.name}"


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> ArticleQuerySet:
        return self.filter(is_published=True)


class Article(models.Model):
    """A documented solution; its words are in the translations, one per language."""

    section = models.ForeignKey(Section, models.PROTECT, verbose_name=_("section"), related_name="articles")
    slug = models.SlugField(_("short name"), max_length=80)
    #: Slugs of ticket categories this article helps with: shown on their forms.
    topics = ArrayField(
        models.CharField(max_length=40), verbose_name=_("helps with"), default=list, blank=True
    )
    is_published = models.BooleanField(_("published"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["section", "position", "slug"]
        constraints = [models.UniqueConstraint(fields=["section", "slug"], name="article_slug_unique")]

    def __str__(self) -> str:
        return self.slug


class ArticleTranslation(models.Model):
    """The words of an article in one language; ``body`` is Markdown, cleaned when it is shown."""

    article = models.ForeignKey(
        Article, models.CASCADE, verbose_name=_("article"), related_name="translations"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), help_text=_("Markdown."))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    #: Title, summary and text as searchable words; kept by ``knowledgebase.actions``.
    document = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_translation_per_language")
        ]
        indexes = [
            # Words to articles.
            GinIndex(fields=["document"], name="article_search_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title
