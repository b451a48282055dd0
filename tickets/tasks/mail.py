from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from helpdesk.lib import clock
from helpdesk.lib.single_flight import single_flight
from helpdesk.lib.wakeup import wake
from tickets.actions import incoming
from tickets.actions.incoming import READ_TASK
from tickets.channels.email import guarding
from tickets.channels.email.taking import take
from tickets.queries.incoming import due
from tickets.queries.mailboxes import Directory

LIMIT = 200
SECONDS = 60.0
#: A mailbox that is changed is known to the reader after so long.
DIRECTORY_SECONDS = 5.0


@shared_task(name=READ_TASK)
def read_mail() -> None:
    """Take in what waits, one mail after the other. Several of these may run: a mail is one reader's at a time, so one
    that takes long holds up nobody else's.
    """
    started = time.monotonic()
    directory, renewed = Directory(), started
    for _turn in range(LIMIT):
        now = time.monotonic()
        mail = incoming.claim_one() if now < started + SECONDS else None
        if mail is None:
            break
        if now > renewed + DIRECTORY_SECONDS:
            directory, renewed = Directory(), now
        take(mail, directory)
    if due().exists():
        wake(READ_TASK)


@shared_task(name="tickets.guard_raw_mail")
def guard_raw_mail() -> None:
    """Look through raw copies that were put away and not looked through: their reader was killed just then."""
    with single_flight("tickets.guard_raw_mail") as alone:
        if alone:
            guarding.guard_what_was_left(LIMIT, seconds=SECONDS)


@shared_task(name="tickets.forget_raw_mail")
def forget_raw_mail() -> None:
    """The raw bytes of what came MAIL_KEEP_RAW_DAYS ago, a thousand at a time."""
    before = clock.now() - timedelta(days=settings.MAIL_KEEP_RAW_DAYS)
    while incoming.forget_raw(before):
        pass
