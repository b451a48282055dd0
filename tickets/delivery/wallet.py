"""Has approved acts carried out by the wallet cores. Nothing is called inside a transaction; a kill at any moment loses
nothing and does nothing twice: what may have had its effect is asked for before it is sent again.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.conf import settings

from helpdesk.lib import clock
from helpdesk.lib.sealed import Unreadable
from tickets.actions import wallet_sending as sending
from tickets.actions.wallet_hearing import said
from tickets.actions.wallet_rows import content_of
from tickets.actions.wallet_sending import Step
from tickets.choices import ActKind, WalletWord
from tickets.gateways.wallet_core import Answer, NotSent, Order, Unclear, over_http
from tickets.gateways.wallet_core.over_http import HttpGateway
from tickets.gateways.wallet_core.signing import TOLERANCE, Signer
from tickets.models import SensitiveAct, WalletCommand, WalletCore
from tickets.queries import wallet as queries
from tickets.rules.wallet_content import written_amount

logger = logging.getLogger(__name__)
LIMIT = 200
SECONDS = 60.0
CALL_SECONDS = over_http.SECONDS
NO_CORE, NO_KEY = "no_core", "key_unreadable"
#: So long a call that nobody answered may still be on its way: later its time stamp is too old for the wallet.
UNDER_WAY = timedelta(seconds=TOLERANCE)


def deliver(limit: int = LIMIT, seconds: float = SECONDS) -> int:
    """Work off the commands that are due; how many the wallets answered.

    A wallet that is away is left alone for the rest of the round and holds up no other brand's.
    """
    answered, stop_at, away = 0, time.monotonic() + seconds, set[int]()
    for _turn in range(limit):
        claimed = sending.claim(but_for=away) if time.monotonic() < stop_at else []
        if not claimed:
            break
        [command] = claimed
        if _work_off(command):
            answered += 1
        else:
            away.add(command.act.brand_id)
    return answered


def _work_off(command: WalletCommand) -> bool:
    """Whether the wallet of its brand answers."""
    act = command.act
    core = queries.active_core(act.brand_id)
    gateway = _gateway(core) if core is not None else None
    if gateway is None:
        sending.put_off(command, error=NO_CORE if core is None else NO_KEY)
        return False
    step = sending.begin(command)
    if step is None:
        return True
    order = order_of(act)
    try:
        answer = gateway.carry_out(order) if step is Step.CARRY_OUT else gateway.ask(order)
    except (NotSent, Unclear) as problem:
        logger.warning("Act %s: the wallet did not answer: %s", act.key, problem)
        # That nobody could be asked says nothing of the call before.
        had_no_effect = step is Step.CARRY_OUT and isinstance(problem, NotSent)
        (sending.not_sent if had_no_effect else sending.unclear)(command, error=str(problem))
        return False
    _settle(command, answer, step)
    return True


def _settle(command: WalletCommand, answer: Answer, step: Step) -> None:
    if answer.word in (WalletWord.DONE, WalletWord.REFUSED):
        sending.finish(command.act, is_done=answer.word == WalletWord.DONE, answer=said(answer))
    elif answer.word == WalletWord.PENDING:
        sending.pending(command)
    elif step is Step.ASK and _is_lost(command):
        sending.not_sent(command, error=WalletWord.UNHEARD.value)
    else:
        sending.unclear(command, error=WalletWord.UNHEARD.value)


def _is_lost(command: WalletCommand) -> bool:
    """Whether a call of which the wallet never heard can no longer arrive. A freeze is not kept waiting for that: one
    freeze too many does no harm."""
    is_freeze = command.act.kind == ActKind.FREEZE
    return is_freeze or command.sent_at is None or command.sent_at <= clock.now() - UNDER_WAY


def _gateway(core: WalletCore) -> HttpGateway | None:
    try:
        signer = Signer(core.key_id, core.secret)
    except Unreadable:
        logger.error("No key of MAIL_KEYS opens the secret of the wallet core of %s", core.brand_id)
        return None
    return HttpGateway(core.url, signer, settings.WALLET_PRIVATE_HOSTS, CALL_SECONDS)


def order_of(act: SensitiveAct) -> Order:
    content = content_of(act)
    return Order(
        key=str(act.key),
        content_hash=act.content_hash,
        content={
            "kind": content.kind.value,
            "account": content.account,
            "amount": written_amount(content.amount),
            "currency": content.currency,
            "details": dict(content.details or {}),
            "reason_code": content.reason_code.value,
        },
        holder={"email": act.customer.email, "phone": act.customer.phone},
    )
