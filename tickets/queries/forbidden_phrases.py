"""The phrases that must not be said: a small table that seldom changes, remembered until it is changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from helpdesk.lib.localized import localized
from tickets.models import ForbiddenPhrase
from tickets.rules.send_gate import Phrase

KEY = "forbidden-phrases"
#: A change made elsewhere than on its page is seen so soon.
SECONDS = 60


@dataclass(frozen=True)
class Row:
    """As much of a row as is needed, in both languages."""

    pk: int
    words: str
    reason_zh: str
    reason_en: str
    brand: int | None
    language: str
    may_send_anyway: bool


def phrases_for(brand_id: int, language: str) -> list[Phrase]:
    """Those that hold for a case of this brand and language, with their reason in the reader's language."""
    return [
        Phrase(row.pk, row.words, localized(row, "reason"), row.may_send_anyway)
        for row in _all()
        if row.brand in (None, brand_id) and row.language in ("", language)
    ]


def forget() -> None:
    """After a change: the next reply reads them anew."""
    cache.delete(KEY)


def _all() -> list[Row]:
    known: list[Row] | None = cache.get(KEY)
    if known is None:
        rows = ForbiddenPhrase.objects.filter(is_active=True).order_by("pk")
        known = [
            Row(
                row.pk,
                row.words,
                row.reason_zh,
                row.reason_en,
                row.brand_id,
                row.language,
                row.may_send_anyway,
            )
            for row in rows
        ]
        cache.set(KEY, known, SECONDS)
    return known
