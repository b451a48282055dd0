"""What kind of mail this is besides words: a report, a machine's answer, a list, our own echo, or none of these.

Two questions with two answers. ``kind`` says what is done with the mail; ``may_answer`` says whether any automatic
answer may go to its sender, and is refused far more readily: an answer too few bores somebody, one too many makes
two machines talk for ever. What is in doubt is no noise, and gets no answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from helpdesk.lib.mail_domains import domain_of
from helpdesk.lib.mail_syntax import mailboxes
from tickets.choices import Noise
from tickets.rules.mail_addresses import untagged
from tickets.rules.mail_noise.headers import (
    AUTO_REPLY_FIELDS,
    BULK_FIELDS,
    DOUBTFUL_FIELDS,
    GENERATED_FIELDS,
    LIST_FIELDS,
    Fields,
    first_of,
    is_list_of,
    printable,
)
from tickets.rules.mail_noise.rates import may_answer_again, too_many
from tickets.rules.mail_noise.subjects import may_say_absent, says_absent

__all__ = ["Noise", "Noisiness", "may_answer_again", "noisiness", "too_many"]

#: More stations than any honest mail passes through.
MOST_HOPS = 30

_REPORT_TYPES = re.compile(r"report-type\s*=\s*\"?(delivery-status|feedback-report)\b")
_RECEIPT_TYPE = re.compile(r"report-type\s*=\s*\"?disposition-notification\b")
_RETURNED = re.compile(
    r"(?:undeliver|undelivered mail|mail delivery (?:fail|subsystem|system)|delivery status notification|failure notice"
    r"|returned mail|delivery (?:failure|notification|has failed)|warning: (?:could not send|message .* delayed)"
    r"|非送達|配信(?:不能|できません)|unzustellbar|non remis|no se puede entregar|échec de (?:la )?remise"
    r"|(?:系统)?退信|来自.{1,40}的退信|邮件(?:发送|投递)失败|無法投遞|未送达|未传递)"
)
_NO_REPLY = re.compile(
    r"(?:.*[._+-])?(?:no|not|non|do[._-]?not|dont|never)[._-]?(?:reply|respond|responder|repondre|antworten)(?:[._+-].*)?"
)
_MACHINES = re.compile(
    r"(?:majordomo|listserv|mailman|owner-.+|.+-owner|.+-request|.+-bounces?|bounces?[+-].*|noreply.*|nobody|root|daemon"
    r"|www-data|postmaster|mailer-daemon)"
)
_SUPPRESSED = "X-Auto-Response-Suppress"


@dataclass(frozen=True)
class Noisiness:
    """``reason`` is the header that says so, as ``Name: value``; empty for an ordinary mail."""

    kind: Noise | None
    may_answer: bool
    reason: str = ""


@dataclass(frozen=True)
class _Mail:
    fields: Fields
    #: None when it is not known; empty for the null sender.
    envelope_sender: str | None
    subject: str
    sender: str
    ours: frozenset[str]

    @property
    def local(self) -> str:
        return self.sender.rpartition("@")[0]

    @property
    def has_null_sender(self) -> bool:
        return self.envelope_sender == ""

    @property
    def content_type(self) -> str:
        return self.fields["Content-Type"][:2_000].lower()


def noisiness(
    headers: Sequence[tuple[str, str]],
    *,
    envelope_sender: str | None,
    subject: str,
    from_address: str,
    own_addresses: Collection[str],
) -> Noisiness:
    """``headers`` are names and values, topmost first; ``subject`` is decoded; ``envelope_sender`` is None where
    nobody told it: then Return-Path does.
    """
    fields = Fields(headers)
    if envelope_sender is None and "Return-Path" in fields:
        envelope_sender = fields["Return-Path"]
    mail = _Mail(
        fields,
        None if envelope_sender is None else envelope_sender.strip().strip("<>").strip(),
        subject,
        _spelling(from_address),
        frozenset(map(_spelling, own_addresses)),
    )
    for kind, says in _KINDS:
        if reason := says(mail):
            return Noisiness(kind, may_answer=False, reason=printable(reason))
    doubt = _doubt(mail)
    return Noisiness(None, may_answer=not doubt, reason=printable(doubt))


def _ourselves(mail: _Mail) -> str:
    if mail.sender in mail.ours or untagged(mail.sender)[0] in mail.ours:
        return f"From: {mail.sender}"
    loops = [box.address for value in mail.fields.all("X-Loop") for box in mailboxes(value)]
    return next((f"X-Loop: {address}" for address in loops if _spelling(address) in mail.ours), "")


def _report(mail: _Mail) -> str:
    fields, kind = mail.fields, mail.content_type
    if kind.startswith("multipart/report") and not _RECEIPT_TYPE.search(kind):
        named = _REPORT_TYPES.search(kind)
        return f"Content-Type: multipart/report{f'; report-type={named[1]}' if named else ''}"
    if kind.startswith(("message/delivery-status", "message/feedback-report")):
        return fields.shown("Content-Type")
    if reason := first_of(fields, ["X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr"]):
        return reason
    if mail.local in ("mailer-daemon", "mail-daemon", "maildaemon"):
        return f"From: {mail.sender}"
    returned = _RETURNED.match(mail.subject[:300].strip().casefold()) is not None
    by_machine = (
        mail.has_null_sender or mail.local == "postmaster" or fields.word("Auto-Submitted") not in ("", "no")
    )
    return f"Subject: {' '.join(mail.subject[:80].split())}" if returned and by_machine else ""


def _auto_reply(mail: _Mail) -> str:
    fields = mail.fields
    word = fields.word("Auto-Submitted")
    if word in ("auto-replied", "vacation", "auto-reply"):
        return fields.shown("Auto-Submitted")
    if says_absent(mail.subject):
        return f"Subject: {' '.join(mail.subject[:80].split())}"
    for name in ("Precedence", "X-Precedence"):
        if fields.word(name).replace("-", "_") in ("auto_reply", "autoreply"):
            return fields.shown(name)
    if mail.content_type.startswith("text/calendar") and re.search(
        r"method\s*=\s*\"?(?:reply|counter)", mail.content_type
    ):
        return "Content-Type: text/calendar; method=reply"
    said = [name for name in AUTO_REPLY_FIELDS if fields.word(name) not in ("no", "false", "0")]
    return first_of(fields, said)


def _auto_generated(mail: _Mail) -> str:
    fields = mail.fields
    if "Auto-Submitted" in fields and fields.word("Auto-Submitted") not in ("", "no"):
        return fields.shown("Auto-Submitted")
    if _RECEIPT_TYPE.search(mail.content_type):
        return "Content-Type: multipart/report; report-type=disposition-notification"
    return first_of(
        fields, [name for name in GENERATED_FIELDS if fields.word(name) not in ("no", "false", "0")]
    )


def _bulk(mail: _Mail) -> str:
    fields = mail.fields
    for name in ("Precedence", "X-Precedence"):
        if fields.word(name) in ("bulk", "junk"):
            return fields.shown(name)
    if reason := first_of(fields, BULK_FIELDS):
        return reason
    is_list = first_of(fields, LIST_FIELDS)
    return "" if is_list or fields.word("Precedence") == "list" else first_of(fields, ["List-Unsubscribe"])


def _list(mail: _Mail) -> str:
    if is_list_of(mail.fields, mail.ours):
        return ""
    if reason := first_of(mail.fields, LIST_FIELDS):
        return reason
    return mail.fields.shown("Precedence") if mail.fields.word("Precedence") == "list" else ""


def _null_sender(mail: _Mail) -> str:
    return "Return-Path: <>" if mail.has_null_sender else ""


_KINDS: tuple[tuple[Noise, Callable[[_Mail], str]], ...] = (
    (Noise.OURSELVES, _ourselves),
    (Noise.REPORT, _report),
    (Noise.AUTO_REPLY, _auto_reply),
    (Noise.AUTO_GENERATED, _auto_generated),
    (Noise.BULK, _bulk),
    (Noise.LIST, _list),
    (Noise.NULL_SENDER, _null_sender),
)


def _doubt(mail: _Mail) -> str:
    """Why an ordinary mail gets no automatic answer all the same; empty when it may get one."""
    fields = mail.fields
    if _SUPPRESSED in fields and fields.word(_SUPPRESSED) not in ("", "none"):
        return fields.shown(_SUPPRESSED)
    if reason := first_of(fields, DOUBTFUL_FIELDS):
        return reason
    if not mail.sender or not domain_of(mail.sender):
        return "From: nobody"
    for address in dict.fromkeys((mail.sender, _spelling(mail.envelope_sender or ""))):
        local = address.rpartition("@")[0][:64]
        if _NO_REPLY.fullmatch(local) or _MACHINES.fullmatch(local):
            return f"From: {address}"
    if may_say_absent(mail.subject):
        return f"Subject: {' '.join(mail.subject[:80].split())}"
    if "calendarmessage" in fields["Content-Class"].lower() or mail.content_type.startswith("text/calendar"):
        return fields.shown("Content-Class" if "Content-Class" in fields else "Content-Type")
    return _went_in_circles(fields)


def _went_in_circles(fields: Fields) -> str:
    if len(fields.all("Received")) > MOST_HOPS:
        return f"Received: {len(fields.all('Received'))} times"
    passed = Counter(map(_spelling, fields.all("Delivered-To")))
    return next((f"Delivered-To: {address}" for address, times in passed.items() if times > 1), "")


def _spelling(address: str) -> str:
    return address.strip().strip("<>").strip().lower()
