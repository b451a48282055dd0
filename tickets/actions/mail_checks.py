"""The operator's checks of the mail path: a mail to a mailbox of ours that must come back in, and one to try out."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actions.customers import checked_email
from accounts.models import Brand
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from helpdesk.lib.wakeup import wake
from tickets.actors import Actor
from tickets.choices import MailPurpose
from tickets.events import DELIVER_TASK
from tickets.models import Mailbox, OutboxMail
from tickets.rules.mail_addresses import tagged

#: No tag of a case begins so.
_PREFIX = "check-"


@transaction.atomic
def send_check(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Send a mail to the mailbox's own address, with a tag where it takes tags. The one before counts no more.

    Its token (``Mailbox.check_token``) stands in the tag and in the subject: some servers lose tags.
    """
    by.require(Capability.CONFIGURE_SITE)
    mailbox = Mailbox.objects.select_for_update(of=("self",)).select_related("brand").get(pk=mailbox.pk)
    token = f"{_PREFIX}{secrets.token_hex(10)}"
    mailbox.check_token, mailbox.check_sent_at = token, clock.now()
    mailbox.check_came_at, mailbox.check_kept_tag = None, None
    mailbox.save(update_fields=["check_token", "check_sent_at", "check_came_at", "check_kept_tag"])
    to = tagged(mailbox.address, token) if mailbox.takes_tags else None
    _queue(mailbox.brand, to or mailbox.address, cause=f"check:{token}", by=by, token=token)
    return mailbox


@transaction.atomic
def came(mailbox: Mailbox, *, kept_tag: bool) -> None:
    """The check came back in; ``kept_tag``: to the address with its tag. The first time counts, but that a tag was
    kept."""
    held = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    held.check_came_at = held.check_came_at or clock.now()
    held.check_kept_tag = bool(held.check_kept_tag) or kept_tag
    held.save(update_fields=["check_came_at", "check_kept_tag"])


@transaction.atomic
def send_test(to: str, *, brand: Brand, by: Actor) -> None:
    """A letter of the brand to any address. Raises Invalid on ``to``."""
    by.require(Capability.CONFIGURE_SITE)
    try:
        address = checked_email(to)
    except Invalid:
        address = ""
    if not address:
        raise Invalid({"to": _("Enter an e-mail address in the form name@example.com.")})
    _queue(brand, address, cause=f"check:{secrets.token_hex(16)}", by=by)


def _queue(brand: Brand, to: str, *, cause: str, by: Actor, token: str = "") -> None:
    OutboxMail.objects.queue(
        cause=cause,
        purpose=MailPurpose.CHECK,
        brand=brand,
        to=to,
        language=get_language() or brand.language,
        context={"by": by.name, "token": token},
    )
    wake(DELIVER_TASK)
