"""What the operator's page shows, put together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Brand, User
from helpdesk.lib import clock
from tickets.choices import Fetching, IncomingState
from tickets.models import IncomingMail, Mailbox
from tickets.queries import lag, mail_desk
from tickets.queries.mail_desk import Came, Outgoing, Waiting
from tickets.workspace.background.gauges import span
from tickets.workspace.mail import words

MOST_SHOWN = 50


@dataclass(frozen=True)
class Count:
    title: str
    today: int
    week: int


@dataclass(frozen=True)
class Box:
    """A mailbox in words."""

    mailbox: Mailbox
    came: Came
    waiting: Waiting | None

    @property
    def is_fetched(self) -> bool:
        return self.mailbox.fetching == Fetching.IMAP

    @property
    def way(self) -> str:
        box = self.mailbox
        if not self.is_fetched:
            return _("delivered to us")
        return _("fetched from %(server)s, folder %(folder)s") % {"server": box.host, "folder": box.folder}

    @property
    def failing(self) -> str:
        return words.why_failing(self.mailbox)

    @property
    def remark(self) -> str:
        return words.remark(self.mailbox)

    @property
    def is_late(self) -> bool:
        """Its mail waits to be read for longer than it should."""
        return self.waiting is not None and _age(self.waiting.oldest) > lag.READING_TOLERATED

    @property
    def is_unseen(self) -> bool:
        """Nobody has looked into it for longer than somebody should."""
        if not self.is_fetched or not self.mailbox.is_active:
            return False
        looked = self.mailbox.looked_at
        return looked is None or _age(looked) > lag.FETCHING_TOLERATED

    @property
    def state(self) -> tuple[str, str]:
        """(word, tone)."""
        if not self.mailbox.is_active:
            return _("switched off"), "off"
        if self.mailbox.failing_since is not None:
            return _("failing"), "ill"
        if self.is_unseen:
            return _("not looked at"), "ill"
        if self.is_late:
            return _("lagging"), "ill"
        return (_("check failed"), "ill") if self.check[1] == "ill" else (_("in order"), "well")

    @property
    def waits(self) -> str:
        if self.waiting is None:
            return _("nothing")
        told = {"count": self.waiting.count, "span": span(_age(self.waiting.oldest))}
        return _("%(count)s, the oldest for %(span)s") % told

    @property
    def counts(self) -> list[Count]:
        titles = {
            IncomingState.DONE: _("Taken in"),
            IncomingState.SET_ASIDE: _("Not a ticket"),
            IncomingState.QUARANTINED: _("Could not be read"),
        }
        today, week = self.came.today, self.came.week
        return [Count(title, today.get(state, 0), week.get(state, 0)) for state, title in titles.items()]

    @property
    def last_mail(self) -> datetime | None:
        return getattr(self.mailbox, "last_mail_at", None)

    @property
    def check(self) -> tuple[str, str]:
        return words.check(self.mailbox)

    @property
    def advice(self) -> list[str]:
        return words.what_to_look_at(self.mailbox) if self.check[1] == "ill" and not self._lost_tag else []

    @property
    def _lost_tag(self) -> bool:
        sent, came = self.mailbox.check_sent_at, self.mailbox.check_came_at
        return sent is not None and came is not None and came >= sent

    @property
    def mark(self) -> str:
        return f"{self.mailbox.pk}-{get_language()}"


def context(user: User) -> dict[str, Any]:
    boxes = _boxes()
    shown = list(mail_desk.quarantined()[: MOST_SHOWN + 1])
    count = len(shown) if len(shown) <= MOST_SHOWN else mail_desk.quarantined().count()
    outgoing, paused = mail_desk.outgoing(), mail_desk.paused()
    orphans = mail_desk.waiting().get(None)
    ill = [box for box in boxes if box.state[1] == "ill"]
    return {
        "boxes": boxes,
        "orphans": orphans,
        "outgoing": outgoing,
        "oldest_outgoing": span(_age(outgoing.oldest)) if outgoing.oldest else "",
        "is_outgoing_late": _is_late(outgoing),
        "paused": paused,
        "rows": [(mail, words.why(mail)) for mail in shown[:MOST_SHOWN]],
        "count": count,
        "brands": list(Brand.objects.filter(is_active=True)),
        "to": user.email,
        "summary": summary(boxes, ill, count, outgoing),
        "is_well": not ill and not count and not _is_late(outgoing) and bool(boxes),
        "seen": "-".join([str(box.mailbox.pk) for box in ill] + [f"q{count}"]),
        "listed": listed(shown),
    }


def _boxes() -> list[Box]:
    came, waiting = mail_desk.came(), mail_desk.waiting()
    return [Box(row, came.get(row.pk, Came()), waiting.get(row.pk)) for row in mail_desk.mailboxes()]


def listed(rows: list[IncomingMail]) -> str:
    """Another as soon as the list of what could not be read would look different."""
    marks = [(row.pk, row.attempts, row.detail) for row in rows], get_language()
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


def summary(boxes: list[Box], ill: list[Box], unread: int, outgoing: Outgoing) -> list[str]:
    """The answer first, in a sentence or two."""
    if not boxes:
        return [_("No address of a brand receives mail yet.")]
    said = []
    if ill:
        names = _(", ").join(box.mailbox.address for box in ill)
        said.append(_("Mail does not come in as it should: %(names)s.") % {"names": names})
    if unread:
        told = ngettext("%(count)s mail could not be read.", "%(count)s mails could not be read.", unread)
        said.append(told % {"count": unread})
    if _is_late(outgoing):
        said.append(_("Mail waits to leave for longer than it should."))
    return said or [_("Mail comes in and goes out as it should.")]


def _is_late(outgoing: Outgoing) -> bool:
    return outgoing.oldest is not None and lag.outbox() > lag.OUTBOX_TOLERATED


def _age(moment: datetime) -> float:
    return max((clock.now() - moment).total_seconds(), 0.0)
