"""Texts made to take long: the work grows with the length, whatever stands in them.

Not the clock is read but the steps of the interpreter are counted, which no busy machine changes; inside a regular
expression no step is counted, so that a generous limit on the processor's time stands beside it.
"""

from __future__ import annotations

import random
import sys
from types import FrameType
from typing import Any

import pytest

from tests.quick import quick
from tickets.rules.secrets import find
from tickets.rules.secrets.wordlists import CHINESE, ENGLISH

SIZE = 8_000
CHANCE = random.Random(1)
HOSTILE = {
    "digits": "4" * SIZE,
    "spaced digits": "4 " * (SIZE // 2),
    "card-like groups": "4111 " * (SIZE // 5),
    "cards": "4111111111111111 " * (SIZE // 17),
    "a word of the list": "zoo " * (SIZE // 4),
    "words of the list": " ".join(CHANCE.choice(list(ENGLISH)) for _ in range(SIZE // 6)),
    "run together": "abandon" * 20 + " " + "abandonability" * 13,
    "characters of the list": "".join(CHANCE.choice(list(CHINESE)) for _ in range(SIZE // 3)),
    "characters apart, unfinished": "的 " * (SIZE // 4),
    "characters in groups": "".join(
        CHANCE.choice(list(CHINESE)) + "，" * (place % 4 == 3) for place in range(SIZE // 3)
    ),
    "joints": "然后再" * (SIZE // 9),
    "labels": "第一行一、" * (SIZE // 15),
    "announced": "助记词是" * (SIZE // 12),
    "counted": "one word word two word word " * (SIZE // 28) + "twelve",
    "counted in Chinese": "一是一二是二" * (SIZE // 18) + "十二",
    "names of numbers": "word one number two then next " * (SIZE // 30),
    "eleven of twelve": "seed phrase " + ("zoo " * 11 + "zop ") * (SIZE // 48),
    "spelled": "a b c  " * (SIZE // 7),
    "letters": "a b " * (SIZE // 4),
    "spaces": " " * SIZE,
    "invisible": "a\u200b" * (SIZE // 2),
    "base58": "5K" * (SIZE // 2),
    "base58 lines": "5KyzdueB39z53dpK\n" * (SIZE // 17),
    "hex": "private key " + "ab " * (SIZE // 3),
    "key names": "private key " * (SIZE // 12),
    "begins": "-----BEGIN PRIVATE KEY-----" * (SIZE // 27),
    "braces": '{"ciphertext":"kdf' * (SIZE // 18),
    "password": "password is " * (SIZE // 12),
    "code": "my code is " * (SIZE // 11),
    "clauses": "code I got to it " * (SIZE // 17),
    "changed": "set my password (to " * (SIZE // 20),
    "makers": "2FA: " * (SIZE // 5),
    "identity-like groups": "1101 0519 " * (SIZE // 10),
    "listed": "4278,5281," * (SIZE // 10),
    "runs": "WIF5KT " * (SIZE // 7),
    "one run": "5KT" * (SIZE // 3),
    "short runs": ("5KL2" * 25 + " ") * (SIZE // 101),
    "mixed groups": "5K1a " * (SIZE // 5),
    "hex lines": "private key\n" + "ab12cd34\n" * (SIZE // 9),
    "hex keys": ("key 1" + "2b" * 31 + "c ") * (SIZE // 70),
    "members": '{"iv":"salt":"data":' * (SIZE // 20),
    "助记词": "助记词" * (SIZE // 9),
    "验证码": "验证码是" * (SIZE // 12),
    "bytes": "[1," * (SIZE // 3),
    "backslashes": "\\" * SIZE,
    "written blanks": "4111+%2525" * (SIZE // 10),
    "accounts": "AA11" + " AAAA" * (SIZE // 5),
}


def steps(text: str) -> int:
    """Lines of ours that run, and calls."""
    count = 0

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        find(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_four_times_the_text_is_four_times_the_work(name: str) -> None:
    text = HOSTILE[name]
    small, large = steps(text[: len(text) // 4]), steps(text)
    assert large <= 6 * small + 2_000


@pytest.mark.parametrize("name", HOSTILE)
def test_no_expression_goes_back_and_forth(name: str) -> None:
    text = (HOSTILE[name] * 5)[: 5 * SIZE]
    with quick():
        find(text)
