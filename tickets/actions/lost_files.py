"""Files of attachments and drafts that never came to be, or whose draft is gone.

A file is written before the row that names it is committed. Where the transaction is undone, or its process killed,
the file stays behind and nobody knows of it: here it is found and removed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from helpdesk.lib import clock
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, DraftFile

logger = logging.getLogger(__name__)
FOLDER = "attachments"
#: Files of drafts, and those that their messages took over.
DRAFTS = "drafts/agents"
#: Younger ones may belong to a transaction that is still at work.
YOUNGEST = timedelta(days=1)
#: Older ones were looked at before; so much time is left for a clock that stood still.
OLDEST = timedelta(days=8)
#: A draft that nobody comes back to goes after thirty days; its files are looked at until after that.
OLDEST_OF_DRAFTS = timedelta(days=38)
_CHUNK = 2_000


def remove_lost_files() -> int:
    """How many were removed. Each file is looked at on the days after it was written, and then no more."""
    removed = 0
    for names in _in_chunks(chain(_written(FOLDER, OLDEST), _written(DRAFTS, OLDEST_OF_DRAFTS))):
        known = _known(names)
        for name in names:
            if name not in known:
                private_storage().delete(name)
                removed += 1
    if removed:
        logger.info("Removed %s files of attachments that never came to be", removed)
    return removed


def _known(names: list[str]) -> set[str]:
    """Drafts first: sent between the two questions, a file is found with its message."""
    drafts = DraftFile.objects.filter(file__in=names).values_list("file", flat=True)
    return {*drafts, *Attachment.objects.filter(file__in=names).values_list("file", flat=True)}


def _written(top: str, oldest: timedelta) -> Iterator[str]:
    storage, now = private_storage(), clock.now()
    for folder in _listed(top)[0]:
        for file in _listed(f"{top}/{folder}")[1]:
            name = f"{top}/{folder}/{file}"
            try:
                age = now - storage.get_modified_time(name)
            except FileNotFoundError:
                continue  # removed in this very moment
            if YOUNGEST < age < oldest:
                yield name


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return private_storage().listdir(folder)
    except FileNotFoundError:
        return [], []


def _in_chunks(names: Iterator[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for name in names:
        chunk.append(name)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
