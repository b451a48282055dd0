"""All mailboxes, one after the other: what the clock asks for. Those that somebody stays connected to are passed by."""

from __future__ import annotations

import logging
import time

from django.core.cache import cache

from helpdesk.lib import clock
from helpdesk.lib.single_flight import single_flight
from tickets.actions.mailboxes import note_failure
from tickets.channels.email.ways.imap.connection import Trouble, opened
from tickets.channels.email.ways.imap.fetcher import MOST_BREAKS, Fetcher
from tickets.models import Mailbox
from tickets.queries.fetched import fetched, is_resting, rest_key

logger = logging.getLogger(__name__)
SHORTEST_PAUSE, LONGEST_PAUSE = 60, 1800


def lock_of(mailbox: Mailbox) -> str:
    """One process at a time reads a mailbox."""
    return f"fetch mailbox {mailbox.pk}"


def poll(*, seconds: float) -> int:
    """Look into each mailbox that is not resting; how many mails were kept. No look begins after ``seconds``."""
    stop_at, came = time.monotonic() + seconds, 0
    for mailbox in fetched():
        if time.monotonic() > stop_at or is_resting(mailbox):
            continue
        with single_flight(lock_of(mailbox)) as alone:
            if alone:
                mailbox.refresh_from_db()
                came += look(mailbox, stop_at=stop_at)
    return came


def look(mailbox: Mailbox, *, stop_at: float) -> int:
    """Once, and again where the connection broke under a message. What is wrong is noted, and the mailbox rests."""
    fetcher = Fetcher(mailbox)
    for _time in range(2 * MOST_BREAKS):
        try:
            with opened(mailbox) as box:
                fetcher.look(box, stop_at=stop_at)
            break
        except Trouble as trouble:
            why = str(trouble)
        if not fetcher.broke_off or time.monotonic() > stop_at:
            _rest(mailbox, why)
            break
    return fetcher.came


def pause_of(mailbox: Mailbox) -> int:
    """Seconds: as long again as it has been failing, from one minute to half an hour."""
    since = mailbox.failing_since
    failing = (clock.now() - since).total_seconds() if since else 0
    return int(min(max(failing, SHORTEST_PAUSE), LONGEST_PAUSE))


def _rest(mailbox: Mailbox, why: str) -> None:
    note_failure(mailbox, why)
    logger.warning("Mailbox %s cannot be fetched: %s", mailbox.address, why)
    cache.set(rest_key(mailbox), 1, timeout=pause_of(mailbox) - 5)
