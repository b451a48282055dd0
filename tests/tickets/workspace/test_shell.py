"""The admin's shell is rendered once, and never keeps what belongs to one request or one person."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Customer, User
from tests.tickets.workspace.conftest import LogIn
from tickets.models import Ticket
from tickets.workspace import shell

QUEUE = "/admin/queue/"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    shell._kept.clear()


def test_each_request_has_its_own_token(desk: Client) -> None:
    pattern = r'name="csrfmiddlewaretoken" value="([^"]+)"'
    first, second = (re.findall(pattern, desk.get(QUEUE).content.decode()) for _ in range(2))
    assert first
    assert not set(first) & set(second)


def test_the_token_of_a_kept_shell_is_accepted(agent: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    client.get(QUEUE)
    page = client.get(QUEUE).content.decode()
    token = re.search(r"X-CSRFToken&quot;: &quot;([^&]+)|X-CSRFToken\": \"([^\"]+)", page)
    assert token is not None
    response = client.post("/admin/queue/take-next/", headers={"X-CSRFToken": token[1] or token[2]})
    assert response.status_code == 302


def test_nobody_sees_somebody_elses_shell(log_in: LogIn, agent: User, administrator: User) -> None:
    first = log_in(administrator).get(QUEUE).content.decode()
    second = log_in(agent).get(QUEUE).content.decode()
    assert "ada@demo.test" in first
    assert "ada@demo.test" not in second
    assert "ann@demo.test" in second


def test_the_navigation_shows_what_the_role_may_open(
    log_in: LogIn, agent: User, manager: User, officer: User
) -> None:
    def entries(user: User) -> set[str]:
        page = log_in(user).get(QUEUE).content.decode()
        words = ("Analytics", "Articles", "SLA policies", "API tokens", "/admin/tickets/new/")
        return {word for word in words if word in page}

    assert entries(agent) == {"/admin/tickets/new/"}
    assert entries(manager) == {"Analytics", "Articles", "SLA policies", "/admin/tickets/new/"}
    assert entries(officer) == {"Analytics", "SLA policies"}


def test_the_readers_language(log_in: LogIn, agent: User) -> None:
    client = log_in(agent)
    english = client.get(QUEUE).content.decode()
    chinese = client.get(QUEUE, headers={"accept-language": "zh-CN"}).content.decode()
    assert '<html lang="en"' in english
    assert '<html lang="zh-hans"' in chinese


def test_marks_in_what_people_write_are_not_filled(desk: Client, customer: Customer, ticket: Ticket) -> None:
    """The body goes in last: a subject that looks like a mark stays what it is."""
    Ticket.objects.filter(pk=ticket.pk).update(subject="\ue000token\ue001")
    page = desk.get(QUEUE, {"view": "all"}).content.decode()
    assert "\ue000token\ue001" in page


def test_pages_are_not_kept_by_browsers(desk: Client) -> None:
    assert desk.get(QUEUE)["Cache-Control"] == "no-store"
