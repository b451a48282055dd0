"""Is this a good answer to that question? One judgement for the web form, the API and the import."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from accounts.rules.contact import normal_email, normal_phone
from helpdesk.lib.errors import Invalid, Text
from tickets.choices import FieldKind
from tickets.rules.secrets.guard import guard
from tickets.rules.secrets.words import in_words

# No wallet is older; far beyond lie dates that cannot even be told in another time zone.
_EARLIEST, _LATEST = 1990, 2999
_DIGITS = re.compile(r"([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]{1,18})?|\.[0-9]{1,18}")
DEFAULT_CURRENCIES = ("CNY", "USD", "EUR", "HKD", "USDT", "BTC")


@dataclass(frozen=True)
class FieldSpec:
    key: str
    kind: str
    required: bool = True
    options: tuple[str, ...] = ()
    pattern: str = ""
    max_length: int = 200


class _Bad(Exception):
    def __init__(self, message: Text) -> None:
        self.message = message


def check_answers(specs: Sequence[FieldSpec], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers in their stored form (JSON values), unknown keys dropped.

    Raises Invalid naming every field that is wrong, so that one look mends all.
    """
    good: dict[str, Any] = {}
    bad: dict[str, Text] = {}
    for spec in specs:
        try:
            value = check_answer(spec, answers.get(spec.key))
        except _Bad as problem:
            bad[spec.key] = problem.message
            continue
        if value is not None:
            good[spec.key] = value
    if bad:
        raise Invalid(bad)
    return good


def check_answer(spec: FieldSpec, value: Any) -> Any:
    """One stored answer, None for an empty optional one. Raises _Bad with a message that says how to mend it."""
    if _is_empty(spec, value):
        if spec.required:
            raise _Bad(_MISSING.get(spec.kind, _("Please answer this.")))
        return None
    if isinstance(value, list | Mapping) and spec.kind != FieldKind.AMOUNT:
        raise _Bad(_("Please answer this."))
    return _CHECKS[FieldKind(spec.kind)](spec, value)


_MISSING: Mapping[str, Text] = {
    FieldKind.AMOUNT: _("Enter the amount, such as 120.50."),
    FieldKind.DATETIME: _("Enter the date and time; roughly is enough."),
    FieldKind.DATE: _("Enter the date."),
    FieldKind.CHOICE: _("Choose one."),
    FieldKind.YES_NO: _("Choose yes or no."),
    FieldKind.LAST4: _("Enter the last four digits."),
}


def _is_empty(spec: FieldSpec, value: Any) -> bool:
    if spec.kind == FieldKind.AMOUNT and isinstance(value, Mapping):
        value = value.get("amount")
    return value is None or (isinstance(value, str) and not value.strip())


def _text(spec: FieldSpec, value: Any) -> str:
    text = str(value).strip()
    if len(text) > spec.max_length:
        raise _Bad(_("At most %(limit)s characters fit here.") % {"limit": spec.max_length})
    if spec.pattern and not re.fullmatch(spec.pattern, text):
        raise _Bad(_("This does not look right. Please compare it with the example."))
    return text


def _amount(spec: FieldSpec, value: Any) -> dict[str, str]:
    raw = value if isinstance(value, Mapping) else {"amount": value}
    text = unicodedata.normalize("NFKC", str(raw.get("amount"))).replace(" ", "").strip("¥$€元")
    # Commas only between thousands: "12,5" is twelve and a half to some and would become 125.
    if _DIGITS.fullmatch(text) is None:
        raise _Bad(_("Write the amount in digits, such as 120.50."))
    amount = Decimal(text.replace(",", ""))
    if not 0 < amount < Decimal(10) ** 15:
        raise _Bad(_("Enter an amount greater than zero."))
    currencies = spec.options or DEFAULT_CURRENCIES
    currency = str(raw.get("currency") or currencies[0]).upper()
    if currency not in currencies:
        raise _Bad(_("Choose a currency from the list."))
    return {"amount": format(amount, "f"), "currency": currency}


def _datetime(spec: FieldSpec, value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
    except ValueError:
        moment = None
    if moment is None:
        raise _Bad(_("Enter date and time such as 2026-03-31 14:30."))
    if moment.tzinfo is None:
        from django.utils import timezone

        moment = timezone.make_aware(moment)
    if not _EARLIEST <= moment.year <= _LATEST:
        raise _Bad(_("Enter date and time such as 2026-03-31 14:30."))
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _date(spec: FieldSpec, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else parse_date(str(value).strip())
    except ValueError:
        day = None
    if day is None:
        raise _Bad(_("Enter a date such as 2026-03-31."))
    return day.isoformat()


def _choice(spec: FieldSpec, value: Any) -> str:
    if str(value) not in spec.options:
        raise _Bad(_("Choose one of the list."))
    return str(value)


def _last4(spec: FieldSpec, value: Any) -> str:
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", str(value)))
    if not re.fullmatch(r"[0-9]{4}", digits):
        raise _Bad(_("Only the last four digits, please; never the whole number."))
    return digits


def _transaction(spec: FieldSpec, value: Any) -> str:
    text = _text(spec, unicodedata.normalize("NFKC", str(value)))
    if not re.fullmatch(r"[\w.:\-/ ]{4,100}", text):
        raise _Bad(_("Enter the transaction number as your wallet shows it, letters and digits only."))
    return text


def _phone_or_email(spec: FieldSpec, value: Any) -> str:
    text = _text(spec, value)
    if kinds := guard(text).kinds:
        # Not put into small letters, in which nobody would know a key any more.
        raise _Bad(in_words(kinds))
    if "@" in text:
        email = normal_email(text)
        if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) is None:
            raise _Bad(_("Enter an e-mail address in the form name@example.com."))
        return email
    try:
        return normal_phone(text)
    except ValueError as problem:
        raise _Bad(_("Enter the phone number or e-mail address you registered with.")) from problem


def _yes_no(spec: FieldSpec, value: Any) -> bool:
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return value if isinstance(value, bool) else words[str(value).strip().lower()]
    except KeyError as problem:
        raise _Bad(_("Choose yes or no.")) from problem


_CHECKS: Mapping[FieldKind, Callable[[FieldSpec, Any], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.AMOUNT: _amount,
    FieldKind.DATETIME: _datetime,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.LAST4: _last4,
    FieldKind.TRANSACTION: _transaction,
    FieldKind.PHONE_OR_EMAIL: _phone_or_email,
    FieldKind.YES_NO: _yes_no,
}
