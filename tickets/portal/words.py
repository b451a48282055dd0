"""Where a case stands, in words for its customer: never the status's own name, always what comes next and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.lib import clock
from tickets.choices import Status, TimerKind
from tickets.models import Ticket
from tickets.queries import removed_secrets
from tickets.queries.customer_page import Promise
from tickets.rules.secrets.words import Advice, advice_for

WEEKDAYS_AHEAD = 6
#: So long the page of a case says what to do about a secret that was sent.
ADVISED = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """``tone`` chooses the colour: calm, ask (your turn), late, done."""

    tone: str
    headline: str
    detail: str


def advice_on(ticket: Ticket) -> list[Advice]:
    """What the customer must do about secrets that they sent us lately."""
    return advice_for(removed_secrets.sent_by_customer(ticket, since=clock.now() - ADVISED))


def standing(ticket: Ticket, promise: Promise | None) -> Standing:
    status = Status(ticket.status)
    if status == Status.PENDING:
        return Standing(
            "ask",
            _("We need something from you"),
            _("Please read our last message and answer below. We go on as soon as we hear from you."),
        )
    if status == Status.SOLVED:
        return Standing("done", _("We think this is solved"), _until_reopening_ends(ticket))
    if status == Status.CLOSED:
        return Standing("done", _("This case is closed"), _until_reopening_ends(ticket))
    if promise is not None and promise.due_at < clock.now():
        return Standing("late", _("We are late, and we are sorry"), _late(promise))
    if status == Status.ON_HOLD:
        return Standing("calm", _("We are waiting for somebody else"), _on_hold(promise))
    if ticket.first_response_at is None:
        return Standing("calm", _("We have your message"), _in_hand(promise))
    return Standing("calm", _("We are working on it"), _in_hand(promise))


def merged(into: Ticket) -> Standing:
    """For a case that was put together with another of the same customer."""
    detail = _(
        "It is about the same matter as your case {number}. We put the two together; nothing of it is lost."
    )
    return Standing(
        "calm", _("We go on with this in another case of yours"), detail.format(number=into.display_number)
    )


def _in_hand(promise: Promise | None) -> str:
    if promise is None:
        return _("We answer as soon as we can.")
    if promise.kind == TimerKind.FIRST_RESPONSE:
        return format_html(_("We answer by {when}."), when=moment(promise.due_at))
    return format_html(_("We aim to have it solved by {when}."), when=moment(promise.due_at))


def _on_hold(promise: Promise | None) -> str:
    start = _("A bank or a partner has to act first. We write to you as soon as we hear from them.")
    return format_html("{} {}", start, _in_hand(promise)) if promise else start


def _late(promise: Promise) -> str:
    return format_html(
        _("We had promised {when}. Your case has moved up, and nothing of it is lost."),
        when=moment(promise.due_at),
    )


def _until_reopening_ends(ticket: Ticket) -> str:
    ended = ticket.solved_at or ticket.closed_at
    last_day = ended + timedelta(days=settings.REOPEN_DAYS) if ended else None
    if last_day is None or last_day < clock.now():
        return _("If something is still wrong, write below: we open a new case that follows this one.")
    return format_html(
        _("If something is still wrong, write below until {when}, and we go on with it."), when=day(last_day)
    )


def in_brief(ticket: Ticket) -> tuple[str, str]:
    """(tone, two or three words) for a list of cases."""
    words = {
        Status.NEW: ("calm", _("We have your message")),
        Status.OPEN: ("calm", _("We are working on it")),
        Status.PENDING: ("ask", _("Waiting for you")),
        Status.ON_HOLD: ("calm", _("Waiting for somebody else")),
        Status.SOLVED: ("done", pgettext("a case", "Solved")),
        Status.CLOSED: ("done", pgettext("a case", "Closed")),
    }
    if ticket.merged_into_id is not None:
        return ("calm", _("Goes on in another case"))
    return words[Status(ticket.status)]


def moment(at: datetime) -> SafeString:
    """``<time>``: "18:00 today", "Monday 10:00"; the date and the zone on hover."""
    local = timezone.localtime(at)
    return _tag(local, _near(local) or _("{date}, {time}").format(date=_date(local), time=_clock(local)))


def day(at: datetime) -> SafeString:
    local = timezone.localtime(at)
    return _tag(local, _date(local))


def stamp(at: datetime) -> SafeString:
    """When something was said: the date, and the year only when it is another one."""
    local = timezone.localtime(at)
    return _tag(local, _("{date}, {time}").format(date=_date(local), time=_clock(local)))


def _near(local: datetime) -> str:
    days = (local.date() - timezone.localtime(clock.now()).date()).days
    if days == 0:
        return _("{time} today").format(time=_clock(local))
    if days == 1:
        return _("{time} tomorrow").format(time=_clock(local))
    if 1 < days <= WEEKDAYS_AHEAD:
        return _("{weekday} {time}").format(weekday=date_format(local, "l"), time=_clock(local))
    return ""


def _date(local: datetime) -> str:
    this_year = local.year == timezone.localtime(clock.now()).year
    # Translators: Django's date format of a day in this year, then with the year.
    return date_format(local, _("j F") if this_year else _("j F Y"))


def _clock(local: datetime) -> str:
    return local.strftime("%H:%M")


def _tag(local: datetime, words: str) -> SafeString:
    title = f"{date_format(local, 'Y-m-d H:i')} {timezone.get_current_timezone_name()}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), title, words)
