"""The words of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    """What a column holds of a customer."""

    IDENTITY = "identity"  # name, log-in
    CONTACT = "contact"  # e-mail address, phone
    WORDS = "words"  # what they or we said about their trouble
    FILE = "file"  # what they sent
    TRACE = "trace"  # network addresses, moments, devices
    ACCOUNT = "account"  # their account at the wallet
    STAFF = "staff"  # about a member of our staff; staff leave by the employer's rules, not by these
    NOTHING = "nothing"  # keys, states, moments of the case, configuration


class Erase(StrEnum):
    """What an erasure does to a column."""

    BLANK = "blank"  # empty, as if nothing had been given
    MARK = "mark"  # a mark that says that something stood there: text that must not be empty
    PSEUDONYM = "pseudonym"  # a value that is unique and means nobody
    SCRUB = "scrub"  # only the person's names, addresses and numbers are taken out; the rest is not theirs
    SIFT = "sift"  # an event's details: what names people goes, what is counted stays
    FILE = "file"  # removed from the storage, with its row
    WORDS = "words"  # the search index: written anew from what is left
    DELETE = "delete"  # the whole row goes
    KEEP = "keep"  # kept, for the reason given


@dataclass(frozen=True)
class Field:
    """One line: ``name`` of the column, what it holds, what an erasure does, whether a copy for the person has it."""

    name: str
    what: What = What.NOTHING
    erase: Erase = Erase.KEEP
    #: Why it is kept. Needed wherever something personal is.
    reason: str = ""
    export: bool = False
    #: Only in rows where another column has this value ("author_kind", "customer"): the others are ours.
    only: tuple[str, str] | None = None

    @property
    def is_about_people(self) -> bool:
        """About people outside: by what it holds, or because an erasure has to look into it."""
        return self.what not in (What.NOTHING, What.STAFF) or self.erase == Erase.SCRUB


@dataclass(frozen=True)
class Reach:
    """How the rows of a person are found; the paths are Django look-ups. Several add up.

    ``case`` leads to a ticket of theirs, ``customer`` to them, ``user`` to their log-in, ``address`` to an e-mail
    address of theirs: such rows are theirs. Of others' rows in which they are named, only they are taken out:
    ``beside`` leads to an address of theirs, ``named`` to a list of people ([{"name": …, "address": …}]) that is looked
    through without an index, and ``mentions`` is said of small tables that are looked through whole.
    """

    customer: str = ""
    case: str = ""
    user: str = ""
    address: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    mentions: bool = False

    @property
    def anybody(self) -> bool:
        owned = self.customer or self.case or self.user or self.address
        return bool(owned or self.beside or self.named or self.mentions)


@dataclass(frozen=True)
class Table:
    """``model`` as Django labels it ("tickets.message")."""

    model: str
    fields: tuple[Field, ...]
    reach: Reach = Reach()
    #: The whole row goes, with its files; of others' rows that name them, those out of which nothing can be taken.
    delete: bool = False
    #: A copy for the person holds only such rows, unless it is made with our notes.
    export_only: Mapping[str, str] = field(default_factory=dict)
    #: Rows that are left alone: (column, value).
    without: tuple[str, str] | None = None
    #: Erased after all others: by what it holds, the others are found.
    last: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(line.name for line in self.fields)

    @property
    def erased(self) -> tuple[Field, ...]:
        return tuple(line for line in self.fields if line.erase not in (Erase.KEEP, Erase.DELETE))

    @property
    def exported(self) -> tuple[Field, ...]:
        return tuple(line for line in self.fields if line.export)


def plain(names: str) -> tuple[Field, ...]:
    """Columns that say nothing of any person."""
    return tuple(Field(name) for name in names.split())


def told(names: str) -> tuple[Field, ...]:
    """Columns that say nothing that names a person, but belong into a copy of what is known: moments, states."""
    return tuple(Field(name, export=True) for name in names.split())


def staff(names: str) -> tuple[Field, ...]:
    """Columns about members of our staff."""
    return tuple(Field(name, What.STAFF, reason="about our staff") for name in names.split())


def settings(model: str, names: str) -> Table:
    """A table of configuration: nobody's data."""
    return Table(model, plain(names))
