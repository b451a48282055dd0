"""Calling an address that somebody typed in, without being led astray.

A name is looked up once, every address it has is checked, and the connection goes to one of those that were checked:
what the name says a moment later moves nothing. No redirect is followed and no proxy asked. A call ends by its
deadline, however slowly the other side speaks.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import HTTPResponse
from urllib3.util import Url, parse_url

from helpdesk.lib.public_addresses import is_public

PORTS = frozenset({443, 8443})
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 15.0
MOST_READ = 64 * 1024


class Trouble(TextChoices):
    """Why there is no answer. The value is kept with the call; the words are for whoever looks at it."""

    UNREADABLE = "unreadable", _("This is no address. Write it like https://example.com/hook .")
    NOT_HTTPS = "not_https", _("The address must begin with https:// .")
    CREDENTIALS = "credentials", _("Leave name and password out: who is called knows us by the signature.")
    PORT = "port", _("Only the ports 443 and 8443 are called.")
    NOT_PUBLIC = "not_public", _("This address lies in a private or reserved network, which is never called.")
    UNKNOWN_NAME = "unknown_name", _("No address was found for this name.")
    NO_CONNECTION = "no_connection", _("No connection could be made.")
    TLS = "tls", _("The certificate cannot be trusted, or the secure connection failed.")
    TOO_SLOW = "too_slow", _("There was no whole answer in time.")
    NO_ANSWER = "no_answer", _("The connection ended without an answer.")


_FOR_GOOD = frozenset(
    {Trouble.UNREADABLE, Trouble.NOT_HTTPS, Trouble.CREDENTIALS, Trouble.PORT, Trouble.NOT_PUBLIC}
)


class CallError(Exception):
    """There is no answer. ``detail`` is for the operator: what the machine said."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.detail = trouble, detail

    def __str__(self) -> str:
        return f"{self.trouble.value}: {self.detail}" if self.detail else str(self.trouble.value)

    @property
    def is_permanent(self) -> bool:
        """To ask again would end alike: somebody must mend the address."""
        return self.trouble in _FOR_GOOD


@dataclass(frozen=True)
class Answer:
    """``headers`` by their names in small letters; of several of one name the last."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name. OSError or UnicodeError when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_url(url: str, *, private: bool = False) -> Url:
    """The address in its parts, or CallError with what is wrong with it as it is written. Looks nothing up.

    ``private``: for tests and trials on one machine, plain http, any port and any network are allowed.
    """
    try:
        parts = parse_url(url)
    except LocationParseError as problem:
        raise CallError(Trouble.UNREADABLE) from problem
    if not parts.host or any(letter <= " " or letter == "\x7f" for letter in url):
        raise CallError(Trouble.UNREADABLE)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise CallError(Trouble.NOT_HTTPS)
    if parts.auth is not None:
        raise CallError(Trouble.CREDENTIALS)
    if _port(parts) not in PORTS and not private:
        raise CallError(Trouble.PORT, str(parts.port))
    if _is_literal(_host(parts)) and not private and not is_public(_host(parts)):
        raise CallError(Trouble.NOT_PUBLIC, _host(parts))
    return parts


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    private: bool = False,
    seconds: float = WHOLE_SECONDS,
    resolve: Resolve = resolve,
) -> Answer:
    """Send ``body`` and wait for the answer, whatever its status. CallError when there is none."""
    return _call("POST", url, body, headers, private, seconds, resolve)


def get(
    url: str,
    *,
    headers: Mapping[str, str],
    private: bool = False,
    seconds: float = WHOLE_SECONDS,
    resolve: Resolve = resolve,
) -> Answer:
    """Ask, and wait for the answer, whatever its status. CallError when there is none."""
    return _call("GET", url, None, headers, private, seconds, resolve)


def _call(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    private: bool,
    seconds: float,
    resolve: Resolve,
) -> Answer:
    stop_at = time.monotonic() + seconds
    parts = check_url(url, private=private)
    addresses = _checked(parts, stop_at, resolve, private=private)
    line = _line(parts, addresses, stop_at)
    sent = {**headers, "Accept-Encoding": "identity", "Connection": "close"}
    with _told_as_call_error(line), line.until_the_end():
        line.request(method, parts.request_uri, body=body, headers=sent, preload_content=False)
        response = line.getresponse()
        if line.is_over:  # cut off among its headers
            raise CallError(Trouble.TOO_SLOW)
        try:
            told = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, _some_of(response), told)
        finally:
            response.close()


def _some_of(response: HTTPResponse) -> str:
    """The beginning of what was said. The status stands already: a body that breaks off takes nothing back."""
    said = b""
    with suppress(OSError, HTTPError, HTTPException):
        while len(said) < MOST_READ and (more := response.read1(MOST_READ - len(said), decode_content=False)):
            said += more
    return said.decode("utf-8", "replace")


def _host(parts: Url) -> str:
    return str(parts.host).strip("[]")


def _port(parts: Url) -> int:
    return parts.port or (80 if parts.scheme == "http" else 443)


def _is_literal(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):
            socket.inet_pton(family, host)
            return True
    return False


def _checked(parts: Url, stop_at: float, resolve: Resolve, *, private: bool) -> list[str]:
    """The addresses of the name. One among them that is not public is enough to call none: it is a trap."""
    addresses = _looked_up(_host(parts), _port(parts), stop_at, resolve)
    inside = [address for address in addresses if not is_public(address)]
    if inside and not private:
        raise CallError(Trouble.NOT_PUBLIC, ", ".join(inside))
    return addresses


def _looked_up(host: str, port: int, stop_at: float, resolve: Resolve) -> list[str]:
    """In a thread: the machine's own look-up knows no deadline."""
    found: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            found.append(resolve(host, port))
        except (OSError, UnicodeError) as problem:
            found.append(problem)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(stop_at - time.monotonic(), 0))
    if not found:
        raise CallError(Trouble.TOO_SLOW, host)
    [addresses] = found
    if isinstance(addresses, Exception):
        raise CallError(Trouble.UNKNOWN_NAME, f"{host}: {addresses}") from addresses
    if not addresses:
        raise CallError(Trouble.UNKNOWN_NAME, host)
    return addresses


class _Pinned(HTTPConnection):
    """A connection that goes to addresses that were checked; its name is for the certificate and the Host header."""

    addresses: list[str]
    stop_at: float
    #: A second handle of the socket: TLS takes the first for itself.
    handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        problem: OSError = TimeoutError("no time left")
        for address in self.addresses:
            left = self.stop_at - time.monotonic()
            if left <= 0:
                break
            try:
                connected = socket.create_connection(
                    (address, int(self.port or 0)), min(CONNECT_SECONDS, left)
                )
            except OSError as failed:
                problem = failed
                continue
            connected.settimeout(min(READ_SECONDS, left))
            self.handle = connected.dup()
            return connected
        raise problem

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.stop_at

    @contextmanager
    def until_the_end(self) -> Iterator[None]:
        """Cut the line at its last moment: one byte a second never runs into the time-out of a single reading."""
        timer = threading.Timer(max(self.stop_at - time.monotonic(), 0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.close()
            if self.handle is not None:
                self.handle.close()

    def _cut(self) -> None:
        if self.handle is not None:
            with suppress(OSError):
                self.handle.shutdown(socket.SHUT_RDWR)


class _PinnedTls(_Pinned, HTTPSConnection):
    pass


def _line(parts: Url, addresses: list[str], stop_at: float) -> _Pinned:
    where: dict[str, Any] = {"host": _host(parts), "port": _port(parts), "timeout": READ_SECONDS}
    secure = parts.scheme == "https"
    line = _PinnedTls(**where, ssl_context=ssl.create_default_context()) if secure else _Pinned(**where)
    line.addresses, line.stop_at = addresses, stop_at
    return line


@contextmanager
def _told_as_call_error(line: _Pinned) -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPError, HTTPException, ValueError) as problem:
        raise CallError(_trouble_in(problem, line), f"{type(problem).__name__}: {problem}") from problem


def _trouble_in(problem: Exception, line: _Pinned) -> Trouble:
    if line.is_over:
        return Trouble.TOO_SLOW
    if isinstance(problem, ssl.SSLError):
        return Trouble.TLS
    if line.handle is None:
        return Trouble.NO_CONNECTION
    return Trouble.TOO_SLOW if isinstance(problem, TimeoutError) else Trouble.NO_ANSWER
