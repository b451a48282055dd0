"""Whose the sandbox's accounts are. A real core asks its own tables; what the helpdesk believes is nothing to go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: What harms nobody for long is done for whoever asks.
_FOR_ANYBODY = frozenset({"freeze"})
#: Accounts with a number, in small letters, to their holders' e-mail addresses.
HOLDERS: Mapping[str, str] = {
    "btp-20240001": "customer@demo.test",
    "btp-20240002": "somebody.else@demo.test",
}
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def is_holder(content: Mapping[str, Any], holder: Mapping[str, Any]) -> bool:
    """Whether the account is that of ``holder`` (``email``, ``phone``). One named by an address or number is whose that
    is; one that the sandbox never heard of is anybody's, so that things can be tried.
    """
    if content.get("kind") in _FOR_ANYBODY:
        return True
    account = _folded(content.get("account"))
    known = {_folded(holder.get("email")), _folded(holder.get("phone"))} - {""}
    if "@" in account or _PHONE.fullmatch(account):
        return account in known
    return account not in HOLDERS or HOLDERS[account] in known


def _folded(text: object) -> str:
    return str(text or "").strip().casefold()
