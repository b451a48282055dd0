"""What a text is about, by the weights alone: a few numbers multiplied, a millisecond each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tickets.learning.ngrams import counted
from tickets.learning.weights import Weights

#: The label of texts that are about nothing a desk does: spam, greetings, the weather.
OUT_OF_SCOPE = ""
SUGGESTED = 3


@dataclass(frozen=True)
class Judgement:
    """``ranking``: the likeliest categories with their confidence (0 to 1), at most three."""

    ranking: list[tuple[str, float]]
    is_unsure: bool


def placed(weights: Weights, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The rows of the weights that a text touches, and by how much; the whole text has length 1.

    What the weights do not know counts in the length: a text of mostly unknown n-grams moves no score far.
    """
    counts = counted(text)
    columns = np.fromiter(counts.keys(), np.uint32, len(counts))
    values = np.fromiter(counts.values(), np.float32, len(counts))
    rows = np.searchsorted(weights.columns, columns)
    known = rows < len(weights.columns)
    known[known] = weights.columns[rows[known]] == columns[known]
    factors = np.full(len(columns), weights.rest, np.float32)
    factors[known] = weights.idf[rows[known]]
    values *= factors
    length = float(np.sqrt(np.dot(values, values))) or 1.0
    return rows[known], values[known] / np.float32(length)


def probabilities(weights: Weights, texts: Sequence[str]) -> NDArray[np.float64]:
    """Shape (texts, categories); each row adds up to 1."""
    scores = np.empty((len(texts), weights.width), np.float64)
    for place, text in enumerate(texts):
        rows, values = placed(weights, text)
        scores[place] = values @ weights.coefficients[rows].astype(np.float32) + weights.intercepts
    return softmax(scores)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return result


def judged(
    chances: NDArray[np.float64], categories: Sequence[str], threshold: float, *, offered: Collection[str]
) -> Judgement:
    """From one row of probabilities. Only what is offered may be suggested; what is left adds up to 1 again."""
    left = {
        slug: float(chance)
        for slug, chance in zip(categories, chances, strict=True)
        if slug == OUT_OF_SCOPE or slug in offered
    }
    total = sum(left.values()) or 1.0
    nothing = left.pop(OUT_OF_SCOPE, 0.0) / total
    ranking = sorted(((slug, chance / total) for slug, chance in left.items()), key=lambda pair: -pair[1])
    best = ranking[0][1] if ranking else 0.0
    return Judgement(ranking[:SUGGESTED], is_unsure=best < threshold or best < nothing)
