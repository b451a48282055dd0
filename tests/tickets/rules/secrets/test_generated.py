"""Thousands of secrets and look-alikes, and what the standard and others publish for trying such detectors."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.secrets_maker import Maker
from tickets.rules.secrets import Certainty, Kind, find, redact
from tickets.rules.secrets.wordlists import CHINESE, ENGLISH, holds

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
COUNT = 4_000
#: What may stay of a layout: numbers of a list, signs, and the words that join or announce.
_LAYOUT = re.compile(
    r"[0-9\W_第个词詞是助记記种子一行组]|line|li|words?|and|mnemonic|row|group|the|first|one|is|st",
    re.IGNORECASE,
)


def load(*path: str) -> Any:
    file = DATA.joinpath(*path)
    if not file.exists():
        pytest.skip(f"{'/'.join(path)} of the shared data is not here")
    return json.loads(file.read_text(encoding="utf-8"))


def certain(text: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in find(text) if found.certainty == Certainty.CERTAIN]


def left_of(text: str, start: int, end: int) -> str:
    """What of a stretch no finding covers."""
    covered = {place for first, last in certain(text) for place in range(first, last)}
    return "".join(text[place] for place in range(start, end) if place not in covered)


def test_every_secret_is_found() -> None:
    missed = []
    for planted in Maker(seed=20260331).planted(COUNT):
        left = left_of(planted.text, planted.start, planted.end)
        if planted.kind == Kind.MNEMONIC:
            left = _LAYOUT.sub("", left)
        if left:
            missed.append(planted.text)
    assert missed == []


def test_look_alikes_stay() -> None:
    texts = list(Maker(seed=7).look_alikes(COUNT))
    taken = [text for text in texts if redact(text) != text]
    assert len(taken) <= COUNT // 100, taken[:20]


def test_what_was_redacted_holds_nothing_more() -> None:
    for planted in Maker(seed=3).planted(500):
        once = redact(planted.text, least=Certainty.LIKELY)
        assert find(once) == []
        assert redact(once) == once


@pytest.mark.parametrize("place", range(60))
def test_phrases_of_the_standard(place: int) -> None:
    phrase = load("bip39", "vectors.json")[place]["mnemonic"]
    for text in (phrase, phrase.replace(" ", "\n"), f"我的助记词是：{phrase}，谢谢", phrase.upper()):
        [found] = find(text)
        assert (found.kind, found.certainty) == (Kind.MNEMONIC, Certainty.CERTAIN)
        start = text.upper().index(phrase.split()[0].upper(), 7 if text.startswith("我") else 0)
        assert left_of(text, start, start + len(phrase)) == ""
    if not phrase.isascii():
        [found] = find("我的助记词是：" + phrase.replace(" ", ""))
        assert found.certainty == Certainty.CERTAIN


def test_published_card_numbers() -> None:
    cases = load("pii_presidio", "credit_card.json")["cases"]
    assert len(cases) == 17
    for case in cases:
        found = [[each.start, each.end] for each in find(case["text"]) if each.kind == Kind.CARD]
        assert found == case["spans"], case


def test_addresses_are_no_secrets() -> None:
    cases = load("pii_presidio", "crypto_address.json")["cases"]
    assert len(cases) == 15
    assert [case["text"] for case in cases if find(case["text"])] == []


def test_a_wrong_checksum_is_only_likely() -> None:
    chance = random.Random(5)
    words = list(ENGLISH)
    for _ in range(50):
        drawn = chance.sample(words, 12)
        if holds([ENGLISH[word] for word in drawn]):
            continue
        [found] = find(f"it is {' '.join(drawn)}. Thanks")
        assert (found.kind, found.certainty) == (Kind.MNEMONIC, Certainty.LIKELY)


def test_the_mask_shows_six_and_four() -> None:
    [found] = find("4111 1111 1111 1111")
    assert found.masked == "411111••••••1111"
    assert redact("卡号 4111 1111 1111 1111。").endswith("411111••••••1111]。")


def test_no_finding_carries_the_secret() -> None:
    for planted in Maker(seed=11).planted(200):
        for found in find(planted.text):
            assert planted.text[found.start : found.end] not in repr(found)


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    last = 0
    for found in find(text):
        assert last <= found.start < found.end <= len(text)
        last = found.end


@given(st.integers(min_value=0, max_value=2**32), st.text(max_size=30), st.text(max_size=30))
def test_whatever_stands_around_it(seed: int, before: str, after: str) -> None:
    """A phrase on lines of its own is found between any two texts."""
    maker = Maker(seed)
    words = [maker.random.choice(list(ENGLISH)) for _ in range(11)]
    last = next(word for word in ENGLISH if holds([ENGLISH[each] for each in (*words, word)]))
    phrase = " ".join([*words, last])
    text = f"{before}\n\n{phrase}\n\n{after}"
    start = len(before) + 2
    assert left_of(text, start, start + len(phrase)) == ""


def test_both_chinese_lists_are_read_as_one() -> None:
    assert len(ENGLISH) == len(set(CHINESE.values())) == 2048
    assert len(CHINESE) == 2 * 2048 - 1275
