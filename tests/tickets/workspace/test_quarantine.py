"""Files that are being checked or held back: what agents and customers see of them, and where they are judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.models import Brand, Customer, User
from accounts.rules.capabilities import Role
from tests.cast import person
from tests.files import PHRASE, pdf
from tests.pictures import PNG
from tests.tickets.workspace.conftest import LogIn
from tickets.choices import EventKind, FileState
from tickets.models import Attachment, Event, Ticket

STATES = [FileState.WAITING, FileState.QUARANTINED, FileState.DELETED]


@pytest.fixture
def ticket(make_ticket: Callable[..., Ticket], member: Customer) -> Ticket:
    files = [ContentFile(PNG, name="shot.png"), ContentFile(b"plain words", name="notes.txt")]
    return make_ticket(customer=member, attachments=files)


@pytest.fixture
def olga(brand: Brand) -> User:
    return person(Role.SECURITY_OFFICER, "Olga", brands=[brand])


@pytest.fixture
def officer(log_in: LogIn, olga: User) -> Client:
    return log_in(olga)


def put(state: FileState, finding: str = "Eicar-Test-Signature") -> list[Attachment]:
    Attachment.objects.update(state=state, finding=finding)
    return list(Attachment.objects.order_by("pk"))


@pytest.mark.parametrize("state", STATES)
def test_nobody_gets_it(desk: Client, officer: Client, ticket: Ticket, state: FileState) -> None:
    picture, text = put(state)
    for client in (desk, officer):
        for address in (
            reverse("workspace:attachment", args=[picture.pk]),
            reverse("workspace:attachment", args=[picture.pk]) + "?inline",
            reverse("workspace:attachment_text", args=[text.pk]),
        ):
            answer = client.get(address)
            assert answer.status_code == 409
            assert PNG not in answer.content
            assert b"plain words" not in answer.content


@pytest.mark.parametrize("state", STATES)
def test_the_customer_does_not_get_it(
    client: Client, member: Customer, ticket: Ticket, brand: Brand, state: FileState
) -> None:
    put(state)
    client.force_login(member.user)  # type: ignore[arg-type]
    case = reverse("portal:case", args=[brand.slug, ticket.display_number])
    page = client.get(case).content.decode()
    assert "shot.png" in page
    assert "?show" not in page
    answer = client.get(reverse("portal:file", args=[brand.slug, ticket.display_number, 1]))
    assert answer.status_code == 409
    assert PNG not in answer.content
    assert "Eicar" not in page + answer.content.decode(), (
        "what the scanner calls it is no words for customers"
    )


@pytest.mark.parametrize("state", STATES)
def test_the_conversation_says_why(desk: Client, ticket: Ticket, state: FileState) -> None:
    picture, _text = put(state)
    page = desk.get(reverse("workspace:ticket", args=[ticket.number])).content.decode()
    assert "shot.png" in page
    assert f"/admin/attachments/{picture.pk}/?inline" not in page
    assert ("Eicar-Test-Signature" in page) == (state != FileState.WAITING)
    asks_again = f'hx-get="/admin/attachments/{picture.pk}/card/"'
    assert (asks_again in page) == (state == FileState.WAITING)


def test_once_it_was_checked_the_card_shows_it(desk: Client, ticket: Ticket) -> None:
    picture, _text = put(FileState.WAITING, "")
    address = reverse("workspace:attachment_card", args=[picture.pk])
    assert "hx-get" in desk.get(address).content.decode()
    put(FileState.READY, "")
    card = desk.get(address).content.decode()
    assert "hx-get" not in card
    assert f"/admin/attachments/{picture.pk}/?inline" in card


def test_that_nobody_could_look_through_it_is_said(desk: Client, make_ticket: Callable[..., Ticket]) -> None:
    locked = ContentFile(pdf(PHRASE, password="sesame"), name="locked.pdf")
    ticket = make_ticket(attachments=[locked])
    page = desk.get(reverse("workspace:ticket", args=[ticket.number])).content.decode()
    assert "visibility_off" in page


class TestThePage:
    address = "/admin/files/quarantine/"

    def test_it_works(self, officer: Client, ticket: Ticket) -> None:
        picture, _text = put(FileState.QUARANTINED)
        page = officer.get(self.address).content.decode()
        for said in ("shot.png", "notes.txt", "Eicar-Test-Signature", picture.sha256, ticket.display_number):
            assert said in page

    def test_it_is_empty(self, officer: Client, ticket: Ticket) -> None:
        assert "shot.png" not in officer.get(self.address).content.decode()

    def test_it_asks_the_database_a_fixed_number_of_times(
        self, officer: Client, ticket: Ticket, django_assert_max_num_queries: Any
    ) -> None:
        put(FileState.QUARANTINED)
        officer.get(self.address)
        with django_assert_max_num_queries(16):
            officer.get(self.address)

    @pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.MANAGER])
    def test_it_takes_the_power(self, log_in: LogIn, brand: Brand, ticket: Ticket, role: Role) -> None:
        picture, _text = put(FileState.QUARANTINED)
        client = log_in(person(role, "Mo", brands=[brand]))
        assert client.get(self.address).status_code == 403
        assert client.post(f"{self.address}{picture.pk}/release/", {"reason": "x"}).status_code == 403
        assert client.post(f"{self.address}{picture.pk}/delete/").status_code == 403
        assert Attachment.objects.filter(state=FileState.QUARANTINED).count() == 2

    def test_of_another_brand_it_is_not_there(
        self, log_in: LogIn, other_brand: Brand, ticket: Ticket
    ) -> None:
        picture, _text = put(FileState.QUARANTINED)
        client = log_in(person(Role.SECURITY_OFFICER, "Oz", brands=[other_brand]))
        assert "shot.png" not in client.get(self.address).content.decode()
        assert client.post(f"{self.address}{picture.pk}/release/", {"reason": "x"}).status_code == 404

    def test_release(self, officer: Client, desk: Client, ticket: Ticket) -> None:
        picture, _text = put(FileState.QUARANTINED)
        answer = officer.post(f"{self.address}{picture.pk}/release/", {"reason": "our own test file"})
        assert answer["Location"] == self.address
        assert b"".join(desk.get(f"/admin/attachments/{picture.pk}/")) == PNG
        page = desk.get(reverse("workspace:ticket", args=[ticket.number])).content.decode()
        assert "our own test file" in page, "the timeline says why"

    def test_without_a_reason_what_is_missing_is_said(self, officer: Client, ticket: Ticket) -> None:
        picture, _text = put(FileState.QUARANTINED)
        answer = officer.post(f"{self.address}{picture.pk}/release/", {"reason": " "})
        assert answer.status_code == 422
        assert f'aria-describedby="qr-error-{picture.pk}"' in answer.content.decode()

    def test_delete(self, officer: Client, ticket: Ticket) -> None:
        picture, _text = put(FileState.QUARANTINED)
        officer.post(f"{self.address}{picture.pk}/delete/")
        assert Attachment.objects.get(pk=picture.pk).state == FileState.DELETED
        assert Event.objects.get(kind=EventKind.FILE_QUARANTINED).data["deleted"] is True
        again = officer.post(f"{self.address}{picture.pk}/delete/", follow=True)
        assert again.status_code == 200, "somebody else was there first, and it says so"
