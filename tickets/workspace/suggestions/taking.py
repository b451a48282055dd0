"""Taking a suggested category, or keeping the one that is there."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict, Invalid
from tickets.actions.categories import confirm_category
from tickets.actions.tickets import set_category
from tickets.actors import Actor
from tickets.models import Category, Ticket
from tickets.queries.categories import with_lineage
from tickets.workspace.changes import do
from tickets.workspace.guard import StaffRequest, workspace_page


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def take_suggestion(request: StaffRequest, number: str) -> HttpResponse:
    """Set the category, or confirm the present one. ``was``: what it was on the page; if it is something else by now,
    nothing is written.
    """
    slug, was = request.POST.get("category", ""), request.POST.get("was", "")

    def act(ticket: Ticket, by: Actor) -> None:
        now = ticket.category.slug if ticket.category else ""
        if now not in (was, slug):
            raise Conflict(_("Somebody changed this meanwhile. Save again if you still want your choice."))
        category = _named(slug)
        if now == slug:
            confirm_category(ticket, category=category, by=by)
            notes.success(request, _("The category stays “%(name)s”.") % {"name": category})
        else:
            set_category(ticket, category=category, by=by)

    return do(request, number, act)


def _named(slug: str) -> Category:
    try:
        return Category.objects.select_related(*with_lineage()).get(slug=slug, is_active=True)
    except (Category.DoesNotExist, ValueError):  # ValueError: a character that no text in the database holds
        raise Invalid({"value": _("Choose one of the list.")}) from None
