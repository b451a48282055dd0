"""In which of our languages somebody wrote."""

from __future__ import annotations

import re

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+")
_BEGINNING = 4000


def language_of(text: str) -> str:
    """``zh-hans`` or ``en``, also for those nearest to one of them; "" where the text does not tell.

    Chinese text names English things (apps, coins), English text seldom Chinese ones: so characters weigh more.
    """
    text = _ADDRESS.sub(" ", text[:_BEGINNING])
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if _KANA_OR_HANGUL.search(text):
        return "en"
    if han and han * 2 >= words:
        return "zh-hans"
    return "en" if words else ""
