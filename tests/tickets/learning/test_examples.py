"""The starting set speaks for every category that the demo ships, in both languages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from tickets.learning import examples
from tickets.learning.judging import OUT_OF_SCOPE

ROOT = Path(__file__).resolve().parents[3]
SLUGS = [
    entry["slug"] for entry in yaml.safe_load((ROOT / "tickets/demo/categories.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize("slug", [*SLUGS, examples.OUT_OF_SCOPE_FILE])
def test_there_are_enough_in_both_languages(slug: str) -> None:
    found = yaml.safe_load((examples.FOLDER / f"{slug}.yaml").read_text("utf-8"))
    assert set(found) == {"en", "zh"}
    assert all(len(texts) >= 25 for texts in found.values())


def test_each_text_has_one_category() -> None:
    texts = Counter(sample.text for sample in examples.of(SLUGS))
    assert [text for text, count in texts.items() if count > 1] == []


def test_a_desk_gets_those_of_its_own_categories() -> None:
    assert {sample.label for sample in examples.of({"login", "of-its-own"})} == {"login", OUT_OF_SCOPE}


def test_the_benchmark_judges_by_other_texts() -> None:
    learned = {sample.text for sample in examples.of(SLUGS)}
    judged = yaml.safe_load((ROOT / "benchmarks/data/chinese.yaml").read_text("utf-8"))
    texts = [text for listed in judged.values() for text in listed]
    assert len(texts) >= 300
    assert not learned & set(texts)
