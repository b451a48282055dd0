from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets.learning.conftest import SLUGS
from tickets.learning.judging import OUT_OF_SCOPE, Judgement, judged, probabilities
from tickets.learning.training import Trained
from tickets.learning.weights import dump, load


def judge(trained: Trained, text: str, offered: tuple[str, ...] = SLUGS) -> Judgement:
    row = probabilities(load(dump(trained.weights)), [text])[0]
    return judged(row, trained.labels, trained.threshold, offered=offered)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("my top up of 300 did not arrive in the wallet", "recharge"),
        ("充了三百块钱，余额没有变", "recharge"),
        ("儲值失敗，餘額沒有增加", "recharge"),
        ("withdrawal to my bank is still pending", "withdrawal"),
        ("提现到银行卡三天没收到", "withdrawal"),
        ("forgot my pasword, cant log in", "login"),
        ("实名认证 was rejected, 身份证 uploaded twice", "kyc"),
    ],
)
def test_it_works(trained: Trained, text: str, slug: str) -> None:
    said = judge(trained, text)
    assert (said.ranking[0][0], said.is_unsure) == (slug, False)


@pytest.mark.parametrize(
    "text", ["今天天气怎么样", "hello", "", "?!", "Ужасная погода сегодня", "\x00\ud800", "🎉" * 50]
)
def test_it_says_unsure_instead_of_guessing(trained: Trained, text: str) -> None:
    assert judge(trained, text).is_unsure


CHANCES = np.array([0.5, 0.3, 0.15, 0.05])
LABELS = [OUT_OF_SCOPE, "card", "login", "kyc"]


def test_only_what_a_brand_offers_is_suggested_and_adds_up() -> None:
    said = judged(np.array([0.0, 0.6, 0.3, 0.1]), LABELS, 0.4, offered={"login", "kyc"})
    assert dict(said.ranking) == pytest.approx({"login": 0.75, "kyc": 0.25})
    assert not said.is_unsure


@pytest.mark.parametrize(
    ("chances", "threshold", "unsure"),
    [
        (CHANCES, 0.2, True),  # more likely about nothing
        (np.array([0.1, 0.5, 0.3, 0.1]), 0.4, False),
        (np.array([0.1, 0.5, 0.3, 0.1]), 0.6, True),  # too little
    ],
)
def test_when_it_is_unsure(chances: np.ndarray, threshold: float, unsure: bool) -> None:
    assert judged(chances, LABELS, threshold, offered=set(LABELS)).is_unsure is unsure


def test_where_nothing_is_offered_there_is_nothing_to_suggest() -> None:
    assert judged(CHANCES, LABELS, 0.2, offered=set()) == Judgement([], is_unsure=True)


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4), st.sets(st.sampled_from(LABELS[1:])))
def test_confidence_is_ordered_and_no_more_than_whole(chances: list[float], offered: set[str]) -> None:
    row = np.array(chances) / sum(chances)
    said = judged(row, LABELS, 0.5, offered=offered)
    found = [chance for _slug, chance in said.ranking]
    assert {slug for slug, _chance in said.ranking} == offered
    assert found == sorted(found, reverse=True)
    assert sum(found) <= 1 + 1e-9
