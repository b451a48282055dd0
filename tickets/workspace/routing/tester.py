"""The routing tester: put in what a case is, see which rules fit, why, and where it would go."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Team
from accounts.rules.capabilities import Capability
from tickets.choices import Priority
from tickets.models import SlaPolicy
from tickets.queries.categories import team_of
from tickets.queries.routing import rules
from tickets.queries.routing_words import Names, conditions, effects, why, why_not
from tickets.rules.routing import Answer, NewCase, Settings, answers, decided
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.routing.tester_form import RoutingForm, bound


@require_safe
@workspace_page(Capability.VIEW_CONFIGURATION)
def routing_tester(request: StaffRequest) -> HttpResponse:
    form = bound(request.GET)
    title = _("Routing tester")
    context: dict[str, Any] = {"title": title, "form": form}
    status = 422
    if form.is_valid():
        context, status = context | _answer(form), 200
    return shell.page(
        request, "workspace/routing/tester.html", context, title=title, place="routing-tester", status=status
    )


def _answer(form: RoutingForm) -> dict[str, Any]:
    case, names = form.case(), Names.load()
    found = answers(rules(), case, said=form.said)
    sets = decided(found)
    team = Team.objects.get(pk=sets.team) if sets.team is not None else team_of(form.category_chosen)
    priority = Priority(form.said.priority or sets.priority or case.priority)
    policy = SlaPolicy.objects.filter(pk=sets.policy).first() if sets.policy is not None else None
    return {
        "asked": [_asked(answer, case, names) for answer in found],
        "team": team,
        "by_category": team is not None and sets.team is None,
        "priority": priority.label,
        "policy": policy,
        "tags": sets.tags,
        "promises": _promises(form, team, priority, sets),
    }


def _asked(answer: Answer, case: NewCase, names: Names) -> dict[str, Any]:
    rule = answer.rule
    return {
        "rule": rule.rule,
        "name": rule.name,
        "verdict": answer.verdict.value,
        "ends": rule.ends,
        "sets": effects(answer.sets, names),
        "conditions": conditions(rule, names),
        "reason": why_not(rule, answer.misfit, case, names) if answer.misfit else "",
        "found": why(rule, case) if not answer.misfit else [],
    }


def _promises(form: RoutingForm, team: Team | None, priority: Priority, sets: Settings) -> str:
    """The policy tester with the case as it would then be."""
    said, category = form.cleaned_data, form.category_chosen
    values = {
        "brand": said["brand"].slug,
        "category": category.slug if category else "",
        "priority": priority.slug,
        "channel": said["channel"],
        "tier": said["tier"],
        "team": team.slug if team else "",
        "chosen": sets.policy or "",
    }
    asked = urlencode({name: value for name, value in values.items() if value})
    return f"{reverse('workspace:policy_tester')}?{asked}"
