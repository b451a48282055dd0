"""How good a model is, on texts that it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tickets.learning.judging import OUT_OF_SCOPE, SUGGESTED
from tickets.learning.ngrams import folded

#: One text in so many is never learned from.
HELD_OUT_OF = 5
_THRESHOLDS = np.arange(0.30, 0.81, 0.01)
_LETTERS_OF_KEY = 20


def is_held_out(text: str) -> bool:
    """Decided by how the text begins (its first 20 letters, without digits): the same for ever, so a new model and an
    old one can be compared on texts that neither has learned from; and form letters, of which only names and numbers
    differ, are all on one side.
    """
    letters = "".join(sign for sign in folded(text) if sign.isalpha())[:_LETTERS_OF_KEY]
    return crc32(letters.encode()) % HELD_OUT_OF == 0


def best_threshold(chances: NDArray[np.float64], targets: NDArray[Any], labels: Sequence[str]) -> float:
    """Below this confidence it should say "unsure": a wrong suggestion costs as much as a right one is worth."""
    inside = np.array([label != OUT_OF_SCOPE for label in labels])
    best = np.where(inside, chances, -1.0).argmax(axis=1)
    sure = chances[np.arange(len(chances)), best]
    answers = chances.argmax(axis=1) == best
    right = best == targets

    def worth(threshold: float) -> float:
        said = answers & (sure >= threshold)
        return float((said & right).sum() - (said & ~right).sum())

    return round(float(max(_THRESHOLDS, key=worth)), 2)


def report(
    chances: NDArray[np.float64],
    truths: Sequence[str],
    labels: Sequence[str],
    threshold: float,
    *,
    accepted: Callable[[str, str], bool] = str.__eq__,
) -> dict[str, Any]:
    """Counts, from which every share follows: of texts in scope how many, right, among the top three, unsure and,
    where it was sure, right; of texts out of scope how many and caught; by category; and what was taken for what.

    ``accepted(truth, guess)``: whether the guess is no mistake.
    """
    judged = [
        _row(row, truth, labels, threshold, accepted) for row, truth in zip(chances, truths, strict=True)
    ]
    inside = [row for row in judged if row["truth"] != OUT_OF_SCOPE]
    outside = [row for row in judged if row["truth"] == OUT_OF_SCOPE]
    confusion = Counter((row["truth"], row["guess"]) for row in inside)
    return {
        **_tally(inside),
        "out_of_scope": {
            "texts": len(outside),
            "caught": sum(row["unsure"] for row in outside),
            "said_unsure": sum(row["unsure"] for row in judged),
        },
        "categories": {
            slug: _tally([row for row in inside if row["truth"] == slug])
            for slug in sorted({row["truth"] for row in inside})
        },
        "confusion": [[truth, guess, count] for (truth, guess), count in sorted(confusion.items())],
    }


def _row(
    chances: NDArray[np.float64],
    truth: str,
    labels: Sequence[str],
    threshold: float,
    accepted: Callable[[str, str], bool],
) -> dict[str, Any]:
    order = [labels[place] for place in np.argsort(-chances, kind="stable")]
    inside = [label for label in order if label != OUT_OF_SCOPE]
    guess = inside[0] if inside else ""
    sure = chances[labels.index(guess)] if inside else 0.0
    return {
        "truth": truth,
        "guess": guess,
        "right": accepted(truth, guess),
        "top3": any(accepted(truth, label) for label in inside[:SUGGESTED]),
        "unsure": bool(sure < threshold or order[0] == OUT_OF_SCOPE),
    }


def _tally(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    return {
        "texts": len(rows),
        "right": sum(row["right"] for row in rows),
        "top3": sum(row["top3"] for row in rows),
        "unsure": sum(row["unsure"] for row in rows),
        "sure_and_right": sum(row["right"] and not row["unsure"] for row in rows),
    }
