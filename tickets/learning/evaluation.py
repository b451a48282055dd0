"""How good a model is, on texts that it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tickets.learning.judging import OUT_OF_SCOPE, SUGGESTED
from tickets.learning.ngrams import folded

#: One text in so many is never learned from.
HELD_OUT_OF = 5
_THRESHOLDS = np.round(np.arange(0.30, 0.81, 0.01), 2)
_LETTERS_OF_KEY = 20


def kin(text: str) -> int:
    """The same for texts that begin alike (their first 20 letters): form letters, of which only names and numbers
    differ, must not be learned from and judged at once.
    """
    letters = "".join(sign for sign in folded(text) if sign.isalpha())[:_LETTERS_OF_KEY]
    return crc32(letters.encode())


def is_held_out(text: str) -> bool:
    """Decided by the text alone, for ever: a new model and an old one can be compared on texts that neither has learned
    from.
    """
    return kin(text) % HELD_OUT_OF == 0


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
    accepted: Callable[[int, str], bool] | None = None,
) -> dict[str, Any]:
    """Counts, from which every share follows: of texts in scope how many, right, among the top three, unsure and,
    where it was sure, right; of texts out of scope how many and caught; by category; and what was taken for what.

    ``accepted(place, guess)``: whether the guess is no mistake for the text at that place; else only its label is none.
    """
    fits = accepted or (lambda place, guess: truths[place] == guess)
    judged = [
        _row(row, truths[place], labels, threshold, partial(fits, place)) for place, row in enumerate(chances)
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
    fits: Callable[[str], bool],
) -> dict[str, Any]:
    order = [labels[place] for place in np.argsort(-chances, kind="stable")]
    inside = [label for label in order if label != OUT_OF_SCOPE]
    guess = inside[0] if inside else ""
    sure = chances[labels.index(guess)] if inside else 0.0
    return {
        "truth": truth,
        "guess": guess,
        "right": fits(guess),
        "top3": any(fits(label) for label in inside[:SUGGESTED]),
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
