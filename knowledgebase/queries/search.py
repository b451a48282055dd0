"""Finding articles by words, in either language, however the reader's own is set."""

from __future__ import annotations

from django.db import connection

from accounts.models import Brand
from helpdesk.lib.text_search import fold, quoted, searched, to_tsquery
from knowledgebase.models import Article
from knowledgebase.queries.browse import Entry, entries_of

MAX_TEXT = 300
MAX_WORDS = 60
FEW = 3
#: Weights of text, (unused), summary, title.
_WEIGHTS = "{0.1, 0.2, 0.5, 1.0}"

_SQL = """
SELECT t.article_id,
       max(ts_rank(%(weights)s::real[], t.document, q.query, 1) * CASE WHEN t.language = %(language)s THEN 2 ELSE 1 END)
       AS rank
FROM (SELECT %(query)s::tsquery AS query) q,
     knowledgebase_articletranslation t
     JOIN knowledgebase_article a ON a.id = t.article_id AND a.is_published
     JOIN knowledgebase_section s ON s.id = a.section_id AND s.brand_id = %(brand)s
WHERE t.document @@ q.query
GROUP BY t.article_id
ORDER BY rank DESC, t.article_id
LIMIT %(limit)s
"""


def search(brand: Brand, text: str, language: str, *, limit: int = 20) -> list[Entry]:
    """Articles that hold every word, the best first; where there are few, those that hold some of them follow."""
    found = _ranked(brand, to_tsquery(text, prefix=True), language, limit)
    if len(found) < min(limit, FEW):
        found += [pk for pk in _ranked(brand, _any_word(text), language, limit) if pk not in found]
    return _entries(found[:limit], language)


def suggest(brand: Brand, text: str, language: str, *, limit: int = 3) -> list[Entry]:
    """Articles near to what somebody is typing: any word counts, the more of them the better."""
    return _entries(_ranked(brand, _any_word(text), language, limit), language)


def _any_word(text: str) -> str:
    """A query that one word fulfils. What was typed last says most about what is meant."""
    telling = searched(fold(text[-MAX_TEXT:]))
    lexemes = [quoted(lexeme) for word in telling for _place, lexeme in word.lexemes()]
    return " | ".join(list(dict.fromkeys(lexemes))[:MAX_WORDS])


def _ranked(brand: Brand, query: str, language: str, limit: int) -> list[int]:
    if not query:
        return []
    values: dict[str, str | int] = {
        "weights": _WEIGHTS,
        "language": language,
        "query": query,
        "brand": brand.pk,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return [pk for pk, _rank in cursor.fetchall()]


def _entries(found: list[int], language: str) -> list[Entry]:
    rows = Article.objects.select_related("section").in_bulk(found)
    return entries_of([rows[pk] for pk in found if pk in rows], language)
