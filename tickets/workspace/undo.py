"""Undoing an act from the page: offered in a message after it and in the timeline for some minutes."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions.changed_since import NotUndoable
from tickets.actions.undoing import undo
from tickets.models import Event, Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.queries.timeline import Names, sentence
from tickets.rules.undoing import is_offered
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import again, around, onward, told
from tickets.workspace.ticket_page import Attempt

#: Marks a message that offers to undo; the number of the event follows.
TAG = "undo-"


def offer(request: StaffRequest, ticket: Ticket, since: int) -> None:
    """Say what this person just did to the ticket (after the event ``since``), with the way back."""
    act = queries.last_act(ticket, request.user, since)
    if act is not None:
        notes.success(request, _said(act), extra_tags=f"{TAG}{act.pk}")


def _said(event: Event) -> str:
    return capfirst(sentence(event, Names.load()))


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def undo_act(request: StaffRequest, event: int) -> HttpResponse:
    """Only what is on a case that the person sees, or sent out of their own sight just now; and only for a while:
    later, others have built on it.
    """
    act = get_object_or_404(Event.objects.select_related("ticket"), pk=event)
    seen = _sees(request, act.ticket)
    if not seen and act.actor_id != request.user.pk:
        raise Http404
    try:
        if not is_offered(act.at, clock.now()):
            raise NotUndoable(_("Not undone: too much time has passed. Change it back by hand."))
        done = undo(act, by=actors.staff(request.user))
    except DomainError as problem:
        if not seen:
            notes.error(request, told(problem))
            return onward(request, "workspace:queue")
        ticket = queries.ticket_or_404(request.user, act.ticket.number)
        return again(request, ticket, Attempt(told(problem)), problem.status)
    inbox.forget_counts(request.user)
    here = next((row for row in done if row.ticket_id == act.ticket_id), None)
    if here is not None:
        notes.info(request, _("Undone. %(what)s") % {"what": _said(here)})
    if not seen and _sees(request, act.ticket):
        return onward(request, "workspace:ticket", act.ticket.number)
    return after(request, act.ticket)


def _sees(request: StaffRequest, ticket: Ticket) -> bool:
    return Ticket.objects.visible_to(request.user).filter(pk=ticket.pk).exists()


def after(request: StaffRequest, ticket: Ticket) -> HttpResponse:
    """The case as it is now; the queue where the person sees it no more."""
    if not _sees(request, ticket):
        return onward(request, "workspace:queue")
    if request.htmx:
        return around(request, queries.ticket_or_404(request.user, ticket.number))
    return redirect("workspace:ticket", number=ticket.number)
