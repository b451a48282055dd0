"""What PostgreSQL makes of the literals: they are valid whatever goes in, and what should be found is found."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.lib.text_search import MAX_QUERY_CHARS, to_tsquery, to_tsvector_literal

pytestmark = pytest.mark.django_db

NAUGHTY_STRINGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "text_blns" / "blns.json"

# Text as fuzzers like it, and text full of what the query language and the cutter treat in a special way.
nasty = st.text() | st.text(alphabet="ab9 提现\"'“”\\:*&|!<->()@.-_+\x00\u200b\ud800\u0301ﬁİß提", max_size=60)

with_database = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _ask(sql: str, *values: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.fixture
def finds() -> Callable[..., bool]:
    def finds(text: str, query: str, *, prefix: bool = False) -> bool:
        vector, asked = to_tsvector_literal([(text, "D")]), to_tsquery(query, prefix=prefix)
        return bool(_ask("SELECT %s::tsvector @@ %s::tsquery", vector, asked))

    return finds


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("我的BTP钱包提现失败了", "提现"),
        ("我的BTP钱包提现失败了", "提现失败"),
        ("我的BTP钱包提现失败了", "失败 btp"),
        ("我的BTP钱包提现失败了", "btp钱包"),
        ("我的BTP钱包提现失败了", "“BTP钱包提现”"),
        ("我的BTP钱包提现失败了", "提"),
        ("我的BTP钱包提现失败了", "了"),
        ("我的BTP钱包提现失败了", "包"),
        ("BTP 钱包", "“BTP钱包”"),
        ("提现", "“提 现”"),
        ("My withdrawals have failed", "withdrawal failing"),
        ("My withdrawals have failed", "how do I withdraw"),
        ("My withdrawals have failed", '"withdrawals have failed"'),
        ("what the", "the"),
        ("Number TX20251103-77, thanks", "TX20251103-77"),
        ("Number TX20251103-77, thanks", "tx2025110377"),
        ("Number TX20251103 77, thanks", "TX20251103-77"),
        ("Write to Li.Wei@Example.com", "li.wei@example.com"),
        ("Write to Li.Wei@Example.com", "example.com"),
        ("log-in", "login"),
        ("login", "log-in"),
        ("see https://example.com/a?b=tx77#c", "tx77"),
    ],
)
def test_found(finds: Callable[..., bool], text: str, query: str) -> None:
    assert finds(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("提现一直没有失败", "提现失败"),
        ("结冻", "冻结"),
        ("account is frozen", '"frozen account"'),
        ("TX20251103-78", "TX20251103-77"),
        ("withdraw", "withdraw deposit"),
        ("anything", ""),
        ("anything", "?!"),
    ],
)
def test_not_found(finds: Callable[..., bool], text: str, query: str) -> None:
    assert not finds(text, query)


@pytest.mark.parametrize("length", range(1, len("withdrawing") + 1))
def test_found_at_every_letter_typed(finds: Callable[..., bool], length: int) -> None:
    assert finds("They are withdrawing money", "withdrawing"[:length], prefix=True)


def test_a_phrase_does_not_reach_from_one_text_into_the_next() -> None:
    vector = to_tsvector_literal([("提", "A"), ("现", "D")])
    assert not _ask("SELECT %s::tsvector @@ %s::tsquery", vector, to_tsquery("“提现”"))


def test_weights_rank() -> None:
    def rank(title: str, body: str) -> object:
        vector = to_tsvector_literal([(title, "A"), (body, "D")])
        return _ask("SELECT ts_rank(%s::tsvector, %s::tsquery)::float", vector, to_tsquery("冻结"))

    assert rank("账户冻结", "说明") > rank("说明", "账户冻结")  # type: ignore[operator]


@with_database
@given(nasty, st.booleans())
def test_any_query_is_valid(text: str, prefix: bool) -> None:
    _ask("SELECT %s::tsquery::text", to_tsquery(text, prefix=prefix))


@with_database
@given(st.lists(st.tuples(nasty, st.sampled_from("ABCD")), max_size=4))
def test_any_vector_is_valid(weighted: list[tuple[str, str]]) -> None:
    _ask("SELECT %s::tsvector::text", to_tsvector_literal(weighted))  # type: ignore[arg-type]


@with_database
@given(nasty.filter(lambda text: '"' not in text))
def test_a_text_is_found_by_itself(text: str) -> None:
    text = text[:MAX_QUERY_CHARS]
    asked = to_tsquery(text)
    assert not asked or _ask("SELECT %s::tsvector @@ %s::tsquery", to_tsvector_literal([(text, "D")]), asked)


@pytest.mark.skipif(not NAUGHTY_STRINGS.exists(), reason="no sample data: text_blns/blns.json")
def test_naughty_strings() -> None:
    for text in json.loads(NAUGHTY_STRINGS.read_text()):
        vector, asked = to_tsvector_literal([(text, "A")]), to_tsquery(text, prefix=True)
        found = _ask("SELECT %s::tsvector @@ %s::tsquery", vector, asked)
        assert found or not asked, text


def test_very_long_texts_fit() -> None:
    source = random.Random(1)
    for text in (
        " ".join(f"{source.getrandbits(64):x}" for _ in range(100_000)),
        "".join(chr(source.randrange(0x4E00, 0x9FFF)) for _ in range(300_000)),
        "x" * 1_000_000,
        "-".join("x" for _ in range(50_000)),
        "提现失败" * 100_000,
    ):
        assert _ask("SELECT length(%s::tsvector)", to_tsvector_literal([(text, "D")]))
