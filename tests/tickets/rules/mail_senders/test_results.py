"""The grammar of RFC 8601 as relays write it, and as others write it who would like to be believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import quick
from tickets.rules.mail_senders.results import MAX_VALUE, Result, Results, parse


def test_it_works() -> None:
    assert parse(
        "mx.example.org; spf=pass smtp.mailfrom=a@example.com; dmarc=pass header.from=example.com"
    ) == Results(
        "mx.example.org",
        (
            Result("spf", "pass", {"smtp.mailfrom": "a@example.com"}),
            Result("dmarc", "pass", {"header.from": "example.com"}),
        ),
    )


def test_spaces_and_comments_wherever_the_grammar_allows_them() -> None:
    """After the example of RFC 8601, appendix B.7."""
    value = (
        "mx.example.org (a machine) 1 (one); dkim (so) / 1 (yes) = (wait) fail\r\n"
        "\tpolicy (dot) . (here) expired (oh) = (not this) 1362471462"
    )
    assert parse(value) == Results(
        "mx.example.org", (Result("dkim", "fail", {"policy.expired": "1362471462"}),)
    )


@pytest.mark.parametrize(
    ("value", "results"),
    [
        ("mx.example.org; none", ()),
        ("mx.example.org 1; none", ()),
        ("mx.example.org", ()),
        ('"MX.example.org"; none', ()),
        ("mx.example.org; DKIM=PASS Header.D=Example.com", (Result("dkim", "pass", {"header.d": "Example.com"}),)),
        ('mx.example.org; dkim=pass reason="good; really" header.d="a.com"',
         (Result("dkim", "pass", {"reason": "good; really", "header.d": "a.com"}),)),
        ('mx.example.org; spf=pass smtp.mailfrom="x; dmarc=pass header.from=v.com"@evil.com',
         (Result("spf", "pass", {"smtp.mailfrom": '"x; dmarc=pass header.from=v.com"@evil.com'}),)),
        ("mx.example.org; spf=pass (x; dmarc=pass header.from=v.com) smtp.mailfrom=e.com",
         (Result("spf", "pass", {"smtp.mailfrom": "e.com"}),)),
        ("mx.example.org; dmarc=pass action=none header.from=a.com;compauth=pass reason=100",
         (Result("dmarc", "pass", {"action": "none", "header.from": "a.com"}),
          Result("compauth", "pass", {"reason": "100"}))),
        ("mx.example.org; dmarc=pass header.from=a.com header.from=b.com",
         (Result("dmarc", "pass", {"header.from": ""}),)),
        ("mx.example.org; dkim/1=pass header.d=a.com", (Result("dkim", "pass", {"header.d": "a.com"}),)),
        ("mx.example.org; dkim/2=pass header.d=a.com", ()),
        ("mx.example.org; dkim=pass header.b=ab+/== header.d=a.com",
         (Result("dkim", "pass", {"header.b": "ab+/==", "header.d": "a.com"}),)),
        ('mx.example.org; dmarc=fail "x header.from=v.com"', (Result("dmarc", "fail"),)),
        ("mx.example.org; dkim; =pass; pass", ()),
        ("mx.example.org;;", ()),
    ],
)  # fmt: skip
def test_read(value: str, results: tuple[Result, ...]) -> None:
    assert parse(value) == Results("mx.example.org", results)


@pytest.mark.parametrize(
    "value",
    [
        "",
        ";",
        "mx.example.org 2; dmarc=pass",
        "mx.example.org one two; dmarc=pass",
        "spf=pass smtp.mailfrom=a.com; dmarc=pass header.from=a.com",
        "mx.example.org; dmarc=pass (unclosed",
        'mx.example.org; dmarc=pass header.from="a.com',
        "mx.example.org; " + "dkim=none; " * MAX_VALUE,
    ],
)
def test_not_read_at_all(value: str) -> None:
    assert parse(value) is None


@given(st.text(alphabet='ab;="()\\ ./1\n', max_size=80))
def test_whatever_is_written(text: str) -> None:
    parse(text)
    parse("mx.example.org; " + text)


@pytest.mark.parametrize("piece", ["(", '"', "=", ";", " ", "a=", "a=b ", '""', "\\", "a. ", "()", "a b"])
def test_long_ones_take_no_time(piece: str) -> None:
    with quick():
        for head in ("", "mx; ", "mx; a=", 'mx; a="'):
            parse((head + piece * MAX_VALUE)[:MAX_VALUE])
            parse(head + piece * 1_000_000)
