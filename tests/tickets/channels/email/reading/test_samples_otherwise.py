"""The same messages read by other means: Python's own email package. Where it sees something else, it is said why."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import pytest

from tests.tickets.channels.email.reading.test_samples import SHARED
from tickets.channels.email.reading import read

#: Messages that Python's package reads worse, or knows no answer to.
DIFFERS = {
    "msg_15.txt": "what is called base64 is a sentence",
    "msg_17.txt": "no boundary anywhere: the whole is text",
    "msg_25.txt": "the header lost the end of its boundary line",
    "msg_31.txt": "the boundary is another than was announced",
    "msg_36.txt": "an external body is a file here",
    "msg_38.txt": "delimiters of outer parts, quoted in the text of an inner one",
    "msg_39.txt": "one boundary for parts inside one another",
    "msg_41.txt": "no boundary at all",
    "msg_42.txt": "closed before it was opened",
    "attachment_content_location.eml": "a file without a name",
    "attachment_message_rfc822_inline_image.eml": "a multipart of nothing",
    "attachment_nonascii_filename.eml": "a name in raw 8 bit",
    "attachment_pdf.eml": "a subject in raw 8 bit",
    "attachment_pdf_lf.eml": "a subject in raw 8 bit",
    "attachment_pdf_non_ascii.eml": "UTF-8 that says it is ISO-8859-1",
    "attachment_pdf_non_ascii_lf.eml": "UTF-8 that says it is ISO-8859-1",
    "attachment_with_encoded_name.eml": "a name in no charset",
    "bad_date_header2.eml": "a multipart of nothing",
    "bad_encoded_subject.eml": "a charset called NONE",
    "content_transfer_encoding_7-bit.eml": "UTF-8 that says it is ISO-8859-1",
    "content_transfer_encoding_empty.eml": "Big5 that was taken for Latin 1 and made UTF-8",
    "content_transfer_encoding_plain.eml": "UTF-8 that says it is ASCII",
    "raw_email6.eml": "UTF-8 that says it is ASCII",
    "raw_email10.eml": "a charset called X-UNKNOWN",
    "empty_in_reply_to.eml": "a multipart of nothing",
    "invalid_subject_characters.eml": "a subject in raw 8 bit",
    "missing_body.eml": "a multipart of nothing",
    "missing_content_disposition.eml": "a file without a name",
    "must_supply_encoding.eml": "a subject in raw 8 bit",
    "raw_email12.eml": "a file without a name",
    "raw_email4.eml": "a hyphen too few at the end",
    "raw_email8.eml": "a name in no charset",
    "raw_email_incorrect_header.eml": "a line among the headers that is none",
    "example13.eml": "blanks before the colons",
    "trademark_character_in_subject.eml": "a subject in raw 8 bit",
    "utf8_headers.eml": "a subject in raw 8 bit",
}
FILES = sorted([*(SHARED / "mail_cpython").glob("*.txt"), *(SHARED / "mail_mikel").glob("*/*.eml")])
pytestmark = pytest.mark.skipif(
    not FILES, reason="no ../shared/data/mail_cpython and mail_mikel beside the project"
)


def decoded(value: str) -> str:
    return " ".join(str(make_header(decode_header(value))).split())


def payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def leaves(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if not part.is_multipart())


def files_of(message: Message) -> list[tuple[str, int]]:
    found = []
    for part in leaves(message):
        name = part.get_filename()
        if name or part.get_content_maintype() not in ("text", "message"):
            found.append((decoded(name or ""), len(payload(part))))
    return found


def texts_of(message: Message) -> list[str]:
    return [
        payload(part).decode(part.get_content_charset() or "utf-8", "replace")
        for part in leaves(message)
        if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment"
    ]


@pytest.mark.parametrize("path", [pytest.param(one, id=one.name) for one in FILES if one.name not in DIFFERS])
def test_both_see_the_same(path: Path) -> None:
    raw = path.read_bytes()
    other, mail = email.message_from_bytes(raw), read(raw)

    assert mail.subject == decoded(other.get("subject", ""))
    assert [(one.name, len(one.content)) for one in mail.files] == files_of(other)
    said = "".join(mail.text.split())
    for text in texts_of(other):
        assert "".join(text.split()) in said
