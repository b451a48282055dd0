"""The front page: what is due, who somebody is, what was settled. And what the other pages share."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets.queries import privacy as queries
from tickets.rules.intake import clean_line
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

for_officers = workspace_page(Capability.MANAGE_PRIVACY)
SETTLED_SHOWN = 30


@require_safe
@for_officers
def desk(request: StaffRequest) -> HttpResponse:
    """A search that finds goes on to the person. Nothing of what was typed is kept."""
    typed = clean_line(request.GET.get("q", ""))
    found = queries.find(typed, viewer=request.user) if typed else None
    if found is not None:
        return redirect("workspace:privacy_person", found.pk)
    pending = list(queries.pending(request.user))
    context = {
        "pending": pending,
        "overdue": sum(one.due_at < clock.now() for one in pending),
        "settled": queries.settled(request.user, SETTLED_SHOWN),
        "typed": typed,
        "now": clock.now(),
    }
    return page(request, "workspace/privacy/desk.html", context, title=_("Privacy"))


def page(
    request: StaffRequest, template: str, context: dict[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    return shell.page(
        request, template, context | {"title": title}, title=title, place="privacy", status=status
    )


def end_of_day(text: str) -> datetime | None:
    """The end of a day that a form names, in the reader's zone; None for nothing. Raises Invalid on ``until``."""
    if not text.strip():
        return None
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        raise Invalid({"until": _("Enter a day in the form 2027-12-31.")})
    return make_aware(datetime.combine(day, time.max), get_current_timezone())
