"""The audit log for those who watch: narrowed, entry by entry, verified, given away; and the alarms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.actions import alarms, audit_exporting
from accounts.choices import AuditKind
from accounts.models import AuditEntry, SecurityAlarm
from accounts.queries import audit_health, audit_log
from accounts.rules.capabilities import Capability
from accounts.web.step_up import step_up_required
from helpdesk.lib.errors import DomainError
from helpdesk.lib.wakeup import wake
from tickets.workspace import shell
from tickets.workspace.audit import words
from tickets.workspace.audit.asking import Question
from tickets.workspace.guard import StaffRequest, workspace_page

PLACE = "audit"
for_auditors = workspace_page(Capability.VIEW_AUDIT)


@require_safe
@for_auditors
def log(request: StaffRequest) -> HttpResponse:
    question = Question.read(request.GET)
    found = audit_log.page(request.user, question.asked, after=question.after)
    opened = audit_log.open_alarms(request.user)
    context: dict[str, Any] = {
        "title": _("Audit log"),
        "question": question,
        "rows": [words.row_of(entry) for entry in found.entries],
        "next": question.address(after=found.after) if found.after else "",
        "first": question.address() if question.after else "",
        "kinds": AuditKind.choices,
        "people": [
            (str(person.pk), f"{person.display_name} ({person.email})") for person in audit_log.people()
        ],
        "alarms": [(alarm, AuditKind(alarm.kind).label) for alarm in opened],
        "verified": audit_health.last_verified(),
        "sees_all": audit_log.sees_all(request.user),
        "may_export": access.can(request.user, Capability.EXPORT_DATA),
    }
    return shell.page(request, "workspace/audit/log.html", context, title=_("Audit log"), place=PLACE)


@require_safe
@for_auditors
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    found: AuditEntry = audit_log.entry_or_404(request.user, pk)
    title = _("Entry %(number)s of the audit log") % {"number": found.pk}
    context = {
        "title": title,
        "entry": found,
        "row": words.row_of(found),
        "details": list(words.details_of(found)),
        "seal": audit_log.seal_of(found),
        "alarm": audit_log.alarm_of(found),
    }
    return shell.page(request, "workspace/audit/entry.html", context, title=title, place=PLACE)


@require_POST
@for_auditors
def see_to(request: StaffRequest, pk: int) -> HttpResponse:
    alarm = get_object_or_404(SecurityAlarm, pk=pk)
    alarms.see_to(alarm, by=request.user)
    messages.success(request, _("Noted that you have seen to it."))
    return redirect("workspace:audit_log")


@require_POST
@for_auditors
def verify(request: StaffRequest) -> HttpResponse:
    """In the background: a log of years takes long. What was found stands in the log itself."""
    wake("accounts.verify_audit", by=request.user.pk)
    messages.info(request, _("The log is being verified. The result will stand here and in the log."))
    return redirect("workspace:audit_log")


@require_POST
@for_auditors
@step_up_required
def export(request: StaffRequest) -> HttpResponseBase:
    """Lines of JSON with the seals between, of some days: what docs/audit.md teaches to verify."""
    question = Question.read(request.POST)
    try:
        made = audit_exporting.export(by=request.user, since=question.asked.since, until=question.asked.until)
    except DomainError as problem:
        messages.error(request, str(problem.message))
        return redirect("workspace:audit_log")
    response = StreamingHttpResponse(made.lines, content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "no-store"
    return response
