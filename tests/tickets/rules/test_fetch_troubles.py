from __future__ import annotations

import pytest
from django.utils import translation

from tickets.rules import fetch_troubles


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (fetch_troubles.written(fetch_troubles.FOLDER), "The folder cannot be opened."),
        (fetch_troubles.written(fetch_troubles.FOLDER, " a\r\nb "), "The folder cannot be opened. — a  b"),
        (fetch_troubles.written(fetch_troubles.LOGIN, "x" * 9999)[-9:], "x" * 9),
        ("what nobody has written here", "what nobody has written here"),
        ("", ""),
    ],
)
def test_what_is_written_can_be_told(written: str, told: str) -> None:
    with translation.override("en"):
        assert fetch_troubles.told(written) == told


def test_whatever_is_said_fits_where_it_is_stored() -> None:
    sentences = [
        value for name, value in vars(fetch_troubles).items() if name.isupper() and isinstance(value, str)
    ]
    assert max(len(fetch_troubles.written(sentence, "x" * 999)) for sentence in sentences) <= 500
