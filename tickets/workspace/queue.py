"""The queue: views, filters, search, and the next one please."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.actions import assignment
from tickets.choices import Channel, Priority, Status
from tickets.models import Ticket
from tickets.queries import clocks as clock_queries
from tickets.queries import inbox, pickers, search
from tickets.queries.inbox import ANY_STATUS, COUNT_LIMIT, Page, View
from tickets.rules import numbers
from tickets.workspace import shell, words
from tickets.workspace.address import FILTERS, ME, NOBODY, TITLES, Address
from tickets.workspace.clocks import clock_of
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.navigation import VIEW_TITLES


@dataclass(frozen=True)
class Control:
    """One filter: what may be chosen, what is, and the address without it."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    chosen: str
    label: str
    without: str


@require_GET
@workspace_page()
def queue(request: StaffRequest) -> HttpResponse:
    address = Address.read(request.GET, me=request.user.pk)
    number = numbers.parse(address.q) if address.q else None
    if number and Ticket.objects.visible_to(request.user).filter(number=number).exists():
        return _go(request, reverse("workspace:ticket", args=[number]))
    context = _context(request, address)
    if request.htmx and not request.htmx.history_restore_request:
        response = shell.part(request, "workspace/queue_panel.html", context)
        response["HX-Push-Url"] = address.to(after=address.after)  # as short as it can be shared
        return response
    return shell.page(
        request,
        "workspace/queue.html",
        context,
        title=_("Search") if address.q else str(VIEW_TITLES[address.view]),
        place=address.view,
        query=address.q,
    )


def _go(request: StaffRequest, target: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)


def _context(request: StaffRequest, address: Address) -> dict[str, Any]:
    page = _page(request, address)
    return {
        "address": address,
        "rows": rows_of(page.tickets),
        "now": words.server_time(),
        **row_words(),
        "next": address.to(after=page.next) if page.next else None,
        "first": address.to() if address.after else None,
        "tabs": tabs_of(request.user, address),
        "controls": _controls(request, address),
        "columns": _columns(address),
        "may_work": access.can(request.user, Capability.WORK_TICKETS),
    }


def _page(request: StaffRequest, address: Address) -> Page:
    rows = inbox.find(request.user, address.question)
    if address.q:
        return search.newest_matching(rows, address.q, address.after)
    return inbox.page_of(rows, address.question.order, address.after)


def tabs_of(user: User, address: Address) -> list[dict[str, Any]]:
    counts = inbox.counts(user)
    return [_tab(view, address, counts) for view in View]


def row_words() -> dict[str, str]:
    """What every row says."""
    return {"complaint": _("complaint"), "waits": _("The customer waits for an answer")}


def rows_of(tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Flat and ready to print: a template that looks each thing up by itself takes as long as everything else."""
    statuses, priorities = dict(Status.choices), dict(Priority.choices)
    nobody, nothing = _("nobody"), _("no promise open")
    base = reverse("workspace:ticket", args=["0" * numbers.LENGTH])
    timers = clock_queries.nearest_of([ticket.pk for ticket in tickets if ticket.is_active])
    found = []
    for ticket in tickets:
        timer = timers.get(ticket.pk)
        found.append(
            {
                "key": ticket.number,
                "version": ticket.version,
                "number": ticket.display_number,
                "address": base.replace("0" * numbers.LENGTH, ticket.number),
                "subject": ticket.subject,
                "excerpt": getattr(ticket, "excerpt", "") or "",
                "tags": ticket.tags,
                "customer": ticket.customer.display_name,
                "category": ticket.category.name if ticket.category else "—",
                "status": ticket.status,
                "status_label": statuses[ticket.status],
                "priority": ticket.priority,
                "priority_label": priorities[ticket.priority],
                "assignee": ticket.assignee.display_name if ticket.assignee else "",
                "nobody": nobody,
                "clock": clock_of(timer, ticket) if timer else None,
                "no_clock": nothing if ticket.is_active else "",
                "complaint": ticket.is_complaint,
                "brand": ticket.brand.name,
                "unread": _is_unread(ticket),
            }
        )
    return found


def _is_unread(ticket: Ticket) -> bool:
    """The customer spoke last, and nobody has answered."""
    heard, said = ticket.last_customer_message_at, ticket.last_staff_message_at
    return ticket.is_active and heard is not None and (said is None or heard > said)


def _tab(view: View, address: Address, counts: dict[str, int]) -> dict[str, Any]:
    count = counts[view]
    return {
        "name": str(view),
        "title": VIEW_TITLES[view],
        "count": f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}",
        "address": f"{reverse('workspace:queue')}?view={view}",
        "current": view == address.view and not address.q,
    }


def _columns(address: Address) -> list[dict[str, Any]]:
    columns = (
        ("number", _("Number"), "opened"),
        ("subject", _("Subject"), "subject"),
        ("customer", _("Customer"), ""),
        ("category", _("Category"), ""),
        ("status", _("Status"), "status"),
        ("priority", _("Priority"), "priority"),
        ("assignee", _("Assignee"), ""),
        ("due", _("Due"), "due"),
        ("brand", _("Brand"), ""),
    )
    return [
        {
            "name": name,
            "title": title,
            "address": address.sorted_by(sort) if sort and not address.q else "",
            "way": {sort: "ascending", f"-{sort}": "descending"}.get(address.sort, "") if sort else "",
        }
        for name, title, sort in columns
    ]


def _controls(request: StaffRequest, address: Address) -> list[Control]:
    choices = pickers.load()
    options: dict[str, list[tuple[str, str]]] = {
        "status": [*_labelled(Status), (ANY_STATUS, _("any status"))],
        "priority": [(priority.slug, str(priority.label)) for priority in reversed(Priority)],
        "category": [(str(choice.value), choice.label) for choice in choices.categories],
        "brand": [(str(choice.value), choice.label) for choice in choices.brands(request.user)],
        "assignee": [
            (ME, _("me")),
            (NOBODY, _("nobody")),
            *((str(worker.value), worker.label) for worker in choices.colleagues(request.user)),
        ],
        "channel": _labelled(Channel),
        "tag": [],
    }
    return [_control(name, options[name], address) for name in FILTERS]


def _labelled(choices: type[Status] | type[Channel]) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in choices.choices]


def _control(name: str, options: list[tuple[str, str]], address: Address) -> Control:
    chosen = address.filters.get(name, "")
    label = dict(options).get(chosen, chosen)
    return Control(name, str(TITLES[name]), options, chosen, str(label), address.to(**{name: ""}))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def take_next(request: StaffRequest) -> HttpResponse:
    ticket = assignment.take_next(request.user)
    inbox.forget_counts(request.user)
    if ticket is None:
        messages.info(request, _("Nothing is waiting that you could take. Well done."))
        return _go(request, reverse("workspace:queue"))
    return _go(request, reverse("workspace:ticket", args=[ticket.number]))
