"""From the rows of the queue to a bulk act: what is shown before, what is done, for whom."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Customer, Team, User
from tickets import actors
from tickets.actions import messages
from tickets.actions.assignment import assign, move_to_team
from tickets.choices import Priority, RunState, Status
from tickets.models import BulkRun, Macro, Message, Ticket

Make = Callable[..., Ticket]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def three(make_ticket: Make) -> list[Ticket]:
    return [make_ticket(subject=f"Case {number}") for number in range(3)]


def names(tickets: list[Ticket]) -> list[str]:
    return [ticket.display_number for ticket in tickets]


def open_panel(desk: Client, act: str = "status", **form: object) -> str:
    response = desk.post("/admin/bulk/", {"act": act, **form}, headers=HTMX)
    return response.content.decode()


def token(page: str) -> str:
    found = re.search(r'name="chosen" value="([^"]+)"', page)
    assert found, page
    return found[1]


def see(desk: Client, act: str, chosen: str, **form: object) -> str:
    sent = {"act": act, "chosen": chosen, **form}
    return desk.post("/admin/bulk/preview/", sent, headers=HTMX).content.decode()


def start(desk: Client, act: str, chosen: str, **form: object) -> str:
    sent = {"act": act, "chosen": chosen, "origin_key": "k", **form}
    return desk.post("/admin/bulk/start/", sent, headers=HTMX).content.decode()


def test_the_queue_offers_boxes_and_acts(
    desk: Client, log_in: object, three: list[Ticket], officer: User
) -> None:
    page = desk.get("/admin/queue/?view=all").content.decode()
    assert page.count('class="ws-pick"') == 3
    assert 'name="act" value="reply"' in page
    assert callable(log_in)
    assert "ws-pick" not in log_in(officer).get("/admin/queue/?view=all").content.decode()


def test_choose_look_do_undo(desk: Client, three: list[Ticket], agent: User) -> None:
    page = open_panel(desk, ticket=names(three))
    assert "3 cases" in page
    chosen = token(page)
    seen = see(desk, "status", chosen, status="pending")
    assert "3 cases will be changed." in seen
    assert not BulkRun.objects.exists(), "looking does nothing"
    done = start(desk, "status", chosen, status="pending")
    assert "3 changed" in done
    assert {row.status for row in Ticket.objects.all()} == {Status.PENDING}
    run = BulkRun.objects.get()
    assert (run.state, run.requested_by) == (RunState.DONE, agent)


def test_enter_shows_what_would_happen_and_does_nothing(desk: Client, three: list[Ticket]) -> None:
    """It presses the form's first button, whose answer has a place of its own and takes the panel from nobody."""
    page = open_panel(desk, "add_tags", ticket=names(three))
    first = re.search(r"<button[^>]*>", page[page.index('id="ws-bulk-form"') :])
    assert first is not None
    assert 'hx-post="/admin/bulk/preview/" hx-target="#ws-bulk-preview" hx-swap="innerHTML"' in first[0]
    chosen = token(page)
    assert re.search(
        r'<button id="ws-bulk-do"[^>]* autofocus>', see(desk, "add_tags", chosen, tags="a b", show="1")
    )
    assert "autofocus" not in see(desk, "add_tags", chosen, tags="a b"), (
        "who types on is left where they type"
    )
    assert not BulkRun.objects.exists()


def test_what_went_out_of_sight_is_not_shown(
    desk: Client, three: list[Ticket], agent: User, other_team: Team
) -> None:
    """Neither its number nor its customer's name, though it was chosen before."""
    chosen = token(open_panel(desk, "note", ticket=names(three)))
    Ticket.objects.filter(pk=three[0].pk).update(team=other_team)
    seen = see(desk, "note", chosen, body="Hi {customer}")
    assert three[0].display_number not in seen
    assert "2 cases will be changed." in seen
    assert three[1].display_number in seen


def test_what_the_database_does_not_hold_is_left_out(desk: Client, three: list[Ticket]) -> None:
    chosen = token(open_panel(desk, "note", ticket=names(three)))
    assert "3 changed" in start(desk, "note", chosen, body="a\x00b")
    chosen = token(open_panel(desk, "add_tags", ticket=names(three)))
    assert "3 changed" in start(desk, "add_tags", chosen, tags="a\x00b", origin_key="other")


def test_what_would_be_held_back_is_told_before(desk: Client, three: list[Ticket]) -> None:
    chosen = token(open_panel(desk, "reply", ticket=names(three)))
    page = see(desk, "reply", chosen, zh="请把您的支付密码告诉我们", en="Please tell us your PIN")
    assert "Nothing would be changed." in page
    assert "3 cases: not done." in page
    assert "支付密码" in page
    assert "asks the customer for a secret" in page
    assert three[0].display_number in page


def test_a_text_that_was_held_back_is_offered_again(
    desk: Client, three: list[Ticket], make_ticket: Make
) -> None:
    """With its reasons, for the cases that were refused; the same case is not written to twice."""
    english = make_ticket(language="en")
    chosen = token(open_panel(desk, "reply", ticket=names([*three, english])))
    form = {"zh": "请把您的支付密码告诉我们", "en": "Dear {customer}", "then": "pending"}
    done = start(desk, "reply", chosen, **form)
    assert "1 changed" in done
    assert "3 refused" in done
    assert "asks the customer for a secret" in done
    assert Message.objects.filter(author_kind="staff").count() == 1
    run = BulkRun.objects.get()
    for page in (done, desk.get(f"/admin/bulk/{run.pk}/").content.decode()):
        assert ">请把您的支付密码告诉我们</textarea>" in page
        assert ">Dear {customer}</textarea>" in page
        assert 'value="pending" selected' in page
        assert "were refused · 3 cases" in " ".join(page.split())
        assert token(page) != chosen
    done = start(desk, "reply", token(done), **{**form, "zh": "您好"}, origin_key="again")
    assert "3 changed" in done
    assert "<textarea" not in done
    assert Message.objects.filter(author_kind="staff").count() == 4


def test_without_javascript(desk: Client, three: list[Ticket]) -> None:
    page = desk.post("/admin/bulk/", {"act": "priority", "ticket": names(three)}).content.decode()
    assert "<html" in page
    form = {"act": "priority", "chosen": token(page), "priority": "high", "origin_key": "k"}
    page = desk.post("/admin/bulk/preview/", form).content.decode()
    assert "3 cases will be changed." in page
    assert 'value="high" selected' in page
    response = desk.post("/admin/bulk/start/", form)
    assert response.status_code == 302
    page = desk.get(response["Location"]).content.decode()
    assert "3 changed" in page
    undone = desk.post(f"{response['Location']}undo/", follow=True).content.decode()
    assert "3 undone" in undone
    assert {row.priority for row in Ticket.objects.all()} == {Priority.NORMAL}


def test_the_same_form_twice_is_done_once(desk: Client, three: list[Ticket]) -> None:
    chosen = token(open_panel(desk, "note", ticket=names(three)))
    for _ in range(2):
        start(desk, "note", chosen, body="x")
    assert Message.objects.count() == 6


def test_what_would_be_refused_is_told_with_its_reason(
    desk: Client, three: list[Ticket], second_agent: User
) -> None:
    assign(three[0], to=second_agent, by=actors.staff(second_agent))
    chosen = token(open_panel(desk, "assign", ticket=names(three)))
    page = see(desk, "assign", chosen, assignee=str(User.objects.get(name="Ann").pk))
    assert "2 cases will be changed." in page
    assert "1 case: not done." in page
    assert "Bo has this case. A team lead can reassign it" in page
    assert three[0].display_number in page


def test_all_that_match_the_view(desk: Client, three: list[Ticket], agent: User, make_ticket: Make) -> None:
    make_ticket(priority=Priority.URGENT)
    page = open_panel(desk, "add_tags", all="1", address="view=all&priority=normal")
    assert "3 cases" in page
    start(desk, "add_tags", token(page), tags="a, b，c")
    assert Ticket.objects.filter(tags=["a", "b", "c"]).count() == 3


def test_all_that_hold_the_words(desk: Client, make_ticket: Make) -> None:
    make_ticket(subject="Lost card")
    make_ticket(subject="Other")
    assert "1 case" in open_panel(desk, "note", all="1", address="q=lost")


def test_strangers_tickets_are_not_there(
    desk: Client, three: list[Ticket], lead: User, other_team: Team
) -> None:
    move_to_team(three[0], team=other_team, by=actors.staff(lead))
    page = open_panel(desk, ticket=[*names(three), "nonsense", "222-222-222"])
    assert "2 cases" in page
    response = desk.post("/admin/bulk/", {"act": "note", "ticket": names(three[:1])}, headers=HTMX)
    assert response.status_code == 422
    assert "Choose at least one case." in response.content.decode()
    assert "All that match" not in response.content.decode()


def test_what_another_chose_is_not_mine(
    desk: Client, log_in: Callable[[User], Client], three: list[Ticket], second_agent: User
) -> None:
    chosen = token(open_panel(desk, ticket=names(three)))
    assert "too long ago" in start(log_in(second_agent), "status", chosen, status="pending")
    assert not BulkRun.objects.exists()


@pytest.mark.parametrize(
    ("act", "form", "told"),
    [
        ("status", {"status": "new"}, "Choose one of the list."),
        ("reply", {"zh": "", "en": "Dear {costumer}"}, "{costumer} is not known"),
        ("add_tags", {"tags": "x" * 41}, "at most 40 characters"),
        ("assign", {"assignee": "²"}, "Choose one of the list."),
    ],
)
def test_nonsense_is_told_and_kept(
    desk: Client, three: list[Ticket], act: str, form: dict[str, str], told: str
) -> None:
    chosen = token(open_panel(desk, act, ticket=names(three)))
    page = start(desk, act, chosen, **form)
    assert told in page
    assert f'value="{chosen}"' in page, "the choice is still there"
    assert not BulkRun.objects.exists()


def test_a_reply_shows_what_each_will_read(
    desk: Client, three: list[Ticket], make_ticket: Make, customer: Customer
) -> None:
    english = make_ticket(language="en")
    chosen = token(open_panel(desk, "reply", ticket=names([*three, english])))
    page = see(desk, "reply", chosen, zh="{customer}您好", en="Dear {customer}, {number}")
    assert "王小明您好" in page
    assert f"Dear 王小明, {english.display_number}" in page
    messages.customer_reply(three[1], body="还没到？", by=actors.customer(customer))
    done = start(desk, "reply", chosen, zh="{customer}您好", en="Dear {customer}")
    assert "3 changed" in done
    assert "1 refused" in done
    assert "Somebody wrote here after you had looked." in done
    assert three[1].display_number in done


def test_macros_that_fit_none_of_mine_are_not_offered(
    desk: Client, three: list[Ticket], other_team: Team
) -> None:
    Macro.objects.create(name_zh="x", name_en="For Risk", team=other_team, add_tags=["x"])
    Macro.objects.create(name_zh="y", name_en="For all", add_tags=["y"])
    page = open_panel(desk, "macro", ticket=names(three))
    assert "For all" in page
    assert "For Risk" not in page


def test_many_go_to_a_worker(desk: Client, make_ticket: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.actions.bulk.AT_ONCE", 2)
    page = open_panel(desk, "note", ticket=names([make_ticket() for _ in range(3)]))
    going = start(desk, "note", token(page), body="x")
    assert "Under way" in going
    assert "3 waiting" in going
    assert 'hx-trigger="every 2s"' in going
    from tickets.tasks.bulk import work_bulk

    work_bulk()
    run = BulkRun.objects.get()
    response = desk.get(f"/admin/bulk/{run.pk}/?watch", headers=HTMX)
    assert "3 changed" in response.content.decode()
    assert "every 2s" not in response.content.decode()
    assert response["HX-Trigger"] == "ws-bulk-ran"
