"""The one step through which every text enters, from whatever way in. What may not be stored is taken out here.

Which that is, ``rules/secrets/guard.py`` says. Where people must be told, an ``Admission`` notes what was taken out of
all the texts of one act; the plain functions are for texts of which nobody hears.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Invalid
from tickets.rules import intake
from tickets.rules.secrets import Certainty, Kind
from tickets.rules.secrets.guard import LEAST, guard, guard_values


class Admission:
    """The texts of one act as they come in; ``removed`` says which kinds of secrets they held, never which secrets.

    ``known`` are those that the way in has taken out already. ``least``: how sure the detector must be, by kind.
    """

    def __init__(self, known: Iterable[Kind] = (), *, least: Mapping[Kind, Certainty] = LEAST) -> None:
        self._removed: dict[Kind, None] = dict.fromkeys(known)
        self._least = least

    @property
    def removed(self) -> tuple[Kind, ...]:
        return tuple(self._removed)

    def text(self, text: str) -> str:
        """Several lines, of any length."""
        redacted = guard(intake.clean_text(text), least=self._least)
        self._removed |= dict.fromkeys(redacted.kinds)
        return redacted.text

    def line(self, text: str) -> str:
        """What stands in one line; lines are read before they are joined."""
        return intake.clean_line(self.text(text))

    def body(self, text: str, *, field: str = "body") -> str:
        """The text of a message. Raises Invalid when it is empty or too long."""
        text = self.text(checked_body(text, field=field))
        # A mark may be longer than what it stands for.
        return text if len(text) <= intake.MAX_BODY else f"{text[: intake.MAX_BODY - 1]}…"

    def subject(self, text: str, *, body: str = "") -> str:
        """The subject; where none was given, the beginning of the message (which was admitted before)."""
        text = self.line(text)
        if not text:
            text = intake.clean_line(body)[:60]
        if not text:
            raise Invalid({"subject": _("Say in a few words what it is about.")})
        if len(text) > intake.MAX_SUBJECT:
            return text[: intake.MAX_SUBJECT - 1] + "…"
        return text

    def values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """JSON that holds what somebody typed, at any depth: form answers, what a bulk act says."""
        kept: dict[str, Any] = guard_values(_clean(values), self._removed)
        return kept


def checked_body(text: str, *, field: str = "body") -> str:
    """As it was written, clean. Raises Invalid when it is empty or too long. It may hold secrets: not to be stored."""
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


def admit_body(text: str, *, field: str = "body") -> str:
    return Admission().body(text, field=field)


def admit_full_text(text: str, *, limit: int) -> str:
    """What is kept beside a message, such as the whole of a mail; cut where it is longer than ``limit``."""
    return Admission().text(text)[:limit]


def admit_line(text: str, *, limit: int) -> str:
    """A name, a remark, what somebody looks for: one line."""
    return Admission().line(text)[:limit]


def admit_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return Admission().values(values)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return intake.clean_text(value)
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def admit_file_name(name: str) -> str:
    """A file may be called by what is in it: "my seed abandon ability ….txt"."""
    # A mark's stroke would be read as the end of a folder's name.
    return intake.clean_file_name(guard(name).text.replace(" / ", " · "))
