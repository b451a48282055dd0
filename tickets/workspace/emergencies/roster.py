"""Who is on call when: the plan of the brands that one serves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_datetime
from django.utils.dates import WEEKDAYS
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Brand, Team, User
from helpdesk.lib.errors import DomainError, Invalid
from helpdesk.lib.zones import zone_or_default
from tickets import actors
from tickets.actions import on_call as verbs
from tickets.actions.on_call import Plan
from tickets.models import OnCall
from tickets.queries import emergencies as queries
from tickets.workspace import shell
from tickets.workspace.emergencies.views import answering
from tickets.workspace.guard import StaffRequest
from tickets.workspace.outcome import told

NAMES = ("brand", "person", "team", "opens", "closes", "starts_at", "ends_at")


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def on_call(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    try:
        verbs.add(_plan(request.user, request.POST), by=actors.staff(request.user))
    except Invalid as refused:
        return _show(request, typed=request.POST, errors=refused.fields, status=422)
    except DomainError as refused:
        messages.error(request, told(refused))
        return _show(request, typed=request.POST, status=refused.status)
    messages.success(request, _("Saved."))
    return redirect("workspace:on_call")


@require_POST
@answering
def remove_on_call(request: StaffRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OnCall.objects.filter(brand__in=queries.brands_of(request.user)), pk=pk)
    verbs.remove(row, by=actors.staff(request.user))
    messages.success(request, _("Removed."))
    return redirect("workspace:on_call")


def _plan(user: User, typed: QueryDict) -> Plan:
    """As it was typed; raises Invalid for what an honest form cannot send, and for times that are none."""
    wrong: dict[str, Any] = {}
    brand = queries.brands_of(user).filter(pk=_number(typed.get("brand", ""))).first()
    person = User.objects.filter(pk=_number(typed.get("person", "")), is_active=True).first()
    team = Team.objects.filter(pk=_number(typed.get("team", ""))).first() if typed.get("team") else None
    if brand is None:
        wrong["brand"] = _("Choose one of your brands.")
    if person is None:
        wrong["person"] = _("Choose somebody.")
    opens, closes = (_time(typed.get(name, ""), name, wrong) for name in ("opens", "closes"))
    starts, ends = (_moment(typed.get(name, ""), name, brand, wrong) for name in ("starts_at", "ends_at"))
    if brand is None or person is None or wrong:
        raise Invalid(wrong)
    days = [
        int(day) for day in typed.getlist("weekdays") if day.isascii() and day.isdecimal() and len(day) == 1
    ]
    return Plan(brand, person, team, starts, ends, days, opens, closes)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _time(text: str, name: str, wrong: dict[str, Any]) -> time | None:
    try:
        return time.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        wrong[name] = _("Write a time of day such as 22:30.")
        return None


def _moment(text: str, name: str, brand: Brand | None, wrong: dict[str, Any]) -> datetime | None:
    try:
        found = parse_datetime(text.strip()) if text.strip() else None
        if text.strip() and found is None:
            raise ValueError(text)
    except ValueError:
        wrong[name] = _("Enter date and time such as 2026-03-02 14:30.")
        return None
    zone = zone_or_default(brand.time_zone if brand else settings.TIME_ZONE)
    return found.replace(tzinfo=zone) if found is not None and is_naive(found) else found


def _show(
    request: StaffRequest,
    *,
    typed: QueryDict | None = None,
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    brands = list(queries.brands_of(request.user).order_by("position", "pk"))
    chosen = typed or QueryDict()
    context = {
        "plans": [_plan_of(brand) for brand in brands],
        "brands": brands,
        "people": queries.able_for(brands),
        "teams": Team.objects.filter(is_active=True).order_by("pk"),
        "typed": {name: chosen.get(name, "") for name in NAMES},
        "days": [(str(day), name, str(day) in chosen.getlist("weekdays")) for day, name in WEEKDAYS.items()],
        "errors": {name: str(text) for name, text in (errors or {}).items()},
    }
    title = _("Who is on call")
    return shell.page(
        request, "workspace/emergencies/roster.html", context, title=title, place="emergencies", status=status
    )


def _plan_of(brand: Brand) -> dict[str, Any]:
    zone = zone_or_default(brand.time_zone)
    rows = (
        OnCall.objects.filter(brand=brand)
        .select_related("person", "team")
        .order_by("weekday", "opens", "starts_at")
    )
    return {
        "brand": brand,
        "now": queries.on_call_now(brand),
        "rows": [
            {
                "row": row,
                "day": WEEKDAYS[row.weekday] if row.weekday is not None else "",
                "starts": row.starts_at.astimezone(zone) if row.starts_at else None,
                "ends": row.ends_at.astimezone(zone) if row.ends_at else None,
            }
            for row in rows[: verbs.MAX_ROWS]
        ],
    }
