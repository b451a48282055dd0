"""What may still be done about what was sent: take it back before it leaves, try again what did not arrive."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import bounces, composing, outbox
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.queries.outbox import is_for_a_dead_address
from tickets.workspace import changes, outcome, shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.ticket_page import Attempt, everything, show


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def take_back(request: StaffRequest, number: str, message: int) -> HttpResponse:
    """Text and files go back into the composer, before what was begun there meanwhile."""
    ticket = queries.ticket_or_404(request.user, number)
    said = queries.message_or_404(ticket, message)
    try:
        begun = request.POST.get("body", "")
        composing.take_back(said, begun=begun, by=actors.staff(request.user))
    except DomainError as problem:
        ticket = queries.ticket_or_404(request.user, number)
        return outcome.again(request, ticket, Attempt(str(problem.message)), problem.status)
    inbox.forget_counts(request.user)
    ticket = queries.ticket_or_404(request.user, number)
    if not request.htmx:
        return show(request, ticket)
    told = _("Taken back: nobody got it. Its text is in the box again.")
    context = everything(request, ticket) | {"announce": told}
    response = shell.part(request, "workspace/ticket.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#ws-ticket", "outerHTML"
    return response


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def retry(request: StaffRequest, number: str, mail: int) -> HttpResponse:
    """Where the address refuses mail, the agent says that it no longer does."""

    def act(ticket: Ticket, by: Actor) -> None:
        found = queries.mail_or_404(ticket, mail)
        if is_for_a_dead_address(found):
            bounces.clear(found.to, by=by)
        # Not cleared with it where the mail is old: the agent wants it all the same.
        outbox.retry(found, by=by)

    return changes.do(request, number, act)
