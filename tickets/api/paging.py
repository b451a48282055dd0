"""Pages by cursor: each begins after the last row of the one before, so that rows coming in shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from helpdesk.lib.errors import Invalid

PAGE_SIZE = 50
LARGEST_PAGE = 200


@dataclass(frozen=True)
class Cursor:
    """A place in the list: after this row, in this order."""

    ordering: str
    at: datetime
    pk: int

    def __str__(self) -> str:
        text = json.dumps([self.ordering, self.at.isoformat(), self.pk], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, ordering: str) -> Cursor:
        """Raises Invalid for what is no cursor of this list in this order."""
        try:
            said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            found = cls(str(said[0]), datetime.fromisoformat(said[1]), int(said[2]))
        except (ValueError, TypeError, LookupError, binascii.Error) as problem:
            raise Invalid({"cursor": _("This is not a cursor of this list.")}) from problem
        if found.ordering != ordering or found.at.tzinfo is None or not 0 <= found.pk < 2**63:
            raise Invalid({"cursor": _("This is not a cursor of this list.")})
        return found


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    next: str | None


def page_of(
    rows: QuerySet[Any], request: Request, *, ordering: str, size: int = PAGE_SIZE, cursor: str = ""
) -> Page:
    """One page of ``rows`` in the order of a time (``-created_at``, ``updated_at``, …), equal times by id."""
    name, down = ordering.removeprefix("-"), ordering.startswith("-")
    if cursor:
        rows = _after(rows, Cursor.read(cursor, ordering), name, down)
    sign = "-" if down else ""
    found = list(rows.order_by(f"{sign}{name}", f"{sign}pk")[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    place = Cursor(ordering, getattr(last, name), last.pk)
    return Page(found[:size], replace_query_param(request.build_absolute_uri(), "cursor", str(place)))


def _after(rows: QuerySet[Any], place: Cursor, name: str, down: bool) -> QuerySet[Any]:
    """The first condition is what the index serves; the second leaves out equals that were shown."""
    if down:
        return rows.filter(**{f"{name}__lte": place.at}).exclude(**{name: place.at, "pk__gte": place.pk})
    return rows.filter(**{f"{name}__gte": place.at}).exclude(**{name: place.at, "pk__lte": place.pk})
