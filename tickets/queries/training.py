"""How far a training of the classifier is: told while it runs, forgotten afterwards."""

from __future__ import annotations

from django.core.cache import cache

#: In the order in which they come.
STEPS = ("asked", "reading", "calibrating", "fitting", "judging")
_KEY = "classifier:training"
#: A worker that died says nothing more: then nothing is going on.
FORGOTTEN_SECONDS = 300


def say(step: str) -> None:
    cache.set(_KEY, step, FORGOTTEN_SECONDS)


def over() -> None:
    cache.delete(_KEY)


def step() -> str | None:
    """None while nothing is going on."""
    said = cache.get(_KEY)
    return said if said in STEPS else None
