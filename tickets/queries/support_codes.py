"""Is it really us? The codes of mails, and the call that an agent is about to make."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, User
from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from tickets.choices import MailPurpose, MailState
from tickets.models import OutboxMail, SupportCall, Ticket
from tickets.models.support_codes import support_key
from tickets.rules import support_codes as rules

#: Mails to people outside who are not the customer's side, and those that are no news of ours.
_WITHOUT = frozenset({MailPurpose.FORWARD, MailPurpose.CHECK, MailPurpose.READY_MADE})


def code_of(mail: OutboxMail) -> str:
    """What a mail to a customer carries; "" where it carries none."""
    if mail.ticket_id is None or mail.purpose in _WITHOUT or not mail.pk:
        return ""
    return rules.mail_code(support_key(), mail.pk, normal_email(mail.to))


@dataclass(frozen=True)
class Sent:
    """A mail of ours that a code names."""

    mail: OutboxMail
    at: datetime


def mail_behind(code: str, addresses: Iterable[str], brand: Brand) -> Sent | None:
    """The mail with this code to one of these addresses, if this brand sent it. By primary key."""
    for address in addresses:
        number = rules.mail_number(support_key(), code, normal_email(address))
        if number is None:
            continue
        rows = OutboxMail.objects.select_related("ticket__customer").filter(pk=number, ticket__brand=brand)
        mail = rows.exclude(state__in=[MailState.QUEUED, MailState.FAILED]).first()
        if mail is not None and normal_email(mail.to) == normal_email(address):
            return Sent(mail, mail.sent_at or mail.created_at)
    return None


def first_check(mail: OutboxMail) -> datetime | None:
    """When the code of this mail was found to be ours for the first time. By ``audit_by_ticket``."""
    if mail.ticket is None:
        return None
    entries = AuditEntry.objects.filter(
        ticket=mail.ticket.number, kind=AuditKind.SUPPORT_CODE_CHECKED, data__mail=mail.pk
    )
    return entries.order_by("id").values_list("at", flat=True).first()


def plain(typed: str) -> str:
    """What was typed, without blanks and dashes, in capitals."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())[:40]


def call_about(ticket: Ticket, user: User) -> SupportCall | None:
    """The call that this agent announced on this case and that may still be made. By ``support_call_by_agent``."""
    rows = SupportCall.objects.filter(by=user, created_at__gt=clock.now() - rules.CALL_LASTS)
    return rows.filter(ticket=ticket, customer=ticket.customer_id).order_by("-created_at").first()


def announced(ticket: Ticket) -> SupportCall | None:
    """The newest call that was announced to the customer of this case and may still come. By
    ``support_call_by_ticket``."""
    rows = SupportCall.objects.filter(ticket=ticket, customer=ticket.customer_id, expires_at__gt=clock.now())
    return rows.select_related("by").order_by("-id").first()


def spoken(call: SupportCall) -> str:
    """The code as the agent reads it out."""
    return rules.call_code(support_key(), call.nonce)
