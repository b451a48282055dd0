"""How well: reply and solution times, promises, reopened cases."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helpdesk.lib import charts
from tickets.choices import TimerKind
from tickets.queries.analytics.numbers import Quantiles, Speed
from tickets.rules import analytics as rules
from tickets.workspace.analytics import words
from tickets.workspace.analytics.desk import Desk
from tickets.workspace.analytics.parts import Cell, Number, Section, Table, counted, share_cell


def speed(desk: Desk, kind: TimerKind) -> Section:
    """One kind of time: in working time and by the wall, median and ninth tenth."""
    is_reply = kind == TimerKind.FIRST_RESPONSE
    name = "first_reply" if is_reply else "solution"
    both = desk.report.happened.first_reply if is_reply else desk.report.happened.solution
    metrics = ("first_replies_timed", "first_replies") if is_reply else ("solutions_timed", "solved")
    now, before = both[True], both[False]
    lines = [
        (_("Working time"), f"{name}_working", metrics[0], now.promised, now.working, before.working, False),
        (_("By the clock"), f"{name}_wall", metrics[1], now.count, now.wall, before.wall, True),
    ]
    heads = [
        desk.head(_("Measured in")),
        desk.head(_("Cases")),
        desk.head(_("Median"), "median"),
        desk.head(_("9 in 10 within"), "p90"),
        desk.head(_("Median before"), "period"),
        desk.head(_("9 in 10 before"), "period"),
    ]
    rows = [
        [
            Cell(label),
            counted(count, desk.link(metric)),
            *_quantile_cells(found, desk.link(metric), days),
            *_quantile_cells(old, desk.link(metric, when="before"), days),
        ]
        for label, _term, metric, count, found, old, days in lines
    ]
    return Section(
        "first-reply" if is_reply else "solution",
        _("How soon is the first reply?") if is_reply else _("How soon is it solved?"),
        _speed_title(is_reply, now),
        Table(heads, rows),
        "spans",
        chart=[
            (
                label,
                desk.number(
                    words.duration(found.median, days=days),
                    desk.link(metric),
                    term,
                    "median",
                    compared=_before(desk, words.duration(old.median, days=days)),
                ),
                desk.number(
                    words.duration(found.p90, days=days),
                    desk.link(metric),
                    term,
                    "p90",
                    compared=_before(desk, words.duration(old.p90, days=days)),
                ),
                *charts.lengths([found.median or 0, found.p90 or 0, _longest(now)])[:2],
            )
            for label, term, metric, _count, found, old, days in lines
        ],
        is_empty=not now.count,
    )


def _longest(found: Speed) -> int:
    return max(found.wall.p90 or 0, found.working.p90 or 0)


def _before(desk: Desk, text: str) -> str:
    return _("From %(first)s to %(last)s: %(value)s.") % {"value": text, **desk.days_before}


def _quantile_cells(found: Quantiles, href: str, days: bool) -> list[Cell]:
    return [
        Cell(
            words.duration(value, days=days),
            href if value is not None else "",
            "" if value is None else value,
        )
        for value in (found.median, found.p90)
    ]


def _speed_title(is_reply: bool, now: Speed) -> str:
    if not now.count:
        return _("No first reply was given") if is_reply else _("Nothing was solved")
    found = now.working if now.promised else now.wall
    text = words.duration(found.median, days=not now.promised)
    if is_reply:
        return _("Half of the first replies came within %(time)s") % {"time": text}
    return _("Half of the solutions came within %(time)s") % {"time": text}


KINDS = (TimerKind.FIRST_RESPONSE, TimerKind.RESOLUTION)


def kept_share(desk: Desk, kind: TimerKind, *, is_now: bool = True) -> float | None:
    kept, broken, _running = desk.report.happened.kept(kind, is_now=is_now)
    return rules.share(kept, kept + broken)


def kept_number(desk: Desk, kind: TimerKind) -> Number:
    now, before = kept_share(desk, kind), kept_share(desk, kind, is_now=False)
    told = _("%(change)s; from %(first)s to %(last)s it was %(value)s.") % {
        "change": words.points(now, before),
        "value": words.percent(before),
        **desk.days_before,
    }
    href = desk.link("promises", kind=kind.value, outcome="settled")
    return desk.number(words.percent(now), href, "kept", "broken", compared=told)


def promises(desk: Desk) -> Section:
    found = [row for row in desk.report.happened.promises if row.is_now]
    found.sort(key=lambda row: (KINDS.index(row.kind), desk.policies[row.policy_id][0]))
    shares = {kind: words.percent(kept_share(desk, kind)) for kind in KINDS}
    title = _("Kept: first reply %(reply)s, solution %(solution)s") % {
        "reply": shares[KINDS[0]],
        "solution": shares[KINDS[1]],
    }
    heads = [
        desk.head(_("Promise")),
        desk.head(_("Policy")),
        desk.head(_("Kept"), "kept"),
        desk.head(_("Broken"), "broken"),
        desk.head(_("Still running"), "running"),
        desk.head(_("Share kept"), "kept"),
    ]
    rows, chart = [], []
    for row in found:
        counts = {"kept": row.kept, "broken": row.broken, "running": row.running}
        name, policy = str(row.kind.label), desk.policies[row.policy_id][0]
        links = {
            outcome: desk.link("promises", kind=row.kind.value, policy=row.policy_id, outcome=outcome)
            for outcome in (*counts, "settled")
        }
        part = rules.share(row.kept, row.kept + row.broken)
        cells = [counted(count, links[outcome]) for outcome, count in counts.items()]
        last = share_cell(part, links["settled"])
        rows.append([Cell(name), Cell(policy), *cells, last])
        chart.append((name, policy, words.percent(part), _segments(counts, links)))
    return Section(
        "promises",
        _("Do we keep our promises?"),
        title,
        Table(heads, rows),
        "stacks",
        numbers=[(kind.label, kept_number(desk, kind)) for kind in KINDS],
        chart=chart,
        is_empty=not found,
        is_wide=True,
    )


def _segments(counts: dict[str, int], links: dict[str, str]) -> list[tuple[charts.Segment, str, str]]:
    names = [name for name, count in counts.items() if count]
    drawn = charts.segments(list(counts.values()))
    return [(segment, name, links[name]) for segment, name in zip(drawn, names, strict=True)]


def reopened(desk: Desk) -> Section:
    report = desk.report
    pairs = [(report.reopened.now, report.solved_once[0]), (report.reopened.before, report.solved_once[1])]
    names, whens = [_("This period"), _("The period before")], ["", "before"]
    shares = [rules.share(*pair) for pair in pairs]
    links = [
        {
            metric: desk.link(metric, **({"when": when} if when else {}))
            for metric in ("reopened", "solved_once")
        }
        for when in whens
    ]
    rows = [
        [
            Cell(names[at]),
            counted(pairs[at][1], links[at]["solved_once"]),
            counted(pairs[at][0], links[at]["reopened"]),
            share_cell(shares[at], links[at]["reopened"]),
        ]
        for at in range(2)
    ]
    heads = [
        desk.head(_("Period"), "period"),
        desk.head(_("Solved at least once"), "solved_once"),
        desk.head(_("Opened again"), "reopened"),
        desk.head(_("Share opened again"), "reopened"),
    ]
    title = (
        _("%(part)s of the solved cases were opened again") % {"part": words.percent(shares[0])}
        if pairs[0][1]
        else _("Nothing was solved")
    )
    return Section(
        "reopened",
        _("Do our solutions hold?"),
        title,
        Table(heads, rows),
        "bars",
        chart=[
            (names[at], width, words.percent(shares[at]), links[at]["reopened"], "", 0)
            for at, width in enumerate(charts.lengths([share or 0 for share in shares]))
        ],
        is_empty=not any(whole for _part, whole in pairs),
    )
