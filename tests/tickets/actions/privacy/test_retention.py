"""Which cases the rules are about, what a dry run says, and that holds are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, User
from helpdesk.lib import clock
from helpdesk.lib.errors import NotAllowed
from tests.planted import NAME, Planted
from tickets import actors
from tickets.actions.privacy import holds, retention
from tickets.choices import PrivacyState
from tickets.models import Category, Message, PrivacyRequest, RetentionRule, RetentionRun, Ticket
from tickets.queries.retention import cases_by_rule
from tickets.rules.personal_data.scrubbing import MARK
from tickets.tasks.privacy import start_retention, work_privacy

pytestmark = pytest.mark.django_db
Run = Callable[..., int]


@pytest.fixture
def old(planted: Planted) -> Planted:
    """Both cases were closed, one 400 days ago, one 100."""
    for ticket, days in zip(planted.tickets, (400, 100), strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(closed_at=clock.now() - timedelta(days=days))
    return planted


def work() -> RetentionRun:
    while retention.work():
        pass
    return RetentionRun.objects.latest("pk")


def test_a_dry_run_says_how_many_and_which_and_changes_nothing(old: Planted, officer: User) -> None:
    rule = RetentionRule.objects.create(days=365, is_active=True)
    RetentionRule.objects.create(days=1, category=Category.objects.create(slug="x"), is_active=True)
    run = retention.look(by=actors.staff(officer))
    assert run.is_dry
    assert run.counts[str(rule.pk)] == 1
    assert run.numbers == [old.tickets[0].number]
    assert not Message.objects.filter(body=MARK).exists()


def test_carried_out_it_empties_the_case_and_keeps_the_customer(old: Planted, officer: User) -> None:
    rule = RetentionRule.objects.create(days=365, is_active=True)
    retention.ask(by=actors.staff(officer))
    run = work()
    assert (run.counts, run.state) == ({str(rule.pk): 1}, "done")
    first, second = (Ticket.objects.get(pk=ticket.pk) for ticket in old.tickets)
    assert first.erased_at
    assert first.subject == MARK
    assert not second.erased_at
    assert NAME in second.subject
    old.customer.refresh_from_db()
    assert old.customer.name == NAME
    assert AuditEntry.objects.get(kind=AuditKind.RETENTION_RUN).data["counts"] == run.counts
    retention.ask(by=actors.staff(officer))
    assert work().total == 0


def test_the_rule_that_names_most_decides(
    old: Planted, brand: Brand, other_brand: Brand, category: Category
) -> None:
    below = Category.objects.create(slug="below", parent=category, name_zh="下", name_en="Below")
    Ticket.objects.filter(pk=old.tickets[1].pk).update(category=below)
    all_of_it = RetentionRule.objects.create(days=50, is_active=True)
    by_category = RetentionRule.objects.create(days=500, category=category, is_active=True)
    by_brand = RetentionRule.objects.create(days=50, brand=brand, is_active=True)
    found = {rule.pk: list(cases) for rule, cases in cases_by_rule()}
    assert found == {by_category.pk: [], by_brand.pk: [], all_of_it.pk: []}
    deeper = RetentionRule.objects.create(days=50, category=below, is_active=True)
    keys = {rule.pk: [case.pk for case in cases] for rule, cases in cases_by_rule()}
    assert keys[deeper.pk] == [old.tickets[1].pk]
    by_category.delete()
    keys = {rule.pk: [case.pk for case in cases] for rule, cases in cases_by_rule()}
    assert keys[by_brand.pk] == [old.tickets[0].pk]
    assert keys[all_of_it.pk] == []


def test_what_a_hold_keeps_is_kept_and_counted(old: Planted, officer: User) -> None:
    RetentionRule.objects.create(days=50, is_active=True)
    by = actors.staff(officer)
    holds.hold(ticket=old.tickets[0], reason="A lawsuit", until=None, by=by)
    assert retention.look(by=by).held == 1
    retention.ask(by=by)
    run = work()
    assert (run.total, run.held) == (1, 1)
    assert not Ticket.objects.get(pk=old.tickets[0].pk).erased_at


def test_with_their_last_case_the_person_goes_too(old: Planted, run_out: Run) -> None:
    RetentionRule.objects.create(days=50, with_person=True, is_active=True)
    retention.ask(by=actors.system("retention"))
    assert work().people == 1
    run_out()
    request = PrivacyRequest.objects.get()
    assert (request.state, request.by_themself, request.asked_by) == (PrivacyState.DONE, False, None)
    old.customer.refresh_from_db()
    assert (old.customer.name, old.customer.email) == ("", "")
    assert request.answer is None  # nobody asked, nobody is told


def test_at_night_it_runs_by_itself_where_there_are_rules(old: Planted) -> None:
    start_retention()
    assert not RetentionRun.objects.exists()
    RetentionRule.objects.create(days=365, is_active=True)
    start_retention()
    start_retention()
    assert RetentionRun.objects.count() == 1
    work_privacy()
    assert RetentionRun.objects.get().state == "done"


def test_agents_have_no_say_in_it(agent: User) -> None:
    with pytest.raises(NotAllowed):
        retention.look(by=actors.staff(agent))
    with pytest.raises(NotAllowed):
        retention.ask(by=actors.staff(agent))


def test_two_at_once_are_one(officer: User) -> None:
    retention.ask(by=actors.staff(officer))
    with pytest.raises(retention.UnderWay):
        retention.ask(by=actors.staff(officer))
