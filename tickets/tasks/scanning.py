from __future__ import annotations

import logging
import time

from celery import shared_task
from django.conf import settings
from django.db import Error

from helpdesk.lib import faults
from tickets.actions import quarantine
from tickets.actions.attachments import SCAN_TASK
from tickets.gateways import clamav
from tickets.models import Attachment

logger = logging.getLogger(__name__)
LIMIT = 100
SECONDS = 60.0


@shared_task(name=SCAN_TASK)
def scan_files() -> None:
    """Have what waits looked at, one file after the other. Several of these may run: a file is one scanner's at a time.

    Without a scanner (it was switched off) what still waits is handed out, as it would be without one.
    """
    _remove_deleted()
    started = time.monotonic()
    for _turn in range(LIMIT):
        file = quarantine.claim_one() if time.monotonic() < started + SECONDS else None
        if file is None or not _scan_one(file):
            break


def _remove_deleted() -> None:
    """A storage that cannot delete must not keep other files from being looked at."""
    try:
        quarantine.remove_deleted()
    except Error:
        raise
    except Exception as problem:
        logger.warning("Deleted files are still in the storage: %s", faults.kind_and_place(problem))


def _scan_one(file: Attachment) -> bool:
    """Whether it makes sense to go on with the next."""
    if not settings.CLAMAV_URL:
        quarantine.found_clean(file)
        return True
    if file.scan_attempts > quarantine.MAX_ATTEMPTS:
        quarantine.put_in_quarantine(file, "not checked: its scanner died under it")
        return True
    try:
        with file.file.storage.open(file.file.name or "", "rb") as handle:
            verdict = clamav.scan(handle.chunks(), settings.CLAMAV_URL)
    except clamav.ScannerAway as problem:
        logger.warning("Files wait, the scanner does not answer: %s", problem)
        quarantine.try_later(file)
        return False
    except clamav.NotScanned as problem:
        quarantine.put_in_quarantine(file, f"not checked: {problem}")
        return True
    except FileNotFoundError:
        quarantine.found_clean(file)  # nobody can have it any more
        return True
    except Error:
        raise
    except Exception as problem:
        # A bucket that is away says so in many ways; none of them is the file's fault.
        logger.warning("Files wait, the storage does not answer: %s", faults.kind_and_place(problem))
        quarantine.try_later(file)
        return False
    if verdict.name:
        quarantine.put_in_quarantine(file, verdict.name)
    else:
        quarantine.found_clean(file)
    return True
