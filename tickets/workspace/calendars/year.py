"""A calendar's year at a glance; a click on a day opens it beside."""

from __future__ import annotations

import datetime
from calendar import Calendar as Weeks
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions.calendars import add_exceptions, remove_exception
from tickets.models import Calendar
from tickets.models.calendars import WEEKDAYS
from tickets.queries import calendar_year
from tickets.queries.calendar_year import Day, Kind, Year
from tickets.rules.clock_changes import clock_change
from tickets.workspace import shell
from tickets.workspace.calendars import day as days
from tickets.workspace.calendars import words
from tickets.workspace.calendars.day import DayForm
from tickets.workspace.guard import StaffRequest, workspace_page

PLACE = "calendars"
TEMPLATE = "workspace/calendars/year.html"
for_readers = workspace_page(Capability.VIEW_CONFIGURATION)
for_managers = workspace_page(Capability.CONFIGURE_SERVICE)


@dataclass(frozen=True)
class Cell:
    """A day in a month's table. ``label`` says what colour and sign say, where they say something."""

    date: datetime.date
    kind: Kind
    sign: str
    label: str
    is_open: bool
    is_today: bool
    is_chosen: bool
    clocks: bool


@dataclass(frozen=True)
class Month:
    name: str
    #: None: a day of another month.
    weeks: Sequence[Sequence[Cell | None]]


def calendar_or_404(pk: int) -> Calendar:
    rows = Calendar.objects.select_related("brand", "team").prefetch_related("hours", "exceptions")
    return get_object_or_404(rows, pk=pk)


@require_safe
@for_readers
def present(request: StaffRequest, calendar: int) -> HttpResponse:
    found = calendar_or_404(calendar)
    return redirect("workspace:calendar_year", found.pk, calendar_year.today(found).year)


@require_safe
@for_readers
def page(request: StaffRequest, calendar: int, year: int) -> HttpResponse:
    """The whole year; for htmx, asked for a day, that day alone."""
    found = calendar_or_404(calendar)
    chosen = _chosen(request.GET.get("day", ""), year)
    if request.htmx and chosen and not request.htmx.history_restore_request:
        context = _panel(request, calendar_year.read(found), chosen, None) | {"calendar": found}
        return shell.part(request, "workspace/calendars/day.html", context)
    return show(request, found, year, chosen)


def _chosen(text: str, year: int) -> datetime.date | None:
    """Read leniently: what is no day of the year shows the year alone."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year == year else None


@require_POST
@for_managers
def save(request: StaffRequest, calendar: int, day: datetime.date) -> HttpResponse:
    found = _changeable_or_404(calendar, day.year)
    try:
        add_exceptions(found, [days.day_from(request.POST, day)], by=actors.staff(request.user))
    except Invalid as problem:
        errors = {name: str(text) for name, text in problem.fields.items()}
        return show(request, found, day.year, day, days.typed(request.POST, errors), status=422)
    return _done(request, found, day)


@require_POST
@for_managers
def remove(request: StaffRequest, calendar: int, day: datetime.date) -> HttpResponse:
    found = _changeable_or_404(calendar, day.year)
    remove_exception(found, day, by=actors.staff(request.user))
    return _done(request, found, day)


def _changeable_or_404(pk: int, year: int) -> Calendar:
    """Of a calendar open day and night no day can differ."""
    found = calendar_or_404(pk)
    if found.always_open or year not in calendar_year.years_to_look_at():
        raise Http404
    return found


def _done(request: StaffRequest, calendar: Calendar, day: datetime.date) -> HttpResponse:
    if request.htmx:
        return show(request, calendar_or_404(calendar.pk), day.year, day)
    address = reverse("workspace:calendar_year", args=[calendar.pk, day.year])
    return redirect(f"{address}?day={day}#cal-day")


def show(
    request: StaffRequest,
    calendar: Calendar,
    year: int,
    chosen: datetime.date | None = None,
    form: DayForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """404 for a year that is not computed with."""
    years = calendar_year.years_to_look_at()
    if year not in years:
        raise Http404
    read = calendar_year.read(calendar)
    context = {
        "calendar": calendar,
        "year": str(year),
        "months": _months(read, year, chosen),
        "weekdays": list(zip(words.weekday_letters(), (name for _number, name in WEEKDAYS), strict=True)),
        "earlier": _address(calendar, year - 1) if year - 1 in years else "",
        "later": _address(calendar, year + 1) if year + 1 in years else "",
        "this_year": "" if year == calendar_year.today(calendar).year else _address(calendar),
        "summary": _summary(read, year),
        "legend": _legend(),
        "country": words.country_name(calendar.holiday_country) if calendar.holiday_country else "",
        "is_known": read.is_country_known(),
        "is_published": read.is_published(year),
        "may_change": access.can(request.user, Capability.CONFIGURE_SERVICE),
        "added": request.GET.get("added", "") if request.GET.get("added", "").isdecimal() else "",
        **_panel(request, read, chosen, form),
    }
    if request.htmx and not request.htmx.history_restore_request:
        return shell.part(request, TEMPLATE, context, status=status)
    title = f"{calendar.name} {year}"
    return shell.page(
        request, "workspace/calendars/page.html", context, title=title, place=PLACE, status=status
    )


def _address(calendar: Calendar, year: int | None = None) -> str:
    if year is None:
        return reverse("workspace:calendar", args=[calendar.pk])
    return reverse("workspace:calendar_year", args=[calendar.pk, year])


def _panel(
    request: StaffRequest, read: Year, chosen: datetime.date | None, form: DayForm | None
) -> dict[str, Any]:
    if chosen is None:
        return {"day": None}
    may_change = access.can(request.user, Capability.CONFIGURE_SERVICE) and not read.calendar.always_open
    offer = (form or days.offered(read, read.day(chosen))) if may_change else None
    return {"day": days.panel(read.calendar, read, chosen, offer)}


def _months(read: Year, year: int, chosen: datetime.date | None) -> list[Month]:
    today, zone = calendar_year.today(read.calendar), ZoneInfo(read.calendar.time_zone)
    cells = {day.date: _cell(day, today, chosen, zone) for day in read.days(year)}
    return [
        Month(
            date_format(datetime.date(year, month, 1), "F"),
            [
                [cells[on] if on.month == month else None for on in week]
                for week in Weeks().monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def _cell(day: Day, today: datetime.date, chosen: datetime.date | None, zone: ZoneInfo) -> Cell:
    change = clock_change(zone, day.date)
    label = "" if day.kind == Kind.WORKED else words.what(day)
    if change:
        label = f"{label or words.what(day)}. {words.clocks(change)}"
    return Cell(
        date=day.date,
        kind=day.kind,
        sign=words.sign(day.kind),
        label=label,
        is_open=bool(day.spans),
        is_today=day.date == today,
        is_chosen=day.date == chosen,
        clocks=change is not None,
    )


def _summary(read: Year, year: int) -> str:
    if read.calendar.always_open:
        return _("Open day and night: neither holidays nor exceptions close it.")
    found = list(read.days(year))
    kinds = Counter(day.kind for day in found)
    return _(
        "Days worked: %(worked)s. Public holidays: %(holidays)s. Make-up working days: %(make_up)s. "
        "Exceptions entered here: %(own)s."
    ) % {
        "worked": sum(bool(day.spans) for day in found),
        "holidays": kinds[Kind.HOLIDAY],
        "make_up": kinds[Kind.MAKE_UP],
        "own": kinds[Kind.OWN],
    }


def _legend() -> list[tuple[str, str, str]]:
    """Class, sign and meaning."""
    return [
        ("worked", "", _("Working day")),
        ("off", "", _("Not a working day")),
        ("holiday", words.sign(Kind.HOLIDAY), _("Public holiday, closed")),
        ("make-up", words.sign(Kind.MAKE_UP), _("Make-up working day")),
        ("own cal-closed", words.sign(Kind.OWN), _("Exception, closed")),
        ("own", words.sign(Kind.OWN), _("Exception, other hours")),
        ("clocks", "◷", _("Clocks are changed")),
        ("today", "", _("Today")),
    ]
