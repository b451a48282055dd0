"""Thin Celery tasks: each calls one action. Imported here so that the worker finds them all."""

from tickets.tasks.bulk import work_bulk
from tickets.tasks.classification import suggest_category, train_classifier
from tickets.tasks.delivery import deliver_calls, deliver_outbox, deliver_texts
from tickets.tasks.duty import assign_waiting, end_idle_duty
from tickets.tasks.emergencies import ring_emergencies
from tickets.tasks.escalation import sweep_timers
from tickets.tasks.fetching import fetch_mail
from tickets.tasks.files import forget_old_drafts, remove_lost_files
from tickets.tasks.mail import forget_raw_mail, read_mail
from tickets.tasks.notices import gather_notices, remind_due_soon
from tickets.tasks.privacy import start_retention, work_privacy
from tickets.tasks.recalculation import recalculate
from tickets.tasks.scanning import scan_files
from tickets.tasks.status import close_solved
from tickets.tasks.wallet import carry_out_acts, expire_acts

__all__ = [
    "assign_waiting",
    "carry_out_acts",
    "close_solved",
    "deliver_calls",
    "deliver_outbox",
    "deliver_texts",
    "end_idle_duty",
    "expire_acts",
    "fetch_mail",
    "forget_old_drafts",
    "forget_raw_mail",
    "gather_notices",
    "read_mail",
    "recalculate",
    "remind_due_soon",
    "remove_lost_files",
    "ring_emergencies",
    "scan_files",
    "start_retention",
    "suggest_category",
    "sweep_timers",
    "train_classifier",
    "work_bulk",
    "work_privacy",
]
