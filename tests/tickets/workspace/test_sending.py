"""What an agent sees and can do about a reply that was sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from helpdesk.lib import clock
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import outbox
from tickets.actions.correspondence import put_in_copy
from tickets.actions.messages import reply
from tickets.choices import MailState, Status
from tickets.models import DeadAddress, Message, OutboxMail, Ticket
from tickets.queries.outbox import why_dead

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.MAIL_UNDO_SECONDS = 10


def address(ticket: Ticket, rest: str = "") -> str:
    return f"/admin/tickets/{ticket.number}/{rest}"


def page_of(client: Client, ticket: Ticket) -> str:
    return client.get(address(ticket)).content.decode()


def composer(page: str) -> str:
    found = re.search(r'<textarea id="ws-text".*?>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1]


def take_back(client: Client, message: Message, **headers: str) -> Any:
    path = address(message.ticket, f"messages/{message.pk}/take-back/")
    return client.post(path, {"body": "begun meanwhile"} if headers else {}, headers=headers)


@pytest.fixture
def held(ticket: Ticket, agent: User) -> Message:
    return reply(ticket, body="It is on its way.", by=actors.staff(agent), then=Status.PENDING)


class TestTakeBack:
    def test_a_held_reply_says_so(self, desk: Client, held: Message) -> None:
        page = page_of(desk, held.ticket)
        assert re.search(r'data-leaves="([5-9]|10)"', page)
        assert "Take back" in page
        assert re.search(r"<button[^>]*data-mine", page), "one key after sending"
        assert 'hx-trigger="load delay:' in page

    def test_to_others_it_does_not_jump(self, log_in: LogIn, second_agent: User, held: Message) -> None:
        page = page_of(log_in(second_agent), held.ticket)
        assert "Take back" in page
        assert not re.search(r"<button[^>]*data-mine", page)

    def test_who_may_not_work_has_no_button(self, log_in: LogIn, officer: User, held: Message) -> None:
        assert "Take back" not in page_of(log_in(officer), held.ticket)

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_the_text_is_in_the_box_again(
        self, desk: Client, agent: User, held: Message, headers: dict[str, str]
    ) -> None:
        response = take_back(desk, held, **headers)
        assert response.status_code == 200
        page = response.content.decode()
        expected = "It is on its way.\n\nbegun meanwhile" if headers else "It is on its way."
        assert composer(page) == expected, "nothing typed is lost"
        assert '<option value="pending" selected>' in page
        assert "<del>It is on its way.</del>" in page
        assert f"taken back by {agent.display_name} before it left: nobody got it" in page
        assert "Take back<" not in page
        if headers:
            assert response["HX-Retarget"] == "#ws-ticket"
            assert "Its text is in the box again." in page
        assert Ticket.objects.get().status == Status.NEW

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
    def test_too_late(self, desk: Client, held: Message, headers: dict[str, str]) -> None:
        with clock.frozen(clock.now() + timedelta(seconds=11)):
            response = take_back(desk, held, **headers)
        assert response.status_code == 409
        assert "it cannot be taken back any more" in response.content.decode()
        assert Message.objects.get(pk=held.pk).taken_back_at is None

    def test_a_message_of_another_case(self, desk: Client, held: Message, make_ticket: Any) -> None:
        other = make_ticket()
        response = desk.post(address(other, f"messages/{held.pk}/take-back/"))
        assert response.status_code == 404

    def test_strangers_do_not_find_it(self, log_in: LogIn, other_team_agent: User, held: Message) -> None:
        assert take_back(log_in(other_team_agent), held).status_code == 404

    def test_sent_over_again(self, desk: Client, held: Message) -> None:
        take_back(desk, held)
        page = page_of(desk, held.ticket)
        seen = re.search(r'name="seen" value="(\d+)"', page)
        assert seen is not None
        said = {"kind": "reply", "body": "Better.", "seen": seen[1], "origin_key": "again"}
        assert desk.post(address(held.ticket, "reply/"), said).status_code == 302
        assert OutboxMail.objects.filter(purpose="reply").get().message.body == "Better."  # type: ignore[union-attr]


class TestDelivery:
    @pytest.fixture
    def left(self, settings: Any, ticket: Ticket, agent: User) -> OutboxMail:
        settings.MAIL_UNDO_SECONDS = 0
        OutboxMail.objects.all().delete()
        reply(ticket, body="x", by=actors.staff(agent))
        [mail] = outbox.claim()
        return mail

    def test_handed_over(self, desk: Client, left: OutboxMail) -> None:
        outbox.mark_sent(left)
        assert left.ticket is not None
        assert "handed to the mail server" in page_of(desk, left.ticket)

    def test_tried(self, desk: Client, left: OutboxMail) -> None:
        outbox.mark_failed(left, error="451 <later>", permanent=False)
        assert left.ticket is not None
        page = page_of(desk, left.ticket)
        assert "tried 1 time, next try" in page
        assert "451 &lt;later&gt;" in page

    def test_given_up_and_tried_again(self, desk: Client, left: OutboxMail) -> None:
        outbox.mark_failed(left, error="550 no", permanent=True)
        assert left.ticket is not None
        page = page_of(desk, left.ticket)
        assert "not delivered, because:" in page
        assert f'form="retry-{left.pk}"' in page
        path = address(left.ticket, f"mails/{left.pk}/retry/")
        assert desk.post(path).status_code == 302
        assert OutboxMail.objects.get().state == MailState.QUEUED

    def test_a_dead_address_is_written_to_again(self, desk: Client, left: OutboxMail) -> None:
        DeadAddress.objects.create(email=left.to, reason="5.1.1")
        outbox.mark_failed(left, error=why_dead(left.to) or "", permanent=True)
        assert left.ticket is not None
        assert "Write to this address again" in page_of(desk, left.ticket)
        assert desk.post(address(left.ticket, f"mails/{left.pk}/retry/")).status_code == 302
        assert not DeadAddress.objects.exists()
        assert OutboxMail.objects.get().state == MailState.QUEUED

    def test_anothers_mail_is_not_there(self, desk: Client, left: OutboxMail, make_ticket: Any) -> None:
        outbox.mark_failed(left, error="550 no", permanent=True)
        other = make_ticket()
        assert desk.post(address(other, f"mails/{left.pk}/retry/")).status_code == 404

    def test_of_several_people_each_is_named(
        self, desk: Client, ticket: Ticket, agent: User, settings: Any
    ) -> None:
        settings.MAIL_UNDO_SECONDS = 0
        put_in_copy(ticket, email="zhao@example.com", by=actors.staff(agent))
        reply(ticket, body="x", by=actors.staff(agent))
        page = page_of(desk, ticket)
        assert "<b>z***@e***.com</b> (copy)" in page

    def test_one_query_however_many_replies(
        self, desk: Client, ticket: Ticket, agent: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        reply(ticket, body="x", by=actors.staff(agent))
        page_of(desk, ticket)
        with CaptureQueriesContext(connection) as ran:
            page_of(desk, ticket)
            one = len(ran)
        while OutboxMail.objects.count() < 12:
            reply(ticket, body="x", by=actors.staff(agent))
        # One more by the minute: that the session goes on is written down now and then.
        with django_assert_max_num_queries(one + 1):
            page_of(desk, ticket)
