"""The texts and tables in this folder's YAML files, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tickets.choices import Priority

FOLDER = Path(__file__).parent
LANGUAGES = ("zh-hans", "en")
#: The parts of a conversation, each with its variants in both languages.
PARTS = (
    "subject",
    "opening",
    "agent_ask",
    "customer_answer",
    "agent_solution",
    "customer_thanks",
    "internal_note",
)


@dataclass(frozen=True)
class Scenario:
    """One kind of case, in words: ``texts[part][language]`` are the variants."""

    key: str
    category: str
    weight: int
    priority: Priority
    texts: Mapping[str, Mapping[str, list[str]]]
    tags: tuple[str, ...]
    answers: Mapping[str, str]


def read(path: Path) -> Any:
    # In C, where there is a C library: ten times as quick.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe loaders  # nosec B506


@cache
def table(name: str) -> Any:
    return read(FOLDER / f"{name}.yaml")


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Every scenario, in a steady order."""
    return tuple(
        _scenario(entry) for path in sorted((FOLDER / "conversations").glob("*.yaml")) for entry in read(path)
    )


def _scenario(entry: Mapping[str, Any]) -> Scenario:
    return Scenario(
        key=entry["key"],
        category=entry["category"],
        weight=entry["weight"],
        priority=Priority.from_slug(entry["priority"]),
        texts={part: entry[part] for part in PARTS},
        tags=tuple(entry["tags"]),
        answers=entry.get("answers", {}),
    )


def scenario(key: str) -> Scenario:
    return next(found for found in scenarios() if found.key == key)


def phrases(name: str, language: str) -> list[str]:
    found: list[str] = table("phrases")[name][language]
    return found
