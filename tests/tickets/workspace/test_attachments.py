"""Files for staff who may see the ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Customer, User
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import messages
from tickets.models import Attachment, Ticket

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def picture(make_ticket: Callable[..., Ticket]) -> Attachment:
    ticket = make_ticket(attachments=[SimpleUploadedFile("截图.png", PNG)])
    return Attachment.objects.get(message__ticket=ticket)


def test_a_download(desk: Client, picture: Attachment) -> None:
    response = desk.get(f"/admin/attachments/{picture.pk}/")
    assert b"".join(response) == PNG
    assert response["Content-Disposition"].startswith("attachment")
    assert "%E6%88%AA%E5%9B%BE.png" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_picture_in_place(desk: Client, picture: Attachment) -> None:
    response = desk.get(f"/admin/attachments/{picture.pk}/?inline")
    assert response["Content-Disposition"].startswith("inline")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "unsafe-eval" not in response["Content-Security-Policy"]


def test_a_text_is_never_shown_in_place(desk: Client, make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket(attachments=[SimpleUploadedFile("a.txt", b"<script>alert(1)</script>")])
    file = Attachment.objects.get(message__ticket=ticket)
    response = desk.get(f"/admin/attachments/{file.pk}/?inline")
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_of_an_internal_note(desk: Client, agent: User, ticket: Ticket) -> None:
    messages.note(ticket, body="x", by=actors.staff(agent), files=[SimpleUploadedFile("a.png", PNG)])
    assert desk.get(f"/admin/attachments/{Attachment.objects.get().pk}/").status_code == 200


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("officer", 200),
        ("manager", 200),
        ("administrator", 200),
        ("other_team_agent", 404),
        ("other_brand_agent", 404),
    ],
)
def test_who_may_have_it(
    log_in: LogIn, request: pytest.FixtureRequest, picture: Attachment, who: str, expected: int
) -> None:
    response = log_in(request.getfixturevalue(who)).get(f"/admin/attachments/{picture.pk}/")
    assert response.status_code == expected


def test_a_customer_does_not_come_in_by_this_door(
    log_in: LogIn, member: Customer, picture: Attachment
) -> None:
    assert member.user is not None
    assert log_in(member.user).get(f"/admin/attachments/{picture.pk}/").status_code == 403


def test_a_file_that_is_gone(desk: Client, picture: Attachment) -> None:
    picture.file.storage.delete(str(picture.file.name))
    assert desk.get(f"/admin/attachments/{picture.pk}/").status_code == 404
