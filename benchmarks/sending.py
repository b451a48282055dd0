"""The measuring of ``benchmarks.outbox``, on a database that is there."""

from __future__ import annotations

import time
from collections.abc import Iterable

from accounts.actions import customers
from accounts.models import Brand
from benchmarks.smtp import Receiver
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import outbox
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.choices import Channel, MailPurpose, MailState
from tickets.delivery.sender import deliver
from tickets.models import Message, OutboxMail, Ticket
from tickets.models.outbox import message_id_for

LIMITED = "limited.example"
BODY = "您好，\n\n您的提现已于今天上午汇出，请在两个工作日内查收。\n如有疑问，请直接回复本邮件。\n" * 4


def even(mails: int, receiver: Receiver) -> None:
    """Over so many domains that none meets its limit."""
    _fill(f"d{place % 100}.example" for place in range(mails))
    before, took = receiver.received, _until_all_left()
    print(
        f"{receiver.received - before} mails to 100 domains: {mails / took:.0f} a second ({took:.1f} s)",
        flush=True,
    )


def with_a_limited_domain(mails: int, limited: int, seconds: float, receiver: Receiver) -> None:
    """The limited domain's mails were there first."""
    _fill(LIMITED for _place in range(limited))
    _fill(f"d{place % 100}.example" for place in range(mails))
    started = time.perf_counter()
    others = OutboxMail.objects.exclude(to__endswith=f"@{LIMITED}").exclude(state=MailState.SENT)
    while others.exists() and time.perf_counter() - started < 600:
        deliver(seconds=seconds)
    took = time.perf_counter() - started
    left = OutboxMail.objects.filter(to__endswith=f"@{LIMITED}", state=MailState.SENT).count()
    print(
        f"the same behind {limited} to one domain: {mails / took:.0f} a second ({took:.1f} s); "
        f"{left} of the {limited} left meanwhile",
        flush=True,
    )
    _claim_of_nothing()


def _claim_of_nothing(times: int = 200) -> None:
    # Until the next slot's time something is due now and then; that is sent, and not measured.
    taken = []
    for _turn in range(times):
        started = time.perf_counter()
        claimed = outbox.claim(limit=1)
        if not claimed:
            taken.append(time.perf_counter() - started)
        for mail in claimed:
            outbox.mark_sent(mail)
    waiting = OutboxMail.objects.filter(state=MailState.QUEUED).count()
    middle = sorted(taken)[len(taken) // 2] * 1000
    print(f"a claim with {waiting} mails that wait for their slots: {middle:.2f} ms", flush=True)


def _fill(domains: Iterable[str]) -> None:
    """Answers on one case, each with its own words, all of them due."""
    ticket, message = _case()
    start, now = OutboxMail.objects.count(), clock.now()
    rows = []
    for place, domain in enumerate(domains, start):
        cause = f"reply:{place}"
        rows.append(
            OutboxMail(
                cause=cause,
                internet_message_id=message_id_for(cause, ticket.brand),
                purpose=MailPurpose.REPLY,
                brand=ticket.brand,
                ticket=ticket,
                message=message,
                to=f"p{place}@{domain}",
                to_name="王小明",
                language="zh-hans",
                available_at=now,
                created_at=now,
            )
        )
    OutboxMail.objects.bulk_create(rows, 1000)


def _case() -> tuple[Ticket, Message]:
    brand, _made = Brand.objects.get_or_create(
        slug="bench", defaults={"name_zh": "测", "name_en": "Bench", "email": "help@bench.example"}
    )
    customer = customers.find_or_create(email="wang@bench.example", name="王小明", language="zh-hans")
    new = NewTicket(brand=brand, customer=customer, subject="提现", body=BODY, channel=Channel.IMPORT)
    ticket = open_ticket(new, by=actors.system("bench"))
    OutboxMail.objects.filter(ticket=ticket).delete()
    return ticket, Message.objects.get(ticket=ticket)


def _until_all_left() -> float:
    started = time.perf_counter()
    while OutboxMail.objects.exclude(state=MailState.SENT).exists():
        deliver()
    return time.perf_counter() - started
