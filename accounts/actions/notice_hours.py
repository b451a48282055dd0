"""When a member of staff may be told of things by mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import Digest
from accounts.models import User
from helpdesk.lib.errors import Invalid, Text
from helpdesk.lib.zones import validate_time_zone


def set_notice_hours(
    user: User, *, time_zone: str, quiet_from: time | None, quiet_until: time | None, digest_minutes: int
) -> None:
    """One's own hours: a person sets nobody else's. Invalid names each field that makes no sense."""
    wrong: dict[str, Text] = {}
    try:
        validate_time_zone(time_zone)
    except ValidationError:
        wrong["time_zone"] = _("Choose a time zone of the list.")
    if digest_minutes not in Digest.values:
        wrong["digest_minutes"] = _("Choose one of the list.")
    wrong |= _wrong_with_quiet(quiet_from, quiet_until)
    if wrong:
        raise Invalid(wrong)
    user.time_zone, user.digest_minutes = time_zone, digest_minutes
    user.quiet_from, user.quiet_until = quiet_from, quiet_until
    user.save(update_fields=["time_zone", "quiet_from", "quiet_until", "digest_minutes"])


def set_notice_choices(user: User, choices: Mapping[str, Mapping[str, bool]]) -> None:
    """Of what somebody is told, and where: by kind ``{"page": True, "mail": False}``. The kinds are the caller's."""
    user.notice_choices = {kind: dict(ways) for kind, ways in choices.items()}
    user.save(update_fields=["notice_choices"])


def _wrong_with_quiet(quiet_from: time | None, quiet_until: time | None) -> dict[str, Text]:
    if quiet_from is None and quiet_until is not None:
        return {"quiet_from": _("Say from when it is quiet, or leave both times empty.")}
    if quiet_from is not None and quiet_until is None:
        return {"quiet_until": _("Say until when it is quiet, or leave both times empty.")}
    if quiet_from is not None and quiet_from == quiet_until:
        return {"quiet_until": _("This would be quiet day and night. Choose another time.")}
    return {}
