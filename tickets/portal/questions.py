"""A category's questions as a form shows them: what was typed stays, what is wrong is said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from helpdesk.lib.errors import Text
from helpdesk.lib.localized import suffix
from tickets.choices import FieldKind
from tickets.models import Category, CategoryField
from tickets.queries.categories import fields_of
from tickets.rules.forms import DEFAULT_CURRENCIES

#: A list of so few is shown open; a longer one folds.
OPEN_LIST = 6


@dataclass
class Question:
    """One field of a page's form; ``kind`` chooses how it looks."""

    name: str
    kind: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    currency: str = ""
    error: Text = ""
    autocomplete: str = ""
    max_length: int | None = None

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the first of several choices."""
        return f"{self.id}_0" if self.kind in {"radios", "yes_no", "checks"} else self.id

    @property
    def described_by(self) -> str:
        named = [(self.hint, "hint"), (self.error, "error")]
        return " ".join(f"{self.id}-{part}" for text, part in named if text)


def questions_of(category: Category | None, typed: Mapping[str, str]) -> list[Question]:
    """The category's fields, filled with what was typed."""
    return [_question(row, typed) for row in fields_of(category)]


def _question(row: CategoryField, typed: Mapping[str, str]) -> Question:
    question = Question(
        name=f"f-{row.key}",
        kind=row.kind,
        label=row.label,
        hint=row.help,
        required=row.required,
        value=typed.get(f"f-{row.key}", ""),
        max_length=row.max_length,
    )
    if row.kind == FieldKind.CHOICE:
        question.options = _options(row)
        question.kind = "radios" if len(question.options) <= OPEN_LIST else "select"
    elif row.kind == FieldKind.YES_NO:
        question.options = [("yes", _("Yes")), ("no", _("No"))]
    elif row.kind == FieldKind.AMOUNT:
        currencies = [str(option) for option in row.options] or list(DEFAULT_CURRENCIES)
        question.options = [(code, code) for code in currencies]
        question.currency = typed.get(f"f-{row.key}-currency", "") or currencies[0]
    return question


def _options(row: CategoryField) -> list[tuple[str, str]]:
    pairs = []
    for option in row.options:
        if isinstance(option, dict):
            value = str(option.get("value", ""))
            pairs.append((value, str(option.get(suffix()) or option.get("en") or value)))
        else:
            pairs.append((str(option), str(option)))
    return pairs


def answers_in(typed: QueryDict, questions: Sequence[Question]) -> dict[str, object]:
    """Key to raw answer, as ``rules.forms`` judges it."""
    answers: dict[str, object] = {}
    for question in questions:
        key = question.name.removeprefix("f-")
        raw = typed.get(question.name, "")
        if question.kind == FieldKind.AMOUNT:
            answers[key] = {"amount": raw, "currency": typed.get(f"{question.name}-currency", "")}
        else:
            answers[key] = raw
    return answers
