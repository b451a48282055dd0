"""Reading the portal's pages as a browser would: the words on them, and what their forms would send."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.pictures import PNG, noise

GOOD = {
    "subject": "提现三天没有到账",
    "f-amount": "500",
    "f-amount-currency": "CNY",
    "body": "我周一提现，到今天还没有到账。",
    "name": "王小明",
    "email": "wang@example.com",
}


def picture(name: str = "screenshot.png", *, extra: int = 0) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, noise(extra) if extra else PNG, content_type="image/png")


class _Page(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.forms: list[tuple[str, dict[str, Any]]] = []
        self._silent = 0
        self._area: str | None = None
        self._select: str | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        self._silent += tag in {"script", "style"}
        if tag == "form":
            self.forms.append((f"{has.get('id') or ''} {has.get('action') or ''}", {}))
        elif tag == "textarea":
            self._area = name
            self._put(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self._put(self._select, has.get("value") or "")
        elif tag == "input" and name and _is_sent(has):
            self._put(name, has.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}
        self._area = None if tag == "textarea" else self._area
        self._select = None if tag == "select" else self._select

    def handle_data(self, data: str) -> None:
        if self._area is not None and self.forms:
            self.forms[-1][1][self._area] += data.removeprefix("\n")
        elif not self._silent:
            self.text.append(data)

    def _put(self, name: str, value: str) -> None:
        if not self.forms:
            return
        fields = self.forms[-1][1]
        if name in fields:
            before = fields[name] if isinstance(fields[name], list) else [fields[name]]
            fields[name] = [*before, value]
        else:
            fields[name] = value


def _is_sent(has: dict[str, str | None]) -> bool:
    kind = has.get("type")
    return kind not in {"file", "submit", "button"} and (
        kind not in {"radio", "checkbox"} or "checked" in has
    )


def text_of(response: Any) -> str:
    """The page's words, white space folded."""
    return " ".join(" ".join(_Page(response.content.decode()).text).split())


def fields_of(response: Any, form: str = "case-form") -> dict[str, Any]:
    """What the form whose id or action holds ``form`` would send, untouched."""
    found = [fields for named, fields in _Page(response.content.decode()).forms if form in named]
    assert found, f"no form {form!r} on the page"
    return found[0]
