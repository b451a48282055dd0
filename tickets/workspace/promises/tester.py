"""The policy tester: put in what a case is, see which policies are asked, and how each due time comes about."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.rules.capabilities import Capability
from tickets.choices import Priority
from tickets.queries.calendars import NoCalendar
from tickets.queries.policy_trial import trial
from tickets.rules.policies import Verdict
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.promises.tester_form import FORMAT, TesterForm, bound


@require_safe
@workspace_page(Capability.VIEW_CONFIGURATION)
def policy_tester(request: StaffRequest) -> HttpResponse:
    form = bound(request.GET)
    title = _("Policy tester")
    context: dict[str, Any] = {"title": title, "form": form, "may_change": request.user.has_perm(_CHANGE)}
    status = 200
    if form.is_valid():
        context |= _answer(form)
    else:
        status = 422
    return shell.page(
        request, "workspace/promises/tester.html", context, title=title, place="tester", status=status
    )


_CHANGE = "tickets.change_slapolicy"


def _answer(form: TesterForm) -> dict[str, Any]:
    case, team = form.case(), form.team_meant()
    # The moment that was taken, where none was given.
    form.data = {**form.data, "opened_at": case.opened_at.astimezone(form.zone).strftime(FORMAT)}
    context: dict[str, Any] = {
        "zone": form.zone,
        "priority": Priority(case.priority).label,
        "team": team,
        "complaint": case.is_complaint,
    }
    try:
        found = trial(case, form.category_chosen, team_id=team.pk if team else None, zone=form.zone)
    except NoCalendar:
        return context | {"no_calendar": True}
    ordinary = [one for one in found.asked if not one.is_statutory]
    return context | {
        "trial": found,
        "ordinary": ordinary,
        "statutory": [one for one in found.asked if one.is_statutory],
        "nothing_holds": not any(one.verdict in (Verdict.HOLDS, Verdict.CHOSEN) for one in ordinary),
    }
