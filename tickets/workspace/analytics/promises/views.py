"""The page of promises. What was decided is counted by ``queries.analytics``; here it is only shown."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.web.step_up import step_up_required
from tickets.queries.analytics.decided import promise_report
from tickets.queries.analytics.outlook import prospect
from tickets.queries.analytics.report import kept
from tickets.rules.analytics_terms import NAMES, PROMISES, TERMS
from tickets.workspace import shell
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
from tickets.workspace.analytics.parts import Ids
from tickets.workspace.analytics.promises import lists, page
from tickets.workspace.analytics.promises import outlook as ahead
from tickets.workspace.analytics.promises.desk import PromiseDesk, promise_desk
from tickets.workspace.guard import StaffRequest


def _desk(request: StaffRequest, filters: Filters, ids: Ids) -> PromiseDesk:
    scope = filters.scope
    return promise_desk(
        filters, promise_report(scope), prospect(scope), path_to(request, "promises-list"), ids
    )


@require_safe
@for_analysts
def overview(request: StaffRequest) -> HttpResponse:
    filters = filters_of(request)
    path, language = path_to(request, "promises"), get_language()
    body = kept(filters.scope, f"{path} {language} {filters.common}", lambda: _body(request, filters))
    context = {
        **head(filters),
        "title": _("Promises"),
        "form_path": path,
        "tabs": tabs(request, filters, "promises"),
        "body": body,
        "terms": [(NAMES[term], meaning) for term, meaning in PROMISES.items()],
    }
    return shell.page(request, "workspace/analytics/page.html", context, title=_("Promises"), place=PLACE)


def _body(request: StaffRequest, filters: Filters) -> SafeString:
    desk = _desk(request, filters, Ids())
    context = {
        **head(filters),
        **_outlook(request, filters, desk),
        "desk": desk,
        "is_empty": desk.report.is_empty
        and not desk.prospect.today.total.due
        and not desk.prospect.soon.total.due,
        "sentences": page.sentences(desk),
        "sections": [
            (section, filters.address(path_to(request, "promises-csv", part=section.key)))
            for section in page.lasting_sections(desk)
        ],
        "counted_at": desk.report.counted_at.astimezone(filters.scope.period.tzinfo),
        "compared_with": desk.days_before,
        "form_path": path_to(request, "promises"),
    }
    return render_to_string("workspace/analytics/promises/body.html", context)


@require_safe
@for_analysts
def outlook(request: StaffRequest) -> HttpResponse:
    """The outlook alone, each minute anew while the page is open."""
    filters = filters_of(request)
    context = _outlook(request, filters, _desk(request, filters, Ids("out")))
    context["is_newer"] = request.GET.get("seen") != context["said"]
    return shell.part(request, "workspace/analytics/promises/outlook.html", context)


def _outlook(request: StaffRequest, filters: Filters, desk: PromiseDesk) -> dict[str, object]:
    threatened, count = ahead.threatened(desk)
    said = ahead.said(desk)
    horizon = max(("soon", "today"), key=lambda name: desk.prospect.ahead(name).until)
    return {
        "outlook": ahead.section(desk),
        "outlook_sentences": ahead.sentences(desk),
        "outlook_csv": filters.address(path_to(request, "promises-csv", part="outlook")),
        "outlook_path": filters.address(path_to(request, "promises-outlook"), seen=said),
        "said": said,
        "outlook_at": desk.prospect.counted_at.astimezone(filters.scope.period.tzinfo),
        "threatened": threatened,
        "threatened_count": count,
        "threatened_all": desk.link("expected", ahead=horizon),
        "tickets_path": reverse("admin:index") + "tickets/",
        "zone": filters.scope.period.zone,
    }


@require_safe
@for_analysts
def listed(request: StaffRequest) -> HttpResponse:
    """The promises behind one number."""
    filters, asked = filters_of(request), request.GET.dict()
    part = lists.chosen(asked, filters)
    shown = lists.page(lists.rows(asked, filters), part.metric, asked.get("after", ""))
    chosen = {name: asked[name] for name in lists.NAMES if asked.get(name)}
    path = path_to(request, "promises-list")
    title = str(lists.METRIC_NAMES[part.metric])
    context = {
        **head(filters),
        "title": title,
        "meaning": TERMS[lists.METRIC_TERMS[part.metric]],
        "parts": lists.parts_in_words(part, filters, is_earlier=asked.get("when") == "before"),
        "page": shown,
        "rows": [(timer.ticket.number, lists.cells(timer, filters)) for timer in shown.timers],
        "heads": lists.HEADS[:-1],
        "tickets_path": reverse("admin:index") + "tickets/",
        "next": filters.address(path, **chosen, after=shown.after) if shown.after else "",
        "first": filters.address(path, **chosen) if asked.get("after") else "",
        "csv": filters.address(path_to(request, "promises-list-csv"), **chosen),
        "back": filters.address(path_to(request, "promises")),
        "is_dated": part.metric == "decided",
    }
    return shell.page(request, "workspace/analytics/promises/list.html", context, title=title, place=PLACE)


@require_safe
@for_exporters
@step_up_required
def listed_csv(request: StaffRequest) -> HttpResponseBase:
    filters, asked = filters_of(request), request.GET.dict()
    found = lists.rows(asked, filters)
    heads = in_both(lambda: [str(title) for title in lists.HEADS])
    rows = lists.csv_rows(found, filters, get_language() or "en")
    return download(request, f"promises-{asked['metric']}", heads, rows)


@require_safe
@for_exporters
def section_csv(request: StaffRequest, part: str) -> HttpResponseBase:
    if part not in page.BUILDERS:
        raise Http404
    filters = filters_of(request)
    desk = _desk(request, filters, Ids())
    table = page.build(desk, part).table
    heads = in_both(lambda: [str(title.title) for title in page.build(desk, part).table.heads])
    return download(request, f"promises-{part}", heads, ([cell.bare for cell in row] for row in table.rows))
