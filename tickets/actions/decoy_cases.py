"""The finished case of a decoy: told by the verbs of the desk, under a clock that is put back, so that it has every
row, event and clock that the cases of others have.

Nobody hears of it: no notice stays, its mails are marked as sent in the transaction that writes them, and the people
who "answered" are given nothing. It is left out of the numbers by its customer (``queries.analytics.scope``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import roles_that_can
from accounts.models import Brand, Customer, User
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import assignment, messages, outbox, status, tickets
from tickets.choices import MailState, Status
from tickets.models import Category, Notice, OutboxMail, Ticket
from tickets.queries import calendars, categories, workers
from tickets.queries.decoys import LATELY, Manner, manner_of, usual_tags
from tickets.rules.business_time import ALWAYS, WorkingCalendar, add_working_time, working_seconds_between
from tickets.rules.decoys import (
    ANY_TROUBLE,
    THANKS,
    Person,
    Trouble,
    answers,
    days_ago,
    fitting,
    spread,
    waking_hour,
)
from tickets.rules.forms import check_answers

#: The hourly closing runs at seven past.
CLOSING_MINUTE = 7
choose = secrets.randbelow


@dataclass
class Telling:
    """``at`` is how far the case has come."""

    ticket: Ticket
    trouble: Trouble
    hours: WorkingCalendar
    at: datetime
    manner: Manner

    def wait(self, least: float, most: float) -> None:
        """For the customer, who writes at any hour."""
        after, due = self.at + spread(choose, least, most), self._due()
        if due is not None and self.at < due <= after:
            after = self.at + (due - self.at) * _share()
        self.at = after

    def work(self, least: float, most: float) -> None:
        """So many minutes of working time."""
        after = add_working_time(self.hours, self.at, spread(choose, least, most).total_seconds())
        after += timedelta(seconds=choose(60), microseconds=choose(1_000_000))
        due = self._due()
        if due is not None and self.at < due <= after:
            left = working_seconds_between(self.hours, self.at, due)
            after = add_working_time(self.hours, self.at, left * _share())
        self.at = after

    def _due(self) -> datetime | None:
        """Nothing takes longer than what is promised: a broken promise would be somebody's."""
        return Ticket.objects.values_list("due_at", flat=True).get(pk=self.ticket.pk)


def _share() -> float:
    return 0.1 + choose(600_000) / 1_000_000


def opened_at(brand: Brand) -> datetime:
    """A moment within the life of the desk, by day."""
    oldest = Ticket.objects.filter(brand=brand).aggregate(at=Min("created_at"))["at"]
    now = clock.now()
    day = now - timedelta(days=days_ago(choose, (now - oldest).days if oldest else None))
    return manner_of(brand).at(waking_hour(choose, timezone.localtime(day)))


def tell(brand: Brand, customer: Customer, opened: datetime) -> Ticket:
    """In the caller's transaction. Raises Invalid where nobody works on the brand's cases."""
    trouble, category = _trouble_of(brand)
    who = Person(customer.name, customer.email)
    with clock.frozen(opened):
        ticket = tickets.open_ticket(
            tickets.NewTicket(
                brand=brand,
                customer=customer,
                body=trouble.question,
                subject=trouble.subject,
                category=category,
                answers=_answers(category, trouble, who, opened),
                # The past: nobody is given it now.
                opened_at=opened,
            ),
            by=actors.customer(customer),
        )
    telling = Telling(ticket, trouble, _hours(ticket), opened, manner_of(brand))
    _send(telling)
    worker = _worker(ticket)
    _live(telling, worker)
    _close(telling)
    Notice.objects.filter(ticket=ticket).delete()
    ticket.refresh_from_db()
    return ticket


def _live(telling: Telling, worker: User) -> None:
    ticket, trouble, by = telling.ticket, telling.trouble, actors.staff(worker)
    telling.work(3, 40)
    _at(telling, lambda: assignment.take(ticket, by=by))
    tags = usual_tags(ticket)
    if tags and choose(4):
        telling.wait(0.2, 2)
        _at(telling, lambda: tickets.set_tags(ticket, tags=tags, by=by))
    if choose(3):
        telling.work(2, 25)
        _at(telling, lambda: messages.reply(ticket, body=trouble.ask, by=by))
        telling.wait(6, 900)
        theirs = actors.customer(ticket.customer)
        _at(telling, lambda: messages.customer_reply(ticket, body=trouble.detail, by=theirs))
    if choose(2):
        telling.work(4, 50)
        _at(telling, lambda: messages.note(ticket, body=trouble.note, by=by))
    telling.work(3, 90)
    _at(telling, lambda: messages.reply(ticket, body=trouble.answer, by=by, then=Status.SOLVED))
    solved = telling.at
    if not choose(3):
        telling.wait(3, 600)
        thanks = THANKS[choose(len(THANKS))]
        theirs = actors.customer(ticket.customer)
        _at(telling, lambda: messages.customer_reply(ticket, body=thanks, by=theirs))
    telling.at = solved


def _close(telling: Telling) -> None:
    """By the hourly round after the days that everybody has; what is not so old yet, the round itself closes."""
    due = telling.at + timedelta(days=settings.AUTO_CLOSE_DAYS)
    round_at = due.replace(minute=CLOSING_MINUTE, second=choose(20), microsecond=choose(1_000_000))
    telling.at = round_at if round_at > due else round_at + timedelta(hours=1)
    if telling.at < clock.now():
        by = actors.system("close_solved")
        _at(telling, lambda: status.change_status(telling.ticket, to=Status.CLOSED, by=by))


def _at(telling: Telling, act: Callable[[], object]) -> None:
    """The act at its moment; its mails have left soon after."""
    with clock.frozen(telling.manner.at(telling.at)):
        act()
    _send(telling)


def _send(telling: Telling) -> None:
    mails = OutboxMail.objects.filter(ticket=telling.ticket, state=MailState.QUEUED).order_by("pk")
    if not telling.manner.mails:
        mails.delete()
        return
    for mail in mails:
        left = mail.available_at + timedelta(seconds=1 + choose(8), microseconds=choose(1_000_000))
        with clock.frozen(left):
            outbox.mark_sent(mail)


# ── What fits together ────────────────────────────────────────────────────────────────────────────────────────
def _trouble_of(brand: Brand) -> tuple[Trouble, Category | None]:
    """A category of the desk's own, and a trouble that it is for."""
    rows = Category.objects.filter(
        is_active=True, children=None, is_emergency=False, is_complaint=False
    ).order_by("pk")
    offered = [row for row in rows if categories.is_offered(row, brand)]
    found = [
        (trouble, row) for row in offered for trouble in fitting((row.slug, row.name_zh, row.name_en))[:1]
    ]
    if found:
        return found[choose(len(found))]
    return ANY_TROUBLE, offered[choose(len(offered))] if offered else None


def _answers(category: Category | None, trouble: Trouble, who: Person, opened: datetime) -> dict[str, Any]:
    """In their stored form; what a question of the desk's own does not take is left out."""
    specs = categories.specs_of(category)
    good: dict[str, Any] = {}
    said = answers(specs, trouble, who, opened, choose)
    for spec in specs:
        if spec.key in said:
            with suppress(Invalid):
                good |= check_answers([spec], said)
    return good


def _hours(ticket: Ticket) -> WorkingCalendar:
    try:
        calendar = calendars.calendar_for(team_id=ticket.team_id, brand_id=ticket.brand_id)
    except calendars.NoCalendar:
        return ALWAYS
    return calendars.working_calendar(calendar)


def _worker(ticket: Ticket) -> User:
    """Somebody who had such cases lately, or else could have them."""
    same = Ticket.objects.filter(brand=ticket.brand, team=ticket.team).exclude(assignee=None)
    lately = list(same.order_by("-created_at").values_list("assignee", flat=True)[:LATELY])
    able = {worker.pk: worker for worker in _able(ticket)}
    known = [pk for pk in lately if pk in able] or list(able)
    if not known:
        raise Invalid(
            {"brand": _("Nobody works on the cases of this brand yet, so a decoy would stand out.")}
        )
    return able[known[choose(len(known))]]


def _able(ticket: Ticket) -> Sequence[User]:
    roles = [role.value for role in roles_that_can(Capability.WORK_TICKETS)]
    staff = User.objects.filter(role__in=roles, is_active=True)
    if ticket.team is not None:
        staff = staff.filter(pk__in=[worker.person for worker in workers.of_team(ticket.team.pk)])
    return [person for person in staff if _can(ticket, person)]


def _can(ticket: Ticket, person: User) -> bool:
    try:
        assignment.check_can_work(ticket, person)
    except Invalid:
        return False
    return True
