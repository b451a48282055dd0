"""Reading the stored messages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_binary_file, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404

NAME = re.compile(r"[0-9]{20}-[0-9a-f]{8}")
SHOWN_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Mail:
    name: str
    message: EmailMessage

    @property
    def stored_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name[:20]) / 1e9, tz=UTC)

    @property
    def to(self) -> str:
        return str(self.message.get("X-Envelope-To") or self.message.get("To", ""))

    @property
    def sender(self) -> str:
        return str(self.message.get("From", ""))

    @property
    def subject(self) -> str:
        return str(self.message.get("Subject", ""))

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


def newest(search: str = "", limit: int = SHOWN_AT_ONCE) -> list[Mail]:
    """The latest messages, or the latest whose sender or receiver contains the words searched for."""
    found: list[Mail] = []
    for mail in _all():
        if search.strip().lower() in f"{mail.to} {mail.sender}".lower():
            found.append(mail)
        if len(found) == limit:
            break
    return found


def get_or_404(name: str) -> Mail:
    path = settings.DEV_INBOX_DIR / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.exists():
        raise Http404
    return _read(path)


def _all() -> Iterator[Mail]:
    for path in sorted(settings.DEV_INBOX_DIR.glob("*.eml"), reverse=True):
        yield _read(path)


def _read(path: Path) -> Mail:
    with path.open("rb") as stored:
        return Mail(path.stem, message_from_binary_file(stored, policy=policy.default))
