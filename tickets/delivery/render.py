"""An outbox row as the mail that leaves: words, sender, and the headers by which mail programs and robots read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Brand
from helpdesk.lib import colour
from helpdesk.lib.html import linked
from helpdesk.lib.localized import localized
from tickets.choices import Channel, MailPurpose
from tickets.delivery.forwards import files_of
from tickets.delivery.words import OUTSIDE, letter_for
from tickets.models import Attachment, OutboxMail
from tickets.queries.outbox import thread_of
from tickets.queries.reply_addresses import forward_address, reply_address
from tickets.rules.intake import clean_line

# Quoted local parts, which nobody has, could hold anything.
_IS_ONE_ADDRESS = re.compile(
    r"[^\s\x00-\x1f\x7f()<>\[\]\\,;:@\"]{1,64}@[^\s\x00-\x1f\x7f()<>\[\]\\,;:@\"]{1,255}"
)
ACCENT = "#1f5eff"
#: Ground of the letter by day and by night; the brand's colour is made readable on both.
PAPER, NIGHT_PAPER = "#ffffff", "#171b22"


def render(mail: OutboxMail) -> EmailMultiAlternatives:
    """The message for one recipient. ValueError for what can never be sent: an address or header that is none."""
    if not _IS_ONE_ADDRESS.fullmatch(mail.to):
        raise ValueError(f"This is not one address: {mail.to!r}")
    with translation.override(mail.language):
        message = _ready_made(mail) if mail.purpose == MailPurpose.READY_MADE else _written(mail)
    message.extra_headers |= _headers(mail)
    return message


def _written(mail: OutboxMail) -> EmailMultiAlternatives:
    letter, brand = letter_for(mail), mail.ticket.brand if mail.ticket is not None else mail.brand
    assert brand is not None
    context = {
        "letter": letter,
        "mail": mail,
        "brand": brand,
        "signature": linked(brand.mail_signature),
        **_colours(brand),
    }
    message = EmailMultiAlternatives(
        subject=_header_text(letter.subject),
        body=_tidy(render_to_string("mail/letter.txt", context)),
        # The envelope takes these as they are: no name comes near it.
        from_email=brand.email,
        to=[mail.to],
        reply_to=[_address(localized(brand, "name"), _answers_go_to(mail, brand))],
        headers={
            "From": _address(localized(brand, "name"), brand.email),
            "To": _address(mail.to_name, mail.to),
        },
    )
    message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    if mail.purpose == MailPurpose.FORWARD:
        _attach(message, files_of(mail))
    return message


def _attach(message: EmailMultiAlternatives, files: Iterable[Attachment]) -> None:
    for file in files:
        with file.file.open("rb") as stored:
            message.attach(_header_text(file.name), stored.read(), file.content_type)


def _answers_go_to(mail: OutboxMail, brand: Brand) -> str:
    """Where an answer finds its case. Staff answer in the workspace: their mails lead nowhere into it."""
    if mail.ticket is None or mail.purpose not in OUTSIDE:
        return brand.email
    return (forward_address if mail.purpose == MailPurpose.FORWARD else reply_address)(mail.ticket)


def _ready_made(mail: OutboxMail) -> EmailMultiAlternatives:
    """As Django was given it; the others it went to are named, this copy goes to one."""
    made: Mapping[str, Any] = mail.context
    addressed = {"To": made.get("to"), "Cc": made.get("cc")}
    message = EmailMultiAlternatives(
        subject=_header_text(made["subject"]),
        body=made["text"],
        from_email=made.get("from") or settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=made.get("reply_to") or None,
        headers={
            **made.get("headers", {}),
            "To": _address(mail.to_name, mail.to),
            **{name: ", ".join(people) for name, people in addressed.items() if people},
        },
    )
    if made.get("html"):
        message.attach_alternative(made["html"], "text/html")
    return message


def _headers(mail: OutboxMail) -> dict[str, str]:
    headers = {"Message-ID": mail.internet_message_id}
    if thread := thread_of(mail):
        headers |= {"In-Reply-To": thread.answers, "References": " ".join(thread.references)}
    if how := _automatic(mail):
        # The second is for Exchange: no "out of office" in answer to a machine.
        headers |= {"Auto-Submitted": how, "X-Auto-Response-Suppress": "All"}
    return headers


def _automatic(mail: OutboxMail) -> str:
    """RFC 3834: whether a machine wrote it, and whether in answer to a mail. Empty where a person's words are in it."""
    if (
        mail.purpose in (MailPurpose.REPLY, MailPurpose.SOLVED, MailPurpose.COPY, MailPurpose.FORWARD)
        and mail.message_id is not None
    ):
        return ""
    answers_a_mail = (
        mail.purpose == MailPurpose.RECEIPT and mail.ticket and mail.ticket.channel == Channel.EMAIL
    )
    return "auto-replied" if answers_a_mail else "auto-generated"


def _address(name: str, address: str) -> str:
    return formataddr((_header_text(name), address))


def _header_text(text: str) -> str:
    """One line, and nothing that its reader would take for an encoded word (RFC 2047) and decode into something else: a
    line break, say.
    """
    return clean_line(text).replace("=?", "= ?")


def _colours(brand: Brand) -> dict[str, str]:
    accent = brand.accent if re.fullmatch(r"#[0-9a-fA-F]{6}", brand.accent) else ACCENT
    return {
        "accent": accent,
        "on_accent": colour.ink_on(accent),
        "link": colour.readable(accent, PAPER),
        "night_link": colour.readable(accent, NIGHT_PAPER),
    }


def _tidy(text: str) -> str:
    """Templates leave blank lines where a part is empty. "-- " with its blank is how programs know a signature."""
    tidied = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()
    return tidied.replace("\n--\n", "\n-- \n") + "\n"
