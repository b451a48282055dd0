"""Macros on a ticket: in the composer, and at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from tickets.choices import EventKind, Priority, Status, Visibility
from tickets.models import Event, Macro, Message, OutboxMail, Ticket

HTMX = {"HX-Request": "true"}
Post = Callable[..., str]


@pytest.fixture
def post(desk: Client, ticket: Ticket) -> Post:
    def send(where: str = "reply", headers: dict[str, str] | None = None, **values: Any) -> str:
        form = {"kind": "reply", "then": "", "seen": "", "origin_key": "k1", **values}
        response = desk.post(f"/admin/tickets/{ticket.number}/{where}/", form, headers=headers)
        assert response.status_code in (200, 302), response.content.decode()
        return response.content.decode()

    return send


def macro(**values: Any) -> Macro:
    return Macro.objects.create(**{"name_zh": "宏", "name_en": "Vip", **values})


@pytest.fixture
def speaking(db: None) -> Macro:
    return macro(
        body_zh="{customer|您}您好", body_en="Hi", set_status="pending", set_priority=30, add_tags=["vip"]
    )


def kinds(ticket: Ticket) -> list[str]:
    said = Event.objects.filter(ticket=ticket).exclude(kind__startswith="timer")
    return list(said.exclude(kind="opened").order_by("pk").values_list("kind", flat=True))


def test_what_it_will_change_is_shown(desk: Client, ticket: Ticket, speaking: Macro) -> None:
    page = desk.get(f"/admin/tickets/{ticket.number}/macros/{speaking.pk}/changes/").content.decode()
    assert f'name="applied" value="{speaking.pk}" data-then="pending"' in page
    for words in ("sets when it is sent:", "priority: high", "+vip", "status: waiting for customer"):
        assert words in page


def test_one_without_changes_shows_nothing(desk: Client, ticket: Ticket) -> None:
    made = macro(body_zh="您好", body_en="Hi")
    response = desk.get(f"/admin/tickets/{ticket.number}/macros/{made.pk}/changes/")
    assert response.content.decode().strip() == ""


def test_the_changes_are_made_with_the_message(post: Post, ticket: Ticket, speaking: Macro) -> None:
    post(body="您好，改过的", then="pending", applied=str(speaking.pk))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority, ticket.tags) == (Status.PENDING, Priority.HIGH, ["vip"])
    assert kinds(ticket) == ["replied", "status_changed", "priority_changed", "tags_changed", "macro_applied"]


def test_the_draft_is_held_before_the_ticket(post: Post, speaking: Macro) -> None:
    """As by whoever sends without a macro: two windows of one author would wait for one another in a circle."""
    with CaptureQueriesContext(connection) as asked:
        post(body="x", applied=str(speaking.pk))
    held = [query["sql"] for query in asked if " FOR " in query["sql"] and "SELECT" in query["sql"]]
    order = [sql.split('FROM "', 1)[1].split('"', 1)[0] for sql in held if 'FROM "tickets_' in sql]
    assert order.index("tickets_draft") < order.index("tickets_ticket")


def test_the_author_has_the_last_word_on_the_status(post: Post, ticket: Ticket, speaking: Macro) -> None:
    post(body="x", then="solved", applied=str(speaking.pk))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.tags) == (Status.SOLVED, ["vip"])
    assert not OutboxMail.objects.filter(purpose="reply").exists(), "one mail, which tells of the solution"


def test_a_status_that_goes_with_no_reply_is_set_after_it(post: Post, ticket: Ticket) -> None:
    post(body="x", applied=str(macro(body_zh="x", body_en="x", set_status="on_hold").pk))
    ticket.refresh_from_db()
    assert ticket.status == Status.ON_HOLD


def test_the_same_form_twice_changes_once(post: Post, ticket: Ticket, speaking: Macro) -> None:
    for _ in range(2):
        post(body="x", applied=str(speaking.pk))
        Ticket.objects.update(tags=[])
    assert Event.objects.filter(kind=EventKind.MACRO_APPLIED).count() == 1
    assert Message.objects.count() == 2


def test_without_the_macro_nothing_changes(post: Post, ticket: Ticket, speaking: Macro) -> None:
    post(body="x")
    ticket.refresh_from_db()
    assert ticket.tags == []


def test_a_refused_change_keeps_the_text(
    desk: Client, ticket: Ticket, second_agent: User, speaking: Macro
) -> None:
    Ticket.objects.update(assignee=second_agent)
    speaking.set_assignee = "me"
    speaking.save()
    form = {"kind": "reply", "body": "mein Text", "origin_key": "k", "applied": str(speaking.pk)}
    response = desk.post(f"/admin/tickets/{ticket.number}/reply/", form)
    page = response.content.decode()
    assert response.status_code == 403
    assert ">mein Text</textarea>" in page
    assert f'name="applied" value="{speaking.pk}"' in page
    assert Message.objects.count() == 1


def test_without_javascript(post: Post, speaking: Macro) -> None:
    page = post(insert="macro", macro=str(speaking.pk), body="Vorher")
    assert "Vorher\n\n王小明您好" in page
    assert f'name="applied" value="{speaking.pk}"' in page
    assert re.search(r'value="pending" selected', page)


def test_one_that_says_nothing_is_applied_at_once(post: Post, desk: Client, ticket: Ticket) -> None:
    made = macro(add_tags=["vip"], set_assignee="me")
    page = desk.get(f"/admin/tickets/{ticket.number}/macros/{made.pk}/changes/").content.decode()
    assert "data-macro-apply" in page
    page = post("macros/apply", HTMX, macro=str(made.pk))
    assert "applied the macro “Vip”" in page
    ticket.refresh_from_db()
    assert (ticket.tags, ticket.assignee.name if ticket.assignee else "") == (["vip"], "Ann")
    done = Event.objects.get(kind=EventKind.MACRO_APPLIED)
    assert f"/macros/applied/{done.pk}/undo/" in page
    post(f"macros/applied/{done.pk}/undo", HTMX)
    ticket.refresh_from_db()
    assert (ticket.tags, ticket.assignee) == ([], None)


def test_only_ones_own_is_undone(
    desk: Client, log_in: Callable[[User], Client], ticket: Ticket, second_agent: User
) -> None:
    made = macro(add_tags=["vip"])
    apply = f"/admin/tickets/{ticket.number}/macros/apply/"
    log_in(second_agent).post(apply, {"macro": made.pk})
    done = Event.objects.get(kind=EventKind.MACRO_APPLIED)
    assert desk.post(f"/admin/tickets/{ticket.number}/macros/applied/{done.pk}/undo/").status_code == 404


def test_one_that_moves_the_case_out_of_sight_leads_to_the_queue(
    desk: Client, ticket: Ticket, other_team: Team
) -> None:
    made = macro(set_team=other_team)
    response = desk.post(f"/admin/tickets/{ticket.number}/macros/apply/", {"macro": made.pk}, headers=HTMX)
    assert response["HX-Redirect"] == "/admin/queue/"


def test_what_does_not_fit_is_not_there(desk: Client, ticket: Ticket, other_team: Team) -> None:
    made = macro(add_tags=["x"], team=other_team)
    assert "Vip" not in desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    for where in (f"macros/{made.pk}/", f"macros/{made.pk}/changes/"):
        assert desk.get(f"/admin/tickets/{ticket.number}/{where}").status_code == 404
    apply = f"/admin/tickets/{ticket.number}/macros/apply/"
    for sent in (str(made.pk), "", "²", "9" * 30):
        assert desk.post(apply, {"macro": sent}).status_code == 404


def test_a_note_keeps_to_itself(post: Post, ticket: Ticket) -> None:
    made = macro(body_zh="内部", is_note=True, set_status="on_hold")
    page = post(insert="macro", macro=str(made.pk), body="")
    assert re.search(r'value="note" checked', page)
    post(kind="note", body="内部", applied=str(made.pk))
    ticket.refresh_from_db()
    assert (Message.objects.latest("pk").visibility, ticket.status) == (Visibility.INTERNAL, Status.ON_HOLD)
