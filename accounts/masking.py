"""Whose contact data may stand in the answer that is being made.

While an answer for staff is made, every row that carries contact data says so here when it is loaded; before the answer
leaves, what of it stands there is masked (``accounts.web.masking``). So no template, serializer or sentence needs to
think of it, and none can forget to. Where no answer is made (mails, tasks), nothing is noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from accounts.rules.contacts_in_texts import contacts_in
from accounts.rules.masking import Known, digits_of

#: In an answer on a form, say.
_LOOKS_LIKE_CONTACT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|\+\d[\d\s-]{6,20}|1[3-9]\d{9}")


@dataclass
class Noted:
    known: Known = field(default_factory=Known)
    #: Customers whose rows were not loaded, though something of theirs was.
    unloaded: set[int] = field(default_factory=set)
    loaded: set[int] = field(default_factory=set)
    #: Addresses of other people: in copy, in mails.
    others: set[str] = field(default_factory=set)
    #: Numbers that stand in texts, digits only.
    numbers: set[str] = field(default_factory=set)
    #: Accounts of messengers that stand in texts.
    handles: set[str] = field(default_factory=set)


_noted: ContextVar[Noted | None] = ContextVar("contact_data_noted", default=None)
#: Each gives addresses that are ours, which are shown to anybody.
_ours: list[Callable[[], Iterable[str]]] = []


@contextmanager
def noting(noted: Noted) -> Iterator[Noted]:
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note_customer(pk: int | None, email: str | None, phone: str | None, name: str | None = None) -> None:
    """``name``: people write into it what they are reached by."""
    note_text(name)
    noted = _noted.get()
    if noted is None or pk is None:
        return
    noted.loaded.add(pk)
    noted.known.add_email(email or "", pk)
    noted.known.add_phone(phone or "", pk)


def note_case(customer: int | None, answers: Any = None) -> None:
    """A row of a customer whose own row may not have been loaded; contact data that they gave with a form."""
    noted = _noted.get()
    if noted is None or customer is None:
        return
    noted.unloaded.add(customer)
    for value in answers.values() if isinstance(answers, dict) and answers else ():
        if isinstance(value, str) and _LOOKS_LIKE_CONTACT.fullmatch(value.strip()):
            noted.known.add_email(value, customer)
            if "@" not in value:
                noted.known.add_phone(value, customer)


def note_others(emails: Iterable[str | None]) -> None:
    noted = _noted.get()
    if noted is not None:
        noted.others.update(email.strip().lower() for email in emails if email)


def note_text(*texts: str | None) -> None:
    """Texts that people wrote: what of contact data they wrote into them."""
    noted = _noted.get()
    if noted is None:
        return
    for text in texts:
        if text:
            found = contacts_in(text)
            noted.others |= found.emails
            noted.numbers |= found.numbers
            noted.handles |= found.handles


class Notes:
    """For models whose rows carry contact data, or texts that may hold some."""

    def note_contacts(self) -> None:
        """Only of the fields that were loaded: look into ``__dict__``."""
        raise NotImplementedError

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        row = super().from_db(*args, **kwargs)  # type: ignore[misc]
        if _noted.get() is not None:
            row.note_contacts()
        return row


class NotesOthers(Notes):
    """For models that carry addresses of people who are no customers, or may be none."""

    def contacts(self) -> Iterable[str | None]:
        return ()

    def texts(self) -> Iterable[str | None]:
        """What people wrote."""
        return ()

    def note_contacts(self) -> None:
        note_others(self.contacts())
        note_text(*self.texts())


def register_ours(source: Callable[[], Iterable[str]]) -> None:
    """``source`` gives addresses and numbers of ours."""
    _ours.append(source)


def ours() -> Collection[str]:
    """Addresses in small letters, numbers as digits."""
    said = {text.strip().lower() for source in _ours for text in source() if text}
    return {text if "@" in text else digits_of(text) for text in said}
