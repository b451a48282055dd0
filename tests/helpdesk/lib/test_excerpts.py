import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.excerpts import excerpt


def marked(text: str, query: str, width: int = 160, *, prefix: bool = False) -> str:
    return "".join(
        f"[{piece}]" if hit else piece for piece, hit in excerpt(text, query, width, prefix=prefix)
    )


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("我的BTP钱包提现失败了", "提现失败 btp", "我的[BTP]钱包[提现失败]了"),
        ("My withdrawals\n\n are   failing", "withdraw fail", "My [withdrawals] are [failing]"),
        ("The account", "the account", "The [account]"),
        ("how the", "the", "how [the]"),
        ("TX20251103-77 and 77", "TX20251103-77", "[TX20251103-77] and 77"),
        ("li.wei@example.com", "wei", "li.[wei]@example.com"),
        ("ＢＴＰ钱包", "btp", "[ＢＴＰ]钱包"),
        ("cafe\u0301 ﬁnance ㈱", "café finance 株", "[cafe\u0301] [ﬁnance] [㈱]"),
        ("提现提现", "提现 现提", "[提现提现]"),
        ("frozen account", '"frozen account"', "[frozen] [account]"),
        ("nothing here", "提现", "nothing here"),
        ("nothing here", "", "nothing here"),
        ("", "提现", ""),
    ],
)
def test_hits_are_marked(text: str, query: str, expected: str) -> None:
    assert marked(text, query) == expected


def test_an_unfinished_word_is_marked_too() -> None:
    assert marked("My withdrawals", "withdrawa", prefix=True) == "My [withdrawals]"
    assert marked("My withdrawals", "withdrawa") == "My withdrawals"


def test_the_window_lies_where_most_words_stand_together() -> None:
    text = "refund " + "bla " * 100 + "a refund to my frozen card " + "bla " * 100
    shown = marked(text, "refund frozen card", 80)
    assert "a [refund] to my [frozen] [card]" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_words_are_not_cut() -> None:
    shown = marked("withdrawal " * 50 + "frozen " + "withdrawal " * 50, "frozen", 60)
    assert set(shown.strip("…").split()) == {"withdrawal", "[frozen]"}


def test_without_a_hit_it_begins_at_the_beginning() -> None:
    assert marked("word " * 100, "提现", 22) == "word word word word…"


def test_a_hit_longer_than_the_window_is_cut() -> None:
    assert excerpt("提现" * 100, "提现" * 40, 20) == [("提现" * 10, True), ("…", False)]


@given(st.text(), st.text(), st.integers(1, 50))
def test_any_text_and_query(text: str, query: str, width: int) -> None:
    pieces = excerpt(text, query, width)
    whole = "".join(piece for piece, _ in pieces)
    assert len(whole) <= width + 2
    assert whole.removeprefix("…").removesuffix("…").strip() in " ".join(text.split())
    assert all(piece for piece, _ in pieces)


@given(st.text(alphabet="提现ab é\u0301ﬁ-", max_size=40), st.data())
def test_what_is_found_in_a_short_text_is_marked(text: str, data: st.DataObject) -> None:
    words = text.split()
    if words:
        word = data.draw(st.sampled_from(words))
        if any(char.isalpha() for char in word):
            assert any(hit for _, hit in excerpt(text, word))
