"""What the agents' pages say about a mail: whether its sender is proved, what of it was left out, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.actions.attachments import Refusal
from tickets.actors import MAX_NAME
from tickets.choices import Proof
from tickets.models import MailCopy, Message
from tickets.queries.mails import mail_of

#: A mail is on its way for a minute or two; only what differs by more is worth a word.
SAME_TIME = timedelta(minutes=10)
#: More of them are folded away.
SHOWN_PEOPLE = 3

#: By the codes of ``MailCopy.proof_reason``.
_REASONS: Mapping[str, str | Promise] = {
    "dmarc=pass": gettext_lazy("the domain of the address vouches for it (DMARC passed)"),
    "dkim aligned": gettext_lazy("signed by the domain of the address (DKIM)"),
    "spf aligned": gettext_lazy("came from a server of the address's domain (SPF)"),
    "dmarc=fail": gettext_lazy("the domain of the address disowns it (DMARC failed)"),
    "dmarc of another domain": gettext_lazy("what was checked is another domain than that of the address"),
    "not aligned": gettext_lazy("what was proved is another domain than that of the address"),
    "no pass": gettext_lazy("neither its signature (DKIM) nor its server (SPF) passed the check"),
    "no results": gettext_lazy("our mail server said nothing about the sender"),
    "other authserv-id": gettext_lazy("only another server than ours spoke for the sender"),
    "unreadable results": gettext_lazy("what the mail server said about the sender cannot be read"),
    "temperror": gettext_lazy("the check could not be made when it came"),
    "no sender": gettext_lazy("it names no sender"),
    "two senders": gettext_lazy("it names several senders"),
    "unreadable sender": gettext_lazy("the address of the sender cannot be read"),
    "sender read differently": gettext_lazy("the address of the sender can be read in two ways"),
}
_WITHHELD: Mapping[str, str | Promise] = {
    Refusal.EMPTY: gettext_lazy("it is empty"),
    Refusal.KIND: gettext_lazy("it is of a kind that we do not take in"),
    Refusal.TOO_MANY: gettext_lazy("the mail had more files than we take in"),
    Refusal.DAMAGED: gettext_lazy("it cannot be read as a picture"),
    Refusal.TOO_MANY_PIXELS: gettext_lazy("it is a picture of too many pixels"),
    Refusal.LONG_TEXT: gettext_lazy("it is too long a text"),
    Refusal.BOMB: gettext_lazy("it unpacks to far more than its size"),
}


def reason_in_words(code: str) -> str:
    """Why the sender is proved or not; a code that has no words of its own is shown as it is."""
    if code in _REASONS:
        return str(_REASONS[code])
    return _("the check said: %(code)s") % {"code": code} if code else _("nothing is known about it")


@dataclass(frozen=True)
class WithheldFile:
    name: str
    size: int
    why: str


@dataclass(frozen=True)
class MailLine:
    """What a message tells of the mail that it came by."""

    mail: MailCopy

    @property
    def is_proved(self) -> bool:
        return self.mail.proof == Proof.PROVED

    @property
    def is_by_another(self) -> bool:
        """Somebody in copy, say: then the message names them with the address that was proved. Or nobody knows who."""
        message = self.mail.message
        if message.ticket.unproved_sender:
            return not self.is_proved
        sender = self.mail.from_address
        return sender[:MAX_NAME] in message.author_name and sender != message.ticket.customer.email

    @property
    def reason(self) -> str:
        return reason_in_words(self.mail.proof_reason)

    @property
    def is_long(self) -> bool:
        return len(self.mail.people) > SHOWN_PEOPLE

    @property
    def dated(self) -> datetime | None:
        """When it was written as it says, where that is another time than when it came."""
        said = self.mail.sent_at
        differs = said is not None and abs(said - self.mail.message.created_at) > SAME_TIME
        return said if differs else None

    @property
    def withheld(self) -> Sequence[WithheldFile]:
        return [_withheld(each) for each in self.mail.withheld]

    @property
    def limit(self) -> str:
        """How much of a mail is kept."""
        return filesizeformat(settings.MAIL_MAX_BYTES)


def mail_line(message: Message) -> MailLine | None:
    """None where it did not come by mail."""
    mail = mail_of(message)
    return MailLine(mail) if mail else None


def _withheld(said: Mapping[str, Any]) -> WithheldFile:
    reason = str(said.get("reason", ""))
    if reason == Refusal.TOO_LARGE:
        limit = filesizeformat(settings.ATTACHMENT_MAX_MB * 1024 * 1024)
        why = _("it is larger than %(limit)s") % {"limit": limit}
    else:
        why = str(_WITHHELD.get(reason) or reason)
    return WithheldFile(str(said.get("name", "")), int(said.get("size") or 0), why)
