"""Exactly what is to be done, and its fingerprint: what an approval is bound to."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Invalid, Text
from tickets.choices import ActKind, ActReason
from tickets.rules.forms import check_answers
from tickets.rules.wallet import ACCOUNT, AMOUNT, NEEDS, needs_words
from tickets.rules.wallet_words import masked

MAX_REASON = 1000
#: More places than this no wallet here keeps.
PLACES = 8


@dataclass(frozen=True)
class Content:
    """What somebody asks to be done."""

    kind: ActKind
    account: str
    reason_code: ActReason
    reason: str = ""
    amount: Decimal | None = None
    currency: str = ""
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Belongs:
    """What the act belongs to; an approval holds for nothing else."""

    key: str
    brand: str
    ticket: str
    customer: int
    revision: int
    #: The holder as the wallet is told of them: the customer's contact data.
    email: str = ""
    phone: str = ""


def checked(kind: ActKind, answers: Mapping[str, Any]) -> Content:
    """What was typed, as content. Raises Invalid naming every field that is wrong.

    ``answers``: ``account``, ``reason_code``, ``reason``, and what ``NEEDS`` names for the kind; ``amount`` as
    ``{"amount": "12.50", "currency": "CNY"}``.
    """
    needs, wrong = NEEDS[kind], dict[str, Text]()
    good: dict[str, Any] = {}
    try:
        good = check_answers((ACCOUNT, *needs.fields), answers)
    except Invalid as problem:
        wrong |= problem.fields
    amount = good.pop(AMOUNT.key, None)
    if amount and _places(amount["amount"]) > PLACES:
        wrong[AMOUNT.key] = _("At most %(places)s decimal places.") % {"places": PLACES}
    code, reason = str(answers.get("reason_code") or ""), str(answers.get("reason") or "").strip()
    if code not in needs.reasons:
        wrong["reason_code"] = _("Choose one of the list.")
    elif needs_words(ActReason(code)) and not reason:
        wrong["reason"] = _("Say the reason in words.")
    if len(reason) > MAX_REASON:
        wrong["reason"] = _("At most %(limit)s characters fit here.") % {"limit": MAX_REASON}
    if wrong:
        raise Invalid(wrong)
    content = Content(kind, good.pop(ACCOUNT.key), ActReason(code), reason, details=good)
    if amount is None:
        return content
    return replace(content, amount=Decimal(amount["amount"]), currency=amount["currency"])


def _places(amount: str) -> int:
    return len(amount.partition(".")[2].rstrip("0"))


def transaction_key(content: Content) -> str:
    """Names the transaction that is paid back, however it is written: by letters and digits alone. Empty for none."""
    text = str((content.details or {}).get("transaction") or "").strip()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum()) or folded


def differences(before: Content, after: Content) -> dict[str, list[str]]:
    """Field to what it was and what it is, for whoever saw it before; reasons in words are only named: they stand on
    the act itself. Accounts are masked."""
    old, new = _in_words(before), _in_words(after)
    changed = {
        name: [old.get(name, ""), new.get(name, "")]
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }
    if before.account != after.account:
        changed["account"] = [masked(before.account), masked(after.account)]
    if before.reason != after.reason:
        changed["reason"] = ["", ""]
    return changed


def _in_words(content: Content) -> dict[str, str]:
    amount = {"amount": f"{written_amount(content.amount)} {content.currency}"} if content.amount else {}
    details = {name: str(value) for name, value in (content.details or {}).items()}
    return {**amount, **details, "reason_code": content.reason_code.value}


def canonical(content: Content, belongs: Belongs) -> bytes:
    """The one way in which it is written down: JSON in UTF-8, keys sorted, no spaces, amounts without idle zeros."""
    said = {
        "v": 2,
        "act": belongs.key,
        "brand": belongs.brand,
        "ticket": belongs.ticket,
        "customer": belongs.customer,
        "holder": {"email": belongs.email, "phone": belongs.phone},
        "revision": belongs.revision,
        "kind": content.kind.value,
        "account": content.account,
        "amount": written_amount(content.amount),
        "currency": content.currency,
        "details": dict(content.details or {}),
        "reason_code": content.reason_code.value,
        "reason": content.reason,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(content: Content, belongs: Belongs) -> str:
    """SHA-256 of it, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content, belongs)).hexdigest()


def written_amount(amount: Decimal | None) -> str | None:
    """``Decimal("12.50000000")`` and ``Decimal("12.5")`` are one amount: "12.5"."""
    return None if amount is None else f"{amount.normalize():f}"
