"""Tells one story as rows, exactly those that ``tickets.actions`` would have written, but sends nothing.

Each function here says which verb it stands for; a test lets both tell the same story and compares every row.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import User
from helpdesk.lib.text_search import to_tsvector_literal
from tickets import actors
from tickets.actions.search import opening_words
from tickets.actors import Actor
from tickets.choices import ActorKind, Channel, EventKind, Priority, Status, TimerKind, Visibility
from tickets.demo.clocks import Clocks
from tickets.demo.desk import Desk
from tickets.demo.story import Act, Moment, Story
from tickets.models import Event, Message, Ticket, TrackingLink
from tickets.rules import lifecycle
from tickets.rules.sla import pauses_clock

REPLY = actors.system("reply")
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
        self._open(story)

    def _open(self, story: Story) -> None:
        """tickets.open_ticket"""
        route, at = self.desk.route(story.category), story.opened_at
        customer = self.desk.customers[story.customer]
        self.ticket = Ticket(
            number=story.number,
            brand=self.desk.brands[story.brand],
            customer=customer,
            category=self.desk.categories[story.category],
            subject=story.subject,
            fields=dict(story.answers),
            language=story.language,
            channel=story.channel,
            priority=route.priority or Priority.NORMAL,
            team=self.desk.teams[route.team_id] if route.team_id else None,
            created_at=at,
            updated_at=at,
            last_customer_message_at=at,
        )
        who = actors.customer(customer)
        message = self._say(story.body, who, at, channel=story.channel, searched=False)
        self.words.append(opening_words(self.ticket, story.body))
        self.clocks = Clocks(self, self.desk.promise(story.brand, story.category))
        self.link = TrackingLink(
            ticket=self.ticket, created_at=at, expires_at=at + timedelta(days=settings.TRACKING_LINK_DAYS)
        )
        by = actors.staff(self.desk.staff[story.opened_by]) if story.opened_by else who
        team = self.ticket.team.slug if self.ticket.team else None
        self.emit(EventKind.OPENED, at, by, message=message, channel=story.channel.value, team=team)

    def tell(self, now: datetime) -> Draft:
        """Everything up to now, with what the sweep did in between."""
        for moment in self.story.up_to(now).moments:
            self.clocks.sweep(moment.at)
            self._act(moment)
        self.clocks.sweep(now)
        return self

    def _act(self, moment: Moment) -> None:
        match moment.act:
            case Act.REPLY:
                self._reply(moment)
            case Act.NOTE:
                self._note(moment)
            case Act.CUSTOMER_REPLY:
                self._customer_reply(moment)
            case Act.ASSIGN:
                self._assign(moment, self.desk.staff[moment.to])
            case Act.PRIORITY:
                self._set_priority(moment)
            case Act.TAGS:
                self._set_tags(moment)
            case _:
                assert moment.status is not None
                self.move(moment.status, moment.at, self._actor(moment))

    def _actor(self, moment: Moment) -> Actor:
        if moment.by:
            return actors.staff(self.desk.staff[moment.by])
        return CLOSER if moment.act is Act.CLOSE else actors.customer(self.ticket.customer)

    def _reply(self, moment: Moment) -> None:
        """messages.reply"""
        by, at = self._actor(moment), moment.at
        target = moment.status or lifecycle.after_agent_reply(Status(self.ticket.status))
        moves = self.ticket.status != target
        message = self._say(moment.text, by, at)
        changes: dict[str, Any] = {"last_staff_message_at": at}
        first = self.ticket.first_response_at is None
        if first:
            changes["first_response_at"] = at
        if self.ticket.assignee is None:
            changes["assignee"] = by.user
        self.write(at, **changes)
        self.emit(EventKind.REPLIED, at, by, message=message, then=target.value if moves else None)
        if first:
            self.clocks.complete(TimerKind.FIRST_RESPONSE, at, by)
        if moves:
            self.move(target, at, by, message=message)

    def _note(self, moment: Moment) -> None:
        """messages.note"""
        by = self._actor(moment)
        message = self._say(moment.text, by, moment.at, visibility=Visibility.INTERNAL)
        self.write(moment.at)
        self.emit(EventKind.NOTED, moment.at, by, message=message)

    def _customer_reply(self, moment: Moment) -> None:
        """messages.customer_reply"""
        by, at = self._actor(moment), moment.at
        message = self._say(moment.text, by, at, channel=Channel(self.ticket.channel))
        self.write(at, last_customer_message_at=at)
        self.emit(EventKind.REPLIED, at, by, message=message)
        target = lifecycle.after_customer_reply(Status(self.ticket.status))
        if self.ticket.status != target:
            self.move(target, at, REPLY, message=message)

    def _assign(self, moment: Moment, to: User) -> None:
        """assignment.assign"""
        before = self.ticket.assignee
        if before == to:
            return
        self.write(moment.at, assignee=to)
        change = (before.display_name if before else None, to.display_name)
        self.emit(EventKind.ASSIGNED, moment.at, self._actor(moment), change=change)

    def _set_priority(self, moment: Moment) -> None:
        """tickets.set_priority"""
        priority, before = moment.priority, Priority(self.ticket.priority)
        if priority is None or priority == before:
            return
        by = self._actor(moment)
        self.write(moment.at, priority=priority)
        self.emit(EventKind.PRIORITY_CHANGED, moment.at, by, change=(before.slug, priority.slug))
        self.clocks.retarget(moment.at, by)

    def _set_tags(self, moment: Moment) -> None:
        """tickets.set_tags, on a ticket that has none yet"""
        self.write(moment.at, tags=list(moment.tags))
        by = self._actor(moment)
        self.emit(EventKind.TAGS_CHANGED, moment.at, by, added=list(moment.tags), removed=[])

    def move(self, to: Status, at: datetime, by: Actor, message: Message | None = None) -> None:
        """status.move"""
        before = Status(self.ticket.status)
        lifecycle.check(before, to, by.kind)
        reopens = before in ENDED and to not in ENDED
        self.write(at, status=to, **self._stamps(to, at, reopens))
        self.emit(EventKind.STATUS_CHANGED, at, by, message=message, change=(before.value, to.value))
        if to in ENDED:
            if before not in ENDED:
                self.clocks.complete(TimerKind.RESOLUTION, at, by)
                self.clocks.cancel(TimerKind.FIRST_RESPONSE, at, by)
            return
        if reopens:
            self.clocks.restart(TimerKind.RESOLUTION, at, by)
            if self.ticket.first_response_at is None:
                self.clocks.restart(TimerKind.FIRST_RESPONSE, at, by)
        if pauses_clock(to):
            self.clocks.pause(at, by)
        elif pauses_clock(before):
            self.clocks.resume(at, by)

    def _stamps(self, to: Status, at: datetime, reopens: bool) -> dict[str, Any]:
        if reopens:
            return {"solved_at": None, "closed_at": None, "reopen_count": self.ticket.reopen_count + 1}
        if to == Status.SOLVED:
            return {"solved_at": at}
        return {"closed_at": at, "solved_at": self.ticket.solved_at or at} if to == Status.CLOSED else {}

    def write(self, at: datetime, **changes: Any) -> None:
        """rows.write"""
        for name, value in changes.items():
            setattr(self.ticket, name, value)
        self.ticket.version += 1
        self.ticket.updated_at = at

    def emit(
        self,
        kind: EventKind,
        at: datetime,
        by: Actor,
        *,
        message: Message | None = None,
        change: tuple[str | None, str | None] | None = None,
        **data: Any,
    ) -> None:
        """events.emit, without the outbox"""
        if change is not None:
            data["from"], data["to"] = change
        event = Event(
            ticket=self.ticket,
            kind=kind,
            at=at,
            actor_kind=by.kind,
            actor=by.user if by.kind == ActorKind.STAFF else None,
            actor_name=by.name[:120],
            message=message,
            data=data,
        )
        self.events.append(event)

    def _say(
        self,
        text: str,
        by: Actor,
        at: datetime,
        *,
        channel: Channel = Channel.WEB,
        visibility: Visibility = Visibility.PUBLIC,
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
            created_at=at,
        )
        self.messages.append(message)
        if searched:
            self.words.append(to_tsvector_literal([(text, "D")]))
        return message
