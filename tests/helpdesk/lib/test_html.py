from __future__ import annotations

import pytest

from helpdesk.lib.html import linked


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a\nb\r\nc", "a<br>\nb<br>\nc"),
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("https://a.example", '<a href="https://a.example" rel="noopener nofollow">https://a.example</a>'),
        ("HTTP://A.example/x", '<a href="HTTP://A.example/x" rel="noopener nofollow">HTTP://A.example/x</a>'),
        ("https://", "https://"),
        (
            "see https://a.example/b.",
            'see <a href="https://a.example/b" rel="noopener nofollow">https://a.example/b</a>.',
        ),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("www.example.com", "www.example.com"),
        ("a@b.example", "a@b.example"),
    ],
)
def test_it_works(text: str, html: str) -> None:
    assert linked(text) == html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("请看https://a.example/b。谢谢", "https://a.example/b"),
        ("（https://a.example/b）", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("[x](https://a.example/b)", "https://a.example/b"),
        ("<https://a.example/b>", "https://a.example/b"),
        ("https://a.example/?q=提现!", "https://a.example/?q=提现"),
        ("https://a.example/?a=1&b=2", "https://a.example/?a=1&amp;b=2"),
        ('https://a.example/"onclick="x', "https://a.example/"),
    ],
)
def test_where_an_address_ends(text: str, address: str) -> None:
    assert f'href="{address}"' in linked(text)


def test_a_long_line_takes_no_time() -> None:
    assert len(linked("https://" * 20_000)) > 100_000
    assert len(linked("https://a/" + ")" * 20_000)) > 20_000
