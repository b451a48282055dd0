"""Calling colleagues by name in a note: they are told, and watch the case from then on."""

from __future__ import annotations

from tickets.actors import Actor
from tickets.choices import EventKind, NoticeKind
from tickets.events import emit, tell
from tickets.models import Message, Notice, Ticket
from tickets.queries.mentions import called_in
from tickets.rules.staff_notices import ways_of


def tell_mentioned(ticket: Ticket, message: Message, *, by: Actor) -> None:
    """Called by the verb that wrote the note, in its transaction. Who may not see the case hears nothing of it; the
    author's door says so (``queries.mentions``)."""
    called = called_in(message.body, ticket, by=by.user).told
    if not called:
        return
    event = emit(
        ticket,
        EventKind.MENTIONED,
        by=by,
        message=message,
        who=[person.display_name for person in called],
        who_ids=[person.pk for person in called],
    )
    known = set(ticket.watchers.filter(pk__in=[person.pk for person in called]).values_list("pk", flat=True))
    for person in called:
        if person.pk not in known:
            ticket.watchers.add(person)
            emit(ticket, EventKind.WATCHER_ADDED, by=by, who=person.display_name, who_id=person.pk)
    tell([(event, person) for person in called], urgent=False, kind=NoticeKind.MENTIONED)
    # Whoever follows the case heard of the note already: by name they hear of it once.
    hear = [person for person in called if ways_of(NoticeKind.MENTIONED, person.notice_choices)]
    Notice.objects.filter(event__message=message, event__kind=EventKind.NOTED, person__in=hear).delete()
