"""What is known of one person, by numbers; and what may be done about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Customer
from accounts.web.step_up import step_up_required
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions.privacy import holds as hold_verbs
from tickets.actions.privacy import requests as verbs
from tickets.choices import PrivacyKind
from tickets.models import PrivacyRequest, Ticket
from tickets.queries import privacy as queries
from tickets.workspace.guard import StaffRequest
from tickets.workspace.privacy.desk import end_of_day, for_officers, page

CASES_SHOWN = 50


@require_safe
@for_officers
def person(request: StaffRequest, customer: int) -> HttpResponse:
    """Opening it shows who somebody is: that is in the read log, like every view of a customer."""
    row = _or_404(request, customer)
    audit.saw(AuditKind.CUSTOMER_READ, customer=row.pk, where="privacy")
    return _page(request, row)


@require_POST
@for_officers
@step_up_required
def ask(request: StaffRequest, customer: int) -> HttpResponse:
    """An officer asks in the person's name, or by the company's own duty. Erasing wants a tick of its own."""
    row, typed = _or_404(request, customer), request.POST
    kind = typed.get("kind", "")
    if kind not in PrivacyKind.values:
        raise Http404("There is no such request.")
    if kind == PrivacyKind.ERASE and not typed.get("sure"):
        errors = {"sure": _("Tick that you are sure: this cannot be undone.")}
        return _page(request, row, errors=errors, status=422)
    brand = queries.brand_for(row, viewer=request.user)
    if brand is None:
        raise Http404("Whoever serves no brand answers nobody.")
    language = typed.get("language", "")
    try:
        made = verbs.ask(
            row,
            kind=PrivacyKind(kind),
            brand=brand,
            language=language if language in dict(settings.LANGUAGES) else row.language,
            by=actors.staff(request.user),
            with_notes=bool(typed.get("with_notes")),
        )
    except DomainError as problem:
        return _page(request, row, problem=str(problem), status=problem.status)
    messages.success(request, _("It is carried out in the background; you can leave this page."))
    return redirect("workspace:privacy_request", made.pk)


@require_POST
@for_officers
def hold(request: StaffRequest, customer: int) -> HttpResponse:
    """On the person, or on the one case that the form names."""
    row, typed = _or_404(request, customer), request.POST
    number = typed.get("case", "")
    mine = Ticket.objects.filter(customer=row, brand__in=request.user.brand_ids)
    try:
        hold_verbs.hold(
            customer=None if number else row,
            ticket=get_object_or_404(mine, number=number) if number else None,
            reason=typed.get("reason", ""),
            until=end_of_day(typed.get("until", "")),
            by=actors.staff(request.user),
        )
    except Invalid as problem:
        return _page(request, row, errors=problem.fields, typed=typed, status=problem.status)
    except DomainError as problem:
        return _page(request, row, problem=str(problem), status=problem.status)
    messages.success(request, _("The hold is set: nothing of it is erased until it ends or is lifted."))
    return redirect("workspace:privacy_person", customer)


def _or_404(request: StaffRequest, customer: int) -> Customer:
    row = get_object_or_404(Customer.objects.select_related("user"), pk=customer)
    if not queries.may_see(row, viewer=request.user):
        raise Http404("Nobody of these brands.")
    return row


def _page(request: StaffRequest, row: Customer, *, status: int = 200, **more: Any) -> HttpResponse:
    cases = Ticket.objects.filter(customer=row, brand__in=request.user.brand_ids).order_by("-created_at")
    asked = PrivacyRequest.objects.filter(customer=row).select_related("asked_by", "brand")
    counts = queries.preview(row)
    context = {
        "person": row,
        "cases": cases[:CASES_SHOWN],
        "counts": counts,
        "total": sum(one.rows for one in counts),
        "obstacles": [one.label for one in queries.obstacles(row, by=request.user)],
        "holds": queries.holds_on(row).select_related("ticket", "set_by"),
        "requests": asked[:CASES_SHOWN],
        "languages": settings.LANGUAGES,
    }
    title = row.display_name if row.erased_at is None else _("Erased person %(number)s") % {"number": row.pk}
    return page(request, "workspace/privacy/person.html", context | more, title=title, status=status)
