from __future__ import annotations

import numpy as np
import pytest

from tickets.learning import training
from tickets.learning.judging import probabilities, softmax
from tickets.learning.training import Sample, TooLittle, Trained, as_matrix, fitted, scored, train
from tickets.learning.weights import dump, load


def test_the_arrays_say_what_scikit_learn_says(trained: Trained, samples: list[Sample]) -> None:
    """By the weights as they are kept, in half precision, against the model they came from."""
    matrix = as_matrix(trained.weights, [one.text for one in samples])
    targets = np.array([trained.labels.index(one.label) for one in samples])
    model = fitted(matrix, targets, np.array([one.weight for one in samples]))
    texts = ["充值没到", "I want my money back", "nothing at all like it", "", "换手机号"] + [
        one.text for one in samples
    ]
    kept = load(dump(trained.weights))
    scores = scored(model, as_matrix(trained.weights, texts), len(trained.labels))
    factor = np.median(trained.weights.intercepts / model.intercept_)
    np.testing.assert_allclose(probabilities(kept, texts), softmax(scores * factor), atol=1e-3)


def test_it_is_honest(trained: Trained, samples: list[Sample]) -> None:
    """Of what it is sure of by 70 to 100 %, about so much is right."""
    best = trained.unseen.max(axis=1)
    right = np.array([trained.labels[place] for place in trained.unseen.argmax(axis=1)]) == [
        one.label for one in samples
    ]
    sure = best > 0.7
    assert sure.sum() > 100
    assert abs(best[sure].mean() - right[sure].mean()) < 0.08


def test_two_labels_are_enough() -> None:
    made = train(
        [
            Sample("充值失败", "a"),
            Sample("充值没到", "a"),
            Sample("log in fails", "b"),
            Sample("cannot log in", "b"),
        ]
    )
    assert made.labels == ["a", "b"]
    assert probabilities(made.weights, ["充值", "log in"]).argmax(axis=1).tolist() == [0, 1]


@pytest.mark.parametrize("texts", [[], [("a", "x")], [("a", "x"), ("b", "x")], [("a", "x"), ("b", "y")]])
def test_too_little_is_said(texts: list[tuple[str, str]]) -> None:
    with pytest.raises(TooLittle):
        train([Sample(*one) for one in texts])


def test_a_label_that_is_trusted_more_wins() -> None:
    said = [Sample("the parcel is late", "a", 0.05), Sample("the parcel is late", "b", 1.0)]
    made = train(said * 5 + [Sample("hello there", "a"), Sample("good morning", "a")])
    assert made.labels[probabilities(made.weights, ["the parcel is late"])[0].argmax()] == "b"


def test_a_great_many_columns_are_cut_to_the_room_there_is(
    monkeypatch: pytest.MonkeyPatch, samples: list[Sample]
) -> None:
    monkeypatch.setattr(training, "MAX_BYTES", 40_000)
    made = train(samples)
    assert made.weights.coefficients.nbytes <= 20_000
    assert probabilities(made.weights, ["提现没到账"]).shape == (1, len(made.labels))
