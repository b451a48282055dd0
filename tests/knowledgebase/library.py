"""Articles for the tests, made by the actions."""

from __future__ import annotations

from typing import Any

from accounts.models import Brand
from knowledgebase.actions.articles import publish, save_translation
from knowledgebase.models import Article, Section


def article(
    brand: Brand, slug: str, *, zh: tuple[str, str] = ("", ""), en: tuple[str, str] = ("", ""), **values: Any
) -> Article:
    """A published article; ``zh`` and ``en`` are (title, text), an empty title leaves the language out."""
    section, _ = Section.objects.get_or_create(
        brand=brand, slug="all", defaults={"name_zh": "全部", "name_en": "All"}
    )
    made = Article.objects.create(section=section, slug=slug, **values)
    for language, (title, body) in (("zh-hans", zh), ("en", en)):
        if title:
            save_translation(made, language=language, title=title, summary="", body=body)
    return publish(made)
