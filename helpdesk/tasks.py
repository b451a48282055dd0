"""Housekeeping by the clock that belongs to no app."""

from celery import shared_task
from django.core.management import call_command

from helpdesk import failures, heartbeat


@shared_task(name="helpdesk.clear_sessions")
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task(name="helpdesk.heartbeat")
def beat_heart() -> None:
    heartbeat.beat()


@shared_task(name="helpdesk.forget_failed_tasks")
def forget_failed_tasks() -> None:
    failures.forget()
