"""What telling a story looks up, read from the database once: people, categories, promises."""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import Role
from tickets.models import Calendar, Category, EscalationStep, SlaPolicy
from tickets.queries.calendars import calendar_for, working_calendar
from tickets.queries.categories import policy_of, route_of, with_lineage
from tickets.rules.business_time import WorkingCalendar
from tickets.rules.routing import Route


@dataclass(frozen=True)
class Promise:
    """The policy that holds for a brand's cases of one category, with the hours it counts in."""

    policy: SlaPolicy
    calendar: Calendar
    hours: WorkingCalendar
    #: Priority, then kind, to working seconds.
    targets: dict[int, dict[str, int]]
    steps: dict[str, list[EscalationStep]]


@dataclass
class Desk:
    brands: dict[str, Brand]
    customers: dict[str, Customer]
    staff: dict[str, User]
    teams: dict[int, Team]
    categories: dict[str, Category]
    _routes: dict[str, Route] = field(default_factory=dict)
    _promises: dict[tuple[str, int | None], Promise | None] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Desk:
        staff = User.objects.exclude(role=Role.CUSTOMER).order_by("pk")
        return cls(
            brands={brand.slug: brand for brand in Brand.objects.all()},
            customers={row.email: row for row in Customer.objects.select_related("user").exclude(email="")},
            staff={user.email: user for user in staff},
            teams={team.pk: team for team in Team.objects.all()},
            categories={row.slug: row for row in Category.objects.select_related(*with_lineage())},
        )

    def route(self, category: str) -> Route:
        if category not in self._routes:
            self._routes[category] = route_of(self.categories[category])
        return self._routes[category]

    def promise(self, brand: str, category: str) -> Promise | None:
        # By policy: many categories share one.
        key = (brand, self.route(category).policy_id)
        if key not in self._promises:
            self._promises[key] = self._read_promise(brand, category)
        return self._promises[key]

    def _read_promise(self, brand: str, category: str) -> Promise | None:
        policy = policy_of(self.categories[category])
        if policy is None:
            return None
        calendar = policy.calendar or calendar_for(team_id=None, brand_id=self.brands[brand].pk)
        targets: dict[int, dict[str, int]] = {}
        for target in policy.targets.all():
            targets.setdefault(target.priority, {})[target.kind] = target.minutes * 60
        steps: dict[str, list[EscalationStep]] = {}
        for step in policy.steps.all():
            steps.setdefault(step.kind, []).append(step)
        return Promise(policy, calendar, working_calendar(calendar), targets, steps)

    def brand_hours(self, brand: str) -> WorkingCalendar:
        return working_calendar(calendar_for(team_id=None, brand_id=self.brands[brand].pk))

    def workers(self, brand: str, category: str) -> list[str]:
        """The agents who may be given such a case."""
        team, brand_id = self.route(category).team_id, self.brands[brand].pk
        return [
            user.email
            for user in self.staff.values()
            if user.role == Role.AGENT and brand_id in user.brand_ids and team in user.team_ids
        ]

    def leads(self, brand_id: int, team_id: int | None) -> list[User]:
        """Whom an escalation tells as the team's lead."""
        leads = self._of_brand(Role.LEAD, brand_id)
        return [lead for lead in leads if team_id is None or team_id in lead.team_ids] or leads

    def managers(self, brand_id: int) -> list[User]:
        return self._of_brand(Role.MANAGER, brand_id)

    def _of_brand(self, role: Role, brand_id: int) -> list[User]:
        return [
            user
            for user in self.staff.values()
            if user.role == role and user.is_active and brand_id in user.brand_ids
        ]
