"""Articles as readers leaf through them: shelves, one article, what helps with a topic, what helped most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Brand
from knowledgebase.models import Article, ArticleTranslation, Section


@dataclass(frozen=True)
class Entry:
    """An article as a line in a list, in the reader's language where it exists, else in the other."""

    article: Article
    translation: ArticleTranslation

    @property
    def title(self) -> str:
        return self.translation.title

    @property
    def summary(self) -> str:
        return self.translation.summary


@dataclass(frozen=True)
class Shelf:
    section: Section
    entries: list[Entry]


def _published(brand: Brand) -> Iterable[Article]:
    """Without the long texts: a list shows titles and summaries."""
    return (
        Article.objects.published()
        .filter(section__brand=brand)
        .select_related("section")
        .order_by("position", "slug")
    )


def entries_of(articles: Iterable[Article], language: str) -> list[Entry]:
    """The articles with their words, in the same order; two queries however many there are."""
    rows = list(articles)
    best: dict[int, ArticleTranslation] = {}
    texts = ArticleTranslation.objects.filter(article__in=[row.pk for row in rows]).defer("body", "document")
    for text in texts:
        if text.article_id not in best or text.language == language:
            best[text.article_id] = text
    return [Entry(row, best[row.pk]) for row in rows if row.pk in best]


def shelves(brand: Brand, language: str) -> list[Shelf]:
    """The brand's sections with their articles; empty ones are left out."""
    by_section: dict[int, list[Entry]] = {}
    for entry in entries_of(_published(brand), language):
        by_section.setdefault(entry.article.section_id, []).append(entry)
    sections = Section.objects.filter(brand=brand, pk__in=by_section)
    return [Shelf(section, by_section[section.pk]) for section in sections]


def article(brand: Brand, section: str, slug: str, language: str) -> Entry | None:
    """One published article with its full text, in the reader's language where it exists."""
    found = (
        Article.objects.published()
        .filter(section__brand=brand, section__slug=section, slug=slug)
        .select_related("section")
        .first()
    )
    if found is None:
        return None
    texts = list(found.translations.defer("document"))
    text = next((row for row in texts if row.language == language), texts[0] if texts else None)
    return Entry(found, text) if text is not None else None


def neighbours(found: Article, language: str, *, limit: int = 5) -> list[Entry]:
    """Other articles on the same shelf."""
    rows = (
        Article.objects.published()
        .filter(section=found.section_id)
        .exclude(pk=found.pk)
        .select_related("section")
        .order_by("position", "slug")[:limit]
    )
    return entries_of(rows, language)


def for_topics(brand: Brand, topics: Sequence[str], language: str, *, limit: int = 4) -> list[Entry]:
    """Articles that help with any of these ticket categories, those of the first named before the rest."""
    if not topics:
        return []
    rows = Article.objects.published().filter(section__brand=brand, topics__overlap=list(topics))
    nearest = sorted(
        rows.select_related("section").order_by("position", "slug"),
        key=lambda row: min(topics.index(topic) for topic in row.topics if topic in topics),
    )
    return entries_of(nearest[:limit], language)


def popular(brand: Brand, language: str, *, limit: int = 6) -> list[Entry]:
    """What helped most readers; while nobody has said, the order the authors gave."""
    rows = (
        Article.objects.published()
        .filter(section__brand=brand)
        .select_related("section")
        .annotate(helped=Count("feedback", filter=Q(feedback__helpful=True)))
        .order_by("-helped", "section__position", "position", "slug")[:limit]
    )
    return entries_of(rows, language)
