"""Writing articles. Every change of the words goes through here, so that the search always knows them."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import DomainError, Invalid, Text
from helpdesk.lib.guarding import guarded
from helpdesk.lib.text_search import to_tsvector_literal
from knowledgebase.models import Article, ArticleTranslation
from knowledgebase.rules.markdown import to_plain

MAX_TITLE = 120
MAX_SUMMARY = 300


class NothingToPublish(DomainError):
    code = "nothing_to_publish"
    status = 409
    message = _("This article has no text in any language yet.")


@transaction.atomic
def save_translation(
    article: Article, *, language: str, title: str, summary: str, body: str
) -> ArticleTranslation:
    """Write the article's words in one language, new or again, and make them findable.

    Raises Invalid for an unknown language, or a title or text that is missing or too long.
    """
    values = {"title": title.strip(), "summary": summary.strip(), "body": body.strip()}
    _check(language, **values)
    # Before the words are indexed; an example of a phrase in an article is somebody's phrase, too.
    values = {name: guarded(text) for name, text in values.items()}
    translation, _created = ArticleTranslation.objects.update_or_create(
        article=article, language=language, defaults=values
    )
    _index(translation)
    article.save(update_fields=["updated_at"])
    return translation


def _check(language: str, *, title: str, summary: str, body: str) -> None:
    wrong: dict[str, Text] = {}
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = _("Choose one of the list.")
    if not title:
        wrong["title"] = _("Give the article a title.")
    if not body:
        wrong["body"] = _("Write the article's text.")
    for field, text, limit in (("title", title, MAX_TITLE), ("summary", summary, MAX_SUMMARY)):
        if len(text) > limit:
            wrong[field] = _("At most %(limit)s characters fit here.") % {"limit": limit}
    if wrong:
        raise Invalid(wrong)


def _index(translation: ArticleTranslation) -> None:
    """The title weighs most, then the summary, then the text."""
    document = to_tsvector_literal(
        [(translation.title, "A"), (translation.summary, "B"), (to_plain(translation.body), "D")]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE knowledgebase_articletranslation SET document = %s::tsvector WHERE id = %s",
            [document, translation.pk],
        )


def reindex() -> int:
    """Make every article findable anew, after the way words are cut has changed; how many texts."""
    rows = list(ArticleTranslation.objects.all())
    for translation in rows:
        _index(translation)
    return len(rows)


@transaction.atomic
def publish(article: Article) -> Article:
    """Show the article to readers. Raises NothingToPublish while it has no words."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.translations.exists():
        raise NothingToPublish
    return _set_published(article, True)


@transaction.atomic
def unpublish(article: Article) -> Article:
    """Take the article away from readers; its words stay."""
    return _set_published(Article.objects.select_for_update().get(pk=article.pk), False)


def _set_published(article: Article, published: bool) -> Article:
    if article.is_published != published:
        article.is_published = published
        article.save(update_fields=["is_published", "updated_at"])
    return article
