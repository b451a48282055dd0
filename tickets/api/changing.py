"""From what the API was told to what ``change`` takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.models import Team, User
from helpdesk.lib.errors import DomainError, Invalid, NotAllowed, Text
from helpdesk.lib.rows import one_or_none
from tickets.actions.changes import Changes, Keep, VersionConflict, change
from tickets.api.loading import actor_of, is_customer
from tickets.choices import Status
from tickets.models import Ticket
from tickets.queries.categories import by_slug

CUSTOMERS_SAY = {"status", "version"}
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class PreconditionFailed(DomainError):
    code = "precondition_failed"
    status = 412
    message = _("Somebody else changed this meanwhile. Please look again before you go on.")


def etag(ticket: Ticket) -> dict[str, str]:
    return {"ETag": f'"{ticket.version}"'}


def change_ticket(ticket: Ticket, said: Mapping[str, Any], user: User, request: Request) -> Ticket:
    wanted = _version_of(request)
    if is_customer(user) and set(said) - CUSTOMERS_SAY:
        # Before anything is looked up: what is found would tell who works here.
        raise NotAllowed
    changes = read_changes(said, user)
    try:
        return change(ticket, changes, by=actor_of(user, ticket), version=wanted or said.get("version"))
    except VersionConflict as problem:
        if wanted is None:
            raise
        raise PreconditionFailed(**problem.extra) from problem


def _version_of(request: Request) -> int | None:
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    found = _TAG.fullmatch(header)
    if found is None:
        raise PreconditionFailed
    return int(found[1])


def read_changes(said: Mapping[str, Any], user: User) -> Changes:
    """The rows that the words name; Invalid lists every word that names none."""
    wrong: dict[str, Text] = {}
    category = team = None
    if "category" in said:
        category = by_slug(said["category"])
        wrong |= {} if category else {"category": _("There is no such category.")}
    if "team" in said:
        team = one_or_none(Team.objects.filter(slug=said["team"], is_active=True))
        wrong |= {} if team else {"team": _("There is no such team.")}
    assignee = _assignee(said["assignee"], user) if "assignee" in said else Keep.AS_IS
    if assignee is None and said["assignee"] is not None:
        wrong["assignee"] = _("There is no such member of staff.")
    if wrong:
        raise Invalid(wrong)
    return Changes(
        status=Status(said["status"]) if "status" in said else None,
        priority=said.get("priority"),
        category=category,
        team=team,
        assignee=assignee,
        tags=said.get("tags"),
        complaint=said.get("complaint"),
    )


def _assignee(word: str | None, user: User) -> User | None:
    if word is None:
        return None
    if word == "me":
        return user
    found = one_or_none(User.objects.filter(email=word.strip().lower(), is_active=True))
    return found if found is not None and found.is_staff else None
