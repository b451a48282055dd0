"""The list of known scams for mail filters and firewalls. Whoever has the address may read; nothing of who reported."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.lib import spreadsheets
from helpdesk.lib.http import client_ip
from helpdesk.lib.limits import SCAM_LISTS
from tickets.actions.scam_feeds import was_read
from tickets.models import ScamFeed
from tickets.queries import scams as queries
from tickets.queries.scam_list import HEADS, as_json, as_row

READS = SCAM_LISTS


@require_safe
def scam_list_csv(request: HttpRequest, token: str) -> HttpResponseBase:
    feed = _feed_or_404(token)
    if not READS.spend(client_ip(request)):
        return HttpResponse(status=429)
    plain = _is_plain(request)

    def rows() -> Iterator[list[spreadsheets.Value]]:
        yield list(HEADS)
        for one in queries.listed(feed.brand):
            yield as_row(one, plain=plain)

    response = StreamingHttpResponse(spreadsheets.lines(rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="known-scams.csv"'
    return _unkept(response)


@require_safe
def scam_list_json(request: HttpRequest, token: str) -> HttpResponseBase:
    feed = _feed_or_404(token)
    if not READS.spend(client_ip(request)):
        return HttpResponse(status=429)
    plain = _is_plain(request)
    return _unkept(JsonResponse({"scams": [as_json(one, plain=plain) for one in queries.listed(feed.brand)]}))


def _feed_or_404(token: str) -> ScamFeed:
    feed = queries.feed_of(token)
    if feed is None:
        raise Http404("No such list.")
    was_read(feed)
    return feed


def _is_plain(request: HttpRequest) -> bool:
    """``?plain=1``: as a filter needs it. Everything else is defanged."""
    return request.GET.get("plain") == "1"


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
