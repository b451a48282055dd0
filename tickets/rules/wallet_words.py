"""How an account is shown where its whole name is not needed."""

from __future__ import annotations

SHOWN = 4


def masked(account: str) -> str:
    """``"BTP-10023456"`` to ``"…3456"``: enough to know it again, too little to use it. The end of an address is its
    provider's, so of ``"wang@example.com"`` the first letter stays: ``"w…@example.com"``."""
    name, at, domain = account.rpartition("@")
    if at:
        return f"{name[:1]}…@{domain}"
    return f"…{account[-SHOWN:]}" if len(account) > SHOWN else f"…{account[-1:]}"
