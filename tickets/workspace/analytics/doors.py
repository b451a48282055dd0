"""What the doors to the managers' pages share: who may come in, filters, tabs, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actions import exports
from accounts.actions.exports import Export, TooManyExports
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock, spreadsheets
from tickets.choices import Channel
from tickets.workspace.analytics import filters as filter_form
from tickets.workspace.analytics import words
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.guard import StaffRequest, workspace_page

PLACE = "analytics"
for_analysts = workspace_page(Capability.VIEW_ANALYTICS)
for_exporters = workspace_page(Capability.VIEW_ANALYTICS, Capability.EXPORT_DATA)


def path_to(request: StaffRequest, name: str, **kwargs: str) -> str:
    """Another page of this door, wherever it is mounted."""
    assert request.resolver_match is not None
    return reverse(f"{request.resolver_match.namespace}:{name}", kwargs=kwargs or None)


def filters_of(request: StaffRequest) -> Filters:
    return filter_form.read(request.GET.dict(), request.user, clock.now())


def tabs(request: StaffRequest, filters: Filters, chosen: str) -> list[tuple[str, str, bool]]:
    """(title, address with the same filters, is it the one that is shown)."""
    titles = {"page": _("Overview"), "promises": _("Promises")}
    return [
        (title, filters.address(path_to(request, name)).rstrip("&?"), name == chosen)
        for name, title in titles.items()
    ]


def head(filters: Filters) -> dict[str, object]:
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


def in_both(titles: Callable[[], list[str]]) -> list[str]:
    """Heads in Chinese and English: a file passes between readers of both."""
    with translation.override("zh-hans"):
        chinese = titles()
    with translation.override("en"):
        english = titles()
    return [f"{zh} / {en}" if zh != en else zh for zh, en in zip(chinese, english, strict=True)]


def download(
    request: StaffRequest, name: str, heads: Sequence[str], rows: Iterable[Sequence[spreadsheets.Value]]
) -> HttpResponseBase:
    """A file that carries its mark on every row, and says at its end in words whose it is."""
    try:
        export = exports.begin(name, by=request.user, asked=request.GET.dict())
    except TooManyExports as problem:
        return HttpResponse(
            str(problem.message), status=problem.status, content_type="text/plain; charset=utf-8"
        )
    language = get_language() or "en"

    def all_rows() -> Iterable[Sequence[spreadsheets.Value]]:
        yield [*heads, in_both(lambda: [_("Export")])[0]]
        for row in export.limited(rows):
            yield [*row, export.mark]
        # The response may be read after the request's language is gone.
        with translation.override(language):
            yield from _last_words(export)

    response = StreamingHttpResponse(spreadsheets.lines(all_rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{export.mark}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _last_words(export: Export) -> Iterable[Sequence[spreadsheets.Value]]:
    said = _("%(mark)s: exported by %(who)s, %(when)s. It stands in the audit log. Not to be passed on.")
    yield [said % {"mark": export.mark, "who": export.by.email, "when": f"{export.at:%Y-%m-%d %H:%M} UTC"}]
    if export.is_cut:
        yield [_("Cut after %(rows)s rows: so many may be exported at once.") % {"rows": export.most}]
