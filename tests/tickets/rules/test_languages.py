from __future__ import annotations

import pytest

from tickets.rules.languages import language_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我昨天提现 500 元，到现在没有到账。", "zh-hans"),
        ("我的 USDT 没到，App Version 3.2", "zh-hans"),
        ("My withdrawal has not arrived.", "en"),
        ("My name is 王小明 and my withdrawal of yesterday has not arrived at my bank", "en"),
        ("Bonjour, où est mon argent ?", "en"),
        ("出金がまだ届きません", "en"),
        ("12345", ""),
        ("https://example.com/abc", ""),
        ("", ""),
    ],
)
def test_which_language(text: str, expected: str) -> None:
    assert language_of(text) == expected
