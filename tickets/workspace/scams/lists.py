"""The list of known scams: to download, and the addresses from which other programs fetch it."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Brand
from accounts.rules.capabilities import Capability
from helpdesk.lib import spreadsheets
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import scam_feeds as verbs
from tickets.models import ScamFeed
from tickets.queries import scams as queries
from tickets.queries.emergencies import brands_of
from tickets.queries.scam_list import HEADS, as_json, as_row
from tickets.rules.visibility import scope_of
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.scams.views import judging

exporting = workspace_page(Capability.JUDGE_SCAMS, Capability.EXPORT_DATA)


@require_safe
@exporting
def export_csv(request: StaffRequest) -> HttpResponseBase:
    rows = (as_row(one) for one in _listed(request, "csv"))
    response = StreamingHttpResponse(
        spreadsheets.lines(_with_heads(rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="known-scams.csv"'
    return response


def _with_heads(rows: Iterator[list[spreadsheets.Value]]) -> Iterator[list[spreadsheets.Value]]:
    yield list(HEADS)
    yield from rows


@require_safe
@exporting
def export_json(request: StaffRequest) -> HttpResponse:
    response = JsonResponse({"scams": [as_json(one) for one in _listed(request, "json")]})
    response["Content-Disposition"] = 'attachment; filename="known-scams.json"'
    return response


def _listed(request: StaffRequest, form: str) -> list[queries.Listed]:
    """Of the brand that the address names, else of all that the person serves; each sign once."""
    brands = list(brands_of(request.user))
    named = request.GET.get("brand", "")
    if named:
        brands = [brand for brand in brands if brand.slug == named]
        if not brands:
            raise Http404
    found: dict[tuple[str, str], queries.Listed] = {}
    for brand in [None] if scope_of(request.user).everything and not named else brands:
        for one in queries.listed(brand):
            found.setdefault((one.kind, one.value), one)
    audit.record(
        AuditKind.EXPORTED, by=request.user, way=request.path, what="known_scams", form=form, rows=len(found)
    )
    return list(found.values())


@require_http_methods(["GET", "HEAD", "POST"])
@judging
def feeds(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    name, named = request.POST.get("name", ""), request.POST.get("brand", "")
    try:
        verbs.add_feed(name=name, brand=_brand(request, named), by=actors.staff(request.user))
    except Invalid as refused:
        return _show(request, typed={"name": name, "brand": named}, refused=refused, status=422)
    messages.success(request, _("Saved."))
    return redirect("workspace:scam_feeds")


def _brand(request: StaffRequest, named: str) -> Brand | None:
    """None: every brand, for those who see every brand."""
    if not named and scope_of(request.user).everything:
        return None
    brand = brands_of(request.user).filter(slug=named).first()
    if brand is None:
        raise Invalid({"brand": _("Choose one of your brands.")})
    return brand


@require_POST
@judging
def switch_feed(request: StaffRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(queries.feeds_for(request.user), pk=pk)
    verbs.switch_feed(feed, on=request.POST.get("on") == "yes", by=actors.staff(request.user))
    messages.success(request, _("Saved."))
    return redirect("workspace:scam_feeds")


def _show(
    request: StaffRequest,
    *,
    typed: dict[str, str] | None = None,
    refused: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "feeds": [_feed(request, feed) for feed in queries.feeds_for(request.user)],
        "brands": brands_of(request.user).order_by("position", "pk"),
        "every_brand": scope_of(request.user).everything,
        "typed": typed or {},
        "errors": {name: str(text) for name, text in refused.fields.items()} if refused else {},
    }
    title = _("Lists for other programs")
    return shell.page(
        request, "workspace/scams/feeds.html", context, title=title, place="scams", status=status
    )


def _feed(request: StaffRequest, feed: ScamFeed) -> dict[str, object]:
    token = queries.token_of(feed)
    addresses = [
        request.build_absolute_uri(reverse(f"api_scam_list_{form}", args=[token])) for form in ("csv", "json")
    ]
    return {"feed": feed, "addresses": addresses if feed.is_active else []}
