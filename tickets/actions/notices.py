"""Gathering what members of staff are told into mails: one mail for a person, however much there is to tell."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import User
from accounts.rules.contact import takes_mail
from helpdesk.lib import clock
from helpdesk.lib.wakeup import wake
from tickets.choices import MailPurpose, NoticeKind
from tickets.events import DELIVER_TASK, NOTICES_TASK, ready_for
from tickets.models import Notice, OutboxMail, Ticket, Timer
from tickets.queries import notices as queries
from tickets.rules.staff_notices import ALWAYS_MAILED

logger = logging.getLogger(__name__)
BATCH = 100
LISTED = 50
#: More at once are left for the next mail; nobody reads so many.
AT_ONCE = 5_000


def gather(limit: int = BATCH) -> int:
    """Queue a mail for each person whose notices are ready; how many people were served.

    Each person is a transaction: a kill loses no notice and doubles none. Rows that another has in hand are left
    to them.
    """
    served = 0
    for person_id in queries.people_with_news(limit):
        try:
            served += _gather_for(person_id)
        except Exception:
            # One person's notices that cannot be put together must not keep the others waiting.
            logger.exception("The notices of person %s could not be gathered", person_id)
    return served


@transaction.atomic
def _gather_for(person_id: int) -> bool:
    rows = queries.ready().filter(person_id=person_id).select_related("person", "event", "ticket__brand")
    notices = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:AT_ONCE])
    if not notices:
        return False
    wanted = _still_wanted(notices[0].person, notices)
    mail = _queue_mail(wanted) if wanted else None
    done = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    done.update(mailed_at=clock.now())
    if mail is not None:
        Notice.objects.filter(pk__in=[notice.pk for notice in wanted]).update(mail=mail)
    return True


def _still_wanted(person: User, notices: list[Notice]) -> list[Notice]:
    """Without those about promises that have been kept meanwhile, tickets that the person does not see, and what they
    have read in the page; an escalation is mailed in any case.
    """
    if not person.is_active or not takes_mail(person.email):
        return []
    tickets = Ticket.objects.visible_to(person).filter(pk__in={notice.ticket_id for notice in notices})
    seen = set(tickets.values_list("pk", flat=True))
    clocks = queries.clocks_of([notice.event for notice in notices])
    silent = queries.no_longer_ringing(notices)
    return [
        notice
        for notice in notices
        # An emergency waits for no team: whoever is alarmed may take it.
        if (notice.ticket_id in seen or notice.kind == NoticeKind.EMERGENCY)
        and notice.pk not in silent
        and not _is_settled(notice, clocks)
        and (notice.read_at is None or notice.kind in ALWAYS_MAILED)
    ]


def _is_settled(notice: Notice, clocks: Mapping[int, Timer | None]) -> bool:
    """Whether it was about a clock, and that clock does not run any more."""
    if not notice.event.data.get("timer_id"):
        return False
    timer = clocks[notice.event_id]
    return timer is None or timer.state not in queries.GOING


def _queue_mail(notices: list[Notice]) -> OutboxMail:
    """One notice in its own words; several as a list. The cause is the first notice's: it goes into one mail only."""
    newest = queries.newest_per_clock(notices)
    if len(newest) == 1:
        [only] = newest
        about_a_clock = "timer" in only.event.data
        purpose = MailPurpose.ESCALATION if about_a_clock else MailPurpose.NOTICE
        cause = f"{purpose}:{only.event_id}:{only.person_id}"
        context = only.event.data if about_a_clock else {"notice": only.pk}
        return _queue(cause, only, purpose=purpose, ticket=only.ticket, context=context)
    clocks = queries.clocks_of([notice.event for notice in newest])
    listed = [notice for notice, _timer in queries.most_urgent_first(newest, clocks)]
    context = {"listed": [notice.pk for notice in listed[:LISTED]], "more": len(listed[LISTED:])}
    return _queue(
        f"{MailPurpose.DIGEST}:{notices[0].pk}", listed[0], purpose=MailPurpose.DIGEST, context=context
    )


def _queue(cause: str, first: Notice, **values: object) -> OutboxMail:
    person = first.person
    OutboxMail.objects.queue(
        cause=cause,
        brand=first.ticket.brand,
        to=person.email,
        to_name=person.display_name,
        language=person.language,
        **values,
    )
    wake(DELIVER_TASK)
    return OutboxMail.objects.get(cause=cause)


@transaction.atomic
def retime(person: User) -> None:
    """What waits for the person's hours follows them when they change."""
    waiting = Notice.objects.select_for_update().filter(
        person=person, mailed_at=None, by_mail=True, is_urgent=False
    )
    rows = list(waiting.only("pk", "created_at"))
    for row in rows:
        row.ready_at = ready_for(person, row.created_at)
    Notice.objects.bulk_update(rows, ["ready_at"], batch_size=1_000)
    wake(NOTICES_TASK)


def mark_read(person: User, *, ticket: Ticket | None = None, notices: Sequence[int] | None = None) -> int:
    """What the person has seen is news no more: what is about a ticket, certain ones, or everything; how many."""
    rows = Notice.objects.filter(person=person, read_at=None)
    if ticket is not None:
        rows = rows.filter(ticket=ticket)
    if notices is not None:
        rows = rows.filter(pk__in=notices)
    return rows.update(read_at=clock.now())
