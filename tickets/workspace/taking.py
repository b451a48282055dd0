"""The next one, please; or why there is none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from accounts.rules.ways import BY
from tickets.actions.taking import AtCapacity, OffDuty, take_next
from tickets.models import Ticket
from tickets.models.tickets import WAITING
from tickets.queries import inbox
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def next_one(request: StaffRequest) -> HttpResponse:
    try:
        ticket = take_next(request.user)
    except OffDuty:
        return _go(request, reverse("workspace:duty"))  # which says so, with the button to change it
    except AtCapacity as problem:
        messages.warning(request, str(problem.message))
        return _go(request, f"{reverse('workspace:queue')}?view=mine")
    inbox.forget_counts(request.user)
    if ticket is None:
        messages.info(request, _why_nothing(request))
        return _go(request, reverse("workspace:queue"))
    return _go(request, f"{reverse('workspace:ticket', args=[ticket.number])}?{BY}=next")


def _why_nothing(request: StaffRequest) -> str:
    waiting = Ticket.objects.visible_to(request.user).filter(WAITING, assignee=None)
    if waiting.exists():
        return _("Nothing is waiting that you could take: what waits is for another team, language or skill.")
    return _("Nothing is waiting that you could take. Well done.")


def _go(request: StaffRequest, target: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect(target)
