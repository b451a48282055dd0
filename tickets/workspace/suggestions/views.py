"""The managers' page about the classifier: see how good it is, have it learn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.rules.capabilities import Capability
from tickets import actors
from tickets.actions import training_requests
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.suggestions import page


@require_safe
@workspace_page(Capability.VIEW_ANALYTICS)
def suggestions(request: StaffRequest) -> HttpResponse:
    title = _("Category suggestions")
    context = page.context() | {
        "title": title,
        "may_train": access.can(request.user, Capability.CONFIGURE_SERVICE),
    }
    return shell.page(request, "workspace/suggestions/page.html", context, title=title, place="suggestions")


@require_POST
@workspace_page(Capability.CONFIGURE_SERVICE, Capability.VIEW_ANALYTICS)
def train_now(request: StaffRequest) -> HttpResponse:
    if training_requests.ask(by=actors.staff(request.user)):
        messages.success(request, _("The training was asked for. You can leave this page."))
    else:
        messages.info(request, _("A training is under way already."))
    return redirect("workspace:suggestions")


@require_safe
@workspace_page(Capability.VIEW_ANALYTICS)
def training_progress(request: StaffRequest) -> HttpResponse:
    """The part that looks again by itself; says once that what it watched is over."""
    context = page.progress()
    context["is_over"] = context["step"] is None
    return shell.part(request, "workspace/suggestions/progress.html", context)
