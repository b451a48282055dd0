"""My notices: when I may be told of things by mail, and what I was told lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions.notice_hours import set_notice_choices, set_notice_hours
from accounts.choices import Digest
from accounts.models import User
from helpdesk.lib import clock, zones
from helpdesk.lib.errors import Invalid
from tickets.actions.notices import mark_read, retime
from tickets.choices import NoticeKind
from tickets.models import Notice
from tickets.queries import notices as queries
from tickets.queries.timeline import Names, sentence, who
from tickets.rules.staff_notices import ALWAYS_MAILED, ways_of
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

#: More stand on the page of notices.
BELL = 15
FIELDS = ("time_zone", "quiet_from", "quiet_until", "digest_minutes")


@dataclass(frozen=True)
class Line:
    """A notice as the page shows it. ``waits`` says why it has not left; empty for what is settled."""

    notice: Notice
    why: str
    what: str
    when: str
    waits: str

    @property
    def address(self) -> str:
        """Whoever is alarmed sees the ticket only once they have taken it."""
        if self.notice.kind == NoticeKind.EMERGENCY:
            return reverse("workspace:emergencies")
        return reverse("workspace:ticket", args=[self.notice.ticket.number])


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page()
def notices(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, _present(request.user), saved="saved" in request.GET)
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        _save(request.user, typed, _chosen(request))
    except Invalid as problem:
        errors = {name: str(text) for name, text in problem.fields.items()}
        return _show(request, typed, choices=_chosen(request), errors=errors, status=422)
    return redirect(f"{request.path}?saved=1")


@transaction.atomic
def _save(user: User, typed: Mapping[str, str], choices: Mapping[str, Mapping[str, bool]]) -> None:
    """What is no time of day is told at its field, together with all else that is wrong."""
    times, wrong = {}, {}
    for name in ("quiet_from", "quiet_until"):
        try:
            times[name] = time.fromisoformat(typed[name]) if typed[name] else None
        except ValueError:
            wrong[name] = _("Write a time of day such as 22:30.")
    if wrong:
        raise Invalid(wrong)
    minutes = typed["digest_minutes"]
    set_notice_hours(
        user,
        time_zone=typed["time_zone"],
        digest_minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else -1,
        **times,
    )
    set_notice_choices(user, choices)
    retime(user)


def _chosen(request: StaffRequest) -> dict[str, dict[str, bool]]:
    """A box that is not ticked is not sent: the form is taken as it stands."""
    return {
        kind.value: {way: f"{kind.value}-{way}" in request.POST for way in ("page", "mail")}
        for kind in NoticeKind
    }


def _present(user: User) -> dict[str, str]:
    return {
        "time_zone": user.time_zone,
        "quiet_from": f"{user.quiet_from:%H:%M}" if user.quiet_from else "",
        "quiet_until": f"{user.quiet_until:%H:%M}" if user.quiet_until else "",
        "digest_minutes": str(user.digest_minutes),
    }


def _show(
    request: StaffRequest,
    typed: Mapping[str, str],
    *,
    choices: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    offered = zones.offered()
    known = any(typed["time_zone"] in names for names in offered.values())
    context = {
        "typed": typed,
        "errors": errors or {},
        "saved": saved,
        "zones": offered,
        "other_zone": "" if known else request.user.time_zone,
        "kinds": _kinds(request.user.notice_choices if choices is None else choices),
        "unread": queries.unread_count(request.user),
        "digests": [(str(digest.value), digest.label) for digest in Digest],
        "lines": lines_of(request.user),
    }
    return shell.page(
        request, "workspace/notices.html", context, title=_("My notices"), place="notices", status=status
    )


def _kinds(choices: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": kind.value,
            "title": kind.label,
            "ways": ways_of(kind, choices),
            "always_mailed": kind in ALWAYS_MAILED,
        }
        for kind in NoticeKind
    ]


def lines_of(user: User) -> list[Line]:
    names = Names.load()
    return [_line(notice, user, names) for notice in queries.told(user)]


@require_GET
@workspace_page()
def bell(request: StaffRequest) -> HttpResponse:
    """What is new, within any page."""
    return bell_part(request)


@require_POST
@workspace_page()
def read_notices(request: StaffRequest) -> HttpResponse:
    """Everything, or the one that is named."""
    one = request.POST.get("notice", "")
    mark_read(request.user, notices=[int(one)] if one.isdecimal() and len(one) < 19 else None)
    return bell_part(request) if request.htmx else redirect("workspace:notices")


def bell_part(request: StaffRequest) -> HttpResponse:
    names = Names.load()
    rows = queries.unread(request.user).select_related("event", "ticket")[:BELL]
    context = {
        "lines": [_line(notice, request.user, names) for notice in rows],
        "unread": queries.unread_count(request.user),
    }
    return shell.part(request, "workspace/bell.html", context)


def _line(notice: Notice, person: User, names: Names) -> Line:
    why = str(NoticeKind(notice.kind).label)
    said = f"{who(notice.event)}: {sentence(notice.event, names)}"
    if not notice.by_mail:
        return Line(notice, why, said, _when(notice.created_at, person), "")
    if notice.mailed_at is None:
        return Line(notice, why, said, "", _why_it_waits(notice, person))
    if notice.mail_id is None:
        return Line(notice, why, said, _("no longer needed, so not mailed"), "")
    return Line(notice, why, said, _("mailed %(time)s") % {"time": _when(notice.mailed_at, person)}, "")


def _why_it_waits(notice: Notice, person: User) -> str:
    if notice.ready_at <= clock.now():
        return _("on its way")
    words = {"time": _when(notice.ready_at, person)}
    local = notice.ready_at.astimezone(ZoneInfo(person.time_zone))
    if person.quiet_until is not None and local.time() == person.quiet_until:
        return _("waits: after quiet hours, %(time)s") % words
    return _("waits: with the next digest, %(time)s") % words


def _when(at: datetime, person: User) -> str:
    """A time of day, and the day if it is not today; by the person's own clock."""
    zone = ZoneInfo(person.time_zone)
    local, today = at.astimezone(zone), clock.now().astimezone(zone).date()
    return date_format(local, "H:i" if local.date() == today else "SHORT_DATETIME_FORMAT")
