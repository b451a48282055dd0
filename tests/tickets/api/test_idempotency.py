from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Brand, Customer, User
from tests.api_client import Api, problem
from tests.cast import person
from tests.tickets.api.test_tickets import filing
from tickets.models import Category, IdempotencyKey, Message, OutboxMail, Ticket

pytestmark = pytest.mark.usefixtures("brand")


def test_the_same_twice_makes_one(member: Customer, category: Category) -> None:
    api = Api(member.user)
    first = api.send("/tickets/", filing(), key="k-1")
    swapped = dict(reversed(filing().items()))
    second = api.send("/tickets/", swapped, key='"k-1"')
    assert first.status_code == second.status_code == 201
    assert first.json()["number"] == second.json()["number"]
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert (Ticket.objects.count(), Message.objects.count(), OutboxMail.objects.count()) == (1, 1, 1)


def test_another_body_is_refused(member: Customer, category: Category) -> None:
    api = Api(member.user)
    api.send("/tickets/", filing(), key="k-1")
    problem(api.send("/tickets/", filing(body="Something else."), key="k-1"), 422, "idempotency_key_reused")
    number = Ticket.objects.get().display_number
    problem(api.send(f"/tickets/{number}/messages/", {"body": "x"}, key="k-1"), 422, "idempotency_key_reused")
    assert Message.objects.count() == 1


def test_another_file_is_another_body(member: Customer, category: Category) -> None:
    api = Api(member.user)

    def send(content: bytes) -> Any:
        said = {
            **filing(),
            "answers": '{"amount": "5"}',
            "attachments": [SimpleUploadedFile("a.txt", content)],
        }
        return api.post("/api/v1/tickets/", said, headers={"Idempotency-Key": "k"})

    assert send(b"one").status_code == send(b"one").status_code == 201
    problem(send(b"two"), 422, "idempotency_key_reused")
    assert b"".join(Message.objects.get().attachments.get().file.chunks()) == b"one"


def test_keys_are_each_persons_own(member: Customer, category: Category) -> None:
    other = person("customer", "Nia")  # type: ignore[arg-type]
    numbers = {
        Api(user).send("/tickets/", filing(), key="k").json()["number"] for user in (member.user, other)
    }
    assert len(numbers) == 2


def test_a_refused_request_does_not_use_up_its_key(member: Customer, category: Category) -> None:
    api = Api(member.user)
    problem(api.send("/tickets/", filing(answers={}), key="k"), 422, "invalid")
    assert not IdempotencyKey.objects.exists()
    assert api.send("/tickets/", filing(), key="k").status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 101, "ключ"])
def test_what_is_no_key(member: Customer, category: Category, key: str) -> None:
    headers = {"Idempotency-Key": key}
    answer = Api(member.user).post(
        "/api/v1/tickets/", filing(), content_type="application/json", headers=headers
    )
    problem(answer, 400, "bad_idempotency_key")


def test_a_reply_sent_twice_is_one(ticket: Ticket, agent: User) -> None:
    api, path = Api(agent), f"/tickets/{ticket.display_number}/messages/"
    ids = {api.send(path, {"body": "Hello"}, key="r").json()["id"] for _ in range(2)}
    notes = {api.send(path, {"body": "Hm", "visibility": "internal"}, key="n").json()["id"] for _ in range(2)}
    assert len(ids) == len(notes) == 1
    assert Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False])
def test_two_at_the_same_moment(brand: Brand, member: Customer, category: Category, same: bool) -> None:
    api = Api(member.user)
    barrier, answers = threading.Barrier(2), []

    def send(body: str) -> None:
        client = Api(None, raise_request_exception=False)
        client.defaults["HTTP_AUTHORIZATION"] = api.defaults["HTTP_AUTHORIZATION"]
        barrier.wait()
        answers.append(client.send("/tickets/", filing(body=body), key="race"))
        connection.close()

    bodies = ["One.", "One." if same else "Two."]
    threads = [threading.Thread(target=send, args=[body]) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == ([201, 201] if same else [201, 422])
    assert Ticket.objects.count() == Message.objects.count() == 1
    if same:
        assert len({answer.json()["number"] for answer in answers}) == 1
