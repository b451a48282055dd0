"""The stranger's test: every address of the site, tried by everybody, from the table of addresses itself.

A new route that nobody wrote down fails ``test_every_door_is_written_down``: whoever adds a page says in
``tests/doors.py`` who may enter. The configuration pages follow the table of capabilities and need no line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import access
from accounts.models import Brand, Customer, Team, User
from accounts.rules.capabilities import ADMIN_MODELS, Capability, Role
from helpdesk import heartbeat
from helpdesk.lib import clock
from helpdesk.models import FailedTask
from knowledgebase.actions.articles import save_translation
from knowledgebase.models import Article, Section
from tests.cast import person
from tests.doors import DOORS, LIBRARY_DOORS, Door, Who
from tickets.actions.incoming import Arrival, keep, set_aside
from tickets.choices import AsideReason, MailPurpose, MailWay, Proof, SenderVerdict
from tickets.models import (
    IncomingMail,
    LegalHold,
    Macro,
    Mailbox,
    MailCopy,
    MailDestination,
    OutboxMail,
    PrivacyRequest,
    RetentionRule,
    SavedView,
    SenderRule,
    Ticket,
)
from tickets.queries.links import token_of

REFUSED = frozenset({401, 403, 404})
#: Where those are sent who may not enter: to a log-in, or back to the admin site's front page.
ELSEWHERE = ("/accounts/login/", "/admin/login/")
HOME = "/admin/"
PEOPLE = (
    "nobody", "stranger", "owner", "agent", "agent of another team", "agent of another brand",
    "lead", "manager", "officer", "administrator",
)  # fmt: skip
SEE_THE_TICKET = {"agent", "lead", "manager", "officer", "administrator"}


@dataclass(frozen=True)
class Route:
    """``name`` with its namespaces, ``pattern`` as Django spells it, ``resolve`` to fill it in."""

    name: str
    pattern: str

    @property
    def model(self) -> tuple[str, str] | None:
        """(app.model, page) of a configuration page."""
        if not self.name.startswith("admin:"):
            return None
        stem, _, page = self.name.removeprefix("admin:").rpartition("_")
        app, _, model = stem.partition("_")
        pages = {"changelist", "add", "change", "delete", "history"}
        return (f"{app}.{model}", page) if page in pages and model else None


def routes(patterns: list[Any], prefix: str = "", space: str = "") -> Iterator[Route]:
    for entry in patterns:
        spelled = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry.url_patterns, spelled, inner)
        elif isinstance(entry, URLPattern):
            yield Route(f"{space}{entry.name or spelled}", spelled)


ROUTES = sorted(
    {r.name: r for r in routes(get_resolver().url_patterns)}.values(), key=lambda route: route.name
)
#: The admin site's own pages: shells without data, open to staff.
SHELL = {
    "admin:index",
    "admin:app_list",
    "admin:jsi18n",
    "admin:password_change",
    "admin:password_change_done",
}


def door_of(route: Route) -> Door | None:
    if route.name in DOORS:
        return DOORS[route.name]
    return next((door for start, door in LIBRARY_DOORS.items() if route.name.startswith(start)), None)


def test_every_door_is_written_down() -> None:
    unknown = [
        f"{r.name} ({r.pattern})" for r in ROUTES if not r.name.startswith("admin:") and door_of(r) is None
    ]
    assert not unknown, "Say in tests/doors.py who may enter: " + ", ".join(unknown)


def test_no_door_is_written_down_that_is_not_there() -> None:
    assert set(DOORS) <= {route.name for route in ROUTES}


@dataclass
class House:
    ticket: Ticket
    people: dict[str, User | None]
    values: dict[str, object]


@pytest.fixture
def house(
    brand: Brand,
    other_brand: Brand,
    team: Team,
    other_team: Team,
    member: Customer,
    make_ticket: Callable[..., Ticket],
) -> House:
    """A ticket of brand and team with a file, an article, and somebody of each kind."""
    picture = ContentFile(b"\x89PNG\r\n\x1a\n" + b"\0" * 64, name="proof.png")
    ticket = make_ticket(customer=member, attachments=[picture])
    attachment = ticket.messages.get().attachments.get()
    MailCopy.objects.create(
        message=ticket.messages.get(), from_address="mia@demo.test", html="<p>x</p>", proof=Proof.PROVED
    )
    section = Section.objects.create(brand=brand, slug="money", name_zh="钱", name_en="Money")
    article = Article.objects.create(section=section, slug="wait", is_published=True)
    save_translation(article, language="en", title="Wait", summary="", body="Two days.")
    Macro.objects.create(pk=attachment.pk, name_zh="好", name_en="Hi", body_zh="您好", body_en="Hello")
    heartbeat.beat()
    now = clock.now()
    FailedTask.objects.create(
        pk=attachment.pk,
        name="helpdesk.heartbeat",
        args=[],
        kwargs={},
        first_failed_at=now,
        last_failed_at=now,
    )
    mailbox = Mailbox.objects.create(brand=brand, address=brand.email)
    (mail,) = keep(Arrival(b"From: a@spam.test\r\n\r\nBuy!", MailWay.SMTP), mailbox=mailbox)
    set_aside(mail, AsideReason.LIST, sender="a@spam.test")
    IncomingMail.objects.filter(pk=mail.pk).update(id=attachment.pk)
    rule = SenderRule.objects.create(pattern="a@spam.test", brand=brand, verdict=SenderVerdict.ALLOW)
    people: dict[str, User | None] = {
        "nobody": None,
        "stranger": person(Role.CUSTOMER, "Stan"),
        "owner": member.user,
        "agent": person(Role.AGENT, "Ann", brands=[brand], teams=[team]),
        "agent of another team": person(Role.AGENT, "Otto", brands=[brand], teams=[other_team]),
        "agent of another brand": person(Role.AGENT, "Olaf", brands=[other_brand], teams=[team]),
        "lead": person(Role.LEAD, "Lea", brands=[brand], teams=[team]),
        "manager": person(Role.MANAGER, "Max", brands=[brand]),
        "officer": person(Role.SECURITY_OFFICER, "Olga", brands=[brand]),
        "administrator": person(Role.ADMINISTRATOR, "Ada"),
    }
    ada = people["administrator"]
    assert ada is not None
    SavedView.objects.create(pk=attachment.pk, owner=ada, name="For all", is_shared=True)
    asked = {"customer": member, "brand": brand, "language": "en", "due_at": clock.now()}
    PrivacyRequest.objects.create(pk=attachment.pk, kind="erase", by_themself=True, **asked)
    assert people["officer"] is not None
    LegalHold.objects.create(pk=attachment.pk, ticket=ticket, reason="A lawsuit", set_by=people["officer"])
    RetentionRule.objects.create(pk=attachment.pk, days=400)
    values = {
        "brand": brand.slug,
        "category": "withdrawal",
        "number": ticket.number,
        "pk": attachment.pk,
        "macro": attachment.pk,
        "place": 1,
        "clock": ticket.timers.earliest("pk").pk,
        "message": ticket.messages.get().pk,
        "event": ticket.events.earliest("pk").pk,
        "mail": OutboxMail.objects.create(
            cause="reply:0", purpose=MailPurpose.REPLY, ticket=ticket, to="a@example.com", language="en"
        ).pk,
        "section": "money",
        "article": "wait",
        "slug": "wait",
        "token": token_of(ticket.links.get()),
        "key": "promises",
        "kind": "export",
        "customer": member.pk,
        "part": "by-cause",
        "what": "status",
        "calendar": brand.calendar.pk,
        "year": clock.now().year,
        "day": clock.now().date(),
        "mailbox": mailbox.pk,
        "destination": MailDestination.objects.create(domain="slow.test").pk,
        "rule": rule.pk,
        "name": "none",
        "path": "none",
        "object_id": 1,
        "content_type_id": 1,
        "app_label": "accounts",
        "url": "none",
        "uidb36": "1",
    }
    assert people["agent"] is not None
    values["person"] = people["agent"].pk
    return House(ticket, people, values)


def address(route: Route, values: dict[str, object]) -> str:
    """The pattern with its holes filled; a regular expression's ornaments taken off."""
    filled = route.pattern
    for hole in [part.split(">")[0] for part in route.pattern.split("<")[1:]]:
        name = hole.split(":")[-1]
        filled = filled.replace(f"(?P<{hole}>", f"<{hole}>(")
        filled = filled.replace(f"<{hole}>", str(values.get(name, "none")), 1)
    while "(" in filled:
        before, _, rest = filled.partition("(")
        filled = before + rest.partition(")")[2]
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "")


def ask(
    route: Route, who: User | None, house: House, method: str, query: str = "", named: Sequence[str] = ()
) -> HttpResponse:
    client = Client(raise_request_exception=False)
    if who is not None:
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    form = {name: house.values[name] for name in named}
    more = {"data": form} if form else {}
    response: HttpResponse = getattr(client, method.lower())(address(route, house.values) + query, **more)
    return response


def was_refused(response: HttpResponse) -> bool:
    target = response.headers.get("Location", "").partition("?")[0]
    return response.status_code in REFUSED or target in ELSEWHERE or target == HOME


def may_enter(door: Door, name: str, user: User | None) -> bool:
    if isinstance(door.who, Capability):
        return user is not None and access.can(user, door.who)
    return {
        Who.ANYBODY: True,
        Who.SIGNED_IN: user is not None,
        Who.OWNER: name == "owner",
        Who.TICKET_STAFF: name in SEE_THE_TICKET,
        Who.TICKET_PEOPLE: name in SEE_THE_TICKET | {"owner"},
        Who.STAFF: user is not None and user.is_staff,
        Who.TICKET_WORKERS: name in SEE_THE_TICKET - {"officer"},
        Who.BRAND_WORKERS: name in SEE_THE_TICKET - {"officer"} | {"agent of another team"},
        Who.TICKET_LEADS: name in SEE_THE_TICKET - {"officer", "agent"},
        Who.THEIR_LEADS: name in {"lead", "manager", "administrator"},
        Who.NOBODY: False,
    }[door.who]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_gets_what_they_may_and_nothing_else(name: str, house: House) -> None:
    wrong = []
    for route in ROUTES:
        door = door_of(route)
        if door is None:
            continue
        user = house.people[name]
        response = ask(route, user, house, door.method, door.query, door.form)
        expected = may_enter(door, name, user)
        library = route.name not in DOORS  # its pages send people to and fro as they please
        if response.status_code >= 500 or (not library and was_refused(response) == expected):
            wrong.append(f"{route.name}: {response.status_code}, {'may' if expected else 'may not'} enter")
    assert not wrong, f"{name}: " + "; ".join(wrong)


@pytest.mark.parametrize("name", PEOPLE)
def test_configuration_follows_the_table(name: str, house: House) -> None:
    wrong = []
    user = house.people[name]
    for route in ROUTES:
        if not route.name.startswith("admin:"):
            continue
        response = ask(route, user, house, "GET")
        if response.status_code >= 500 or not _as_the_table_says(route, user, response):
            wrong.append(f"{route.name}: {response.status_code}")
    assert not wrong, f"{name}: " + "; ".join(wrong)


def _as_the_table_says(route: Route, user: User | None, response: HttpResponse) -> bool:
    staff = user is not None and user.is_staff
    if route.model is None:
        # Log-in and log-out are everybody's; the rest of the shell shows nothing to those who are not staff.
        harmless = route.name in ("admin:login", "admin:logout")
        return harmless or staff or was_refused(response)
    label, page = route.model
    pair = ADMIN_MODELS.get(label)
    needed = None if pair is None else pair[0 if page in ("changelist", "change", "history") else 1]
    may = needed is not None and user is not None and access.can(user, needed)
    if not may:
        return was_refused(response)
    # Some pages are closed to all (nobody adds an outgoing mail by hand), but whoever may look sees the list.
    return page != "changelist" or response.status_code == 200
