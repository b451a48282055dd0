"""What a file is when it is stored: its true type, nothing hidden in it, no secret of anybody."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from accounts.choices import AuditKind
from accounts.models import AuditEntry, User
from helpdesk.lib.errors import Invalid
from tests.files import CARD, DOCX, PHRASE, docx, pdf, xlsx, zipped
from tests.pictures import jpeg, png
from tickets import actors
from tickets.actions import attachments, draft_files, messages, splitting
from tickets.actions.file_intake import Admitted, How, Refusal, Refused, admit, kinds_in
from tickets.choices import EventKind
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, Event, Message, Ticket
from tickets.rules.file_texts import Why
from tickets.rules.secrets import Kind

#: Every way in which the planted secrets could be written.
TRACES = [PHRASE, CARD, CARD.replace(" ", ""), "sausage worth useful"]


def file(name: str, content: bytes) -> ContentFile:  # type: ignore[type-arg]
    return ContentFile(content, name=name)


def taken(name: str, content: bytes) -> Admitted:
    admitted = admit(file(name, content))
    assert isinstance(admitted, Admitted)
    return admitted


def kept_of(admitted: Admitted) -> bytes:
    admitted.seek(0)
    return bytes(admitted.read())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "gb18030"])
def test_a_secret_in_a_text_becomes_a_mark(encoding: str) -> None:
    admitted = taken("notes.txt", f"我的助记词是 {PHRASE}\n谢谢".encode(encoding))
    text = kept_of(admitted).decode(encoding)
    assert "已移除：助记词" in text
    assert text.startswith("我的助记词是")
    assert text.endswith("谢谢")
    assert PHRASE not in text
    assert (admitted.removed, admitted.how, admitted.name) == ((Kind.MNEMONIC,), How.REWRITTEN, "notes.txt")


def test_a_clean_text_stays_as_it_is() -> None:
    content = "订单 20261126\t已付 500 元\r\n".encode("gb18030")
    admitted = taken("订单.csv", content)
    assert (kept_of(admitted), admitted.removed) == (content, ())


HOLDERS = {
    "a pdf": ("wallet.pdf", pdf(f"Backup\n{PHRASE}"), Kind.MNEMONIC),
    "a pdf over lines": ("w.pdf", pdf("\n".join(PHRASE.split())), Kind.MNEMONIC),
    "a letter": ("card.docx", docx(f"My card is {CARD}"), Kind.CARD),
    "a letter over lines": ("w.docx", docx("\n".join(PHRASE.split())), Kind.MNEMONIC),
    "a sheet": ("w.xlsx", xlsx(["words", *PHRASE.split()]), Kind.MNEMONIC),
    "a sheet downwards": ("w.xlsx", xlsx(*([word] for word in PHRASE.split())), Kind.MNEMONIC),
    "a damaged pdf": ("w.pdf", b"%PDF-1.7\nbroken " + PHRASE.encode() + b"\0" * 40, Kind.MNEMONIC),
}


@pytest.mark.parametrize(("name", "content", "kind"), HOLDERS.values(), ids=HOLDERS)
def test_what_cannot_be_rewritten_is_replaced_by_a_note(name: str, content: bytes, kind: Kind) -> None:
    admitted = taken(name, content)
    assert (admitted.removed, admitted.how) == ((kind,), How.REPLACED)
    assert (admitted.name, admitted.content_type) == (f"{name}.txt", "text/plain")
    note = kept_of(admitted).decode()
    assert name in note
    assert "不要再发给任何人" in note
    assert "never send it to anybody" in note
    assert not any(trace in note for trace in TRACES)


CHINESE = "的 一 是 在 不 了 有 和 人 这 中 十"  # its checksum is wrong; twelve words are enough
HIDDEN = {
    "json": json.dumps({"mnemonic": CHINESE}),
    "json over lines": json.dumps({"mnemonic": "\n".join(PHRASE.split())}),
    "json within json": json.dumps({"log": json.dumps({"mnemonic": CHINESE})}),
    "a card in json": json.dumps({"card": "４１１１ １１１１ １１１１ １１１１"}),
    "a column": "".join(f"{at},{word},my word that I wrote\n" for at, word in enumerate(PHRASE.split(), 1)),
    "a column of many": "no;word;remark\n"
    + "".join(f'{at};"{word}";"the remark"\n' for at, word in enumerate(PHRASE.split(), 1)),
    "letter by letter": "   ".join(" ".join(word) for word in PHRASE.split()),
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_what_a_text_hides_is_found(text: str) -> None:
    admitted = taken("backup.json", text.encode())
    assert admitted.how in (How.REPLACED, How.REWRITTEN)
    note = kept_of(admitted).decode()
    assert not any(trace in note for trace in [*TRACES, "\\u7684", "sausage", "s a u s"])
    assert kinds_in(text.encode(), "backup.json") == admitted.removed


CLEAN = {
    "json": json.dumps({"note": "提现失败\n订单 20260331", "path": "C:\\new\\table"}, indent=2),
    "a statement": "".join(
        f"{at},{('deposit', 'transfer', 'sell', 'order')[at % 4]},12.50 EUR\n" for at in range(300)
    ),
    "numbers": "".join(f"{at},{10_000_000 + at * 7919}\n" for at in range(300)),
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_a_table_or_json_without_any_stays(text: str) -> None:
    admitted = taken("export.json", text.encode())
    assert (kept_of(admitted).decode(), admitted.removed) == (text, ())


def test_a_sheet_with_a_remark_behind_each_word() -> None:
    rows = [["my word", word, "written down by me"] for word in PHRASE.split()]
    assert taken("w.xlsx", xlsx(*rows)).removed == (Kind.MNEMONIC,)


def test_a_secret_in_a_name() -> None:
    admitted = taken(f"{PHRASE}.png", png())
    assert admitted.how == How.RENAMED
    assert PHRASE not in (admitted.name or "")
    assert (admitted.name or "").endswith(".png")


@pytest.mark.parametrize("locked", [pdf("x", password="sesame")])
def test_what_nobody_can_read_is_kept_and_told(locked: bytes) -> None:
    assert taken("a.pdf", locked).unread == Why.LOCKED


def hostile() -> dict[str, tuple[str, bytes, Refusal]]:
    html = b"<!doctype html><script>alert(1)</script>"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    bomb = docx("x", **{"word/media.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})
    return {
        "html named png": ("a.png", html, Refusal.KIND),
        "html": ("a.html", html, Refusal.KIND),
        "svg": ("a.svg", svg, Refusal.KIND),
        "svg named png": ("a.png", svg, Refusal.KIND),
        "xml with svg": ("a.png", b'<?xml version="1.0"?>' + svg, Refusal.KIND),
        "an archive": ("a.zip", zipped(x=b"x"), Refusal.KIND),
        "an archive named docx": ("a.docx", zipped(x=b"x"), Refusal.KIND),
        "macros": ("a.docm", zipped(**{"word/vbaProject.bin": b"x"}), Refusal.KIND),
        "a bomb": ("a.docx", bomb, Refusal.BOMB),
        "cut off": ("a.png", png()[:40], Refusal.DAMAGED),
        "a head alone": ("a.jpg", jpeg()[:20], Refusal.DAMAGED),
        "a program": ("a.txt", b"MZ\x90\x00" + b"\0" * 200, Refusal.KIND),
        "a script": ("a.js", b"alert(1)", Refusal.KIND),
        "a long text": ("a.txt", b"x " * 2_100_000, Refusal.LONG_TEXT),
    }


HOSTILE = hostile()


@pytest.mark.parametrize(("name", "content", "why"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused(name: str, content: bytes, why: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        admit(file(name, content))
    assert refused.value.why == why


def test_a_polyglot_is_only_the_picture_that_it_looks_like() -> None:
    sent = jpeg() + b"<?php system($_GET[0]); ?>" + zipped(x=b"hidden")
    admitted = taken("a.jpg", sent)
    assert b"<?php" not in kept_of(admitted)
    assert b"PK\x03\x04" not in kept_of(admitted)


def test_a_heic_becomes_a_jpeg() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "HEIF")
    admitted = taken("IMG_0001.HEIC", out.getvalue())
    assert (admitted.name, admitted.content_type) == ("IMG_0001.jpg", "image/jpeg")


def test_the_words_of_a_refusal_name_the_file_without_its_secret() -> None:
    with pytest.raises(Invalid) as refused:
        attachments.one_admitted(file(f"{PHRASE}.exe", b"MZ\x90\x00"))
    assert PHRASE not in str(refused.value.fields["attachments"])


def test_kinds_in_what_we_would_not_take() -> None:
    assert kinds_in(zipped(**{"a.txt": PHRASE.encode()}), "backup.zip") == (Kind.MNEMONIC,)
    assert kinds_in(PHRASE.encode(), "seed.js") == (Kind.MNEMONIC,)
    assert kinds_in(png(), "a.png") == ()


def everything_stored() -> bytes:
    root = Path(settings.MEDIA_ROOT)
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def no_trace() -> bool:
    stored = everything_stored()
    rows = [
        *Attachment.objects.values_list("name", flat=True),
        *map(str, Event.objects.values_list("data", flat=True)),
        *map(str, AuditEntry.objects.values_list("data", flat=True)),
        *map(str, Ticket.objects.values_list("search", flat=True)),
    ]
    return not any(
        trace in text
        for trace in TRACES
        for text in (stored.decode("latin-1"), stored.decode("utf-16-le", "ignore"), *rows)
    )


class TestOnACase:
    """Every verb that brings files."""

    def test_the_case_and_the_audit_say_what_was_removed(self, make_ticket: Callable[..., Ticket]) -> None:
        files = [file("notes.txt", PHRASE.encode()), file("card.docx", docx(CARD)), file("a.png", png())]
        ticket = make_ticket(attachments=files)
        events = Event.objects.filter(ticket=ticket, kind=EventKind.SECRET_REMOVED).order_by("pk")
        assert [(event.data["kinds"], event.data["file"], event.data["how"]) for event in events] == [
            (["recovery_phrase"], "notes.txt", "rewritten"),
            (["card"], "card.docx.txt", "replaced"),
        ]
        assert all(event.message == ticket.messages.get() for event in events)
        told = AuditEntry.objects.filter(kind=AuditKind.SECRET_REMOVED, ticket=ticket.number)
        assert [entry.data["how"] for entry in told.order_by("pk")] == ["rewritten", "replaced"]
        assert "notes.txt" not in str([entry.data for entry in told]), "its name may be its owner's"
        assert no_trace()

    def test_every_verb(self, ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        sent = [file("w.pdf", pdf(PHRASE))]
        messages.reply(ticket, body="x", by=by, files=[*sent])
        messages.note(ticket, body="x", by=by, files=[*sent])
        messages.customer_reply(ticket, body="x", by=actors.customer(ticket.customer), files=[*sent])
        draft_files.add(ticket, sent[0], by=by)
        assert Event.objects.filter(kind=EventKind.SECRET_REMOVED).count() == 4
        assert set(Attachment.objects.values_list("name", flat=True)) == {"w.pdf.txt"}
        assert no_trace()

    def test_a_split_off_message_takes_its_files_as_they_are(
        self, make_ticket: Callable[..., Ticket], agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticket = make_ticket(attachments=[file("a.jpg", jpeg())])
        first = Attachment.objects.get()
        said = messages.customer_reply(
            ticket, body="x", by=actors.customer(ticket.customer), files=[file("b.jpg", jpeg())]
        )
        source = said.attachments.get()
        opened = splitting.split_off(said, category=None, subject="other", by=actors.staff(agent))
        copy = Attachment.objects.get(message__ticket=opened)
        assert (copy.sha256, copy.name) == (source.sha256, "b.jpg"), "not painted twice"
        assert copy.file.name not in (source.file.name, first.file.name)

    def test_no_more_files_than_a_case_can_hold(
        self, make_ticket: Callable[..., Ticket], settings: object
    ) -> None:
        settings.ATTACHMENT_MAX_PER_TICKET = 2  # type: ignore[attr-defined]
        ticket = make_ticket(attachments=[file("a.png", png()), file("b.png", png())])
        with pytest.raises(Invalid, match=None) as refused:
            messages.customer_reply(
                ticket, body="x", by=actors.customer(ticket.customer), files=[file("c.png", png())]
            )
        assert "2" in str(refused.value.fields["attachments"])
        assert Message.objects.count() == 1

    def test_nothing_is_stored_where_the_message_is_not(
        self, ticket: Ticket, agent: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file comes first, the row after it: whatever fails in between leaves a file that the sweep knows."""
        from helpdesk.lib import clock
        from tickets.actions import lost_files

        def fails(*_: object, **__: object) -> None:
            raise RuntimeError("killed")

        before = set(stored_names())
        monkeypatch.setattr(messages, "note_removed", fails)
        with pytest.raises(RuntimeError):
            messages.note(ticket, body="x", by=actors.staff(agent), files=[file("a.png", png())])
        assert not Attachment.objects.exists()
        (lost,) = set(stored_names()) - before
        with clock.frozen(clock.now() + lost_files.YOUNGEST + timedelta(hours=1)):
            lost_files.remove_lost_files()
        assert not private_storage().exists(lost)


def stored_names() -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return [str(path.relative_to(root)) for path in (root / "attachments").rglob("*") if path.is_file()]


def test_an_office_file_is_told_by_its_content() -> None:
    assert taken("a.bin", docx("x")).content_type == DOCX
