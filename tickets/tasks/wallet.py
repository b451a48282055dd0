from __future__ import annotations

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from helpdesk.lib.wakeup import wake
from tickets.actions import wallet_approving, wallet_hearing
from tickets.actions.wallet_rows import SEND_TASK
from tickets.delivery import wallet
from tickets.queries.wallet import due_commands

EXPIRE_TASK = "tickets.expire_acts"
ROUNDS = 20


@shared_task(name=SEND_TASK)
def carry_out_acts() -> None:
    """One sender at a time: a wallet that hangs may hold up one worker process, not all of them."""
    with single_flight(SEND_TASK) as alone:
        if not alone:
            return
        made = wallet.deliver()
    if made and due_commands().exists():
        wake(SEND_TASK)


@shared_task(name=EXPIRE_TASK)
def expire_acts() -> None:
    """Let run out what nobody decided in time. Two at once do no harm."""
    for _turn in range(ROUNDS):
        if not wallet_approving.expire():
            break
    wallet_hearing.forget_old()
