"""The few signs of Markdown: what they make, what they leave alone, what cannot be smuggled in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.marked import TAGS, marked, unmarked
from tests.quick import quick


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("这是**重点**内容", "<p>这是<strong>重点</strong>内容</p>"),
        ("**重要：**请看", "<p><strong>重要：</strong>请看</p>"),
        ("**“引用”**是", "<p><strong>“引用”</strong>是</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("> said\n> before", "<blockquote>\n<p>said<br>\nbefore</p>\n</blockquote>"),
        ("`a*b*`", "<p><code>a*b*</code></p>"),
        ("```\n**x**\n```", "<pre><code>**x**\n</code></pre>"),
        (
            "[页面](https://a.test/x_y)",
            '<p><a href="https://a.test/x_y" rel="noopener nofollow">页面</a></p>',
        ),
        ("[me](mailto:a@b.test)", '<p><a href="mailto:a@b.test" rel="noopener nofollow">me</a></p>'),
        (
            "看 https://a.test/a_b*c*d。谢谢",
            '<p>看 <a href="https://a.test/a_b*c*d" rel="noopener nofollow">https://a.test/a_b*c*d</a>。谢谢</p>',
        ),
        (r"\*not\* bold", "<p>*not* bold</p>"),
    ],
)
def test_signs(typed: str, shown: str) -> None:
    assert marked(typed).strip() == shown


@pytest.mark.parametrize(
    "typed",
    [
        "2 * 3 * 4 = 24",
        "2*3*4",
        "snake_case and __init__ and _x_",
        "#1 is first",
        "# 1 is first",
        "【重要】（请看）《条款》「好」",
        "张*明 和 李*华",
        "王**先生和李**女士",
        "6222****1234 and ****5678",
        "fee* and rate*",
        "*see the terms",
        "+ 5 USDT",
        ">5 USDT",
        "~~~ 谢谢",
        "---",
        "C:\\*.txt and logs\\*.txt and \\\\server\\share",
        "[1]: see below [1]",
        "[确认](是)",
        "&copy; &amp;",
        "1、第一 2）第二",
        "5 < 6 > 4",
    ],
)
def test_what_is_no_sign_stays_as_it_was_typed(typed: str) -> None:
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert marked(typed).strip() == f"<p>{escaped}</p>"
    assert unmarked(typed) == typed


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.test/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHN2Zz4=)",
        "[x](vbscript:x)",
        "[x](//evil.test)",
        "[x](/admin/)",
        '[x](https://a.test/"onmouseover="alert(1))',
        '[x](https://a.test "title" onclick=x)',
        '```"><script>alert(1)</script>\nx\n```',
        "<https://a.test><b>",
        "https://a.test/<script>",
        "# <svg/onload=alert(1)>",
        "**<iframe src=x>**",
    ],
)
def test_nothing_is_smuggled_in(hostile: str) -> None:
    html = marked(hostile)
    listed = "|".join(TAGS)
    assert not re.search(rf"<(?!/?(?:{listed})\b)", html), "only tags of the list"
    for tag in re.findall(r"<[^>]+>", html):
        assert re.fullmatch(
            r'</?\w+>|<a href="(?:https?://|mailto:)[^"]*" rel="noopener nofollow">|<ol start="\d+">', tag
        ), tag


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("**Please** read\n\n- a\n- *b*", "Please read\n\n- a\n- b"),
        ("1. x\n2. y\n\nEnd", "1. x\n2. y\n\nEnd"),
        ("See [the page](https://a.test).", "See the page (https://a.test)."),
        ("[https://a.test](https://a.test)", "https://a.test"),
        ("> said\n\nanswer", "> said\n\nanswer"),
        ("- a\n  1. b\n  2. c", "- a\n  1. b\n  2. c"),
        ("```\nx = 1\n\ny\n```", "x = 1\n\ny"),
    ],
)
def test_the_plain_text_is_readable(typed: str, plain: str) -> None:
    assert unmarked(typed) == plain


@pytest.mark.parametrize("deep", ["> " * 200 + "x", "- " * 200 + "x", "> - " * 100 + "x"])
def test_no_depth_swallows_a_word(deep: str) -> None:
    assert "x" in re.sub(r"<[^>]*>", "", marked(deep))
    assert "x" in unmarked(deep)


@pytest.mark.parametrize(
    "piece", ["*a ", "a* ", "[", "`", "> ", "- ", "[a](", "*", "**a** ", "\\", "1. ", "\n> "]
)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    with quick():
        marked(text)
        unmarked(text)


@given(st.text(alphabet="ab1 *_`[]()>-#\\\n重点：！https:/.<&", max_size=80))
def test_words_are_never_lost(typed: str) -> None:
    """Letters and figures come out in their order, whatever signs stand between them; addresses of links aside."""
    shown = (
        re.sub(r"<[^>]*>", "", marked(typed)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )
    kept = re.findall("[ab重点]", shown)
    wanted = re.findall("[ab重点]", typed)
    assert kept == wanted or "](http" in typed or "```" in typed
