"""An id with a secret in it is stored nowhere, and its thread holds together."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.choices import AuditKind
from accounts.models import AuditEntry
from tests.mails import answer_of_ours, arrive, mail
from tests.tickets.rules.secrets.said import WIF
from tickets.channels.email.kept_ids import kept_id, with_kept_ids
from tickets.channels.email.reading import read
from tickets.choices import MailOutcome, RawState
from tickets.models import IncomingMail, MailCopy
from tickets.rules.secrets import Kind

SECRETS = {"private_key": f"<{WIF}@example.com>", "card": "<4111111111111111@example.com>"}


def test_an_ordinary_id_is_kept() -> None:
    raw = mail(
        message_id="<one@example.com>", headers={"References": "<two@example.com> <three@example.com>"}
    )
    assert kept_id("<one@example.com>") == "<one@example.com>"
    assert with_kept_ids(raw) == (raw, ())


@pytest.mark.parametrize("message_id", SECRETS.values())
def test_a_hash_stays_as_it_is(message_id: str) -> None:
    kept = kept_id(message_id)
    assert kept != message_id
    assert kept_id(kept) == kept == kept_id(message_id)


@pytest.mark.parametrize(
    "written", [f"<{WIF}@example.com>", f"<{WIF}\r\n @example.com>", f"{WIF}@example.com"]
)
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
def test_the_raw_copy_reads_the_same(written: str, ends: str) -> None:
    head = (
        f"From: a@b.test\r\nMessage-Id: {written}\r\nReferences: <a@b>\r\n\t<{WIF}@e.test>\r\nDate: x\r\n\r\n"
    )
    raw = f"{head}Hello <{WIF[:9]}>\r\n".replace("\r\n", ends).encode()
    made, kinds = with_kept_ids(raw)
    assert kinds == (Kind.PRIVATE_KEY,)
    assert WIF.encode() not in made
    before, after = read(raw), read(made)
    assert after.message_id == kept_id(before.message_id)
    assert after.references == ("<a@b>", kept_id(f"<{WIF}@e.test>"))
    assert after.text == before.text


@pytest.mark.usefixtures("mailbox")
@pytest.mark.parametrize("kind", SECRETS)
def test_a_thread_holds_together(kind: str, agent: Any) -> None:
    message_id = SECRETS[kind]
    row = arrive(mail(message_id=message_id, html="<p>hello</p>"))
    assert row.ticket is not None
    answer_of_ours(row.ticket, agent)
    after = arrive(mail(subject="Re:", text="And now?", headers={"In-Reply-To": message_id}))
    assert (after.outcome, after.ticket) == (MailOutcome.JOINED, row.ticket)
    for one in (row, after):
        fresh = IncomingMail.objects.get(pk=one.pk)
        assert (fresh.raw_state, fresh.raw_secrets) == (RawState.REWRITTEN, [kind])
        assert message_id.encode() not in (fresh.raw or b"")
    assert read(IncomingMail.objects.get(pk=row.pk).raw or b"").html, "only the id is another"
    stored = repr([list(table.objects.values()) for table in (IncomingMail, MailCopy, AuditEntry)])
    assert message_id[1:17] not in stored
    assert AuditEntry.objects.filter(kind=AuditKind.SECRET_REMOVED, way="raw mail").count() == 2
    copies = MailCopy.objects.order_by("pk").values_list("internet_message_id", flat=True)
    assert copies[0] == row.internet_message_id == kept_id(message_id)
