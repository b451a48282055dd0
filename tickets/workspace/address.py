"""What an address of the queue asks for, and the addresses of what lies one click away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tickets.choices import Channel, Priority, Status
from tickets.queries.inbox import ANY_STATUS, DEFAULT_SORT, SORTS, Question, View
from tickets.rules.intake import clean_line

#: What may stand in an address besides the view: the filters, in the order of their controls.
FILTERS = ("status", "priority", "category", "brand", "assignee", "channel", "tag")
TITLES: Mapping[str, object] = {
    "status": _("Status"),
    "priority": _("Priority"),
    "category": _("Category"),
    "brand": _("Brand"),
    "assignee": _("Assignee"),
    "channel": _("Way in"),
    "tag": _("Tag"),
}
NOBODY = "none"
ME = "me"


@dataclass(frozen=True)
class Address:
    """The query string, read leniently: what makes no sense is left out."""

    view: str
    filters: Mapping[str, str]
    q: str
    sort: str
    after: str
    me: int

    @classmethod
    def read(cls, query: QueryDict, *, me: int) -> Address:
        filters = {name: text for name in FILTERS if (text := _sane(name, query.get(name, "").strip()))}
        q = query.get("q", "").strip()[:200]
        view = query.get("view", "")
        default = View.ALL if q or filters else View.MINE
        sort = query.get("sort", "")
        return cls(
            view=view if view in View.values else default,
            filters=filters,
            q=q,
            sort=sort if sort.removeprefix("-") in SORTS else _default_sort(filters),
            after=clean_line(query.get("after", ""))[:300],
            me=me,
        )

    @property
    def question(self) -> Question:
        chosen = self.filters
        assignee = chosen.get("assignee", "")
        return Question(
            view=View.ALL if self.q else self.view,
            status=chosen.get("status", ANY_STATUS if self.q else ""),
            priority=Priority.from_slug(chosen["priority"]) if "priority" in chosen else None,
            category=int(chosen["category"]) if "category" in chosen else None,
            brand=int(chosen["brand"]) if "brand" in chosen else None,
            assignee=self.me if assignee == ME else int(assignee) if assignee.isdecimal() else None,
            unassigned=assignee == NOBODY,
            channel=chosen.get("channel", ""),
            tag=chosen.get("tag", ""),
            sort=self.sort.removeprefix("-"),
            descending=self.sort.startswith("-"),
        )

    def to(self, **changes: str) -> str:
        """The same address with some parts changed; always from the first page on, unless ``after`` is given."""
        parts = {"view": self.view, **self.filters, "q": self.q, "sort": self.sort, "after": "", **changes}
        if parts["sort"] == _default_sort({name: parts.get(name, "") for name in FILTERS}):
            parts["sort"] = ""
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in parts.items() if text})
        return f"{reverse('workspace:queue')}?{query.urlencode()}"

    def sorted_by(self, column: str) -> str:
        """A click on a column sorts by it; another click turns the order around."""
        return self.to(sort=f"-{column}" if self.sort == column else column)


def _default_sort(filters: Mapping[str, str]) -> str:
    """What is over has no due time: there the last change comes first."""
    ended = (Status.SOLVED, Status.CLOSED, ANY_STATUS)
    return "-updated" if filters.get("status") in ended else DEFAULT_SORT


def _sane(name: str, text: str) -> str:
    """The text if it can be meant, else nothing."""
    known = {
        "status": (*Status.values, ANY_STATUS),
        "priority": tuple(priority.slug for priority in Priority),
        "channel": Channel.values,
    }
    if name in known:
        return text if text in known[name] else ""
    if name == "tag":
        return clean_line(text)[:40]
    if name == "assignee" and text in (ME, NOBODY):
        return text
    return text if text.isdecimal() and len(text) <= 9 else ""
