"""Files for staff who may see the ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Customer, User
from tests.pictures import PNG
from tests.tickets.workspace.conftest import LogIn
from tickets import actors
from tickets.actions import messages
from tickets.models import Attachment, Ticket


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


def in_text(client: Client, file: Attachment) -> str:
    response = client.get(f"/admin/attachments/{file.pk}/text/", headers={"hx-request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def test_a_text_in_the_viewer_is_escaped(desk: Client, make_ticket: Callable[..., Ticket]) -> None:
    data = "金额,备注\n5,<script>alert(1)</script>".encode("gb18030")
    ticket = make_ticket(attachments=[SimpleUploadedFile("表.csv", data)])
    file = Attachment.objects.get(message__ticket=ticket)
    assert "金额,备注\n5,&lt;script&gt;alert(1)&lt;/script&gt;" in in_text(desk, file)
    page = desk.get(f"/admin/attachments/{file.pk}/text/")  # without a viewer, a page of its own
    assert "<h1>表.csv</h1>" in page.content.decode()


def test_of_a_long_text_the_beginning(
    desk: Client, make_ticket: Callable[..., Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.workspace.attachments.MOST_TEXT", 8)
    ticket = make_ticket(attachments=[SimpleUploadedFile("a.log", "提现失败了".encode())])
    page = in_text(desk, Attachment.objects.get(message__ticket=ticket))
    assert ">提现</pre>" in page
    assert "This is the beginning" in page


def test_what_is_no_text_is_not_shown_as_one(desk: Client, picture: Attachment) -> None:
    response = desk.get(f"/admin/attachments/{picture.pk}/text/")
    assert response.headers["Location"] == f"/admin/attachments/{picture.pk}/"


def test_a_pdf_is_a_card_to_download(desk: Client, make_ticket: Callable[..., Ticket]) -> None:
    ticket = make_ticket(attachments=[SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n" + b"x" * 3000)])
    page = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    card = page[page.index('<li class="ws-filecard') :].partition("</li>")[0]
    for text in ("合同.pdf", "PDF · 2.9", "download"):
        assert text in card
    assert "data-view" not in card


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
    client = log_in(request.getfixturevalue(who))
    assert client.get(f"/admin/attachments/{picture.pk}/").status_code == expected
    shown = client.get(f"/admin/attachments/{picture.pk}/text/").status_code
    assert shown == (302 if expected == 200 else expected)


def test_a_customer_does_not_come_in_by_this_door(
    log_in: LogIn, member: Customer, picture: Attachment
) -> None:
    assert member.user is not None
    assert log_in(member.user).get(f"/admin/attachments/{picture.pk}/").status_code == 403


def test_a_file_that_is_gone(desk: Client, picture: Attachment) -> None:
    picture.file.storage.delete(str(picture.file.name))
    Attachment.objects.update(content_type="text/plain")
    assert desk.get(f"/admin/attachments/{picture.pk}/text/").status_code == 404
    assert desk.get(f"/admin/attachments/{picture.pk}/").status_code == 404
