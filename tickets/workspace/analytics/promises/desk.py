"""What every section of the page of promises is built from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Team
from tickets.choices import BreachCause, TimerKind
from tickets.models import SlaPolicy
from tickets.queries.analytics.behind import NONE
from tickets.queries.analytics.decided import Given, Outcome, PromiseReport
from tickets.queries.analytics.outlook import Prospect
from tickets.rules import analytics as rules
from tickets.workspace.analytics import words
from tickets.workspace.analytics.desk import Frame
from tickets.workspace.analytics.filters import Filters
from tickets.workspace.analytics.parts import Ids, Number

#: Stands in an address for broken promises without a known cause.
UNKNOWN = "unknown"
KINDS = list(TimerKind)


@dataclass(frozen=True)
class PromiseDesk(Frame):
    report: PromiseReport
    prospect: Prospect
    #: In the order in which they are asked.
    policies: dict[int, str]
    teams: dict[int, Team]

    def ordered(self, given: Iterable[Given]) -> list[Given]:
        """By what is promised, then by policy."""
        places = {pk: place for place, pk in enumerate(self.policies)}
        return sorted(given, key=lambda row: (KINDS.index(row.kind), places[row.policy_id]))

    def policy(self, given: Given) -> str:
        return self.policies[given.policy_id]

    def of(self, given: Given) -> dict[str, str | int]:
        """How a link says which promise."""
        return {"kind": given.kind.value, "policy": given.policy_id}

    def team_name(self, pk: int | None) -> str:
        return self.teams[pk].name if pk is not None else _("No team")

    def crew(self, pk: int | None) -> str:
        """How a link says which team."""
        return self.teams[pk].slug if pk is not None else NONE

    def moment(self, at: datetime) -> str:
        return words.moment(at, self.filters.scope.period.tzinfo)

    def share_number(self, now: Outcome, before: Outcome, **part: str | int) -> Number:
        """The share kept, with what it was in the period before."""
        shares = [rules.share(outcome.kept, outcome.decided) for outcome in (now, before)]
        told = _("%(change)s; from %(first)s to %(last)s it was %(value)s.") % {
            "change": words.points(*shares),
            "value": words.percent(shares[1]),
            **self.days_before,
        }
        href = self.link("decided", **part)
        return self.number(words.percent(shares[0]), href, "decided_share", "decided", compared=told)


def promise_desk(
    filters: Filters, report: PromiseReport, prospect: Prospect, path: str, ids: Ids
) -> PromiseDesk:
    """``path`` is where the lists of promises are."""
    return PromiseDesk(
        filters,
        lambda metric, **part: filters.address(path, metric=metric, **part),
        ids,
        report,
        prospect,
        dict(SlaPolicy.objects.order_by("position", "pk").values_list("pk", "name")),
        {team.pk: team for team in Team.objects.all()},
    )


def cause_name(cause: str) -> str:
    return str(BreachCause(cause).label) if cause else _("unknown")
