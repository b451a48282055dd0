"""Views that people keep: making, changing, sharing, ordering and deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access
from accounts.models import Team
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets.actions import views as actions
from tickets.actions.views import JUST_ME, Asked, Audience
from tickets.models import SavedView
from tickets.queries import inbox
from tickets.queries.queue.saved import key_of, may_edit, seen_by
from tickets.workspace import shell
from tickets.workspace.address import Address
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.queue.page import go
from tickets.workspace.queue.panels import show

ME, EVERYBODY, TEAM = "me", "all", "team-"


@require_GET
@workspace_page()
def queue_views(request: StaffRequest) -> HttpResponse:
    views = seen_by(request.user)
    groups = [
        (_("Mine alone"), [view for view in views if not view.is_shared and view.team_id is None]),
        (_("For a team"), [view for view in views if not view.is_shared and view.team_id is not None]),
        (_("For everybody"), [view for view in views if view.is_shared]),
    ]
    context = {
        "groups": [
            (title, [(view, key_of(view), may_edit(request.user, view)) for view in of_it])
            for title, of_it in groups
            if of_it
        ],
    }
    return shell.page(request, "workspace/queue/views.html", context, title=_("Views of the queue"))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page()
def queue_view_new(request: StaffRequest) -> HttpResponse:
    """The present address as a view."""
    said = request.POST.get("query", "") if request.method == "POST" else request.META.get("QUERY_STRING", "")
    typed = {"name": request.POST.get("name", ""), "audience": request.POST.get("audience", ME)}
    context = {"query": said, "action": reverse("workspace:queue_view_new"), "is_new": True}
    if request.method != "POST":
        return _form(request, typed, context)
    try:
        view = actions.save_view(
            request.user, name=typed["name"], asked=_asked(request, said), audience=_audience(request, typed)
        )
    except Invalid as problem:
        return _form(request, typed, context, errors=problem.fields, status=422)
    except NotAllowed as problem:
        raise PermissionDenied from problem
    inbox.forget_counts(request.user)
    return go(request, _address_of(view))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page()
def queue_view(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name, others who see it."""
    view = _editable_or_404(request, pk)
    typed = {"name": view.name, "audience": _audience_of(view)}
    context = {"view": view, "action": reverse("workspace:queue_view", args=[pk]), "is_new": False}
    if request.method != "POST":
        return _form(request, typed, context)
    typed = {name: request.POST.get(name, "") for name in typed}
    try:
        actions.change_view(
            view, by=request.user, name=typed["name"], audience=_audience(request, typed, view)
        )
    except Invalid as problem:
        return _form(request, typed, context, errors=problem.fields, status=422)
    except NotAllowed as problem:
        raise PermissionDenied from problem
    return go(request, reverse("workspace:queue_views"))


@require_POST
@workspace_page()
def queue_view_ask(request: StaffRequest, pk: int) -> HttpResponse:
    """What is shown now is what the view asks from now on."""
    view = _editable_or_404(request, pk)
    actions.change_question(view, by=request.user, asked=_asked(request, request.POST.get("query", "")))
    inbox.forget_counts(request.user)
    messages.success(request, _("The view is changed."))
    return go(request, _address_of(view))


@require_POST
@workspace_page()
def queue_view_move(request: StaffRequest, pk: int) -> HttpResponse:
    view = _editable_or_404(request, pk)
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""), 0)
    actions.move_view(view, by=request.user, step=step)
    return redirect("workspace:queue_views")


@require_POST
@workspace_page()
def queue_view_delete(request: StaffRequest, pk: int) -> HttpResponse:
    view = _editable_or_404(request, pk)
    actions.delete_view(view, by=request.user)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect("workspace:queue_views")


def _editable_or_404(request: StaffRequest, pk: int) -> SavedView:
    """Others' own views are nobody's business; those that one sees and may not change are refused as such."""
    view = next((view for view in seen_by(request.user) if view.pk == pk), None)
    if view is None:
        raise Http404
    if not may_edit(request.user, view):
        raise PermissionDenied
    return view


def _address_of(view: SavedView) -> str:
    return f"{reverse('workspace:queue')}?view={key_of(view)}"


def _asked(request: StaffRequest, said: str) -> Asked:
    address = Address.read(QueryDict(said), user=request.user)
    columns = address.columns if address.saved or address.columns != address.usual_columns else ()
    return Asked(address.base, address.filters, address.q, columns, address.sort)


def _audience_of(view: SavedView) -> str:
    if view.is_shared:
        return EVERYBODY
    return f"{TEAM}{view.team_id}" if view.team_id is not None else ME


def _audience(request: StaffRequest, typed: Mapping[str, str], view: SavedView | None = None) -> Audience:
    chosen = typed["audience"]
    if view is not None and chosen == _audience_of(view):
        return Audience(view.team, view.is_shared)
    if chosen == EVERYBODY:
        return Audience(everybody=True)
    number = chosen.removeprefix(TEAM)
    if chosen.startswith(TEAM) and number.isdecimal() and len(number) < 10:
        team = Team.objects.filter(pk=int(number), is_active=True).first()
        if team is None:
            raise Invalid({"audience": _("Choose one of your teams.")})
        return Audience(team=team)
    return JUST_ME


def _form(
    request: StaffRequest,
    typed: Mapping[str, str],
    context: dict[str, Any],
    *,
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    title = _("Keep as a view") if context["is_new"] else _("Change a view")
    context |= {"typed": typed, "errors": errors or {}, "audiences": _audiences(request, typed["audience"])}
    return show(request, "workspace/queue/view_form.html", context, title=title, status=status)


def _audiences(request: StaffRequest, present: str) -> list[tuple[str, str]]:
    """For whom it may be; just oneself, for those who may not share."""
    found = [(ME, _("just me"))]
    if access.can(request.user, Capability.SHARE_VIEWS):
        every = access.can(request.user, Capability.VIEW_BRAND_TICKETS) or access.can(
            request.user, Capability.VIEW_ALL_TICKETS
        )
        teams = Team.objects.filter(is_active=True)
        mine = teams if every else teams.filter(pk__in=request.user.team_ids)
        found += [(f"{TEAM}{team.pk}", _("the team %(team)s") % {"team": team.name}) for team in mine]
        found.append((EVERYBODY, _("everybody")))
    if present not in dict(found):
        found.append((present, _("as it is now")))
    return found
