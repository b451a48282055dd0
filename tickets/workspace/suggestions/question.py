"""The suggestion on a ticket's page: what it may be about, one key each."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.models import Category, Ticket
from tickets.queries.suggestions import open_question
from tickets.workspace.suggestions.words import likelihood

#: Nothing is certain.
MOST = 99


@dataclass(frozen=True)
class Choice:
    """``key``: what is pressed for it; ``percent``: how sure, of a hundred."""

    key: int
    slug: str
    name: str
    percent: int

    @property
    def sure(self) -> str:
        return f"{self.percent} %" if self.percent else "< 1 %"

    @property
    def words(self) -> str:
        return likelihood(self.percent)


@dataclass(frozen=True)
class Question:
    """``was``: the short name of the category that the case has, empty for none."""

    choices: list[Choice]
    is_unsure: bool
    was: str
    was_name: str


def question_of(ticket: Ticket) -> Question | None:
    """None where nothing is to be asked."""
    found = open_question(ticket)
    if found is None:
        return None
    now = ticket.category
    ranking = [] if found.is_unsure else found.ranking
    rows = Category.objects.filter(slug__in=[slug for slug, _chance in ranking], is_active=True)
    names = {row.slug: str(row) for row in rows.select_related("parent")}
    likely = [(slug, min(round(100 * chance), MOST)) for slug, chance in ranking if slug in names]
    if not likely and now is not None:
        return None
    was = now.slug if now else ""
    others = [(slug, percent) for slug, percent in likely if slug != was]
    choices = [Choice(key, slug, names[slug], percent) for key, (slug, percent) in enumerate(others, 1)]
    return Question(choices, not likely, was, str(now) if now else "")
