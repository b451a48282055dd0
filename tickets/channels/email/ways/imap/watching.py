"""Staying connected: a thread for each mailbox waits for the server to say that something came (IDLE, RFC 2177)."""

from __future__ import annotations

import logging
import random
import threading
import time
from contextlib import suppress

from django.db import Error, close_old_connections, connections
from imap_tools import BaseMailBox

from helpdesk.lib.standing_lock import StandingLock
from tickets.actions.mailboxes import note_failure
from tickets.channels.email.ways.imap.connection import Trouble, opened
from tickets.channels.email.ways.imap.fetcher import Fetcher
from tickets.channels.email.ways.imap.polling import lock_of
from tickets.models import Mailbox
from tickets.queries.fetched import fetched, setup_of

logger = logging.getLogger(__name__)
#: So often somebody is asked whether there are new, changed or closed mailboxes.
ROUND_SECONDS = 5.0
#: Even if the server says nothing: some forget to.
LOOK_SECONDS = 120.0
#: A server that cannot IDLE is looked into so often.
POLL_SECONDS = 30.0
#: Within this a thread hears that it should end.
SLICE_SECONDS = 1.0
STOP_SECONDS = 10.0
SHORTEST_PAUSE, LONGEST_PAUSE = 5.0, 900.0


class Watcher(threading.Thread):
    """One mailbox, until it is told to end or somebody changes how the mailbox is reached."""

    def __init__(self, mailbox: Mailbox) -> None:
        super().__init__(name=f"mailbox-{mailbox.pk}", daemon=True)
        self.mailbox, self.setup = mailbox, setup_of(mailbox)
        self.ending = threading.Event()
        self._lock = StandingLock(lock_of(mailbox))
        self._fetcher = Fetcher(mailbox)
        self._pause = 0.0

    def run(self) -> None:
        try:
            while not self.ending.is_set():
                self._try()
                self.ending.wait(self._pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
        finally:
            self._lock.release()
            connections.close_all()

    def _try(self) -> None:
        """A connection's whole life, and how long to wait before the next."""
        close_old_connections()
        try:
            if not self._lock.hold():
                self._pause = ROUND_SECONDS
                return
            self.mailbox.refresh_from_db()
            with opened(self.mailbox) as box:
                self._stay(box)
        except Trouble as trouble:
            self._longer()
            logger.warning("Mailbox %s cannot be fetched: %s", self.mailbox.address, trouble)
            with suppress(Error):
                note_failure(self.mailbox, str(trouble))
        except (Error, Mailbox.DoesNotExist) as problem:
            self._longer()
            logger.warning("Mailbox %s waits: %s", self.mailbox.address, problem)

    def _longer(self) -> None:
        self._pause = min(max(2 * self._pause, SHORTEST_PAUSE), LONGEST_PAUSE)

    def _stay(self, box: BaseMailBox) -> None:
        """Look, wait, look. Returns when it should end, or when the lock is another's."""
        while not self.ending.is_set():
            close_old_connections()
            if not self._lock.hold():
                return
            self._fetcher.look(box)
            self._pause = 0.0
            self._wait(box)

    def _wait(self, box: BaseMailBox) -> None:
        if "IDLE" not in box.client.capabilities:
            self.ending.wait(POLL_SECONDS)
            return
        until = time.monotonic() + LOOK_SECONDS
        with box.idle as idle:
            while not self.ending.is_set() and time.monotonic() < until:
                asked_at = time.monotonic()
                said = idle.poll(timeout=SLICE_SECONDS)
                # Answered early, and with nothing: the other end is gone, and leaving IDLE will say so.
                if _is_news(said) or (not said and time.monotonic() - asked_at < SLICE_SECONDS / 2):
                    return


def _is_news(said: list[bytes]) -> bool:
    return any(b"EXISTS" in line.upper() or b"RECENT" in line.upper() for line in said)


def watch(ending: threading.Event) -> None:
    """All mailboxes that are fetched, whoever adds, changes or closes one meanwhile; until ``ending`` is set."""
    watchers: dict[int, Watcher] = {}
    while not ending.is_set():
        close_old_connections()
        with suppress(Error):  # the threads say so, each for itself
            _renew(watchers, {mailbox.pk: mailbox for mailbox in fetched()})
        ending.wait(ROUND_SECONDS)
    for watcher in watchers.values():
        watcher.ending.set()
    stop_at = time.monotonic() + STOP_SECONDS
    for watcher in watchers.values():
        watcher.join(max(0.0, stop_at - time.monotonic()))


def _renew(watchers: dict[int, Watcher], wanted: dict[int, Mailbox]) -> None:
    for pk, watcher in list(watchers.items()):
        if pk not in wanted or setup_of(wanted[pk]) != watcher.setup:
            watcher.ending.set()
        if not watcher.is_alive():
            del watchers[pk]
    for pk, mailbox in wanted.items():
        if pk not in watchers:
            watchers[pk] = Watcher(mailbox)
            watchers[pk].start()
