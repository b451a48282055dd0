from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.tickets.portal.pages import GOOD, fields_of, picture, text_of
from tickets import actors
from tickets.actions import messages
from tickets.actions.links import revoke_links
from tickets.actions.merging import merge
from tickets.actions.status import change_status
from tickets.choices import Status
from tickets.models import Attachment, Category, Message, Ticket, TrackingLink
from tickets.queries.links import newest_link, tracking_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(guest: Client, ticket: Ticket) -> Client:
    """A browser that opened the case's link."""
    guest.get(tracking_path(link(ticket), "btp"))
    return guest


def link(ticket: Ticket) -> TrackingLink:
    found = newest_link(ticket)
    assert found is not None
    return found


def path(ticket: Ticket) -> str:
    return f"/btp/cases/{ticket.display_number}/"


def write(client: Client, ticket: Ticket, **typed: Any) -> Any:
    return client.post(path(ticket), {**fields_of(client.get(path(ticket)), "reply"), **typed})


def file_as(client: Client, email: str) -> Any:
    form = fields_of(client.get("/btp/new/withdrawal/"))
    filed = client.post("/btp/new/withdrawal/", {**form, **GOOD, "email": email})
    assert filed.status_code == 302, text_of(filed)
    return filed


def solve(ticket: Ticket, agent: User) -> None:
    messages.reply(ticket, body="Done.", by=actors.staff(agent), then=Status.SOLVED)
    ticket.refresh_from_db()


def test_it_works(holder: Client, ticket: Ticket, agent: User) -> None:
    messages.reply(ticket, body="Please send https://example.com a picture.", by=actors.staff(agent))
    response = holder.get(path(ticket))
    text = text_of(response)
    assert response.status_code == 200
    assert ticket.subject in text
    assert "我周一提现 500 元" in text
    assert "Ann BTP Wallet" in text
    assert "500 CNY" in text
    assert '<a href="https://example.com"' in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_the_way_of_writing_does_not_matter(holder: Client, ticket: Ticket) -> None:
    assert holder.get(f"/btp/cases/{ticket.number.lower()}/").status_code == 200


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.NEW, "We have your message"),
        (Status.PENDING, "We need something from you"),
        (Status.ON_HOLD, "We are waiting for somebody else"),
        (Status.SOLVED, "We think this is solved"),
    ],
)
def test_the_status_is_told_in_plain_words(
    holder: Client, ticket: Ticket, agent: User, status: Status, said: str
) -> None:
    if status != Status.NEW:
        change_status(ticket, to=status, by=actors.staff(agent))
    assert said in text_of(holder.get(path(ticket)))


def test_a_broken_promise_is_owned_up_to(holder: Client, ticket: Ticket) -> None:
    with clock.frozen(ticket.created_at + timedelta(days=5)):
        assert "We are late" in text_of(holder.get(path(ticket)))


def test_internal_notes_and_their_files_are_never_there(holder: Client, ticket: Ticket, agent: User) -> None:
    note = messages.note(ticket, body="Secret thought", by=actors.staff(agent), files=[picture("secret.png")])
    assert "Secret" not in text_of(holder.get(path(ticket)))
    assert "secret.png" not in text_of(holder.get(path(ticket)))
    assert note.attachments.count() == 1
    for number in (0, 1, note.attachments.get().pk, 10**12):
        assert holder.get(f"{path(ticket)}files/{number}/").status_code == 404
    write(holder, ticket, body="Mine", attachments=[picture("mine.png")])
    assert "mine.png" in holder.get(f"{path(ticket)}files/1/")["Content-Disposition"]


def test_text_is_not_html(holder: Client, ticket: Ticket) -> None:
    write(holder, ticket, body="<script>alert(1)</script>")
    assert "<script>alert" not in holder.get(path(ticket)).content.decode()


def test_reply(holder: Client, ticket: Ticket) -> None:
    response = write(holder, ticket, body="Here it is.", attachments=[picture()])
    message = Message.objects.get(body="Here it is.")
    assert response["Location"] == f"{path(ticket)}#letter-2"
    assert message.by_customer
    assert message.attachments.get().name == "screenshot.png"


def test_a_reply_goes_on_with_a_waiting_case(holder: Client, ticket: Ticket, agent: User) -> None:
    change_status(ticket, to=Status.PENDING, by=actors.staff(agent))
    write(holder, ticket, body="Here it is.")
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_a_reply_sent_twice_is_one_message(holder: Client, ticket: Ticket) -> None:
    filled = {**fields_of(holder.get(path(ticket)), "reply"), "body": "Once"}
    holder.post(path(ticket), filled)
    holder.post(path(ticket), filled)
    assert Message.objects.filter(body="Once").count() == 1


def test_an_empty_reply_keeps_its_files(holder: Client, ticket: Ticket) -> None:
    response = write(holder, ticket, body=" ", attachments=[picture()])
    assert response.status_code == 422
    assert "Write what you want to say." in text_of(response)
    assert holder.post(path(ticket), {**fields_of(response, "reply"), "body": "Now"}).status_code == 302
    assert Attachment.objects.get().message.body == "Now"


def test_solved_by_the_customer(holder: Client, ticket: Ticket) -> None:
    assert holder.post(path(ticket) + "solved/").status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.SOLVED
    assert "You said that it is solved" in text_of(holder.get(path(ticket)))
    holder.post(path(ticket) + "solved/")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    assert holder.post(path(ticket) + "solved/").status_code == 302


def test_closing_needs_a_post(holder: Client, ticket: Ticket) -> None:
    assert holder.get(path(ticket) + "solved/").status_code == 405


@pytest.mark.parametrize("body", ["", "Still not there"])
def test_reopen_with_or_without_a_word(holder: Client, ticket: Ticket, agent: User, body: str) -> None:
    solve(ticket, agent)
    assert "Reopen this case" in text_of(holder.get(path(ticket)))
    assert write(holder, ticket, body=body).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.reopen_count == 1
    assert Message.objects.filter(body="Still not there").count() == bool(body)


def test_too_late_to_reopen_it_becomes_a_new_case(holder: Client, ticket: Ticket, agent: User) -> None:
    solve(ticket, agent)
    with clock.frozen(clock.now() + timedelta(days=20)):
        assert "Open a new case" in text_of(holder.get(path(ticket)))
        response = write(holder, ticket, body="It happened again")
        follow_up = Ticket.objects.exclude(pk=ticket.pk).get()
        assert follow_up.follow_up_of == ticket
        assert response["Location"] == f"/btp/cases/{follow_up.display_number}/received/"
        assert holder.get(f"/btp/cases/{follow_up.display_number}/").status_code == 200


def test_files_are_downloads_and_pictures_may_be_shown(holder: Client, ticket: Ticket) -> None:
    write(holder, ticket, body="Look", attachments=[picture()])
    place = f"{path(ticket)}files/1/"
    download, shown = holder.get(place), holder.get(place + "?show")
    assert download["Content-Disposition"].startswith("attachment")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Type"] == "image/png"
    for response in (download, shown):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response["Content-Security-Policy"]


def test_anything_but_a_picture_is_never_shown_in_place(holder: Client, ticket: Ticket) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    write(holder, ticket, body="Look", attachments=[SimpleUploadedFile("log.txt", b"<html>")])
    response = holder.get(f"{path(ticket)}files/1/?show")
    assert response["Content-Disposition"].startswith("attachment")


def test_strangers_find_nothing(
    ticket: Ticket, mia: Client, agent: User, other_brand: Brand, holder: Client
) -> None:
    write(holder, ticket, body="Look", attachments=[picture()])
    staff = Client()
    staff.force_login(agent)
    for stranger in (Client(), mia, staff):
        assert stranger.get(path(ticket)).status_code == 404
        assert stranger.post(path(ticket), {"body": "Hi"}).status_code == 404
        assert stranger.post(path(ticket) + "solved/").status_code == 404
        assert stranger.get(f"{path(ticket)}received/").status_code == 404
        assert stranger.get(f"{path(ticket)}files/1/").status_code == 404
    assert holder.get(path(ticket).replace("/btp/", "/bobao/")).status_code == 404
    assert Client().get("/btp/cases/222-222-222/").status_code == 404


def test_a_revoked_link_ends_what_it_opened(holder: Client, ticket: Ticket, lead: User) -> None:
    revoke_links(ticket, by=actors.staff(lead))
    assert holder.get(path(ticket)).status_code == 404


def test_my_cases(
    mia: Client, member: Customer, make_ticket: Callable[..., Ticket], ticket: Ticket, agent: User
) -> None:
    own = make_ticket(customer=member, subject="Mine alone")
    text = text_of(mia.get("/btp/cases/"))
    assert "Mine alone" in text
    assert "We have your message" in text
    assert ticket.subject not in text
    assert mia.get(path(own)).status_code == 200
    assert write(mia, own, body="More").status_code == 302


def test_cases_of_another_brand_are_shown_there(
    mia: Client, member: Customer, make_ticket: Callable[..., Ticket], other_brand: Brand
) -> None:
    make_ticket(customer=member, brand=other_brand, subject="Elsewhere")
    assert "Elsewhere" not in text_of(mia.get("/btp/cases/"))
    assert "Elsewhere" in text_of(mia.get("/bobao/cases/"))


def test_no_cases_yet(mia: Client) -> None:
    assert "No cases yet" in text_of(mia.get("/btp/cases/"))


def test_my_cases_need_a_log_in(guest: Client, agent: User) -> None:
    assert guest.get("/btp/cases/")["Location"] == "/accounts/login/?next=%2Fbtp%2Fcases%2F"
    guest.force_login(agent)
    assert guest.get("/btp/cases/")["Location"] == "/btp/"


def test_cases_filed_as_a_guest_come_along(guest: Client, ticket: Ticket, category: Category) -> None:
    from accounts.actions import customers
    from accounts.rules.capabilities import Role

    user = User.objects.create_user("wang@example.com", "x" * 12, role=Role.CUSTOMER)
    customers.of_user(user)
    guest.force_login(user)
    assert ticket.subject in text_of(guest.get("/btp/cases/"))


@pytest.mark.parametrize("count", [5, 50])
def test_query_count_of_my_cases_does_not_grow(
    mia: Client,
    member: Customer,
    make_ticket: Callable[..., Ticket],
    django_assert_num_queries: Any,
    count: int,
) -> None:
    for n in range(count):
        make_ticket(customer=member, subject=f"Case {n}")
    with django_assert_num_queries(4):
        mia.get("/btp/cases/")


@pytest.mark.parametrize("count", [5, 50])
def test_query_count_of_a_case_does_not_grow(
    holder: Client, ticket: Ticket, django_assert_num_queries: Any, count: int
) -> None:
    for n in range(count):
        messages.customer_reply(
            ticket,
            body=f"Word {n}",
            by=actors.customer(ticket.customer),
            files=[picture()] if n % 5 == 0 else [],
        )
    with django_assert_num_queries(12):  # one looks for secrets that were removed
        holder.get(path(ticket))


class TestMerged:
    """A case that was put together with another: its page leads there, and what is written goes there."""

    @pytest.fixture
    def other(self, ticket: Ticket, make_ticket: Any, agent: User) -> Ticket:
        other: Ticket = make_ticket(subject="The first one")
        merge(ticket, into=other, by=actors.staff(agent))
        return other

    def test_it_works(self, holder: Client, ticket: Ticket, other: Ticket) -> None:
        assert holder.get(path(other)).status_code == 404, "this browser came by the other's link"
        page = holder.get(path(ticket))
        assert "We go on with this in another case of yours" in text_of(page)
        assert f'href="{path(other)}"' in page.content.decode()
        assert "The first one" in text_of(holder.get(path(other)))

    def test_what_is_written_goes_there(self, holder: Client, ticket: Ticket, other: Ticket) -> None:
        assert f"What you write here goes to case {other.display_number}." in text_of(
            holder.get(path(ticket))
        )
        response = write(holder, ticket, body="And my card?")
        assert response["Location"] == f"{path(other)}#letter-2"
        assert Message.objects.latest("pk").ticket == other
        assert holder.get(path(other)).status_code == 200

    def test_where_it_went_on_and_on(
        self, holder: Client, ticket: Ticket, other: Ticket, make_ticket: Any, agent: User
    ) -> None:
        last = make_ticket()
        merge(other, into=last, by=actors.staff(agent))
        assert f'href="{path(last)}"' in holder.get(path(ticket)).content.decode()

    def test_the_other_is_over_since_long(
        self, holder: Client, ticket: Ticket, other: Ticket, agent: User
    ) -> None:
        change_status(other, to=Status.SOLVED, by=actors.staff(agent))
        Ticket.objects.filter(pk=other.pk).update(solved_at=clock.now() - timedelta(days=400))
        assert "opens a new case" in text_of(holder.get(path(ticket)))
        response = write(holder, ticket, body="Again?")
        opened = Message.objects.latest("pk").ticket
        assert opened.follow_up_of == other
        assert response["Location"] == f"/btp/cases/{opened.display_number}/received/"

    def test_whose_links_were_revoked_stays_out(
        self, holder: Client, ticket: Ticket, other: Ticket, agent: User
    ) -> None:
        revoke_links(other, by=actors.staff(agent))
        page = holder.get(path(ticket))
        assert other.display_number in text_of(page)
        assert path(other) not in page.content.decode(), "no link that leads to nothing"
        assert holder.get(path(other)).status_code == 404

    def test_who_only_filed_it_reads_no_other(
        self, guest: Client, category: Category, make_ticket: Any, agent: User
    ) -> None:
        """Anybody can file a case with another's address; that it is put together with theirs opens nothing."""
        victims = make_ticket(subject="My seven thousand")
        filed = file_as(guest, victims.customer.email)
        guest.get(re.search(r"/btp/t/[^/]+/", guest.get(filed["Location"]).content.decode())[0])  # type: ignore[index]
        false = Ticket.objects.latest("pk")
        assert guest.get(path(false)).status_code == 200
        merge(false, into=victims, by=actors.staff(agent))
        assert path(victims) not in guest.get(path(false)).content.decode()
        assert guest.get(path(victims)).status_code == 404
        sent = write(guest, false, body="What did they say?")
        assert sent["Location"].startswith(path(false))
        assert guest.get(path(victims)).status_code == 404

    def test_nor_what_is_said_on_theirs_from_then_on(
        self, guest: Client, category: Category, make_ticket: Any, agent: User
    ) -> None:
        victims = make_ticket(subject="My seven thousand")
        file_as(guest, victims.customer.email)
        false = Ticket.objects.latest("pk")
        merge(victims, into=false, by=actors.staff(agent))
        assert guest.get(path(false)).status_code == 404
        by_mail = Client()
        by_mail.get(tracking_path(link(false), "btp"))
        assert by_mail.get(path(false)).status_code == 200

    def test_a_stranger_sees_neither(self, ticket: Ticket, other: Ticket) -> None:
        stranger = Client()
        assert stranger.get(path(ticket)).status_code == 404
        assert stranger.get(path(other)).status_code == 404

    def test_looking_again_changes_no_session(self, holder: Client, ticket: Ticket, other: Ticket) -> None:
        holder.get(path(ticket))
        key = holder.session.session_key
        holder.get(path(ticket))
        assert holder.session.session_key == key
