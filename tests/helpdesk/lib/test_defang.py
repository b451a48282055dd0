from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.lib.defang import defanged, defanged_links, refanged
from helpdesk.lib.html import linked_but_quotes, unlinked
from helpdesk.lib.marked import marked

#: What mail programs and messengers make a link of.
OPENS = re.compile(
    r"(?<![\w])(?:https?|ftp|file|ssh|tg|weixin)://|\b[\w-]+\.(?:com|net|org|cn|ru|io|xyz|top)\b", re.I
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://evil.com/pay?a=1", "hxxps://evil[.]com/pay?a=1"),
        ("HTTP://EVIL.COM", "hxxp://EVIL[.]COM"),
        ("evil.com", "evil[.]com"),
        ("www.evil.co.uk/x", "www[.]evil[.]co[.]uk/x"),
        ("点击evil.com。谢谢", "点击evil[.]com。谢谢"),
        ("见https://evil.com/a，急", "见hxxps://evil[.]com/a，急"),
        ("https://user:pw@evil.com:8080/", "hxxps://user:pw@evil[.]com:8080/"),
        ("http://127.0.0.1:8000/x", "hxxp://127[.]0[.]0[.]1:8000/x"),
        ("ftp://evil.com", "ftp[:]//evil[.]com"),
        ("tg://resolve?domain=x", "tg[:]//resolve?domain=x"),
        ("evil．com", "evil[.]com"),
        ("支付.公司", "支付[.]公司"),
        ("boss@evil.com", "boss[@]evil[.]com"),
        ("hxxps://evil[.]com", "hxxps://evil[.]com"),
        ("https://evil.com/a.html and evil.net.", "hxxps://evil[.]com/a.html and evil[.]net."),
        ("https:\\\\evil.com", "hxxps://evil[.]com"),
        ("httpS:/evil.com", "hxxps://evil[.]com"),
        ("open evil.zip/pay and evil.zip:8080", "open evil[.]zip/pay and evil[.]zip:8080"),
        ("www.evil.zip, evil.md?x=1, boss@evil.mov", "www[.]evil[.]zip, evil[.]md?x=1, boss[@]evil[.]mov"),
        ("https://evil.zip login.evil.zip", "hxxps://evil[.]zip login[.]evil[.]zip"),
        # Harmless, and stays as it is.
        ("见 README.md，还有 IMG_0042.MOV、logs-2.zip。", "见 README.md，还有 IMG_0042.MOV、logs-2.zip。"),
        ("Is it README.md? main.py: line 3", "Is it README.md? main.py: line 3"),
        ("3.5 v1.2 note.beta", "3.5 v1.2 note.beta"),
        ("Note: see 10:30", "Note: see 10:30"),
        ("", ""),
    ],
)
def test_it_works(text: str, shown: str) -> None:
    assert defanged(text) == shown
    assert defanged(shown) == shown, "again changes nothing"
    assert not OPENS.search(re.sub(r"/\S*", "", shown))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hxxps://evil[.]com/pay", "https://evil.com/pay"),
        ("h**p://evil(.)com", "http://evil.com"),
        ("hXXp://evil[dot]com", "http://evil.com"),
        ("boss[at]evil{.}com", "boss@evil.com"),
        ("ftp[:]//evil[.]com", "ftp://evil.com"),
        ("evil【点】com", "evil【点】com"),
    ],
)
def test_it_is_read_back(written: str, meant: str) -> None:
    assert refanged(written) == meant


@given(
    st.sampled_from(["https://", "http://", "", "ftp://", "HTTPS://"]),
    st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=3),
    st.sampled_from(["com", "cn", "xyz", "top", "ru"]),
    st.from_regex(r"(/[a-z0-9?=&%-]{0,12})?", fullmatch=True),
    st.sampled_from(["", " ", "。", "（", "<", '"', "see ", "请看"]),
)
def test_whatever_stands_around_it(scheme: str, labels: list[str], end: str, path: str, before: str) -> None:
    address = f"{scheme}{'.'.join(labels)}.{end}{path}"
    shown = defanged(f"{before}{address}")
    assert not OPENS.search(shown.partition("/")[0] if not scheme else shown.replace(path, ""))
    assert refanged(shown).lower() == f"{before}{address}".lower()


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_twice_is_once(text: str) -> None:
    assert defanged(defanged(text)) == defanged(text)
    assert len(defanged(text)) <= 4 * len(text) + 1


def test_it_is_quick_on_a_long_text() -> None:
    defanged("a." * 10_000)
    defanged("http:" * 4_000)
    defanged("@" * 20_000)


def test_people_are_still_written_to() -> None:
    assert defanged_links("Write to wang@example.com or open https://evil.com") == (
        "Write to wang@example.com or open hxxps://evil[.]com"
    )


HOSTILE = (
    "https://evil.com",
    "[text](https://evil.com)",
    "<a href='https://evil.com'>x</a>",
    "<https://evil.com>",
    "![x](https://evil.com/a.png)",
    '"https://evil.com/\'onmouseover=alert(1)"',
    "javascript:alert(1)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_others_wrote_has_no_link(text: str) -> None:
    for html in (unlinked(text), linked_but_quotes(f"> {text}"), marked(f"> {text}")):
        assert "href" not in html.replace("&lt;a href", "")
        assert "<img" not in html
        assert "evil.com" not in html
