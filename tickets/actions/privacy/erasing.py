"""A person erased, batch by batch. A batch is one transaction that also notes how far it came: a kill loses none, and
two workers never have the same person in hand.

All tables are gone through until a whole round changes nothing, so that what came meanwhile goes too; then, last, what
says who they are.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Customer
from helpdesk.lib import clock
from tickets.actions.privacy.requests import tell
from tickets.actions.privacy.rows import erase_some
from tickets.choices import MailState, PrivacyKind, PrivacyRefusal, PrivacyState
from tickets.models import OutboxCall, OutboxMail, PrivacyRequest, Ticket
from tickets.queries import personal_data
from tickets.queries.personal_data import Subject
from tickets.queries.privacy import obstacles
from tickets.rules.personal_data import Table, table_of

#: Rounds in which something was still found: then somebody writes faster than we erase, and the rest goes as it is.
MOST_ROUNDS = 5
CUSTOMER = "accounts.customer"
UNDER_WAY = (PrivacyState.QUEUED, PrivacyState.RUNNING)


@transaction.atomic
def work() -> bool:
    """Work off a batch of the oldest erasure that nobody has in hand; whether there may be more."""
    waiting = PrivacyRequest.objects.filter(kind=PrivacyKind.ERASE, state__in=UNDER_WAY)
    run = (
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("customer__user", "brand", "decided_by")
        .order_by("pk")
        .first()
    )
    if run is None:
        return False
    if run.state == PrivacyState.QUEUED:
        _begin(run)
    else:
        _go_on(run)
    # Its own row is among those that are erased: nothing else of it is written back.
    run.save(update_fields=["state", "progress", "counts", "refusal", "finished_at"])
    return True


def _begin(run: PrivacyRequest) -> None:
    """What stands against it is asked once more: it may have waited. Setting a hold waits for the same row."""
    Customer.objects.select_for_update(no_key=True).get(pk=run.customer_id)
    if found := obstacles(run.customer, by=run.decided_by):
        _give_up(run, found)
        return
    subject = personal_data.person(run.customer)
    waits = {"state__in": [MailState.QUEUED, MailState.SENDING]}
    for model in (OutboxMail, OutboxCall):
        rows = personal_data.own_rows(table_of(model._meta.label_lower), subject).filter(**waits)
        rows.update(state=MailState.FAILED)
    run.state, run.progress, run.counts = PrivacyState.RUNNING, {}, {}


def _give_up(run: PrivacyRequest, found: list[PrivacyRefusal]) -> None:
    run.state, run.refusal, run.finished_at = PrivacyState.REFUSED, found[0], clock.now()
    audit.record(
        AuditKind.ERASURE_REFUSED,
        by=run.decided_by,
        brand=run.brand,
        customer=run.customer,
        request=run.pk,
        reasons=[reason.value for reason in found],
    )
    if run.by_themself:
        tell(run, "refused")


def _go_on(run: PrivacyRequest) -> None:
    subject = personal_data.person(run.customer)
    table = _table(run, subject)
    if table is None:
        _finish(run)
        return
    after = run.progress.get("after")
    if table.model == CUSTOMER and after is None and run.decided_by_id is not None:
        tell(run, "erased")  # while their address is known
    after, changed = erase_some(table, subject, after, cause={"request": run.pk})
    run.progress["after"] = after
    if changed:
        run.progress["changed"] = run.progress.get("changed", 0) + changed
        run.counts[table.model] = run.counts.get(table.model, 0) + changed
    if after is None:
        run.progress["table"] = _following(run, subject, table)


def _table(run: PrivacyRequest, subject: Subject) -> Table | None:
    """The one to go on with; None where all are done."""
    name = run.progress.get("table", _order(subject)[0].model)
    return next((table for table in _order(subject) if table.model == name), None)


def _order(subject: Subject) -> list[Table]:
    return [
        table
        for table in personal_data.tables_of(subject)
        if (table.delete or table.erased) and (table.reach.anybody or table.model == "sessions.session")
    ]


def _following(run: PrivacyRequest, subject: Subject, table: Table) -> str:
    """The next table's name, "" after the last. Before what says who they are, another round if this one found any."""
    order = _order(subject)
    place = next(place for place, one in enumerate(order) if one.model == table.model) + 1
    if place == len(order):
        return ""
    following = order[place]
    if following.last and not table.last:
        rounds, changed = run.progress.get("round", 1), run.progress.get("changed", 0)
        if changed and rounds < MOST_ROUNDS:
            run.progress |= {"round": rounds + 1, "changed": 0}
            return order[0].model
    return following.model


def _finish(run: PrivacyRequest) -> None:
    customer, now = run.customer, clock.now()
    Customer.objects.filter(pk=customer.pk).update(erased_at=now)
    # Copies of the name, on cases that are over: the trigger copies what the customer is called now, which is nothing.
    Ticket.objects.filter(customer=customer).exclude(customer_name="").update(customer_name="")
    run.state, run.finished_at = PrivacyState.DONE, now
    audit.record(
        AuditKind.PERSON_ERASED,
        by=run.decided_by,
        brand=run.brand,
        customer=customer,
        request=run.pk,
        rows=dict(run.counts),
    )


@transaction.atomic
def erase_case(ticket: Ticket, *, cause: dict[str, Any]) -> bool:
    """One case emptied at once, its customer kept; whether it held anything still. The case's row must be held."""
    if ticket.erased_at is not None:
        return False
    subject = personal_data.one_case(ticket)
    for table in _order(subject):
        after = None
        while True:
            after, _changed = erase_some(table, subject, after, cause=cause)
            if after is None:
                break
    return True
