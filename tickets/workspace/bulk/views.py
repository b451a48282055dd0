"""From the chosen rows of the queue to a bulk act: what is to be done, what would come of it, do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import bulk as verbs
from tickets.choices import BulkAct
from tickets.queries import inbox
from tickets.queries.bulk import progress
from tickets.rules.intake import clean_line
from tickets.workspace import shell
from tickets.workspace.bulk import asking, panel, runs
from tickets.workspace.bulk.choosing import choose, recall
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import told

for_workers = workspace_page(Capability.WORK_TICKETS)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def bulk(request: StaffRequest) -> HttpResponse:
    """The act's form for the rows that were chosen; without any, one's own bulk acts are listed."""
    if request.method != "POST":
        return runs.listed(request)
    act = asking.act_named(request.POST.get("act", "")) or BulkAct.STATUS
    try:
        chosen = choose(request.user, request.POST)
    except Invalid as problem:
        return _nothing(request, problem)
    return _panel(request, panel.context(request.user, act, chosen, request.POST))


@require_POST
@for_workers
def preview(request: StaffRequest) -> HttpResponse:
    """What would come of it, as it stands in the form now. Who asks by Enter goes on at the button that does it."""
    act = asking.act_named(request.POST.get("act", "")) or BulkAct.STATUS
    try:
        chosen = recall(request.user, request.POST.get("chosen", ""))
    except Invalid as problem:
        return _nothing(request, problem)
    context = panel.context(request.user, act, chosen, request.POST) | {"is_asked": "show" in request.POST}
    if request.htmx:
        return shell.part(request, "workspace/bulk/preview.html", context)
    return _panel(request, context)


@require_POST
@for_workers
def start(request: StaffRequest) -> HttpResponse:
    """Do it: a few at once, many by a worker."""
    act = asking.act_named(request.POST.get("act", "")) or BulkAct.STATUS
    try:
        chosen = recall(request.user, request.POST.get("chosen", ""))
    except Invalid as problem:
        return _nothing(request, problem)
    try:
        run = verbs.begin(
            chosen.tickets,
            act=act,
            data=asking.data(act, request.POST),
            by=actors.staff(request.user),
            seen=chosen.seen,
            origin_key=_key(request),
        )
    except Invalid as problem:
        return _panel(request, panel.context(request.user, act, chosen, request.POST), status=problem.status)
    if progress(run).total <= verbs.AT_ONCE:
        run = verbs.work_off(run)
    inbox.forget_counts(request.user)
    return runs.show(request, run)


def _key(request: StaffRequest) -> str | None:
    key = clean_line(request.POST.get("origin_key", ""))[:60]
    return f"bulk:{request.user.pk}:{key}" if key else None


def _panel(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    if request.htmx:
        return shell.part(request, "workspace/bulk/panel.html", context, status=status)
    title = str(context["title"])
    return shell.page(request, "workspace/bulk/page.html", context, title=title, status=status)


def _nothing(request: StaffRequest, problem: Invalid) -> HttpResponse:
    if request.htmx:
        context = {"problem": told(problem)}
        return shell.part(request, "workspace/bulk/nothing.html", context, status=problem.status)
    messages.error(request, told(problem))
    return redirect("workspace:queue")
