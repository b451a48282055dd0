"""The starting set: examples of what customers write, in both languages, for each category that the demo ships.

A desk learns from its own tickets as they are solved; until it has many, these speak for the categories whose short
name it shares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml

from tickets.learning.judging import OUT_OF_SCOPE
from tickets.learning.training import Sample

FOLDER = Path(__file__).parent
OUT_OF_SCOPE_FILE = "out-of-scope"
#: Half of what a person at this desk said: with many tickets of its own, the desk's words count.
TRUST = 0.5


def of(slugs: Collection[str]) -> Iterator[Sample]:
    """For the categories named, and of what is about none."""
    for path in sorted(FOLDER.glob("*.yaml")):
        label = OUT_OF_SCOPE if path.stem == OUT_OF_SCOPE_FILE else path.stem
        if label == OUT_OF_SCOPE or label in slugs:
            for text in texts(path):
                yield Sample(text, label, TRUST)


def texts(path: Path) -> list[str]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [str(text) for listed in found.values() for text in listed]
