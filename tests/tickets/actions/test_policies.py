"""A new version of a policy: from when it holds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import Brand, User
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.cast import step_of
from tests.times import shanghai
from tickets import actors
from tickets.actions.policies import new_version
from tickets.choices import Complaints, Counting, EscalationAct, Priority, TimerKind
from tickets.models import Category, SlaPolicy, SlaTarget, Ticket, Timer

MOMENT = shanghai(16, 0)


def test_it_works(policy: SlaPolicy, category: Category, brand: Brand, manager: User) -> None:
    step_of(policy, TimerKind.RESOLUTION, at_percent=80, act=EscalationAct.TELL_PERSON, person=manager)
    policy.brands.set([brand])
    policy.categories.set([category])
    policy.priorities, policy.complaints, policy.remark = [Priority.HIGH], Complaints.NOT, "Agreed in March."
    policy.save()
    made = new_version(policy, valid_from=MOMENT, by=actors.staff(manager))
    policy.refresh_from_db()
    assert (policy.valid_from, policy.valid_until) == (None, MOMENT)
    assert (made.valid_from, made.valid_until, made.replaces) == (MOMENT, None, policy)
    for name in ("name", "position", "is_active", "priorities", "complaints", "pauses_on", "remark"):
        assert getattr(made, name) == getattr(policy, name), name
    assert (list(made.brands.all()), list(made.categories.all())) == ([brand], [category])
    what = ("kind", "priority", "minutes", "counting")
    assert list(made.targets.values_list(*what)) == list(policy.targets.values_list(*what))
    says = ("kind", "at_percent", "after_minutes", "act", "person", "text")
    assert list(made.steps.values_list(*says)) == list(policy.steps.values_list(*says))
    assert made.steps.count() == 7


def test_cases_opened_before_keep_the_old_one_and_later_ones_get_the_new(
    policy: SlaPolicy, manager: User, make_ticket: Callable[..., Ticket]
) -> None:
    before = make_ticket(opened_at=MOMENT - timedelta(seconds=1))
    due = before.due_at
    made = new_version(policy, valid_from=MOMENT, by=actors.staff(manager))
    SlaTarget.objects.filter(policy=made).update(minutes=10, counting=Counting.ELAPSED)
    on_time, later = make_ticket(opened_at=MOMENT), make_ticket(opened_at=MOMENT + timedelta(hours=1))
    still_before = make_ticket(opened_at=MOMENT - timedelta(seconds=1))
    held = dict(Timer.objects.values_list("ticket_id", "policy_id"))
    assert held == {before.pk: policy.pk, still_before.pk: policy.pk, on_time.pk: made.pk, later.pk: made.pk}
    before.refresh_from_db()
    assert before.due_at == due


def test_between_two_versions(policy: SlaPolicy, manager: User) -> None:
    by = actors.staff(manager)
    last = new_version(policy, valid_from=MOMENT, by=by)
    between = new_version(policy, valid_from=MOMENT - timedelta(days=7), by=by)
    policy.refresh_from_db()
    ends = [row.valid_until for row in (policy, between, last)]
    assert ends == [MOMENT - timedelta(days=7), MOMENT, None]


@pytest.mark.parametrize("away", [timedelta(0), -timedelta(seconds=1), -timedelta(days=400)])
def test_not_before_the_old_one_begins(policy: SlaPolicy, manager: User, away: timedelta) -> None:
    policy.valid_from = MOMENT
    policy.save()
    with pytest.raises(Invalid) as refused:
        new_version(policy, valid_from=MOMENT + away, by=actors.staff(manager))
    assert set(refused.value.fields) == {"valid_from"}
    assert SlaPolicy.objects.count() == 1


@pytest.mark.parametrize("away", [timedelta(0), timedelta(days=1)])
def test_not_after_it_ended(policy: SlaPolicy, manager: User, away: timedelta) -> None:
    """Asked for twice at once, the second comes to a version that ends at this very moment."""
    new_version(policy, valid_from=MOMENT, by=actors.staff(manager))
    with pytest.raises(Invalid):
        new_version(policy, valid_from=MOMENT + away, by=actors.staff(manager))
    assert SlaPolicy.objects.count() == 2


def test_nobody_else(policy: SlaPolicy, agent: User, lead: User, officer: User) -> None:
    for user in (agent, lead, officer):
        with pytest.raises(NotAllowed):
            new_version(policy, valid_from=MOMENT, by=actors.staff(user))
    policy.refresh_from_db()
    assert (SlaPolicy.objects.count(), policy.valid_until) == (1, None)
