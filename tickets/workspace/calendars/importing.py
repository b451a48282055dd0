"""Days from a calendar file: read, looked through by a person, then taken over."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions.calendars import DayThatDiffers, add_exceptions
from tickets.models import Calendar
from tickets.queries import calendar_year
from tickets.queries.calendar_year import Kind as DayKind
from tickets.queries.calendar_year import Year
from tickets.rules.calendar_file import MAX_BYTES
from tickets.rules.calendar_import import MAX_DAYS, Imported, ImportedDay, Kind, read
from tickets.rules.opening_hours import times
from tickets.workspace import shell
from tickets.workspace.calendars import words
from tickets.workspace.calendars.year import PLACE, calendar_or_404
from tickets.workspace.guard import StaffRequest, workspace_page

LEAVE_OUT = "leave_out"
#: The present year and so many after it.
YEARS_AHEAD = 3
for_managers = workspace_page(Capability.CONFIGURE_SERVICE)


@dataclass(frozen=True)
class Row:
    """A day of the file beside what the calendar holds of it now; ``choice`` is what is proposed."""

    iso: str
    date: str
    name: str
    now: str
    choice: str
    guessed: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def upload(request: StaffRequest, calendar: int) -> HttpResponse:
    found = _importing_or_404(calendar)
    if request.method != "POST":
        return _ask(request, found)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise Invalid({"file": _("Choose a calendar file (.ics).")})
        imported = read(file.read(MAX_BYTES + 1), years=_years(found))
    except Invalid as problem:
        return _ask(request, found, error=str(problem.fields.get("file", problem.message)))
    return _preview(request, found, imported)


@require_POST
@for_managers
def confirm(request: StaffRequest, calendar: int) -> HttpResponse:
    found = _importing_or_404(calendar)
    try:
        days = _chosen(request.POST, calendar_year.read(found), _years(found))
        count = add_exceptions(found, days, by=actors.staff(request.user))
    except Invalid as problem:
        return _ask(request, found, error=" ".join(str(text) for text in problem.fields.values()))
    year = min((day.date.year for day in days), default=calendar_year.today(found).year)
    return redirect(f"{reverse('workspace:calendar_year', args=[found.pk, year])}?added={count}")


def _importing_or_404(pk: int) -> Calendar:
    """Of a calendar open day and night no day can differ."""
    found = calendar_or_404(pk)
    if found.always_open:
        raise Http404
    return found


def _years(calendar: Calendar) -> range:
    present = calendar_year.today(calendar).year
    return range(present, present + YEARS_AHEAD + 1)


def _ask(request: StaffRequest, calendar: Calendar, *, error: str = "") -> HttpResponse:
    years = _years(calendar)
    context = {"calendar": calendar, "error": error, "first": str(years[0]), "last": str(years[-1])}
    return _page(request, calendar, "upload.html", context, status=422 if error else 200)


def _preview(request: StaffRequest, calendar: Calendar, imported: Imported) -> HttpResponse:
    year = calendar_year.read(calendar)
    rows = [_row(year, day) for day in imported.days]
    context = {
        "calendar": calendar,
        "imported": imported,
        "rows": rows,
        "fresh": sum(row.choice != LEAVE_OUT for row in rows),
        "guesses": sum(row.guessed for row in rows),
        "days": json.dumps([[row.iso, row.name] for row in rows], ensure_ascii=False),
        "choices": [
            (Kind.CLOSED.value, _("closed all day")),
            (Kind.WORKED.value, _("worked as a weekday")),
            (LEAVE_OUT, _("leave out")),
        ],
    }
    return _page(request, calendar, "preview.html", context)


def _page(
    request: StaffRequest, calendar: Calendar, name: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    title = _("Import a calendar file")
    template = f"workspace/calendars/{name}"
    return shell.page(request, template, context, title=title, place=PLACE, status=status)


def _row(year: Year, day: ImportedDay) -> Row:
    """What is so already, and what somebody entered by hand, is proposed to be left as it is."""
    now = year.day(day.date)
    wanted_open = day.kind == Kind.WORKED
    settled = now.kind == DayKind.OWN or bool(now.spans) == wanted_open
    return Row(
        iso=str(day.date),
        date=words.full_date(day.date),
        name=day.name,
        now=words.what(now),
        choice=LEAVE_OUT if settled else day.kind.value,
        guessed=day.guessed and not settled,
    )


def _chosen(data: QueryDict, year: Year, years: range) -> list[DayThatDiffers]:
    """The days of the preview as they were decided. Invalid when the form was tampered with."""
    try:
        listed = [
            (datetime.date.fromisoformat(iso), str(name)) for iso, name in json.loads(str(data["days"]))
        ]
    except (KeyError, ValueError, TypeError, RecursionError):
        listed = []
    if not listed or len(listed) > MAX_DAYS or any(day.year not in years for day, _name in listed):
        raise Invalid({"file": _("The list of days did not arrive whole. Choose the file again.")})
    decided = [(day, name, data.get(f"choice-{day}", LEAVE_OUT)) for day, name in listed]
    return [_decided(year, *one) for one in decided if one[2] in (Kind.CLOSED.value, Kind.WORKED.value)]


def _decided(year: Year, day: datetime.date, name: str, choice: str) -> DayThatDiffers:
    reason = name.strip() or _("Imported day")
    if choice == Kind.CLOSED.value:
        return DayThatDiffers(day, reason)
    spans = year.like_a_weekday(day)
    if not spans:
        raise Invalid({"file": _("This calendar has no working hours yet: enter them first.")})
    return DayThatDiffers(day, reason, tuple(times(*span) for span in spans))
