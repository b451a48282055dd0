"""One spelling for each address and number."""

from __future__ import annotations

import unicodedata

import phonenumbers


def normal_email(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def normal_phone(text: str, region: str = "CN") -> str:
    """``+8613800138000`` for what somebody typed; empty for nothing.

    Raises ValueError for what is no possible number in ``region`` or with its own country code.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as problem:
        raise ValueError(str(problem)) from problem
    if not phonenumbers.is_possible_number(number):
        raise ValueError("impossible number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def takes_mail(email: str) -> bool:
    """Whether anything may be sent there. Names below ``.invalid`` (RFC 2606) stand for people whose address nobody
    knows: an import makes them up.
    """
    return bool(email) and not email.lower().endswith((".invalid", "@invalid"))
