"""Approving, refusing and withdrawing on an act's page."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages as notes
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.capabilities import Capability
from accounts.web.step_up import step_up_required
from helpdesk.lib.errors import DomainError, Invalid, NotAllowed
from tickets import actors
from tickets.actions import wallet as asking
from tickets.actions import wallet_approving as deciding
from tickets.choices import ActState
from tickets.models import SensitiveAct
from tickets.queries import wallet as queries
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import onward
from tickets.workspace.sensitive.page import show


@require_POST
@workspace_page(Capability.APPROVE_ACTS)
@step_up_required
def approve(request: StaffRequest, act: uuid.UUID) -> HttpResponse:
    """Approve exactly what the page showed: its fingerprint comes along."""
    seen, by = request.POST.get("content_hash", "")[:64], actors.staff(request.user)

    def decide(found: SensitiveAct) -> str:
        after = deciding.approve(found, content_hash=seen, by=by)
        if after.state == ActState.APPROVED:
            return _("Approved. It is being carried out now.")
        return _("Approved. It needs another person.")

    return _decide(request, act, decide)


@require_POST
@workspace_page(Capability.APPROVE_ACTS)
def refuse(request: StaffRequest, act: uuid.UUID) -> HttpResponse:
    def decide(found: SensitiveAct) -> str:
        reason = request.POST.get("reason", "")
        deciding.refuse(found, reason=reason, by=actors.staff(request.user))
        return _("Refused. Whoever asked is told.")

    return _decide(request, act, decide)


@require_POST
@workspace_page()
def withdraw(request: StaffRequest, act: uuid.UUID) -> HttpResponse:
    def decide(found: SensitiveAct) -> str:
        asking.withdraw(found, by=actors.staff(request.user))
        return _("Withdrawn.")

    return _decide(request, act, decide)


def _decide(request: StaffRequest, key: uuid.UUID, decide: Callable[[SensitiveAct], str]) -> HttpResponse:
    """Where it is refused, the page as it is now, with what was typed."""
    found = queries.act_or_404(request.user, key)
    try:
        notes.success(request, decide(found))
    except DomainError as problem:
        errors = _at_fields(problem)
        again = queries.act_or_404(request.user, key)
        # Of the account the page has no field: what is wrong with it stands above.
        told = errors.get("account", "") if errors else str(problem)
        status = problem.status if isinstance(problem, Invalid | NotAllowed) else 409
        return show(request, again, problem=told, errors=errors, status=status)
    return onward(request, "workspace:act", str(key))


def _at_fields(problem: DomainError) -> dict[str, str]:
    if not isinstance(problem, Invalid):
        return {}
    return {name: str(text) for name, text in problem.fields.items()}
