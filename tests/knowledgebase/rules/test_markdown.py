from __future__ import annotations

import pytest

from knowledgebase.rules.markdown import to_html, to_plain


def test_it_works() -> None:
    html = to_html("## 步骤\n\n1. **核对** [说明](https://example.com)\n2. `TX-1`")
    assert "<h2>步骤</h2>" in html
    assert "<strong>核对</strong>" in html
    assert 'rel="noopener noreferrer"' in html


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://tracker.example/p.gif)",
        '<a href="https://x" onclick="y">x</a>',
        "<iframe src='https://x'></iframe>",
        "<svg onload=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_fetched(bad: str) -> None:
    html = to_html(bad)
    for tag in (
        "<script",
        "<img",
        "<iframe",
        "<svg",
        'href="javascript',
        'href="data',
        '<a href="https://x" onclick',
    ):
        assert tag not in html


def test_an_authors_first_level_becomes_the_second() -> None:
    assert to_html("# Title").strip() == "<h2>Title</h2>"


def test_tables() -> None:
    assert "<td>1</td>" in to_html("| a |\n| - |\n| 1 |")


def test_plain_words_only() -> None:
    source = "## 提现\n\n看 **这里** [说明](https://secret.example)\n\n```\ncode\n```"
    assert to_plain(source) == "提现 看 这里 说明 code"
