from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Customer, User
from helpdesk.lib import clock
from tests.api_client import Api, problem
from tests.pictures import PNG
from tickets import actors
from tickets.actions import messages, status
from tickets.choices import Status
from tickets.models import Attachment, Message, OutboxMail, Ticket

STAFF_WORDS = {"then": "solved", "seen": 1, "markup": "markdown"}


def write(user: User | None, ticket: Ticket, said: dict[str, Any], **extra: Any) -> Any:
    return Api(user).send(f"/tickets/{ticket.display_number}/messages/", said, **extra)


def test_a_reply_works(ticket: Ticket, agent: User) -> None:
    answer = write(agent, ticket, {"body": "It is on its way.", "then": "pending"})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert told["author"] == {"kind": "staff", "name": "Ann"}
    assert (told["visibility"], told["channel"], told["ticket"]) == ("public", "api", ticket.display_number)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Status.PENDING, agent)
    assert OutboxMail.objects.filter(purpose="reply").count() == 1


def test_marked_text(ticket: Ticket, agent: User) -> None:
    assert write(agent, ticket, {"body": "**x**"}).json()["markup"] == "plain"
    assert write(agent, ticket, {"body": "**x**", "markup": "markdown"}).json()["markup"] == "markdown"
    assert Message.objects.latest("pk").html == "<p><strong>x</strong></p>\n"
    problem(write(agent, ticket, {"body": "x", "markup": "html"}), 422, "invalid")


def test_a_note_works(ticket: Ticket, agent: User) -> None:
    answer = write(agent, ticket, {"body": "Ask the bank.", "visibility": "internal"})
    assert answer.json()["visibility"] == "internal"
    assert not OutboxMail.objects.filter(purpose="reply").exists()


def test_a_customer_replies(make_ticket: Callable[..., Ticket], member: Customer, agent: User) -> None:
    own = make_ticket(customer=member)
    messages.reply(own, body="Which bank?", by=actors.staff(agent), then=Status.PENDING)
    assert write(member.user, own, {"body": "ICBC."}).json()["author"]["kind"] == "customer"
    own.refresh_from_db()
    assert own.status == Status.OPEN


def test_a_customer_has_no_staff_words(make_ticket: Callable[..., Ticket], member: Customer) -> None:
    own = make_ticket(customer=member)
    problem(write(member.user, own, {"body": "x", "visibility": "internal"}), 403, "not_allowed")
    told = problem(write(member.user, own, {**STAFF_WORDS, "body": "x"}), 422, "invalid")
    assert set(told["errors"]) == set(STAFF_WORDS)
    assert Message.objects.count() == 1


def test_an_old_case_gets_a_follow_up(
    make_ticket: Callable[..., Ticket], member: Customer, agent: User
) -> None:
    from datetime import timedelta

    own = make_ticket(customer=member)
    with clock.frozen(clock.now() - timedelta(days=60)):
        status.change_status(own, to=Status.SOLVED, by=actors.staff(agent))
    told = write(member.user, own, {"body": "Again!"}).json()
    assert told["ticket"] != own.display_number
    assert Api(member.user).get(f"/tickets/{told['ticket']}/").status_code == 200


def test_what_was_not_seen_is_told_before_it_goes_out(
    ticket: Ticket, agent: User, second_agent: User
) -> None:
    first = Message.objects.get()
    newer = messages.reply(ticket, body="I have it.", by=actors.staff(second_agent))
    told = problem(write(agent, ticket, {"body": "Me too.", "seen": first.pk}), 409, "newer_messages")
    assert [row["id"] for row in told["messages"]] == [newer.pk]
    assert write(agent, ticket, {"body": "Thanks.", "seen": newer.pk}).status_code == 201


def test_refusals(ticket: Ticket, agent: User, officer: User) -> None:
    assert "body" in problem(write(agent, ticket, {"body": ""}), 422, "invalid")["errors"]
    assert "then" in problem(write(agent, ticket, {"body": "x", "then": "gone"}), 422, "invalid")["errors"]
    problem(write(agent, ticket, {"body": "x", "then": "closed"}), 409, "illegal_transition")
    problem(write(officer, ticket, {"body": "x"}), 403, "not_allowed")
    assert Message.objects.count() == 1


def test_files_are_sent_and_fetched(ticket: Ticket, agent: User, other_team_agent: User) -> None:
    said = {
        "body": "See here.",
        "attachments": [SimpleUploadedFile("证据.png", PNG), SimpleUploadedFile("a.txt", b"a")],
    }
    answer = Api(agent).upload(f"/tickets/{ticket.display_number}/messages/", said)
    assert answer.status_code == 201, answer.content
    first, second = answer.json()["attachments"]
    got = Api(agent).get(first["url"])
    assert b"".join(got.streaming_content) == PNG
    assert got["Content-Disposition"].startswith("attachment")
    assert got["Content-Type"] == "image/png"
    assert second["content_type"] == "text/plain"
    problem(Api(other_team_agent).get(first["url"]), 404, "not_found")


def test_a_files_of_a_note_is_not_the_customers(
    make_ticket: Callable[..., Ticket], member: Customer, agent: User
) -> None:
    own, other = make_ticket(customer=member), make_ticket(customer=member)
    messages.note(own, body="x", by=actors.staff(agent), files=[SimpleUploadedFile("a.txt", b"a")])
    path = f"/tickets/{own.display_number}/attachments/{Attachment.objects.get().pk}/"
    problem(Api(member.user).get(path), 404, "not_found")
    assert Api(agent).get(path).status_code == 200
    problem(Api(agent).get(path.replace(own.display_number, other.display_number)), 404, "not_found")


def test_the_conversation_in_pages(ticket: Ticket, agent: User) -> None:
    for number in range(4):
        messages.note(ticket, body=str(number), by=actors.staff(agent))
    api, url, seen = Api(agent), f"/tickets/{ticket.display_number}/messages/?page_size=2", []
    while url:
        page = api.get(url).json()
        seen += [row["body"] for row in page["results"]]
        url = page["next"]
    assert seen[1:] == ["0", "1", "2", "3"]


def test_events_are_for_staff(make_ticket: Callable[..., Ticket], member: Customer, agent: User) -> None:
    own = make_ticket(customer=member)
    messages.reply(own, body="x", by=actors.staff(agent))
    rows = Api(agent).get(f"/tickets/{own.display_number}/events/").json()["results"]
    assert [row["kind"] for row in rows][:4] == ["opened", "timer_started", "timer_started", "replied"]
    assert rows[3]["by"] == {"kind": "staff", "name": "Ann"}
    problem(Api(member.user).get(f"/tickets/{own.display_number}/events/"), 403, "not_allowed")


class TestTakeBack:
    @pytest.fixture(autouse=True)
    def ten_seconds(self, settings: Any) -> None:
        settings.MAIL_UNDO_SECONDS = 10

    def take(self, user: User | None, ticket: Ticket, message: Message) -> Any:
        return Api(user).send(f"/tickets/{ticket.display_number}/messages/{message.pk}/take-back/", None)

    def test_it_works(self, ticket: Ticket, agent: User) -> None:
        answer = write(agent, ticket, {"body": "No.", "then": "pending"})
        message = Message.objects.get(pk=answer.json()["id"])
        taken = self.take(agent, ticket, message)
        assert taken.status_code == 200, taken.content
        assert taken.json()["taken_back_at"] is not None
        assert taken.json()["held_until"] is not None
        ticket.refresh_from_db()
        assert ticket.status == Status.NEW
        assert not OutboxMail.objects.filter(purpose="reply").exists()

    def test_too_late(self, ticket: Ticket, agent: User) -> None:
        message = messages.reply(ticket, body="x", by=actors.staff(agent))
        Message.objects.update(held_until=clock.now())
        problem(self.take(agent, ticket, message), 409, "too_late")

    def test_not_for_customers(
        self, make_ticket: Callable[..., Ticket], member: Customer, agent: User
    ) -> None:
        own = make_ticket(customer=member)
        message = messages.reply(own, body="x", by=actors.staff(agent))
        problem(self.take(member.user, own, message), 403, "not_allowed")

    def test_customers_read_it_once_it_has_left(
        self, make_ticket: Callable[..., Ticket], member: Customer, agent: User
    ) -> None:
        from datetime import timedelta

        own = make_ticket(customer=member)
        file = SimpleUploadedFile("a.png", PNG)
        message = messages.reply(own, body="held", by=actors.staff(agent), files=[file])
        path = f"/tickets/{own.display_number}/"

        def read() -> list[str]:
            listed = [row["body"] for row in Api(member.user).get(f"{path}messages/").json()["results"]]
            assert [row["body"] for row in Api(member.user).get(path).json()["messages"]] == listed
            return listed

        first = Message.objects.earliest("pk").body
        download = f"{path}attachments/{message.attachments.get().pk}/"
        assert read() == [first]
        assert Api(member.user).get(download).status_code == 404
        assert len(Api(agent).get(f"{path}messages/").json()["results"]) == 2, "staff see it"
        with clock.frozen(clock.now() + timedelta(seconds=11)):
            assert read() == [first, "held"]
            assert Api(member.user).get(download).status_code == 200
        Message.objects.filter(pk=message.pk).update(taken_back_at=clock.now())
        with clock.frozen(clock.now() + timedelta(seconds=11)):
            assert read() == [first]


class TestSendGate:
    def test_what_is_held_back_says_why(self, ticket: Ticket, agent: User) -> None:
        told = problem(write(agent, ticket, {"body": "Please send us your password."}), 409, "held_back")
        [reason] = told["reasons"]
        assert reason["kind"] == "asks_for_secret"
        assert (reason["may_send_anyway"], reason["confirmation"]) == (False, None)
        assert reason["excerpt"] == "Please send us your password."
        assert Message.objects.count() == 1

    def test_a_secret_does_not_come_back(self, ticket: Ticket, agent: User) -> None:
        answer = write(agent, ticket, {"body": "Your card 4111111111111111"})
        assert "4111111111111111" not in answer.content.decode()
        assert "411111••••••1111" in problem(answer, 409, "held_back")["reasons"][0]["excerpt"]

    def test_what_is_confirmed_goes_out(self, ticket: Ticket, agent: User) -> None:
        said: dict[str, Any] = {"body": "Your first password is sunshine."}
        [reason] = problem(write(agent, ticket, said), 409, "held_back")["reasons"]
        said["confirmed"] = [reason["confirmation"]]
        problem(write(agent, ticket, {**said, "body": "Your second password is sunshine."}), 409, "held_back")
        assert write(agent, ticket, said).status_code == 201

    def test_only_staff_confirm(self, make_ticket: Callable[..., Ticket], member: Customer) -> None:
        own = make_ticket(customer=member)
        told = problem(write(member.user, own, {"body": "x", "confirmed": ["y"]}), 422, "invalid")
        assert set(told["errors"]) == {"confirmed"}


@pytest.mark.parametrize("state", ["waiting", "quarantined", "deleted"])
def test_a_file_that_is_held_back(ticket: Ticket, agent: User, state: str) -> None:
    said = {"body": "See here.", "attachments": [SimpleUploadedFile("a.png", PNG)]}
    (file,) = Api(agent).upload(f"/tickets/{ticket.display_number}/messages/", said).json()["attachments"]
    assert file["state"] == "ready"
    Attachment.objects.update(state=state)
    problem(Api(agent).get(file["url"]), 409, "file_held_back")
