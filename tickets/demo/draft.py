"""Tells one story as rows, exactly those that ``tickets.actions`` would have written, but sends nothing.

Each function here says which verb it stands for; a test lets both tell the same story and compares every row.
The clock on the wall is stopped at the moment that is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Team, User
from helpdesk.lib import clock
from helpdesk.lib.text_search import to_tsvector_literal
from tickets import actors
from tickets.actions.search import opening_words
from tickets.actions.status import REPLY, moments_of
from tickets.actions.timers import nearest_due
from tickets.actors import Actor
from tickets.choices import (
    Channel,
    ClockReason,
    EventKind,
    Nature,
    Priority,
    Status,
    Visibility,
)
from tickets.demo.clocks import Clocks
from tickets.demo.desk import Desk
from tickets.demo.story import Act, Moment, Story
from tickets.demo.sweep import sweep
from tickets.events import event_of
from tickets.models import Event, Message, Ticket, TrackingLink
from tickets.queries.categories import is_complaint
from tickets.rules import lifecycle

CLOSER = actors.system("close_solved")
ENDED = (Status.SOLVED, Status.CLOSED)


class Draft:
    """One ticket with all that hangs on it, not yet saved."""

    def __init__(self, story: Story, desk: Desk) -> None:
        self.desk, self.story = desk, story
        self.events: list[Event] = []
        self.messages: list[Message] = []
        #: tsvector literals, one for each message, to be joined by the database as the search does.
        self.words: list[str] = []
        with clock.frozen(story.opened_at):
            self._open(story)

    def _open(self, story: Story) -> None:
        """tickets.open_ticket"""
        route, at = self.desk.route(story.category), story.opened_at
        customer, category = self.desk.customers[story.customer], self.desk.categories[story.category]
        self.ticket = Ticket(
            number=story.number,
            brand=self.desk.brands[story.brand],
            customer=customer,
            category=category,
            subject=story.subject,
            fields=dict(story.answers),
            language=story.language,
            channel=story.channel,
            priority=route.priority or Priority.NORMAL,
            team=self.desk.teams[route.team_id] if route.team_id else None,
            created_at=at,
            updated_at=at,
            last_customer_message_at=at,
            is_complaint=is_complaint(category),
        )
        self.clocks = Clocks(self)
        timers = self.clocks.planned()
        self.ticket.due_at = nearest_due(timers)
        who = actors.customer(customer)
        message = self._say(story.body, who, channel=story.channel, searched=False)
        self.words.append(opening_words(self.ticket, story.body))
        self.link = TrackingLink(
            ticket=self.ticket, created_at=at, expires_at=at + timedelta(days=settings.TRACKING_LINK_DAYS)
        )
        by = actors.staff(self.desk.staff[story.opened_by]) if story.opened_by else who
        team = self.ticket.team.slug if self.ticket.team else None
        self.emit(EventKind.OPENED, by, message=message, channel=story.channel.value, team=team)
        self.clocks.start(timers, by)

    def tell(self, now: datetime) -> Draft:
        """Everything up to now, with what the sweep did in between."""
        for moment in self.story.up_to(now).moments:
            sweep(self, moment.at)
            with clock.frozen(moment.at):
                self._act(moment, self._actor(moment))
        sweep(self, now)
        return self

    def _act(self, moment: Moment, by: Actor) -> None:
        match moment.act:
            case Act.REPLY:
                self._reply(moment.text, by, moment.status)
            case Act.NOTE:
                self.note(moment.text, by)
            case Act.CUSTOMER_REPLY:
                self._customer_reply(moment.text, by, moment.nature)
            case Act.ASSIGN:
                self.assign(self.desk.staff[moment.to], by)
            case Act.TEAM:
                self.move_to_team(self.desk.team(moment.to), by)
            case Act.PRIORITY:
                assert moment.priority is not None
                self.set_priority(moment.priority, by)
            case Act.COMPLAINT:
                self._mark_complaint(by)
            case Act.TAGS:
                self._set_tags(moment.tags, by)
            case _:
                assert moment.status is not None
                if self.ticket.status != moment.status:
                    self.move(moment.status, by)

    def _actor(self, moment: Moment) -> Actor:
        if moment.by:
            return actors.staff(self.desk.staff[moment.by])
        return CLOSER if moment.act is Act.CLOSE else actors.customer(self.ticket.customer)

    def _reply(self, text: str, by: Actor, then: Status | None) -> None:
        """messages.reply"""
        target = then or lifecycle.after_agent_reply(Status(self.ticket.status))
        moves = self.ticket.status != target
        message = self._say(text, by)
        changes: dict[str, Any] = {"last_staff_message_at": message.created_at}
        if self.ticket.first_response_at is None:
            changes["first_response_at"] = message.created_at
        took: dict[str, Any] = {"took": True} if self.ticket.assignee is None else {}
        if took:
            changes["assignee"] = by.user
        self.write(**changes)
        self.emit(EventKind.REPLIED, by, message=message, then=target.value if moves else None, **took)
        self.clocks.answered(by)
        if moves:
            self.move(target, by, message=message)
        self.clocks.expect_update(by)

    def note(self, text: str, by: Actor) -> None:
        """messages.note"""
        message = self._say(text, by, visibility=Visibility.INTERNAL)
        self.write()
        self.emit(EventKind.NOTED, by, message=message)

    def _customer_reply(self, text: str, by: Actor, nature: Nature) -> None:
        """messages.customer_reply"""
        message = self._say(text, by, channel=Channel(self.ticket.channel), nature=nature)
        if nature != Nature.SUBSTANCE:
            self.write()
            self.emit(EventKind.REPLIED, by, message=message)
            return
        self.write(last_customer_message_at=message.created_at)
        self.emit(EventKind.REPLIED, by, message=message)
        target = lifecycle.after_customer_reply(Status(self.ticket.status))
        if self.ticket.status != target:
            self.move(target, REPLY, message=message)
        self.clocks.asked(by)

    def assign(self, to: User | None, by: Actor) -> None:
        """assignment.assign"""
        before = self.ticket.assignee
        if before == to:
            return
        self.write(assignee=to)
        self.emit(
            EventKind.ASSIGNED,
            by,
            change=(before.display_name if before else None, to.display_name if to else None),
            from_id=before.pk if before else None,
            to_id=to.pk if to else None,
        )

    def move_to_team(self, team: Team, by: Actor) -> None:
        """assignment.move_to_team"""
        before, assignee = self.ticket.team, self.ticket.assignee
        if before == team:
            return
        leaves = assignee is not None and team.pk not in assignee.team_ids
        took: dict[str, Any] = {"took_id": assignee.pk} if assignee and leaves else {}
        self.write(team=team)
        self.emit(EventKind.TEAM_CHANGED, by, change=(before.slug if before else None, team.slug), **took)
        if leaves:
            self.assign(None, by)
        self.clocks.retarget(by, ClockReason.TEAM_CHANGED)

    def set_priority(self, priority: Priority, by: Actor) -> None:
        """tickets.set_priority"""
        before = Priority(self.ticket.priority)
        if priority == before:
            return
        self.write(priority=priority)
        self.emit(EventKind.PRIORITY_CHANGED, by, change=(before.slug, priority.slug))
        self.clocks.retarget(by, ClockReason.PRIORITY_CHANGED)

    def _mark_complaint(self, by: Actor) -> None:
        """tickets.mark_complaint"""
        if self.ticket.is_complaint:
            return
        self.write(is_complaint=True)
        self.emit(EventKind.COMPLAINT_MARKED, by, complaint=True)
        self.clocks.retarget(by, ClockReason.COMPLAINT_CHANGED)

    def _set_tags(self, tags: tuple[str, ...], by: Actor) -> None:
        """tickets.set_tags, on a ticket that has none yet"""
        self.write(tags=list(tags))
        self.emit(EventKind.TAGS_CHANGED, by, added=list(tags), removed=[])

    def move(self, to: Status, by: Actor, message: Message | None = None) -> None:
        """status.move"""
        before = Status(self.ticket.status)
        lifecycle.check(before, to, by.kind)
        reopens = before in ENDED and to not in ENDED
        ended = moments_of(self.ticket) if reopens else {}
        self.write(status=to, **self._stamps(to, reopens))
        self.emit(EventKind.STATUS_CHANGED, by, message=message, change=(before.value, to.value), **ended)
        if reopens:
            self.clocks.reopened(by)
        if to not in ENDED:
            self.clocks.follow_status(by, ClockReason.CUSTOMER_WROTE if by == REPLY else ClockReason.WENT_ON)
        elif before not in ENDED:
            self.clocks.solved(by)

    def _stamps(self, to: Status, reopens: bool) -> dict[str, Any]:
        now = clock.now()
        if reopens:
            return {"solved_at": None, "closed_at": None, "reopen_count": self.ticket.reopen_count + 1}
        if to == Status.SOLVED:
            return {"solved_at": now}
        return {"closed_at": now, "solved_at": self.ticket.solved_at or now} if to == Status.CLOSED else {}

    def write(self, **changes: Any) -> None:
        """rows.write"""
        for name, value in changes.items():
            setattr(self.ticket, name, value)
        self.ticket.version += 1
        self.ticket.updated_at = clock.now()

    def emit(
        self,
        kind: EventKind,
        by: Actor,
        *,
        message: Message | None = None,
        change: tuple[str | None, str | None] | None = None,
        **data: Any,
    ) -> None:
        """events.emit, without the outbox"""
        if change is not None:
            data["from"], data["to"] = change
        self.events.append(event_of(self.ticket, kind, by=by, message=message, **data))

    def _say(
        self,
        text: str,
        by: Actor,
        *,
        channel: Channel = Channel.WEB,
        visibility: Visibility = Visibility.PUBLIC,
        nature: Nature = Nature.SUBSTANCE,
        searched: bool = True,
    ) -> Message:
        message = Message(
            ticket=self.ticket,
            visibility=visibility,
            author_kind=by.kind,
            author=by.user,
            author_name=by.name[:120],
            channel=channel,
            body=text,
            nature=nature,
            created_at=clock.now(),
        )
        self.messages.append(message)
        if searched:
            self.words.append(to_tsvector_literal([(text, "D")]))
        return message
