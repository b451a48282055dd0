"""How far bulk acts are, and what became of their tickets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.http import Http404

from accounts.models import User
from tickets.choices import BulkItemState
from tickets.models import BulkItem, BulkRun

#: So many runs are listed, and so many tickets of a run named.
RUNS = 50
NAMED = 200
_UNTOLD = (BulkItemState.FAILED, BulkItemState.KEPT)


@dataclass(frozen=True)
class Progress:
    counts: dict[str, int]
    total: int
    #: Those still to be done, or undone.
    left: int

    @property
    def share(self) -> int:
        """Of a hundred."""
        return 100 * (self.total - self.left) // self.total if self.total else 100


def own_or_404(user: User, pk: int) -> BulkRun:
    """Somebody else's is not there."""
    run = BulkRun.objects.filter(requested_by=user, pk=pk).first()
    if run is None:
        raise Http404
    return run


def own(user: User) -> list[BulkRun]:
    return list(BulkRun.objects.filter(requested_by=user)[:RUNS])


def progress(run: BulkRun) -> Progress:
    return progress_of([run])[run.pk]


def progress_of(runs: list[BulkRun]) -> dict[int, Progress]:
    """By run. By the index ``bulk_item_by_state``."""
    counts: dict[int, dict[str, int]] = {run.pk: {} for run in runs}
    rows = BulkItem.objects.filter(run__in=runs).order_by().values_list("run", "state")
    for pk, state, count in rows.annotate(count=Count("pk")):
        counts[pk][state] = count
    return {run.pk: _progress(run, counts[run.pk]) for run in runs}


def _progress(run: BulkRun, counts: dict[str, int]) -> Progress:
    waiting = BulkItemState.DONE if run.undo_at else BulkItemState.WAITING
    return Progress(counts, sum(counts.values()), counts.get(waiting, 0))


def not_done(run: BulkRun) -> list[BulkItem]:
    """The tickets that were refused or left as they are, with the reason; the first few."""
    rows = BulkItem.objects.filter(run=run, state__in=_UNTOLD).select_related("ticket")
    return list(rows.order_by("pk")[:NAMED])


def refused(run: BulkRun) -> list[int]:
    """The ids of the tickets that were refused. By the index ``bulk_item_by_state``."""
    rows = BulkItem.objects.filter(run=run, state=BulkItemState.FAILED).order_by("pk")
    return list(rows.values_list("ticket_id", flat=True))
