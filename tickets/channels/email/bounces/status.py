"""Reports made for programs: delivery status (RFC 3464, RFC 6533) and feedback loops (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from helpdesk.lib.mail_heads import fields_of
from helpdesk.lib.mail_syntax import without_comments
from tickets.channels.email.bounces.report import Action, FailedRecipient
from tickets.channels.email.bounces.wording import class_of, one_line, status_in

MAX_RECIPIENTS = 500
#: Feedback that says "this is unwanted"; other kinds are about signatures, or take a complaint back.
_COMPLAINTS = frozenset({"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized"})

_GROUPS = re.compile(rb"\r?\n(?:[ \t]*+\r?\n)++")
_ADDRESS = re.compile(r"[^\s<>@,;\"'()\[\]\x00-\x1f]{1,64}@[^\s<>@,;\"'()\x00-\x1f]{1,255}")
_COMMENT = re.compile(r"\(([^()]*)\)")
_UNKNOWN_CLASS = {"2": Action.DELIVERED, "4": Action.DELAYED}


def address_of(text: str) -> str:
    """``rfc822; <A@example.com>`` to ``a@example.com``; empty for what is none."""
    value = text.partition(";")[2] if ";" in text else text
    value = (without_comments(value[:1_000]) or value[:1_000]).strip().strip("<>\"'").strip()
    return value.lower() if _ADDRESS.fullmatch(value) else ""


def recipients_of(body: bytes) -> list[FailedRecipient]:
    """From a message/delivery-status part, each address once."""
    found: dict[str, FailedRecipient] = {}
    for group in _GROUPS.split(body):
        fields = _fields(group)
        recipient = _recipient(fields) if {"final-recipient", "original-recipient"} & fields.keys() else None
        if recipient and recipient.address not in found:
            found[recipient.address] = recipient
        if len(found) == MAX_RECIPIENTS:
            break
    return list(found.values())


def complaints_of(body: bytes, returned_to: Sequence[str]) -> list[FailedRecipient]:
    """From a message/feedback-report part. Some providers hide who complained: then it is who got the mail."""
    fields = _fields(_GROUPS.sub(b"\n", body))
    kind = fields.get("feedback-type", "").strip().lower()
    if kind not in _COMPLAINTS:
        return []
    named = [address_of(fields.get(name, "")) for name in ("original-rcpt-to", "removal-recipient")]
    addresses = [address for address in named if address] or list(returned_to)
    reason = one_line(f"Feedback-Type: {kind}")
    return [
        FailedRecipient(address, Action.COMPLAINED, False, "", reason) for address in dict.fromkeys(addresses)
    ]


def action_of(said: str, status: str, reason: str) -> Action:
    """By name; where that is missing, by the codes."""
    try:
        return Action(said)
    except ValueError:
        return _UNKNOWN_CLASS.get(class_of(status, reason), Action.FAILED)


def _recipient(fields: dict[str, str]) -> FailedRecipient | None:
    # What we wrote to comes first: the other is what it was turned into on its way.
    original, final = (address_of(fields.get(name, "")) for name in ("original-recipient", "final-recipient"))
    if not (original or final):
        return None
    said = fields.get("status", "")
    diagnostic = fields.get("diagnostic-code", "")
    reason = one_line(diagnostic.partition(";")[2] if ";" in diagnostic else diagnostic)
    if not reason and (comment := _COMMENT.search(said[:1_000])):
        reason = one_line(comment[1])
    status = status_in(said)
    if status.endswith(".0.0") or not status:
        status = status_in(reason) or status
    words = fields.get("action", "").split()
    action = action_of(words[0].lower() if words else "", status, reason)
    is_permanent = action == Action.FAILED and class_of(status, reason) != "4"
    return FailedRecipient(original or final, action, is_permanent, status, reason)


def _fields(group: bytes) -> dict[str, str]:
    """The first of each name."""
    found: dict[str, str] = {}
    for name, value in fields_of(group):
        found.setdefault(name.lower(), value)
    return found


def with_reasons(
    recipients: Sequence[FailedRecipient], told: Iterable[FailedRecipient], general: str
) -> list[FailedRecipient]:
    """Where the status says nothing in words, what the text for people says of the same address, or of all."""
    reasons = {one.address: one.reason for one in told}
    alone = general if len(recipients) == 1 else ""
    return [
        one if one.reason else replace(one, reason=reasons.get(one.address) or alone) for one in recipients
    ]
