"""Fills in a page's form as a browser would: every hidden field and default comes along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode


@dataclass
class Form:
    action: str = ""
    values: dict[str, str] = field(default_factory=dict)

    def filled(self, values: Mapping[str, str]) -> bytes:
        return urlencode({**self.values, **values}).encode()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(given.get("action", ""))
            self.forms.append(self.open)
        if self.open is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            unticked = given.get("type") in ("checkbox", "radio") and "checked" not in given
            if not unticked and given.get("type") not in ("submit", "file"):
                self.open.values[name] = given.get("value", "")
        elif tag == "textarea" and name:
            self.open.values[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.open.values or "selected" in given):
            self.open.values[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""


def form_with(html: bytes, name: str) -> Form:
    """The first form of the page that has a field of this name."""
    parser = _Forms()
    parser.feed(html.decode())
    return next(form for form in parser.forms if name in form.values)
