"""The managers' pages. Numbers are counted by ``queries.analytics``; here they are only shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock, spreadsheets
from tickets.choices import Channel
from tickets.queries.analytics.report import kept, report
from tickets.rules.analytics_terms import NAMES, TERMS
from tickets.workspace import shell
from tickets.workspace.analytics import filters as filter_form
from tickets.workspace.analytics import lists, page, words
from tickets.workspace.analytics.desk import Desk
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.guard import StaffRequest, workspace_page

PLACE = "analytics"
for_analysts = workspace_page(Capability.VIEW_ANALYTICS)


def _path(request: StaffRequest, name: str, **kwargs: str) -> str:
    """Another page of this door, wherever it is mounted."""
    assert request.resolver_match is not None
    return reverse(f"{request.resolver_match.namespace}:{name}", kwargs=kwargs or None)


def _filters(request: StaffRequest) -> Filters:
    return filter_form.read(request.GET.dict(), request.user, clock.now())


def _desk(request: StaffRequest, filters: Filters) -> Desk:
    return page.desk(filters, report(filters.scope), _path(request, "tickets"))


@require_safe
@for_analysts
def overview(request: StaffRequest) -> HttpResponse:
    filters = _filters(request)
    path, language = _path(request, "page"), get_language()
    # What takes long is drawing it: while nothing happens, the same words and charts serve everybody who asks.
    body = kept(filters.scope, f"{path} {language} {filters.common}", lambda: _body(request, filters))
    context = {
        **_head(filters),
        "title": _("Analytics"),
        "form_path": path,
        "body": body,
        "terms": [(NAMES[term], meaning) for term, meaning in TERMS.items()],
    }
    return shell.page(request, "workspace/analytics/page.html", context, title=_("Analytics"), place=PLACE)


def _body(request: StaffRequest, filters: Filters) -> SafeString:
    desk = _desk(request, filters)
    context = {
        **_head(filters),
        "desk": desk,
        "sentences": page.sentences(desk),
        "sections": [
            (section, filters.address(_path(request, "csv", key=section.key)))
            for section in page.all_sections(desk)
        ],
        "counted_at": desk.report.counted_at.astimezone(filters.scope.period.tzinfo),
        "compared_with": desk.days_before,
        "form_path": _path(request, "page"),
    }
    return render_to_string("workspace/analytics/body.html", context)


def _head(filters: Filters) -> dict[str, object]:
    scope = filters.scope
    return {
        "filters": filters,
        "presets": [(str(days), _("Last %(days)s days") % {"days": days}) for days in filter_form.PRESETS],
        "chosen": filters.asked["period"] or str(filter_form.DEFAULT_DAYS),
        "channels": Channel.choices,
        "branches": [("\u2003" * depth + row.name, row.slug) for depth, row in filters.tree.walk()],
        "period_words": f"{words.full_day(scope.period.first)} – {words.full_day(scope.period.last)}",
        "zone": scope.period.zone,
    }


@require_safe
@for_analysts
def tickets(request: StaffRequest) -> HttpResponse:
    """The cases behind one number."""
    filters, asked = _filters(request), request.GET.dict()
    chosen = lists.selection(asked, filters)
    shown = lists.page(lists.rows(asked, filters), asked.get("after", ""))
    kept = {name: asked[name] for name in lists.NAMES if asked.get(name)}
    context = {
        **_head(filters),
        "title": lists.METRIC_NAMES[chosen.metric],
        "meaning": TERMS[lists.METRIC_TERMS[chosen.metric]],
        "parts": lists.parts_in_words(chosen, is_earlier=asked.get("when") == "before"),
        "page": shown,
        "heads": lists.HEADS,
        "tickets_path": reverse("admin:index") + "tickets/",
        "next": filters.address(_path(request, "tickets"), **kept, after=shown.after) if shown.after else "",
        "first": filters.address(_path(request, "tickets"), **kept) if asked.get("after") else "",
        "csv": filters.address(_path(request, "tickets-csv"), **kept),
        "back": filters.address(_path(request, "page")),
    }
    title = str(lists.METRIC_NAMES[chosen.metric])
    return shell.page(request, "workspace/analytics/tickets.html", context, title=title, place=PLACE)


@require_safe
@for_analysts
def tickets_csv(request: StaffRequest) -> HttpResponseBase:
    filters, asked = _filters(request), request.GET.dict()
    found = lists.rows(asked, filters)
    heads = _in_both(lambda: [str(head) for head in lists.HEADS])
    rows = lists.csv_rows(found, filters, get_language() or "en")
    return _download(f"cases-{asked['metric']}", heads, rows)


@require_safe
@for_analysts
def section_csv(request: StaffRequest, key: str) -> HttpResponseBase:
    filters = _filters(request)
    desk = _desk(request, filters)
    if key not in page.BUILDERS:
        raise Http404
    heads = _in_both(lambda: [str(head.title) for head in page.build(desk, key).table.heads])
    table = page.build(desk, key).table
    return _download(key, heads, ([cell.bare for cell in row] for row in table.rows))


def _in_both(titles: Callable[[], list[str]]) -> list[str]:
    """Heads in Chinese and English: a file passes between readers of both."""
    with translation.override("zh-hans"):
        chinese = titles()
    with translation.override("en"):
        english = titles()
    return [f"{zh} / {en}" if zh != en else zh for zh, en in zip(chinese, english, strict=True)]


def _download(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[spreadsheets.Value]]
) -> StreamingHttpResponse:
    def all_rows() -> Iterable[Sequence[spreadsheets.Value]]:
        yield heads
        yield from rows

    response = StreamingHttpResponse(spreadsheets.lines(all_rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
