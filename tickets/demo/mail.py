"""The demo's mailboxes, one for each brand; mail that is no case: in the box, and one that could not be read; and
letters that the worker takes in as soon as it runs, like any that arrive.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

from accounts.models import Brand
from helpdesk.lib import clock
from tickets.actions.incoming import MAX_ATTEMPTS, Arrival, keep, quarantine, set_aside
from tickets.choices import AsideReason, MailWay
from tickets.demo.material import table
from tickets.models import IncomingMail, Mailbox

Row = Mapping[str, Any]
#: The mail relay of the three companies, which checks who writes.
RELAY = "mx.demo.example"


def build() -> int:
    """The mailboxes, and the mails as if they had come in the hours before now; how many mails."""
    for brand in Brand.objects.all():
        Mailbox.objects.create(brand=brand, address=brand.email, authserv_id=RELAY)
    boxes = {box.brand.slug: box for box in Mailbox.objects.select_related("brand")}
    now = clock.now()
    rows = sorted(table("mails"), key=lambda row: -row["hours"])
    for row in rows:
        with clock.frozen(now - timedelta(hours=row["hours"])) as at:
            _bring(row, boxes[row["brand"]], at)
    return len(rows)


def _bring(row: Row, box: Mailbox, at: datetime) -> None:
    arrival = Arrival(
        _written(row, box, at),
        MailWay.SMTP,
        recipients=[box.address],
        envelope_sender=row.get("envelope", row["sender"]),
        peer="127.0.0.1",
        helo=RELAY,
    )
    (mail,) = keep(arrival, mailbox=box)
    if "letter" in row:
        return
    if "unread" in row:
        IncomingMail.objects.filter(pk=mail.pk).update(attempts=MAX_ATTEMPTS)
        quarantine(mail, why=row["unread"])
        return
    set_aside(
        mail,
        AsideReason(row["aside"]),
        sender=row["sender"],
        sender_name=row["name"],
        subject=row["subject"],
        proof=row["proof"],
        detail=row.get("detail", ""),
        internet_message_id=_message_id(row),
    )


def _written(row: Row, box: Mailbox, at: datetime) -> bytes:
    mail = EmailMessage()
    if "letter" in row:
        mail["Authentication-Results"] = f"{RELAY}; {row['letter']}"
    mail["From"] = formataddr((row["name"], row["sender"]))
    mail["To"] = box.address
    if "cc" in row:
        mail["Cc"] = row["cc"]
    mail["Subject"] = row["subject"]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = _message_id(row)
    for name, value in row.get("headers", {}).items():
        mail[name] = value
    mail.set_content(row["text"])
    if "html" in row:
        mail.add_alternative(row["html"], subtype="html")
    for file in row.get("files", []):
        mail.add_attachment(file["text"], filename=file["name"])
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=-=part-{number}")  # else by chance, and the same demo would be other bytes
    return mail.as_bytes()


def _message_id(row: Row) -> str:
    local, _at, domain = row["sender"].partition("@")
    return f"<{local}.{int(row['hours'] * 60)}@{domain}>"
