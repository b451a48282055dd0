"""Data in two languages: ``name_zh`` and ``name_en`` read as ``name`` in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

CHINESE = "zh-hans"
ENGLISH = "en"
SUFFIXES = {CHINESE: "zh", ENGLISH: "en"}


def suffix(language: str | None = None) -> str:
    """``zh`` or ``en`` for a language code; the active language when none is given."""
    code = (language or get_language() or ENGLISH).lower()
    return "zh" if code.startswith("zh") else "en"


class Localized:
    """Attribute that reads ``<name>_zh`` or ``<name>_en``, whichever the reader's language asks for and exists.

    An empty text falls back to the other language: a Chinese label is better than none.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object | None, owner: type | None = None) -> str:
        return "" if instance is None else localized(instance, self.name)


def localized(instance: object, name: str, language: str | None = None) -> str:
    first = suffix(language)
    second = "en" if first == "zh" else "zh"
    return getattr(instance, f"{name}_{first}") or getattr(instance, f"{name}_{second}") or ""
