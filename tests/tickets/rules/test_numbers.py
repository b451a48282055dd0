import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.rules import numbers
from tickets.rules.numbers import ALPHABET, display, find_numbers, new_number, parse, possible_numbers

any_number = st.randoms(use_true_random=False).map(lambda source: new_number(source.randrange))


def test_it_works() -> None:
    number = new_number()
    assert len(number) == numbers.LENGTH
    assert set(number) <= set(ALPHABET)
    assert parse(number) == number


def test_the_random_part_comes_from_the_given_source() -> None:
    assert new_number(lambda below: 0)[:8] == "22222222"
    assert new_number(lambda below: below - 1)[:8] == "XXXXXXXX"


def test_display_and_back() -> None:
    number = new_number(random.Random(7).randrange)
    shown = display(number)
    assert [len(group) for group in shown.split("-")] == [3, 3, 3]
    assert parse(shown) == number


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda shown: f"  {shown} ",
        lambda shown: shown.replace("-", " "),
        lambda shown: shown.replace("-", ""),
        lambda shown: shown.replace("-", "\u2011"),
        lambda shown: shown.replace("-", "\u2014"),
        lambda shown: f"#{shown}",
        lambda shown: f"[{shown}]",
        lambda shown: "".join(chr(ord(char) + 0xFEE0) for char in shown),
    ],
)
def test_parse_is_tolerant(write: Callable[[str], str]) -> None:
    number = new_number(random.Random(3).randrange)
    assert parse(write(display(number))) == number


@pytest.mark.parametrize(
    "text", ["", "   ", "-", "4H7", "AAAAAAAAA", "000000000", "提现", "\x00", "²²²²²²²²²²"]
)
def test_what_is_no_number(text: str) -> None:
    assert parse(text) is None


@given(any_number)
def test_every_single_wrong_character_is_noticed(number: str) -> None:
    for place, right in enumerate(number):
        for wrong in ALPHABET.replace(right, ""):
            assert parse(number[:place] + wrong + number[place + 1 :]) is None


@given(any_number)
def test_swapped_neighbours_are_noticed_but_for_one_pair(number: str) -> None:
    for place in range(len(number) - 1):
        left, right = number[place], number[place + 1]
        if left == right or {left, right} == {ALPHABET[0], ALPHABET[-1]}:
            continue
        assert parse(number[:place] + right + left + number[place + 2 :]) is None


@given(any_number, any_number)
def test_numbers_in_a_subject(one: str, other: str) -> None:
    subject = f"回复：Re: [{display(one)}] 提现未到账（另见{display(other)}）[{display(one)}]"
    assert find_numbers(subject) == list(dict.fromkeys([one, other]))


def test_without_dashes_only_where_it_is_marked() -> None:
    number = new_number(random.Random(5).randrange)
    assert find_numbers(f"Re: [{number}] withdrawal") == [number]
    assert find_numbers(f"Re: [#{number.lower()}] withdrawal") == [number]
    assert find_numbers(f"Case #{number}, please") == [number]
    assert find_numbers(f"{number} withdrawal") == []


def test_a_number_within_something_longer_is_none() -> None:
    shown = display(new_number(random.Random(5).randrange))
    assert find_numbers(f"A{shown}") == []
    assert find_numbers(f"{shown}-222") == []
    assert find_numbers(f"x-{shown}") == []


def test_what_may_be_a_number_however_it_is_written() -> None:
    number = new_number(random.Random(5).randrange)
    wrong = next(char for char in ALPHABET if char != number[-1])
    for written in (number, number.lower(), display(number), display(number).replace("-", " ")):
        for text in (
            written,
            f"工单{written}已处理",
            f"/cases/{written}/",
            f"ABC-{written}",
            f"case_{written}",
        ):
            [(found, (start, end))] = possible_numbers(text)
            assert (found, text[start:end]) == (number, written)
    for text in (f"A{number}", f"{number}2", number[:-1] + wrong, "WITHDRAWL", "23456789", "2026-03-31"):
        assert list(possible_numbers(text)) == []


def test_a_wrong_check_character_is_not_found() -> None:
    number = new_number(random.Random(5).randrange)
    wrong = next(char for char in ALPHABET if char != number[-1])
    assert find_numbers(f"[{display(number[:-1] + wrong)}]") == []


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    parse(text)
    assert all(parse(number) == number for number in find_numbers(text))
    assert all(parse(number) == number for number, _place in possible_numbers(text))
