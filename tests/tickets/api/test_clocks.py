"""The API's clocks, with their working in words; merging; what a message was taken for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Customer, User
from helpdesk.lib import clock
from tests.api_client import Api, problem
from tests.times import shanghai
from tickets import actors
from tickets.actions.messages import customer_reply, reply
from tickets.actions.status import change_status
from tickets.choices import Nature, Status
from tickets.models import Message, SlaPolicy, SlaTarget, Ticket

MakeTicket = Callable[..., Ticket]


@pytest.fixture
def opened(make_ticket: MakeTicket) -> Ticket:
    """On Friday at 17:40."""
    with clock.frozen(shanghai(6, 17, 40)):
        return make_ticket()


def clocks(user: User, ticket: Ticket, **headers: str) -> list[dict[str, object]]:
    answer = Api(user).get(f"/tickets/{ticket.display_number}/clocks/", headers=headers)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, object]] = answer.json()["results"]
    return found


def test_it_works(opened: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(7, 12)):
        first, solution = clocks(agent, opened)
    assert (first["kind"], first["policy"], first["state"]) == ("first_response", "Standard", "running")
    assert first["due_at"] == "2026-03-09T09:40:00+08:00"
    assert (first["used_seconds"], first["left_seconds"], first["agrees"]) == (20 * 60, 40 * 60, True)
    assert first["promise"] == "1 working hour"
    assert first["time_zone"] == "Asia/Shanghai"
    texts = [line["text"] for line in first["working"]]  # type: ignore[attr-defined]
    assert texts[0].startswith("opened Fri 6 Mar 17:40")
    assert any("20 min" in text for text in texts)
    assert "due Mon 9 Mar 09:40" in texts[-1]
    assert solution["kind"] == "resolution"


def test_in_chinese(opened: Ticket, agent: User) -> None:
    with clock.frozen(shanghai(7, 12)):
        first, _solution = clocks(agent, opened, **{"Accept-Language": "zh-hans"})
    assert all("%(" not in line["text"] for line in first["working"])  # type: ignore[attr-defined]


def test_a_pause_says_who_and_why(opened: Ticket, agent: User) -> None:
    by = actors.staff(agent)
    with clock.frozen(shanghai(9, 9, 10)):
        change_status(opened, to=Status.PENDING, by=by)
    with clock.frozen(shanghai(10, 12)):
        first, _solution = clocks(agent, opened)
    assert (first["state"], first["due_at"], first["left_seconds"]) == ("paused", None, 30 * 60)
    last = first["working"][-1]["text"]  # type: ignore[index]
    assert "Ann" in last
    assert "waiting for the customer" in last


def test_question_after_thanks_counts_from_when_it_was_written(
    make_ticket: MakeTicket, policy: SlaPolicy, agent: User
) -> None:
    SlaTarget.objects.create(policy=policy, kind="next_response", minutes=60)
    by = actors.staff(agent)
    with clock.frozen(shanghai(2, 10)):
        ticket = make_ticket()
        reply(ticket, body="Soon.", by=by)
    with clock.frozen(shanghai(2, 11)):
        message = customer_reply(ticket, body="谢谢", by=actors.customer(ticket.customer))
    with clock.frozen(shanghai(2, 11, 30)):
        path = f"/tickets/{ticket.display_number}/messages/{message.pk}/"
        answer = Api(agent).send(path, {"nature": "substance"}, method="PATCH")
        assert (answer.status_code, answer.json()["nature"]) == (200, "substance")
        found = {each["kind"]: each for each in clocks(agent, ticket)}
    owed = found["next_response"]
    assert owed["due_at"] == "2026-03-02T12:00:00+08:00"
    assert (owed["used_seconds"], owed["agrees"]) == (30 * 60, True)


def test_query_count_does_not_grow(
    opened: Ticket, policy: SlaPolicy, agent: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for kind in ("next_response", "periodic_update"):
        SlaTarget.objects.create(policy=policy, kind=kind, minutes=60)
    by, them = actors.staff(agent), actors.customer(opened.customer)
    for day in (9, 10, 11):
        with clock.frozen(shanghai(day, 10)):
            reply(opened, body="Soon.", by=by)
            customer_reply(opened, body="When, please?", by=them)
    clocks(agent, opened)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert len(clocks(agent, opened)) == 4


def test_not_for_customers(make_ticket: MakeTicket, member: Customer) -> None:
    own = make_ticket(customer=member)
    problem(Api(member.user).get(f"/tickets/{own.display_number}/clocks/"), 403, "not_allowed")


def test_not_for_strangers(opened: Ticket, other_team_agent: User) -> None:
    problem(Api(other_team_agent).get(f"/tickets/{opened.display_number}/clocks/"), 404, "not_found")


class TestNature:
    def test_customers_are_not_told(self, make_ticket: MakeTicket, member: Customer, agent: User) -> None:
        own = make_ticket(customer=member)
        path = f"/tickets/{own.display_number}/"
        assert "nature" not in Api(member.user).get(path).json()["messages"][0]
        assert Api(agent).get(path).json()["messages"][0]["nature"] == "substance"
        assert "nature" in Api(agent).get(f"{path}messages/").json()["results"][0]
        assert "nature" not in Api(member.user).get(f"{path}messages/").json()["results"][0]

    def test_refusals(self, make_ticket: MakeTicket, member: Customer, agent: User) -> None:
        own, other = make_ticket(customer=member), make_ticket()
        message = Message.objects.get(ticket=own)
        path = f"/tickets/{own.display_number}/messages/{message.pk}/"
        send = {"nature": "thanks"}
        problem(Api(member.user).send(path, send, method="PATCH"), 403, "not_allowed")
        problem(Api(agent).send(path, {"nature": "?"}, method="PATCH"), 422, "invalid")
        elsewhere = f"/tickets/{other.display_number}/messages/{message.pk}/"
        problem(Api(agent).send(elsewhere, send, method="PATCH"), 404, "not_found")
        assert Message.objects.get(pk=message.pk).nature == Nature.SUBSTANCE


class TestMerge:
    def test_it_works(self, make_ticket: MakeTicket, agent: User) -> None:
        gone, stays = make_ticket(), make_ticket(subject="again")
        path = f"/tickets/{gone.display_number}/merge/"
        answer = Api(agent).send(path, {"into": stays.display_number})
        assert answer.status_code == 200, answer.content
        assert answer.json()["number"] == stays.display_number
        shown = Api(agent).get(f"/tickets/{gone.display_number}/").json()
        assert (shown["status"], shown["merged_into"]) == ("closed", stays.display_number)

    def test_refusals(
        self, make_ticket: MakeTicket, member: Customer, agent: User, other_team_agent: User
    ) -> None:
        gone, stays, other = make_ticket(), make_ticket(), make_ticket(customer=member)
        path = f"/tickets/{gone.display_number}/merge/"
        problem(Api(agent).send(path, {"into": "nonsense"}), 422, "invalid")
        problem(Api(agent).send(path, {"into": other.display_number}), 422, "invalid")
        problem(Api(agent).send(path, {"into": gone.display_number}), 422, "invalid")
        problem(Api(other_team_agent).send(path, {"into": stays.display_number}), 404, "not_found")
        problem(Api(member.user).send(path, {"into": stays.display_number}), 404, "not_found")


def test_a_complaint_is_marked(opened: Ticket, agent: User) -> None:
    answer = Api(agent).send(f"/tickets/{opened.display_number}/", {"complaint": True}, method="PATCH")
    assert answer.json()["is_complaint"] is True
    assert Ticket.objects.get().is_complaint
