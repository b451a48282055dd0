"""The HTML of a mail, written anew for its frame."""

from __future__ import annotations

from html import escape

import nh3
import pytest

from tests.quick import quick
from tickets.workspace.mail_sheet import page


def body(html: str, *, images: bool = False) -> str:
    return page(html, {}, remote_images=images).partition("<body>")[2].rpartition("</body>")[0]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>a &lt; b &amp; c&nbsp;d</p>", "<p>a &lt; b &amp; c&nbsp;d</p>"),
        (
            '<table bgcolor="#eee"><tr><td>x</td></tr></table>',
            '<table bgcolor="#eee"><tr><td>x</td></tr></table>',
        ),
        ("<p>{body} %s {0}</p>", "<p>{body} %s {0}</p>"),
        ("<style>p > a { color: red }</style>", "<style>p > a { color: red }</style>"),
        (
            '<a href="https://x.test/?a=1&amp;b=2" target="_top" rel="opener">x</a>',
            '<span class="lead">x</span> <small>[hxxps://x[.]test/?a=1&amp;b=2]</small>',
        ),
        ('<img src="cid:none" alt="a &quot;b&quot;">', '<img alt="a &quot;b&quot;">'),
        ('<img data-remote-src="https://x.test/a.png" width="4">', '<img width="4">'),
        ('<img src="data:image/gif;base64,R0lGOD">', '<img src="data:image/gif;base64,R0lGOD">'),
        (
            '<base href="https://x.test/"><link rel="preconnect" href="//x.test"><meta http-equiv="refresh">x',
            "x",
        ),
        ("<!-- a --><p>b</p>", "<p>b</p>"),
        ("", ""),
    ],
)
def test_it_is_written_as_it_was(written: str, shown: str) -> None:
    assert body(written) == shown


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_remote_images_when_asked(scheme: str) -> None:
    written = f'<img data-remote-src="{scheme}://x.test/?a=1&amp;b=http:">'
    assert body(written, images=True) == '<img src="https://x.test/?a=1&amp;b=http:">'


@pytest.mark.parametrize(
    "unit", ["<p>a", "&lt;", "&", "<a <", "<!--", "<img src=", '"', "<![CDATA[", "</", "<b x='", "&#"]
)
def test_a_megabyte_of_anything_is_written_quickly(unit: str) -> None:
    cleaned = nh3.clean(unit * (300_000 // len(unit)))
    with quick():
        body(cleaned)


def test_text_stays_text() -> None:
    text = "<script>alert(1)</script> \"' & <img src=x>"
    assert body(f"<p>{escape(text)}</p>") == f"<p>{escape(text)}</p>"
