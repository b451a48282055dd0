"""Secrets in the raw bytes of a mail: of which kinds they are, and the same mail without them.

Looked through twice over: as this desk reads it and as Python's own library does, because what one of them passes over
(an alternative that is not shown, words behind the last boundary) lies in the raw copy all the same.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from email import encoders, message_from_bytes
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, compat32
from string import ascii_letters

from helpdesk.lib.mail_heads import head_fields, head_size, split_head
from tickets.actions.file_intake import kinds_in
from tickets.channels.email.reading import File, ReadMail, read
from tickets.channels.email.reading.addresses import read_addresses
from tickets.channels.email.reading.html.markup import read_markup
from tickets.channels.email.reading.html.plain import plain_text
from tickets.rules.removal_note import removal_note
from tickets.rules.secrets import Kind
from tickets.rules.secrets.guard import OPENS_WALLET, guard

#: Lines of base64: what they hold is looked at as the part that it is.
_ENCODED = re.compile(rb"^[A-Za-z0-9+/]{60,}={0,2}\r?\n?", re.MULTILINE)
#: Digits by lot, among which there may be a card number. A line that is none after all is read as part of a text.
_BOUNDARIES = re.compile(
    rb"(?:^--\S{1,76}[ \t\r]*$|boundary=\"?[^\s\";]{1,76}\"?)", re.MULTILINE | re.IGNORECASE
)
#: Of what stands between the parts, in bytes; looked at in pieces, so that it takes no more memory than one of them.
_MOST_SOURCE, _PIECE, _OVERLAP = 8_000_000, 500_000, 4_000
#: Bytes of a head: beyond the first not every field is read, the second no program writes.
_LONG_HEAD, _MADE_UP_HEAD = 64_000, 1_000_000
#: They describe the bytes that were there; the new mail says for itself how it is made, and is signed by nobody.
_NOT_KEPT = re.compile(
    r"(?:content-.*|mime-version|(?:arc-|x-google-)?dkim-signature|arc-.*|x-gm-.*)", re.IGNORECASE
)
_BY_MACHINES = re.compile(
    r"message-id|references|in-reply-to|(?:x-)?received.*|return-path|date|mime-version|content-.*|authentication-.*"
    r"|(?:arc-|x-google-)?dkim-signature|arc-.*|x-(?:ms|google|gm|spam|mailer|proofpoint|sg|ses|amz|forefront)-.*"
    r"|list-.*|feedback-id|thread-.*",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"(?:resent-)?(?:from|sender|reply-to|to|cc|bcc)", re.IGNORECASE)
_NAMED = 120
#: What Python's library raises on bytes that somebody made up.
_ODD = (MessageError, ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)


def is_made_up(raw: bytes) -> bool:
    """Whether its head is longer than any program writes, and than anybody looks through."""
    return head_size(raw) > _MADE_UP_HEAD


def kinds_of(raw: bytes) -> tuple[Kind, ...]:
    """Each once. Never raises, whatever the bytes: where one reader fails, the others have looked."""
    seen: set[bytes] = set()
    kinds: dict[Kind, None] = {}
    for look in (_as_we_read_it, _as_python_reads_it, _as_it_lies_there):
        with suppress(*_ODD):
            for kind in look(raw, seen):
                kinds[kind] = None
    return tuple(kinds)


def without_secrets(raw: bytes) -> bytes | None:
    """The mail built anew: its header, its words with marks in them, its files without those that hold a secret, in
    whose place a note says so. None where that leaves a secret behind.

    Its HTML is not kept: tags may stand between any two letters of a secret. Its text says the same.
    """
    try:
        made = _built(raw, read(raw))
    except _ODD:
        return None
    return None if kinds_of(made) else made


def _as_we_read_it(raw: bytes, seen: set[bytes]) -> Iterator[Kind]:
    mail = read(raw)
    yield from guard(mail.subject).kinds
    yield from guard(mail.text).kinds
    if mail.html:
        yield from guard(mail.html).kinds
        yield from guard(plain_text(read_markup(mail.html).events)).kinds
    for people in (mail.senders, mail.reply_to, mail.to, mail.cc):
        for one in people:
            yield from guard(f"{one.name} {one.address}").kinds
    for name, value in mail.headers:
        yield from _told(name, guard(value).kinds)
    for file in mail.files:
        yield from _in_file(file.content, file.name, seen)


def _as_python_reads_it(raw: bytes, seen: set[bytes]) -> Iterator[Kind]:
    for part in message_from_bytes(raw, policy=compat32).walk():
        yield from guard(_decoded(part.get_filename() or "")).kinds
        yield from guard(f"{part.preamble or ''}\n\n{part.epilogue or ''}").kinds
        if not part.is_multipart():
            yield from _in_part(part, seen)


def _in_part(part: Message, seen: set[bytes]) -> Iterator[Kind]:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        return
    yield from _in_file(content, "", seen)
    if part.get_content_type() == "text/html":
        with suppress(LookupError):
            text = content.decode(part.get_content_charset() or "utf-8", "replace")
            yield from guard(plain_text(read_markup(text).events)).kinds


def _in_file(content: bytes, name: str, seen: set[bytes]) -> Iterator[Kind]:
    """A file of both readers is read once, which for a PDF takes a while."""
    yield from guard(name).kinds
    digest = hashlib.sha256(content).digest()
    if digest not in seen:
        seen.add(digest)
        yield from kinds_in(content, name)


def _told(name: str, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """What machines write into a header field is full of digits by lot: there only what opens a wallet counts."""
    return tuple(kind for kind in kinds if kind in OPENS_WALLET) if _BY_MACHINES.fullmatch(name) else kinds


def _as_it_lies_there(raw: bytes, seen: set[bytes]) -> Iterator[Kind]:
    """Without its head, whose fields were looked at one by one, unless it is longer than anybody reads."""
    start = 0 if head_size(raw) > _LONG_HEAD else len(raw) - len(split_head(raw)[1])
    for at in range(start, min(len(raw), start + _MOST_SOURCE), _PIECE):
        piece = raw[at : at + _PIECE + _OVERLAP]
        yield from kinds_in(_BOUNDARIES.sub(b"", _ENCODED.sub(b"", piece)), "mail.txt")


def _built(raw: bytes, mail: ReadMail) -> bytes:
    head = b"".join(_fields(raw))
    words = MIMEText(guard(mail.text).text, "plain", "utf-8")
    if not mail.files:
        return head + words.as_bytes(policy=SMTP)
    whole = MIMEMultipart(
        "mixed", boundary="=_" + "".join(secrets.choice(ascii_letters) for _letter in range(30))
    )
    whole.attach(words)
    for file in mail.files:
        whole.attach(_part(file))
    return head + whole.as_bytes(policy=SMTP)


def _fields(raw: bytes) -> Iterator[bytes]:
    """The header as it was sent, but for values that hold a secret."""
    for name, value in head_fields(raw):
        if _NOT_KEPT.fullmatch(name):
            continue
        redacted = guard(_decoded(value))
        if _told(name, redacted.kinds):
            value = _people(name, value) if _PEOPLE.fullmatch(name) else _encoded(name, redacted.text)
        yield f"{name}: {value}\r\n".encode("utf-8", "replace")


def _people(name: str, value: str) -> str:
    """Marks in the place of names, not of all that the field says: who wrote, and to whom, is still read. With "<>"
    where there is no address: Python's own parser breaks down on a name alone.
    """
    people = [
        (guard(one.name or one.address).text, "")
        if guard(one.address).kinds
        else (guard(one.name).text, one.address)
        for one in read_addresses([value.encode("utf-8", "surrogateescape")])
    ]
    if not people or guard(", ".join(f"{said} <{address}>" for said, address in people)).kinds:
        people = [(guard(_decoded(value)).text, "")]
    return ",\r\n ".join(f"{_encoded(name, said)} <{address}>".lstrip() for said, address in people)


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def _part(file: File) -> MIMEBase:
    name = guard(file.name)
    kinds = dict.fromkeys((*name.kinds, *kinds_in(file.content, file.name)))
    part: MIMEBase
    if kinds:
        part = MIMEText(removal_note(name.text[:_NAMED], kinds), "plain", "utf-8")
        part.add_header(
            "Content-Disposition", "attachment", filename=("utf-8", "", f"{name.text[:_NAMED]}.txt")
        )
        return part
    main, _slash, sub = _type(file.declared_type).partition("/")
    part = MIMEBase(main, sub)
    part.set_payload(file.content)
    encoders.encode_base64(part)
    how = "inline" if file.is_inline else "attachment"
    part.add_header("Content-Disposition", how, filename=("utf-8", "", file.name))
    if file.content_id:
        part.add_header("Content-ID", f"<{file.content_id}>")
    return part


def _type(declared: str) -> str:
    """What cannot be inside of a letter, or is no type, is a row of bytes."""
    is_plain = re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", declared.lower())
    return (
        declared
        if is_plain and not declared.lower().startswith(("multipart/", "message/"))
        else "application/octet-stream"
    )


def _decoded(value: str) -> str:
    """Encoded words as they are read; as they stand there where they are none."""
    try:
        return str(make_header(decode_header(value)))
    except _ODD:
        return value
