"""The page on which the present policies are applied to open cases: see what would move, do it, watch it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.capabilities import Capability
from tickets import actors
from tickets.actions import recalculation as verbs
from tickets.actions.preview import preview
from tickets.actions.recalculation import UnderWay
from tickets.models import Recalculation, SlaPolicy, Ticket
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.promises.moves import shown

PAST = 20
for_managers = workspace_page(Capability.CONFIGURE_SERVICE)


@require_safe
@for_managers
def recalculation(request: StaffRequest) -> HttpResponse:
    policy = _policy(request.GET.get("policy", ""))
    context = _frame(policy)
    if "preview" in request.GET:
        context["preview"] = shown(preview(policy=policy, viewer=request.user))
    return _page(request, context)


@require_POST
@for_managers
def recalculate(request: StaffRequest) -> HttpResponse:
    policy = _policy(request.POST.get("policy", ""))
    try:
        verbs.request(policy=policy, by=actors.staff(request.user))
    except UnderWay as problem:
        return _page(request, _frame(policy) | {"problem": problem.message}, status=problem.status)
    messages.success(request, _("The recalculation was asked for. You can leave this page."))
    return redirect("workspace:recalculation")


@require_safe
@for_managers
def recalculation_progress(request: StaffRequest) -> HttpResponse:
    """The part that looks again by itself; says once that the one it watched is done."""
    context = _progress()
    watched = request.GET.get("run", "")
    if context["current"] is None:
        context["done"] = next((run for run in context["past"] if str(run.pk) == watched), None)
    return shell.part(request, "workspace/promises/progress.html", context)


def _policy(chosen: str) -> SlaPolicy | None:
    """None for all; 404 for one that is not there."""
    if not chosen:
        return None
    return get_object_or_404(SlaPolicy, pk=chosen if chosen.isdecimal() and len(chosen) < 10 else 0)


def _page(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    title = _("Recalculation")
    return shell.page(
        request,
        "workspace/promises/recalculation.html",
        context | {"title": title},
        title=title,
        place="recalculation",
        status=status,
    )


def _frame(policy: SlaPolicy | None) -> dict[str, Any]:
    return {"policies": SlaPolicy.objects.all(), "policy": policy, **_progress()}


def _progress() -> dict[str, Any]:
    runs = list(Recalculation.objects.select_related("policy", "requested_by")[: PAST + 1])
    current = next((run for run in runs if run.state in verbs.UNDER_WAY), None)
    return {
        "current": current,
        "share": _share(current) if current else None,
        "past": [run for run in runs if run is not current][:PAST],
    }


def _share(run: Recalculation) -> int:
    """Of a hundred; cases that are opened meanwhile are counted in."""
    left = Ticket.objects.active().filter(pk__gt=run.last_ticket).count()
    return 100 * run.seen // (run.seen + left) if run.seen + left else 100
