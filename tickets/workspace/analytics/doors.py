"""What the doors to the managers' pages share: who may come in, filters, tabs, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock, spreadsheets
from tickets.choices import Channel
from tickets.workspace.analytics import filters as filter_form
from tickets.workspace.analytics import words
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.guard import StaffRequest, workspace_page

PLACE = "analytics"
for_analysts = workspace_page(Capability.VIEW_ANALYTICS)


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
    name: str, heads: Sequence[str], rows: Iterable[Sequence[spreadsheets.Value]]
) -> StreamingHttpResponse:
    def all_rows() -> Iterable[Sequence[spreadsheets.Value]]:
        yield heads
        yield from rows

    response = StreamingHttpResponse(spreadsheets.lines(all_rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
