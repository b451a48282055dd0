"""What is taken out of a text, and what stands in its place."""

from __future__ import annotations

import pytest

from tests.secrets_maker import Maker
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import CONFIRMED, guard, guard_values
from tickets.rules.secrets.marks import WORDS, in_language
from tickets.rules.secrets.words import advice_for, in_words, named

CARD = "4111 1111 1111 1111"
#: Twelve words of the list whose checksum is wrong.
MISTYPED = "zoo " * 11 + "zoo"


def test_it_works() -> None:
    redacted = guard(f"我的卡号是 {CARD}，谢谢")
    assert redacted.text == "我的卡号是 [removed: card number / 已移除：卡号 411111••••••1111]，谢谢"
    assert redacted.kinds == (Kind.CARD,)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"seed: {MISTYPED}", (Kind.MNEMONIC,)),
        (f"{CARD} 12/27 123", (Kind.CARD, Kind.CARD_CODE)),
        (f"{CARD} 123", (Kind.CARD, Kind.CARD_CODE)),
        (f"ticket {CARD} exp 12/27 cvv 123", (Kind.CARD, Kind.CARD_CODE)),
        ("ref 4111111111111111|12|27|123", (Kind.CARD, Kind.CARD_CODE)),
        ("order no. 4111111111111111", ()),
        ("my password is sunshine", ()),
        ("my password is Sunshine!9", (Kind.PASSWORD,)),
        ("验证码：482913", (Kind.ONE_TIME_CODE,)),
        ("身份证 11010519491231002X", (Kind.IDENTITY,)),
        ("短", ()),
    ],
)
def test_how_sure_it_must_be(text: str, kinds: tuple[Kind, ...]) -> None:
    assert guard(text).kinds == kinds
    assert (guard(text).text == text) is (not kinds)


def test_what_the_author_confirmed_goes_only_where_it_is_proved() -> None:
    assert guard(MISTYPED, least=CONFIRMED).kinds == ()
    assert guard(CARD, least=CONFIRMED).kinds == (Kind.CARD,)


def test_what_one_secret_hid_is_found_too() -> None:
    """Taken out, it no longer stands between the parts of another."""
    half, other = "legal winner thank year wave sausage", "worth useful legal winner thank yellow"
    text = f"{half}\n{CARD}\n{other}"
    assert "sausage" not in guard(text).text
    assert guard(guard(text).text).kinds == ()


def test_values_at_any_depth() -> None:
    kinds: dict[Kind, None] = {}
    kept = guard_values({"a": [CARD, 5, None], CARD: {"b": "ok"}}, kinds)
    assert CARD not in repr(kept)
    assert (kept["a"][1:], list(kinds)) == ([5, None], [Kind.CARD])


@pytest.mark.parametrize("kind", Kind)
def test_marks_read_in_both_languages(kind: Kind) -> None:
    english, chinese = WORDS[kind]
    text = f"x [removed: {english} / 已移除：{chinese}] y"
    assert in_language(text, "zh-hans") == f"x [已移除：{chinese}] y"
    assert in_language(text, "en") == f"x [removed: {english}] y"
    assert guard(text).kinds == (), "a mark is no secret"


def test_each_kind_has_advice_and_a_name() -> None:
    for kind in Kind:
        assert advice_for([kind]), kind
        assert named([kind])
        assert named([kind]) in in_words([kind])
    assert [one.is_urgent for one in advice_for([Kind.CARD, Kind.MNEMONIC])] == [True, False]


def test_what_is_stored_holds_nothing() -> None:
    """Thousands, in both languages: of none of them a piece is left that the detector knows."""
    for planted in Maker(seed=63).planted(1_000):
        redacted = guard(planted.text)
        assert planted.kind in redacted.kinds, planted.text
        assert guard(redacted.text).kinds == ()


def test_look_alikes_are_stored_as_they_are() -> None:
    texts = list(Maker(seed=31).look_alikes(2_400))
    changed = [text for text in texts if guard(text).kinds]
    assert len(changed) <= len(texts) // 100, changed[:20]
