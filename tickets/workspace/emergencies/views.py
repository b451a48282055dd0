"""The queue of emergencies, taking one, and the alarm that stands on every page until somebody does."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import alarming
from tickets.models import Emergency, Ticket
from tickets.queries import emergencies as queries
from tickets.queries.emergency_words import StopClock, stop_clock
from tickets.workspace import shell, words
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import told

answering = workspace_page(Capability.ANSWER_EMERGENCIES)


@dataclass(frozen=True)
class Row:
    """An emergency as the queue shows it. ``may_open``: the person sees its ticket already."""

    emergency: Emergency
    situations: str
    due: words.Due | None
    stop: StopClock | None
    may_open: bool
    waits: bool


@require_safe
@answering
def emergencies(request: StaffRequest) -> HttpResponse:
    return show(request)


@require_safe
@answering
def emergency_rows(request: StaffRequest) -> HttpResponse:
    """The list alone, asked for again and again."""
    return shell.part(request, "workspace/emergencies/rows.html", _context(request.user))


@require_safe
@answering
def alarm(request: StaffRequest) -> HttpResponse:
    """What stands over every page of whoever is being alarmed; nothing where nothing waits."""
    ringing = queries.ringing_for(request.user)
    return shell.part(request, "workspace/emergencies/alarm.html", {"ringing": ringing, "first": ringing[:1]})


@require_POST
@answering
def take_emergency(request: StaffRequest, pk: int) -> HttpResponse:
    """ "I take it": then the ticket is theirs, and the page shows it."""
    emergency = get_object_or_404(
        queries.visible_to(request.user).select_related("ticket__brand", "ticket__customer", "brand"), pk=pk
    )
    try:
        alarming.take(emergency, by=actors.staff(request.user))
    except DomainError as refused:
        messages.error(request, told(refused))
        return show(request, status=refused.status)
    return redirect("workspace:ticket", emergency.ticket.number)


def show(request: StaffRequest, *, status: int = 200) -> HttpResponse:
    context = _context(request.user)
    return shell.page(
        request,
        "workspace/emergencies/page.html",
        context,
        title=_("Emergencies"),
        place="emergencies",
        status=status,
    )


def _context(user: User) -> dict[str, object]:
    found = queries.queue(user)
    seen = set(
        Ticket.objects.visible_to(user)
        .filter(pk__in=[row.ticket_id for row in found])
        .values_list("pk", flat=True)
    )
    rows = [_row(emergency, emergency.ticket_id in seen) for emergency in found]
    brands = {emergency.brand_id: emergency.brand for emergency in found}
    return {
        "rows": rows,
        "waiting": sum(row.waits for row in rows),
        "many_brands": len(brands) > 1,
        "now": words.server_time(),
        "on_call": [
            {"brand": brand, "people": queries.on_call_now(brand)}
            for brand in queries.brands_of(user).order_by("position")
        ],
    }


def _row(emergency: Emergency, may_open: bool) -> Row:
    ticket = emergency.ticket
    return Row(
        emergency=emergency,
        situations=_("; ").join(emergency.situation_labels),
        due=words.due_at(ticket.due_at) if ticket.due_at and ticket.is_active else None,
        stop=stop_clock(emergency.brand, emergency.situations, emergency.money_left_at),
        may_open=may_open,
        waits=emergency.taken_at is None and ticket.is_active,
    )
