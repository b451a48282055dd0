"""Looking names up, all look-ups for one mail within one span of time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from dns.exception import DNSException
from dns.exception import SyntaxError as NameSyntaxError
from dns.name import BadEscape, BadLabelType, EmptyLabel, IDNAException, LabelTooLong, NameTooLong
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

#: One name gets no more of the time than this, so that a slow server of one party leaves some for the others'.
SECONDS_FOR_ONE = 2.0
#: No key or policy is longer; longer ones are there to keep us busy.
MAX_TEXT = 2_048
_NO_NAME = (BadEscape, BadLabelType, EmptyLabel, IDNAException, LabelTooLong, NameTooLong, NameSyntaxError)


class UnreachableError(Exception):
    """Nobody answered, in time or at all: another time somebody may."""


class Names:
    """``resolver`` None stands for a machine that has none."""

    def __init__(self, resolver: Resolver | None, seconds: float) -> None:
        self._resolver, self._stop_at = resolver, time.monotonic() + seconds

    def look_up(self, name: str, kind: str) -> Sequence[Any]:
        """The records, none when there are none or the name is no name. UnreachableError when nobody answered."""
        left = self._stop_at - time.monotonic()
        if self._resolver is None or left <= 0:
            raise UnreachableError(name)
        try:
            answer = self._resolver.resolve(
                name, kind, lifetime=min(left, SECONDS_FOR_ONE), search=False, raise_on_no_answer=False
            )
        except (NXDOMAIN, NoAnswer, UnicodeError, *_NO_NAME):
            return []
        except (DNSException, OSError) as problem:
            raise UnreachableError(name) from problem
        return list(answer.rrset or ())

    def texts(self, name: str) -> list[bytes]:
        """What TXT records say, each put together from its pieces."""
        said = [b"".join(record.strings) for record in self.look_up(name, "TXT")]
        return [text for text in said if len(text) <= MAX_TEXT]
