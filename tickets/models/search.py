from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class TicketSearch(models.Model):
    """What the agents' search looks through: number, subject, customer and every message of one ticket."""

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, primary_key=True, related_name="search")
    document = SearchVectorField()

    class Meta:
        indexes = [
            # Words to tickets. Written through at once: a pending list would be read by every search.
            GinIndex(fields=["document"], name="ticket_search_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"words of {self.ticket_id}"
