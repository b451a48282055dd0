"""What a customer may ask of us about their data: a copy, or to be erased. Being signed in proves the contact."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions.privacy import exporting
from tickets.actions.privacy import requests as verbs
from tickets.choices import PrivacyKind
from tickets.models import PrivacyRequest
from tickets.portal import limits
from tickets.portal.door import PortalRequest, branded, customer_of, member_of, reader_language

SHOWN = 10


@require_safe
@branded
def privacy(request: PortalRequest) -> HttpResponse:
    return _page(request)


@require_POST
@branded
def ask(request: PortalRequest) -> HttpResponse:
    customer = customer_of(request)
    if customer is None:
        return _elsewhere(request)
    kind = request.POST.get("kind", "")
    if kind not in PrivacyKind.values:
        raise Http404("There is no such request.")
    if kind == PrivacyKind.ERASE and not request.POST.get("sure"):
        return _page(request, unsure=True, status=422)
    if not limits.within(request, limits.PRIVACY, email=str(customer.pk)):
        return _page(
            request, problem=_("You have asked several times today. Please wait until tomorrow."), status=429
        )
    try:
        verbs.ask(
            customer,
            kind=PrivacyKind(kind),
            brand=request.brand,
            language=reader_language(),
            by=actors.customer(customer),
        )
    except DomainError as problem:
        return _page(request, problem=str(problem), status=problem.status)
    messages.success(request, _("We have your request. You hear from us by mail."))
    return redirect("portal:privacy", request.brand.slug)


@require_POST
@branded
def withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    row = _own_or_404(request, pk)
    try:
        verbs.withdraw(row, by=actors.customer(row.customer))
    except DomainError:
        return _page(request, problem=_("It has begun already and cannot be taken back."), status=409)
    messages.success(request, _("You have taken your request back. Nothing was changed."))
    return redirect("portal:privacy", request.brand.slug)


@require_safe
@branded
def copy(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The copy itself; not one that an officer had made, which may hold notes."""
    row, user = _own_or_404(request, pk), member_of(request)
    if not row.has_archive or not row.by_themself or user is None:
        raise Http404("There is no copy, or no longer.")
    response = StreamingHttpResponse(exporting.opened(row, by=user), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{row.pk}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _own_or_404(request: PortalRequest, pk: int) -> PrivacyRequest:
    user = member_of(request)
    rows = PrivacyRequest.objects.select_related("customer__user", "brand")
    return get_object_or_404(rows, pk=pk, brand=request.brand, customer__user=user.pk if user else 0)


def _elsewhere(request: PortalRequest) -> HttpResponse:
    """Guests log in first; staff have pages of their own."""
    path = reverse("portal:privacy", args=[request.brand.slug])
    if request.user.is_authenticated:
        return redirect(path)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': path})}")


def _page(
    request: PortalRequest, *, problem: str = "", unsure: bool = False, status: int = 200
) -> HttpResponse:
    customer = customer_of(request)
    asked = PrivacyRequest.objects.filter(customer=customer, by_themself=True) if customer else None
    rows = list(asked.select_related("brand")[:SHOWN]) if asked is not None else []
    pending = {row.kind for row in rows if row.is_pending}
    context = {
        "customer": customer,
        "rows": rows,
        "may_copy": PrivacyKind.EXPORT not in pending,
        "may_erase": PrivacyKind.ERASE not in pending,
        "problem": problem,
        "unsure": unsure,
    }
    response = render(request, "portal/privacy.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
