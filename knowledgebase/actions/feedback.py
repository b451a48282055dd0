"""Did this help?"""

from __future__ import annotations

import unicodedata

from django.utils import timezone

from helpdesk.lib.guarding import guarded
from knowledgebase.models import Article, ArticleFeedback

MAX_COMMENT = 1000


def give_feedback(
    article: Article, *, reader: str, helpful: bool, language: str, comment: str = ""
) -> ArticleFeedback:
    """Keep a reader's answer; the same reader again changes their mind, and one row stays."""
    row, _created = ArticleFeedback.objects.update_or_create(
        article=article,
        reader=reader[:64],
        defaults={
            "helpful": helpful,
            "language": language,
            "comment": guarded(_clean(comment))[:MAX_COMMENT],
            "at": timezone.now(),
        },
    )
    return row


def _clean(text: str) -> str:
    """Without control characters; PostgreSQL refuses NUL."""
    kept = (char for char in text if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return "".join(kept).strip()
