"""What the page about the classifier shows: how good it is on tickets it has not seen, and whether agents agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.lib import clock
from tickets.models import Category, Classifier
from tickets.queries import suggestions, training
from tickets.queries.suggestions import Adoption

DAYS = 30
#: Shades of the confusion table: share of a row at least so large.
SHADES = (0.01, 0.1, 0.3, 0.6, 0.85)

STEP_WORDS: Mapping[str, Promise] = {
    "asked": gettext_lazy("Waiting for the worker"),
    "reading": gettext_lazy("Reading solved tickets and examples"),
    "calibrating": gettext_lazy("Measuring how sure it may be"),
    "fitting": gettext_lazy("Learning from all of them"),
    "judging": gettext_lazy("Judging tickets it has not seen"),
}


@dataclass(frozen=True)
class Row:
    """One category, or all together: counts of unseen tickets as shares."""

    name: str
    counts: Mapping[str, int]

    @property
    def texts(self) -> int:
        return self.counts["texts"]

    @property
    def right(self) -> str:
        return share(self.counts["right"], self.texts)

    @property
    def top3(self) -> str:
        return share(self.counts["top3"], self.texts)

    @property
    def unsure(self) -> str:
        return share(self.counts["unsure"], self.texts)

    @property
    def sure_right(self) -> str:
        return share(self.counts["sure_and_right"], self.texts - self.counts["unsure"])

    @property
    def bar(self) -> int:
        return round(100 * self.counts["right"] / self.texts) if self.texts else 0


@dataclass(frozen=True)
class Cell:
    count: int
    shade: int
    is_right: bool


@dataclass(frozen=True)
class Line:
    """One row of the confusion table: what those tickets were taken for."""

    place: int
    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Training:
    """One line of the list of trainings."""

    row: Classifier

    @property
    def right(self) -> str:
        return share(self.row.report.get("right", 0), self.row.report.get("texts", 0))

    @property
    def bar(self) -> int:
        texts = self.row.report.get("texts", 0)
        return round(100 * self.row.report.get("right", 0) / texts) if texts else 0

    @property
    def verdict(self) -> str:
        before = self.row.report.get("before")
        if self.row.is_in_use:
            return _("in use")
        if self.row.report.get("kept_back") and before:
            told = {"share": share(before["right"], before["texts"])}
            return _("not put in use: the one before had %(share)s right on the same tickets") % told
        return _("replaced")


def share(part: int, whole: int) -> str:
    """ "87.5 %", or a dash where there is nothing to count."""
    return f"{number_format(round(100 * part / whole, 1), 1)} %" if whole else "—"


def context() -> dict[str, Any]:
    trainings = suggestions.trainings()
    current = next((row for row in trainings if row.is_in_use), None) or suggestions.in_use()
    taken = suggestions.adoption(clock.now() - timedelta(days=DAYS))
    shown: dict[str, Any] = {
        "classifier": current,
        "trainings": [Training(row) for row in trainings],
        "taken": taken,
        "days": DAYS,
        "sentences": sentences(current, taken),
        **progress(),
    }
    if current is not None:
        names = {row.slug: row.name for row in Category.objects.all()}
        shown |= {
            "rows": rows_of(current, names),
            "total": Row(_("All"), current.report),
            "lines": confusion(current.report, names),
            "by_cross_validation": current.report["judged_on"] != "held_out",
            "outside": current.report["out_of_scope"],
            "outside_caught": share(*(current.report["out_of_scope"][key] for key in ("caught", "texts"))),
            "threshold": f"{100 * current.threshold:.0f} %",
        }
    return shown


def rows_of(current: Classifier, names: Mapping[str, str]) -> list[Row]:
    """A category each, those with most tickets first."""
    rows = [Row(names.get(slug, slug), counts) for slug, counts in current.report["categories"].items()]
    return sorted(rows, key=lambda row: (-row.texts, row.name))


def progress() -> dict[str, Any]:
    """Which steps are done, which is going on; empty while nothing is."""
    step = training.step()
    if step is None:
        return {"step": None}
    place = training.STEPS.index(step)
    steps = [
        {"words": STEP_WORDS[name], "is_done": at < place, "is_now": at == place}
        for at, name in enumerate(training.STEPS)
    ]
    return {"step": step, "steps": steps}


def sentences(current: Classifier | None, taken: Adoption) -> list[str]:
    """The answer first."""
    if current is None:
        return [
            _("No classifier has been trained yet. The background worker trains the first one by itself.")
        ]
    row = Row("", current.report)
    told = {"texts": row.texts, "right": row.right, "top3": row.top3, "unsure": row.unsure}
    if current.report["judged_on"] == "held_out":
        first = _(
            "Of %(texts)s tickets it has not seen, its first suggestion was right for %(right)s, one of its three for "
            "%(top3)s. It was unsure of %(unsure)s."
        )
    else:
        first = _(
            "Too few solved tickets to judge it by. On %(texts)s texts of its lessons that were hidden from it, its "
            "first suggestion was right for %(right)s, one of three for %(top3)s; it was unsure of %(unsure)s."
        )
    said = [first % told]
    if taken.judged:
        share_of = {
            "first": share(taken.first, taken.judged - taken.unsure),
            "judged": taken.judged,
            "days": DAYS,
        }
        said.append(
            _(
                "In the last %(days)s days %(judged)s tickets with a suggestion were solved; where it was sure, "
                "%(first)s ended in the category it had put first."
            )
            % share_of
        )
    return said


def confusion(report: Mapping[str, Any], names: Mapping[str, str]) -> list[Line]:
    """Square: the same categories down (what they were) and across (what they were taken for)."""
    counts = {(truth, guess): count for truth, guess, count in report["confusion"]}
    slugs = sorted({slug for pair in counts for slug in pair}, key=lambda slug: names.get(slug, slug))
    lines = []
    for place, truth in enumerate(slugs, 1):
        whole = sum(counts.get((truth, guess), 0) for guess in slugs)
        cells = [_cell(counts.get((truth, guess), 0), whole, truth == guess) for guess in slugs]
        lines.append(Line(place, names.get(truth, truth), cells))
    return lines


def _cell(count: int, whole: int, is_right: bool) -> Cell:
    part = count / whole if whole else 0.0
    return Cell(count, sum(part >= least for least in SHADES), is_right)
