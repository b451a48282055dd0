"""Phrases with wildcards: found in any spelling, not where they are denied, and never slowly."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.quick import quick
from tickets.rules.forbidden_phrases import NotAPhrase, checked, find_phrase, lines_of
from tickets.rules.secrets.folding import fold

FOUND = [
    ("guarantee * refund", "We guarantee you a full refund."),
    ("guarantee * refund", "we GUARANTEE a Refund"),
    ("guarantee * refund", "We guarantee  a\nrefund"),
    ("100% safe", "It is 100% safe."),
    ("100% safe", "１００％ ｓａｆｅ"),
    ("保证到账", "我们保证到账"),
    ("保证*到账", "我们保证您的款项今天到账"),
    ("绝对安全", "这是绝对安全的"),
    ("一定退款", "您放心，一定退款！"),
    ("guarantee * refund", "We cannot see it yet, but we guarantee you a refund"),
    ("一定退款", "虽然不能马上处理，一定退款"),
]
NOT_FOUND = [
    ("guarantee * refund", "We cannot guarantee you a refund."),
    ("guarantee * refund", "We don't guarantee a refund"),
    ("guarantee * refund", "We guarantee nothing. A refund takes days."),
    ("guarantee * refund", "no guarantee of a refund"),
    ("guarantee * refund", "guaranteed refunds"),
    ("safe", "unsafe"),
    ("safe", "safely"),
    ("保证到账", "我们不保证到账时间"),
    ("保证*到账", "无法保证今天到账"),
    ("保证*到账", "我保证。到账时间不定"),
    ("一定退款", "不一定退款"),
]


@pytest.mark.parametrize(("phrase", "text"), FOUND)
def test_found(phrase: str, text: str) -> None:
    # A wildcard stays within its line; the one text that breaks a line breaks it at a space of the phrase.
    text = text.replace("\n", " ") if "*" in phrase else text
    [(start, end)] = find_phrase(phrase, fold(text).text)
    assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(("phrase", "text"), NOT_FOUND)
def test_not_found(phrase: str, text: str) -> None:
    assert list(find_phrase(phrase, fold(text).text)) == []


# What the phrases that come with the installation do with plain promises: no means that it cannot be sent at all.
_EXAMPLES = import_module("tickets.migrations.0018_forbidden_phrases").EXAMPLES
PROMISED = [
    ("We will refund you within 24 hours, guaranteed.", "no"),
    ("Your money will be back by tomorrow, guaranteed", "no"),
    ("We guarantee you will be refunded.", "no"),
    ("I promise you will get your money today", "no"),
    ("You will have the refund tomorrow, I promise.", "ask"),
    ("Money back guaranteed!", "no"),
    ("我们保证24小时内退还给您。", "no"),
    ("24小时内退款，我们保证", "no"),
    ("您放心，肯定会退的", "no"),
    ("We will refund you within 24 hours.", "ask"),
    ("It will arrive by noon", "ask"),
    ("Your money will be back by tomorrow", "ask"),
    ("Within 24 hours, guaranteed.", "ask"),
    ("款项明天就能到账", "ask"),
    ("我们保证在24小时内到账", "ask"),
    ("我们会在24小时内给您退回", "ask"),
    ("A refund cannot be guaranteed.", ""),
    ("We cannot guarantee you a refund within 24 hours.", ""),
    ("A refund is not guaranteed", ""),
    ("I promise to look into your refund today.", ""),
    ("Refunds usually take three to five working days.", ""),
    ("Your request for a refund is with the merchant, who has to answer within seven days.", ""),
    ("We will definitely look into your refund.", ""),
    ("退款的事我保证尽快查", ""),
    ("我们无法保证退款", ""),
    ("不一定会退款，要看商户", ""),
    ("退款一般需要3到5个工作日", ""),
    ("押金和保证金会在审核后退还", ""),
    ("一定时间内没有退还，请再联系我们", ""),
    ("我们不能承诺退款", ""),
]


@pytest.mark.parametrize(("text", "how"), PROMISED)
def test_the_phrases_that_come_with_the_installation(text: str, how: str) -> None:
    folded = fold(text).text
    hit = {
        may for words, _zh, _en, may in _EXAMPLES for line in checked(words) if [*find_phrase(line, folded)]
    }
    assert ("no" if False in hit else "ask" if hit else "") == how


def test_a_space_is_any_space() -> None:
    assert list(find_phrase("no risk", "there is no\n  risk")) == [(9, 18)]


def test_lines() -> None:
    assert lines_of(" a b \n\n * \n保证*到账") == ["a b", "保证*到账"]
    assert checked("ab\ncd") == ["ab", "cd"]


@pytest.mark.parametrize("words", ["", "\n", "*", "a*", "a * bb", "x" * 201, "ab*" * 6 + "ab", "ab\n" * 101])
def test_what_is_no_phrase(words: str) -> None:
    with pytest.raises(NotAPhrase):
        checked(words)


def test_no_text_makes_it_slow() -> None:
    text = "ab ab ab cd " * 10_000
    with quick():
        assert list(find_phrase("ab*cd*ab*cd*ef*gh", text)) == []
