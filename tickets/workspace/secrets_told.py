"""Telling members of staff that what they wrote was kept without a secret that stood in it."""

from __future__ import annotations

from django.contrib import messages as notes

from tickets.models import Message
from tickets.queries.removed_secrets import kinds_in
from tickets.rules.secrets.words import was_removed
from tickets.workspace.guard import StaffRequest


def told_of_secrets(request: StaffRequest, message: Message) -> None:
    """A note to whoever wrote it, on the page that comes next."""
    if kinds := kinds_in(message):
        notes.warning(request, was_removed(kinds))
