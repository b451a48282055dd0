"""Learning: texts with their labels become weights. The only place that needs scikit-learn, imported when called.

A linear support vector machine for each label against the others, on n-grams weighed by how rare they are. Its scores
become confidence by one factor, chosen on texts that the scoring model had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tickets.learning.evaluation import best_threshold, kin
from tickets.learning.judging import placed, softmax
from tickets.learning.ngrams import COLUMNS, counted
from tickets.learning.weights import MAX_BYTES, Weights

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

FOLDS = 5
#: How much a wrong text costs against simple weights. Of 1, 2 and 5 the best, by cross-validation within the part of
#: BANKING77 and CLINC150 that is learned from (benchmarks/classifier.py); they differ by a tenth of a per cent.
PENALTY = 2.0
_FACTORS = np.geomspace(0.5, 20.0, 60)


@dataclass(frozen=True)
class Sample:
    """``weight``: how far the label is to be trusted, up to 1."""

    text: str
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Trained:
    """``unseen``: for each sample the probabilities by a model that had not seen it, shape (samples, labels)."""

    weights: Weights
    labels: list[str]
    threshold: float
    unseen: NDArray[np.float64]


class TooLittle(ValueError):
    """There is nothing to tell apart."""


def train(samples: Sequence[Sample], *, told: Callable[[str], None] = lambda step: None) -> Trained:
    """``told`` hears what is going on: "reading", "calibrating", "fitting". Raises TooLittle for fewer than two labels
    with two texts each; labels with a single text are learned, but nothing is known of how well.
    """
    told("reading")
    labels = sorted({sample.label for sample in samples})
    targets = np.array([labels.index(sample.label) for sample in samples])
    if len(samples) == 0 or np.count_nonzero(np.bincount(targets) >= 2) < 2:
        raise TooLittle
    trust = np.array([sample.weight for sample in samples])
    frame = _frame([sample.text for sample in samples], len(labels))
    matrix = as_matrix(frame, [sample.text for sample in samples])
    told("calibrating")
    kinship = np.array([kin(sample.text) for sample in samples])
    scores = _unseen_scores(matrix, targets, trust, kinship, len(labels))
    factor = _best_factor(scores, targets, trust)
    unseen = softmax(scores * factor)
    told("fitting")
    weights = _with_model(frame, fitted(matrix, targets, trust), factor, len(labels))
    return Trained(weights, labels, best_threshold(unseen, targets, labels), unseen)


def _frame(texts: Sequence[str], width: int) -> Weights:
    """Weights without a model yet: which columns there are, and how rare each is."""
    often = np.zeros(COLUMNS, np.int64)
    for text in texts:
        often[np.fromiter(counted(text), np.intp)] += 1
    columns = np.flatnonzero(often)
    # Half of the room for what is kept: the rarest columns go first.
    room = MAX_BYTES // 2 // (2 * width)
    if len(columns) > room:
        columns = np.sort(columns[np.argsort(-often[columns], kind="stable")[:room]])
    idf = np.log((1 + len(texts)) / (1 + often[columns])) + 1
    none = np.zeros((len(columns), width), np.float16)
    rest = float(np.float32(np.log(1 + len(texts)) + 1))
    return Weights(columns.astype(np.uint32), idf.astype(np.float32), rest, none, np.zeros(width, np.float32))


def as_matrix(weights: Weights, texts: Sequence[str]) -> csr_matrix:
    """The texts as ``judging.placed`` sees them, shape (texts, columns)."""
    from scipy.sparse import csr_matrix

    places = [placed(weights, text) for text in texts]
    ends = np.cumsum([0, *(len(rows) for rows, _values in places)])
    rows = np.concatenate([rows for rows, _values in places]).astype(np.int32)
    values = np.concatenate([values for _rows, values in places]).astype(np.float64)
    return csr_matrix((values, rows, ends), shape=(len(texts), len(weights.columns)))


def fitted(matrix: csr_matrix, targets: NDArray[Any], trust: NDArray[Any]) -> LinearSVC:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=PENALTY, random_state=0).fit(matrix, targets, sample_weight=trust)


def scored(model: LinearSVC, matrix: csr_matrix, width: int) -> NDArray[np.float64]:
    """Scores of all labels; of those that the model never met, as low as the lowest."""
    found = model.decision_function(matrix)
    if found.ndim == 1:  # two labels: scikit-learn gives the second one's
        found = np.stack([-found, found], axis=1)
    scores = np.full((matrix.shape[0], width), min(found.min(), -1.0))
    scores[:, model.classes_] = found
    return scores


def _unseen_scores(
    matrix: csr_matrix, targets: NDArray[Any], trust: NDArray[Any], kinship: NDArray[Any], width: int
) -> NDArray[np.float64]:
    """By models that had not seen the text, nor one of its kin."""
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    scores = np.zeros((len(targets), width))
    count = min(FOLDS, len(set(kinship)))
    if count < 2:
        return scores
    enough = np.bincount(targets, minlength=width).min() >= count
    folds = StratifiedGroupKFold(count) if enough else GroupKFold(count)
    for seen, other in folds.split(matrix, targets, kinship):
        if len(set(targets[seen])) > 1:
            scores[other] = scored(fitted(matrix[seen], targets[seen], trust[seen]), matrix[other], width)
    return scores


def _best_factor(scores: NDArray[np.float64], targets: NDArray[Any], trust: NDArray[Any]) -> float:
    """The factor by which the softmax of the scores is most honest (least log loss)."""
    rows = np.arange(len(targets))

    def loss(factor: float) -> float:
        chances = softmax(scores * factor)[rows, targets]
        return float(-(np.log(np.maximum(chances, 1e-12)) * trust).sum())

    return float(min(_FACTORS, key=loss))


def _with_model(frame: Weights, model: LinearSVC, factor: float, width: int) -> Weights:
    """The model's numbers, the factor in them: shape (columns, labels)."""
    coefficients, intercepts = model.coef_, model.intercept_
    if width == 2:  # scikit-learn keeps the second label's only
        coefficients = np.concatenate([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    return Weights(
        frame.columns,
        frame.idf,
        frame.rest,
        (coefficients * factor).T.astype(np.float16),
        (intercepts * factor).astype(np.float32),
    )
