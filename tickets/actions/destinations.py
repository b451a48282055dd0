"""How fast each receiving domain is written to.

Whoever claims a mail takes a slot of its domain, with the domain's row locked. Once there is none left, all mails that
wait for the domain get slots of their own in one statement, and are not looked at again before their time; others pass.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import MailState
from tickets.events import DELIVER_TASK
from tickets.models import MailDestination, OutboxMail
from tickets.rules.mail_pace import Pace

#: So long a domain is left alone that said "not so fast". Greylisting lets pass after about as long.
REST = timedelta(minutes=5)
#: A slot is kept so long: the sender's rounds are ten seconds apart. Later, the schedule moves as a whole, or all that
#: a worker missed would leave at once when it is back.
LATE = timedelta(seconds=20)
_AT_ONCE = 20_000

# True where a slot was free at once.
_TAKE = """
INSERT INTO tickets_maildestination AS known (domain, next_at, last_answer) VALUES (%(domain)s, %(fresh)s, '')
ON CONFLICT (domain) DO UPDATE SET next_at = GREATEST(known.next_at, %(now)s) + %(step)s
WHERE known.next_at - %(allowance)s <= %(now)s AND (known.paused_until IS NULL OR known.paused_until <= %(now)s)
RETURNING true
"""
_OF_DOMAIN = """(id = %(mail)s OR lower(substring("to" from '[^@]*$')) = %(domain)s)"""
_SPREAD = f"""
UPDATE tickets_outboxmail AS mail SET available_at = given.at, slot_at = given.at
FROM (
    SELECT id, %(first)s + (row_number() OVER (ORDER BY available_at, id) - 1) * %(step)s AS at
    FROM (
        SELECT id, available_at FROM tickets_outboxmail
        WHERE state IN ('{MailState.QUEUED}', '{MailState.SENDING}') AND available_at <= %(now)s
              AND (slot_at IS NULL OR %(resting)s) AND {_OF_DOMAIN}
        ORDER BY available_at, id LIMIT {_AT_ONCE} FOR UPDATE SKIP LOCKED
    ) AS waiting
) AS given WHERE mail.id = given.id
"""  # noqa: S608 - put together from the constants above
_SHIFT = f"""
UPDATE tickets_outboxmail AS mail SET available_at = mail.available_at + %(by)s, slot_at = mail.slot_at + %(by)s
FROM (
    SELECT id FROM tickets_outboxmail
    WHERE state IN ('{MailState.QUEUED}', '{MailState.SENDING}') AND slot_at = available_at AND {_OF_DOMAIN}
    FOR UPDATE SKIP LOCKED
) AS waiting WHERE mail.id = waiting.id
"""  # noqa: S608

_RELEASE = f"""
UPDATE tickets_outboxmail AS mail SET available_at = %(now)s, slot_at = NULL
FROM (
    SELECT id FROM tickets_outboxmail
    WHERE state = '{MailState.QUEUED}' AND slot_at = available_at AND available_at > %(now)s AND {_OF_DOMAIN}
    FOR UPDATE SKIP LOCKED
) AS waiting WHERE mail.id = waiting.id
"""  # noqa: S608


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()[:255]


def pace() -> Pace:
    return Pace(settings.MAIL_PER_DOMAIN_PER_MINUTE)


def has_turn(mail: OutboxMail) -> bool:
    """Whether the mail may leave now; else it, and all that wait for its domain, are put off to slots of their own.

    Called with the mail's row held.
    """
    domain, now = domain_of(mail.to), clock.now()
    if mail.slot_at is None:
        return _take(domain, now) or _put_off(mail, domain, now)
    if MailDestination.objects.filter(domain=domain, paused_until__gt=now).exists():
        return _put_off(mail, domain, now)
    # One that a killed sender had in hand has had its slot.
    if mail.state == MailState.QUEUED and now - mail.slot_at > LATE:
        _shift(mail, domain, now - mail.slot_at)
    return True


def _take(domain: str, now: datetime) -> bool:
    values: dict[str, Any] = {
        "domain": domain,
        "now": now,
        "fresh": pace().after(now, now),
        "step": pace().step,
        "allowance": pace().step * (pace().in_one_go - 1),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return cursor.fetchone() is not None


def _put_off(mail: OutboxMail, domain: str, now: datetime) -> bool:
    held = MailDestination.objects.select_for_update().get(domain=domain)
    resting = held.paused_until is not None and held.paused_until > now
    first = max(pace().slot(held.next_at, now), held.paused_until if resting and held.paused_until else now)
    values: dict[str, Any] = {
        "mail": mail.pk,
        "domain": domain,
        "now": now,
        "first": first,
        "step": pace().step,
        "resting": resting,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, values)
        held.next_at = pace().after(held.next_at, now, mails=cursor.rowcount)
    held.save(update_fields=["next_at"])
    return False


def _shift(mail: OutboxMail, domain: str, by: timedelta) -> None:
    """The whole schedule of the domain, in its order."""
    held = MailDestination.objects.select_for_update().get(domain=domain)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"mail": mail.pk, "domain": domain, "by": by}
        cursor.execute(_SHIFT, values)
    held.next_at += by
    held.save(update_fields=["next_at"])


@transaction.atomic
def rest(mail: OutboxMail, *, answer: str) -> None:
    """Its domain asked us to be slower: nothing is sent there for a while. Other domains go on."""
    until = clock.now() + REST
    held, _made = MailDestination.objects.select_for_update().get_or_create(domain=domain_of(mail.to))
    held.paused_until = until
    held.next_at = max(held.next_at, pace().resting_until(until))
    held.last_answer = answer[:500]
    held.save()


@transaction.atomic
def go_on(destination: MailDestination, *, by: Actor) -> None:
    """Write to it again at once: an operator knows that it takes mail now. What it said stays to be read.

    Mails that were put off for it ask for a slot anew, so that they leave at the pace of any other day.
    """
    by.require(Capability.CONFIGURE_SITE)
    held = MailDestination.objects.select_for_update().get(pk=destination.pk)
    held.paused_until, held.next_at = None, clock.now()
    held.save(update_fields=["paused_until", "next_at"])
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"mail": 0, "domain": held.domain, "now": held.next_at})
    wake(DELIVER_TASK)
