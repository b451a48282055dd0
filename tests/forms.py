"""Filling in a page's form as a browser would: what is there is sent back, with what one changes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._select = self._textarea = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "input" and name:
            kind = said.get("type")
            if kind in ("submit", "button", "file") or (
                kind in ("checkbox", "radio") and "checked" not in said
            ):
                return
            self.found.setdefault(name, []).append(said.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self.found.setdefault(self._select, []).append(said.get("value") or "")
        elif tag == "textarea":
            self._textarea, self._text = name, []

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            self.found[self._textarea] = ["".join(self._text).removeprefix("\n").removeprefix("\r\n")]
            self._textarea = ""


def fields(html: str) -> dict[str, Any]:
    """Names and present values of all fields of a page, without empty rows that only serve as a pattern."""
    parser = _Fields()
    parser.feed(html)
    return {name: values for name, values in parser.found.items() if "__prefix__" not in name}


def errors(html: str) -> str:
    """The words of every error on the page."""

    class Errors(HTMLParser):
        depth = 0
        words: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            classes = dict(attrs).get("class") or ""
            if self.depth or (tag in ("ul", "div", "p") and ("error" in classes or "text-red" in classes)):
                self.depth += tag not in ("br", "img", "input")

        def handle_endtag(self, tag: str) -> None:
            self.depth = max(0, self.depth - 1)

        def handle_data(self, data: str) -> None:
            if self.depth and data.strip():
                self.words.append(data.strip())

    parser = Errors()
    parser.words = []
    parser.feed(html)
    return " ".join(parser.words)
