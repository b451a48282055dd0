from __future__ import annotations

from celery import shared_task

from helpdesk.lib.single_flight import single_flight
from tickets.actions import drafts, lost_files

TASK = "tickets.remove_lost_files"
DRAFTS_TASK = "tickets.forget_old_drafts"


@shared_task(name=TASK)
def remove_lost_files() -> None:
    with single_flight(TASK) as alone:
        if alone:
            lost_files.remove_lost_files()


@shared_task(name=DRAFTS_TASK)
def forget_old_drafts() -> None:
    with single_flight(DRAFTS_TASK) as alone:
        if alone:
            drafts.forget_old()
