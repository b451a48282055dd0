"""Decoys: made, looked over and taken away by whoever reads the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Brand, Decoy
from accounts.rules.capabilities import Capability
from accounts.web.step_up import ask, is_confirmed, step_up_required
from helpdesk.lib.errors import Invalid
from tickets.actions import decoys as verbs
from tickets.queries.pickers import load
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

for_auditors = workspace_page(Capability.VIEW_AUDIT)
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_auditors
def decoys(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, {}, {})
    if not is_confirmed(request):
        return ask(request)
    said = {name: request.POST.get(name, "").strip()[:200] for name in ("brand", "count", "domain")}
    offered = {str(choice.value) for choice in load().brands(request.user)}
    try:
        if said["brand"] not in offered:
            raise Invalid({"brand": _("Choose one of the list.")})
        brand = Brand.objects.get(pk=int(said["brand"]))
        count = int(said["count"]) if said["count"].isdecimal() and len(said["count"]) < 5 else 0
        made = verbs.make(count, brand=brand, domain=said["domain"], by=request.user)
    except Invalid as problem:
        return _show(request, said, {name: str(text) for name, text in problem.fields.items()}, status=422)
    told = ngettext("%(count)s decoy was made.", "%(count)s decoys were made.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect("workspace:decoys")


@require_POST
@for_auditors
@step_up_required
def remove(request: StaffRequest, decoy: int) -> HttpResponse:
    verbs.remove(get_object_or_404(Decoy, pk=decoy), by=request.user)
    messages.success(request, _("It is no decoy any more."))
    return redirect("workspace:decoys")


def _show(
    request: StaffRequest, said: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    # Their names only: whoever looks at this page must not need to open one.
    rows = Decoy.objects.select_related("customer", "made_by").order_by("-made_at")
    context = {
        "title": _("Decoys"),
        "decoys": rows[:SHOWN],
        "said": {"count": "5", **said},
        "errors": errors,
        "brands": [(str(choice.value), choice.label) for choice in load().brands(request.user)],
    }
    return shell.page(
        request, "workspace/audit/decoys.html", context, title=_("Decoys"), place="decoys", status=status
    )
