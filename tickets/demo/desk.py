"""What telling a story looks up, read from the database once: people, categories, promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from tickets.models import Calendar, Category, EscalationStep, SlaPolicy, Ticket, Timer
from tickets.queries import promises as promised
from tickets.queries.categories import route_of, with_lineage
from tickets.queries.promises import Calendars, Promise
from tickets.queries.staff import Staff
from tickets.rules.policies import Case, Terms
from tickets.rules.routing import Route

IDS_AT_ONCE = 1000


def reserved_ids() -> Iterator[int]:
    """Ids of clocks to come, taken from the table's own sequence: nobody else is given them."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [Timer._meta.db_table, IDS_AT_ONCE],
            )
            rows = cursor.fetchall()
        yield from (pk for (pk,) in rows)


@dataclass
class Desk:
    brands: dict[str, Brand]
    customers: dict[str, Customer]
    staff: dict[str, User]
    teams: dict[int, Team]
    categories: dict[str, Category]
    policies: dict[int, SlaPolicy]
    calendars: dict[int, Calendar]
    steps: dict[int, EscalationStep]
    #: The policies as values, in the order in which they are asked, and whose hours count.
    terms: list[Terms]
    hours: Calendars
    told: Staff = field(default_factory=Staff)
    #: Events name the clock they are about, and are told before any row is written.
    timer_ids: Iterator[int] = field(default_factory=reserved_ids)
    _routes: dict[str, Route] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Desk:
        staff = User.objects.exclude(role=Role.CUSTOMER).order_by("pk")
        return cls(
            brands={brand.slug: brand for brand in Brand.objects.all()},
            customers={row.email: row for row in Customer.objects.select_related("user").exclude(email="")},
            staff={user.email: user for user in staff},
            teams={team.pk: team for team in Team.objects.all()},
            categories={row.slug: row for row in Category.objects.select_related(*with_lineage())},
            policies=SlaPolicy.objects.in_bulk(),
            calendars=Calendar.objects.in_bulk(),
            steps=EscalationStep.objects.select_related("person", "team").in_bulk(),
            terms=promised.policies(),
            hours=Calendars(),
        )

    def route(self, category: str) -> Route:
        if category not in self._routes:
            self._routes[category] = route_of(self.categories[category])
        return self._routes[category]

    def team(self, slug: str) -> Team:
        return next(team for team in self.teams.values() if team.slug == slug)

    def promises(self, case: Case, team_id: int | None) -> list[Promise]:
        return promised.promises(case, team_id=team_id, known=self.terms, calendars=self.hours)

    def promises_to(self, ticket: Ticket) -> list[Promise]:
        return self.promises(promised.case_of(ticket), ticket.team_id)

    def at_hand(self, timer: Timer) -> Timer:
        """The same clock, its policy and calendar at hand: reading them would cost a query for each of thousands."""
        timer.policy = self.policies[timer.policy_id]
        timer.calendar = self.calendars[timer.calendar_id] if timer.calendar_id is not None else None
        return timer

    def workers(self, brand: str, category: str) -> list[str]:
        """The agents who may be given such a case."""
        team_id, brand_id = self.route(category).team_id, self.brands[brand].pk
        return [
            user.email
            for user in self.staff.values()
            if user.role == Role.AGENT and brand_id in user.brand_ids and team_id in user.team_ids
        ]
