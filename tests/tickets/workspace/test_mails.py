"""Messages that came by mail, on the ticket's page and whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Brand, Team, User
from tests.mails import arrive, mail, mailbox_of
from tests.tickets.mail_copies import HTML, copy_of, inline, somebody, unproved, write
from tests.tickets.workspace.conftest import LogIn
from tickets.choices import Proof
from tickets.models import MailCopy, Ticket
from tickets.workspace import mail_sheet
from tickets.workspace.mail_words import reason_in_words

HTMX = {"HX-Request": "true"}
CLOSED = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def said(client: Client, mail: MailCopy) -> str:
    """The message on the ticket's page."""
    page = client.get(f"/admin/tickets/{mail.message.ticket.number}/").content.decode()
    found = re.search(rf'<article id="message-{mail.message_id}".*?</article>', page, re.DOTALL)
    assert found is not None
    return found[0]


def whole(mail: MailCopy, rest: str = "") -> str:
    return f"/admin/messages/{mail.message_id}/mail/{rest}"


def test_a_message_tells_of_its_mail(desk: Client, ticket: Ticket) -> None:
    shown = said(desk, write(ticket, cc=[{"name": "李华", "address": "li@example.com"}]))
    assert "w***@e***.com" in shown
    assert 'aria-label="Sender proved: the domain of the address vouches for it (DMARC passed)"' in shown
    assert '<bdi class="ws-mail-person" title="l***@e***.com">李华</bdi>' in shown
    assert "Show the whole mail" in shown
    assert "you wrote" not in shown, "what was quoted is a click away"
    assert "dated" not in shown
    assert "ws-mail-flag" not in shown


def test_a_message_of_the_form_has_none_of_it(desk: Client, ticket: Ticket) -> None:
    page = desk.get(f"/admin/tickets/{ticket.number}/").content.decode()
    assert "ws-mail" not in page.partition('id="ws-conversation"')[2].partition("<form")[0]


def test_many_people_are_folded(desk: Client, ticket: Ticket) -> None:
    shown = said(desk, write(ticket, cc=[{"name": "", "address": f"{n}@example.com"} for n in range(3)]))
    assert re.search(
        r'<details class="ws-mail-people"><summary>to 4 people</summary>.*\*\*\*@e\*\*\*\.com', shown, re.S
    )


@pytest.mark.parametrize(("hours", "told"), [(0.1, False), (0.2, True), (-30, True)])
def test_its_own_date_where_it_is_another(desk: Client, ticket: Ticket, hours: float, told: bool) -> None:
    mail = write(ticket)
    mail.sent_at = mail.message.created_at - timedelta(hours=hours)
    mail.save()
    assert ("dated " in said(desk, mail)) is told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("dmarc=fail", "disowns it (DMARC failed)"),
        ("no results", "our mail server said nothing"),
        ("dmarc=permerror", "the check said: dmarc=permerror"),
        ("", "nothing is known"),
    ],
)
def test_why_a_sender_is_not_proved(desk: Client, ticket: Ticket, code: str, words: str) -> None:
    shown = said(desk, write(ticket, proof=Proof.NOTHING, proof_reason=code))
    assert "sender not proved" in shown
    assert words in shown
    assert words in reason_in_words(code)


def test_somebody_who_is_not_part_of_the_case(desk: Client, ticket: Ticket) -> None:
    by = somebody("Li", "li@example.com")
    stranger = write(ticket, by=by, from_address="li@example.com", by_stranger=True)
    shown = said(desk, stranger)
    assert "from an address that is not part of this case" in shown
    assert "somebody else" in shown
    in_copy = write(ticket, by=by, from_address="li@example.com")
    assert "not part of this case" not in said(desk, in_copy)
    assert "somebody else" in said(desk, in_copy)
    assert "somebody else" not in said(desk, write(ticket))


def test_files_that_were_not_taken_in(desk: Client, ticket: Ticket) -> None:
    withheld = [
        {"name": "<b>tool</b>.exe", "size": 2_000_000, "reason": "kind"},
        {"name": "film.mp4", "size": 30_000_000, "reason": "too_large"},
        {"name": "gone.txt", "size": 0, "reason": "empty"},
        {"name": "51.png", "size": 10, "reason": "too_many"},
        {"name": "odd.bin", "size": 10, "reason": "scanned"},
    ]
    shown = said(desk, write(ticket, withheld=withheld))
    listed = shown.partition('class="ws-withheld"')[2]
    for words in (
        "&lt;b&gt;tool&lt;/b&gt;.exe",
        "1.9\xa0MB",
        "of a kind",
        "larger than 10",
        "empty",
        "more files",
        "scanned",
    ):
        assert words in listed, words
    assert "href" not in listed.partition("</ul>")[0]


def test_a_mail_that_was_cut(desk: Client, ticket: Ticket) -> None:
    assert "larger than 25.0\xa0MB; its end was not kept" in said(desk, write(ticket, is_cut=True))
    assert "its end was not kept" not in said(desk, write(ticket))


def test_small_pictures_are_folded(desk: Client, ticket: Ticket) -> None:
    files = [inline("logo@x", size=900, name="logo.png"), inline(), inline("", size=900, name="sent.png")]
    shown = said(desk, write(ticket, html=HTML, files=files))
    folded = shown.partition("1 small picture<")[2].partition("</details>")[0]
    assert "logo.png" in folded
    assert "sent.png" not in folded
    listed = shown.partition('<ul class="ws-files" aria-label="Files">')[2].partition("</ul>")[0]
    assert "shot.png" in listed
    assert "sent.png" in listed
    assert "logo.png" not in listed


def test_mails_cost_no_query_and_their_texts_are_not_read(desk: Client, ticket: Ticket) -> None:
    address = f"/admin/tickets/{ticket.number}/"
    desk.get(address)
    with CaptureQueriesContext(
        connection,
    ) as before:
        desk.get(address)
    for _ in range(5):
        write(ticket, html=HTML, cc=[{"name": "", "address": "li@example.com"}])
    desk.get(address)  # which addresses are ours is known for a minute
    with CaptureQueriesContext(connection) as after:
        desk.get(address)
    assert len(after) <= len(before)
    columns = " ".join(query["sql"].partition(" FROM ")[0] for query in after.captured_queries)
    assert '"mail_copy"."from_address"' in columns.replace("tickets_mailcopy", "mail_copy")
    assert '"tickets_mailcopy"."text"' not in columns


def test_the_whole_mail(desk: Client, ticket: Ticket) -> None:
    mail = write(
        ticket, cc=[{"name": "李华", "address": "li@example.com"}], text="New.\n> Old <b>\n-- \nWang"
    )
    part = desk.get(whole(mail), headers=HTMX).content.decode()
    assert "New.<br>\n&gt; Old &lt;b&gt;<br>\n-- <br>\nWang" in part
    assert "l***@e***.com" in part
    assert "<iframe" not in part, "there was no HTML"
    assert "<html" not in part
    page = desk.get(whole(mail)).content.decode()
    assert "<html" in page
    assert f'href="/admin/tickets/{ticket.number}/#message-{mail.message_id}"' in page


def test_as_it_looked(desk: Client, ticket: Ticket) -> None:
    mail = write(ticket, html=HTML, has_remote_images=True)
    part = desk.get(whole(mail), headers=HTMX).content.decode()
    frame = re.search(r"<iframe[^>]*>", part)
    assert frame is not None
    assert f'src="{whole(mail, "html/")}"' in frame[0]
    assert 'sandbox=""' in frame[0]
    assert "Show remote images" in part
    asked = desk.get(whole(mail), {"as": "html", "images": "1"}, headers=HTMX).content.decode()
    assert f'src="{whole(mail, "html/?images=1")}"' in asked
    assert "Hide remote images" in asked
    assert re.search(r'class="ws-as-html"[^>]* checked', asked)


def test_the_frame_runs_and_loads_nothing(desk: Client, ticket: Ticket) -> None:
    mail = write(ticket, html=HTML, files=[inline()])
    response = desk.get(whole(mail, "html/"))
    assert response["Content-Security-Policy"] == CLOSED
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    assert "Content-Security-Policy-Report-Only" not in response
    page = response.content.decode()
    assert 'alt="shot" src="data:image/png;base64,iVBOR' in page
    assert "pictures.test" not in page


def test_the_frame_with_remote_images(desk: Client, ticket: Ticket) -> None:
    mail = write(ticket, html=HTML)
    response = desk.get(whole(mail, "html/"), {"images": "1"})
    assert response["Content-Security-Policy"] == CLOSED.replace("img-src data:", "img-src https: data:")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<img src="https://pictures.test/a.png">' in response.content.decode()


def test_every_other_page_is_in_no_frame(desk: Client, ticket: Ticket) -> None:
    mail = write(ticket, html=HTML)
    for address in (whole(mail), f"/admin/tickets/{ticket.number}/"):
        response = desk.get(address)
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_no_frame_without_html(desk: Client, ticket: Ticket) -> None:
    assert desk.get(whole(write(ticket), "html/")).status_code == 404


@pytest.mark.parametrize("rest", ["", "html/"])
@pytest.mark.parametrize(
    ("who", "expected"),
    [("officer", 200), ("manager", 200), ("other_team_agent", 404), ("other_brand_agent", 404)],
)
def test_who_may_read_it(
    log_in: LogIn, request: pytest.FixtureRequest, ticket: Ticket, who: str, expected: int, rest: str
) -> None:
    mail = write(ticket, html=HTML)
    client = log_in(request.getfixturevalue(who))
    assert client.get(whole(mail, rest)).status_code == expected
    assert client.get(f"/admin/messages/{mail.message_id + 1}/mail/{rest}").status_code == 404


def test_a_message_without_mail_has_none(desk: Client, ticket: Ticket) -> None:
    assert desk.get(f"/admin/messages/{ticket.messages.get().pk}/mail/").status_code == 404


def test_pictures_of_another_message_are_not_shown(desk: Client, ticket: Ticket) -> None:
    write(ticket, files=[inline()])
    mail = write(ticket, html=HTML)
    assert "base64" not in desk.get(whole(mail, "html/")).content.decode()


def test_pictures_have_a_limit(desk: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_sheet, "MAX_PICTURES", 13_000)
    mail = write(ticket, html='<img src="cid:shot@x">' * 5, files=[inline(size=6_000)])
    page = desk.get(whole(mail, "html/")).content.decode()
    assert page.count("base64") == 2
    assert page.count("<img>") == 3


def test_a_picture_that_is_gone(desk: Client, ticket: Ticket) -> None:
    mail = write(ticket, html=HTML, files=[inline()])
    file = mail.message.attachments.get().file
    file.storage.delete(str(file.name))
    assert "base64" not in desk.get(whole(mail, "html/")).content.decode()


def test_the_banner_of_an_unproved_case(
    desk: Client, log_in: LogIn, officer: User, brand: Brand, ticket: Ticket
) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(subject="<i>x</i>")
    case = unproved(brand, claims_ticket=ticket)
    page = desk.get(f"/admin/tickets/{case.number}/").content.decode()
    banner = page.partition('class="ws-unproved"')[2].partition("</section>")[0]
    assert "It is not proved that w***@e***.com wrote this." in banner
    assert "disowns it (DMARC failed)" in banner
    assert f'<a href="/admin/tickets/{ticket.number}/">{ticket.display_number} &lt;i&gt;x' in banner
    assert "Accept the sender" in banner
    assert "to nobody: the sender is not accepted" in page
    assert "somebody else · e-mail" in page
    reading = log_in(officer).get(f"/admin/tickets/{case.number}/").content.decode()
    assert "It is not proved" in reading
    assert "Accept the sender" not in reading.partition('class="ws-unproved"')[2].partition("</section>")[
        0
    ].replace("accept the sender first", "")
    assert "ws-unproved" not in desk.get(f"/admin/tickets/{ticket.number}/").content.decode()


def test_a_claimed_case_that_the_reader_may_not_see_is_not_named(
    log_in: LogIn, other_team_agent: User, brand: Brand, ticket: Ticket
) -> None:
    case = unproved(brand, claims_ticket=ticket)
    page = log_in(other_team_agent).get(f"/admin/tickets/{case.number}/").content.decode()
    assert "It is not proved" in page
    assert ticket.display_number not in page


def test_newer_messages_in_the_composer_tell_of_their_mail(
    desk: Client, ticket: Ticket, make_ticket: Callable[..., Ticket]
) -> None:
    seen = ticket.messages.get().pk
    copy_of(write(ticket).message.ticket.messages.earliest("pk"))
    form = {"kind": "reply", "body": "x", "seen": str(seen), "origin_key": "k"}
    response = desk.post(f"/admin/tickets/{ticket.number}/reply/", form, headers=HTMX)
    assert response.status_code == 409
    assert "Show the whole mail" in response.content.decode()


def test_what_the_reader_of_mails_makes_is_what_the_frame_takes(
    desk: Client, brand: Brand, team: Team
) -> None:
    mailbox_of(brand)
    html = (
        '<p onclick="x()">Hello <a href="https://shop.test/">shop</a></p><script>x()</script>'
        '<img src="http://pictures.test/a.png" alt="a"><img src="cid:none@x">'
    )
    came = arrive(mail(html=html))
    assert came.ticket is not None
    Ticket.objects.filter(pk=came.ticket.pk).update(team=team)
    copy = MailCopy.objects.get(message__ticket=came.ticket)
    assert copy.has_remote_images
    closed = desk.get(whole(copy, "html/")).content.decode()
    assert "pictures.test" not in closed
    assert "cid:" not in closed
    assert "x()" not in closed
    assert "shop.test" not in closed.replace("shop[.]test", ""), "an address of a stranger's opens nothing"
    assert "<a " not in closed
    opened = desk.get(whole(copy, "html/"), {"images": "1"}).content.decode()
    assert 'src="https://pictures.test/a.png"' in opened
