"""Sensitive acts: asking for them, changing and withdrawing what was asked, and freezing at once.

Approving is in ``wallet_approving``, carrying out in ``wallet_sending``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tickets.actors import Actor
from tickets.choices import ActKind, ActReason
from tickets.models import SensitiveAct, Ticket


def request_act(ticket: Ticket, *, kind: ActKind, answers: Mapping[str, Any], by: Actor) -> SensitiveAct:
    """Ask for an act on the ticket's customer. ``answers`` as ``rules.wallet_content.checked`` takes them."""
    raise NotImplementedError


def edit_act(act: SensitiveAct, *, answers: Mapping[str, Any], seen: str, by: Actor) -> SensitiveAct:
    """Change what is asked for, before it is approved; what others had approved of it counts no more."""
    raise NotImplementedError


def withdraw(act: SensitiveAct, *, by: Actor) -> SensitiveAct:
    """Take back what one asked for, as long as nothing has left."""
    raise NotImplementedError


def freeze_now(
    ticket: Ticket, *, account: str, by: Actor, reason: str, code: ActReason = ActReason.CUSTOMER_ASKS
) -> SensitiveAct:
    """Freeze at once: by one agent, the customer, or the desk itself for somebody at the emergency page.

    An account that is frozen or being frozen gives the same act again.
    """
    raise NotImplementedError
