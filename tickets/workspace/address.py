"""What an address of the queue asks for, and the addresses of what lies one click away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from tickets.actions.intake import admit_line
from tickets.models import SavedView
from tickets.queries.inbox import ANY_STATUS, Question, View
from tickets.queries.queue import saved as saved_views
from tickets.rules.intake import clean_line
from tickets.rules.queue import (
    DEFAULT_COLUMNS,
    FILTERS,
    Filters,
    read_columns,
    read_filters,
    read_order,
    usual_order,
)

MAX_WORDS = 200
MAX_PLACE = 400


@dataclass(frozen=True)
class Address:
    """The query string, read leniently: what makes no sense is left out.

    With a kept view (``view=v12``) the address need only hold what differs from it; ``base`` is the built-in view
    that holds underneath.
    """

    base: str
    filters: Filters
    q: str
    sort: str
    columns: tuple[str, ...]
    after: str
    saved: SavedView | None = None
    #: The columns that are shown when the address names none.
    usual_columns: tuple[str, ...] = DEFAULT_COLUMNS
    views: Sequence[SavedView] = field(default_factory=list)

    @classmethod
    def read(cls, query: QueryDict, *, user: User) -> Address:
        views = saved_views.seen_by(user)
        named = query.get("view", "")
        saved = next((view for view in views if saved_views.key_of(view) == named), None)
        kept = saved_views.filters_of(saved) if saved else {}
        filters = _with_kept(query, kept)
        q = admit_line(query.get("q", saved.q if saved else ""), limit=MAX_WORDS)
        base = saved_views.base_of(saved) if saved else named
        default = View.ALL if q or filters else View.MINE
        usual = (read_columns(saved.columns) if saved else ()) or read_columns(user.queue_columns)
        usual = usual or DEFAULT_COLUMNS
        own_order = saved_views.order_of(saved) if saved and saved.sort else usual_order(filters)
        return cls(
            base=base if base in View.values else default,
            filters=filters,
            q=q,
            sort=read_order(query.get("sort", "")) or own_order,
            columns=read_columns(query.getlist("columns")) or usual,
            after=clean_line(query.get("after", ""))[:MAX_PLACE],
            saved=saved,
            usual_columns=usual,
            views=views,
        )

    @property
    def view(self) -> str:
        """As an address names it."""
        return saved_views.key_of(self.saved) if self.saved else self.base

    @property
    def question(self) -> Question:
        filters = self.filters
        if self.q and "status" not in filters:
            filters = {**filters, "status": (ANY_STATUS,)}
        return Question(
            view=View.ALL if self.q else self.base,
            filters=filters,
            sort=self.sort.removeprefix("-"),
            descending=self.sort.startswith("-"),
        )

    @property
    def query(self) -> str:
        """Without the place: what forms carry along and a view keeps."""
        return self._query(self._parts({}))

    def to(self, **changes: Any) -> str:
        """The same address with some parts changed; always from the first page on, unless ``after`` is given.

        A filter is a text or several; ``view`` leads to another view, whatever the present one keeps is said then.
        """
        return f"{reverse('workspace:queue')}?{self._query(self._parts(changes))}"

    def _parts(self, changes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        filters = {**self.filters, **{name: _several(changes[name]) for name in FILTERS if name in changes}}
        saved = self.saved if changes.get("view", self.view) == self.view else None
        kept = saved_views.filters_of(saved) if saved else {}
        q, sort = changes.get("q", self.q), changes.get("sort") or self._chosen_order
        columns = _several(changes.get("columns", self.columns))
        usual = saved_views.order_of(saved) if saved and saved.sort else usual_order(filters)
        parts: dict[str, tuple[str, ...]] = {"view": (changes.get("view", self.view),)}
        for name in FILTERS:
            wanted = filters.get(name, ())
            if wanted != kept.get(name, ()):
                # Said to be empty where the kept view has something: else left out.
                parts[name] = (",".join(wanted),)
        parts["q"] = (q,) if q != (saved.q if saved else "") else ()
        parts["sort"] = (sort,) if sort and sort != usual else ()
        parts["columns"] = (",".join(columns),) if columns != self.usual_columns else ()
        parts["after"] = _several(changes.get("after", ""))
        return parts

    @property
    def _chosen_order(self) -> str:
        """Empty where it is just the usual one, which may be another with other filters."""
        kept = saved_views.order_of(self.saved) if self.saved and self.saved.sort else ""
        return "" if self.sort == (kept or usual_order(self.filters)) else self.sort

    def _query(self, parts: Mapping[str, Sequence[str]]) -> str:
        query = QueryDict(mutable=True)
        for name, texts in parts.items():
            query.setlist(name, texts)
        return query.urlencode(safe=",")

    @property
    def carried(self) -> list[tuple[str, str]]:
        """All but the filters, for a form that asks for other ones; what the kept view filters by is said to be empty,
        unless the form says otherwise.
        """
        kept = saved_views.filters_of(self.saved) if self.saved else {}
        others = [
            (name, text) for name, texts in self._parts({}).items() if name not in FILTERS for text in texts
        ]
        return [*others, *((name, "") for name in kept)]

    @property
    def is_changed(self) -> bool:
        """Whether it asks for something else than the kept or built-in view that it names."""
        return set(self._nonempty()) - {"view"} != set()

    def _nonempty(self) -> list[str]:
        return [name for name, texts in self._parts({}).items() if texts]

    def without(self, name: str, value: str) -> str:
        """A chip taken away."""
        return self.to(**{name: tuple(other for other in self.filters.get(name, ()) if other != value)})

    @property
    def cleared(self) -> str:
        return self.to(**dict.fromkeys(FILTERS, ()))

    def sorted_by(self, order: str) -> str:
        """A click on a column sorts by it; another click turns the order around."""
        return self.to(sort=f"-{order}" if self.sort == order else order)


def _with_kept(query: QueryDict, kept: Filters) -> dict[str, tuple[str, ...]]:
    """What the address says of a filter holds instead of what the view keeps, "nothing" too."""
    given = read_filters({name: query.getlist(name) for name in FILTERS if name in query})
    return {**{name: values for name, values in kept.items() if name not in query}, **given}


def _several(values: Any) -> tuple[str, ...]:
    texts = (values,) if isinstance(values, str) else tuple(values)
    return tuple(text for text in texts if text)
