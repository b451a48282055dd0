"""Lengths of time, read and shown."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from helpdesk.lib.admin import SpanField
from helpdesk.lib.spans import minutes_of, span_of

HOUR, DAY, WEEK = 60, 1440, 10080


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("0", 0),
        ("45", 45),
        ("30m", 30),
        ("30 min", 30),
        ("4h", 4 * HOUR),
        ("4 Hours", 4 * HOUR),
        ("2h 30m", 150),
        ("2h30m", 150),
        ("1d", DAY),
        ("15d", 15 * DAY),
        ("8w", 8 * WEEK),
        ("1w 2d 3h 4m", WEEK + 2 * DAY + 3 * HOUR + 4),
        ("  90m ", 90),
        ("30分钟", 30),
        ("30 分", 30),
        ("4小时", 4 * HOUR),
        ("2 小时 30 分钟", 150),
        ("15天", 15 * DAY),
        ("8周", 8 * WEEK),
        ("３０分钟", 30),  # full width
        ("２ｈ", 2 * HOUR),
    ],
)
def test_it_reads(text: str, minutes: int) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    "text",
    ["", "   ", "h", "soon", "4x", "-5", "-5m", "2h 30", "1.5h", "1h 2h", "4h!", "9999999999", "4 h and 2 m"],
)  # fmt: skip
def test_it_refuses(text: str) -> None:
    with pytest.raises(ValueError):
        minutes_of(text)


@pytest.mark.parametrize(
    ("minutes", "english"),
    [
        (0, "0m"),
        (1, "1m"),
        (60, "1h"),
        (90, "1h 30m"),
        (DAY, "1d"),
        (DAY + 5, "1d 5m"),
        (15 * DAY, "15d"),
        (2 * WEEK, "2w"),
        (8 * WEEK, "8w"),
        (WEEK + DAY, "8d"),
    ],
)
def test_it_shows_what_it_reads_back(minutes: int, english: str) -> None:
    with translation.override("en"):
        assert span_of(minutes) == english
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert minutes_of(span_of(minutes)) == minutes


class TestField:
    def test_it_works(self) -> None:
        field = SpanField(least=1)
        assert field.clean("2h 30m") == 150
        assert field.prepare_value("2h 30x") == "2h 30x"  # as it was typed
        with translation.override("en"):
            assert field.prepare_value(150) == "2h 30m"

    @pytest.mark.parametrize(
        ("text", "words"),
        [("", "required"), ("0m", "at least 1m"), ("11x", "Write a time"), ("600w", "ten years")],
    )
    def test_it_says_what_is_wrong(self, text: str, words: str) -> None:
        with translation.override("en"), pytest.raises(ValidationError, match=words):
            SpanField(least=1).clean(text)

    def test_it_may_stay_empty(self) -> None:
        assert SpanField(required=False).clean("") is None

    def test_the_same_in_other_words_is_no_change(self) -> None:
        field = SpanField()
        assert not field.has_changed(60, "1h")
        assert not field.has_changed(60, "60")
        assert field.has_changed(60, "2h")
        assert field.has_changed(60, "soon")
        assert field.has_changed(None, "1h")
        assert not field.has_changed(None, "")
