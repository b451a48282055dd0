"""The one step through which every text enters, from whatever way in. What may not be stored is stopped here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Invalid
from tickets.rules import intake


def admit_body(text: str, *, field: str = "body") -> str:
    """The text of a message. Raises Invalid when it is empty or too long."""
    text = intake.clean_text(text)
    if not text:
        raise Invalid({field: _("Write what you want to say.")})
    if len(text) > intake.MAX_BODY:
        raise Invalid(
            {
                field: _(
                    "This is longer than %(limit)s characters. Please shorten it or attach it as a file."
                )
                % {"limit": intake.MAX_BODY}
            }
        )
    return text


def admit_full_text(text: str, *, limit: int) -> str:
    """What is kept beside a message, such as the whole of a mail; cut where it is longer than ``limit``."""
    return intake.clean_text(text)[:limit]


def admit_subject(text: str, *, body: str = "") -> str:
    """The subject; where none was given, the beginning of the message."""
    text = intake.clean_line(text)
    if not text:
        text = intake.clean_line(body)[:60]
    if not text:
        raise Invalid({"subject": _("Say in a few words what it is about.")})
    if len(text) > intake.MAX_SUBJECT:
        return text[: intake.MAX_SUBJECT - 1] + "…"
    return text


def admit_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Form answers, already checked against their category's fields."""
    return admit_values(answers)


def admit_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON that holds what somebody typed, at any depth."""
    return {key: _admit_value(value) for key, value in values.items()}


def _admit_value(value: Any) -> Any:
    if isinstance(value, str):
        return intake.clean_text(value)
    if isinstance(value, Mapping):
        return admit_values(value)
    if isinstance(value, list | tuple):
        return [_admit_value(one) for one in value]
    return value


def admit_file_name(name: str) -> str:
    return intake.clean_file_name(name)
