"""What the page is made of: numbers that know their meaning and their cases, tables, sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tickets.rules.analytics_terms import TERMS
from tickets.workspace.analytics.drawing import table_head, table_row
from tickets.workspace.analytics.words import percent

Text = str | Promise
#: (metric, how it is narrowed) to the address of the list of cases.
Link = Callable[..., str]


@dataclass(frozen=True)
class Number:
    """A number in words: what it means, what it is compared with, and the cases behind it."""

    text: str
    href: str = ""
    terms: Sequence[str] = ()
    compared: str = ""
    uid: str = ""

    @property
    def meanings(self) -> list[Text]:
        return [*(TERMS[term] for term in self.terms), *([self.compared] if self.compared else [])]

    def __html__(self) -> SafeString:
        if not self.meanings:
            return (
                format_html('<a href="{}">{}</a>', self.href, self.text)
                if self.href
                else format_html("{}", self.text)
            )
        if not self.href:
            return with_meaning(self.text, self.meanings, self.uid)
        return format_html(
            '<span class="an-num"><a href="{}" aria-describedby="{}">{}</a>{}</span>',
            self.href,
            self.uid,
            self.text,
            tip(self.meanings, self.uid),
        )

    __str__ = __html__


def with_meaning(text: Text, meanings: Sequence[Text], uid: str) -> SafeString:
    """Words without a link: a button takes the focus, so that the keyboard and a finger reach the meaning too."""
    return format_html(
        '<span class="an-num"><button type="button" class="an-term" aria-describedby="{}">{}</button>{}</span>',
        uid,
        text,
        tip(meanings, uid),
    )


def tip(meanings: Sequence[Text], uid: str) -> SafeString:
    paragraphs = format_html_join("", "<span>{}</span>", ((text,) for text in meanings))
    return format_html('<span role="tooltip" class="an-tip" id="{}">{}</span>', uid, paragraphs)


@dataclass(frozen=True)
class Head:
    """The head of a column, with its meaning where it has one."""

    title: Text
    terms: Sequence[str] = ()
    uid: str = ""

    def __html__(self) -> SafeString:
        meanings = [TERMS[term] for term in self.terms]
        return with_meaning(self.title, meanings, self.uid) if meanings else format_html("{}", self.title)

    __str__ = __html__


@dataclass(frozen=True)
class Cell:
    """What a table shows, the cases behind it, and what a spreadsheet gets: the bare number."""

    text: str
    href: str = ""
    value: int | float | str | None = None

    @property
    def bare(self) -> int | float | str:
        return self.text if self.value is None else self.value


@dataclass(frozen=True)
class Table:
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]

    def __html__(self) -> SafeString:
        rows = "".join(table_row(row) for row in self.rows)
        return mark_safe(  # noqa: S308 (made of escaped parts)  # nosec B308 B703
            f'<table class="an-table"><thead><tr>{table_head(self.heads)}</tr></thead><tbody>{rows}</tbody></table>'
        )

    __str__ = __html__


@dataclass(frozen=True)
class Section:
    """One question, answered: the title says what is seen."""

    key: str
    question: Text
    title: str
    table: Table
    template: str
    numbers: Sequence[tuple[Text, Number]] = ()
    chart: Any = None
    is_empty: bool = False
    is_wide: bool = False
    note: str = ""


@dataclass
class Ids:
    """Names for what tooltips are tied to; each once on the page."""

    prefix: str = "def"
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __call__(self) -> str:
        return f"{self.prefix}-{next(self.numbers)}"


def counted(value: int | None, href: str = "", text: str | None = None) -> Cell:
    return Cell(f"{value:,}" if text is None and value is not None else (text or "–"), href, value)


def share_cell(part: float | None, href: str) -> Cell:
    return Cell(percent(part), href, "" if part is None else round(part, 4))
