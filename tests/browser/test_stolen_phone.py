"""A phone is stolen at three in the night: frozen at once, proved by code and document, given back by two people.

Real: the browser, the worker, the mail server, the wallet (its sandbox, on a port). Only the hour is chosen, by a brand
in whose place it is three in the night just now.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.management import call_command
from playwright.sync_api import Page, expect

from accounts.choices import AuditKind, VerificationLevel
from accounts.models import AuditEntry, Brand, User
from helpdesk.lib import clock
from tests.cast import PASSWORD
from tests.smtp import MailServer, Received, smtp_server, wait_until
from tests.wallet import make_core, second_lead, wallet
from tests.worker import Worker, ask_until, start_worker
from tickets import actors
from tickets.actions import on_call
from tickets.actions.on_call import Plan
from tickets.choices import ActKind
from tickets.gateways.wallet_core.sandbox_server import Server
from tickets.models import Calendar, Category, Emergency, SensitiveAct, Ticket
from tickets.queries.proof import level_on

__all__ = ["second_lead", "smtp_server", "start_worker", "wallet"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OWNER = "wang@example.com"
K = AuditKind
#: What the security officer reads about the case, oldest first. Reads in between are left out.
STEPS = (
    K.ACT_REQUESTED, K.EMERGENCY_OPENED, K.ACT_SENT, K.ACT_DONE, K.EMERGENCY_TAKEN, K.CODE_SENT, K.VERIFIED,
    K.VERIFIED, K.ACT_REQUESTED, K.ACT_APPROVED, K.ACT_SENT, K.ACT_DONE,
)  # fmt: skip


@pytest.fixture
def at_night(brand: Brand, category: Category) -> Brand:
    """Where the brand is, it is three in the night, and its office is closed on every day."""
    west = (clock.now().hour - 3) % 24
    zone = f"Etc/GMT+{west}" if west <= 12 else f"Etc/GMT-{24 - west}"
    Calendar.objects.filter(brand=brand).update(time_zone=zone)
    brand.time_zone, brand.country = zone, "CN"
    brand.save()
    Category.objects.filter(pk=category.pk).update(is_emergency=True)
    return brand


@pytest.fixture
def lead_on_call(at_night: Brand, lead: User) -> User:
    now = clock.now()
    plan = Plan(at_night, lead, starts_at=now - timedelta(hours=3), ends_at=now + timedelta(hours=5))
    on_call.add(plan, by=actors.staff(lead))
    return lead


def test_from_the_stolen_phone_to_the_account_given_back(
    in_english: None,
    at_night: Brand,
    lead_on_call: User,
    second_lead: User,
    officer: User,
    visit: Callable[..., Page],
    log_in: Callable[[Page, str], None],
    start_worker: Callable[..., Worker],
    smtp_server: MailServer,
    wallet: Server,
    settings: Any,
) -> None:
    settings.WAKE_WORKERS = True  # nothing that must happen at once waits for the clock
    make_core(at_night, wallet.url)
    start_worker(WALLET_PRIVATE_HOSTS=wallet.url.partition("//")[2])
    phone = visit("zh-CN", phone=True)
    freeze(phone)
    wait_until(lambda: ledger(wallet) == (True, ["freeze"]), what="a frozen account in the wallet's ledger")
    ticket = Ticket.objects.get()
    mails_until(smtp_server, OWNER, "您的账户已冻结")
    assert any("您的账户正在冻结" in str(mail.message["Subject"]) for mail in smtp_server.to(OWNER))

    desk = visit("en")
    log_in(desk, lead_on_call.email)
    take_it(desk, smtp_server, ticket)
    prove_the_contact(desk, phone, smtp_server)
    look_at_the_document(desk, ticket)
    ask_to_unfreeze(desk)
    assert ledger(wallet) == (True, ["freeze"])

    other = visit("en")
    log_in(other, second_lead.email)
    approve(other)
    wait_until(lambda: ledger(wallet) == (False, ["freeze", "unfreeze"]), what="an unfrozen account")
    expect(other.locator("#sa-state")).to_contain_text("carried out")
    last = mails_until(smtp_server, OWNER, "您的账户已解冻")[-1].part("plain")
    assert "请先修改密码" in last

    office = visit("en")
    log_in(office, officer.email)
    read_the_log(office, ticket, second_lead)


def ledger(wallet: Server) -> tuple[bool, list[str]]:
    """(frozen, what was done to it), as the wallet itself has it."""
    account = wallet.sandbox.accounts.get(OWNER, {"frozen": False, "log": []})
    return account["frozen"], account["log"]


def mails_until(server: MailServer, address: str, words: str) -> list[Received]:
    """Every mail that says so, once there is one."""

    def found() -> list[Received]:
        return [mail for mail in server.to(address) if words in mail.part("plain")]

    ask_until(lambda: bool(found()), what=words)
    return found()


def freeze(phone: Page) -> None:
    phone.goto("/emergency/")
    expect(phone.locator("html")).to_have_attribute("lang", "zh-hans")
    # Sent empty by shaking hands: the page says what it needs.
    phone.click("#emergency-form button.danger")
    expect(phone.locator("#emergency-form")).to_contain_text("请选择发生了什么")
    phone.fill("input[name=account]", OWNER)
    phone.check("input[name=what][value=phone_stolen]")
    phone.click("#emergency-form button.danger")
    expect(phone.locator("h1")).to_have_text("正在冻结")
    expect(phone.locator("dl.number")).to_contain_text(Ticket.objects.get().display_number)


def take_it(desk: Page, server: MailServer, ticket: Ticket) -> None:
    """The alarm stands over whatever page is open; so it does in the mailbox; then it is silent."""
    alarm = desk.locator("#ws-alarm .em-alarm")
    desk.goto("/admin/queue/")
    expect(alarm).to_contain_text(ticket.display_number)
    expect(desk).to_have_title(re.compile("^⚠ "))
    rung = mails_until(server, "lea@demo.test", ticket.display_number)[0]
    assert OWNER not in rung.part("plain")
    alarm.get_by_role("button", name="I take it").click()
    desk.wait_for_url(f"**/tickets/{ticket.number}/")
    expect(desk.locator(".em-card")).to_contain_text("Lea")
    desk.goto("/admin/queue/")
    with desk.expect_response("**/alarm/"):
        desk.reload()
    expect(alarm).to_have_count(0)
    assert Emergency.objects.get().alarm_at is None
    desk.goto(f"/admin/tickets/{ticket.number}/")


def prove_the_contact(desk: Page, phone: Page, server: MailServer) -> None:
    desk.get_by_role("button", name="Send a code by e-mail").click()
    expect(desk.locator("#ws-customer")).to_contain_text("Waiting for the code")
    text = mails_until(server, OWNER, "/btp/proof/")[-1].part("plain")
    code = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    link = re.search(r"http\S+/btp/proof/\S+", text)
    assert code is not None, text
    assert link is not None, text
    phone.goto(link.group())
    phone.fill("input[name=code]", code.group())
    phone.click("#proof-form button")
    expect(phone.locator("h1")).to_contain_text("验证码正确")
    desk.reload()
    expect(desk.locator(".ws-known")).to_contain_text("contact proved")
    assert code.group() not in desk.content(), "agents see that it was right, not what it was"


def look_at_the_document(desk: Page, ticket: Ticket) -> None:
    """Whoever has the phone may have the mail too: a code alone unfreezes nothing."""
    desk.goto(f"/admin/tickets/{ticket.number}/acts/?kind=unfreeze")
    expect(desk.locator(".ws-warning")).to_contain_text("Needed proof: document checked")
    desk.get_by_role("link", name="Verify the customer first").click()
    desk.get_by_text("Record a verification…").click()
    desk.select_option("#ws-verify-method", "document")
    desk.fill("#ws-verify-note", "Passport, on a video call")
    desk.get_by_role("button", name="Record", exact=True).click()
    expect(desk.locator(".ws-known")).to_contain_text("document checked")
    assert level_on(ticket).level == VerificationLevel.DOCUMENT


def ask_to_unfreeze(desk: Page) -> None:
    desk.get_by_text("Ask for something else…").click()
    desk.get_by_role("link", name="Unfreeze").click()
    # Masked here as everywhere; sent as it stands, it means the whole one.
    expect(desk.locator("#sa-account")).to_have_value("w***@e***.com")
    desk.select_option("#sa-reason_code", "owner_again")
    desk.fill("#sa-reason", "Saw the passport on a video call. New phone, same person.")
    desk.get_by_role("button", name="Ask for it").click()
    desk.wait_for_url("**/admin/acts/*-*/")
    expect(desk.locator("#sa-state")).to_contain_text("1 approval is missing")
    expect(desk.get_by_role("button", name="Approve")).to_have_count(0)
    assert SensitiveAct.objects.get(kind=ActKind.UNFREEZE).account == OWNER


def approve(other: Page) -> None:
    """A second person, whose log-in was hours ago: the password is asked for again, and nothing is clicked twice."""
    log_in_long_ago(other)
    other.goto("/admin/acts/")
    other.get_by_role("link", name="Unfreeze").click()
    expect(other.locator("#sa-what")).to_be_visible()
    other.get_by_role("button", name="Approve").click()
    other.wait_for_url("**/reauthenticate/**")
    other.fill("input[name=password]", PASSWORD)
    other.locator("form:has(input[name=password]) button[type=submit]").click()
    other.wait_for_url("**/admin/acts/*-*/")
    expect(other.get_by_text("Approved. It is being carried out now.")).to_be_visible()


def log_in_long_ago(page: Page) -> None:
    [cookie] = [found for found in page.context.cookies() if found["name"] == "sessionid"]
    session = SessionStore(cookie["value"])
    for record in session["account_authentication_methods"]:
        record["at"] -= timedelta(hours=6).total_seconds()
    session.modified = True
    session.save()


def read_the_log(office: Page, ticket: Ticket, approver: User) -> None:
    office.goto(f"/admin/audit/?ticket={ticket.number}")
    expect(office.locator(".au-table")).to_be_visible()
    rows = office.locator(".au-table tbody tr")
    shown = [" | ".join(row.locator("td").all_inner_texts()[:2]) for row in reversed(rows.all())]
    assert in_order([str(step.label) for step in STEPS], shown), shown
    office.goto(f"/admin/audit/?what={K.CONFIRMED_AGAIN}")
    expect(office.locator(".au-table")).to_contain_text(approver.display_name)
    approved = AuditEntry.objects.get(kind=K.ACT_APPROVED)
    confirmed = AuditEntry.objects.get(kind=K.CONFIRMED_AGAIN)
    assert confirmed.actor == approved.actor == approver
    assert confirmed.pk < approved.pk
    said = io.StringIO()
    call_command("audit", "seal", stdout=said)
    call_command("audit", "verify", stdout=said)
    assert "The audit log is as it was written" in said.getvalue()
    assert "0 not sealed yet" in said.getvalue()


def in_order(wanted: Iterable[str], shown: Iterable[str]) -> bool:
    """Whether each is there, after the one before it."""
    left = iter(shown)
    return all(any(row.startswith(step) for row in left) for step in wanted)
