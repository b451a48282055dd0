"""The page put together: the answer in sentences, then the sections."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.choices import TimerKind
from tickets.models import SlaPolicy
from tickets.queries.analytics.numbers import Report
from tickets.rules import analytics as rules
from tickets.workspace.analytics import agents, categories, service, volume, words
from tickets.workspace.analytics.categories import category_rows
from tickets.workspace.analytics.desk import Desk, compared_count
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.analytics.parts import Ids, Section

BUILDERS = {
    "flow": volume.flow,
    "backlog": volume.backlog,
    "age": volume.age,
    "categories": categories.categories,
    "first-reply": lambda desk: service.speed(desk, TimerKind.FIRST_RESPONSE),
    "solution": lambda desk: service.speed(desk, TimerKind.RESOLUTION),
    "reopened": service.reopened,
    "promises": service.promises,
    "hours": volume.hours,
    "agents": agents.agents,
}


def desk(filters: Filters, report: Report, path: str) -> Desk:
    """``path`` is where the lists of cases are."""
    people = {pk for pk in (*report.open_by_agent, *report.happened.by_agent) if pk is not None}
    policies = {row.policy_id for row in report.happened.promises}
    return Desk(
        filters,
        lambda metric, **part: filters.address(path, metric=metric, **part),
        Ids(),
        report,
        {user.pk: user.display_name for user in User.objects.filter(pk__in=people)},
        {row.pk: (row.name, str(row.pk)) for row in SlaPolicy.objects.filter(pk__in=policies)},
    )


def build(desk: Desk, key: str) -> Section:
    """One section by its key; KeyError when there is none."""
    return BUILDERS[key](desk)


def all_sections(desk: Desk) -> list[Section]:
    return [build(desk, key) for key in BUILDERS]


def sentences(desk: Desk) -> list[SafeString]:
    """What a manager would tell another in the lift."""
    told = [_flow(desk), _mover(desk), _waiting(desk), _replies(desk), _promises(desk)]
    return [sentence for sentence in told if sentence is not None]


def _flow(desk: Desk) -> SafeString:
    happened = desk.report.happened
    opened = desk.number(
        words.number(happened.opened[0]),
        desk.link("opened"),
        "opened",
        "period",
        compared=compared_count(desk, happened.opened),
    )
    solved = desk.number(
        words.number(happened.solved[0]),
        desk.link("solved"),
        "solved",
        "period",
        compared=compared_count(desk, happened.solved),
    )
    return format_html(
        _("{opened} cases were opened, {compared}; {solved} were solved."),
        opened=opened,
        compared=words.compared(*happened.opened),
        solved=solved,
    )


def _mover(desk: Desk) -> SafeString | None:
    """The category that moved most, of those side by side."""
    depth = 1 if desk.filters.scope.category else 0
    rows = {category: pair for at, category, pair in category_rows(desk) if at == depth}
    category = rules.most_changed(rows)
    if category is None:  # nothing moved, or what moved has no category
        return None
    pair = rows[category]
    grown = rules.change(*pair) or 0
    number = desk.number(
        f"{abs(round(100 * grown)):,}%",
        desk.link("opened", topic=category.slug),
        "by_category",
        "period",
        compared=compared_count(desk, pair),
    )
    text = (
        _("{category} is up {part} on the period before, from {before} to {now}.")
        if grown > 0
        else _("{category} is down {part} on the period before, from {before} to {now}.")
    )
    return format_html(
        text, category=category.name, part=number, before=words.number(pair[1]), now=words.number(pair[0])
    )


def _waiting(desk: Desk) -> SafeString:
    report = desk.report
    if not report.open_now:
        return format_html("{}", _("Nothing is open now."))
    number = desk.number(words.number(report.open_now), desk.link("open"), "open_now")
    oldest = desk.number(
        words.number(sum(report.open_by_age[3:])), desk.link("open", older=3), "open_now", "age"
    )
    return format_html(_("{open} are open now, {old} of them for more than 7 days."), open=number, old=oldest)


def _replies(desk: Desk) -> SafeString | None:
    now, before = desk.report.happened.first_reply[True], desk.report.happened.first_reply[False]
    if not now.promised:
        return None
    href = desk.link("first_replies_timed")
    compared = _("Median in the period before: %(value)s.") % {"value": words.duration(before.working.median)}
    compared_p90 = _("In the period before: %(value)s.") % {"value": words.duration(before.working.p90)}
    return format_html(
        _("Half of the first replies came within {median} of working time, nine in ten within {p90}."),
        median=desk.number(
            words.duration(now.working.median), href, "median", "first_reply_working", compared=compared
        ),
        p90=desk.number(
            words.duration(now.working.p90), href, "p90", "first_reply_working", compared=compared_p90
        ),
    )


def _promises(desk: Desk) -> SafeString | None:
    if all(service.kept_share(desk, kind) is None for kind in service.KINDS):
        return None
    return format_html(
        _("The promise of a first reply was kept in {reply} of cases, of a solution in {solution}."),
        reply=service.kept_number(desk, TimerKind.FIRST_RESPONSE),
        solution=service.kept_number(desk, TimerKind.RESOLUTION),
    )
