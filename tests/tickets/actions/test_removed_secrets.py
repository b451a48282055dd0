"""What follows when somebody writes a secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.choices import AuditKind
from accounts.models import AuditEntry, User
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tests.times import shanghai
from tickets import actors
from tickets.actions import messages
from tickets.actions.intake import admit_file_name
from tickets.actions.removed_secrets import QUIET, TAG
from tickets.actions.tickets import set_tags
from tickets.choices import Channel, EventKind, MailPurpose, Nature, Priority
from tickets.models import Category, Event, Message, OutboxMail, Ticket, TicketSearch
from tickets.queries.removed_secrets import kinds_at_opening, kinds_in, sent_by_customer
from tickets.rules.secrets import Kind

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CARD = "4111 1111 1111 1111"
Make = Callable[..., Ticket]


@pytest.fixture
def incident(db: None) -> Category:
    return Category.objects.create(slug="security-incident", name_zh="安全事件", name_en="Security incident")


def told(ticket: Ticket) -> int:
    return OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.SECRET).count()


def events(ticket: Ticket) -> list[dict[str, object]]:
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.SECRET_REMOVED).order_by("pk")
    return list(rows.values_list("data", flat=True))


def test_a_phrase_makes_it_a_security_incident(make_ticket: Make, incident: Category) -> None:
    ticket = make_ticket(subject=f"seed {PHRASE}", body=f"{PHRASE} does not work")
    ticket.refresh_from_db()
    assert (ticket.category, ticket.priority, ticket.tags) == (incident, Priority.URGENT, [TAG])
    assert (
        "winner" not in f"{ticket.subject}{Message.objects.get().body}{TicketSearch.objects.get().document}"
    )
    assert events(ticket) == [{"kinds": ["recovery_phrase"], "of": "customer", "tells": True}]
    assert kinds_at_opening(ticket) == [Kind.MNEMONIC]
    assert told(ticket) == 1
    entry = AuditEntry.objects.get(kind=AuditKind.SECRET_REMOVED)
    assert (entry.ticket, entry.actor, entry.data["kinds"]) == (ticket.number, None, ["recovery_phrase"])


def test_a_card_is_told_and_changes_no_category(
    ticket: Ticket, incident: Category, category: Category
) -> None:
    message = messages.customer_reply(ticket, body=f"card {CARD}", by=actors.customer(ticket.customer))
    ticket.refresh_from_db()
    assert (ticket.category, ticket.priority, told(ticket)) == (category, Priority.NORMAL, 1)
    assert kinds_in(message) == [Kind.CARD]
    assert "411111••••••1111" in message.body


def test_without_such_a_category_it_is_urgent_all_the_same(make_ticket: Make, category: Category) -> None:
    ticket = make_ticket(body=PHRASE)
    ticket.refresh_from_db()
    assert (ticket.category, ticket.priority) == (category, Priority.URGENT)


def test_a_case_that_is_one_already_stays_in_its_narrower_category(
    make_ticket: Make, incident: Category
) -> None:
    narrower = Category.objects.create(slug="scam", name_zh="诈骗", name_en="Scam", parent=incident)
    ticket = make_ticket(category=narrower, body=PHRASE, answers={})
    ticket.refresh_from_db()
    assert ticket.category == narrower


def test_the_same_is_told_once_an_hour(ticket: Ticket) -> None:
    by = actors.customer(ticket.customer)
    with clock.frozen(shanghai(2, 10)):
        messages.customer_reply(ticket, body=CARD, by=by)
        messages.customer_reply(ticket, body=f"again {CARD}", by=by)
        assert told(ticket) == 1
        messages.customer_reply(ticket, body=PHRASE, by=by)
        assert told(ticket) == 2, "of another kind"
    with clock.frozen(shanghai(2, 10) + QUIET + timedelta(minutes=1)):
        messages.customer_reply(ticket, body=CARD, by=by)
        assert told(ticket) == 3
    assert len(events(ticket)) == 4, "each is written down"


def test_a_machine_is_not_told(ticket: Ticket) -> None:
    by = actors.customer(ticket.customer)
    messages.customer_reply(ticket, body=f"out of office {CARD}", by=by, nature=Nature.AUTOMATIC)
    assert (told(ticket), events(ticket)[0]["tells"]) == (0, False)


def test_an_imported_case_is_written_down_and_nobody_told(make_ticket: Make, incident: Category) -> None:
    ticket = make_ticket(body=PHRASE, channel=Channel.IMPORT, opened_at=shanghai(2, 10), no_receipt="import")
    ticket.refresh_from_db()
    assert (ticket.category != incident, ticket.tags, told(ticket)) == (True, [], 0)
    assert len(events(ticket)) == 1


def test_what_staff_type_is_taken_out_and_the_customer_left_alone(
    ticket: Ticket, agent: User, incident: Category
) -> None:
    note = messages.note(ticket, body=f"they said {PHRASE}", by=actors.staff(agent))
    ticket.refresh_from_db()
    assert "winner" not in note.body
    assert (ticket.category != incident, ticket.tags, told(ticket)) == (True, [], 0)
    assert events(ticket)[0]["of"] == "staff"
    assert AuditEntry.objects.get(kind=AuditKind.SECRET_REMOVED).actor == agent
    assert sent_by_customer(ticket, since=shanghai(1, 0)) == []


def test_a_short_text_is_not_mere_thanks(ticket: Ticket) -> None:
    message = messages.customer_reply(ticket, body=f"谢谢 {CARD}", by=actors.customer(ticket.customer))
    assert message.nature == Nature.SUBSTANCE


@pytest.mark.parametrize("tags", [[CARD], PHRASE.split()])
def test_no_tags_of_it(ticket: Ticket, agent: User, tags: list[str]) -> None:
    with pytest.raises(Invalid) as raised:
        set_tags(ticket, tags=tags, by=actors.staff(agent))
    assert "tags" in raised.value.fields


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4111111111111111.png", "[removed: card number · 已移除：卡号 411111••••••1111].png"),
        (rf"C:\Users\wang\{PHRASE}.txt", "[removed: recovery phrase · 已移除：助记词].txt"),
        ("receipt 20260331.pdf", "receipt 20260331.pdf"),
    ],
)
def test_file_names(typed: str, kept: str) -> None:
    assert admit_file_name(typed) == kept
