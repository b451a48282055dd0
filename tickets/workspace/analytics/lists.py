"""The cases behind a number: which number, read from the address; page by page, or all as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q
from django.http import Http404
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.rules.capabilities import Role
from helpdesk.lib.defang import defanged_links
from helpdesk.lib.spreadsheets import Value
from tickets.choices import TimerKind
from tickets.models import Category, SlaPolicy, Ticket
from tickets.models.tickets import TicketQuerySet
from tickets.queries.analytics.behind import NONE, Selection, metrics, tickets_behind
from tickets.rules.analytics import AGE_BOUNDS
from tickets.workspace.analytics import words
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.analytics.volume import AGES

PAGE = 50
NAMES = ("metric", "on", "hour", "topic", "agent", "age", "older", "policy", "kind", "outcome", "when")
OUTCOMES = ("kept", "broken", "running", "settled")
HEADS = (
    gettext_lazy("Number"),
    gettext_lazy("Subject"),
    gettext_lazy("Brand"),
    gettext_lazy("Category"),
    gettext_lazy("Status"),
    gettext_lazy("Assignee"),
    gettext_lazy("Opened"),
    gettext_lazy("First reply"),
    gettext_lazy("Solved"),
)


def selection(asked: Mapping[str, str], filters: Filters) -> Selection:
    """Http404 for what is no number of the page."""
    metric = asked.get("metric", "")
    if metric not in metrics():
        raise Http404
    try:
        return Selection(
            metric=metric,
            days=days(asked.get("on", "")),
            **_hour(asked.get("hour", "")),
            topic=topic(asked.get("topic", ""), filters),
            agent=_agent(asked.get("agent", "")),
            age=_group(asked.get("age", "")),
            older=_group(asked.get("older", "")),
            policy=SlaPolicy.objects.get(pk=int(asked["policy"])) if asked.get("policy") else None,
            kind=TimerKind(asked["kind"]) if asked.get("kind") else None,
            outcome=_outcome(asked.get("outcome", "")),
        )
    except (ValueError, OverflowError, SlaPolicy.DoesNotExist, User.DoesNotExist) as nonsense:
        raise Http404 from nonsense


def days(text: str) -> tuple[date, date] | None:
    if not text:
        return None
    first, _dots, last = text.partition("..")
    days = parse_date(first), parse_date(last or first)
    if days[0] is None or days[1] is None:
        raise ValueError(text)
    return days[0], days[1]


def _hour(text: str) -> dict[str, int]:
    if not text:
        return {}
    weekday, _dash, hour = text.partition("-")
    return {"weekday": int(weekday), "hour": int(hour)}


def topic(slug: str, filters: Filters) -> Category | str | None:
    if slug in ("", NONE):
        return slug or None
    found = next((row for row in filters.tree.by_id.values() if row.slug == slug), None)
    if found is None:
        raise ValueError(slug)
    return found


def _agent(text: str) -> User | str | None:
    if text in ("", NONE):
        return text or None
    return User.objects.exclude(role=Role.CUSTOMER).get(pk=int(text))


def _group(text: str) -> int | None:
    if not text:
        return None
    group = int(text)
    if not 0 <= group <= len(AGE_BOUNDS):
        raise ValueError(text)
    return group


def _outcome(text: str) -> str:
    if text and text not in OUTCOMES:
        raise ValueError(text)
    return text


def rows(asked: Mapping[str, str], filters: Filters) -> TicketQuerySet:
    scope = filters.scope.earlier() if asked.get("when") == "before" else filters.scope
    found = tickets_behind(scope, selection(asked, filters))
    return found.order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Page:
    tickets: list[Ticket]
    total: int
    after: str


def page(found: TicketQuerySet, after: str) -> Page:
    """A page's worth, from behind the ticket that ``after`` names: as quick at the end as at the start."""
    shown = found.select_related("brand", "category__parent", "assignee", "customer")
    if after:
        shown = shown.filter(_behind(after))
    tickets = list(shown[: PAGE + 1])
    more = len(tickets) > PAGE
    last = tickets[PAGE - 1] if more else None
    return Page(tickets[:PAGE], found.count(), _mark(last) if last else "")


def _mark(ticket: Ticket) -> str:
    """Where a page ended, as it may stand in an address."""
    return f"{ticket.created_at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z~{ticket.pk}"


def _behind(after: str) -> Q:
    moment, _mark, pk = after.partition("~")
    try:
        created_at: datetime | None = parse_datetime(moment)
        last = int(pk)
    except ValueError as nonsense:
        raise Http404 from nonsense
    if created_at is None or timezone.is_naive(created_at):
        raise Http404
    return Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=last)


def csv_rows(found: TicketQuerySet, filters: Filters, language: str) -> Iterator[list[Value]]:
    zone = filters.scope.period.tzinfo

    def moment(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""

    for ticket in found.select_related("brand", "category__parent", "assignee").iterator(chunk_size=1000):
        # The response may be read after the request's language is gone.
        with translation.override(language):
            yield [
                ticket.display_number,
                defanged_links(ticket.subject),
                str(ticket.brand),
                str(ticket.category or ""),
                ticket.get_status_display(),
                ticket.assignee.display_name if ticket.assignee else "",
                moment(ticket.created_at),
                moment(ticket.first_response_at),
                moment(ticket.solved_at),
            ]


METRIC_NAMES = {
    "opened": gettext_lazy("Opened"),
    "solved": gettext_lazy("Solved"),
    "first_replies": gettext_lazy("First replies"),
    "first_replies_timed": gettext_lazy("First replies with a working time"),
    "solutions_timed": gettext_lazy("Solutions with a working time"),
    "open": gettext_lazy("Open now"),
    "backlog": gettext_lazy("Open at the end"),
    "promises": gettext_lazy("Promises"),
    "reopened": gettext_lazy("Opened again"),
    "solved_once": gettext_lazy("Solved at least once"),
}
#: The term that explains the metric, for the head of the list.
METRIC_TERMS = {
    "opened": "opened",
    "solved": "solved",
    "first_replies": "first_reply_wall",
    "first_replies_timed": "first_reply_working",
    "solutions_timed": "solution_working",
    "open": "open_now",
    "backlog": "backlog",
    "promises": "kept",
    "reopened": "reopened",
    "solved_once": "solved_once",
}


def parts_in_words(chosen: Selection, *, is_earlier: bool) -> list[str]:
    """What part of the number was clicked."""
    told: list[str] = [_("the period before")] if is_earlier else []
    if chosen.days:
        told.append(" – ".join(dict.fromkeys(words.full_day(day) for day in chosen.days)))
    if chosen.weekday is not None and chosen.hour is not None:
        told.append(f"{WEEKDAYS.get(chosen.weekday, '')} {chosen.hour:02d}:00")
    if chosen.topic:
        told.append(_("no category") if chosen.topic == NONE else str(chosen.topic))
    if chosen.agent:
        told.append(_("assigned to nobody") if chosen.agent == NONE else str(chosen.agent))
    if chosen.age is not None:
        told.append(str(AGES[chosen.age]))
    if chosen.older:
        told.append(_("older than %(days)s days") % {"days": AGE_BOUNDS[chosen.older - 1]})
    if chosen.policy:
        told.append(str(chosen.policy))
    if chosen.kind:
        told.append(str(chosen.kind.label))
    outcomes = {
        "kept": _("kept"),
        "broken": _("broken"),
        "running": _("still running"),
        "settled": _("kept or broken"),
    }
    return told + ([outcomes[chosen.outcome]] if chosen.outcome else [])
