"""Bulk acts that were asked for: the list of one's own, how far one is, stop it, undo it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import bulk as verbs
from tickets.models import BulkRun
from tickets.queries import bulk as queries
from tickets.queries import inbox
from tickets.workspace import shell
from tickets.workspace.bulk import panel, words
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import told

for_workers = workspace_page(Capability.WORK_TICKETS)


def listed(request: StaffRequest) -> HttpResponse:
    """One's own, the newest first."""
    found = queries.own(request.user)
    states = queries.progress_of(found)
    rows = [
        {
            "run": run,
            "title": words.title_of(run),
            "cases": words.cases(states[run.pk].total),
            "counted": words.counted(states[run.pk].counts),
            "share": states[run.pk].share,
            "is_going": run.state in verbs.UNDER_WAY,
        }
        for run in found
    ]
    return shell.page(request, "workspace/bulk/runs.html", {"rows": rows}, title=_("Bulk acts"), place="bulk")


@require_safe
@for_workers
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """A page that can be left and come back to; with htmx the part that looks again by itself."""
    return show(request, queries.own_or_404(request.user, pk), redirects=False)


@require_POST
@for_workers
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    def act(run: BulkRun) -> BulkRun:
        run = verbs.undo(run, by=actors.staff(request.user))
        return verbs.work_off(run) if queries.progress(run).total <= verbs.AT_ONCE else run

    return _do(request, pk, act)


@require_POST
@for_workers
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda run: verbs.stop(run, by=actors.staff(request.user)))


def _do(request: StaffRequest, pk: int, act: Callable[[BulkRun], BulkRun]) -> HttpResponse:
    run = queries.own_or_404(request.user, pk)
    try:
        run = act(run)
    except DomainError as problem:
        return show(request, run, problem=told(problem), redirects=False, status=problem.status)
    inbox.forget_counts(request.user)
    return show(request, run)


def show(
    request: StaffRequest, run: BulkRun, *, problem: str = "", redirects: bool = True, status: int = 200
) -> HttpResponse:
    """How far it is. ``redirects``: something was just done, and reloading the page must not do it again."""
    if request.htmx:
        response = shell.part(request, "workspace/bulk/run.html", context(run, problem), status=status)
        if redirects or ("watch" in request.GET and run.state not in verbs.UNDER_WAY):
            response["HX-Trigger"] = "ws-bulk-ran"  # the rows behind it are out of date
        return response
    if redirects:
        return redirect("workspace:bulk_run", run.pk)
    frame = context(run, problem)
    return shell.page(
        request, "workspace/bulk/run_page.html", frame, title=frame["title"], place="bulk", status=status
    )


def context(run: BulkRun, problem: str = "") -> dict[str, Any]:
    progress = queries.progress(run)
    is_going = run.state in verbs.UNDER_WAY
    return {
        "run": run,
        "title": words.title_of(run),
        "cases": words.cases(progress.total),
        "progress": progress,
        "is_going": is_going,
        "counted": words.counted(progress.counts),
        "not_done": queries.not_done(run),
        "named": queries.NAMED,
        "may_undo": verbs.may_undo(run) and bool(progress.counts.get("done") or is_going),
        "may_stop": is_going and run.undo_at is None,
        "problem": problem,
        "again": panel.again(run.requested_by, run),
    }
