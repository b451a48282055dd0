"""How each act on one ticket is undone; called by ``undoing``, which holds the ticket's row."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from tickets.actions import assignment, correspondence, rerouting
from tickets.actions import tickets as verbs
from tickets.actions.changed_since import NotUndoable, TooOld, changed_since, refuse_if_changed
from tickets.actions.rewinding import rewind
from tickets.actions.rows import write
from tickets.actions.stamps import stamps_before
from tickets.actors import Actor
from tickets.choices import ActorKind, EventKind, MailPurpose, MailState, Priority, Status
from tickets.events import append, emit, event_of
from tickets.models import Category, Event, Message, OutboxMail, Participant, Ticket
from tickets.queries.acts import REROUTING


def assigned(ticket: Ticket, event: Event, by: Actor) -> None:
    if "to_id" not in event.data:
        raise TooOld
    refuse_if_changed(event, still=ticket.assignee_id == event.data["to_id"])
    hand_back(ticket, event, event.data["from_id"], by)


def hand_back(ticket: Ticket, event: Event, pk: int | None, by: Actor) -> None:
    """To whoever had it. Who gave it away may take that back, whoever had it."""
    if pk is None and ticket.assignee_id is None:
        return
    before = User.objects.filter(pk=pk).first() if pk else None
    if pk and before is None:
        raise TooOld
    if _is_own(event, by):
        if before is not None:
            assignment.check_can_work(ticket, before)
        assignment.give(ticket, before, by=by)
    else:
        assignment.assign(ticket, to=before, by=by)


def _is_own(event: Event, by: Actor) -> bool:
    return by.kind == ActorKind.SYSTEM or (by.user is not None and event.actor_id == by.user.pk)


def status_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    """No mail tells of it; the one that told of the solution is kept back where it has not left yet."""
    refuse_if_changed(event, still=ticket.status == event.data["to"])
    before = Status(event.data["from"])
    if before in (Status.SOLVED, Status.CLOSED) and event.data["to"] not in (Status.SOLVED, Status.CLOSED):
        _refuse_if_written(ticket, event)
    write(ticket, status=before, **stamps_before(ticket, event))
    change = {"from": event.data["to"], "to": before.value, "undoes": event.pk}
    [told] = append([event_of(ticket, EventKind.STATUS_CHANGED, by=by, **change)])
    _keep_back_mails(event)
    rewind(ticket, event, told, by=by)


def _refuse_if_written(ticket: Ticket, event: Event) -> None:
    """What was said on the open case must not be lost in a closed one."""
    said = Message.objects.filter(ticket=ticket, created_at__gt=event.at).order_by("pk")
    message = said.filter(author_kind=ActorKind.CUSTOMER).first()
    if message is not None:
        raise NotUndoable(_("Not undone: the customer wrote since."))


def _keep_back_mails(event: Event) -> None:
    """One that a sender has in hand has left."""
    mails = OutboxMail.objects.select_for_update(skip_locked=True).filter(
        ticket_id=event.ticket_id, state=MailState.QUEUED
    )
    causes = (f"{MailPurpose.SOLVED}:{event.pk}", f"{MailPurpose.COPY}:{event.pk}:")
    found = [mail.pk for mail in mails if mail.cause == causes[0] or mail.cause.startswith(causes[1])]
    OutboxMail.objects.filter(pk__in=found).delete()


def priority_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    now = Priority(ticket.priority).slug
    refuse_if_changed(event, still=now == event.data["to"])
    before = Priority.from_slug(event.data["from"])
    write(ticket, priority=before)
    told = emit(ticket, EventKind.PRIORITY_CHANGED, by=by, change=(now, before.slug))
    rewind(ticket, event, told, by=by, decides=True)


def category_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    """With the complaint mark that it brought, unless somebody spoke about that since; and with the team and the policy
    that the routing rules chose for it, while nobody chose others or took the case.
    """
    now = ticket.category.slug if ticket.category else None
    refuse_if_changed(event, still=now == event.data["to"])
    slug = event.data["from"]
    before = Category.objects.select_related("parent__parent").filter(slug=slug).first() if slug else None
    if slug and before is None:
        raise NotUndoable(_("Not undone: the category from before is no longer there."))
    marked = Event.objects.filter(ticket=ticket, kind=EventKind.COMPLAINT_MARKED, pk__gt=event.pk)
    unmark = bool(event.data.get("complaint")) and not marked.exists()
    complaint = ticket.is_complaint and not unmark
    back = rerouting.way_back(ticket, event)
    told = verbs.put_category(ticket, before, is_complaint=complaint, by=by, **back.kept(ticket))
    rerouting.follow(ticket, back)
    parts = REROUTING if rerouting.is_whole(back, event) else ()
    rewind(ticket, event, told, by=by, parts=parts, decides=True)


def team_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    """With the assignee whom it took away, unless the case was given to somebody since."""
    now = ticket.team.slug if ticket.team else None
    refuse_if_changed(event, still=now == event.data["to"])
    slug = event.data["from"]
    before = Team.objects.filter(slug=slug, is_active=True).first() if slug else None
    if slug and before is None:
        raise NotUndoable(_("Not undone: the team from before is no longer there."))
    given = Event.objects.filter(ticket=ticket, kind=EventKind.ASSIGNED, pk__gt=event.pk)
    holder = event.data.get("took_id")
    gives_back = holder is not None and ticket.assignee_id is None and given.count() == 1
    told = assignment.put_in_team(ticket, before, by=by)
    if gives_back:
        hand_back(ticket, event, holder, by)
    rewind(ticket, event, told, by=by, parts=(EventKind.ASSIGNED,), decides=True)


def tags_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    """Only the tags that came or went with it: others may have come or gone since."""
    added, removed = event.data.get("added", []), event.data.get("removed", [])
    later = Event.objects.filter(ticket=ticket, kind=EventKind.TAGS_CHANGED, pk__gt=event.pk)
    for change in later.order_by("pk"):
        if {*added, *removed} & {*change.data.get("added", []), *change.data.get("removed", [])}:
            raise changed_since(event, change)
    if not set(added) <= set(ticket.tags) or set(removed) & set(ticket.tags):
        raise changed_since(event, None)
    verbs.set_tags(ticket, tags=[*(tag for tag in ticket.tags if tag not in added), *removed], by=by)


def complaint_marked(ticket: Ticket, event: Event, by: Actor) -> None:
    marked = bool(event.data["complaint"])
    refuse_if_changed(event, still=ticket.is_complaint == marked)
    write(ticket, is_complaint=not marked)
    told = emit(ticket, EventKind.COMPLAINT_MARKED, by=by, complaint=not marked)
    rewind(ticket, event, told, by=by, decides=True)


_WATCHING = (EventKind.WATCHER_ADDED, EventKind.WATCHER_REMOVED)


def watcher_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    person = User.objects.filter(pk=event.data.get("who_id")).first()
    if person is None:
        raise TooOld
    added = event.kind == EventKind.WATCHER_ADDED
    watches = ticket.watchers.filter(pk=person.pk).exists()
    refuse_if_changed(event, *_WATCHING, still=watches == added, data__who_id=person.pk)
    (assignment.unwatch if added else assignment.watch)(ticket, user=person, by=by)


_COPYING = (EventKind.PARTICIPANT_ADDED, EventKind.PARTICIPANT_REMOVED)


def participant_changed(ticket: Ticket, event: Event, by: Actor) -> None:
    email, added = event.data["who"], event.kind == EventKind.PARTICIPANT_ADDED
    rows = Participant.objects.filter(ticket=ticket, email=email)
    in_copy = rows.filter(removed_at=None).exists()
    refuse_if_changed(event, *_COPYING, still=in_copy == added, data__who=email)
    if not added:
        correspondence.put_in_copy(ticket, email=email, by=by)
        return
    correspondence.remove_participant(ticket, email=email, by=by)
    earlier = Event.objects.filter(ticket=ticket, kind__in=_COPYING, pk__lt=event.pk, data__who=email)
    if not earlier.exists():
        # Nobody ever took them out: a later mail with the same copy may bring them in.
        rows.delete()
