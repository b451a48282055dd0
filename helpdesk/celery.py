"""The Celery app, and the one list of what happens by the clock.

Every entry expires before it would run again: a queue that stood still for an hour must not replay an hour
of sweeps.
"""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, celeryd_init, worker_process_init

from helpdesk import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk", task_cls="helpdesk.lib.tasks:DeskTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep timers": {"task": "tickets.sweep_timers", "schedule": 20.0, "options": {"expires": 20}},
    "deliver outbox": {"task": "tickets.deliver_outbox", "schedule": 10.0, "options": {"expires": 10}},
    "heartbeat": {"task": "helpdesk.heartbeat", "schedule": 60.0, "options": {"expires": 60}},
    "gather notices": {"task": "tickets.gather_notices", "schedule": 20.0, "options": {"expires": 20}},
    "ring emergencies": {
        "task": "tickets.ring_emergencies",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "remind due soon": {"task": "tickets.remind_due_soon", "schedule": 60.0, "options": {"expires": 60}},
    "deliver calls": {"task": "tickets.deliver_calls", "schedule": 10.0, "options": {"expires": 10}},
    "carry out acts": {"task": "tickets.carry_out_acts", "schedule": 5.0, "options": {"expires": 5}},
    "expire acts": {"task": "tickets.expire_acts", "schedule": 60.0, "options": {"expires": 60}},
    "deliver texts": {"task": "tickets.deliver_texts", "schedule": 10.0, "options": {"expires": 10}},
    "fetch mail": {"task": "tickets.fetch_mail", "schedule": 60.0, "options": {"expires": 60}},
    "recalculate": {"task": "tickets.recalculate", "schedule": 30.0, "options": {"expires": 30}},
    "assign waiting": {"task": "tickets.assign_waiting", "schedule": 30.0, "options": {"expires": 30}},
    "end idle duty": {"task": "tickets.end_idle_duty", "schedule": 300.0, "options": {"expires": 300}},
    "work bulk": {"task": "tickets.work_bulk", "schedule": 30.0, "options": {"expires": 30}},
    "read mail": {"task": "tickets.read_mail", "schedule": 10.0, "options": {"expires": 10}},
    "guard raw mail": {"task": "tickets.guard_raw_mail", "schedule": 30.0, "options": {"expires": 30}},
    "scan files": {"task": "tickets.scan_files", "schedule": 20.0, "options": {"expires": 20}},
    "suggest categories": {"task": "tickets.suggest_category", "schedule": 30.0, "options": {"expires": 30}},
    "train classifier": {
        "task": "tickets.train_classifier",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 6 * 3600},
    },
    "work privacy": {"task": "tickets.work_privacy", "schedule": 60.0, "options": {"expires": 60}},
    "start retention": {
        "task": "tickets.start_retention",
        "schedule": crontab(hour="3", minute="50"),
        "options": {"expires": 6 * 3600},
    },
    "forget raw mail": {
        "task": "tickets.forget_raw_mail",
        "schedule": crontab(hour="4", minute="35"),
        "options": {"expires": 6 * 3600},
    },
    "forget old drafts": {
        "task": "tickets.forget_old_drafts",
        "schedule": crontab(hour="4", minute="40"),
        "options": {"expires": 6 * 3600},
    },
    "remove lost files": {
        "task": "tickets.remove_lost_files",
        "schedule": crontab(hour="4", minute="45"),
        "options": {"expires": 6 * 3600},
    },
    "close solved": {
        "task": "tickets.close_solved",
        "schedule": crontab(minute="7"),
        "options": {"expires": 3600},
    },
    "seal audit": {"task": "accounts.seal_audit", "schedule": 60.0, "options": {"expires": 60}},
    "trim audit": {
        "task": "accounts.trim_audit",
        "schedule": crontab(hour="2", minute="50"),
        "options": {"expires": 6 * 3600},
    },
    "verify audit": {
        "task": "accounts.verify_audit",
        "schedule": crontab(hour="3", minute="5"),
        "options": {"expires": 6 * 3600},
    },
    "clear sessions": {
        "task": "helpdesk.clear_sessions",
        "schedule": crontab(hour="4", minute="15"),
        "options": {"expires": 6 * 3600},
    },
    "forget failed tasks": {
        "task": "helpdesk.forget_failed_tasks",
        "schedule": crontab(hour="4", minute="25"),
        "options": {"expires": 6 * 3600},
    },
}


def attach_engines(**_: Any) -> None:
    """A worker or the clock may be started by hand, with no `make up` beside it."""
    embedded.attach_for_settings()


def limit_statements(**_: Any) -> None:
    """PostgreSQL ends a statement at the soft time limit.

    The limit's exception does not reach a process that waits for the database, for a lock say: only the hard limit
    would, and kill it.
    """
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c statement_timeout={app.conf.task_soft_time_limit}s"


celeryd_init.connect(attach_engines, weak=False)
beat_init.connect(attach_engines, weak=False)
worker_process_init.connect(limit_statements, weak=False)
