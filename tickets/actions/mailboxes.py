"""What an operator does with a mailbox by hand."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Conflict
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.models import Fetching, Mailbox

FETCH_TASK = "tickets.fetch_mail"


class NothingToFetch(Conflict):
    code = "nothing_to_fetch"
    message = _(
        "The mail of this address is delivered to us, or it is switched off: there is nothing to fetch."
    )


@transaction.atomic
def fetch_now(mailbox: Mailbox, *, by: Actor) -> None:
    """Have the mailboxes looked at once now, and not only when their time comes."""
    by.require(Capability.CONFIGURE_SITE)
    if mailbox.fetching != Fetching.IMAP or not mailbox.is_active:
        raise NothingToFetch
    wake(FETCH_TASK)


@transaction.atomic
def read_from_anew(mailbox: Mailbox) -> None:
    """It is another place on another server now: how far the old one was read, and its trouble, say nothing of it."""
    Mailbox.objects.filter(pk=mailbox.pk).update(
        uid_validity=None, last_uid=0, looked_at=None, failing_since=None, last_error=""
    )
    wake(FETCH_TASK)
