"""The queue: views, filters, search, and the next one please."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import access, audit
from accounts.choices import AuditKind, Density
from accounts.rules.capabilities import Capability
from accounts.rules.contacts_in_texts import masked_text
from tickets.models import Ticket
from tickets.queries import excerpts, inbox, search, search_conditions
from tickets.queries.inbox import Page, View
from tickets.queries.queue.counts import COUNT_LIMIT, Counts
from tickets.queries.queue.saved import key_of, may_edit
from tickets.rules import numbers, search_operators
from tickets.rules.queue import ANY, COLUMNS, DEFAULT_COLUMNS
from tickets.workspace import shell, words
from tickets.workspace.address import Address
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.navigation import VIEW_TITLES
from tickets.workspace.queue import rows
from tickets.workspace.queue.words import COLUMN_TITLES, FILTER_TITLES, Labels


@require_GET
@workspace_page()
def queue(request: StaffRequest) -> HttpResponse:
    address = Address.read(request.GET, user=request.user)
    number = numbers.parse(address.q) if address.q else None
    if number and Ticket.objects.visible_to(request.user).filter(number=number).exists():
        return go(request, reverse("workspace:ticket", args=[number]))
    asked = search_operators.read(address.q)
    meant = search_conditions.resolve(asked.conditions, request.user)
    for told in meant.remarks if meant.filters else meant.problems:
        messages.warning(request, told)
    if meant.filters:
        return _with_operators(request, address, asked.words, meant)
    context = _context(request, address, is_known=not meant.problems)
    _note_reading(address, context["rows"])
    if request.htmx and not request.htmx.history_restore_request:
        response = shell.part(request, "workspace/queue_panel.html", context)
        response["HX-Push-Url"] = address.to(after=address.after)  # as short as it can be shared
        return response
    return shell.page(
        request,
        "workspace/queue.html",
        context,
        title=_("Search") if address.q else _title(address),
        place=address.base if address.saved is None else "",
        query=address.q,
    )


def _note_reading(address: Address, shown: list[dict[str, Any]]) -> None:
    """For the read log: a search, and looking at one customer's cases. What was searched for is kept masked."""
    for value in address.filters.get("customer", ()):
        audit.saw(AuditKind.CUSTOMER_READ, customer=int(value), shown=[row["number"] for row in shown])
    if address.q:
        numbers_shown = [row["number"] for row in shown]
        audit.saw(AuditKind.SEARCHED, where="queue", words=masked_text(address.q), shown=numbers_shown)


def _with_operators(
    request: StaffRequest, address: Address, asked: str, meant: search_conditions.Resolved
) -> HttpResponse:
    """To the same question with its operators as filters: they show as chips, and can be taken away one by one. What is
    not known stays where it was typed. Operators alone look at every status, as words do.
    """
    filters = {"status": (ANY,), **address.filters, **meant.filters}
    return go(request, address.to(q=f"{asked} {meant.left}".strip(), **filters))


def go(request: StaffRequest, target: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _title(address: Address) -> str:
    return address.saved.name if address.saved else str(VIEW_TITLES[address.base])


def _context(request: StaffRequest, address: Address, *, is_known: bool) -> dict[str, Any]:
    """``is_known``: there is no operator left that nothing can be found by."""
    page = page_of(request, address) if is_known else Page([], None)
    found = excerpts.found_in(page.tickets, address.q) if address.q else {}
    counts = inbox.counts(request.user, address.views)
    return {
        "address": address,
        **rows.context_of(request.user, page.tickets, address.columns, searched=address.q, found=found),
        "now": words.server_time(),
        "is_sorted": page.is_sorted,
        "next": address.to(after=page.next) if page.next else None,
        "first": address.to() if address.after else None,
        "tabs": tabs(address, counts),
        "chips": _chips(request, address),
        "columns": _columns(address),
        "own_columns": address.columns != DEFAULT_COLUMNS,
        "may_work": access.can(request.user, Capability.WORK_TICKETS),
        "may_edit": address.saved is not None and may_edit(request.user, address.saved),
        "is_compact": request.user.density == Density.COMPACT,
        "densities": Density,
    }


def page_of(request: StaffRequest, address: Address) -> Page:
    if address.q:
        found = inbox.find(request.user, address.question)
        return search.newest_matching(found, address.q, address.after)
    return inbox.page(request.user, address.question, address.after)


def tabs(address: Address, counts: Counts) -> list[dict[str, Any]]:
    return [
        *(_tab(view.value, str(VIEW_TITLES[view]), address, counts) for view in View),
        *(_tab(key_of(view), view.name, address, counts) for view in address.views),
    ]


def _tab(key: str, title: str, address: Address, counts: Counts) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "count": count_in_words(counts.get(key)),
        "address": f"{reverse('workspace:queue')}?view={key}",
        "current": key == address.view and (address.saved is not None or not address.q),
    }


def count_in_words(count: int | None) -> str:
    """Empty for what was not counted."""
    if count is None:
        return ""
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"


def _chips(request: StaffRequest, address: Address) -> list[dict[str, str]]:
    if not address.filters:
        return []
    labels = Labels.load(request.user)
    return [
        {
            "name": str(FILTER_TITLES[name]),
            "label": labels.label(name, value),
            "without": address.without(name, value),
        }
        for name, values in address.filters.items()
        for value in values
    ]


def _columns(address: Address) -> list[dict[str, Any]]:
    return [_column(name, COLUMNS[name], address) for name in address.columns]


def _column(name: str, order: str, address: Address) -> dict[str, Any]:
    """What was found by words has its own order: the newest first."""
    way = {order: "ascending", f"-{order}": "descending"}.get(address.sort, "")
    return {
        "name": name,
        "title": str(COLUMN_TITLES[name]),
        "address": "" if address.q else address.sorted_by(order),
        "way": "" if address.q else way,
    }
