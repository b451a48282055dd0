"""What is new in a mailbox is kept, and only then marked or moved, and only then counted as read."""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import timedelta

from django.conf import settings
from imap_tools import BaseMailBox

from tickets.actions.incoming import Arrival, keep
from tickets.actions.mailboxes import note_look, note_progress, note_remark
from tickets.channels.email.ways.imap.connection import LOST, Trouble
from tickets.channels.email.ways.imap.folder import Folder, Withheld
from tickets.choices import MailWay
from tickets.models import Mailbox
from tickets.rules import fetch_troubles as words

logger = logging.getLogger(__name__)
#: So many sizes are asked for at once.
CHUNK = 100
#: A message under which the connection broke so often is withheld, like one that the server refuses.
MOST_BREAKS = 3
#: A server that counted its messages anew tells when each arrived to the day, in its own time zone.
MARGIN = timedelta(days=2)


class Fetcher:
    """Of one mailbox. It outlives connections: it knows under which message they broke."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        #: How many mails were kept, over all looks.
        self.came = 0
        #: The last look ended because the connection broke under a message.
        self.broke_off = False
        self._breaks: Counter[int] = Counter()
        self._withheld: list[str] = []

    def look(self, box: BaseMailBox, *, stop_at: float = float("inf")) -> None:
        """Until ``stop_at`` by time.monotonic(). Raises Trouble, and what imaplib raises.

        Killed at any moment it loses nothing: what was kept and not yet counted is fetched again, and its bytes are
        found to be there.
        """
        self.broke_off, self._withheld = False, []
        folder = Folder(box)
        self._find_place(folder)
        uids = folder.uids_after(self.mailbox.last_uid)
        for start in range(0, len(uids), CHUNK):
            chunk = uids[start : start + CHUNK]
            sizes = folder.sizes(chunk)
            for uid in chunk:
                if time.monotonic() > stop_at:
                    return
                self._take(folder, uid, sizes.get(uid))
        if self._withheld:
            # With nothing after it that was given out: is it the message, or the server? The next look will tell.
            raise Trouble(words.WITHHELD, self._withheld[0])
        note_look(self.mailbox)

    def _find_place(self, folder: Folder) -> None:
        """Where to go on: not where we were, at the first look and when the server has counted anew."""
        mailbox = self.mailbox
        if mailbox.uid_validity == folder.validity:
            return
        self._breaks.clear()
        if mailbox.from_beginning:
            start = 0
        elif mailbox.uid_validity is not None and mailbox.looked_at is not None:
            recent = folder.uids_since((mailbox.looked_at - MARGIN).date())
            start = recent[0] - 1 if recent else folder.last_uid()
        else:
            start = folder.last_uid()
        note_progress(mailbox, uid_validity=folder.validity, last_uid=start, came=False)

    def _take(self, folder: Folder, uid: int, size: int | None) -> None:
        if size is None:  # somebody has removed it meanwhile
            if not self._withheld:
                self._note(folder, uid, came=False)
            return
        try:
            raw = self._fetch(folder, uid, size)
        except Withheld as withheld:
            if uid in folder.sizes([uid]):
                self._withheld.append(f"{self.mailbox.folder}, UID {uid}: {withheld}")
            return
        cut = size > settings.MAIL_MAX_BYTES and len(raw) >= settings.MAIL_MAX_BYTES
        keep(Arrival(raw=raw, way=MailWay.IMAP, whole_size=size if cut else None), mailbox=self.mailbox)
        self._put_away(folder, uid)
        self._note(folder, uid, came=True)
        self.came += 1

    def _fetch(self, folder: Folder, uid: int, size: int) -> bytes:
        if self._breaks[uid] >= MOST_BREAKS:
            raise Withheld(words.BROKEN_OFF)
        most = settings.MAIL_MAX_BYTES
        try:
            return folder.fetch(uid, first=most if size > most else None)
        except LOST:
            self._breaks[uid] += 1
            self.broke_off = True
            raise

    def _put_away(self, folder: Folder, uid: int) -> None:
        try:
            if self.mailbox.done_folder:
                folder.move(uid, self.mailbox.done_folder)
            else:
                folder.mark_read(uid)
        except Withheld as problem:
            folder.mark_read(uid)
            note_remark(self.mailbox, words.written(words.NOT_MOVED, f"UID {uid}: {problem}"))

    def _note(self, folder: Folder, uid: int, *, came: bool) -> None:
        """A message after them was given out: those that were not are passed over, and the operator hears of it."""
        note_progress(self.mailbox, uid_validity=folder.validity, last_uid=uid, came=came)
        for which in self._withheld:
            logger.warning("Mailbox %s: passed over %s", self.mailbox.address, which)
            note_remark(self.mailbox, words.written(words.SKIPPED, which))
        self._withheld = []
