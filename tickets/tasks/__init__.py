"""Thin Celery tasks: each calls one action. Imported here so that the worker finds them all."""

from tickets.tasks.delivery import deliver_outbox
from tickets.tasks.escalation import sweep_timers
from tickets.tasks.status import close_solved

__all__ = ["close_solved", "deliver_outbox", "sweep_timers"]
