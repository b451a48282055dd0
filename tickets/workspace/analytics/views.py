"""The managers' pages. Numbers are counted by ``queries.analytics``; here they are only shown."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.web.step_up import step_up_required
from tickets.queries.analytics.report import kept, report
from tickets.rules.analytics_terms import NAMES, OVERVIEW, TERMS
from tickets.workspace import shell
from tickets.workspace.analytics import lists, page
from tickets.workspace.analytics.desk import Desk
from tickets.workspace.analytics.doors import (
    PLACE,
    download,
    filters_of,
    for_analysts,
    for_exporters,
    head,
    in_both,
    path_to,
    tabs,
)
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.guard import StaffRequest


def _desk(request: StaffRequest, filters: Filters) -> Desk:
    return page.desk(filters, report(filters.scope), path_to(request, "tickets"))


@require_safe
@for_analysts
def overview(request: StaffRequest) -> HttpResponse:
    filters = filters_of(request)
    path, language = path_to(request, "page"), get_language()
    # What takes long is drawing it: while nothing happens, the same words and charts serve everybody who asks.
    body = kept(filters.scope, f"{path} {language} {filters.common}", lambda: _body(request, filters))
    context = {
        **head(filters),
        "title": _("Analytics"),
        "form_path": path,
        "tabs": tabs(request, filters, "page"),
        "body": body,
        "terms": [(NAMES[term], meaning) for term, meaning in OVERVIEW.items()],
    }
    return shell.page(request, "workspace/analytics/page.html", context, title=_("Analytics"), place=PLACE)


def _body(request: StaffRequest, filters: Filters) -> SafeString:
    desk = _desk(request, filters)
    context = {
        **head(filters),
        "desk": desk,
        "sentences": page.sentences(desk),
        "sections": [
            (section, filters.address(path_to(request, "csv", key=section.key)))
            for section in page.all_sections(desk)
        ],
        "counted_at": desk.report.counted_at.astimezone(filters.scope.period.tzinfo),
        "compared_with": desk.days_before,
        "form_path": path_to(request, "page"),
    }
    return render_to_string("workspace/analytics/body.html", context)


@require_safe
@for_analysts
def tickets(request: StaffRequest) -> HttpResponse:
    """The cases behind one number."""
    filters, asked = filters_of(request), request.GET.dict()
    chosen = lists.selection(asked, filters)
    shown = lists.page(lists.rows(asked, filters), asked.get("after", ""))
    kept = {name: asked[name] for name in lists.NAMES if asked.get(name)}
    context = {
        **head(filters),
        "title": lists.METRIC_NAMES[chosen.metric],
        "meaning": TERMS[lists.METRIC_TERMS[chosen.metric]],
        "parts": lists.parts_in_words(chosen, is_earlier=asked.get("when") == "before"),
        "page": shown,
        "heads": lists.HEADS,
        "tickets_path": reverse("admin:index") + "tickets/",
        "next": filters.address(path_to(request, "tickets"), **kept, after=shown.after)
        if shown.after
        else "",
        "first": filters.address(path_to(request, "tickets"), **kept) if asked.get("after") else "",
        "csv": filters.address(path_to(request, "tickets-csv"), **kept),
        "back": filters.address(path_to(request, "page")),
    }
    title = str(lists.METRIC_NAMES[chosen.metric])
    return shell.page(request, "workspace/analytics/tickets.html", context, title=title, place=PLACE)


@require_safe
@for_exporters
@step_up_required
def tickets_csv(request: StaffRequest) -> HttpResponseBase:
    filters, asked = filters_of(request), request.GET.dict()
    found = lists.rows(asked, filters)
    heads = in_both(lambda: [str(head) for head in lists.HEADS])
    rows = lists.csv_rows(found, filters, get_language() or "en")
    return download(request, f"cases-{asked['metric']}", heads, rows)


@require_safe
@for_exporters
def section_csv(request: StaffRequest, key: str) -> HttpResponseBase:
    filters = filters_of(request)
    desk = _desk(request, filters)
    if key not in page.BUILDERS:
        raise Http404
    heads = in_both(lambda: [str(head.title) for head in page.build(desk, key).table.heads])
    table = page.build(desk, key).table
    return download(request, key, heads, ([cell.bare for cell in row] for row in table.rows))
