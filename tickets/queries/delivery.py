"""What became of the mails that carry our words: for each message, a line for each person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.rules.contact import takes_mail
from helpdesk.lib import clock
from tickets.choices import ActorKind, MailPurpose, MailState
from tickets.models import Message, OutboxMail
from tickets.queries.outbox import DEAD, is_for_a_dead_address

_OUR_WORDS = (MailPurpose.REPLY, MailPurpose.SOLVED, MailPurpose.COPY, MailPurpose.FORWARD)
#: A page that shows a mail on its way asks again so long.
WATCHED = timedelta(minutes=3)


class Stage(StrEnum):
    """How far a mail is. The order is the one in which they come."""

    HELD = "held"
    QUEUED = "queued"
    LEAVING = "leaving"
    TRIED = "tried"
    HANDED_OVER = "handed_over"
    LATE = "late"
    ARRIVED = "arrived"
    FAILED = "failed"
    CAME_BACK = "came_back"


@dataclass(frozen=True)
class Delivery:
    """One mail of a message. ``at``: since when it is so, or when it is tried next; ``why`` what a server said."""

    mail_id: int
    to: str
    is_copy: bool
    stage: Stage
    at: datetime | None
    attempts: int
    why: str
    #: It was not tried: the address is among those that refuse mail.
    is_dead: bool = False

    @property
    def is_trouble(self) -> bool:
        return self.stage in (Stage.FAILED, Stage.CAME_BACK)

    @property
    def may_be_retried(self) -> bool:
        """What came back was taken once: under the same Message-ID it is not sent again."""
        return self.stage is Stage.FAILED

    @property
    def is_moving(self) -> bool:
        return self.stage in (Stage.HELD, Stage.QUEUED, Stage.LEAVING)


def deliveries_of(messages: Sequence[Message]) -> dict[int, list[Delivery]]:
    """By message, in one query; none at all for what customers say. Of internal messages those that were mailed."""
    ours = {message.pk: message for message in messages if not message.by_customer}
    if not ours:
        return {}
    found: dict[int, list[Delivery]] = defaultdict(list)
    rows = OutboxMail.objects.filter(message__in=ours, purpose__in=_OUR_WORDS).order_by("pk")
    for mail in rows.defer("context"):
        assert mail.message_id is not None
        found[mail.message_id].append(delivery(mail, is_held=ours[mail.message_id].is_held))
    return found


def delivery(mail: OutboxMail, *, is_held: bool = False) -> Delivery:
    stage, at = _stage(mail, is_held)
    is_told = stage in (Stage.TRIED, Stage.FAILED, Stage.CAME_BACK)
    return Delivery(
        mail.pk,
        mail.to,
        mail.purpose == MailPurpose.COPY,
        stage,
        at,
        mail.attempts,
        error_in_words(mail.last_error) if is_told else "",
        stage is Stage.FAILED and is_for_a_dead_address(mail),
    )


def _stage(mail: OutboxMail, is_held: bool) -> tuple[Stage, datetime | None]:
    match MailState(mail.state):
        case MailState.BOUNCED:
            return Stage.CAME_BACK, mail.bounced_at
        case MailState.FAILED:
            return Stage.FAILED, None
        case MailState.SENDING:
            return Stage.LEAVING, None
        case MailState.SENT:
            if mail.delivered_at is not None:
                return Stage.ARRIVED, mail.delivered_at
            return (Stage.LATE, mail.delayed_at) if mail.delayed_at else (Stage.HANDED_OVER, mail.sent_at)
    if is_held:
        return Stage.HELD, mail.available_at
    if mail.attempts:
        return Stage.TRIED, mail.available_at
    return Stage.QUEUED, mail.slot_at


def is_watched(message: Message, deliveries: Sequence[Delivery]) -> bool:
    """Whether a look in some seconds will show something else."""
    young = clock.now() - message.created_at < WATCHED
    return message.is_held or (young and any(one.is_moving for one in deliveries))


def is_mailed_to_nobody(message: Message, deliveries: Sequence[Delivery]) -> bool:
    """Whether what one of us wrote to a customer was mailed to nobody, as no address of theirs is known. Of those who
    were erased nobody can tell.
    """
    by_us = message.is_public and message.author_kind == ActorKind.STAFF and message.author_id is not None
    customer = message.ticket.customer
    return by_us and not deliveries and customer.erased_at is None and not takes_mail(customer.email)


def error_in_words(error: str) -> str:
    """What is kept of a mail that did not leave, for people."""
    name, _colon, rest = error.partition(": ")
    if name != DEAD:
        return error
    moment, _blank, reason = rest.partition(" ")
    since = parse_datetime(moment)
    when = date_format(localtime(since), "SHORT_DATETIME_FORMAT") if since else moment
    return _("The address refuses mail since %(since)s: %(reason)s") % {"since": when, "reason": reason}
