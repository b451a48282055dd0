"""Thin Celery tasks: each calls one action. Imported here so that the worker finds them all."""

from tickets.tasks.classification import suggest_category, train_classifier
from tickets.tasks.delivery import deliver_calls, deliver_outbox
from tickets.tasks.escalation import sweep_timers
from tickets.tasks.fetching import fetch_mail
from tickets.tasks.files import remove_lost_files
from tickets.tasks.mail import forget_raw_mail, read_mail
from tickets.tasks.notices import gather_notices
from tickets.tasks.recalculation import recalculate
from tickets.tasks.status import close_solved

__all__ = [
    "close_solved",
    "deliver_calls",
    "deliver_outbox",
    "fetch_mail",
    "forget_raw_mail",
    "gather_notices",
    "read_mail",
    "recalculate",
    "remove_lost_files",
    "suggest_category",
    "sweep_timers",
    "train_classifier",
]
