"""Drafts as the page's script keeps them, and the list of one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from helpdesk.lib import clock
from tests.pictures import PNG
from tests.tickets.workspace.conftest import LogIn
from tickets.models import Draft, DraftFile, Message, Ticket

HTMX = {"HX-Request": "true"}
ENGLISH = "We have found your transfer and are looking into it."


@pytest.fixture
def at(ticket: Ticket) -> Callable[[str], str]:
    def act(rest: str) -> str:
        return f"/admin/tickets/{ticket.number}/{rest}"

    return act


@pytest.fixture
def save(desk: Client, at: Callable[[str], str]) -> Callable[..., Any]:
    def act(body: str, version: int = 0, client: Client = desk, **more: object) -> Any:
        return client.post(at("draft/"), {"kind": "reply", "body": body, "version": version, **more})

    return act


class TestSave:
    def test_it_works(self, save: Callable[..., Any], desk: Client, at: Callable[[str], str]) -> None:
        with clock.frozen(datetime(2026, 3, 2, 2, 32, tzinfo=UTC)):  # 10:32 in Shanghai
            told = save("您好", then="solved").json()
            assert told == {"version": 1, "saved": "Saved 10:32", "language": "", "warning": ""}
            page = desk.get(at("")).content.decode()
        assert ">您好</textarea>" in page
        assert 'id="ws-version" value="1"' in page
        assert "Saved 10:32" in page
        assert '<option value="solved" selected>' in page

    def test_another_day_is_named(
        self, save: Callable[..., Any], desk: Client, at: Callable[[str], str]
    ) -> None:
        with clock.frozen(datetime(2026, 3, 2, 16, 30, tzinfo=UTC)):  # past midnight in Shanghai
            save("x")
        with clock.frozen(datetime(2026, 3, 4, 2, 0, tzinfo=UTC)):
            assert "Saved 03/03/2026 00:30" in desk.get(at("")).content.decode()

    def test_an_old_window_is_shown_the_newer_text(self, save: Callable[..., Any]) -> None:
        save("one")
        save("one two", 1, kind="note")
        answer = save("one three", 1)
        assert answer.status_code == 409
        told = answer.json()
        assert (told["code"], told["version"], told["body"], told["kind"]) == (
            "draft_moved",
            2,
            "one two",
            "note",
        )

    def test_gone(self, save: Callable[..., Any], desk: Client, at: Callable[[str], str]) -> None:
        save("one")
        assert desk.post(at("draft/discard/")).json() == {"version": 0}
        answer = save("one two", 1)
        assert (answer.status_code, answer.json()["code"]) == (409, "draft_gone")

    def test_another_language_is_told(
        self, save: Callable[..., Any], desk: Client, at: Callable[[str], str]
    ) -> None:
        told = save(ENGLISH).json()
        assert told["language"] == "en"
        assert told["warning"] == "This is written in English; this customer reads Simplified Chinese."
        assert told["warning"] in desk.get(at("")).content.decode()
        assert save(ENGLISH, 1, kind="note").json()["language"] == "", "the customer does not read it"

    def test_who_is_logged_out_is_not_told_that_it_is_saved(self, save: Callable[..., Any]) -> None:
        assert save("x", client=Client()).status_code == 302
        assert not Draft.objects.exists()

    @pytest.mark.parametrize("version", ["x", "-1", "9" * 40, ""])
    def test_a_nonsense_version_is_none(self, save: Callable[..., Any], version: str) -> None:
        assert save("x", version).json()["version"] == 1


def test_nobody_else_sees_it(
    save: Callable[..., Any],
    desk: Client,
    log_in: LogIn,
    second_agent: User,
    lead: User,
    at: Callable[[str], str],
) -> None:
    save("my secret thought")
    for other in (second_agent, lead):
        client = log_in(other)
        assert "my secret thought" not in client.get(at("")).content.decode()
        assert "my secret thought" not in client.get("/admin/drafts/").content.decode()
        assert client.post(at("draft/discard/")).status_code == 200
    assert "my secret thought" in desk.get("/admin/drafts/").content.decode()


def test_a_stranger_to_the_ticket(
    save: Callable[..., Any], log_in: LogIn, other_team_agent: User, ticket: Ticket, team: Team
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(team=team)
    assert save("x", client=log_in(other_team_agent)).status_code == 404


class TestMine:
    def test_the_list(
        self, save: Callable[..., Any], desk: Client, at: Callable[[str], str], ticket: Ticket
    ) -> None:
        assert "Nothing begun." in desk.get("/admin/drafts/").content.decode()
        save("half a thought", kind="note")
        page = desk.get("/admin/drafts/").content.decode()
        assert ticket.display_number in page
        assert "half a thought" in page
        assert "internal note" in page
        assert desk.post(at("draft/discard/"), {"back": "yes"})["Location"] == "/admin/drafts/"
        assert not Draft.objects.exists()

    def test_not_of_what_one_no_longer_sees(
        self, save: Callable[..., Any], desk: Client, ticket: Ticket, other_team: Team
    ) -> None:
        save("half a thought")
        Ticket.objects.filter(pk=ticket.pk).update(team=other_team)
        assert "half a thought" not in desk.get("/admin/drafts/").content.decode()


class TestFiles:
    def upload(
        self, client: Client, at: Callable[[str], str], name: str = "a.png", content: bytes = PNG
    ) -> Any:
        return client.post(at("draft/files/"), {"attachments": SimpleUploadedFile(name, content)})

    def test_it_works(self, desk: Client, at: Callable[[str], str], save: Callable[..., Any]) -> None:
        answer = self.upload(desk, at)
        assert answer["X-Draft-Version"] == "1"
        assert "a.png" in answer.content.decode()
        kept = DraftFile.objects.get()
        shown = desk.get(at(f"draft/files/{kept.pk}/?inline"))
        assert shown["Content-Type"] == "image/png"
        assert b"".join(shown) == PNG
        assert "a.png" in desk.get(at("")).content.decode()
        removed = desk.post(at(f"draft/files/{kept.pk}/remove/"))
        assert removed["X-Draft-Version"] == "0"
        assert not DraftFile.objects.exists()

    def test_refused_with_the_reason(self, desk: Client, at: Callable[[str], str]) -> None:
        answer = self.upload(desk, at, "a.html", b"<script>")
        assert answer.status_code == 422
        assert "of a kind we cannot take" in answer.json()["said"]
        assert desk.post(at("draft/files/")).status_code == 400

    def test_its_author_alone(
        self, desk: Client, log_in: LogIn, second_agent: User, at: Callable[[str], str]
    ) -> None:
        self.upload(desk, at)
        kept, other = DraftFile.objects.get(), log_in(second_agent)
        assert other.get(at(f"draft/files/{kept.pk}/")).status_code == 404
        other.post(at(f"draft/files/{kept.pk}/remove/"))
        assert DraftFile.objects.exists()

    def test_they_go_with_the_reply(self, desk: Client, at: Callable[[str], str], ticket: Ticket) -> None:
        self.upload(desk, at)
        desk.post(at("reply/"), {"kind": "reply", "body": "x"})
        message = Message.objects.latest("pk")
        assert [file.name for file in message.attachments.all()] == ["a.png"]
        assert not Draft.objects.exists()


class TestWithoutScript:
    """The form itself: whatever button is pressed, text and files are kept."""

    def test_keep(self, desk: Client, at: Callable[[str], str]) -> None:
        files = [SimpleUploadedFile("a.png", PNG)]
        page = desk.post(at("reply/"), {"kind": "note", "body": "x", "keep": "yes", "attachments": files})
        assert "a.png" in page.content.decode()
        assert Draft.objects.get().body == "x"
        kept = DraftFile.objects.get()
        desk.post(at("reply/"), {"kind": "note", "body": "x", "version": "2", "remove_file": kept.pk})
        assert not DraftFile.objects.exists()
        assert Draft.objects.get().body == "x"
        assert desk.post(at("reply/"), {"body": "x", "discard": "yes"}).status_code == 302
        assert not Draft.objects.exists()

    def test_what_is_held_back_keeps_its_files(self, desk: Client, at: Callable[[str], str]) -> None:
        files = [SimpleUploadedFile("a.png", PNG)]
        answer = desk.post(
            at("reply/"), {"kind": "forward", "to": "nobody", "body": "x", "attachments": files}
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "“nobody” is no e-mail address." in page
        assert 'value="nobody"' in page
        assert "a.png" in page


class TestLanguage:
    @pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
    def test_asked_once(self, desk: Client, at: Callable[[str], str], headers: dict[str, str] | None) -> None:
        form = {"kind": "reply", "body": ENGLISH}
        answer = desk.post(at("reply/"), form, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "this customer reads Simplified Chinese" in page
        assert "Send anyway" in page
        assert 'name="warned" id="ws-warned" value="en"' in page
        assert Message.objects.count() == 1
        assert desk.post(at("reply/"), {**form, "warned": "en"}).status_code == 302
        assert Message.objects.count() == 2

    @pytest.mark.parametrize("kind", ["note", "forward"])
    def test_what_the_customer_does_not_read(self, desk: Client, at: Callable[[str], str], kind: str) -> None:
        form = {"kind": kind, "body": ENGLISH, "to": "desk@bank.example"}
        assert desk.post(at("reply/"), form).status_code == 302


def test_what_was_sent_otherwise_comes_back_with_a_new_key(desk: Client, at: Callable[[str], str]) -> None:
    desk.post(at("reply/"), {"kind": "reply", "body": "x", "origin_key": "k"})
    answer = desk.post(at("reply/"), {"kind": "reply", "body": "x y", "origin_key": "k"}, headers=HTMX)
    assert answer.status_code == 409
    assert 'name="origin_key" value="k"' not in answer.content.decode()
    assert Message.objects.count() == 2


def test_the_preview_is_what_is_sent(desk: Client, at: Callable[[str], str]) -> None:
    shown = desk.post(at("preview/"), {"body": "**您好** <b>x</b>"}).content.decode()
    desk.post(at("reply/"), {"kind": "reply", "body": "**您好** <b>x</b>"})
    html = str(Message.objects.latest("pk").html)
    assert "<strong>您好</strong> &lt;b&gt;x&lt;/b&gt;" in html
    assert html in shown
    assert html in desk.get(at("")).content.decode()
    assert "Nothing is written yet." in desk.post(at("preview/"), {"body": " "}).content.decode()


def test_old_messages_and_customers_are_plain(
    desk: Client, at: Callable[[str], str], make_ticket: Callable[..., Ticket]
) -> None:
    other = make_ticket(body="**not bold** - 1")
    page = desk.get(f"/admin/tickets/{other.number}/").content.decode()
    assert ">**not bold** - 1</div>" in page


def test_a_draft_costs_the_page_one_more_query_at_most(
    save: Callable[..., Any], desk: Client, at: Callable[[str], str], django_assert_max_num_queries: Any
) -> None:
    desk.get(at(""))
    with CaptureQueriesContext(connection) as without:
        desk.get(at(""))
        before = len(without)
    save("x")
    # Its row is looked for anyway; now its files are, too.
    with django_assert_max_num_queries(before + 1):
        desk.get(at(""))


def test_a_month_later_it_says_the_day(save: Callable[..., Any], desk: Client, agent: User) -> None:
    save("x")
    with clock.frozen(clock.now() + timedelta(days=20)):
        desk.force_login(agent)  # sessions do not last that long
        assert "20 d ago" in desk.get("/admin/drafts/").content.decode()
