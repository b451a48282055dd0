"""To a mail server and into a folder, by verified TLS; or ``Trouble``, in plain words."""

from __future__ import annotations

import imaplib
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

from django.conf import settings
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from helpdesk.lib import sealed
from helpdesk.lib.outgoing import resolve
from helpdesk.lib.public_addresses import is_public
from tickets.choices import Tls
from tickets.models import Mailbox
from tickets.rules import fetch_troubles as words

logger = logging.getLogger(__name__)
TIMEOUT = 20.0
#: What can go wrong between us and a server. imaplib parses by hand, and stumbles in many ways.
NETWORK = (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, IndexError, TypeError, AttributeError)
#: Of these: there is no connection any more.
LOST = (OSError, imaplib.IMAP4.abort)
imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))


class Trouble(Exception):
    """The mailbox cannot be fetched; ``str()`` is what is written down."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(words.written(sentence, detail))


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """Logged in, at the mailbox's folder. Raises Trouble, also for what goes wrong while it is in use."""
    box = _connected(mailbox)
    try:
        _log_in(box, mailbox)
        _introduce(box)
        _enter(box, mailbox.folder)
        yield box
    except NETWORK as problem:
        raise trouble_of(problem) from problem
    finally:
        _leave(box)


def trouble_of(problem: Exception) -> Trouble:
    detail = str(problem) or type(problem).__name__
    for kind, sentence in (
        (socket.gaierror, words.NAME_UNKNOWN),
        (ssl.SSLCertVerificationError, words.CERTIFICATE),
        (ssl.SSLError, words.NO_TLS),
        (TimeoutError, words.SILENT),
        (ConnectionRefusedError, words.REFUSED),
        (OSError, words.UNREACHABLE),
        (imaplib.IMAP4.abort, words.BROKEN_OFF),
    ):
        if isinstance(problem, kind):
            return Trouble(sentence, detail)
    if not isinstance(problem, (imaplib.IMAP4.error, ImapToolsError)):
        logger.warning("Nobody knows what to make of a mail server's answer", exc_info=problem)
    return Trouble(words.STRANGE, detail)


def _connected(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.host, mailbox.port
    if mailbox.tls == Tls.NONE and not _is_here(host):
        raise Trouble(words.PLAIN)
    try:
        if not _may_lie_inside(host):
            _refuse_inside(resolve(host, port))
        if mailbox.tls == Tls.NONE:
            box: BaseMailBox = MailBoxUnencrypted(host, port, timeout=TIMEOUT)
        else:
            context = ssl.create_default_context()
            kind = MailBox if mailbox.tls == Tls.SSL else MailBoxStartTls
            box = kind(host, port, timeout=TIMEOUT, ssl_context=context)
        if not _may_lie_inside(host):
            # The name may have said something else a moment later: nobody is told the password.
            _refuse_inside([str(box.client.sock.getpeername()[0])], box)
        return box
    except (imaplib.IMAP4.error, ImapToolsError) as problem:
        raise Trouble(words.NO_TLS if mailbox.tls != Tls.NONE else words.STRANGE, str(problem)) from problem
    except NETWORK as problem:
        raise trouble_of(problem) from problem


def _may_lie_inside(host: str) -> bool:
    return host.lower() in {allowed.lower() for allowed in settings.MAIL_PRIVATE_HOSTS}


def _refuse_inside(addresses: list[str], box: BaseMailBox | None = None) -> None:
    inside = [address for address in addresses if not is_public(address)]
    if inside:
        if box is not None:
            _leave(box)
        raise Trouble(words.INTERNAL)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _log_in(box: BaseMailBox, mailbox: Mailbox) -> None:
    try:
        password = mailbox.password
    except sealed.Unreadable:
        raise Trouble(words.KEY_GONE) from None
    name = mailbox.username
    # LOGIN knows printable ASCII only; the other way in not every server offers.
    plain = (name + password).isascii() and (name + password).isprintable()
    log_in = box.login if plain else box.login_utf8
    try:
        log_in(name, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, ImapToolsError) as problem:
        raise Trouble(words.LOGIN, _said(problem)) from problem


def _introduce(box: BaseMailBox) -> None:
    """What a server can do it says again after the log-in. Some (163.com, say) open no folder to the nameless."""
    _status, said = box.client.capability()
    box.client.capabilities = tuple(said[0].decode("ascii", "replace").upper().split())
    if "ID" in box.client.capabilities:
        with suppress(imaplib.IMAP4.error):
            box.client._simple_command("ID", '("name" "helpdesk" "version" "1" "vendor" "helpdesk")')


def _enter(box: BaseMailBox, folder: str) -> None:
    try:
        try:
            box.folder.set(folder)
        except imaplib.IMAP4.readonly:
            box.folder.set(folder, readonly=True)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, ImapToolsError) as problem:
        raise Trouble(words.FOLDER, f"{folder}: {_said(problem)}") from problem


def _said(problem: Exception) -> str:
    """The server's own words, out of what the libraries made of them."""
    result = getattr(problem, "command_result", None)
    raw = result[1][0] if result and result[1] else (problem.args[0] if problem.args else "")
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)


def _leave(box: BaseMailBox) -> None:
    """Politely, unless nobody is there any more."""
    with suppress(*NETWORK):
        box.logout()
    with suppress(*NETWORK):
        box.client.shutdown()
