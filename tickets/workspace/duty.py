"""My duty: going on and off, and what becomes of my cases."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.capabilities import Capability
from tickets import actors
from tickets.actions import duty as verbs
from tickets.queries import duty as queries
from tickets.queries import inbox, workers
from tickets.rules.duty import Handing
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page


@require_safe
@workspace_page(Capability.WORK_TICKETS)
def duty(request: StaffRequest) -> HttpResponse:
    user = request.user
    unanswered = queries.to_hand_back(user.pk, Handing.UNANSWERED).count()
    me = workers.one(user.pk)
    context = {
        "me": me,
        "load": workers.load_in_words(me) if me else "",
        "since": user.duty_changed_at,
        "unanswered": unanswered,
        "waiting": queries.to_hand_back(user.pk, Handing.WAITING).count() - unanswered,
    }
    return shell.page(request, "workspace/duty.html", context, title=_("My duty"), place="duty")


@require_POST
@workspace_page(Capability.WORK_TICKETS)
def set_duty(request: StaffRequest) -> HttpResponse:
    by = actors.staff(request.user)
    to = request.POST.get("to")
    if to == "on":
        verbs.go_on_duty(request.user, by=by)
        messages.success(request, _("You are on duty."))
    elif to == "off":
        handing = Handing.WAITING if request.POST.get("waiting") else Handing.UNANSWERED
        messages.success(request, off_duty_in_words(verbs.go_off_duty(request.user, by=by, handing=handing)))
    inbox.forget_counts(request.user)
    return redirect(_back(request))


def off_duty_in_words(count: int) -> str:
    if not count:
        return _("Off duty. There was nothing to hand back.")
    words = ngettext(
        "Off duty. %(count)s case was handed back.", "Off duty. %(count)s cases were handed back.", count
    )
    return words % {"count": count}


def _back(request: StaffRequest) -> str:
    """Where the switch was used; of this site only."""
    page = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if safe and page.startswith("/admin/") else "workspace:queue"
