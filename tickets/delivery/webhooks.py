"""Makes the calls that wait in the outbox. Nothing is called inside a transaction; a kill at any moment loses nothing.

A call whose fate a kill left unknown is made again under the same ``webhook-id``: the receiver can tell.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass

from django.conf import settings

from helpdesk.lib import clock, outgoing
from tickets.actions import calls
from tickets.actors import Actor
from tickets.models import OutboxCall, Webhook
from tickets.rules.intake import clean_line
from tickets.rules.webhooks import Verdict, signed_headers, verdict

logger = logging.getLogger(__name__)
LIMIT = 500
SECONDS = 60.0
TEST_SECONDS = 8.0
SWITCHED_OFF = "switched_off"
SAID_AT_MOST = 300


@dataclass(frozen=True)
class Outcome:
    """How one call went: the answer's status, or the trouble that there was none."""

    verdict: Verdict
    status: int | None = None
    said: str = ""
    error: str = ""

    @property
    def is_away(self) -> bool:
        """Nobody there, or in no state to answer: the next call would fare no better."""
        return self.verdict is Verdict.LATER


def deliver(limit: int = LIMIT, seconds: float = SECONDS) -> int:
    """Make the calls that are due; how many came through.

    A receiver that is away is left alone for the rest of the round: it holds up no other, and its own calls are not
    used up against a closed door.
    """
    made, stop_at, away = 0, time.monotonic() + seconds, set[int]()
    for _turn in range(limit):
        claimed = calls.claim(but_for=away) if time.monotonic() < stop_at else []
        if not claimed:
            break
        [call] = claimed
        outcome = _attempt(call)
        _settle(call, outcome)
        made += outcome.verdict is Verdict.TAKEN
        if outcome.is_away:
            away.add(call.webhook_id)
    return made


def try_out(webhook: Webhook, *, by: Actor) -> Outcome:
    """Call now and tell how it went. It is not tried again: whoever asked sees the outcome."""
    call = calls.begin_test(webhook, by=by)
    outcome = _make(call, TEST_SECONDS)
    if outcome.verdict is Verdict.TAKEN:
        calls.mark_sent(call, status=outcome.status or 0)
    else:
        calls.mark_failed(call, error=outcome.error, permanent=True, status=outcome.status)
    return outcome


def _attempt(call: OutboxCall) -> Outcome:
    if not call.webhook.is_active:
        return Outcome(Verdict.REFUSED, error=SWITCHED_OFF)
    try:
        return _make(call)
    except Exception as problem:
        # A call that cannot even be put together stays visible and stops no other.
        logger.exception("Call %s of webhook %s cannot be made", call.pk, call.webhook_id)
        return Outcome(Verdict.REFUSED, error=f"{type(problem).__name__}: {problem}")


def _make(call: OutboxCall, seconds: float = outgoing.WHOLE_SECONDS) -> Outcome:
    """Sign and send one call."""
    body = json.dumps(call.payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = signed_headers(
        call.webhook.key, cause=call.cause, at=int(clock.now().timestamp()), body=body
    ) | {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Helpdesk-Webhooks/1"}
    private: bool = settings.WEBHOOK_ALLOW_PRIVATE
    try:
        answer = outgoing.post(call.webhook.url, body=body, headers=headers, private=private, seconds=seconds)
    except outgoing.CallError as problem:
        found = Verdict.REFUSED if problem.is_permanent else Verdict.LATER
        return Outcome(found, error=str(problem))
    said = clean_line(answer.body)[:SAID_AT_MOST]
    found = verdict(answer.status)
    error = "" if found is Verdict.TAKEN else f"HTTP {answer.status}: {said}".rstrip(": ")
    return Outcome(found, answer.status, said, error)


def _settle(call: OutboxCall, outcome: Outcome) -> None:
    if outcome.verdict is Verdict.TAKEN:
        calls.mark_sent(call, status=outcome.status or 0)
        return
    logger.warning("Call %s of webhook %s did not come through: %s", call.pk, call.webhook_id, outcome.error)
    permanent = outcome.verdict is Verdict.REFUSED
    calls.mark_failed(call, error=outcome.error, permanent=permanent, status=outcome.status)
