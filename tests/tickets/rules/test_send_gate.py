"""What a text alone gives reason for, and how it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.secrets_maker import Maker
from tickets.rules.send_gate import Judged, Phrase, ReasonKind, confirmation, identifiers

REFUND = Phrase(7, "guarantee * refund\n一定退款", "We cannot promise it.", may_send_anyway=True)
NEVER = Phrase(8, "绝对安全", "Nothing is.", may_send_anyway=False)


def kinds(text: str) -> list[ReasonKind]:
    return [reason.kind for reason in Judged(text, [REFUND, NEVER]).reasons()]


def test_an_ordinary_answer_has_none() -> None:
    assert kinds("您好，我们正在处理您的提现，请稍等。订单号 20260331123456。") == []
    assert (
        kinds("Hello Mia, your withdrawal of 500 USDT is being checked. We never ask for your password.")
        == []
    )


def test_all_of_them_at_once() -> None:
    text = "We guarantee you a refund, 绝对安全. Please send us your password. Card 4111 1111 1111 1111."
    assert kinds(text) == [
        ReasonKind.SECRET,
        ReasonKind.ASKS_FOR_SECRET,
        ReasonKind.PHRASE,
        ReasonKind.PHRASE,
    ]


def test_the_excerpt_marks_what_is_meant() -> None:
    [reason] = Judged("您好，绝对安全的，请放心。", [NEVER]).reasons()
    assert reason.excerpt is not None
    assert (reason.excerpt.before, reason.excerpt.hit) == ("您好，", "绝对安全")
    assert str(reason.excerpt) == "您好，绝对安全的，请放心。"
    assert not reason.may_send_anyway


def test_places_hold_in_the_text_as_it_was_written() -> None:
    text = "前面 １００％\u200b ＯＫ，一\u200b定退款！"
    [reason] = Judged(text, [REFUND]).reasons()
    assert reason.excerpt is not None
    assert reason.excerpt.hit == "一\u200b定退款"


def test_no_reason_carries_a_secret() -> None:
    for planted in Maker(seed=5).planted(300):
        text = f"{planted.text} We guarantee you a refund."
        secret = planted.text[planted.start : planted.end]
        for reason in Judged(text, [REFUND]).reasons():
            told = f"{reason!r} {reason.excerpt} {reason.words}"
            # Three digits stand in many a fingerprint by chance.
            assert secret not in (told if len(secret) > 4 else str(reason.excerpt))
            if len(secret) > 20:
                assert secret[6:14] not in told.replace("\n", " ")


def test_the_card_shows_six_and_four() -> None:
    [reason] = Judged("card 4111111111111111").reasons()
    assert reason.excerpt is not None
    assert reason.excerpt.hit == "411111••••••1111"


def test_only_what_is_likely_may_be_confirmed() -> None:
    [certain] = Judged("密码：abc123").reasons()
    [likely] = Judged("Your password is sunshine.").reasons()
    assert (certain.may_send_anyway, likely.may_send_anyway) == (False, True)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_confirmation_is_for_one_text(one: str, other: str) -> None:
    same = confirmation(ReasonKind.PHRASE, "7", one) == confirmation(ReasonKind.PHRASE, "7", other)
    assert same == (one == other)
    assert confirmation(ReasonKind.PHRASE, "7", one) != confirmation(ReasonKind.PHRASE, "8", one)
    assert confirmation(ReasonKind.SECRET, "7", one) != confirmation(ReasonKind.PHRASE, "7", one)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to Mia.Li@Example.com.", {"mia.li@example.com"}),
        ("联系mia@example.com吧", {"mia@example.com"}),
        ("电话 138 0013 8000", {"+8613800138000"}),
        ("call +44 20 7946 0958 please", {"+442079460958"}),
        ("手机１３８００１３８０００", {"+8613800138000"}),
        ("case 4H7-QX9-2CP", set()),  # a wrong check character
        ("reference TX20260331AB", {"TX20260331AB"}),
        ("on 2026-03-31 at 14:30:00", set()),
        ("wait 3 days for 500 USDT", set()),
        ("https://example.com/12345678", set()),
    ],
)
def test_what_may_name_somebody(text: str, found: set[str]) -> None:
    known = identifiers(text).everything()
    assert found <= known.keys()
    if not found:
        assert not known
    for start, end in known.values():
        assert 0 <= start < end <= len(text)
