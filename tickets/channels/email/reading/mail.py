"""What a mail says, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Address:
    name: str
    #: The domain in lower case; "" where none could be read.
    address: str


@dataclass(frozen=True)
class File:
    #: As the sender wrote it, without control and direction marks; never empty. Not yet safe as a path.
    name: str
    content: bytes
    declared_type: str
    #: Without the angle brackets; "" where there is none.
    content_id: str
    #: Shown by the HTML, or belonging to it.
    is_inline: bool


@dataclass(frozen=True)
class Headers:
    """Header fields in their order, values unfolded; encoded words stay as they were sent."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> list[str]:
        """Every value under that name, in order; case does not count."""
        wanted = name.lower()
        return [value for one, value in self.pairs if one.lower() == wanted]

    def get(self, name: str, default: str = "") -> str:
        """The first value under that name."""
        values = self.all(name)
        return values[0] if values else default

    def __contains__(self, name: str) -> bool:
        return bool(self.all(name))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


@dataclass(frozen=True)
class ReadMail:
    #: Message-IDs carry their angle brackets; what is none is left out.
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    #: With a zone; None where no sensible date is given.
    sent_at: datetime | None
    subject: str
    #: From: normally one.
    senders: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    #: All that can be read, forwarded messages and invitations too.
    text: str
    #: Clean; "" where there was none. Images: ``cid:…`` as sent, remote ones without ``src``, in ``data-remote-src``.
    html: str
    files: tuple[File, ...]
    has_remote_images: bool
    #: What was mended, as short codes for the operator.
    defects: tuple[str, ...]
    #: The same for the same message, whichever way it came; "" where nothing tells it from others that say the same.
    fingerprint: str
    headers: Headers
