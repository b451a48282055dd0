"""In which of our languages somebody wrote."""

from __future__ import annotations

import re

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7af]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"\]\([^)\s]*\)")
#: So much of a language is more than a name, a coin or a greeting.
_MANY_WORDS, _MANY_CHARACTERS = 6, 8
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


def other_language(text: str, language: str) -> str:
    """The language that a text is evidently written in, where that is not ``language``; else "".

    "Evidently" is more than a few words, and hardly any of the other: a Chinese answer that names an app, or an English
    one with a Chinese address in it, is no mistake. What is quoted, code, and addresses do not count.
    """
    for left_out in (_QUOTED, _CODE, _LINK, _ADDRESS):
        text = left_out.sub(" ", text)
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if language.startswith("zh"):
        return "en" if words >= _MANY_WORDS and han * 4 < words else ""
    if language.startswith("en"):
        return "zh-hans" if han >= _MANY_CHARACTERS and words * 2 < han else ""
    return ""
