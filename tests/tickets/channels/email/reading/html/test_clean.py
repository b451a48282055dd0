"""HTML of strangers: nothing in it runs, and nothing in it is fetched before the reader says so."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.channels.email.reading.html.clean import Cleaned, clean
from tickets.channels.email.reading.html.markup import read_markup
from tickets.channels.email.reading.html.tags import ALLOWED

SHARED = Path(__file__).resolve().parents[7] / "shared" / "data"
BLEACH = sorted((SHARED / "html_bleach").glob("*.test"))
NAUGHTY = SHARED / "text_blns" / "blns.json"


def cleaned(source: str) -> Cleaned:
    return clean(read_markup(source).events)


class Audit(HTMLParser):
    """Everything in HTML that could run or be fetched."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        squeezed = re.sub(r"[\s\x00-\x20]", "", value).lower()
        if name.startswith("on") or name in (
            "id",
            "class",
            "name",
            "srcset",
            "background",
            "action",
            "formaction",
            "ping",
        ):
            self.wrong.append(f"{tag} {name}")
        if name == "href" and not squeezed.startswith(("http://", "https://", "mailto:")):
            self.wrong.append(f"{tag} href={value}")
        if name == "src" and not (tag == "img" and squeezed.startswith("cid:")):
            self.wrong.append(f"{tag} src={value}")
        if name == "data-remote-src" and not squeezed.startswith(("http://", "https://")):
            self.wrong.append(f"{tag} data-remote-src={value}")
        if name == "style" and re.search(
            r"url|expression|import|position|javascript|behaviou?r|binding|\\", squeezed
        ):
            self.wrong.append(f"{tag} style={value}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.wrong.append("instruction")


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.y/a.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror='alert(1)'//>",
    "<img/src/onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    '<img src="http://x.y/a.gif">',
    '<img srcset="http://x.y/a.gif 1x">',
    '<img data-remote-src="javascript:alert(1)">',
    '<img data-remote-src="http://x.y/a.gif" src="http://x.y/b.gif">',
    '<img src="cid:a" src="http://x.y/">',
    '<img src="c&#105;d:a&quot; onerror=alert(1)">',
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mi//xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code=x>",
    "<base href='https://x.y/'>",
    "<meta http-equiv=refresh content='0;url=https://x.y/'>",
    "<link rel=stylesheet href='https://x.y/a.css'>",
    "<style>@import 'https://x.y/a.css';</style>",
    "<style>body{background:url(https://x.y/)}</style>",
    "<p style='background:url(https://x.y/a.gif)'>x</p>",
    "<p style='background-color:url(https://x.y/a.gif)'>x</p>",
    "<p style='background-image:u\\72l(https://x.y/a.gif)'>x</p>",
    "<p style='color:expression(alert(1))'>x</p>",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%'>x</p>",
    "<p style='list-style-image:url(https://x.y/)'>x</p>",
    "<p style=\"font-family:'url(https://x.y/)'\">x</p>",
    "<p style='border-image:url(https://x.y/)'>x</p>",
    "<p style='-moz-binding:url(https://x.y/)'>x</p>",
    "<body background='https://x.y/a.gif' onload='alert(1)'>x</body>",
    "<table background='https://x.y/a.gif'><tr><td background='https://x.y/a.gif'>x</td></tr></table>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='//x.y/'>x</a>",
    "<a href='/admin/logout'>x</a>",
    "<a href='#top' id=location name=body>x</a>",
    "<a href='https://x.y/' onclick='alert(1)' ping='https://x.y/'>x</a>",
    "<form action='https://x.y/'><input name=password><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex action=javascript:alert(1) type=image>",
    "<video src='https://x.y/'><source onerror=alert(1)></video>",
    "<audio src='https://x.y/' autoplay>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<keygen autofocus onfocus=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if gte mso 9]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<b/onmouseover=alert(1)>x</b>",
    "<b onmouseover='alert(1)' style='color:red'>x</b>",
    "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
    '<p title="a&quot;><script>alert(1)</script>">x</p>',
    '"><script>alert(1)</script>',
    '<a href="https://x.y/"><img src="https://x.y/a.png" alt=\'"><script>alert(1)</script>\'></a>',
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<image src=x onerror=alert(1)>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<layer src='https://x.y/'></layer>",
    "<img src='https://x.y/a.gif' dynsrc='https://x.y/' lowsrc='https://x.y/'>",
    "<div\x00 onclick=alert(1)>x</div>",
    "<scri\x00pt>alert(1)</scri\x00pt>",
    "\x3c\x3cscript>alert(1)//<\x3c/script>",
    "<p/style=x:url('https://x.y')/onclick='alert(1)'>",
]


@pytest.mark.parametrize("source", ATTACKS)
def test_nothing_runs_and_nothing_is_fetched(source: str) -> None:
    for wrapped in (source, f"<div>{source}</div>", f"<p>before{source}after</p>"):
        assert Audit(cleaned(wrapped).html).wrong == [], cleaned(wrapped).html


@pytest.mark.skipif(not BLEACH, reason="no ../shared/data/html_bleach beside the project")
@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in BLEACH])
def test_what_broke_others(path: Path) -> None:
    source = path.read_text(encoding="utf-8").partition("\n--\n")[0]
    assert Audit(cleaned(source).html).wrong == []


@pytest.mark.skipif(not NAUGHTY.exists(), reason="no ../shared/data/text_blns beside the project")
def test_naughty_strings() -> None:
    for source in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert Audit(cleaned(source).html).wrong == [], source
        assert Audit(cleaned(f"<p title='{source}'>{source}</p>").html).wrong == [], source


PIECES = st.sampled_from(
    [*ATTACKS, "<p>", "</p>", "<b>", "</b>", "<table>", "<td>", "</table>", "<a href=", "'", '"', ">", "<", "<!--",
     "-->",      "<style>", "</style>", "<title>", "x", " ", "&lt;", "<svg>", "</svg>", "<math>",
     "<mtext>", "<noscript>",
     "<textarea>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_mixture_of_them_gets_through(source: str) -> None:
    assert Audit(cleaned(source).html).wrong == []


def test_what_people_write_stays() -> None:
    source = (
        '<h1>Hi</h1><p style="color: red; position: absolute">a <b>b</b> <i>c</i> <a href="https://x.y/?a=1&amp;b=2">d</a>'
        "</p><ul><li>e</li></ul><table><tbody><tr><td>f</td></tr></tbody></table><blockquote>g</blockquote>"
    )

    assert cleaned(source).html == source.replace("; position: absolute", "").replace(
        'b=2">', 'b=2" target="_blank" rel="noopener noreferrer nofollow">'
    ).replace("color: red", "color:red")


def test_remote_images_wait() -> None:
    found = cleaned('<img src="https://x.y/a.png" alt="A"><img src="//x.y/b.png">')

    assert found.has_remote_images
    assert (
        found.html
        == '<img alt="A" data-remote-src="https://x.y/a.png"><img data-remote-src="https://x.y/b.png">'
    )


@pytest.mark.parametrize("size", ['width="1" height="1"', "width=0", 'height="1px"'])
def test_what_counts_readers_goes(size: str) -> None:
    found = cleaned(f'<p>x</p><img src="https://x.y/count?who=ann" {size}>')

    assert (found.html, found.has_remote_images) == ("<p>x</p>", False)


def test_images_of_the_mail_itself_do_not_wait() -> None:
    found = cleaned('<img src="cid:one@x">')

    assert (found.html, found.has_remote_images, found.shown) == ('<img src="cid:one@x">', False, {"one@x"})
