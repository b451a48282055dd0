"""Whatever anybody typed: no mail of ours carries a header, a recipient or a part that we did not write."""

from __future__ import annotations

import io
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import compat32
from email.policy import default as modern

import pytest
from django.core.mail.backends.smtp import EmailBackend
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Brand, Customer, User
from tickets import actors
from tickets.actions.messages import reply
from tickets.choices import Channel, MailPurpose
from tickets.delivery.render import render
from tickets.models import MailCopy, Message, OutboxMail, Participant, Ticket

OURS = {
    "content-type", "mime-version", "subject", "from", "to", "reply-to", "date", "message-id", "in-reply-to",
    "references", "auto-submitted", "x-auto-response-suppress", "content-transfer-encoding",
}  # fmt: skip
BREAKS = (
    "\r\n",
    "\n",
    "\r",
    "\x00",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\r\n ",
    "=?utf-8?q?=0ABcc:?=",
)
BAIT = (
    "Bcc: other@example.com", "X-Evil: 1", ", other@example.com", "<other@example.com>", '"', "\\", "(", ")", ";",
    "@", "\r\n\r\n.\r\n", "--==", "RCPT TO:<other@example.com>", "\u202e", "王小明", "é",
    "=?utf-8?b?QmNjOiBvdGhlckBleGFtcGxlLmNvbQ==?=",
)  # fmt: skip
typed = st.lists(
    st.one_of(st.sampled_from(BREAKS), st.sampled_from(BAIT), st.text(max_size=12)), max_size=8
).map("".join)


class Wire:
    """What the mail server is told, in place of smtplib's connection."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[str], bytes]] = []

    def sendmail(self, sender: str, recipients: list[str], message: bytes) -> None:
        self.told.append((sender, recipients, message))


def on_the_wire(row: OutboxMail) -> tuple[str, list[str], bytes]:
    backend, wire = EmailBackend(), Wire()
    backend.connection = wire  # type: ignore[assignment]
    assert backend._send(render(row))  # type: ignore[attr-defined]
    [told] = wire.told
    return told


def names_of(raw: bytes) -> list[str]:
    """Of the headers, as the most literal reader sees them: line by line until the first empty one."""
    found = []
    for line in io.BytesIO(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")):
        if not line.strip(b"\n"):
            break
        if not line.startswith((b" ", b"\t")):
            found.append(line.partition(b":")[0].decode("ascii").lower())
    return found


def check(row: OutboxMail) -> None:
    sender, recipients, raw = on_the_wire(row)
    assert recipients == [row.to], "one recipient, and the one it is for"
    assert sender == "help@btp.test"
    names = names_of(raw)
    assert set(names) <= OURS, set(names) - OURS
    assert len(names) == len(set(names)), "each once"
    message: EmailMessage = message_from_bytes(raw, policy=modern)
    assert [one.addr_spec for one in message["To"].addresses] == [row.to]
    assert [one.addr_spec for one in message["From"].addresses] == ["help@btp.test"]
    assert len(message["Reply-To"].addresses) == 1
    assert [part.get_content_type() for part in message_from_bytes(raw, policy=compat32).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.fixture
def rows(ticket: Ticket, agent: User) -> Callable[[], list[OutboxMail]]:
    Participant.objects.create(ticket=ticket, email="zhao@example.com")
    message = reply(ticket, body="x", by=actors.staff(agent))
    first = Message.objects.filter(ticket=ticket).earliest("pk")
    MailCopy.objects.create(message=first, from_address="wang@example.com", proof="proved")
    assert message.pk
    return lambda: list(
        OutboxMail.objects.select_related("ticket__brand", "ticket__customer", "message", "brand").order_by(
            "pk"
        )
    )


@given(subject=typed, name=typed, brand_name=typed, body=typed, message_id=typed, signature=typed)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_typed_becomes_a_header_or_a_recipient(
    rows: Callable[[], list[OutboxMail]],
    ticket: Ticket,
    subject: str,
    name: str,
    brand_name: str,
    body: str,
    message_id: str,
    signature: str,
) -> None:
    """Set behind the backs of those who clean what comes in: the last door must hold by itself."""
    stored = [text.replace("\x00", "") for text in (subject, name, brand_name, body, message_id, signature)]
    subject, name, brand_name, body, message_id, signature = stored
    if any("\ud800" <= letter <= "\udfff" for text in stored for letter in text):
        return
    Ticket.objects.filter(pk=ticket.pk).update(subject=subject[:200], channel=Channel.EMAIL)
    Customer.objects.update(name=name[:80])
    Participant.objects.update(name=name[:120])
    OutboxMail.objects.update(to_name=name[:120])
    Brand.objects.update(
        name_en=brand_name[:80], name_zh=brand_name[:80], mail_signature_zh=signature, hotline=name[:40]
    )
    Message.objects.update(body=body)
    MailCopy.objects.update(internet_message_id=message_id[:400])
    mails = rows()
    assert {mail.purpose for mail in mails} == {MailPurpose.RECEIPT, MailPurpose.REPLY, MailPurpose.COPY}
    for mail in mails:
        check(mail)


@given(address=st.one_of(typed, st.sampled_from(BAIT).map(lambda bait: f"wang@example.com{bait}")))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_address_is_one_address_or_nothing_leaves(
    rows: Callable[[], list[OutboxMail]], address: str
) -> None:
    mail = rows()[0]
    mail.to = address
    try:
        _sender, recipients, raw = on_the_wire(mail)
    except ValueError:
        return
    assert len(recipients) == 1
    assert not {"\r", "\n"} & set(recipients[0])
    assert set(names_of(raw)) <= OURS
    assert recipients[0] != "other@example.com" or address.strip() in (
        "other@example.com",
        "<other@example.com>",
    )
