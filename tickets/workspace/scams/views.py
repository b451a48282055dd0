"""The campaigns of scams, and one of them. Everything that strangers wrote is shown so that nothing opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib.defang import defanged
from tickets.choices import ScamKind, ScamState
from tickets.models import ScamCampaign, ScamReport, Ticket
from tickets.queries import scams as queries
from tickets.queries.emergencies import brands_of
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

judging = workspace_page(Capability.JUDGE_SCAMS)
PER_PAGE = 50
PLACE = "scams"


@require_safe
@judging
def scams(request: StaffRequest) -> HttpResponse:
    return show_all(request)


def show_all(
    request: StaffRequest,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list, by state; with the form to add a report, and what was wrong in it."""
    state = request.GET.get("state", ScamState.NEW)
    state = state if state in ScamState.values else ScamState.NEW.value
    seen = queries.visible_to(request.user)
    counts = queries.count_by_state(seen)
    page = Paginator(seen.filter(state=state).order_by("-last_seen"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    signs = queries.signs_of_all(list(page), each=3)
    context = {
        "tabs": [(value, label, counts.get(value, 0), value == state) for value, label in ScamState.choices],
        "state": state,
        "page": page,
        "rows": [{"campaign": row, "signs": signs[row.pk]} for row in page],
        "brands": brands_of(request.user).order_by("position", "pk"),
        "kinds": [(kind.value, kind.label) for kind in ScamKind if kind != ScamKind.PICTURE],
        "typed": typed or {},
        "errors": {name: str(text) for name, text in (errors or {}).items()},
    }
    return shell.page(
        request, "workspace/scams/page.html", context, title=_("Scams"), place=PLACE, status=status
    )


@require_safe
@judging
def scam(request: StaffRequest, pk: int) -> HttpResponse:
    return show(request, campaign_or_404(request, pk))


def campaign_or_404(request: StaffRequest, pk: int) -> ScamCampaign:
    return get_object_or_404(queries.visible_to(request.user).select_related("judged_by"), pk=pk)


def show(
    request: StaffRequest,
    campaign: ScamCampaign,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    reports = queries.reports_of(campaign)
    mine = Ticket.objects.visible_to(request.user).filter(
        pk__in={row.ticket_id for row in reports if row.ticket_id}
    )
    seen = set(mine.values_list("pk", flat=True))
    context = {
        "campaign": campaign,
        "signs": queries.signs_of(campaign),
        "reports": [_report(row, seen) for row in reports],
        "near": queries.near_to(campaign, request.user),
        "brands": campaign.brands.all(),
        "states": ScamState.choices,
        "typed": typed
        or {
            "state": campaign.state,
            "title": campaign.title,
            "advice_zh": campaign.advice_zh,
            "advice_en": campaign.advice_en,
        },
        "errors": {name: str(text) for name, text in (errors or {}).items()},
    }
    return shell.page(
        request, "workspace/scams/one.html", context, title=campaign.title, place=PLACE, status=status
    )


def _report(row: ScamReport, seen: set[int]) -> dict[str, Any]:
    ticket = row.ticket
    return {
        "row": row,
        "shown": row.shown if row.value else str(ScamKind(row.kind).label),
        "remark": defanged(row.remark),
        "number": ticket.display_number if ticket is not None and ticket.pk in seen else "",
        "address": reverse("workspace:ticket", args=[ticket.number])
        if ticket is not None and ticket.pk in seen
        else "",
    }
