"""One sensitive act: exactly what is to be done, how surely the customer is known, who said what; and the decision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.choices import VerificationLevel
from accounts.models import User
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import DomainError
from tickets.actions.wallet_making import needed_now
from tickets.actions.wallet_rows import is_as_asked
from tickets.choices import ActKind, ActState
from tickets.models import ActApproval, SensitiveAct
from tickets.queries import wallet as queries
from tickets.queries.proof import level_on
from tickets.queries.timeline import Names, sentence, who
from tickets.queries.wallet_holder import tie_of
from tickets.rules.wallet import Terms
from tickets.rules.wallet_holder import REFUSED, Tie
from tickets.rules.wallet_states import OTHER_HOLDER, check_approval, may_follow
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.sensitive import words


@require_safe
@workspace_page()
def act_page(request: StaffRequest, act: uuid.UUID) -> HttpResponse:
    found = queries.act_or_404(request.user, act)
    response = show(request, found)
    if request.htmx and not found.is_open:
        # Its state was asked for until it was over: the whole page has changed with it.
        response["HX-Refresh"] = "true"
    return response


def show(
    request: StaffRequest,
    act: SensitiveAct,
    *,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """``problem`` stands above the page, ``errors`` at their fields; what was typed stays."""
    context = _context(request.user, act) | {
        "problem": problem,
        "errors": errors or {},
        "typed_reason": request.POST.get("reason", ""),
    }
    return shell.page(
        request,
        "workspace/sensitive/act.html",
        context,
        title=words.title(act),
        place="acts",
        status=status,
    )


def _context(user: User, act: SensitiveAct) -> dict[str, Any]:
    is_freeze, tie = act.kind == ActKind.FREEZE, tie_of(act.ticket, act.account)
    needed, known = _needed(act), level_on(act.ticket)
    voucher = queries.voucher_of(known)
    approvals = _approvals(act, voucher)
    return {
        "act": act,
        "title": words.title(act),
        "content": words.content(act),
        "tie": tie,
        "tie_words": words.TIES[tie],
        "is_untied": act.is_open and not is_freeze and tie not in (Tie.OWN, Tie.KNOWN),
        "together": words.together(act),
        "needed": needed.level,
        "needed_approvals": needed.approvals,
        "known": known,
        "has": known.level,
        "is_proved": known.level >= needed.level,
        "voucher": voucher,
        "one_for_both": act.is_open and voucher is not None and voucher.pk == act.requested_by_id,
        "approvals": approvals,
        "missing": max(needed.approvals - len(approvals), 0),
        "is_over": not act.is_open,
        "is_late": act.state == ActState.REQUESTED and act.expires_at <= clock.now(),
        "ending": words.ending(act),
        **_wallet(act),
        **_history(act),
        **_may(user, act, tie, needed.level),
    }


def _needed(act: SensitiveAct) -> Terms:
    """Once it is decided, what it needed when it was asked for."""
    if act.state == ActState.REQUESTED:
        return needed_now(act)
    return Terms(VerificationLevel(act.needed_level), act.needed_approvals, act.expires_at - act.requested_at)


def _approvals(act: SensitiveAct, voucher: User | None) -> list[ActApproval]:
    """Of what is asked for now; until it is decided, those that count."""
    barred = voucher.pk if voucher is not None and act.state == ActState.REQUESTED else None
    rows = [row for row in act.approvals.all() if row.content_hash == act.content_hash]
    return [row for row in rows if row.approver_id != barred]


def _wallet(act: SensitiveAct) -> dict[str, Any]:
    command = getattr(act, "command", None)
    if command is None:
        return {"command": None}
    waits = act.is_open and bool(command.last_error)
    return {
        "command": command,
        "trouble": words.trouble(command.last_error) if waits else "",
        "reference": str((command.answer or {}).get("reference", "")),
    }


def _history(act: SensitiveAct) -> dict[str, Any]:
    """Newest first; of the last edit, what it changed."""
    names, events = Names(), queries.history_of(act)
    told = [{"who": who(event), "what": sentence(event, names), "at": event.at} for event in reversed(events)]
    edits = [event for event in events if event.data.get("changes")]
    return {
        "history": told,
        "changes": words.changes(edits[-1].data["changes"]) if edits and act.is_open else [],
        "edited_at": edits[-1].at if edits else None,
    }


def _may(user: User, act: SensitiveAct, tie: Tie, needed: VerificationLevel) -> dict[str, Any]:
    """What this person may do now; and why not, where they have the right but not for this."""
    can_approve = access.can(user, Capability.APPROVE_ACTS)
    own = act.requested_by_id == user.pk and access.can(user, Capability.REQUEST_ACTS)
    state = ActState(act.state)
    why_not = _why_not(user, act, tie, needed) if can_approve and state == ActState.REQUESTED else ""
    return {
        "may_approve": can_approve and state == ActState.REQUESTED and not why_not,
        "may_refuse": can_approve and may_follow(state, ActState.REFUSED) and act.requested_by_id != user.pk,
        "may_withdraw": own and may_follow(state, ActState.WITHDRAWN),
        "may_edit": own and state == ActState.REQUESTED,
        "why_not": why_not,
    }


def _why_not(user: User, act: SensitiveAct, tie: Tie, needed: VerificationLevel) -> str:
    standing = queries.standing_of(act)
    try:
        check_approval(standing, person=user.pk, seen=act.content_hash)
    except DomainError as problem:
        return str(problem)
    if not is_as_asked(act):
        return str(OTHER_HOLDER)
    if foreign := REFUSED.get(tie):
        return str(foreign)
    missing = needed > queries.level_for(act.ticket)
    return _("The customer must be verified first.") if missing else ""
