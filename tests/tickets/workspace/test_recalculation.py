"""The page of recalculations: see what would move, ask for it, watch it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Brand, Team, User
from helpdesk.lib import clock
from tests.times import shanghai
from tickets import actors
from tickets.actions import preview, recalculation
from tickets.actions.recalculation import request
from tickets.choices import RunState, TimerKind
from tickets.models import Recalculation, SlaPolicy, SlaTarget, Ticket

LogIn = Callable[[User], Client]
MORNING = shanghai(2, 9)
NOW = MORNING + timedelta(minutes=10)


def page(name: str = "recalculation") -> str:
    return reverse(f"workspace:{name}")


@pytest.fixture
def opened(make_ticket: Callable[..., Ticket], policy: SlaPolicy) -> Ticket:
    """Promised more generously when it was opened than the policy says now."""
    with clock.frozen(MORNING):
        made = make_ticket()
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=240)
    return made


def test_nothing_is_computed_before_it_is_asked_for(log_in: LogIn, manager: User, opened: Ticket) -> None:
    shown = log_in(manager).get(page()).content.decode()
    assert "Show what would move" in shown
    assert "Apply to all open cases" not in shown


def test_the_preview(log_in: LogIn, manager: User, opened: Ticket) -> None:
    with clock.frozen(NOW):
        shown = log_in(manager).get(page() + "?preview=1").content.decode()
    for words in (
        "1 open case was looked at.",
        "1 case would get new due times.",
        opened.display_number,
        "Mon 2 Mar 17:00",
        "Mon 2 Mar 13:00",
        "4 h earlier",
        "Apply to all open cases",
    ):
        assert words in shown, words
    assert not Recalculation.objects.exists()
    assert Ticket.objects.get().due_at == shanghai(2, 10)


def test_nothing_would_move(log_in: LogIn, manager: User, ticket: Ticket) -> None:
    shown = log_in(manager).get(page() + "?preview=1").content.decode()
    assert "No due time would move." in shown


def test_of_one_policy(log_in: LogIn, manager: User, opened: Ticket, policy: SlaPolicy) -> None:
    other = SlaPolicy.objects.create(name="Nobody’s", position=2000)
    client = log_in(manager)
    with clock.frozen(NOW):
        assert (
            "No due time would move." in client.get(f"{page()}?preview=1&policy={other.pk}").content.decode()
        )
        shown = client.get(f"{page()}?preview=1&policy={policy.pk}").content.decode()
    assert "Apply to the open cases of “Standard”" in shown
    client.post(page("recalculate"), {"policy": policy.pk})
    assert Recalculation.objects.get().policy == policy


def test_cases_of_others_are_counted_and_not_named(
    log_in: LogIn,
    manager: User,
    administrator: User,
    opened: Ticket,
    other_brand: Brand,
    make_ticket: Callable[..., Ticket],
    policy: SlaPolicy,
) -> None:
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=480)
    with clock.frozen(MORNING):
        theirs = make_ticket(brand=other_brand, subject="Somebody else’s trouble")
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=240)
    with clock.frozen(NOW):
        ours = log_in(manager).get(page() + "?preview=1").content.decode()
        every = log_in(administrator).get(page() + "?preview=1").content.decode()
    assert "2 cases would get new due times." in ours
    assert opened.display_number in ours
    assert theirs.display_number not in ours
    assert "Somebody else" not in ours
    assert "1 clock more belongs to cases that you do not see" in ours
    assert theirs.display_number in every


def test_a_sample_says_that_it_is_one(
    log_in: LogIn,
    manager: User,
    make_ticket: Callable[..., Ticket],
    policy: SlaPolicy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preview, "EXACT", 2)
    with clock.frozen(MORNING):
        for _number in range(6):
            make_ticket()
    SlaTarget.objects.filter(policy=policy, kind=TimerKind.RESOLUTION).update(minutes=240)
    with clock.frozen(NOW):
        shown = log_in(manager).get(page() + "?preview=1").content.decode()
    assert "2 of 6 open cases were looked at, one in 3;" in shown
    assert "Of all open cases that would be about 6." in shown


def test_it_is_asked_for_and_watched(log_in: LogIn, manager: User, opened: Ticket) -> None:
    client = log_in(manager)
    answer = client.post(page("recalculate"), {"policy": ""}, follow=True)
    shown = answer.content.decode()
    assert "You can leave this page" in shown
    run = Recalculation.objects.get()
    assert (run.state, run.requested_by, run.policy) == (RunState.QUEUED, manager, None)
    progress = f"{page('recalculation_progress')}?run={run.pk}"
    assert f'hx-get="{progress}"' in shown
    assert "Apply to all" not in client.get(page() + "?preview=1").content.decode()
    with clock.frozen(NOW):
        recalculation.work()
        half = client.get(progress, headers={"hx-request": "true"}).content.decode()
        assert "100 %. Cases looked at: 1; with a new due time: 1." in half
        recalculation.work()
        done = client.get(progress, headers={"hx-request": "true"}).content.decode()
    assert "The recalculation is done. Cases looked at: 1; with a new due time: 1." in done
    assert "hx-trigger" not in done
    assert "Max" in done


def test_how_far_it_is(
    log_in: LogIn, manager: User, make_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalculation, "BATCH", 1)
    for _number in range(4):
        make_ticket()
    request(policy=None, by=actors.staff(manager))
    recalculation.work()
    shown = log_in(manager).get(page("recalculation_progress")).content.decode()
    assert 'value="25"' in shown


def test_a_second_one_is_refused_in_words(log_in: LogIn, manager: User, opened: Ticket) -> None:
    client = log_in(manager)
    client.post(page("recalculate"), {"policy": ""})
    answer = client.post(page("recalculate"), {"policy": ""})
    assert answer.status_code == 409
    assert "under way already" in answer.content.decode()
    assert Recalculation.objects.count() == 1


@pytest.mark.parametrize("policy", ["999", "x", "-1", "99999999999999999999"])
def test_of_a_policy_that_is_not_there(log_in: LogIn, manager: User, brand: Brand, policy: str) -> None:
    client = log_in(manager)
    assert client.get(f"{page()}?policy={policy}").status_code == 404
    assert client.post(page("recalculate"), {"policy": policy}).status_code == 404
    assert not Recalculation.objects.exists()


def test_nobody_else(
    log_in: LogIn, agent: User, lead: User, officer: User, team: Team, opened: Ticket
) -> None:
    for user in (agent, lead, officer):
        client = log_in(user)
        assert client.get(page() + "?preview=1").status_code == 403
        assert client.get(page("recalculation_progress")).status_code == 403
        assert client.post(page("recalculate")).status_code == 403
    assert not Recalculation.objects.exists()


def test_it_is_no_get(log_in: LogIn, manager: User) -> None:
    assert log_in(manager).get(page("recalculate")).status_code == 405
