"""Hearing what a wallet core says by itself: that an act which it had taken is carried out, or refused.

The door (``tickets.api.wallet_answers``) has checked the signature. Said twice, it counts once: the nonce is written
down with what it told, and an act that is over is over.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from helpdesk.lib import clock
from tickets.actions import wallet_sending
from tickets.choices import WalletWord
from tickets.gateways.wallet_core import Answer
from tickets.gateways.wallet_core.signing import TOLERANCE
from tickets.models import SensitiveAct, WalletCore, WalletNonce

#: What is older than its time stamp may be is refused for that already.
KEPT = timedelta(seconds=3 * TOLERANCE)


@transaction.atomic
def hear(core: WalletCore, act: SensitiveAct, answer: Answer, *, nonce: str) -> bool:
    """Whether it was news. ``act`` is one of the core's brand, ``answer`` about it and its content."""
    _nonce, is_new = WalletNonce.objects.get_or_create(core=core, nonce=nonce, defaults={"at": clock.now()})
    if not is_new:
        return False
    if answer.word not in (WalletWord.DONE, WalletWord.REFUSED):
        return False
    return wallet_sending.finish(act, is_done=answer.word == WalletWord.DONE, answer=said(answer))


def said(answer: Answer) -> dict[str, Any]:
    """What is kept of it with the command."""
    return {**answer.raw, "code": answer.code, "reference": answer.reference}


def forget_old() -> int:
    return WalletNonce.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
