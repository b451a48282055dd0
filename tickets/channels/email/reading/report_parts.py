"""The parts of a delivery report (RFC 6522), for whoever reads what they say."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickets.channels.email.reading.bodies import read_bodies
from tickets.channels.email.reading.clean import clean_text
from tickets.channels.email.reading.mail import Headers, ReportParts
from tickets.channels.email.reading.message import headers_of, with_line_breaks
from tickets.channels.email.reading.mime import Part, parse
from tickets.channels.email.reading.transfer import undo

_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
                     "message/global-disposition-notification", "message/feedback-report"})  # fmt: skip
_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})


@dataclass
class _Found:
    human: list[str] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    headers: Headers | None = None
    text: str = ""


def report_parts(raw: bytes) -> ReportParts | None:
    """None where the mail is no ``multipart/report`` and holds no machine-readable status either."""
    raw = with_line_breaks(raw)
    root = parse(raw).root
    report = _report(root)
    if report is None:
        return None
    found = _Found()
    for part in report.children:
        _take(found, raw, part)
    return ReportParts("\n\n".join(found.human), "\n\n".join(found.status), found.headers, found.text)


def _report(root: Part) -> Part | None:
    """The report itself, or one packed into another multipart on the way."""
    waiting = [root]
    while waiting:
        part = waiting.pop(0)
        if part.type == "multipart/report" or any(child.type in _STATUS for child in part.children):
            return part
        if part.is_multipart:
            waiting.extend(part.children)
    return None


def _take(found: _Found, raw: bytes, part: Part) -> None:
    if part.type in _STATUS:
        # Some servers call the words for people a status too: they hold no fields.
        said = clean_text(_content(raw, part).decode("utf-8", "replace")).strip()
        (found.status if _has_fields(said) else found.human).append(said)
    elif part.type in _HEADERS and found.headers is None:
        found.headers = headers_of(parse(_content(raw, part)).root.fields)
    elif part.is_message and found.headers is None:
        _returned(found, raw, part)
    else:
        body, _bodies = read_bodies(raw, part)
        if body.text.strip():
            found.human.append(body.text.strip())


def _returned(found: _Found, raw: bytes, part: Part) -> None:
    message, content = (part.children[0] if part.children else None), raw
    if message is None:
        content = _content(raw, part)
        message = parse(content, depth=part.depth + 1).root
    found.headers = headers_of(message.fields)
    body, _bodies = read_bodies(content, message)
    found.text = body.text


def _content(raw: bytes, part: Part) -> bytes:
    return undo(raw[part.start : part.end], part.transfer_encoding).content


def _has_fields(text: str) -> bool:
    lowered = f"\n{text.lower()}"
    return any(f"\n{name}:" in lowered for name in (
        "reporting-mta", "final-recipient", "action", "status", "disposition", "feedback-type", "original-recipient",
    ))  # fmt: skip
