"""What an operator does with a mailbox by hand, and what is noted of one that we fetch: how far it was read, what is
wrong with it. Each note is about the place that was looked at: whoever changed the mailbox meanwhile has begun anew.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import Fetching
from tickets.models import Mailbox
from tickets.queries.fetched import rest_key

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
    cache.delete(rest_key(mailbox))  # one that failed is not left alone now
    wake(FETCH_TASK)


@transaction.atomic
def read_from_anew(mailbox: Mailbox) -> None:
    """It is another place on another server now: how far the old one was read, and its trouble, say nothing of it."""
    Mailbox.objects.filter(pk=mailbox.pk).update(
        uid_validity=None, last_uid=0, looked_at=None, failing_since=None, last_error=""
    )
    wake(FETCH_TASK)


def note_progress(mailbox: Mailbox, *, uid_validity: int, last_uid: int, came: bool) -> None:
    """Everything up to ``last_uid`` is dealt with; ``came``: the last of it was a mail that is kept now."""
    news = {"uid_validity": uid_validity, "last_uid": last_uid}
    if _here(mailbox).update(**news, **({"fetched_at": clock.now()} if came else {})):
        mailbox.uid_validity, mailbox.last_uid = uid_validity, last_uid


def note_look(mailbox: Mailbox) -> None:
    """The mailbox was looked into, and all went well. A remark stays; what kept us from looking is over."""
    _here(mailbox).filter(failing_since__isnull=False).update(failing_since=None, last_error="")
    now = clock.now()
    _here(mailbox).update(looked_at=now)
    mailbox.looked_at, mailbox.failing_since = now, None


def note_remark(mailbox: Mailbox, words: str) -> None:
    """Something the operator should see, though the mailbox works."""
    _here(mailbox).update(last_error=words[:500], failing_since=None)


def note_failure(mailbox: Mailbox, words: str) -> None:
    now = clock.now()
    _here(mailbox).update(last_error=words[:500], failing_since=Coalesce("failing_since", now))
    mailbox.failing_since = mailbox.failing_since or now


def _here(mailbox: Mailbox) -> QuerySet[Mailbox]:
    return Mailbox.objects.filter(
        pk=mailbox.pk, host=mailbox.host, username=mailbox.username, folder=mailbox.folder
    )
