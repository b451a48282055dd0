from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.mail_domains import ascii_domain, domain_of, is_aligned, organisational_domain


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.COM", "example.com"),
        (" example.com. ", "example.com"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("ｑｑ.com", "qq.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("pay-pal.com", "pay-pal.com"),
        ("localhost", ""),
        ("[192.0.2.1]", ""),
        ("192.0.2.1", ""),
        ("a..com", ""),
        ("-a.com", ""),
        ("exa mple.com", ""),
        ("example.com\r\nX: y", ""),
        ("a" * 64 + ".com", ""),
        ("a." * 200 + "com", ""),
        ("", ""),
    ],
)
def test_one_spelling(text: str, name: str) -> None:
    assert ascii_domain(text) == name


@given(st.text(max_size=300))
def test_nothing_else_than_a_name_comes_out(text: str) -> None:
    name = ascii_domain(text)
    assert name == "" or (
        name.isascii() and name.isprintable() and " " not in name and ascii_domain(name) == name
    )


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@Example.com", "example.com"),
        ('<"a@b"@example.com>', "example.com"),
        ("@example.com", "example.com"),
    ],
)
def test_domain_of_an_address(address: str, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("one", "other", "relaxed", "strict"),
    [
        ("example.com", "example.com", True, True),
        ("mail.example.com", "example.com", True, False),
        ("a.example.co.uk", "b.example.co.uk", True, False),
        ("one.co.uk", "two.co.uk", False, False),
        ("one.github.io", "two.github.io", False, False),
        ("example.com", "example.com.evil.net", False, False),
        ("notexample.com", "example.com", False, False),
        ("co.uk", "one.co.uk", False, False),
        ("", "", False, False),
    ],
)
def test_alignment(one: str, other: str, relaxed: bool, strict: bool) -> None:
    assert is_aligned(one, other) is is_aligned(other, one) is relaxed
    assert is_aligned(one, other, strict=True) is strict


def test_a_public_suffix_belongs_to_nobody() -> None:
    assert organisational_domain("mail.qq.com") == "qq.com"
    assert organisational_domain("gov.cn") == "gov.cn"
