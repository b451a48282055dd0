"""What opens above the queue: the filters to choose from, the columns, how close the rows stand, what is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access
from accounts.actions.queue_settings import set_density, set_queue_columns
from accounts.choices import Density
from accounts.rules.capabilities import Capability
from tickets.actions import reading
from tickets.actions.views import set_columns
from tickets.models import Ticket
from tickets.queries import inbox
from tickets.queries.queue.saved import may_edit
from tickets.rules import numbers
from tickets.rules.queue import COLUMNS, DEFAULT_COLUMNS, FILTERS, NEEDED_COLUMN, read_columns
from tickets.workspace import shell
from tickets.workspace.address import Address
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.queue import rows
from tickets.workspace.queue.live import MOST_ROWS
from tickets.workspace.queue.page import go
from tickets.workspace.queue.words import COLUMN_TITLES, FILTER_TITLES, Labels, moment_in_words, span_in_words

DUE_SPANS = ("1h", "4h", "8h", "1d", "3d", "1w")
PAST_SPANS = ("1h", "1d", "3d", "1w", "2w", "30d", "90d")
FLAGS = ("overdue", "waiting", "unread", "watched", "complaint", "attachment", "unproved")


@dataclass(frozen=True)
class Offer:
    """A filter as the panel draws it. ``kind``: "many" (boxes), "one" (a list), "moment" (a list or a day), "text"."""

    name: str
    title: str
    kind: str
    options: Sequence[tuple[str, str]]
    chosen: Sequence[str]

    @property
    def text(self) -> str:
        return ", ".join(self.chosen)

    @property
    def day(self) -> str:
        """What is chosen, where it is no span of the list."""
        return next((value for value in self.chosen if "-" in value), "")


def show(request: StaffRequest, template: str, context: dict[str, Any], *, title: str,
         status: int = 200) -> HttpResponse:  # fmt: skip
    """Within the page that is open, or as one of its own."""
    context = {"title": title, **context, "is_part": bool(request.htmx)}
    if request.htmx:
        return shell.part(request, template, context, status=status)
    return shell.page(request, template, context, title=title, status=status)


@require_GET
@workspace_page()
def queue_filters(request: StaffRequest) -> HttpResponse:
    address = Address.read(request.GET, user=request.user)
    context = {"address": address, "offers": _offers(request, address)}
    return show(request, "workspace/queue/filters.html", context, title=_("Filters"))


def _offers(request: StaffRequest, address: Address) -> list[Offer]:
    labels = Labels.load(request.user)
    chosen = {name: address.filters.get(name, ()) for name in FILTERS}
    # Customers are too many to be offered: one is chosen by a search.
    return [_offer(name, labels, chosen[name]) for name in FILTERS if name != "customer" or chosen[name]]


def _offer(name: str, labels: Labels, chosen: Sequence[str]) -> Offer:
    title = str(FILTER_TITLES[name])
    if name == "tag":
        return Offer(name, title, "text", (), chosen)
    if name == "due":
        return Offer(name, title, "one", _with(chosen, DUE_SPANS, span_in_words), chosen)
    if name.endswith(("_since", "_before")):
        return Offer(name, title, "moment", _with(chosen, PAST_SPANS, moment_in_words), chosen)
    kind = "one" if name in FLAGS else "many"
    known = list(labels.options.get(name, ()))
    # What is chosen stays to be seen, though it may no longer be offered.
    known += [(value, labels.label(name, value)) for value in chosen if value not in dict(known)]
    return Offer(name, title, kind, known, chosen)


def _with(chosen: Sequence[str], usual: Sequence[str], say: Any) -> list[tuple[str, str]]:
    others = [value for value in chosen if value not in usual and "-" not in value]
    return [(value, say(value)) for value in (*usual, *others)]


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page()
def queue_columns(request: StaffRequest) -> HttpResponse:
    """Which columns, in which order: kept with a view of one's own, else for the person."""
    address = _address(request)
    shown = read_columns(request.POST.getlist("columns")) or address.columns
    order = read_columns(request.POST.getlist("order")) or (
        *shown,
        *(name for name in COLUMNS if name not in shown),
    )
    moved = _moved(order, request.POST)
    if request.method != "POST" or moved != order:
        return _columns_form(request, address, moved, shown)
    if "usual" in request.POST:
        wanted: tuple[str, ...] = ()
    else:
        wanted = tuple(name for name in order if name in {*shown, NEEDED_COLUMN})
    return go(request, _keep_columns(request, address, wanted))


def _moved(order: tuple[str, ...], said: QueryDict) -> tuple[str, ...]:
    """One column one place up or down."""
    for word, step in (("up", -1), ("down", 1)):
        name = said.get(word, "")
        if name in order and 0 <= (to := order.index(name) + step) < len(order):
            changed = list(order)
            at = order.index(name)
            changed[at], changed[to] = changed[to], changed[at]
            return tuple(changed)
    return order


def _columns_form(
    request: StaffRequest, address: Address, order: Sequence[str], shown: Sequence[str]
) -> HttpResponse:
    lines = [
        {"name": name, "title": COLUMN_TITLES[name], "shown": name in shown, "needed": name == NEEDED_COLUMN}
        for name in order
    ]
    whose = address.saved.name if address.saved and may_edit(request.user, address.saved) else ""
    context = {"address": address, "lines": lines, "whose": whose}
    return show(request, "workspace/queue/columns.html", context, title=_("Columns"))


def _keep_columns(request: StaffRequest, address: Address, wanted: tuple[str, ...]) -> str:
    """Where it goes on. In a view of somebody else's they are said in the address alone."""
    if address.saved is None:
        set_queue_columns(request.user, wanted)
    elif may_edit(request.user, address.saved):
        set_columns(address.saved, by=request.user, columns=wanted)
    else:
        return address.to(columns=wanted or DEFAULT_COLUMNS)
    return address.to(columns=address.usual_columns)


@require_POST
@workspace_page()
def queue_density(request: StaffRequest) -> HttpResponse:
    wanted = request.POST.get("density", "")
    if wanted in Density.values:
        set_density(request.user, wanted)
    return redirect(_address(request).to())


@require_POST
@workspace_page()
def queue_marks(request: StaffRequest) -> HttpResponse:
    """Tickets marked as read or unread; what may not be seen is passed over."""
    address = _address(request)
    for word, mark in (("read", reading.mark_read), ("unread", reading.mark_unread)):
        tickets = _named(request, word)
        mark(request.user, [ticket.pk for ticket in tickets])
        if tickets and request.htmx:
            context = rows.context_of(request.user, tickets, address.columns)
            context["may_work"] = access.can(request.user, Capability.WORK_TICKETS)
            return shell.part(request, "workspace/queue/rows.html", context)
    return HttpResponse(status=204) if request.htmx else redirect(address.to())


def _named(request: StaffRequest, word: str) -> list[Ticket]:
    asked = [number for text in request.POST.getlist(word) if (number := numbers.parse(text))]
    rows = Ticket.objects.visible_to(request.user).filter(number__in=asked[:MOST_ROWS])
    return list(inbox.with_columns(rows)) if asked else []


def _address(request: StaffRequest) -> Address:
    """What the queue showed when the form was opened."""
    said = request.POST.get("query", "") if request.method == "POST" else request.META.get("QUERY_STRING", "")
    return Address.read(QueryDict(said), user=request.user)
