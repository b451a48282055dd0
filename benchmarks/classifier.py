"""How well texts are told apart: ``python -m benchmarks.classifier [--data ../shared/data] [--seed 1]``.

Trains as the product does and judges on texts held aside here, by seed and in proportion; nothing is chosen on those.
Published sets: BANKING77 (its training part: 80 % to learn, 20 % to judge) and CLINC150 (a subset: banking and cards in
scope, other domains and "out of scope" not). A guess is right where it is the category of the text's intent by
``intent_map.csv``, or one of those that the map says are no mistake. Then the starting model, as a desk without tickets
has it, on Chinese messages written for this (``benchmarks/data/chinese.yaml``). Needs no database.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tickets.learning import examples
from tickets.learning.evaluation import report
from tickets.learning.judging import OUT_OF_SCOPE, probabilities
from tickets.learning.training import Sample, Trained, train
from tickets.learning.weights import dump, load

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CHINESE = Path(__file__).parent / "data" / "chinese.yaml"
CATEGORIES = Path(__file__).resolve().parents[1] / "tickets" / "demo" / "categories.yaml"
JUDGED_SHARE = 0.2


@dataclass(frozen=True)
class Text:
    """``stratum``: its intent; ``also``: categories besides its own that are no mistake."""

    text: str
    label: str
    stratum: str
    also: frozenset[str] = frozenset()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for name, _width, meaning in COLUMNS:
        print(f"{name:>12}: {meaning}")
    published(chosen.data, chosen.seed)
    chinese()


def published(data: Path, seed: int) -> None:
    if not (data / "banking77" / "train.csv").exists():
        print(f"BANKING77 and CLINC150 are left out: there is no {data / 'banking77' / 'train.csv'}.")
        return
    banking = banking77(data / "banking77")
    learned, held = split(banking, seed)
    show("BANKING77, 80 % learned", learned, {"BANKING77, the other 20 %": held})
    if not (data / "clinc150" / "intent_map.csv").exists():
        print(f"CLINC150 is left out: there is no {data / 'clinc150' / 'intent_map.csv'}.")
        return
    inside, outside = clinc150(data / "clinc150")
    more, held_inside = split(inside, seed)
    none, held_outside = split(outside, seed)
    judged = {
        "BANKING77, the other 20 %": held,
        "CLINC150 in scope, 20 %": held_inside,
        "CLINC150 with out of scope, 20 %": [*held_inside, *held_outside],
        "both with out of scope, 20 %": [*held, *held_inside, *held_outside],
    }
    show("both, 80 % learned", [*learned, *more, *none], judged)
    # Harder: what is out of scope at judging is of domains that were not learned at all.
    seen, unseen = split_by_stratum(outside, seed)
    show(
        "both, half of the other domains never seen",
        [*learned, *more, *seen],
        {"CLINC150 with unseen domains": [*held_inside, *unseen]},
    )


def chinese() -> None:
    written: dict[str, list[str]] = yaml.safe_load(CHINESE.read_text(encoding="utf-8"))
    tests = [
        Text(text, OUT_OF_SCOPE if label == examples.OUT_OF_SCOPE_FILE else label, label)
        for label, texts in written.items()
        for text in texts
    ]
    categories = yaml.safe_load(CATEGORIES.read_text(encoding="utf-8"))
    samples = list(examples.of({entry["slug"] for entry in categories}))
    for entry in categories:
        samples += [
            Sample(entry[key], entry["slug"], examples.TRUST)
            for key in ("name_zh", "name_en", "hint_zh", "hint_en")
        ]
    started = time.perf_counter()
    trained = train(samples)
    described("the starting model", trained, len(samples), time.perf_counter() - started)
    print_table({"Chinese messages": judge(trained, tests)})


def banking77(folder: Path) -> list[Text]:
    kinds = intents(folder)
    rows = read(folder / "train.csv")
    return [
        Text(row["text"], kinds[row["category"]][0], row["category"], kinds[row["category"]][1])
        for row in rows
    ]


def clinc150(folder: Path) -> tuple[list[Text], list[Text]]:
    """In scope, and out of it."""
    kinds = intents(folder)
    inside = [
        Text(row["text"], kinds[row["intent"]][0], row["intent"], kinds[row["intent"]][1])
        for row in read(folder / "banking_creditcards_train_val.csv")
    ]
    others = read(folder / "other_domains_and_oos_train_val.csv")
    return inside, [Text(row["text"], OUT_OF_SCOPE, row["intent"]) for row in others]


def intents(folder: Path) -> dict[str, tuple[str, frozenset[str]]]:
    return {
        row["intent"]: (row["category"], frozenset(filter(None, row["also_accept"].split("|"))))
        for row in read(folder / "intent_map.csv")
    }


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(texts: Sequence[Text], seed: int) -> tuple[list[Text], list[Text]]:
    """To learn and to judge: of each intent the same share, at least one."""
    rng = Random(seed)
    learned: list[Text] = []
    held: list[Text] = []
    for stratum in sorted({text.stratum for text in texts}):
        members = [text for text in texts if text.stratum == stratum]
        rng.shuffle(members)
        cut = max(1, round(len(members) * JUDGED_SHARE))
        held += members[:cut]
        learned += members[cut:]
    return learned, held


def split_by_stratum(texts: Sequence[Text], seed: int) -> tuple[list[Text], list[Text]]:
    names = sorted({text.stratum for text in texts})
    Random(seed).shuffle(names)
    seen = set(names[: len(names) // 2])
    return [one for one in texts if one.stratum in seen], [one for one in texts if one.stratum not in seen]


def show(title: str, learned: Sequence[Text], judged: Mapping[str, Sequence[Text]]) -> None:
    started = time.perf_counter()
    trained = train([Sample(one.text, one.label) for one in learned])
    described(title, trained, len(learned), time.perf_counter() - started)
    print_table({name: judge(trained, texts) for name, texts in judged.items()})


def described(title: str, trained: Trained, count: int, seconds: float) -> None:
    print(
        f"\n{title}: {count:,} texts, {len(trained.labels)} labels, {seconds:.1f} s, "
        f"{len(dump(trained.weights)) / 1e6:.1f} MB, unsure below {trained.threshold:.2f}"
    )


def judge(trained: Trained, texts: Sequence[Text]) -> dict[str, Any]:
    """By the weights as they are kept, so what is judged is what the product would say."""
    weights = load(dump(trained.weights))
    started = time.perf_counter()
    chances = probabilities(weights, [one.text for one in texts])
    each = (time.perf_counter() - started) / len(texts)
    said = report(
        chances, [one.label for one in texts], trained.labels, trained.threshold, accepted=accepted(texts)
    )
    return {**said, "each": each}


def accepted(texts: Sequence[Text]) -> Callable[[int, str], bool]:
    """By the text's place: the same category may accept others for one intent and not for another."""
    return lambda place, guess: guess == texts[place].label or guess in texts[place].also


COLUMNS = (
    ("texts", 7, "all that were judged"),
    ("right", 8, "of all: the first suggestion is right; with texts out of scope: said and right, or caught"),
    ("first", 8, "in scope: the first suggestion is right, sure of it or not"),
    ("top 3", 8, "in scope: one of three is right"),
    ("sure", 7, "in scope: it was sure enough to suggest"),
    ("sure+right", 12, "in scope: it was sure, and right"),
    ("right|sure", 12, "in scope: right where it was sure"),
    ("outside", 9, "texts out of scope"),
    ("caught", 8, "out of scope: it said unsure"),
    ("precision", 11, "of what it said unsure of: really out of scope"),
    ("ms", 7, "to judge one text"),
)


def print_table(judged: Mapping[str, Mapping[str, Any]]) -> None:
    print(f"  {'judged on':<36}" + "".join(f"{name:>{width}}" for name, width, _meaning in COLUMNS))
    for name, said in judged.items():
        print(
            f"  {name:<36}"
            + "".join(
                f"{text:>{width}}" for text, (_n, width, _m) in zip(figures(said), COLUMNS, strict=True)
            )
        )


def figures(said: Mapping[str, Any]) -> list[str]:
    inside, outside = said["texts"], said["out_of_scope"]
    count = inside + outside["texts"]
    right = said["sure_and_right"] + outside["caught"] if outside["texts"] else said["right"]
    sure = inside - said["unsure"]
    return [
        f"{count:,}",
        f"{right / count:.1%}",
        f"{said['right'] / inside:.1%}",
        f"{said['top3'] / inside:.1%}",
        f"{sure / inside:.0%}",
        f"{said['sure_and_right'] / inside:.1%}",
        f"{said['sure_and_right'] / max(sure, 1):.1%}",
        str(outside["texts"] or ""),
        f"{outside['caught'] / outside['texts']:.1%}" if outside["texts"] else "",
        f"{outside['caught'] / max(outside['said_unsure'], 1):.1%}" if outside["texts"] else "",
        f"{said['each'] * 1000:.2f}",
    ]


if __name__ == "__main__":
    main()
