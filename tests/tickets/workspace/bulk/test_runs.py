"""One's own bulk acts: listed, looked at, stopped, undone; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.text import capfirst

from accounts.models import User
from helpdesk.lib import clock
from tickets import actors
from tickets.actions.bulk import begin, work, work_off
from tickets.choices import BulkAct, Priority
from tickets.models import BulkItem, BulkRun, Ticket

Make = Callable[..., Ticket]


@pytest.fixture
def run(make_ticket: Make, agent: User) -> BulkRun:
    pks = [make_ticket().pk for _ in range(3)]
    return begin(pks, act=BulkAct.PRIORITY, data={"priority": "low"}, by=actors.staff(agent))


def test_listed_with_what_came_of_each(desk: Client, run: BulkRun) -> None:
    work_off(run)
    page = desk.get("/admin/bulk/").content.decode()
    assert "Set the priority: low" in page
    assert "3 changed" in page


def test_each_act_has_its_words(desk: Client, run: BulkRun, agent: User) -> None:
    """Of things that are gone by now, too."""
    data = {
        BulkAct.ASSIGN: {"assignee": 99},
        BulkAct.TEAM: {"team": 99},
        BulkAct.STATUS: {"status": "solved"},
        BulkAct.PRIORITY: {"priority": "high"},
        BulkAct.CATEGORY: {"category": 99},
        BulkAct.ADD_TAGS: {"tags": ["a"]},
        BulkAct.REMOVE_TAGS: {"tags": ["a"]},
        BulkAct.MACRO: {"macro": 99},
        BulkAct.REPLY: {"zh": "x"},
        BulkAct.NOTE: {"body": "x"},
    }
    assert set(data) == set(BulkAct)
    for act, values in data.items():
        BulkRun.objects.create(requested_by=agent, act=act, data=values)
    page = desk.get("/admin/bulk/").content.decode()
    for act in BulkAct:
        assert capfirst(str(act.label)) in page


@pytest.mark.parametrize("who", ["second_agent", "administrator"])
def test_nobody_elses_is_there(
    log_in: Callable[[User], Client], desk: Client, run: BulkRun, who: str, request: pytest.FixtureRequest
) -> None:
    client = log_in(request.getfixturevalue(who))
    assert client.get(f"/admin/bulk/{run.pk}/").status_code == 404
    for act in ("undo", "stop"):
        assert client.post(f"/admin/bulk/{run.pk}/{act}/").status_code == 404
    link = f"/admin/bulk/{run.pk}/"
    assert link in desk.get("/admin/bulk/").content.decode()
    assert link not in client.get("/admin/bulk/").content.decode()


def test_stopped_in_the_middle(desk: Client, run: BulkRun) -> None:
    work(run.pk, most=1)
    assert "Stop" in desk.get(f"/admin/bulk/{run.pk}/").content.decode()
    page = desk.post(f"/admin/bulk/{run.pk}/stop/", follow=True).content.decode()
    assert "1 changed" in page
    assert "2 not touched" in page
    assert Ticket.objects.filter(priority=Priority.LOW).count() == 1


def test_too_late_to_undo(desk: Client, run: BulkRun) -> None:
    work_off(run)
    BulkRun.objects.update(requested_at=clock.now() - timedelta(days=2))
    assert "/undo/" not in desk.get(f"/admin/bulk/{run.pk}/").content.decode()
    response = desk.post(f"/admin/bulk/{run.pk}/undo/")
    assert response.status_code == 409
    assert "too long ago" in response.content.decode()


def test_the_list_asks_no_more_for_more(
    desk: Client, run: BulkRun, agent: User, django_assert_max_num_queries: object
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(25) as counted:  # type: ignore[operator]
            desk.get("/admin/bulk/")
        return len(counted)

    desk.get("/admin/bulk/")
    one = queries()
    for _ in range(4):
        more = BulkRun.objects.create(requested_by=agent, act=BulkAct.NOTE, data={"body": "x"})
        BulkItem.objects.create(run=more, ticket=Ticket.objects.all()[0])
    assert queries() == one
