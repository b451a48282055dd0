"""Block or allow the sender of a mail in the box, and take that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules.masking import mask_email
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import sender_rules as verbs
from tickets.choices import SenderVerdict
from tickets.models import IncomingMail
from tickets.queries import aside as queries
from tickets.queries.sender_rules import fitting
from tickets.rules.sender_rules import candidates, shown
from tickets.workspace.guard import StaffRequest
from tickets.workspace.mail.aside import for_agents, show


@require_POST
@for_agents
def set_rule(request: StaffRequest, pk: int) -> HttpResponse:
    """``pattern`` is the sender's address, or a domain that it is in; ``verdict`` block or allow."""
    mail = queries.mail_or_404(request.user, pk)
    pattern, verdict = meant(request.POST.get("pattern", ""), mail.sender), request.POST.get("verdict", "")
    try:
        if pattern not in candidates(mail.sender) or verdict not in SenderVerdict.values:
            raise Invalid({"pattern": _("Choose the address or one of its domains.")})
        verbs.set_rule(
            pattern,
            verdict=SenderVerdict(verdict),
            brand=None if "everywhere" in request.POST else mail.brand,
            by=actors.staff(request.user),
            note=request.POST.get("note", ""),
        )
    except DomainError as problem:
        return _refused(request, mail, problem)
    told = {"who": shown(pattern)}
    messages.success(
        request,
        _("Blocked. Mail from %(who)s goes straight into this box from now on.") % told
        if verdict == SenderVerdict.BLOCK
        else _("Allowed. Mail from %(who)s is never taken for bulk from now on.") % told,
    )
    return redirect("workspace:aside_mail", mail.pk)


def meant(pattern: str, sender: str) -> str:
    """The page shows the address masked, and its form sends it so."""
    return sender if pattern == mask_email(sender) else pattern


@require_POST
@for_agents
def remove_rule(request: StaffRequest, pk: int, rule: int) -> HttpResponse:
    mail = queries.mail_or_404(request.user, pk)
    found = next((row for row in fitting(mail.sender, mail.brand) if row.pk == rule), None)
    if found is None:
        raise Http404("No such rule about this sender.")
    try:
        verbs.remove_rule(found, by=actors.staff(request.user))
    except DomainError as problem:
        return _refused(request, mail, problem)
    messages.success(request, _("Removed. What happens to this sender’s mail is decided case by case again."))
    return redirect("workspace:aside_mail", mail.pk)


def _refused(request: StaffRequest, mail: IncomingMail, problem: DomainError) -> HttpResponse:
    said = problem.fields.get("pattern", problem.message) if isinstance(problem, Invalid) else problem.message
    messages.error(request, str(said))
    return show(request, mail, status=problem.status)
