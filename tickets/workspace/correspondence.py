"""Who a case is talked about with by mail: whether its sender is who they say, and who is in copy."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions import correspondence as verbs
from tickets.actors import Actor
from tickets.models import Ticket
from tickets.queries import inbox
from tickets.queries import ticket_page as queries
from tickets.queries.correspondence import address_in_copy
from tickets.queries.mails import unproved_mail
from tickets.rules import visibility
from tickets.rules.intake import clean_line
from tickets.workspace import undo
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import again, told
from tickets.workspace.ticket_page import Attempt

#: The longest address there can be (RFC 5321), and one more to see that it is too long.
MAX_TYPED = 321


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def accept_sender(request: StaffRequest, number: str) -> HttpResponse:
    """Staff made sure who wrote. Where the mail would have joined another case, they are told to merge it there."""

    def act(ticket: Ticket, by: Actor) -> None:
        mail = unproved_mail(ticket)
        accepted = verbs.accept_sender(ticket, by=by)
        said = _("The case is %(name)s’s now; answers go to %(email)s.")
        notes.success(
            request, said % {"name": accepted.customer.display_name, "email": accepted.customer.email}
        )
        claimed = mail.claims_ticket if mail else None
        if claimed is not None and visibility.may_see(request.user, claimed):
            where = {"number": claimed.display_number}
            notes.info(
                request, _("Its mail says that it belongs to case %(number)s: merge it there if so.") % where
            )
        inbox.forget_counts(request.user)

    return _do(request, number, act)


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def put_in_copy(request: StaffRequest, number: str) -> HttpResponse:
    typed = clean_line(request.POST.get("email", ""))[:MAX_TYPED]

    def act(ticket: Ticket, by: Actor) -> None:
        verbs.put_in_copy(ticket, email=typed, by=by)

    return _do(request, number, act, "in_copy", typed)


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def take_out_of_copy(request: StaffRequest, number: str) -> HttpResponse:
    """``person`` is the number of their row: their address is masked on the page."""
    email, person = clean_line(request.POST.get("email", ""))[:MAX_TYPED], request.POST.get("person", "")

    def act(ticket: Ticket, by: Actor) -> None:
        known = email or address_in_copy(
            ticket, int(person) if person.isdecimal() and len(person) < 19 else 0
        )
        verbs.remove_participant(ticket, email=known, by=by)

    return _do(request, number, act)


def _do(
    request: StaffRequest, number: str, act: Callable[[Ticket, Actor], None], field: str = "", typed: str = ""
) -> HttpResponse:
    """Do it, then show the ticket as it is now; a refusal stands at its field, with what was typed, or else above."""
    ticket = queries.ticket_or_404(request.user, number)
    since = queries.last_event(ticket)
    try:
        act(ticket, actors.staff(request.user))
    except DomainError as problem:
        said = told(problem)
        attempt = Attempt(wanted={field: typed}, errors={field: said}) if field else Attempt(said)
        return again(request, queries.ticket_or_404(request.user, number), attempt, problem.status)
    undo.offer(request, ticket, since)
    return undo.after(request, ticket)
