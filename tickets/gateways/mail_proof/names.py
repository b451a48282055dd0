"""Looking names up, all look-ups for one mail within one span of time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from dns.exception import DNSException
from dns.exception import SyntaxError as NameSyntaxError
from dns.name import BadEscape, BadLabelType, EmptyLabel, IDNAException, LabelTooLong, NameTooLong
from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, Resolver

from helpdesk.lib.mail_domains import organisational_domain

#: One name gets no more of the time than this, so that a slow server of one party leaves some for the others'.
SECONDS_FOR_ONE = 2.0
#: Whose servers let all of that pass are asked nothing more for so long: they shall not cost it again for each mail.
SECONDS_LEFT_ALONE = 60.0
MAX_LEFT_ALONE = 1_000
#: No key or policy is longer; longer ones are there to keep us busy.
MAX_TEXT = 2_048
_NO_NAME = (BadEscape, BadLabelType, EmptyLabel, IDNAException, LabelTooLong, NameTooLong, NameSyntaxError)


class UnreachableError(Exception):
    """Nobody answered, in time or at all: another time somebody may."""


class Silent:
    """Organisations whose name servers do not answer; shared by the mails that one process looks at."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        return self._until.get(organisational_domain(name), 0.0) > time.monotonic()

    def add(self, name: str) -> None:
        if len(self._until) >= MAX_LEFT_ALONE:
            self._until.clear()
        self._until[organisational_domain(name)] = time.monotonic() + SECONDS_LEFT_ALONE


class Names:
    """``resolver`` None stands for a machine that has none."""

    def __init__(self, resolver: Resolver | None, seconds: float, silent: Silent | None = None) -> None:
        self._resolver, self._stop_at = resolver, time.monotonic() + seconds
        self._silent = silent if silent is not None else Silent()

    def look_up(self, name: str, kind: str) -> Sequence[Any]:
        """The records, none when there are none or the name is no name. UnreachableError when nobody answered."""
        left = self._stop_at - time.monotonic()
        plain = name.rstrip(".").lower()
        if self._resolver is None or left <= 0 or plain in self._silent:
            raise UnreachableError(name)
        try:
            answer = self._resolver.resolve(
                name, kind, lifetime=min(left, SECONDS_FOR_ONE), search=False, raise_on_no_answer=False
            )
        except (NXDOMAIN, NoAnswer, UnicodeError, *_NO_NAME):
            return []
        except (DNSException, OSError) as problem:
            if isinstance(problem, LifetimeTimeout) and left >= SECONDS_FOR_ONE:
                self._silent.add(plain)
            raise UnreachableError(name) from problem
        return list(answer.rrset or ())

    def texts(self, name: str) -> list[bytes]:
        """What TXT records say, each put together from its pieces."""
        said = [b"".join(record.strings) for record in self.look_up(name, "TXT")]
        return [text for text in said if len(text) <= MAX_TEXT]
