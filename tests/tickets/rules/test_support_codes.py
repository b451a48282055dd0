from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tickets.rules.numbers import ALPHABET
from tickets.rules.support_codes import CALL_DIGITS, NUMBER_BITS, call_code, mail_code, mail_number

KEY = b"k" * 32
numbers = st.integers(1, 2**NUMBER_BITS - 1)


def plain(code: str) -> str:
    return code.replace("-", "")


@given(numbers)
def test_it_holds_its_mail(number: int) -> None:
    code = mail_code(KEY, number, "mia@example.com")
    assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}", code)
    assert mail_number(KEY, plain(code), "mia@example.com") == number


@given(numbers)
def test_it_is_good_for_one_address_and_one_key(number: int) -> None:
    code = plain(mail_code(KEY, number, "mia@example.com"))
    assert mail_number(KEY, code, "max@example.com") != number
    assert mail_number(b"x" * 32, code, "mia@example.com") != number


@given(numbers, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_a_slip_of_the_finger_names_no_other_mail(number: int, place: int, letter: str) -> None:
    code = plain(mail_code(KEY, number, "mia@example.com"))
    other = code[:place] + letter + code[place + 1 :]
    if other != code:
        assert mail_number(KEY, other, "mia@example.com") != number


@given(st.text(max_size=20))
def test_whatever_is_typed(typed: str) -> None:
    assert mail_number(KEY, typed, "mia@example.com") is None or len(typed) == 12


def test_neighbours_do_not_look_alike() -> None:
    codes = {mail_code(KEY, number, "mia@example.com") for number in range(1, 200)}
    assert len(codes) == 199
    assert len({code[:4] for code in codes}) > 150


def test_beyond_what_fits_there_is_none() -> None:
    assert mail_code(KEY, 0, "a") == mail_code(KEY, 2**NUMBER_BITS, "a") == ""


def test_a_calls_code() -> None:
    code = call_code(KEY, "nonce")
    assert re.fullmatch(r"\d{4} \d{4}", code)
    assert len(code.replace(" ", "")) == CALL_DIGITS
    assert code != call_code(KEY, "another")
    assert code == call_code(KEY, "nonce")
