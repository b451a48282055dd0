"""One request: what it is, how far it is, what may be decided, and the copy to fetch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.choices import AuditKind
from accounts.web.step_up import step_up_required
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions.privacy import exporting
from tickets.actions.privacy import requests as verbs
from tickets.choices import PrivacyKind, PrivacyState
from tickets.models import PrivacyRequest
from tickets.queries import privacy as queries
from tickets.workspace.guard import StaffRequest
from tickets.workspace.privacy.desk import for_officers, page


@require_safe
@for_officers
def request_page(request: StaffRequest, pk: int) -> HttpResponse:
    row = _or_404(request, pk)
    audit.saw(AuditKind.CUSTOMER_READ, customer=row.customer_id, brand=row.brand_id, where="privacy")
    return _page(request, row)


@require_POST
@for_officers
@step_up_required
def grant(request: StaffRequest, pk: int) -> HttpResponse:
    row = _or_404(request, pk)
    try:
        verbs.grant(row, by=actors.staff(request.user))
    except DomainError as problem:
        return _page(request, row, problem=str(problem), status=problem.status)
    messages.success(request, _("Granted. It is carried out in the background; you can leave this page."))
    return redirect("workspace:privacy_request", pk)


@require_POST
@for_officers
@step_up_required
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    row, typed = _or_404(request, pk), request.POST
    try:
        verbs.refuse(
            row,
            reason=typed.get("reason", ""),
            remark=typed.get("remark", ""),
            by=actors.staff(request.user),
        )
    except Invalid as problem:
        return _page(request, row, errors=problem.fields, typed=typed, status=problem.status)
    except DomainError as problem:
        return _page(request, row, problem=str(problem), status=problem.status)
    messages.success(request, _("Refused. The person is told by mail, with the reason."))
    return redirect("workspace:privacy_request", pk)


@require_POST
@for_officers
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    row = _or_404(request, pk)
    try:
        verbs.withdraw(row, by=actors.staff(request.user))
    except DomainError as problem:
        return _page(request, row, problem=str(problem), status=problem.status)
    messages.success(request, _("Taken back. Nothing was changed."))
    return redirect("workspace:privacy_request", pk)


@require_safe
@for_officers
@step_up_required
def fetch(request: StaffRequest, pk: int) -> HttpResponseBase:
    row = _or_404(request, pk)
    if not row.has_archive:
        raise Http404("There is no copy, or no longer.")
    return archive_response(row, request)


def archive_response(row: PrivacyRequest, request: StaffRequest) -> StreamingHttpResponse:
    response = StreamingHttpResponse(exporting.opened(row, by=request.user), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="personal-data-{row.pk}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _or_404(request: StaffRequest, pk: int) -> PrivacyRequest:
    rows = PrivacyRequest.objects.select_related("customer__user", "brand", "asked_by", "decided_by")
    return get_object_or_404(rows, pk=pk, brand__in=request.user.brand_ids)


def _page(request: StaffRequest, row: PrivacyRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    waits = row.state == PrivacyState.ASKED
    found = queries.obstacles(row.customer, by=request.user) if waits else []
    context = {
        "row": row,
        "waits": waits,
        "obstacles": [(one.value, one.label) for one in found],
        "reasons": [(one.value, one.label) for one in (*found, *verbs.CHOSEN)],
        "may_withdraw": row.state in (PrivacyState.ASKED, PrivacyState.QUEUED),
        "is_erasure": row.kind == PrivacyKind.ERASE,
        "rows": sum(row.counts.values()),
    }
    title = _("Request %(number)s") % {"number": row.pk}
    return page(request, "workspace/privacy/request.html", context | more, title=title, status=status)
