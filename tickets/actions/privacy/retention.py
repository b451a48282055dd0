"""The retention rules: what they would do, and doing it. The cases are found anew for every batch, so a killed run goes
on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Customer
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from helpdesk.lib.wakeup import wake
from tickets.actions.privacy.erasing import erase_case
from tickets.actions.privacy.requests import TASK
from tickets.actors import Actor
from tickets.choices import PrivacyKind, PrivacyState, RunState
from tickets.models import PrivacyRequest, RetentionRule, RetentionRun, Ticket
from tickets.queries import retention as queries
from tickets.queries.privacy import due_at, obstacles

BATCH = 50
UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class UnderWay(Conflict):
    code = "retention_under_way"
    message = _("The retention rules are being carried out already.")


def look(*, by: Actor) -> RetentionRun:
    """What the active rules would do now: how many cases and which. Nothing is changed."""
    _require(by)
    run = RetentionRun(is_dry=True, asked_by=by.user, state=RunState.DONE, finished_at=clock.now())
    for rule, cases in queries.cases_by_rule():
        run.counts[str(rule.pk)] = cases.count()
        room = RetentionRun.LISTED - len(run.numbers)
        run.numbers += list(cases.values_list("number", flat=True)[:room])
    run.held = queries.held_cases().count()
    run.save()
    return run


def ask(*, by: Actor) -> RetentionRun:
    """Have the active rules carried out. Raises UnderWay."""
    _require(by)
    try:
        with transaction.atomic():
            run = RetentionRun.objects.create(is_dry=False, asked_by=by.user)
            wake(TASK)
            return run
    except IntegrityError:
        raise UnderWay from None


def _require(by: Actor) -> None:
    by.require(Capability.MANAGE_PRIVACY)


@transaction.atomic
def work() -> bool:
    """Empty the next cases of a run; whether there may be more."""
    waiting = RetentionRun.objects.filter(is_dry=False, state__in=UNDER_WAY)
    run = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
    if run is None:
        return False
    run.state = RunState.RUNNING
    emptied = 0
    for rule, ticket in _some():
        emptied += 1
        if erase_case(ticket, cause={"rule": rule.pk}):
            _count(run, rule, ticket)
            if rule.with_person:
                run.people += _ask_for_person(ticket)
    if not emptied:
        _finish(run)
    run.save()
    return bool(emptied)


def _some() -> Iterator[tuple[RetentionRule, Ticket]]:
    """The next cases, their rows held; those that somebody has in hand wait for the next batch."""
    left = BATCH
    for rule, cases in queries.cases_by_rule():
        held = cases.select_for_update(of=("self",), skip_locked=True, no_key=True)
        for ticket in held.select_related("customer__user", "brand")[:left]:
            left -= 1
            yield rule, ticket
        if left <= 0:
            return


def _count(run: RetentionRun, rule: RetentionRule, ticket: Ticket) -> None:
    run.counts[str(rule.pk)] = run.counts.get(str(rule.pk), 0) + 1
    if len(run.numbers) < RetentionRun.LISTED:
        run.numbers.append(ticket.number)


def _ask_for_person(ticket: Ticket) -> int:
    """The customer too, where none of their cases holds words any more and nothing stands against it."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=ticket.customer_id)
    kept = Ticket.objects.filter(customer=customer, erased_at=None).exists()
    if kept or customer.erased_at is not None or obstacles(customer, by=None):
        return 0
    now = clock.now()
    pending = {"customer": customer, "kind": PrivacyKind.ERASE}
    if PrivacyRequest.objects.filter(
        **pending, state__in=[PrivacyState.ASKED, PrivacyState.QUEUED, PrivacyState.RUNNING]
    ).exists():
        return 0
    PrivacyRequest.objects.create(
        **pending,
        state=PrivacyState.QUEUED,
        brand=ticket.brand,
        language=customer.language,
        asked_at=now,
        due_at=due_at(now, ticket.brand),
        decided_at=now,
    )
    wake(TASK)
    return 1


def _finish(run: RetentionRun) -> None:
    run.state, run.finished_at, run.held = RunState.DONE, clock.now(), queries.held_cases().count()
    audit.record(
        AuditKind.RETENTION_RUN,
        by=run.asked_by,
        run=run.pk,
        counts=dict(run.counts),
        people=run.people,
        held=run.held,
    )
