"""People with mail programs, for journeys: what they get from us they answer as their programs do."""

from __future__ import annotations

import email
import smtplib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, default

from tests.mails import RELAY
from tests.smtp import MailServer, Received

#: Takes a raw mail and the envelope to where the desk gets its mail.
Post = Callable[[bytes, str, Sequence[str]], None]


@dataclass
class Person:
    """``address`` at a domain that signs its mail, unless told."""

    name: str
    address: str
    server: MailServer
    post: Post
    proof: str = "dmarc=pass"
    sent: list[str] = field(default_factory=list)

    @property
    def got(self) -> list[Received]:
        return self.server.to(self.address)

    def write(self, *, to: str, subject: str, text: str, cc: str = "", **headers: str) -> EmailMessage:
        mail = self.blank(to=to, subject=subject, cc=cc)
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.send(mail)
        return mail

    def blank(self, *, to: str, subject: str, cc: str = "") -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        domain = self.address.rpartition("@")[2]
        mail["Authentication-Results"] = f"{RELAY}; {self.proof} header.from={domain}"
        mail["From"], mail["To"], mail["Subject"] = f"{self.name} <{self.address}>", to, subject
        if cc:
            mail["Cc"] = cc
        mail["Date"] = "Wed, 25 Nov 2026 10:00:00 +0800"
        mail["Message-ID"] = f"<{uuid.uuid4()}@{domain}>"
        return mail

    def send(self, mail: EmailMessage, *, envelope_sender: str | None = None) -> None:
        people = [address for name in ("To", "Cc") for address in _addresses(mail, name)]
        self.sent.append(mail["Message-ID"])
        self.post(mail.as_bytes(), self.address if envelope_sender is None else envelope_sender, people)

    def answer_from_phone(self, said: Received, text: str, *, cc: str = "") -> EmailMessage:
        """As Apple Mail on a phone does: above, the quotation below, "sent from my iPhone" between."""
        theirs = said.message
        quoted = "\n".join(f"> {line}" for line in said.part("plain").splitlines())
        mail = self.blank(to=theirs["Reply-To"] or theirs["From"], subject=f"Re: {theirs['Subject']}", cc=cc)
        mail["In-Reply-To"], mail["References"] = theirs["Message-ID"], theirs["Message-ID"]
        mail.set_content(
            f"{text}\n\n发自我的iPhone\n\n> 在 2026年11月25日，18:03，{theirs['From']} 写道：\n> \n{quoted}\n"
        )
        self.send(mail)
        return mail


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    header = mail[name]
    return [one.addr_spec for one in header.addresses] if header is not None else []


def by_smtp(port: int) -> Post:
    def post(raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        ours = [address for address in recipients if address.endswith(("@btp.test", "@bobao.test"))]
        with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.test", timeout=30) as relay:
            assert relay.sendmail(sender, ours, raw) == {}

    return post


def report_about(said: Received, *, status: str = "5.1.1", why: str = "550 5.1.1 no such user") -> bytes:
    """The receiving server's report (RFC 3464) about a mail that it could not deliver."""
    mail = email.message_from_bytes(said.raw, policy=default)
    head = said.raw.partition(b"\r\n\r\n")[0]
    to = said.recipients[0]
    return (
        b"From: MAILER-DAEMON@mx.example.com\r\nTo: " + str(mail["From"].addresses[0].addr_spec).encode()
        + b"\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        b"--B\r\nContent-Type: text/plain\r\n\r\nI am sorry: it could not be delivered.\r\n"
        b"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        + f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}\r\n".encode()
        + f"Diagnostic-Code: smtp; {why}\r\n".encode()
        + b"\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n\r\n--B--\r\n"
    )  # fmt: skip
