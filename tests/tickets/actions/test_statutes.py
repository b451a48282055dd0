"""Examples of statutory times: entered once, switched off, never longer than the law."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Brand
from tickets.actions.statutes import load_statutes
from tickets.choices import Complaints, Counting
from tickets.models import Calendar, SlaPolicy, SlaTarget
from tickets.queries.calendars import working_calendar
from tickets.queries.promises import policies
from tickets.rules import sla
from tickets.rules.sla import Run

pytestmark = pytest.mark.django_db

DAY = 24 * 60


def test_it_works() -> None:
    made = load_statutes()
    assert len(made) == SlaPolicy.objects.count() >= 6
    for policy in made:
        policy.full_clean()
        assert policy.is_statutory
        assert not policy.is_active
        assert policy.pauses_on == []
        assert policy.complaints == Complaints.ONLY
        assert "legal counsel" in policy.remark
        assert "法律顾问" in policy.remark
        target = policy.targets.get()
        assert target.priority is None
        assert (policy.calendar is not None) == (target.counting == Counting.WORKING)
        for step in policy.steps.all():
            step.full_clean()
    assert policies() == []


def test_again_it_makes_nothing_and_leaves_what_an_operator_changed(brand: Brand) -> None:
    changed = load_statutes()[0]
    changed.is_active = True
    changed.save()
    changed.targets.update(minutes=20 * DAY)
    changed.brands.set([brand])
    assert load_statutes() == []
    changed.refresh_from_db()
    assert changed.is_active
    assert changed.brands.get() == brand
    assert changed.targets.get().minutes == 20 * DAY


def test_what_was_removed_comes_again_alone() -> None:
    gone = load_statutes()[2]
    gone.delete()
    assert [policy.name for policy in load_statutes()] == [gone.name]
    assert Calendar.objects.filter(holiday_country="GB").count() == 1


def test_two_months_are_never_longer_than_the_shortest_two() -> None:
    load_statutes()
    target = SlaTarget.objects.get(policy__name__contains="MiCA")
    assert target.minutes == 59 * DAY


def test_working_days_are_whole_days_of_the_country() -> None:
    load_statutes()
    policy = SlaPolicy.objects.get(name__contains="UK payment")
    assert policy.calendar is not None
    assert (policy.calendar.holiday_country, policy.calendar.holiday_region) == ("GB", "ENG")
    monday = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    run = Run(policy.targets.get().minutes * 60, 0, monday)
    assert sla.due_at(working_calendar(policy.calendar), run) == datetime(2026, 3, 23, 10, 30, tzinfo=UTC)
    # Nothing runs on a Saturday: the first of the days is Monday.
    saturday = Run(15 * DAY * 60, 0, datetime(2026, 3, 7, 23, 0, tzinfo=UTC))
    due = sla.due_at(working_calendar(policy.calendar), saturday)
    assert due is not None
    assert due.date() <= date(2026, 3, 28)


def test_the_command_lists_what_it_made() -> None:
    out = StringIO()
    call_command("load_statutes", stdout=out)
    assert all(name in out.getvalue() for name in SlaPolicy.objects.values_list("name", flat=True))
    again = StringIO()
    call_command("load_statutes", stdout=again)
    assert "nothing was changed" in again.getvalue()
