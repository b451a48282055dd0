"""Files that leave the desk: who may, how many a day, how many rows, and the mark by which each is known again."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import access, audit
from accounts.choices import AuditKind
from accounts.models import AuditEntry, User
from accounts.rules.capabilities import Capability
from accounts.rules.watermarks import new_mark
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError

T = TypeVar("T")
DAY = timedelta(days=1)
KINDS = (AuditKind.EXPORTED, AuditKind.AUDIT_EXPORTED)


class TooManyExports(DomainError):
    code = "too_many_exports"
    status = 429
    message = _("You have exported as many files as one day allows. Try again tomorrow.")


@dataclass
class Export:
    """A file that is being made. ``rows`` counts what has gone into it, ``is_cut`` says that more was asked for."""

    mark: str
    by: User
    at: datetime
    what: str
    most: int
    rows: int = 0
    is_cut: bool = False

    def limited(self, rows: Iterable[T]) -> Iterator[T]:
        """At most ``most`` of them; written into the log once they have gone."""
        try:
            for row in rows:
                if self.rows >= self.most:
                    self.is_cut = True
                    break
                self.rows += 1
                yield row
        finally:  # a reader who hangs up has the rows until then
            audit.record(
                AuditKind.EXPORTED,
                by=self.by,
                mark=self.mark,
                what=self.what,
                stage="ended",
                rows=self.rows,
                cut=self.is_cut,
            )


def begin(what: str, *, by: User, kind: AuditKind = AuditKind.EXPORTED, **asked: Any) -> Export:
    """``asked``: what the file was narrowed to, as JSON values without contact data.

    Raises NotAllowed without EXPORT_DATA, TooManyExports beyond ``EXPORTS_PER_DAY``.
    """
    access.require(by, Capability.EXPORT_DATA)
    export = Export(new_mark(secrets.choice), by, clock.now(), what, settings.EXPORT_MAX_ROWS)
    with transaction.atomic():
        # Two at once are counted one after the other.
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
        if _made(by, export.at - DAY) >= settings.EXPORTS_PER_DAY:
            raise TooManyExports
        audit.record(kind, by=by, mark=export.mark, what=what, stage="begun", most=export.most, asked=asked)
    return export


def _made(by: User, since: datetime) -> int:
    """By ``audit_by_actor``."""
    mine = AuditEntry.objects.filter(actor=by, kind__in=KINDS, at__gte=since)
    return mine.filter(data__stage="begun").count()
