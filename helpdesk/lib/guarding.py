"""Keeps what ``settings.SECRET_GUARD`` takes for a secret out of texts, where the floor knows nothing of secrets.

The setting names ``(str) -> str``: the text without them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

#: A shorter text is not asked about.
SHORTEST = 4
#: A shorter list holds no phrase word by word.
PARTS = 12


@cache
def _guard() -> Callable[[str], str]:
    found: Callable[[str], str] = import_string(settings.SECRET_GUARD)
    return found


def guarded(text: str) -> str:
    return _guard()(text) if len(text) >= SHORTEST else text


def guarded_lines(values: Sequence[Any]) -> Sequence[Any]:
    """Texts of one list are read together as well: a phrase may stand in it word by word."""
    if len(values) < PARTS or not all(isinstance(one, str) for one in values):
        return values
    joined = "\n".join(values)
    kept = guarded(joined)
    return values if kept == joined else kept.split("\n")


def guarded_values(value: Any) -> Any:
    """JSON at any depth; the very same object where nothing was taken out."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Mapping):
        members = {guarded_values(name): guarded_values(one) for name, one in value.items()}
        return value if members == value else members
    if isinstance(value, list | tuple):
        items = [guarded_values(one) for one in guarded_lines(value)]
        return value if items == list(value) else items
    return value
