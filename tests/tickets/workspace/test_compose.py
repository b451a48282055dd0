"""Replies and notes from the composer; two people at once; nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Customer, User
from knowledgebase.actions import articles
from knowledgebase.models import Article, Section
from tests.pictures import PNG
from tickets import actors
from tickets.actions import messages
from tickets.choices import Status, Visibility
from tickets.models import Attachment, Macro, Message, OutboxMail, Ticket

HTMX = {"HX-Request": "true"}
Post = Callable[..., tuple[int, str]]


@pytest.fixture
def post(desk: Client, ticket: Ticket) -> Post:
    """``post(body=…)``: the composer as the agent's browser sends it; the status and the page that come back."""

    def send(headers: dict[str, str] | None = None, **values: object) -> tuple[int, str]:
        form = {"kind": "reply", "then": "", "seen": "", "origin_key": "k1", **values}
        response = desk.post(f"/admin/tickets/{ticket.number}/reply/", form, headers=headers)
        return response.status_code, response.get("Location") or response.content.decode()

    return send


def last() -> Message:
    return Message.objects.latest("pk")


def test_a_reply(post: Post, agent: User, ticket: Ticket) -> None:
    status, location = post(body="您好，已处理。")
    assert status == 302
    assert location == f"/admin/tickets/{ticket.number}/#message-{last().pk}"
    assert (last().body, last().visibility, last().author) == ("您好，已处理。", Visibility.PUBLIC, agent)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == (Status.OPEN, agent)
    assert OutboxMail.objects.filter(purpose="reply").count() == 1


def test_a_note_goes_to_nobody(post: Post, ticket: Ticket) -> None:
    post(kind="note", body="只给同事看", then="solved")
    assert last().visibility == Visibility.INTERNAL
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW
    assert not OutboxMail.objects.filter(purpose="reply").exists()


def test_it_says_what_it_did(post: Post) -> None:
    """And after a note the box stands on notes: the next remark must not go to the customer."""
    checked = r'name="kind" value="(\w+)" checked'
    for kind, told, then in [
        ("note", "Note added.", "note"),
        ("forward", "Forwarded.", "reply"),
        ("reply", "Sent.", "reply"),
    ]:
        status, page = post(HTMX, kind=kind, body="x", to="bank@example.com", origin_key=kind)
        assert status == 200
        assert f'<p class="ws-message ws-message-success">{told}</p>' in page
        assert re.findall(checked, page) == [then], kind


def test_a_reply_that_is_mailed_to_nobody_says_so(
    post: Post, desk: Client, ticket: Ticket, customer: Customer, settings: Any
) -> None:
    settings.MAIL_UNDO_SECONDS = 60
    Customer.objects.filter(pk=customer.pk).update(email="", phone="+8613800138000")
    page = post(HTMX, body="x")[1]
    assert "Kept. Nobody was mailed: no e-mail is known." in page
    assert "Not mailed: no e-mail known" in page
    assert "Sent." not in page
    desk.post(f"/admin/tickets/{ticket.number}/messages/{last().pk}/take-back/")
    assert "Not mailed" not in desk.get(f"/admin/tickets/{ticket.number}/").content.decode()


def test_what_is_mailed_does_not_say_that_it_is_not(post: Post) -> None:
    assert "Not mailed" not in post(HTMX, body="x")[1]


@pytest.mark.parametrize("then", ["open", "pending", "solved"])
def test_send_and_set(post: Post, ticket: Ticket, then: str) -> None:
    post(body="x", then=then)
    ticket.refresh_from_db()
    assert ticket.status == then


def test_the_same_form_twice_is_one_reply(post: Post, ticket: Ticket) -> None:
    seen = seen_by(ticket)
    for _ in range(2):
        status, location = post(body="x", seen=str(seen))
        assert status == 302
        assert location.endswith(f"#message-{last().pk}")
    assert Message.objects.count() == 2


def test_the_same_note_twice_is_one_note(post: Post, ticket: Ticket) -> None:
    for _ in range(2):
        assert post(kind="note", body="x")[0] == 302
    assert Message.objects.count() == 2


def test_files_go_with_it(post: Post) -> None:
    post(body="x", attachments=[SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("b.txt", b"hello")])
    assert [(file.name, file.content_type) for file in Attachment.objects.all()] == [
        ("a.png", "image/png"),
        ("b.txt", "text/plain"),
    ]


def seen_by(ticket: Ticket) -> int:
    return Message.objects.filter(ticket=ticket).latest("pk").pk


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_somebody_was_faster(
    post: Post, customer: Customer, ticket: Ticket, headers: dict[str, str] | None
) -> None:
    """Nothing goes out; what is new is shown; the text stays; sending again with what is seen now goes out."""
    seen = seen_by(ticket)
    newer = messages.customer_reply(ticket, body="已经到账了！", by=actors.customer(customer))
    status, page = post(headers, body="我的回复", seen=str(seen), then="pending")
    assert status == 409
    assert Message.objects.count() == 2
    alert = page.split('id="ws-alert"')[1].split('id="ws-offers"')[0]
    assert alert.count("已经到账了！") == 1, "once, not again as a reason"
    assert alert.count('class="gate"') == 1
    assert "Send anyway" in page
    assert re.search(rf'name="seen" value="{newer.pk}"', page)
    if headers is None:
        assert ">我的回复</textarea>" in page
        assert 'value="pending" selected' in page
    else:
        assert "<textarea" not in page, "what is being typed is not touched"
    assert post(headers, body="我的回复", seen=str(newer.pk))[0] in (302, 200)
    assert last().body == "我的回复"


def test_a_colleague_was_faster(post: Post, second_agent: User, ticket: Ticket) -> None:
    seen = seen_by(ticket)
    messages.reply(ticket, body="Bo was here", by=actors.staff(second_agent))
    status, page = post(body="x", seen=str(seen))
    assert status == 409
    assert "Bo was here" in page


def test_a_note_need_not_have_seen_everything(post: Post, customer: Customer, ticket: Ticket) -> None:
    seen = seen_by(ticket)
    messages.customer_reply(ticket, body="?", by=actors.customer(customer))
    assert post(kind="note", body="x", seen=str(seen))[0] == 302


def test_files_of_what_is_held_back_are_kept(post: Post, customer: Customer, ticket: Ticket) -> None:
    """In the draft, where there was no script to put them there before."""
    seen = seen_by(ticket)
    newer = messages.customer_reply(ticket, body="?", by=actors.customer(customer))
    page = post(body="x", seen=str(seen), attachments=[SimpleUploadedFile("a.png", PNG)])[1]
    assert "a.png" in page
    assert "Please choose your files again." not in page
    post(body="x", seen=str(newer.pk))
    assert [file.name for file in last().attachments.all()] == ["a.png"]


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_an_empty_reply_is_refused(post: Post, headers: dict[str, str] | None) -> None:
    status, page = post(headers, body="  ")
    assert status == 422
    assert "Write what you want to say." in page


def test_a_file_that_may_not_come_in_keeps_the_text(post: Post) -> None:
    status, page = post(body="mein Text", attachments=[SimpleUploadedFile("a.html", b"<script>")])
    assert status == 422
    assert "of a kind we cannot take" in page
    assert ">mein Text</textarea>" in page
    assert Message.objects.count() == 1


def test_htmx_gets_the_ticket_with_an_empty_composer(post: Post) -> None:
    status, page = post(HTMX, body="我的回复")
    assert status == 200
    assert "<html" not in page
    assert "我的回复" in page
    assert re.search(r'<textarea id="ws-text"[^>]*></textarea>', page)
    assert 'name="origin_key" value="k1"' not in page, "the next reply is another act"


def test_an_unknown_status_is_the_usual_one(post: Post, ticket: Ticket) -> None:
    assert post(body="x", then="gone")[0] == 302


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 40, "²"])
def test_a_nonsense_seen_is_nothing_seen(post: Post, seen: str) -> None:
    assert post(body="x", seen=seen)[0] == 302


@pytest.fixture
def macro(db: None) -> Macro:
    return Macro.objects.create(
        name_zh="问候",
        name_en="Greeting",
        body_zh="{customer}您好，编号 {number}。{agent}，{brand}",
        body_en="Dear {customer}, {number}. {agent}, {brand}",
    )


def test_a_macro_is_filled_in_the_customers_language(desk: Client, ticket: Ticket, macro: Macro) -> None:
    assert ">Greeting</option>" in desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    response = desk.get(f"/admin/tickets/{ticket.number}/macros/{macro.pk}/")
    assert response.content.decode() == f"王小明您好，编号 {ticket.display_number}。Ann，B特派钱包"
    assert response["Content-Type"].startswith("text/plain")


def test_a_macro_without_javascript(post: Post, macro: Macro) -> None:
    status, page = post(insert="macro", macro=str(macro.pk), body="Vorher")
    assert status == 200
    assert "Vorher\n\n王小明您好" in page
    assert Message.objects.count() == 1


def test_a_macro_of_another_brand_is_not_there(
    desk: Client, ticket: Ticket, macro: Macro, other_brand: object
) -> None:
    macro.brand = other_brand  # type: ignore[assignment]
    macro.save()
    assert desk.get(f"/admin/tickets/{ticket.number}/macros/{macro.pk}/").status_code == 404


def test_articles_of_the_brand_in_the_customers_language(desk: Client, ticket: Ticket) -> None:
    section = Section.objects.create(brand=ticket.brand, slug="money", name_zh="资金", name_en="Money")
    article = Article.objects.create(section=section, slug="late", is_published=True)
    for language, title in (("zh-hans", "提现多久到账"), ("en", "When a withdrawal arrives")):
        articles.save_translation(article, language=language, title=title, summary="", body=title)
    page = desk.get(f"/admin/tickets/{ticket.number}/articles/", {"article": "提现"}).content.decode()
    assert "提现多久到账" in page
    assert "/btp/help/money/late/" in page
    assert "When a withdrawal" not in page
