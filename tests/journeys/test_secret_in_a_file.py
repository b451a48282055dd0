"""A recovery phrase in a file that a customer sends: the same alarm as in a text, by every way in, said once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Brand, Customer, User
from tests.api_client import Api
from tests.files import CARD, DOCX, PHRASE, docx, pdf
from tests.mails import arrive, mail, mailbox_of
from tests.tickets.portal.pages import fields_of
from tickets import actors
from tickets.actions import messages
from tickets.choices import EventKind, MailPurpose, Priority
from tickets.delivery.render import render
from tickets.models import Category, Event, Message, OutboxMail, Ticket
from tickets.queries.removed_secrets import kinds_in
from tickets.rules.secrets import Kind

pytestmark = pytest.mark.django_db
FILES = {
    "txt": ("words.txt", PHRASE.encode(), "text/plain"),
    "pdf": ("words.pdf", pdf(PHRASE), "application/pdf"),
    "docx": ("words.docx", docx(PHRASE), DOCX),
}


@pytest.fixture(autouse=True)
def incident(db: None) -> Category:
    return Category.objects.create(slug="security-incident", name_zh="安全事件", name_en="Security incident")


def check(ticket: Ticket, message: Message, incident: Category) -> None:
    ticket.refresh_from_db()
    assert (ticket.category, ticket.priority) == (incident, Priority.URGENT)
    assert "secret-removed" in ticket.tags
    told = Event.objects.filter(ticket=ticket, kind=EventKind.SECRET_REMOVED)
    assert [(event.data["of"], event.data["tells"], bool(event.data["file"])) for event in told] == [
        ("customer", True, True)
    ], "one event, so one sentence in the timeline"
    assert kinds_in(message) == [Kind.MNEMONIC]
    letter = OutboxMail.objects.get(ticket=ticket, purpose=MailPurpose.SECRET)
    body = str(render(letter).body)
    assert "助记词" in body or "recovery phrase" in body
    assert "sausage" not in body


@pytest.mark.parametrize("kind", FILES)
def test_by_the_form(kind: str, brand: Brand, category: Category, incident: Category) -> None:
    name, content, content_type = FILES[kind]
    guest = Client(headers={"accept-language": "en"})
    filled = fields_of(guest.get("/btp/new/withdrawal/")) | {
        "subject": "My wallet",
        "body": "It is in the file.",
        "f-amount": "500",
        "f-amount-currency": "CNY",
        "name": "Guest",
        "email": "guest@example.com",
        "attachments": SimpleUploadedFile(name, content, content_type=content_type),
    }
    answer = guest.post("/btp/new/withdrawal/", filled)
    assert answer.status_code == 302, answer.content
    assert "please act now" in guest.get(answer["Location"]).content.decode()
    ticket = Ticket.objects.get()
    check(ticket, ticket.messages.get(), incident)


@pytest.mark.parametrize("kind", FILES)
def test_by_mail(kind: str, brand: Brand, incident: Category) -> None:
    mailbox_of(brand)
    taken = arrive(mail(text="It is in the file.", files=[FILES[kind]]))
    assert taken.ticket is not None
    check(taken.ticket, taken.ticket.messages.get(), incident)


@pytest.mark.parametrize("kind", FILES)
def test_by_the_api(
    kind: str, make_ticket: Callable[..., Ticket], member: Customer, incident: Category
) -> None:
    ticket = make_ticket(customer=member)
    name, content, content_type = FILES[kind]
    said = {"body": "See the file.", "attachments": [SimpleUploadedFile(name, content, content_type)]}
    answer = Api(member.user).upload(f"/tickets/{ticket.display_number}/messages/", said)
    assert answer.status_code == 201, answer.content
    assert answer.json()["removed"] == ["recovery_phrase"]
    check(ticket, ticket.messages.latest("pk"), incident)


def test_in_text_and_file_they_are_told_once_about_both(ticket: Ticket, incident: Category) -> None:
    by = actors.customer(ticket.customer)
    files = [ContentFile(PHRASE.encode(), name="words.txt"), ContentFile(CARD.encode(), name="card.txt")]
    said = messages.customer_reply(ticket, body=f"card {CARD}", by=by, files=files)
    told = Event.objects.filter(ticket=ticket, kind=EventKind.SECRET_REMOVED).order_by("pk")
    assert [(event.data.get("file"), event.data["tells"]) for event in told] == [
        (None, True),
        ("words.txt", False),
        ("card.txt", False),
    ]
    assert set(kinds_in(said)) == {Kind.CARD, Kind.MNEMONIC}
    assert OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.SECRET).count() == 1
    messages.customer_reply(ticket, body="again", by=by, files=[ContentFile(PHRASE.encode(), name="b.txt")])
    assert OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.SECRET).count() == 1, (
        "within the hour"
    )


def test_staffs_own_file_alarms_nobody(ticket: Ticket, agent: User, incident: Category) -> None:
    messages.note(
        ticket, body="x", by=actors.staff(agent), files=[ContentFile(PHRASE.encode(), name="a.txt")]
    )
    ticket.refresh_from_db()
    assert ticket.category != incident
    [event] = Event.objects.filter(ticket=ticket, kind=EventKind.SECRET_REMOVED)
    assert (event.data["of"], event.data["tells"]) == ("staff", False)
    assert not OutboxMail.objects.filter(purpose=MailPurpose.SECRET).exists()
