"""HTML told as text: what a reader sees, in the order in which it is seen."""

from __future__ import annotations

import pytest

from tickets.channels.email.reading.html.markup import MAX_DEPTH, read_markup
from tickets.channels.email.reading.html.plain import plain_text


def text_of(source: str) -> str:
    return plain_text(read_markup(source).events)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("a   lot\n of   <b> white </b> space", "a lot of white space"),
        ("<b>bold</b><i>er</i>", "bolder"),
        ("中文<b>不</b>加空格", "中文不加空格"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
        ("<table><tr><th>Date</th><th>Sum</th></tr><tr><td>1 May</td><td>20</td></tr></table>",
         "Date | Sum\n1 May | 20"),
        ("<table><tr><td><table><tr><td>inner</td></tr></table></td></tr></table>", "inner"),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>after", "a | b\nc\n\nafter"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"),
        ('On Monday, Ann wrote:<blockquote type="cite">Hi<br>there</blockquote>Thanks',
         "On Monday, Ann wrote:\n\n> Hi\n> there\n\nThanks"),
        ('<a href="https://x.y/">here</a>', "here (https://x.y/)"),
        ('<a href="https://x.y/">https://x.y</a>', "https://x.y"),
        ('<a href="https://www.x.y">x.y</a>', "x.y"),
        ('<a href="mailto:a@b.c">a@b.c</a>', "a@b.c"),
        ('<a href="javascript:x">x</a>', "x"),
        ('<a href="https://x.y/"><img src="https://x.y/l.png"></a>', ""),
        ('<img src="cid:a" alt="a plan">', "[a plan]"),
        ('<img src="https://x.y/c" alt="counted" width=1 height=1>', ""),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("a<hr>b", "a\n---\nb"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("&lt;b&gt; &amp; &#20320;&#x597D; &nbsp; &hellip;", "<b> & 你好 …"),
        ("&#99999999999999999999; &#x110000;", "\ufffd \ufffd"),
        ("<style>p{color:red}</style><script>x()</script><title>t</title>text", "text"),
        ("<!-- hidden -->shown<!--[if mso]>for one program<![endif]-->", "shown"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("</p></div>stray ends", "stray ends"),
        ("<o:p>&nbsp;</o:p>word", "word"),
        ("plain text", "plain text"),
        ("", ""),
    ],
)  # fmt: skip
def test_text(source: str, text: str) -> None:
    assert text_of(source) == text


HIDDEN = [
    '<div style="display:none">Preview</div>Hello',
    '<div style="DISPLAY : none !important; max-height:0">Preview</div>Hello',
    '<span style="visibility:hidden">Preview</span>Hello',
    "<div hidden>Preview<p>more</p></div>Hello",
    '<div style="max-height:0px;overflow:hidden">Preview</div>Hello',
    '<div style="opacity:0">Preview</div>Hello',
]


@pytest.mark.parametrize("source", HIDDEN)
def test_what_is_hidden_from_the_reader_is_not_told(source: str) -> None:
    assert text_of(source) == "Hello"


@pytest.mark.parametrize(
    "source",
    [
        '<div style="display:none">never closed, and all there is: Hello',
        '<div style="display:none">Hello</div>',
        "<svg>Hello",
        "<style>never closed: Hello",
        "<!-- never closed: Hello",
        '<div style="font-size:0"><span style="font-size:14px">Hello</span></div>',
        '<div style="max-height:0.5em">Hello</div>',
        '<div style="opacity:0.5">Hello</div>',
        "<textarea>Hello</textarea>",
        "<form><label>Hello</label></form>",
    ],
)
def test_in_doubt_text_is_kept(source: str) -> None:
    assert "Hello" in text_of(source)


def test_fillers_of_the_preview_go() -> None:
    assert text_of("Hello" + "&#847;&zwnj;&nbsp;" * 50 + "you") == "Hello you"


def test_depth_has_an_end() -> None:
    markup = read_markup("<div>" * 5_000 + "core")
    depth = deepest = 0
    for event in markup.events:
        depth += {"open": 1, "close": -1}.get(event.kind, 0)
        deepest = max(deepest, depth)

    assert deepest == MAX_DEPTH
    assert depth == 0
    assert plain_text(markup.events) == "core"
    assert markup.defects == {"html-too-deep"}
