"""The operator's page, which looks again by itself, and its two buttons."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from helpdesk.models import FailedTask
from tickets import actors
from tickets.actions import failed_tasks
from tickets.actors import Actor
from tickets.workspace import shell
from tickets.workspace.background import page
from tickets.workspace.guard import StaffRequest, workspace_page

for_operators = workspace_page(Capability.CONFIGURE_SITE)


@require_safe
@for_operators
def background(request: StaffRequest) -> HttpResponse:
    if request.htmx:
        return _parts(request)
    title = _("Background work")
    context = page.context() | {"title": title}
    return shell.page(request, "workspace/background/page.html", context, title=title, place="background")


@require_POST
@for_operators
def run_again(request: StaffRequest, pk: int) -> HttpResponse:
    return _do(request, pk, failed_tasks.run_again, _("It is in the queue again."))


@require_POST
@for_operators
def dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    return _do(request, pk, failed_tasks.dismiss, _("Dismissed. If it fails again, it comes back."))


def _do(request: StaffRequest, pk: int, act: Callable[..., None], done: str) -> HttpResponse:
    task = get_object_or_404(FailedTask, pk=pk)
    by: Actor = actors.staff(request.user)
    try:
        act(task, by=by)
    except DomainError as problem:
        return _answer(request, str(problem.message), messages.ERROR, problem.status)
    return _answer(request, done, messages.SUCCESS)


def _answer(request: StaffRequest, said: str, level: int, status: int = 200) -> HttpResponse:
    messages.add_message(request, level, said)
    return _parts(request, status=status) if request.htmx else redirect("workspace:background")


def _parts(request: StaffRequest, *, status: int = 200) -> HttpResponse:
    """How it stands now. The list only when it changed, so that nobody is disturbed in reading it; and what is to be
    said aloud only when there is news."""
    context = page.context()
    asked = request.GET
    context["listing"] = asked.get("listed") != context["listed"]
    context["speaking"] = asked.get("seen") != context["seen"]
    return shell.part(request, "workspace/background/part.html", context, status=status)
