"""Applying a macro: what it says and what it changes, all of it or nothing, through the same verbs as by hand."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict
from tickets.actions import messages
from tickets.actions.assignment import check_assignment
from tickets.actions.changes import Changes, Keep, change
from tickets.actions.correspondence import refuse_unproved
from tickets.actions.rows import lock
from tickets.actions.status import check_move, refuse_if_merged
from tickets.actions.tickets import check_category, clean_tags
from tickets.actors import Actor
from tickets.choices import AssigneeAct, EventKind, Priority, Status
from tickets.events import emit
from tickets.models import Event, Macro, Message, Ticket
from tickets.queries.macros import case_of, teams_of, text_of
from tickets.queries.own_events import events_since, last_event
from tickets.rules.macros import fits


class DoesNotFit(Conflict):
    code = "macro_does_not_fit"
    message = _("This macro is not meant for this case, or is no longer in use.")


@transaction.atomic
def apply(
    ticket: Ticket,
    macro: Macro,
    *,
    by: Actor,
    body: str | None = None,
    seen: int | None = None,
    origin_key: str | None = None,
) -> list[Event]:
    """Say the macro's text and make its changes; the events that tell of it, none when there was nothing to do.

    ``body`` is the text as the agent edited it; None: the macro's own, in the ticket's language, its blanks filled;
    empty: nothing is said. ``seen`` as for ``messages.reply``. The same ``origin_key`` again does nothing more.
    Raises DoesNotFit, and whatever the verbs refuse.
    """
    by.require(Capability.WORK_TICKETS)
    ticket = lock(ticket)
    before = _done_before(ticket, origin_key)
    if before is not None:
        return events_since(ticket, before.data["after"], by=by, until=before.pk)
    last = last_event(ticket)
    refuse_unfit(ticket, macro, by=by)
    text = text_of(macro, ticket, by.user) if body is None else body
    if text.strip():
        _say(ticket, macro, text, by, seen, origin_key)
    change(ticket, changes_of(macro, ticket, by=by), by=by)
    return _told(ticket, macro, last, by, origin_key)


@transaction.atomic
def follow(message: Message, macro: Macro, *, by: Actor, after: int, with_status: bool) -> list[Event]:
    """The changes of a macro whose text the agent has just sent as ``message``, with the same transaction open.

    ``after`` is the ticket's last event before the message. ``with_status``: the macro's status is set too; no, when
    the author chose one with the message.
    """
    ticket = lock(message.ticket)
    changes = changes_of(macro, ticket, by=by)
    change(ticket, changes if with_status else replace(changes, status=None), by=by)
    return _told(ticket, macro, after, by, None)


def _done_before(ticket: Ticket, origin_key: str | None) -> Event | None:
    if origin_key is None:
        return None
    rows = Event.objects.filter(ticket=ticket, kind=EventKind.MACRO_APPLIED)
    return rows.filter(data__key=origin_key).first()


def _say(
    ticket: Ticket, macro: Macro, text: str, by: Actor, seen: int | None, origin_key: str | None
) -> Message:
    """A reply takes the status with it, so that the customer gets one mail and not two."""
    if macro.is_note:
        return messages.note(ticket, body=text, by=by, origin_key=origin_key)
    then = Status(macro.set_status) if macro.set_status else None
    return messages.reply(ticket, body=text, by=by, then=then, seen=seen, origin_key=origin_key)


def _told(ticket: Ticket, macro: Macro, last: int, by: Actor, origin_key: str | None) -> list[Event]:
    """With the event that names the macro at the end, if anything came of it."""
    done = events_since(ticket, last, by=by)
    if not done:
        return []
    names: dict[str, Any] = {
        "macro": macro.pk,
        "name_zh": macro.name_zh,
        "name_en": macro.name_en,
        "after": last,
    }
    key: dict[str, Any] = {"key": origin_key} if origin_key else {}
    return [*done, emit(ticket, EventKind.MACRO_APPLIED, by=by, **names, **key)]


def changes_of(macro: Macro, ticket: Ticket, *, by: Actor) -> Changes:
    """What the macro changes on the case as it is; what is so already is left out by the verbs."""
    assignee = {AssigneeAct.KEEP: Keep.AS_IS, AssigneeAct.ME: by.user, AssigneeAct.NOBODY: None}
    return Changes(
        status=Status(macro.set_status) if macro.set_status else None,
        priority=Priority(macro.set_priority) if macro.set_priority else None,
        category=macro.set_category,
        team=macro.set_team,
        assignee=assignee[AssigneeAct(macro.set_assignee)],
        tags=tags_after(ticket.tags, add=macro.add_tags, remove=macro.remove_tags),
    )


def tags_after(
    tags: Collection[str], *, add: Collection[str] = (), remove: Collection[str] = ()
) -> list[str] | None:
    """The tags with some more and some less; None where that is what they are. Raises Invalid for too many."""
    gone = set(clean_tags([*remove]))
    wanted = [tag for tag in tags if tag not in gone]
    more = [tag for tag in clean_tags([*add]) if tag not in wanted]
    return clean_tags([*wanted, *more]) if more or len(wanted) < len(tags) else None


def refuse_unfit(ticket: Ticket, macro: Macro, *, by: Actor) -> None:
    teams = teams_of(by.user) if by.user is not None else None
    if not macro.is_active or not fits(macro.conditions, case_of(ticket), teams=teams):
        raise DoesNotFit


def check(ticket: Ticket, macro: Macro, *, by: Actor, offered_by: Collection[int]) -> None:
    """Raises what ``apply`` would, and writes nothing. ``offered_by``: the brands of the category that it sets."""
    by.require(Capability.WORK_TICKETS)
    refuse_unfit(ticket, macro, by=by)
    case = copy.copy(ticket)
    if macro.has_text and not macro.is_note:
        _check_reply(case, macro, by)
    changes = changes_of(macro, ticket, by=by)
    if replace(changes, status=None) != Changes():
        refuse_if_merged(case)
    if changes.category is not None and case.category_id != changes.category.pk:
        check_category(case, offered_by=offered_by)
    if changes.team is not None and case.team_id != changes.team.pk:
        _move(case, changes)
    if not isinstance(changes.assignee, Keep) and case.assignee != changes.assignee:
        check_assignment(case, to=changes.assignee, by=by)
    if changes.status is not None and case.status != changes.status:
        check_move(case, to=changes.status, by=by)


def _check_reply(case: Ticket, macro: Macro, by: Actor) -> None:
    """What the reply will have done to the case by the time the changes come."""
    refuse_if_merged(case)
    refuse_unproved(case)
    if macro.set_status and case.status != macro.set_status:
        check_move(case, to=Status(macro.set_status), by=by)
        case.status = macro.set_status
    if case.assignee_id is None:
        case.assignee = by.user


def _move(case: Ticket, changes: Changes) -> None:
    assert changes.team is not None
    case.team = changes.team
    if case.assignee is not None and changes.team.pk not in case.assignee.team_ids:
        case.assignee = None
