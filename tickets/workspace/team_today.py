"""Team today: who is on duty, how much each has, whose case waits the longest; and a lead's hand on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.rules.capabilities import Capability
from accounts.rules.skills import clean_skills
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import duty as verbs
from tickets.queries import duty as queries
from tickets.queries import skills
from tickets.workspace import shell
from tickets.workspace.duty import off_duty_in_words
from tickets.workspace.guard import StaffRequest, workspace_page


@require_safe
@workspace_page(Capability.DIRECT_TEAM)
def team_today(request: StaffRequest) -> HttpResponse:
    return _show(request)


@require_POST
@workspace_page(Capability.DIRECT_TEAM)
def direct(request: StaffRequest, person: int) -> HttpResponse:
    """Change one person's day. Strangers' people are not found."""
    somebody = get_object_or_404(User, pk=person)
    if not queries.may_direct(request.user, somebody):
        raise Http404
    act = _ACTS.get(request.POST.get("act", ""))
    try:
        if act is not None:
            messages.success(request, act(request, somebody))
    except Invalid as problem:
        return _show(request, wrong=(somebody.pk, problem), status=422)
    return redirect("workspace:team_today")


def _on(request: StaffRequest, person: User) -> str:
    verbs.go_on_duty(person, by=actors.staff(request.user))
    return _("%(name)s is on duty.") % {"name": person.display_name}


def _off(request: StaffRequest, person: User) -> str:
    count = verbs.go_off_duty(person, by=actors.staff(request.user))
    return f"{person.display_name}: {off_duty_in_words(count)}"


def _terms(request: StaffRequest, person: User) -> str:
    typed = request.POST.get("capacity", "").strip()
    verbs.set_terms(
        person,
        capacity=int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None,
        speaks=request.POST.getlist("speaks"),
        skills=clean_skills(request.POST.get("skills", "")[:2_000]),
        by=actors.staff(request.user),
    )
    return _("Saved.")


def _hand_over(request: StaffRequest, person: User) -> str:
    count = verbs.hand_over(person, by=actors.staff(request.user))
    words = ngettext(
        "%(count)s case of %(name)s went back to its team.",
        "%(count)s cases of %(name)s went back to their teams.",
        count,
    )
    return words % {"count": count, "name": person.display_name}


_ACTS: Mapping[str, Callable[[StaffRequest, User], str]] = {
    "on": _on,
    "off": _off,
    "terms": _terms,
    "hand_over": _hand_over,
}


def _show(
    request: StaffRequest, *, wrong: tuple[int, Invalid] | None = None, status: int = 200
) -> HttpResponse:
    teams = queries.teams_of(request.user)
    members, waiting = queries.members_of(teams, request.user), queries.waiting_for(teams)
    context = {
        "teams": [
            {
                "team": team,
                "mode": team.get_assignment_display(),
                "waiting": _counted(waiting.get(team.pk, 0)),
                "members": [_row(member, wrong, request) for member in members[team.pk]],
                "on_duty": sum(member.user.is_on_duty for member in members[team.pk]),
            }
            for team in teams
        ],
        "known_skills": skills.in_use(),
    }
    title = _("Team today")
    return shell.page(
        request, "workspace/team_today.html", context, title=title, place="team-today", status=status
    )


def _row(member: queries.Member, wrong: tuple[int, Invalid] | None, request: StaffRequest) -> dict[str, Any]:
    """Flat and ready to print, with what was typed where it was refused."""
    user, worker = member.user, member.worker
    errors = wrong[1].fields if wrong is not None and wrong[0] == user.pk else {}
    typed = request.POST if errors else None
    speaks = typed.getlist("speaks") if typed is not None else user.speaks
    return {
        "user": user,
        "load": _counted(worker.load),
        "value": min(worker.load, max(worker.capacity, 1)),
        "most": max(worker.capacity, 1),
        "is_full": worker.room == 0,
        "oldest": member.oldest,
        "languages": [(code, name, code in speaks) for code, name in settings.LANGUAGES],
        "speaks": _(", ").join(str(name) for code, name in settings.LANGUAGES if code in user.speaks),
        "skills": _(", ").join(user.skills),
        "typed_skills": typed.get("skills", "") if typed is not None else ", ".join(user.skills),
        "typed_capacity": typed.get("capacity", "") if typed is not None else user.capacity,
        "errors": {name: str(text) for name, text in errors.items()},
    }


def _counted(count: int) -> str:
    most = queries.MOST_COUNTED
    return f"{most:,}+" if count > most else f"{count:,}"
