"""The operator's page about mail: what it says, who sees it, and its buttons."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.tickets.incoming_mails import aside, mailbox_of, stored, unread
from tests.tickets.workspace.conftest import LogIn
from tickets.actions import mailboxes as verbs
from tickets.channels.email.ways.imap import polling
from tickets.choices import Fetching, MailPurpose, MailState
from tickets.models import IncomingMail, Mailbox, MailDestination, OutboxMail
from tickets.queries import lag, mail_desk
from tickets.queries.fetched import rest_key
from tickets.rules.fetch_troubles import NOT_MOVED, written
from tickets.workspace.mail import words

PAGE = "/admin/mail/"
HTMX = {"HX-Request": "true"}
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def operator(log_in: LogIn, administrator: User) -> Client:
    return log_in(administrator)


@pytest.fixture
def box(brand: Brand) -> Mailbox:
    return mailbox_of(brand)


@pytest.fixture
def imap(brand: Brand) -> Mailbox:
    return Mailbox.objects.create(
        brand=brand,
        address="imap@btp.test",
        fetching=Fetching.IMAP,
        host="imap.btp.test",
        username="me",
        looked_at=clock.now(),
    )


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(verbs, "wake", heard.append)
    return heard


def read(client: Client, **query: str) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def text(html_text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", html_text)).split())


def test_all_is_well(operator: Client, box: Mailbox) -> None:
    shown = read(operator)
    assert "Mail comes in and goes out as it should." in shown
    assert "help@btp.test" in shown
    assert "Every mail that came in could be read." in shown
    assert "Never checked." in shown
    assert "Fetch now" not in shown, "it is delivered to us"
    assert 'id="nav-sidebar"' in shown


def test_no_mailbox_yet(operator: Client) -> None:
    shown = read(operator)
    assert "No address of a brand receives mail yet." in shown
    assert "/admin/tickets/mailbox/add/" in shown


def test_all_is_ill(operator: Client, brand: Brand, box: Mailbox, imap: Mailbox) -> None:
    now = clock.now()
    stored(brand)
    IncomingMail.objects.update(
        received_at=now - 12 * MINUTE, available_at=now - timedelta(seconds=lag.READING_TOLERATED + 60)
    )
    unread(brand)
    Mailbox.objects.filter(pk=imap.pk).update(failing_since=now - 3 * MINUTE, last_error="<b>LOGIN failed")
    shown = read(operator)
    told = text(shown)
    assert "Mail does not come in as it should: help@btp.test, imap@btp.test." in told
    assert "1 mail could not be read." in told
    assert "Waits to be read 1, the oldest for 12 min" in told
    assert re.search(r"Cannot be fetched since .+ \(3 min\)\. <b>LOGIN failed", told)
    assert "&lt;b&gt;LOGIN" in shown
    assert "LookupError: unknown encoding: x" in told
    assert "fetched from imap.btp.test, folder INBOX" in told


def test_not_looked_at(operator: Client, imap: Mailbox) -> None:
    for looked_at in (None, clock.now() - timedelta(seconds=lag.FETCHING_TOLERATED + 60)):
        Mailbox.objects.update(looked_at=looked_at)
        assert "not looked at" in text(read(operator))
    Mailbox.objects.update(is_active=False)
    told = text(read(operator))
    assert "not looked at" not in told
    assert "switched off" in told
    assert "Fetch now" not in told


def test_counts(operator: Client, brand: Brand, other_brand: Brand) -> None:
    aside(brand)
    aside(other_brand)
    unread(brand)
    with clock.frozen(clock.now() - timedelta(days=2)):
        aside(brand)
    with clock.frozen(clock.now() - timedelta(days=9)):
        aside(brand)
    told = text(read(operator))
    assert "Taken in 0 0 Not a ticket 1 2 Could not be read 1 1" in told
    assert "Taken in 0 0 Not a ticket 1 1 Could not be read 0 0" in told


def test_outgoing(operator: Client, brand: Brand, box: Mailbox) -> None:
    states = (MailState.QUEUED, MailState.FAILED, MailState.FAILED, MailState.BOUNCED)
    for number, state in enumerate(states):
        OutboxMail.objects.queue(
            cause=str(number),
            brand=brand,
            purpose=MailPurpose.CHECK,
            to="a@b.test",
            language="en",
            state=state,
        )
    OutboxMail.objects.update(created_at=clock.now() - 9 * MINUTE, available_at=clock.now() - 8 * MINUTE)
    told = text(read(operator))
    assert "Waits to leave 1 the oldest for 9 min Given up 2 Came back 1" in told
    assert "Mail waits to leave for longer than it should." in told


@pytest.mark.parametrize(
    ("sent", "came", "kept", "tags", "said"),
    [
        (-60, -56, True, True, "came back after 4 s, and +tags are kept."),
        (-60, -56, False, True, "came back after 4 s, but its +tag was lost: switch off “takes +tags”."),
        (-60, -56, None, False, "came back after 4 s."),
        (-60, None, None, True, "has not come back yet (60 s)."),
        (-301, None, None, True, "has not come back."),
        (-301, -900, True, True, "has not come back."),
    ],
)
def test_the_check_in_words(
    operator: Client, box: Mailbox, sent: int, came: int | None, kept: bool | None, tags: bool, said: str
) -> None:
    with clock.frozen(clock.now()) as now:
        Mailbox.objects.update(
            check_sent_at=now + sent * SECOND,
            check_came_at=None if came is None else now + came * SECOND,
            check_kept_tag=kept,
            takes_tags=tags,
        )
        told = text(read(operator))
        box.refresh_from_db()
        assert words.check(box)[0].endswith(said)
    assert said in told
    assert ("What to look at" in told) == said.endswith("has not come back.")
    assert ("check failed" in told) == (words.check(box)[1] == "ill")


def test_checking(operator: Client, box: Mailbox) -> None:
    response = operator.post(f"{PAGE}boxes/{box.pk}/check/", follow=True)
    assert "A check is on its way to help@btp.test." in text(response.content.decode())
    assert OutboxMail.objects.get(purpose=MailPurpose.CHECK).to.startswith("help+check-")
    box.refresh_from_db()
    assert box.check_sent_at is not None
    assert box.check_came_at is None


def test_fetching_now(operator: Client, box: Mailbox, imap: Mailbox, woken: list[str]) -> None:
    response = operator.post(f"{PAGE}boxes/{imap.pk}/fetch/", headers=HTMX)
    assert (response.status_code, woken) == (200, ["tickets.fetch_mail"])
    response = operator.post(f"{PAGE}boxes/{box.pk}/fetch/", headers=HTMX)
    assert (response.status_code, woken) == (409, ["tickets.fetch_mail"])
    assert "there is nothing to fetch" in response.content.decode()


def test_going_on(operator: Client, box: Mailbox) -> None:
    slow = MailDestination.objects.create(
        domain="slow.test", paused_until=clock.now() + 20 * MINUTE, last_answer="451 <later>"
    )
    shown = read(operator)
    assert "slow.test" in shown
    assert "451 &lt;later&gt;" in shown
    response = operator.post(f"{PAGE}destinations/{slow.pk}/go-on/", follow=True)
    told = text(response.content.decode())
    assert "Mail to slow.test leaves again." in told
    assert "Go on now" not in told
    slow.refresh_from_db()
    assert slow.paused_until is None


def test_what_was_put_off_asks_for_its_turn_anew(operator: Client, brand: Brand, box: Mailbox) -> None:
    later = clock.now() + 4 * MINUTE
    slow = MailDestination.objects.create(domain="slow.test", paused_until=later, next_at=later)
    for number, (to, slot) in enumerate(
        [("a@slow.test", later), ("b@fast.test", later), ("c@slow.test", None), ("d@SLOW.test", later)]
    ):
        OutboxMail.objects.queue(
            cause=f"{number}", brand=brand, purpose=MailPurpose.CHECK, to=to, language="en",
            available_at=later, slot_at=slot,
        )  # fmt: skip
    operator.post(f"{PAGE}destinations/{slow.pk}/go-on/")
    due = OutboxMail.objects.filter(available_at__lte=clock.now()).order_by("pk")
    assert [(mail.to, mail.slot_at) for mail in due] == [("a@slow.test", None), ("d@SLOW.test", None)]


def test_a_remark_about_a_mailbox_that_works(operator: Client, imap: Mailbox) -> None:
    Mailbox.objects.update(last_error=written(NOT_MOVED, "UID 7"))
    told = text(read(operator))
    assert "A message was fetched, but could not be moved. — UID 7" in told
    assert "in order" in told


def test_fetching_now_wakes_one_that_rests(operator: Client, imap: Mailbox, woken: list[str]) -> None:
    imap.refresh_from_db()
    polling._rest(imap, "x")
    assert cache.get(rest_key(imap))
    operator.post(f"{PAGE}boxes/{imap.pk}/fetch/")
    assert not cache.get(rest_key(imap))


def test_a_test_mail(operator: Client, other_brand: Brand, brand: Brand) -> None:
    said = {"to": " Me@Example.com ", "brand": other_brand.pk}
    response = operator.post(f"{PAGE}test/", said, follow=True)
    assert "A test mail to me@example.com is on its way." in text(response.content.decode())
    mail = OutboxMail.objects.get()
    assert (mail.to, mail.brand, mail.purpose) == ("me@example.com", other_brand, MailPurpose.CHECK)


@pytest.mark.parametrize("changes", [{"to": "nonsense"}, {"to": ""}, {"brand": "0"}, {"brand": "x"}])
def test_nonsense_is_told_at_the_field_and_kept(
    operator: Client, brand: Brand, changes: dict[str, str]
) -> None:
    response = operator.post(f"{PAGE}test/", {"to": "a@b.test", "brand": brand.pk, **changes})
    assert response.status_code == 422
    shown = response.content.decode()
    assert 'aria-invalid="true"' in shown
    assert f'value="{changes.get("to", "a@b.test")}"' in shown
    assert not OutboxMail.objects.exists()


def test_only_who_configures_the_site(
    log_in: LogIn, agent: User, lead: User, manager: User, officer: User, box: Mailbox, client: Client
) -> None:
    for user in (agent, lead, manager, officer):
        stranger = log_in(user)
        assert stranger.get(PAGE).status_code == 403
        for act in ("test/", "try-all-again/", f"boxes/{box.pk}/check/", f"boxes/{box.pk}/fetch/"):
            assert stranger.post(PAGE + act).status_code == 403
        assert f'href="{PAGE}"' not in stranger.get("/admin/queue/").content.decode()
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    assert not OutboxMail.objects.exists()


def test_a_button_of_nothing(operator: Client) -> None:
    for path in ("boxes/9/check/", "boxes/9/fetch/", "destinations/9/go-on/", "9/dismiss/", "9/try-again/"):
        assert operator.post(PAGE + path).status_code == 404
        assert operator.get(PAGE + path).status_code == 405


def test_looking_again_brings_only_what_is_new(operator: Client, brand: Brand, box: Mailbox) -> None:
    address = html.unescape(re.findall(r'hx-get="(/admin/mail/[^"]+)"', read(operator))[0])
    again = operator.get(address, headers=HTMX).content.decode()
    assert address in html.unescape(again)
    for absent in ("<html", "ml-said", "ml-unread"):
        assert absent not in again
    unread(brand)
    news = operator.get(address, headers=HTMX).content.decode()
    assert re.search(r'id="ml-unread"[^>]* hx-swap-oob="true"', news)
    assert re.search(r'id="ml-said"[^>]* hx-swap-oob="true"', news)


def test_its_price_does_not_grow(operator: Client, brand: Brand, django_assert_max_num_queries: Any) -> None:
    mailbox_of(brand)
    read(operator)
    counts = []
    for number in (1, 6):
        for extra in range(number):
            Mailbox.objects.create(brand=brand, address=f"a{number}-{extra}@btp.test")
            unread(brand)
            stored(brand)
        mail_desk.forget_counts()
        with django_assert_max_num_queries(24) as counted:
            read(operator)
        counts.append(len(counted))
    assert counts[0] == counts[1]
