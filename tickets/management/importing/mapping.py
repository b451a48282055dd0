"""From a row to a new ticket, by what the operator said which column means."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date, parse_datetime

from accounts.actions import customers
from accounts.models import Brand, Customer
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid
from helpdesk.lib.guarding import guarded
from helpdesk.lib.keyed_hash import keyed_hash
from tickets.actions.intake import checked_body
from tickets.actions.tickets import NewTicket, clean_tags
from tickets.choices import Channel, Priority
from tickets.management.importing.source import Row, text_at, value_at
from tickets.models import Category

FIELDS = (
    *("body", "subject", "category", "priority", "tags", "created_at", "language"),
    *("customer_email", "customer_phone", "customer_name"),
)
ORIGIN_KEY_LENGTH = 200


@dataclass(frozen=True)
class Plan:
    """What the command line asked for, ready to use row by row."""

    brand: Brand
    columns: Mapping[str, str]
    source: str
    categories: Mapping[str, Category]
    category_map: Mapping[str, str] | None = None
    default_category: Category | None = None
    external_id: str = ""
    customer_email: str = ""
    language: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def text(self, row: Row, name: str) -> str:
        return text_at(row.values, self.columns[name]) if name in self.columns else ""


def origin_key(plan: Plan, row: Row) -> str:
    """Names the row for ever: the same again opens nothing. Raises Invalid for a row without its id.

    Of an id that is a secret only a hash is kept.
    """
    external = text_at(row.values, plan.external_id) if plan.external_id else str(row.number)
    if not external:
        raise Invalid({plan.external_id: "this is the id, and it is empty"})
    if guarded(external) != external:
        external = keyed_hash(external, purpose="import.id")
    key = f"import:{plan.brand.slug}:{plan.source}:{external}"
    if len(key) > ORIGIN_KEY_LENGTH:
        raise Invalid({plan.external_id: "this id is too long"})
    return key


def new_ticket(plan: Plan, row: Row, key: str) -> NewTicket:
    """Raises Invalid naming what in the row does not fit.

    The customer comes last, and may be written: by then nothing else in the row can be refused.
    """
    language, category = _language(plan, row), _category(plan, row)
    priority, tags, opened_at = _priority(plan, row), clean_tags(_tags(plan, row)), _created_at(plan, row)
    body = checked_body(plan.text(row, "body"))
    return NewTicket(
        brand=plan.brand,
        customer=_customer(plan, row, language),
        body=body,
        subject=plan.text(row, "subject"),
        category=category,
        channel=Channel.IMPORT,
        language=language,
        priority=priority,
        tags=tags,
        origin_key=key,
        opened_at=opened_at,
    )


def _language(plan: Plan, row: Row) -> str:
    said = plan.text(row, "language").lower()
    if not said:
        return plan.language
    code = "zh-hans" if said.startswith("zh") else said.partition("-")[0]
    if code not in dict(settings.LANGUAGES):
        raise Invalid({"language": f"{said!r} is not one of {', '.join(dict(settings.LANGUAGES))}"})
    return code


def _customer(plan: Plan, row: Row, language: str) -> Customer:
    email, phone = plan.text(row, "customer_email"), plan.text(row, "customer_phone")
    if not email and not phone and plan.customer_email:
        email = plan.customer_email.format(row=row.number)
    if not email and not phone:
        raise Invalid({"customer_email": "neither e-mail address nor phone; see --customer-email"})
    return customers.find_or_create(
        email=email, phone=phone, name=plan.text(row, "customer_name"), language=language
    )


def _category(plan: Plan, row: Row) -> Category | None:
    said = plan.text(row, "category")
    if plan.category_map is not None and said:
        said = plan.category_map.get(said, "")
    found = plan.categories.get(slug_of(said)) or plan.default_category
    if found is None and "category" in plan.columns:
        raise Invalid({"category": f"{plan.text(row, 'category')!r} is no category of this brand"})
    return found


def slug_of(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.strip().lower())


def _priority(plan: Plan, row: Row) -> Priority | None:
    said = plan.text(row, "priority")
    try:
        return Priority.from_slug(said) if said else None
    except KeyError as problem:
        known = ", ".join(priority.slug for priority in Priority)
        raise Invalid({"priority": f"{said!r} is not one of {known}"}) from problem


def _tags(plan: Plan, row: Row) -> list[str]:
    value = value_at(row.values, plan.columns["tags"]) if "tags" in plan.columns else None
    if isinstance(value, list):
        return [str(tag) for tag in value]
    return [tag for tag in re.split(r"[,;|，；]", str(value or "")) if tag.strip()]


def _created_at(plan: Plan, row: Row) -> datetime | None:
    said = plan.text(row, "created_at")
    if not said:
        return None
    try:
        moment = parse_datetime(said)
        day = None if moment else parse_date(said)
    except ValueError:
        moment = day = None
    if day is not None:
        moment = datetime.combine(day, time())
    if moment is None:
        raise Invalid({"created_at": f"{said!r} is no date such as 2026-03-31 14:30"})
    moment = moment if moment.tzinfo else moment.replace(tzinfo=plan.zone)
    if moment > clock.now():
        raise Invalid({"created_at": f"{said!r} lies in the future"})
    return moment


def read_category_map(said: str) -> dict[str, str]:
    """``FILE:FROM:TO`` to what the file's column FROM means in its column TO."""
    path, _colon, columns = said.rpartition(":")
    path, _colon, source = path.rpartition(":")
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    if not rows or source not in rows[0] or columns not in rows[0]:
        raise ValueError(f"{path} has no columns {source!r} and {columns!r}")
    return {row[source].strip(): row[columns].strip() for row in rows}
