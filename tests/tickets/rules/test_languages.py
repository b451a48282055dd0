from __future__ import annotations

import pytest

from tickets.rules.languages import language_of, other_language


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


@pytest.mark.parametrize(
    ("text", "reads", "expected"),
    [
        ("We have found your transfer and it arrives tomorrow.", "zh-hans", "en"),
        ("您的提现已经到账，请在应用里查看。", "en", "zh-hans"),
        ("We have found your transfer and it arrives tomorrow.", "en", ""),
        ("您的提现已经到账，请在应用里查看。", "zh-hans", ""),
        ("Hello", "zh-hans", ""),
        ("您好", "en", ""),
        ("请升级到 BTP Wallet App Version Three Beta Two，然后再试。", "zh-hans", ""),
        ("Please send it to 北京市朝阳区 as written on the form that we have sent to you.", "en", ""),
        ("> 您的提现已经到账，请在应用里查看。\nYes, it has arrived.", "en", ""),
        ("> We have found your transfer and it arrives tomorrow.\n好的。", "zh-hans", ""),
        ("`one two three four five six seven` 请运行", "zh-hans", ""),
        ("[提现多久到账](https://help.test/how-long-does-a-withdrawal-take-in-days)", "zh-hans", ""),
        ("https://help.test/one/two/three/four five@six.seven", "zh-hans", ""),
        ("12345 **67**", "en", ""),
        ("We have found your transfer and it arrives tomorrow.", "fr", ""),
    ],
)
def test_evidently_another_language(text: str, reads: str, expected: str) -> None:
    assert other_language(text, reads) == expected
