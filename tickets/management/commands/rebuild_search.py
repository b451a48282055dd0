"""Writes the words of every ticket anew: after a release that changed by what tickets are found.

The desk works on meanwhile; started again, it begins anew and does no harm.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tickets.actions import search

REPORT_EVERY = 5_000


class Command(BaseCommand):
    help = "Write the search words of every ticket anew."

    def handle(self, **options: Any) -> None:
        done = 0
        for done, _ticket in enumerate(search.rewrite_all(), 1):
            if done % REPORT_EVERY == 0:
                self.stdout.write(f"{done} tickets")
        self.stdout.write(f"{done} tickets, done")
