from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib import text_search
from helpdesk.lib.text_search import lexemes, to_tsquery, to_tsvector_literal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("!?，。 \x00 \ud800 _ - '", []),
        ("Withdrawals FAILING", ["withdraw", "fail"]),
        ("提现失败", ["提现", "现失", "失败"]),
        ("提", ["提"]),
        ("提，现", ["提", "现"]),
        ("BTP钱包", ["btp", "钱包"]),
        ("用USDT充值100元", ["用", "usdt", "充值", "100", "元"]),
        ("ＢＴＰ　１２３", ["btp", "123"]),
        ("it's", ["it", "s"]),
        ("log-in", ["login", "log", "in"]),
        ("TX20251103-77.", ["tx2025110377", "tx20251103", "77"]),
        ("li.wei@example.com", ["li.wei@example.com", "li", "wei", "exampl", "com"]),
        ("提\u200b现", ["提现"]),
        ("138\u20110013\u20118000", ["13800138000", "138", "0013", "8000"]),
        ("𠮷野家", ["𠮷野", "野家"]),
    ],
)
def test_lexemes(text: str, expected: list[str]) -> None:
    assert lexemes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("?!", ""),
        ('"', ""),
        ('""', ""),
        ("withdrawals failing", "'withdraw' & 'fail'"),
        ("提", "'提':*"),
        ("提现", "'提现'"),
        ("提现失败", "'提现' <1> '现失' <1> '失败'"),
        ("BTP钱包", "'btp' & '钱包'"),
        ("log-in", "('login' | 'log' <1> 'in')"),
        ("how do I withdraw", "'withdraw'"),
        ("how to", "'how' & 'to'"),
        ('"the account" frozen', "'the' <1> 'account' & 'frozen'"),
        ('"frozen account" the', "'frozen' <1> 'account'"),
        ("“提现 失败”", "'提现' <2> '失败'"),
        ("「BTP钱包」", "'btp' <1> '钱包'"),
        ('frozen "account', "'frozen' & 'account'"),
        ("a' | b & !c:*", "'b' & 'c'"),
        ("x\\'y", "'x' & 'y'"),
    ],
)
def test_queries(text: str, expected: str) -> None:
    assert to_tsquery(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("frozen withdrawi", "'frozen' & ('withdrawi' | 'withdrawi':*)"),
        ("frozen withdrawing", "'frozen' & ('withdraw' | 'withdrawing':*)"),
        ("withdraw ", "'withdraw'"),
        ("提现", "'提现'"),
        ("withdraw 提现", "'withdraw' & '提现'"),
        ('"frozen acc"', "'frozen' <1> 'acc'"),
        ("TX1-7", "('tx17' | 'tx17':* | 'tx1' <1> '7':*)"),
    ],
)
def test_the_last_word_may_be_unfinished(text: str, expected: str) -> None:
    assert to_tsquery(text, prefix=True) == expected


def test_a_long_question_is_cut() -> None:
    assert to_tsquery("word " * 5000).count("&") < text_search.MAX_QUERY_WORDS
    assert len(to_tsquery("提现失败" * 5000)) < 2000
    assert len(to_tsquery("-".join("ab" * 5000))) < 5000


def test_positions_and_weights() -> None:
    assert to_tsvector_literal([("BTP钱包", "A"), ("btp fails", "D")]) == (
        "'btp':1A,5D '钱包':2A '包':3A 'fail':6D 'fails':6D"
    )


def test_a_lexeme_has_at_most_so_many_positions() -> None:
    literal = to_tsvector_literal([("again " * 1000, "D")])
    assert literal.count(",") == text_search.MAX_POSITIONS - 1


def test_quotes_and_backslashes_are_escaped() -> None:
    assert text_search.quoted("a'b\\c") == "'a''b\\\\c'"


def test_threads_have_stemmers_of_their_own() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(text_search.stem, ["withdrawals", "failing", "accounts"] * 2000))
    assert found == ["withdraw", "fail", "account"] * 2000


@given(st.text())
def test_whatever_is_in_a_query_is_in_its_text(text: str) -> None:
    stored = to_tsvector_literal([(text, "D")])
    assert all(text_search.quoted(lexeme) in stored for lexeme in lexemes(text))


@given(st.text(alphabet="提现失败冻结钱包", min_size=2, max_size=12), st.data())
def test_any_two_neighbours_are_a_lexeme(run: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(run) - 2))
    assert run[at : at + 2] in lexemes(f"abc{run}123")
