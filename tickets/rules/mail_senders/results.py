"""What the trusted relay found out about a mail: the topmost Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpdesk.lib.mail_syntax import unquoted, without_comments

FIELD = "authentication-results"
#: No relay writes more; what is longer is not read.
MAX_VALUE = 16_000
#: What filters that check one thing each write between their results.
_BETWEEN = frozenset({"dkim-filter", "dmarc-filter", "received-spf", "x-spam-checker-version"})

_STATEMENT = re.compile(r'(?:"(?:[^"\\]|\\.)*+"|[^";])*+', re.DOTALL)
_VALUE = re.compile(r'\s*((?:"(?:[^"\\]|\\.)*+"|[^\s";])*+)', re.DOTALL)
_KEY = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_.-]+)?")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Result:
    """``dkim=pass header.d=example.com``: all lower case but for the values of the properties."""

    method: str
    word: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    authserv_id: str
    all: tuple[Result, ...]


class UntrustedError(Exception):
    """There are no results that may be believed; the text is a short code that says why."""


def trusted_results(headers: Sequence[tuple[str, str]], authserv_id: str) -> list[Result]:
    """Of the topmost field, and of those of the same relay that follow it at once.

    Whatever stands lower came with the mail and may be forged. A following field adds only methods that none above it
    speaks of, so that it never softens one. The relay must take fields in its own name out of what comes in, as
    RFC 8601, section 5 asks: nobody else can tell them apart.
    """
    trusted = authserv_id.strip().lower()
    if not trusted:
        # Nobody is trusted; and a name may be empty in what a stranger wrote, too.
        raise UntrustedError("other authserv-id")
    found: list[Result] = []
    seen = 0
    for name, value in headers:
        name = name.strip().lower()
        if name == FIELD:
            results = parse(value)
            if results is None or results.authserv_id != trusted:
                if not seen:
                    raise UntrustedError("unreadable results" if results is None else "other authserv-id")
                break
            known = {result.method for result in found}
            found += [result for result in results.all if result.method not in known]
            seen += 1
        elif seen and name not in _BETWEEN:
            break
    if not seen:
        raise UntrustedError("no results")
    return found


def parse(value: str) -> Results | None:
    """None when it cannot be read as a whole: half-read results are worse than none."""
    text = without_comments(value) if len(value) <= MAX_VALUE else None
    statements = _statements(text) if text is not None else []
    if not statements:
        return None
    head = statements[0].split()
    if not head or len(head) > 2 or head[1:] not in ([], ["1"]) or "=" in head[0]:
        return None
    results = [
        _result(statement) for statement in statements[1:] if statement.strip().lower() not in ("", "none")
    ]
    return Results(unquoted(head[0]).lower(), tuple(result for result in results if result))


def _statements(text: str) -> list[str]:
    """What the semicolons divide; those within quotation marks divide nothing."""
    found: list[str] = []
    at = 0
    while at <= len(text):
        statement = _STATEMENT.match(text, at)
        if statement is None:
            break
        found.append(statement[0])
        at = statement.end() + 1
    return found


def _result(statement: str) -> Result | None:
    """None for versions of a method that we do not know and for what is no ``method=result``."""
    pairs = _pairs(statement)
    if not pairs:
        return None
    (method, word), *properties = pairs
    method, _, version = method.partition("/")
    if version not in ("", "1"):
        return None
    kept: dict[str, str] = {}
    for key, value in properties:
        # Said twice and differently, it is believed neither way.
        kept[key] = value if kept.get(key, value) == value else ""
    return Result(method, word.lower(), kept)


def _pairs(statement: str) -> list[tuple[str, str]]:
    """``key=value`` in order; spaces may stand around each sign of a key (``header . d = example.com``).

    Ends where the grammar is left: what follows might be somebody else's words.
    """
    pairs: list[tuple[str, str]] = []
    at = 0
    while (equals := statement.find("=", at)) >= 0:
        key = _SPACE.sub("", statement[at:equals]).lower()
        value = _VALUE.match(statement, equals + 1)
        if value is None or not _KEY.fullmatch(key.partition("/")[0]):
            break
        pairs.append((key, _read(value[1])))
        at = value.end()
    return pairs


def _read(value: str) -> str:
    """A quoted local part keeps its marks: only a value that is quoted as a whole loses them."""
    return unquoted(value) if value.count('"') == 2 else value
