"""The page of promises put together: the answer in sentences, then the sections."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.choices import BreachCause
from tickets.workspace.analytics import words
from tickets.workspace.analytics.parts import Section
from tickets.workspace.analytics.promises import causes, kept, outlook, statutes
from tickets.workspace.analytics.promises.desk import UNKNOWN, PromiseDesk

BUILDERS = {
    "outlook": outlook.section,
    "by-policy": kept.by_policy,
    "by-cause": causes.by_cause,
    "by-day": kept.by_day,
    "by-team": causes.by_team,
    "by-category": causes.by_category,
    "statutes": statutes.statutes,
}
#: Each cause as it stands in the middle of a sentence.
BECAUSE = {
    BreachCause.NOBODY: gettext_lazy("nobody had the case"),
    BreachCause.HANDED_AROUND: gettext_lazy("the case was moved between teams"),
    BreachCause.THIRD_PARTY: gettext_lazy("the case waited for a third party"),
    BreachCause.SHORTENED: gettext_lazy("the promise became shorter"),
    BreachCause.REOPENED: gettext_lazy("the case had been opened again"),
    BreachCause.TAKEN_LATE: gettext_lazy("somebody took the case late"),
    BreachCause.ANSWERED_LATE: gettext_lazy("whoever had the case was late"),
}


def build(desk: PromiseDesk, key: str) -> Section:
    """One section by its key; KeyError when there is none."""
    return BUILDERS[key](desk)


def lasting_sections(desk: PromiseDesk) -> list[Section]:
    """All but the outlook, which is swapped for a newer one while the page is open."""
    return [build(desk, key) for key in BUILDERS if key != "outlook"]


def sentences(desk: PromiseDesk) -> list[SafeString]:
    """What a manager would tell another in the lift."""
    told = [_kept(desk), _why(desk), _law(desk)]
    return [sentence for sentence in told if sentence is not None]


def _kept(desk: PromiseDesk) -> SafeString:
    now, before = desk.report.ours.whole()
    if not now.decided:
        return format_html("{}", _("No promise was kept or broken in this period."))
    text = (
        _("{share} of {decided} promises were kept; in the period before it was {before}.")
        if before.decided
        else _("{share} of {decided} promises were kept.")
    )
    return format_html(
        text,
        share=desk.share_number(now, before),
        decided=desk.number(words.number(now.decided), desk.link("decided"), "decided"),
        before=desk.number(
            words.percent(kept.share(before)), desk.link("decided", when="before"), "decided_share", "period"
        ),
    )


def _why(desk: PromiseDesk) -> SafeString | None:
    """The cause met most often, of those that are known."""
    found = desk.report.ours.causes
    known = [cause for cause in BECAUSE if found.get(cause, (0, 0))[0]]
    whole = sum(now for now, _before in found.values())
    if not whole:
        return None
    if not known:
        link = desk.link("decided", outcome="broken", cause=UNKNOWN)
        number = desk.number(words.number(whole), link, "decided_broken", "cause")
        return format_html(_("{number} were broken; why, is not known of any."), number=number)
    first = max(known, key=lambda cause: found[cause][0])
    now, before = found[first]
    number = desk.number(
        words.number(now),
        desk.link("decided", outcome="broken", cause=first.value),
        "cause",
        compared=_("Because of this in the period before: %(before)s.") % {"before": words.number(before)},
    )
    text = (
        _("Most were broken because {cause}: {number} of {whole}.")
        if 2 * now > whole
        else _("Most often one was broken because {cause}: {number} of {whole}.")
    )
    broken = desk.number(words.number(whole), desk.link("decided", outcome="broken"), "decided_broken")
    return format_html(text, cause=BECAUSE[first], number=number, whole=broken)


def _law(desk: PromiseDesk) -> SafeString | None:
    found = desk.report.statutes.values()
    waiting, overdue = sum(row.open for row in found), sum(row.overdue for row in found)
    if not waiting:
        return None
    number = desk.number(words.number(waiting), desk.link("statutory"), "statute_open")
    nearest = min((row.nearest_due for row in found if row.nearest_due), default=None)
    if not overdue:
        when = desk.moment(nearest) if nearest else words.NOTHING
        return format_html(
            _("{number} times set by law are open, none overdue; the next falls due {when}."),
            number=number,
            when=when,
        )
    late = desk.number(words.number(overdue), desk.link("statutory", outcome="overdue"), "statute_overdue")
    return format_html(
        _("{number} times set by law are open, {overdue} of them overdue."), number=number, overdue=late
    )
