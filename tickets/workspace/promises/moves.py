"""What a recalculation would move, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tickets.actions.foresight import Change, Move
from tickets.actions.preview import Count, Preview
from tickets.choices import TimerKind
from tickets.queries.moments import Moments
from tickets.workspace import words

NAMES = {
    Move.EARLIER: gettext_lazy("due earlier"),
    Move.LATER: gettext_lazy("due later"),
    Move.APPEARS: pgettext_lazy("clock", "new"),
    Move.ENDS: gettext_lazy("end"),
    Move.STANDS_STILL: gettext_lazy("stand still from now on"),
    Move.GOES_ON: gettext_lazy("go on"),
    Move.STAYS: gettext_lazy("other terms, same due time"),
}
#: What a table of brands has a column for.
COLUMNS = (Move.EARLIER, Move.LATER, Move.APPEARS, Move.ENDS)


@dataclass(frozen=True)
class Row:
    change: Change
    moments: Moments

    @property
    def before(self) -> str:
        return self._at(self.change.before)

    @property
    def after(self) -> str:
        return self._at(self.change.after)

    def _at(self, moment: datetime | None) -> str:
        """To the minute."""
        return self.moments.at(moment.replace(second=0, microsecond=0)) if moment else "–"

    @property
    def kind(self) -> str:
        return str(TimerKind(self.change.kind).label)

    @property
    def move(self) -> str:
        """How far, where it can be said; else what happens."""
        if self.change.move == Move.EARLIER:
            return _("%(span)s earlier") % {"span": words.span(self.change.by)}
        if self.change.move == Move.LATER:
            return _("%(span)s later") % {"span": words.span(self.change.by)}
        return str(NAMES[self.change.move])


@dataclass(frozen=True)
class Shown:
    seen: Preview

    @property
    def at(self) -> datetime:
        return self.seen.at

    @property
    def sentences(self) -> list[str]:
        """The answer first."""
        return list(self._sentences())

    def _sentences(self) -> Iterator[str]:
        seen, whole = self.seen, self.seen.whole
        if seen.is_sample:
            told = _(
                "%(looked)s of %(all)s open cases were looked at, one in %(step)s; the figures are of these."
            )
            yield told % {"looked": seen.looked_at, "all": seen.open_cases, "step": seen.step}
        else:
            told = ngettext(
                "%(count)s open case was looked at.", "%(count)s open cases were looked at.", seen.looked_at
            )
            yield told % {"count": seen.looked_at}
        if not whole.moved_cases:
            yield _("No due time would move.")
            return
        told = ngettext(
            "%(count)s case would get new due times.",
            "%(count)s cases would get new due times.",
            whole.moved_cases,
        )
        yield told % {"count": whole.moved_cases}
        if seen.is_sample:
            yield _("Of all open cases that would be about %(count)s.") % {
                "count": whole.moved_cases * seen.step
            }

    @property
    def overdue(self) -> str:
        if not self.seen.overdue:
            return ""
        told = ngettext(
            "%(count)s clock would be overdue at once.",
            "%(count)s clocks would be overdue at once.",
            self.seen.overdue,
        )
        return told % {"count": self.seen.overdue}

    @property
    def hidden(self) -> str:
        if not self.seen.hidden:
            return ""
        told = ngettext(
            "%(count)s clock more belongs to cases that you do not see; it is counted, but not listed.",
            "%(count)s clocks more belong to cases that you do not see; they are counted, but not listed.",
            self.seen.hidden,
        )
        return told % {"count": self.seen.hidden}

    @property
    def without_calendar(self) -> str:
        if not self.seen.without_calendar:
            return ""
        told = ngettext(
            "%(count)s case has no working hours: its brand has no calendar. It stays as it is.",
            "%(count)s cases have no working hours: their brands have no calendar. They stay as they are.",
            self.seen.without_calendar,
        )
        return told % {"count": self.seen.without_calendar}

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [
            (str(name), self.seen.whole.clocks[move])
            for move, name in NAMES.items()
            if self.seen.whole.clocks[move]
        ]

    @property
    def heads(self) -> list[str]:
        return [str(NAMES[move]) for move in COLUMNS]

    @property
    def brands(self) -> list[tuple[str, Count, list[int]]]:
        return [
            (name, count, [count.clocks[move] for move in COLUMNS])
            for name, count in sorted(self.seen.by_brand.items(), key=lambda pair: -pair[1].moved_cases)
        ]

    @property
    def rows(self) -> list[Row]:
        zone = get_current_timezone()
        assert isinstance(zone, ZoneInfo)
        moments = Moments(zone, self.seen.at.astimezone(zone).year)
        return [Row(change, moments) for change in self.seen.biggest]


def shown(seen: Preview) -> Shown:
    return Shown(seen)
