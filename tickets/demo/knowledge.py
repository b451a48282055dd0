"""The demo's articles: Markdown files with a head of YAML, one per brand, article and language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

from accounts.models import Brand
from knowledgebase.actions.articles import publish, save_translation
from knowledgebase.models import Article, Section


def folder() -> Path:
    return Path(apps.get_app_config("knowledgebase").path) / "demo"


def build() -> int:
    """Every section of every brand, every article published; how many articles."""
    sections = yaml.safe_load((folder() / "sections.yaml").read_text(encoding="utf-8"))
    written = 0
    for brand in Brand.objects.all():
        shelves = {row["slug"]: Section.objects.create(brand=brand, **row) for row in sections}
        written += _articles(brand, shelves)
    return written


def _articles(brand: Brand, shelves: dict[str, Section]) -> int:
    articles: dict[str, Article] = {}
    for path in sorted((folder() / brand.slug).glob("*.md")):
        slug, language = path.name.removesuffix(".md").rsplit(".", 1)
        head, body = _read(path)
        if slug not in articles:
            articles[slug] = Article.objects.create(
                section=shelves[head["section"]], slug=slug, topics=head["topics"], position=head["position"]
            )
        save_translation(
            articles[slug], language=language, title=head["title"], summary=head["summary"], body=body
        )
    for article in articles.values():
        publish(article)
    return len(articles)


def _read(path: Path) -> tuple[dict[str, Any], str]:
    _nothing, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), body.strip()
