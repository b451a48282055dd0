"""A case that an agent opens for a customer: at the phone, in a chat, from a social account."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages as notes
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.actions import customers
from accounts.choices import AuditKind
from accounts.models import Brand
from accounts.queries.customers import known_by
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid
from helpdesk.lib.localized import CHINESE
from tickets import actors
from tickets.actions.tickets import NewTicket, open_ticket
from tickets.choices import Channel, FieldKind, Priority
from tickets.models import Category, CategoryField, Ticket
from tickets.queries import inbox, pickers
from tickets.queries.categories import fields_of, spec, with_lineage
from tickets.queries.removed_secrets import kinds_at_opening
from tickets.rules.forms import DEFAULT_CURRENCIES, check_answers
from tickets.rules.intake import clean_line
from tickets.rules.secrets.words import was_removed
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page

CHANNELS = (Channel.PHONE, Channel.CHAT, Channel.SOCIAL, Channel.EMAIL)
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
PREFIX = "field-"
OPEN_CASES = 5


@dataclass(frozen=True)
class Question:
    """A field of the category's form, with what was answered and what is wrong with it."""

    field: CategoryField
    name: str
    value: str
    currency: str
    options: Sequence[tuple[str, str]]
    error: str


@dataclass(frozen=True)
class Filled:
    """The form as it was typed."""

    data: QueryDict
    category: Category | None
    errors: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        return str(self.data.get(name, default))

    def raw_answers(self) -> dict[str, Any]:
        """As typed, by key; money with its currency."""
        found: dict[str, Any] = {}
        for row in fields_of(self.category):
            name = PREFIX + row.key
            value: Any = self.get(name)
            if row.kind == FieldKind.AMOUNT:
                value = {"amount": value, "currency": self.get(f"{name}-currency")}
            found[row.key] = value
        return found

    def questions(self) -> list[Question]:
        return [self._question(row) for row in fields_of(self.category)]

    def _question(self, row: CategoryField) -> Question:
        name = PREFIX + row.key
        return Question(
            row,
            name,
            self.get(name),
            self.get(f"{name}-currency"),
            _options(row),
            self.errors.get(row.key, ""),
        )


def _options(row: CategoryField) -> list[tuple[str, str]]:
    if row.kind == FieldKind.AMOUNT:
        return [(str(code), str(code)) for code in row.options or DEFAULT_CURRENCIES]
    if row.kind == FieldKind.YES_NO:
        return [("yes", _("yes")), ("no", _("no"))]
    from helpdesk.lib.localized import suffix

    return [
        (str(option["value"]), str(option.get(suffix()) or option["value"]))
        if isinstance(option, dict)
        else (str(option), str(option))
        for option in row.options
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(Capability.OPEN_FOR_CUSTOMER)
def new_ticket(request: StaffRequest) -> HttpResponse:
    if request.method != "POST":
        filled = Filled(request.GET, _category(request.GET))
        if request.htmx:  # another category was chosen: its questions
            return shell.part(request, "workspace/new_ticket_fields.html", {"questions": filled.questions()})
        return _show(request, filled)
    filled = Filled(request.POST, _category(request.POST))
    if "questions" in request.POST:  # the same without JavaScript
        return _show(request, filled)
    try:
        ticket = _open(request, filled)
    except Invalid as problem:
        errors = {name: str(text) for name, text in problem.fields.items()}
        return _show(request, Filled(filled.data, filled.category, errors), status=422)
    inbox.forget_counts(request.user)
    if kinds := kinds_at_opening(ticket):
        notes.warning(request, was_removed(kinds))
    return redirect("workspace:ticket", number=ticket.number)


def _category(data: QueryDict) -> Category | None:
    chosen = data.get("category", "")
    if not chosen.isdecimal() or len(chosen) > 9:
        return None
    rows = Category.objects.filter(is_active=True).select_related(*with_lineage())
    return rows.filter(pk=int(chosen)).first()


def _open(request: StaffRequest, filled: Filled) -> Ticket:
    """Everything that is wrong is said at once."""
    problems: dict[str, Any] = {}
    try:
        customers.checked_contact(email=filled.get("email"), phone=filled.get("phone"))
    except Invalid as wrong:
        problems |= wrong.fields
    brand = _brand(request, filled)
    if brand is None:
        problems["brand"] = _("Choose one of the list.")
    if filled.category is None:
        problems["category"] = _("Choose what it is about.")
    if not filled.get("body").strip():
        problems["body"] = _("Write what the customer said.")
    answers: dict[str, Any] = {}
    try:
        answers = check_answers([spec(row) for row in fields_of(filled.category)], filled.raw_answers())
    except Invalid as wrong:
        problems |= wrong.fields
    if problems or brand is None:
        raise Invalid(problems)
    language = filled.get("language")
    customer = customers.find_or_create(
        email=filled.get("email"),
        phone=filled.get("phone"),
        name=clean_line(filled.get("name")),
        language=language if language in dict(LANGUAGES) else CHINESE,
        by=request.user,
    )
    return open_ticket(
        NewTicket(
            brand=brand,
            customer=customer,
            body=filled.get("body"),
            subject=filled.get("subject"),
            category=filled.category,
            answers=answers,
            attachments=[
                file for file in request.FILES.getlist("attachments") if isinstance(file, UploadedFile)
            ],
            channel=Channel(filled.get("channel")) if filled.get("channel") in CHANNELS else Channel.PHONE,
            language=language if language in dict(LANGUAGES) else "",
            priority=_priority(filled),
            origin_key=_origin(request, filled),
        ),
        by=actors.staff(request.user),
    )


def _brand(request: StaffRequest, filled: Filled) -> Brand | None:
    """Of those that this person serves."""
    offered = {str(choice.value) for choice in pickers.load().brands(request.user)}
    chosen = filled.get("brand")
    return Brand.objects.filter(pk=int(chosen)).first() if chosen in offered else None


def _priority(filled: Filled) -> Priority | None:
    try:
        return Priority.from_slug(filled.get("priority"))
    except KeyError:
        return None


def _origin(request: StaffRequest, filled: Filled) -> str | None:
    key = clean_line(filled.get("origin_key"))[:60]
    return f"workspace:{request.user.pk}:{key}" if key else None


def _wrong(filled: Filled) -> list[tuple[str, str, str]]:
    """What is to be mended: the field's place on the page and its name, both empty for none, and what is wrong."""
    places = {
        "phone": ("id-phone", _("Phone")),
        "email": ("id-email", _("E-mail")),
        "brand": ("id-brand", _("Brand")),
        "category": ("id-category", _("Category")),
        "body": ("id-body", _("What the customer said")),
        "attachments": ("id-files", _("Files")),
    }
    places |= {question.field.key: (question.name, question.field.label) for question in filled.questions()}
    return [(*places.get(name, ("", "")), text) for name, text in filled.errors.items()]


def _show(request: StaffRequest, filled: Filled, *, status: int = 200) -> HttpResponse:
    choices = pickers.load()
    context = {
        "filled": filled,
        "typed": {name: filled.get(name) for name in filled.data},
        "errors": filled.errors,
        "questions": filled.questions(),
        "wrong": _wrong(filled),
        "brands": [(str(choice.value), choice.label) for choice in choices.brands(request.user)],
        "channels": [(channel.value, channel.label) for channel in CHANNELS],
        "languages": LANGUAGES,
        "categories": [(str(choice.value), choice.label) for choice in choices.categories],
        "priorities": [(priority.slug, priority.label) for priority in reversed(Priority)],
        # Nothing was said yet: what the browser kept may stand here again.
        "is_fresh": request.method != "POST" and not request.GET,
        "origin_key": filled.get("origin_key") or secrets.token_urlsafe(16),
        **_who(request, filled.data),
    }
    return shell.page(
        request,
        "workspace/new_ticket.html",
        context,
        title=_("New ticket"),
        place="new",
        status=status,
    )


@require_GET
@workspace_page(Capability.OPEN_FOR_CUSTOMER)
def find_customer(request: StaffRequest) -> HttpResponse:
    """Who is calling: known customers with their open cases, found while the number is typed."""
    return shell.part(request, "workspace/known_customer.html", _who(request, request.GET))


def _who(request: StaffRequest, data: QueryDict) -> dict[str, Any]:
    email, phone = data.get("email", ""), data.get("phone", "")
    known = known_by(email=email, phone=phone) if email or phone else None
    if known is not None:
        audit.saw(AuditKind.CUSTOMER_READ, customer=known.pk, where="new ticket")
    cases = Ticket.objects.visible_to(request.user).filter(customer=known).active() if known else None
    return {
        "known": known,
        "asked": bool(email or phone),
        "cases": list(cases.order_by("-created_at")[:OPEN_CASES]) if cases is not None else [],
    }
