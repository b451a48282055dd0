"""Making a message a case of its own."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError
from tickets import actors
from tickets.actions.splitting import split_off
from tickets.models import Category, Message, Ticket
from tickets.queries import inbox, pickers
from tickets.queries import ticket_page as queries
from tickets.rules.intake import clean_line
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import onward, told
from tickets.workspace.properties import YES


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(Capability.WORK_TICKETS)
def split(request: StaffRequest, number: str, message: int) -> HttpResponse:
    """A form of its own: what it will be about, and whether the customer hears of it."""
    ticket = queries.ticket_or_404(request.user, number)
    said = queries.message_or_404(ticket, message)
    if request.method != "POST":
        return _show(request, ticket, said)
    pk = request.POST.get("category", "")
    try:
        opened = split_off(
            said,
            by=actors.staff(request.user),
            category=_category(pk),
            subject=request.POST.get("subject", ""),
            with_receipt=request.POST.get("receipt") == YES,
        )
    except DomainError as problem:
        return _show(request, ticket, said, problem=told(problem), status=problem.status)
    inbox.forget_counts(request.user)
    words = {"number": ticket.display_number}
    notes.success(request, _("This case was made from a message of %(number)s; the two are linked.") % words)
    return onward(request, "workspace:ticket", opened.number)


def _category(pk: str) -> Category | None:
    """None: the same; so too for what no honest form sends."""
    if not pk.isdecimal() or len(pk) > 9:
        return None
    return Category.objects.select_related("parent__parent").filter(pk=int(pk), is_active=True).first()


def _show(
    request: StaffRequest, ticket: Ticket, said: Message, *, problem: str = "", status: int = 200
) -> HttpResponse:
    typed = request.POST
    context = {
        "ticket": ticket,
        "message": said,
        "files": list(said.attachments.all()),
        "problem": problem,
        "categories": pickers.load().categories,
        "subject": typed.get("subject", clean_line(said.body)[:60]),
        "category": typed.get("category", str(ticket.category_id or "")),
        "receipt": typed.get("receipt") == YES,
    }
    title = _("Make a message a case of its own")
    return shell.page(request, "workspace/split.html", context, title=title, status=status)
