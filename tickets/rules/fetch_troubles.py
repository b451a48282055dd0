"""Why a mailbox cannot be fetched, in words for whoever configured it.

``Mailbox.last_error`` holds one of these sentences in English and, after a dash, what the server said; ``told`` says
it in the reader's language.
"""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

NAME_UNKNOWN = gettext_noop("No server has that name.")
REFUSED = gettext_noop("Nothing answers at that server and port.")
SILENT = gettext_noop("The server does not answer in time.")
UNREACHABLE = gettext_noop("The server cannot be reached.")
CERTIFICATE = gettext_noop(
    "The server's certificate is not trusted: check the server's name, or its certificate."
)
NO_TLS = gettext_noop("No TLS connection comes about: check port and kind of TLS.")
PLAIN = gettext_noop("Without TLS only a server on this machine is used.")
INTERNAL = gettext_noop("That server lies in an inner network: its name must stand in MAIL_PRIVATE_HOSTS.")
LOGIN = gettext_noop(
    "The server refuses the log-in. Check name and password; many providers want IMAP switched on and an app password."
)
KEY_GONE = gettext_noop("No key of MAIL_KEYS opens the stored password: type it in again.")
FOLDER = gettext_noop("The folder cannot be opened.")
BROKEN_OFF = gettext_noop("The server broke off the connection.")
STRANGE = gettext_noop("The server answers otherwise than a mail server should.")
WITHHELD = gettext_noop("The server does not give out a message; it is asked again.")
SKIPPED = gettext_noop(
    "The server does not give out a message; it was passed over. "
    "To have it fetched, move it to another folder and back."
)
NOT_MOVED = gettext_noop("A message was fetched, but could not be moved.")
_DASH = " — "
_LONGEST_DETAIL = 200


def written(sentence: str, detail: str = "") -> str:
    """As it is stored. ``detail`` is what the server said, or which message it is about."""
    shown = "".join(letter if letter.isprintable() else " " for letter in detail).strip()[:_LONGEST_DETAIL]
    return f"{sentence}{_DASH}{shown}" if shown else sentence


def told(last_error: str) -> str:
    """What was stored, in the reader's language."""
    sentence, dash, detail = last_error.partition(_DASH)
    return f"{gettext(sentence)}{dash}{detail}" if sentence else ""
