"""A mail read as a whole."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from tickets.channels.email.reading.addresses import read_addresses
from tickets.channels.email.reading.bodies import read_bodies
from tickets.channels.email.reading.clean import clean_line
from tickets.channels.email.reading.dates import read_date
from tickets.channels.email.reading.fields import Fields
from tickets.channels.email.reading.leaves import Bodies
from tickets.channels.email.reading.mail import File, Headers, ReadMail
from tickets.channels.email.reading.mime import Tree, parse
from tickets.channels.email.reading.words import line, raw_line

MAX_REFERENCES = 500
MAX_SUBJECT = 2_000
MAX_FILES = 500
#: So many header values of unknown charset are pondered; a mail of people has one or two.
MAX_GUESSES = 100
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_BARE_ID = re.compile(r"[^<>\s,;]{1,450}@[^<>\s,;]{1,450}")
#: What makes a message that message, and is not touched on its way.
_LASTING = ("message-id", "from", "date", "subject")


def read(raw: bytes) -> ReadMail:
    """Never raises, whatever the bytes."""
    raw = with_line_breaks(raw)
    tree = parse(raw)
    body, bodies = read_bodies(raw, tree.root)
    fields, hints = tree.root.fields, bodies.hints
    return ReadMail(
        message_id=next(iter(message_ids(fields, "message-id")), ""),
        in_reply_to=message_ids(fields, "in-reply-to"),
        references=message_ids(fields, "references"),
        sent_at=read_date(raw_line(fields.first("date"))),
        subject=clean_line(line(fields.first("subject"), hints))[:MAX_SUBJECT],
        senders=read_addresses(fields.all("from"), hints),
        reply_to=read_addresses(fields.all("reply-to"), hints),
        to=read_addresses(fields.all("to"), hints),
        cc=read_addresses(fields.all("cc"), hints),
        text=body.text,
        html=body.html,
        files=_files(bodies),
        has_remote_images=bodies.has_remote_images,
        defects=_defects(tree, bodies),
        fingerprint=_fingerprint(raw, fields),
        headers=headers_of(fields, hints),
    )


def with_line_breaks(raw: bytes) -> bytes:
    """Old programs end lines with CR alone; everything here goes by LF."""
    return raw.replace(b"\r", b"\n") if b"\n" not in raw else raw


def headers_of(fields: Fields, hints: tuple[str, ...] = ()) -> Headers:
    pairs, guesses = [], 0
    for name, value in fields.pairs:
        guesses += not value.isascii()
        text = raw_line(value, hints) if guesses <= MAX_GUESSES else value.decode("utf-8", "replace")
        pairs.append((name, clean_line(text)))
    return Headers(tuple(pairs))


def message_ids(fields: Fields, name: str) -> tuple[str, ...]:
    """In order, each once. Without angle brackets only where it looks like an id all the same."""
    text = " ".join(raw_line(value) for value in fields.all(name))
    # Folding may leave blanks inside; comments never matter here.
    packed = re.sub(r"<([^<>]{1,900})>", lambda match: f"<{without_blanks(match[1])}>", text)
    found = _MESSAGE_ID.findall(packed) or (_BARE_ID.findall(packed) if name == "message-id" else [])
    return tuple(dict.fromkeys(f"<{clean_line(one)}>" for one in found))[:MAX_REFERENCES]


def without_blanks(inner: str) -> str:
    """An id that was folded at a wrong place; two ids or words behind one bracket are none."""
    return re.sub(r"\s*([@.])\s*", r"\1", re.sub(r"\([^()]*\)", "", inner)).strip()


def _files(bodies: Bodies) -> tuple[File, ...]:
    """An image that the HTML shows is inline, wherever in the mail it stands."""
    if len(bodies.files) > MAX_FILES:
        bodies.defects.add("too-many-files")
    return tuple(
        replace(file, is_inline=True) if file.content_id and file.content_id in bodies.shown else file
        for file in bodies.files[:MAX_FILES]
    )


def _defects(tree: Tree, bodies: Bodies) -> tuple[str, ...]:
    return tuple(sorted(tree.defects | bodies.defects))


def _fingerprint(raw: bytes, fields: Fields) -> str:
    """Over what stays the same whichever way a message comes, in spite of folding and line breaks.

    Empty without an id and a date: the alarm of a machine says the same each time, and each time it is another.
    """
    if not (fields.first("message-id").strip() or fields.first("date").strip()):
        return ""
    digest = hashlib.sha256()
    for name in _LASTING:
        for value in fields.all(name):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    body = raw[fields.end :].replace(b"\r\n", b"\n").rstrip(b"\n")
    digest.update(b"\n" + body)
    return digest.hexdigest()
