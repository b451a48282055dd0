"""The few signs of Markdown that staff write with, as HTML and as plain text.

``**bold**``, ``*italic*``, lists, ``> quotes``, ``[links](https://…)`` and code; nothing else. What people write
without thinking of Markdown must come out as it was typed: ``2 * 3 * 4``, ``snake_case``, ``#1``, ``+ 5 USDT``, a
masked card number, a masked Chinese name. What the converter makes is cleaned again by a list of what may stay, so that
neither of the two has to be perfect alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, fence, list_block
from markdown_it.rules_inline import StateInline, escape
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from helpdesk.lib.defang import defanged
from helpdesk.lib.html import linked, unlinked

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "code", "pre", "blockquote", "a"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_REL = "noopener nofollow"
_LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.IGNORECASE)
#: Before these a backslash takes a sign's meaning away; anywhere else it is a backslash, as in a path.
_ESCAPED = frozenset("*`[")
#: Quotes and lists within one another; what goes deeper is shown as it was typed. The converter's own limit drops it.
_DEEPEST = 12
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
#: 王**先生: two stars that hide a name, not the beginning of something bold.
_AFTER_A_NAME = ("先生", "女士", "小姐", "您好", "你好")


def marked(text: str) -> SafeString:
    """HTML that is safe to show; addresses that stand in the text become links, as in ``html.linked``.

    Not in a quotation: those are somebody else's words, and theirs open nothing.
    """
    return mark_safe(_html(text))  # noqa: S308 - cleaned  # nosec B308 B703


@lru_cache(maxsize=2048)
def _html(text: str) -> str:
    converter = _converter()
    tokens = converter.parse(text)
    quoted = 0
    for token in tokens:
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "inline":
            show = _without_links if quoted else _with_links
            token.children = list(show(token.children or []))
    html = converter.renderer.render(tokens, converter.options, {})
    return nh3.clean(html, tags=TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_REL)


def unmarked(text: str) -> str:
    """The words for those who read no HTML: without signs, an address behind the words that link to it."""
    parts = _Plain()
    for token in _converter().parse(text):
        parts.take(token)
    return parts.text()


@lru_cache(maxsize=1)
def _converter() -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False})
    made.enable(["list", "blockquote", "fence", "newline", "backticks", "link", "emphasis", "escape"])
    made.inline.ruler2.enable(["balance_pairs", "emphasis"])
    made.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    made.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    made.block.ruler.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    made.inline.ruler.at("emphasis", _stars)
    made.inline.ruler.at("escape", _escape)
    made.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]
    return made


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Items begin with a dash, a star or a number: a plus sign stands before amounts."""
    at = state.bMarks[start] + state.tShift[start]
    may_begin = state.src[at : at + 1] != "+" and state.level < _DEEPEST
    return may_begin and list_block(state, start, end, silent)


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Quoted lines begin with "> ": ">5" is more than five."""
    at = state.bMarks[start] + state.tShift[start]
    is_quoted = state.src[at : at + 2] in ("> ", ">>") or state.src[at : state.eMarks[start]] == ">"
    return is_quoted and state.level < _DEEPEST and blockquote(state, start, end, silent)


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Code stands between lines of backticks: ~~~ is how people wave."""
    at = state.bMarks[start] + state.tShift[start]
    return state.src[at : at + 1] == "`" and fence(state, start, end, silent)


def _escape(state: StateInline, silent: bool) -> bool:
    before = state.src[state.pos - 1 : state.pos] if state.pos else " "
    sign, after = state.src[state.pos + 1 : state.pos + 2], state.src[state.pos + 2 : state.pos + 3]
    is_path = before in ":\\" or (before.isalnum() and after == ".")  # C:\*.txt, logs\*.txt
    return sign in _ESCAPED and not is_path and escape(state, silent)


def _stars(state: StateInline, silent: bool) -> bool:
    """Stars at the edges of words. Two of them also between Chinese characters, which stand without blanks."""
    if silent or state.src[state.pos] != "*":
        return False
    length = len(state.src[state.pos : state.posMax]) - len(state.src[state.pos : state.posMax].lstrip("*"))
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[state.pos + length : state.pos + length + 1] or " "
    opens = not after.isspace() and not _is_glued(before, length) and not _hides_a_name(state, before, length)
    closes = not before.isspace() and not _is_glued(after, length)
    usable = length <= 3
    for _star in range(length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens and usable,
                close=closes and usable,
            )
        )
    state.pos += length
    return True


def _is_glued(character: str, length: int) -> bool:
    """Whether stars beside this character are in the middle of a word or a number."""
    if _HAN.match(character):
        return length == 1
    return character.isalnum() or character == "\\"


def _hides_a_name(state: StateInline, before: str, length: int) -> bool:
    rest = state.src[state.pos + length : state.pos + length + 2]
    return _HAN.match(before) is not None and rest.startswith(_AFTER_A_NAME)


def _with_links(tokens: Sequence[Token]) -> Iterator[Token]:
    """Text outside links with its addresses made links. Neighbours are joined before: signs cut an address in two."""
    depth, waiting = 0, ""
    for token in tokens:
        if token.type == "text" and depth == 0:
            waiting += token.content
            continue
        if waiting:
            yield _raw(waiting)
            waiting = ""
        depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        yield token
    if waiting:
        yield _raw(waiting)


def _without_links(tokens: Sequence[Token]) -> Iterator[Token]:
    """Words of links without what they lead to, which is said behind them so that nothing opens it."""
    leads_to: list[str] = []
    waiting = ""
    for token in tokens:
        if token.type == "text":
            waiting += token.content
            continue
        if token.type == "link_open":
            leads_to.append(str(token.attrGet("href") or ""))
        elif token.type == "link_close":
            waiting += f" ({defanged(leads_to.pop())})"
        else:
            if waiting:
                yield _raw(waiting, unlinked)
                waiting = ""
            yield token
    if waiting:
        yield _raw(waiting, unlinked)


def _raw(text: str, shown: Callable[[str], str] = linked) -> Token:
    return Token("html_inline", "", 0, content=shown(text))


class _Plain:
    """Lines of text, with what stands before each of them: a dash, a number, a quote mark."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._before: list[str] = []
        self._numbers: list[int | None] = []
        self._item = ""

    def take(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
                self._gap()
            case "list_item_open":
                self._begin_item()
            case "list_item_close":
                self._before.pop()
            case "blockquote_open":
                self._before.append("> ")
            case "blockquote_close":
                if self._lines and self._lines[-1] == "".join(self._before).rstrip():
                    self._lines.pop()
                self._before.pop()
                self._gap()
            case "inline":
                self._write(_words(token.children or []))
            case "fence":
                self._write(token.content.rstrip("\n"))
                self._gap()
            case "paragraph_close" if not token.hidden:
                self._gap()

    def _begin_item(self) -> None:
        number = self._numbers[-1]
        self._item = "- " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._before.append(" " * len(self._item))

    def _write(self, words: str) -> None:
        for line in words.split("\n"):
            before = "".join(self._before)
            if self._item:
                before, self._item = before[: -len(self._item)] + self._item, ""
            self._lines.append(before + line)

    def _gap(self) -> None:
        """An empty line between what stands apart."""
        if self._lines and self._lines[-1].strip():
            self._lines.append("".join(self._before).rstrip())

    def text(self) -> str:
        return "\n".join(self._lines).strip("\n")


def _words(tokens: Sequence[Token]) -> str:
    said: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                said.append(token.content)
            case "softbreak" | "hardbreak":
                said.append("\n")
            case "link_open":
                links.append((str(token.attrGet("href") or ""), len(said)))
            case "link_close":
                href, start = links.pop()
                address = href.removeprefix("mailto:")
                if "".join(said[start:]) not in (href, address):
                    said.append(f" ({address})")
    return "".join(said)
