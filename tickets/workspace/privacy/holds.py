"""The legal holds of the officer's brands, and lifting one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web.step_up import step_up_required
from helpdesk.lib.errors import Conflict
from tickets import actors
from tickets.actions.privacy import holds as verbs
from tickets.models import LegalHold, Ticket
from tickets.workspace.guard import StaffRequest
from tickets.workspace.privacy.desk import for_officers, page

PER_PAGE = 50


@require_safe
@for_officers
def holds(request: StaffRequest) -> HttpResponse:
    rows = _mine(request).select_related("customer", "ticket", "set_by", "lifted_by")
    context = {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))}
    return page(request, "workspace/privacy/holds.html", context, title=_("Legal holds"))


@require_POST
@for_officers
@step_up_required
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_mine(request), pk=pk)
    try:
        verbs.lift(row, by=actors.staff(request.user))
    except Conflict as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The hold is lifted. It stays here as a record."))
    return redirect("workspace:privacy_holds")


def _mine(request: StaffRequest) -> QuerySet[LegalHold]:
    """Of cases of one's brands, and of people who have one there, or who were held by oneself."""
    brands = request.user.brand_ids
    theirs = Ticket.objects.filter(customer=OuterRef("customer"), brand__in=brands)
    return LegalHold.objects.filter(Q(ticket__brand__in=brands) | Exists(theirs) | Q(set_by=request.user))
