"""The send gate as agents meet it: in the composer, and on the page to try texts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.admin.test_pages import browser
from tests.tickets.workspace.test_compose import HTMX, Post, last, post, seen_by
from tickets import actors
from tickets.actions import assignment, messages, send_gate
from tickets.models import ForbiddenPhrase, Message, Ticket
from tickets.queries.forbidden_phrases import forget

__all__ = ["post"]  # a fixture
ANYWAY = 'data-send="Send anyway"'


@pytest.fixture(autouse=True)
def one_phrase(db: None) -> ForbiddenPhrase:
    ForbiddenPhrase.objects.all().delete()
    made = ForbiddenPhrase.objects.create(
        words="一定退款", reason_zh="不能承诺", reason_en="No promise", may_send_anyway=True
    )
    forget()
    return made


def warned(page: str) -> str:
    found: list[str] = re.findall(r'id="ws-warned" value="(\w*)"', page)
    return found[0]


def confirmations(page: str) -> list[str]:
    return re.findall(r'name="confirmed" value="(\w+)"', page)


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_a_reason_with_its_place_and_a_way_on(post: Post, headers: dict[str, str] | None) -> None:
    status, page = post(headers, body="您放心，一定退款。", then="pending")
    assert status == 409
    assert Message.objects.count() == 1
    assert "No promise" in page
    assert "<mark>一定退款</mark>" in page
    assert ANYWAY in page
    if headers is None:
        assert ">您放心，一定退款。</textarea>" in page
        assert 'value="pending" selected' in page
    else:
        assert "<textarea" not in page
    [said] = confirmations(page)
    assert post(headers, body="您放心，一定退款！", confirmed=said)[0] == 409, "another text"
    assert post(headers, body="您放心，一定退款。", confirmed=said)[0] in (200, 302)
    assert last().body == "您放心，一定退款。"


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_a_secret_goes_out_in_no_way(post: Post, headers: dict[str, str] | None) -> None:
    status, page = post(headers, body="一定退款，卡号 4111 1111 1111 1111")
    assert status == 409
    assert "411111••••••1111" in page
    assert ANYWAY not in page
    again = {"confirmed": confirmations(page)}
    assert post(headers, body="一定退款，卡号 4111 1111 1111 1111", **again)[0] == 409
    assert Message.objects.count() == 1


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_about_language_and_promise_each_is_asked_once(
    post: Post, headers: dict[str, str] | None, one_phrase: ForbiddenPhrase
) -> None:
    ForbiddenPhrase.objects.update(words="will arrive tomorrow")
    forget()
    body = "We have found your transfer and it will arrive tomorrow."
    page = post(headers, body=body)[1]
    assert "this customer reads Simplified Chinese" in page
    page = post(headers, body=body, warned=warned(page))[1]
    assert "No promise" in page
    [said] = confirmations(page)
    assert post(headers, body=body, warned=warned(page), confirmed=said)[0] in (200, 302)
    assert last().body == body


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_the_language_hides_no_other_reason(
    post: Post, headers: dict[str, str] | None, ticket: Ticket, second_agent: User
) -> None:
    """A request for a code, a promise and what somebody said meanwhile are told with it, all at once."""
    ForbiddenPhrase.objects.update(words="will arrive tomorrow")
    forget()
    reads = "this customer reads Simplified Chinese"
    page = post(headers, body="Please send me the verification code that you got; it will arrive tomorrow.")[
        1
    ]
    assert reads in page
    assert "asks the customer for a secret" in page
    assert "No promise" in page
    assert ANYWAY not in page
    seen = str(seen_by(ticket))
    messages.reply(ticket, body="Bo was here", by=actors.staff(second_agent))
    body = "We have found your transfer and it will arrive tomorrow."
    page = post(headers, body=body, seen=seen)[1]
    assert reads in page
    assert "Bo answered" in page
    assert "No promise" in page
    assert ANYWAY in page
    said = confirmations(page)
    assert post(headers, body=body, warned=warned(page), confirmed=said[0])[0] in (200, 302), (
        "one look is enough"
    )


def test_what_is_marked_is_text(post: Post, one_phrase: ForbiddenPhrase) -> None:
    page = post(HTMX, body="<b>x</b> 一定退款 <script>")[1]
    assert "&lt;b&gt;x&lt;/b&gt; <mark>" in page
    assert "<script>" not in page


def test_who_was_faster_is_named(post: Post, second_agent: User, ticket: Ticket) -> None:
    seen = seen_by(ticket)
    messages.reply(ticket, body="Bo was here", by=actors.staff(second_agent))
    page = post(HTMX, body="x", seen=str(seen))[1]
    assert re.search(r"Bo answered \d+ s ago", page)
    assert ANYWAY in page


def test_somebody_took_it_while_i_was_writing(
    desk: Client, post: Post, second_agent: User, ticket: Ticket
) -> None:
    page = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    assert re.search(r'name="assignee_seen" value=""', page)
    assignment.assign(ticket, to=second_agent, by=actors.staff(second_agent))
    status, page = post(HTMX, body="x", assignee_seen="")
    assert (status, "Bo has this case now" in page) == (409, True)
    assert re.search(r'name="assignee_seen" value=""', page), "it was not seen yet"
    [said] = confirmations(page)
    assert post(HTMX, body="x", assignee_seen="", confirmed=said)[0] == 200


def test_a_note_is_not_gated(post: Post) -> None:
    assert post(kind="note", body="一定退款 密码：abc123")[0] == 302


class TestTrying:
    URL = "/admin/send-gate/"

    def test_it_works(self, manager: User) -> None:
        client = browser(manager)
        assert client.get(self.URL).status_code == 200
        said = {"text": "一定退款，请提供验证码。密码：abc123", "brand": "btp", "language": "zh-hans"}
        page = client.post(self.URL, said).content.decode()
        assert "It would be held back for 3 reasons" in page
        assert "<mark>一定退款</mark>" in page
        assert Message.objects.count() == 0

    def test_nothing_to_hold_back(self, lead: User) -> None:
        said = {"text": "您好", "brand": "btp", "language": "en"}
        assert "It would be sent" in browser(lead).post(self.URL, said).content.decode()

    def test_nonsense(self, manager: User) -> None:
        assert browser(manager).post(self.URL, {"text": "", "brand": "none"}).status_code == 422

    def test_an_address_tries_nothing(self, manager: User) -> None:
        """What stands in an address is kept in logs."""
        page = browser(manager).get(self.URL, {"text": "一定退款", "brand": "btp", "language": "zh-hans"})
        assert "held back" not in page.content.decode()


def test_a_phrase_from_its_page_holds_at_once(
    manager: User, agent: User, ticket: Ticket, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    from tests.tickets.admin.test_configuration import save

    messages.reply(ticket, body="零风险", by=actors.staff(agent))
    more = {"words": "零风险\r\n\r\n保证 * 到账 ", "reason_zh": "不", "reason_en": "no", "is_active": "on"}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert save(manager, "tickets.forbiddenphrase", more) == (302, "")
    assert ForbiddenPhrase.objects.latest("pk").words == "零风险\n保证 * 到账"
    with pytest.raises(send_gate.HeldBack):
        messages.reply(ticket, body="零风险", by=actors.staff(agent))
    status, told = save(manager, "tickets.forbiddenphrase", {**more, "words": "a*"})
    assert (status, "too short" in told) == (200, True)
    status, told = save(manager, "tickets.forbiddenphrase", {**more, "words": "卡号 4111 1111 1111 1111"})
    assert (status, "must not be stored here" in told) == (200, True)
