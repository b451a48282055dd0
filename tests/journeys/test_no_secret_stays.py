"""A secret of its own goes into every way in. Afterwards none is in any table, file, queue, cache, log or mail."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Brand, Customer, User
from helpdesk import failures
from knowledgebase.actions.articles import publish, save_translation
from knowledgebase.models import Article, Section
from tests.api_client import Api
from tests.conftest import VAR_DIR
from tests.leaks import Plants, scan
from tests.mails import keep, mail, mailbox_of
from tests.pictures import PNG
from tests.smtp import MailServer, smtp, smtp_server
from tests.tickets.portal.pages import fields_of
from tests.tickets.workspace.bulk.test_views import open_panel, see, start, token
from tests.tickets.workspace.test_send_gate import confirmations
from tickets import actors
from tickets.actions import bulk, messages, splitting
from tickets.choices import EventKind, MailPurpose, Priority
from tickets.delivery.sender import deliver
from tickets.events import SUGGEST_TASK
from tickets.models import Category, DraftFile, Event, Macro, OutboxMail, Ticket
from tickets.tasks.mail import read_mail

__all__ = ["smtp", "smtp_server"]
pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def plants() -> Plants:
    return Plants()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Every line that any logger writes, with its errors' traces."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lines
    root.removeHandler(handler)


def by_portal(plants: Plants, brand: Brand, category: Category) -> None:
    guest = Client(headers={"accept-language": "en"})
    suggest = {"subject": plants.wif("suggest subject"), "body": plants.phrase("suggest body")}
    guest.post("/btp/new/suggest/", suggest, headers=HTMX)
    guest.get("/btp/help/search/", {"q": plants.card("portal search")})
    form = fields_of(guest.get("/btp/new/withdrawal/"))
    numbered = "".join(
        f"{place}. {word}\n" for place, word in enumerate(plants.phrase("portal body").split(), 1)
    )
    filled = form | {
        "subject": plants.card("portal subject", "-"),
        "body": f"I cannot log in, here are my words:\n{numbered}Please help.",
        "f-amount": "500",
        "f-amount-currency": "CNY",
        "name": plants.card("portal name"),
        "email": "guest@example.com",
    }
    wrong = guest.post(
        "/btp/new/withdrawal/", filled | {"f-amount": "x", "body": plants.chinese("portal, refused")}
    )
    assert wrong.status_code == 422
    filled["attachments"] = SimpleUploadedFile(f"{plants.card('file name', '')}.png", PNG)
    answer = guest.post("/btp/new/withdrawal/", filled)
    assert answer.status_code == 302, answer.content
    page = guest.get(answer["Location"]).content.decode()
    assert "please act now" in page
    assert "Consider this wallet lost" in page
    case = f"/btp/cases/{Ticket.objects.latest('pk').display_number}/"
    for body in (plants.chinese("portal reply", "\n"), plants.password("portal password")):
        fields = fields_of(guest.get(case), "reply")
        assert guest.post(case, {**fields, "body": f"还有这个：\n{body}"}).status_code == 302


def by_help(plants: Plants, brand: Brand) -> None:
    section = Section.objects.create(brand=brand, slug="money", name_zh="钱", name_en="Money")
    article = Article.objects.create(section=section, slug="pending")
    body = f"Never do this: {plants.phrase('article')}"
    save_translation(article, language="en", title="Pending", summary="", body=body)
    publish(article)
    guest = Client(headers={"accept-language": "en"})
    guest.post("/btp/help/money/pending/feedback/", {"helpful": "no", "comment": plants.phrase("feedback")})


def by_api(plants: Plants, brand: Brand, category: Category, member: Customer, agent: User) -> None:
    assert member.user is not None
    api = Api(member.user)
    filed = api.send(
        "/tickets/",
        {
            "brand": "btp",
            "category": "withdrawal",
            "subject": plants.wif("api subject"),
            "body": f"seed: {plants.phrase('api body', ', ')}",
            "answers": {"amount": {"amount": "5", "currency": "CNY"}},
        },
        key="first",
    )
    assert filed.status_code == 201, filed.content
    assert set(filed.json()["removed"]) == {"recovery_phrase", "private_key"}
    path = f"/tickets/{filed.json()['number']}/messages/"
    said = api.send(path, {"body": plants.card("api reply")}, key="second")
    assert said.status_code == 201, said.content
    api.send(path, {"body": "x"}, key=plants.card("idempotency key", ""))
    staff = Api(agent)
    staff.get("/tickets/", {"q": plants.phrase("api search")})
    noted = staff.send(path, {"visibility": "internal", "body": plants.chinese("api note")})
    refused = staff.send(path, {"body": plants.phrase("api reply of staff, held back")})
    assert (noted.status_code, noted.json()["removed"]) == (201, ["recovery_phrase"])
    assert refused.status_code == 409, "its author is asked first"


def by_mail(plants: Plants, brand: Brand) -> None:
    mailbox_of(brand)
    keep(
        mail(
            sender=f'"{plants.card("display name")}" <wang@example.com>',
            cc=f'"{plants.wif("name in copy")}" <li@example.com>',
            subject=f"seed {plants.phrase('mail subject')}",
            text=f"您好\n\n{plants.chinese('mail text')}\n\n> {plants.phrase('quoted in a mail')}",
            html=f"<p>您好</p><table><tr><td>{plants.phrase('mail html', '</td><td>')}</td></tr></table>",
            files=[(f"{plants.card('file name in a mail', '')}.png", PNG, "image/png")],
            message_id=f"<{plants.wif('id of a mail')}@example.com>",
            headers={"References": f"<{plants.card('id that a mail answers', '')}@example.com>"},
        )
    )
    keep(mail(text=f"Only this: {plants.wif('second mail')}", message_id="<second@example.com>"))
    read_mail()
    assert Ticket.objects.filter(channel="email").count() >= 1


def by_staff(
    plants: Plants, desk: Client, ticket: Ticket, category: Category, brand: Brand, agent: User
) -> None:
    at = f"/admin/tickets/{ticket.number}/"
    for channel in ("chat", "social", "phone"):
        desk.post(
            "/admin/tickets/new/",
            {
                "phone": "138 0013 8000",
                "name": plants.wif(f"name in {channel}"),
                "language": "zh-hans",
                "brand": brand.pk,
                "channel": channel,
                "category": category.pk,
                "field-amount": "5",
                "field-amount-currency": "CNY",
                "subject": plants.card(f"subject by {channel}"),
                "body": f"客户说：{plants.chinese(channel, ' ')}",
                "origin_key": channel,
            },
        )
        assert Ticket.objects.filter(channel=channel).exists()
    draft = {"kind": "reply", "body": plants.phrase("draft"), "version": 0}
    assert desk.post(f"{at}draft/", draft).status_code == 200
    kept = SimpleUploadedFile(
        f"{plants.card('name of a draft file', '')}.txt", plants.phrase("draft file").encode()
    )
    assert desk.post(f"{at}draft/files/", {"attachments": kept}).status_code == 200
    assert DraftFile.objects.filter(draft__ticket=ticket).exists()
    note = {"kind": "note", "body": plants.phrase("note", "\n"), "then": "open"}
    assert "recovery phrase" in desk.post(f"{at}reply/", note, follow=True).content.decode()
    reply = {"kind": "reply", "body": f"Is it {plants.phrase('reply')}?", "then": "pending"}
    asked = desk.post(f"{at}reply/", reply)
    assert asked.status_code == 409
    desk.post(f"{at}reply/", reply | {"confirmed": confirmations(asked.content.decode())})
    forward = {"kind": "forward", "to": "bank@example.com", "body": plants.card("forward"), "then": "open"}
    desk.post(f"{at}reply/", forward)
    for path in ("/admin/queue/", "/admin/palette/"):
        desk.get(path, {"q": plants.phrase(f"search in {path}")}, headers=HTMX)
    view = {"name": plants.card("name of a view"), "query": f"q={plants.phrase('kept view', '+')}"}
    desk.post("/admin/queue/views/new/", view, headers=HTMX)
    desk.post(f"{at}set/tags/", {"value": plants.phrase("tags", " "), "was": ""}, headers=HTMX)
    messages.note(ticket, body=plants.wif("note by the verb"), by=actors.staff(agent))
    said = messages.customer_reply(ticket, body="and another matter", by=actors.customer(ticket.customer))
    splitting.split_off(said, subject=plants.phrase("subject of a split"), by=actors.staff(agent))


def in_bulk(plants: Plants, desk: Client, ticket: Ticket) -> None:
    chosen = token(open_panel(desk, "note", ticket=ticket.display_number))
    body = plants.phrase("bulk")
    see(desk, "note", chosen, body=body)
    start(desk, "note", chosen, body=body)
    Macro.objects.create(name_en=plants.card("macro"), name_zh="宏", body_en=plants.phrase("macro text"))


def by_import(plants: Plants, here: Path) -> None:
    file = here / "source" / "old.csv"
    file.parent.mkdir()
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["text", "title"])
        rows.writerow([plants.phrase("import"), plants.card("imported subject")])
        rows.writerow(["", plants.phrase("refused by the import")])
    call_command(
        "import_tickets",
        str(file),
        *("--brand", "btp", "--map", "body=text", "--map", "subject=title"),
        *("--customer-email", "import-{row}@import.invalid"),
        stdout=io.StringIO(),
    )
    file.unlink()


def by_faults(plants: Plants) -> None:
    error = f"ValueError: {plants.phrase('error of a task')}"
    failures.record(
        name="x", task_id="1", args=[plants.card("argument")], kwargs={"a": plants.wif("named")}, error=error
    )
    logging.getLogger("tickets").warning("failed on %s", plants.phrase("log line"))
    try:
        raise ValueError(plants.card("exception"))
    except ValueError:
        logging.getLogger("tickets").exception("it failed")


def test_none_stays(
    plants: Plants,
    logged: io.StringIO,
    smtp: MailServer,
    brand: Brand,
    category: Category,
    member: Customer,
    agent: User,
    ticket: Ticket,
    make_ticket: Callable[..., Ticket],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(agent)
    by_portal(plants, brand, category)
    by_help(plants, brand)
    by_api(plants, brand, category, member, agent)
    by_mail(plants, brand)
    by_staff(plants, desk, ticket, category, brand, agent)
    in_bulk(plants, desk, ticket)
    by_import(plants, tmp_path)
    by_faults(plants)
    for task in (bulk.TASK, SUGGEST_TASK):
        current_app.tasks[task].apply()
    while deliver():
        pass
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    mails = [("mail", f"{one.message}\n{one.part('plain')}\n{one.part('html')}") for one in smtp.received]
    assert scan(plants, folders=[VAR_DIR, tmp_path], more=[("log", logged.getvalue()), *mails]) == []
    assert len(plants.planted) > 45


def test_what_followed(
    plants: Plants, smtp: MailServer, make_ticket: Callable[..., Ticket], category: Category
) -> None:
    """Told at once, what to do; a security incident, urgent; the team sees that it happened, and only that."""
    incident = Category.objects.create(
        slug="security-incident", name_zh="安全事件", name_en="Security incident", priority=Priority.URGENT
    )
    ticket = make_ticket(body=f"my seed is {plants.phrase('body')}")
    ticket.refresh_from_db()
    assert (ticket.category, ticket.priority) == (incident, Priority.URGENT)
    event = Event.objects.get(ticket=ticket, kind=EventKind.SECRET_REMOVED)
    assert (event.data["kinds"], event.data["of"], event.data["tells"]) == (
        ["recovery_phrase"],
        "customer",
        True,
    )
    assert OutboxMail.objects.filter(ticket=ticket, purpose=MailPurpose.SECRET).count() == 1
    deliver()
    told = [one for one in smtp.received if "助记词" in one.part("plain")]
    assert told
    assert not [one for one in smtp.received if plants.in_text(one.part("plain") + one.part("html"))]


def test_the_scan_finds_what_is_there(plants: Plants, ticket: Ticket, tmp_path: Path) -> None:
    """Or its silence would prove nothing."""
    from django.core.cache import cache

    with connection.cursor() as cursor:
        for column, text in (("subject", plants.card("row")), ("language", plants.chinese("index"))):
            del column
            cursor.execute("UPDATE tickets_ticket SET subject = %s WHERE id = %s", [text, ticket.pk])
            cursor.execute("SELECT subject FROM tickets_ticket")
        words = " ".join(f"'{word}':1" for word in plants.phrase("document").split())
        cursor.execute("UPDATE tickets_ticketsearch SET document = %s::tsvector", [words])
    cache.set("x", {"deep": [plants.wif("cache")]})
    current_app.send_task("nothing", args=[plants.chinese("queue")], ignore_result=True)
    (tmp_path / "a.log").write_text(f"… {plants.phrase('file')} …")
    found = "\n".join(scan(plants, folders=[tmp_path], more=[("log", f"q={plants.card('log', '+')}")]))
    wanted: dict[str, Any] = {
        "table tickets_ticket: index": True,
        "table tickets_ticketsearch: document": True,
        "redis": True,
        ": cache": True,
        ": queue": True,
        "a.log:": True,
        "log: log": True,
    }
    assert {name: name in found for name in wanted} == wanted, found
