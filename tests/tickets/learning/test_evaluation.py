from __future__ import annotations

import numpy as np

from tickets.learning.evaluation import HELD_OUT_OF, best_threshold, is_held_out, report

LABELS = ["", "card", "login"]
CHANCES = np.array(
    [
        [0.1, 0.8, 0.1],  # card, right
        [0.1, 0.2, 0.7],  # card, taken for login
        [0.3, 0.3, 0.4],  # login, right but unsure
        [0.8, 0.1, 0.1],  # out of scope, caught
        [0.1, 0.8, 0.1],  # out of scope, not caught
    ]
)
TRUTHS = ["card", "card", "login", "", ""]


def test_it_works() -> None:
    said = report(CHANCES, TRUTHS, LABELS, 0.5)
    assert {key: said[key] for key in ("texts", "right", "top3", "unsure", "sure_and_right")} == {
        "texts": 3,
        "right": 2,
        "top3": 3,
        "unsure": 1,
        "sure_and_right": 1,
    }
    assert said["out_of_scope"] == {"texts": 2, "caught": 1, "said_unsure": 2}
    assert said["confusion"] == [["card", "card", 1], ["card", "login", 1], ["login", "login", 1]]
    assert (said["categories"]["card"]["right"], said["categories"]["card"]["texts"]) == (1, 2)


def test_what_is_no_mistake_counts_as_right() -> None:
    said = report(
        CHANCES, TRUTHS, LABELS, 0.5, accepted=lambda place, guess: place == 1 or guess == TRUTHS[place]
    )
    assert said["right"] == 3


def test_the_threshold_keeps_it_from_saying_what_is_more_often_wrong() -> None:
    chances = np.array([[0.0, 0.9, 0.1]] * 8 + [[0.0, 0.45, 0.55]] * 10)
    targets = np.array([1] * 8 + [1] * 7 + [2] * 3)
    assert best_threshold(chances, targets, LABELS) > 0.55


def test_the_same_texts_are_held_out_for_ever() -> None:
    texts = [f"text of its own kind {chr(97 + n % 26)}{chr(97 + n // 26)} and more" for n in range(600)]
    held = [text for text in texts if is_held_out(f"{text[::-1]}")]
    assert 0.5 / HELD_OUT_OF < len(held) / len(texts) < 2 / HELD_OUT_OF
    letter = "您好，我昨天提现 {} 元，到现在还没有到账，请帮我查一下，谢谢。{}"
    assert (
        len({is_held_out(letter.format(100 * n, name)) for n, name in enumerate("甲乙丙丁戊己庚辛壬癸")}) == 1
    )
