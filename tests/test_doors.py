"""The stranger's test: every address of the site, tried by everybody, from the table of addresses itself.

A new route that nobody wrote down fails ``test_every_door_is_written_down``: whoever adds a page says in
``tests/doors.py`` who may enter. The configuration pages follow the table of capabilities and need no line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest
from channels.security.websocket import WebsocketDenier
from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.management.color import no_style
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import access
from accounts.choices import AuditKind
from accounts.models import AuditEntry, Brand, Customer, Decoy, SecurityAlarm, Team, User
from accounts.rules.capabilities import ADMIN_MODELS, Capability, Role
from helpdesk import heartbeat
from helpdesk.lib import clock
from helpdesk.models import FailedTask
from knowledgebase.actions.articles import save_translation
from knowledgebase.models import Article, Section
from tests.api_client import Api
from tests.cast import person
from tests.doors import DOORS, LIBRARY_DOORS, Door, Who
from tests.pictures import PNG
from tickets import actors
from tickets.actions.incoming import Arrival, keep, set_aside
from tickets.actions.wallet import freeze_now
from tickets.choices import AsideReason, MailPurpose, MailWay, Proof, SenderVerdict
from tickets.models import (
    Emergency,
    IncomingMail,
    LegalHold,
    Macro,
    Mailbox,
    MailCopy,
    MailDestination,
    OnCall,
    OutboxMail,
    PrivacyRequest,
    RetentionRule,
    SavedView,
    ScamCampaign,
    ScamFeed,
    SenderRule,
    Ticket,
)
from tickets.queries.links import token_of
from tickets.queries.live import news_since
from tickets.realtime.app import build
from tickets.realtime.spreading import reaches
from tickets.realtime.viewers import viewer_of

REFUSED = frozenset({401, 403, 404})
#: Where those are sent who may not enter: to a log-in, or back to the admin site's front page.
ELSEWHERE = ("/accounts/login/", "/admin/login/")
HOME = "/admin/"
STAFF = {
    "agent": Role.AGENT,
    "lead": Role.LEAD,
    "manager": Role.MANAGER,
    "officer": Role.SECURITY_OFFICER,
    "administrator": Role.ADMINISTRATOR,
}
ANOTHER_TEAM, ANOTHER_BRAND = " of another team", " of another brand"
#: Everybody whom every test with short rows asks; "lead of another brand" and the like are for the long ones.
FEW = (
    "nobody", "stranger", "owner", "agent", "agent of another team", "agent of another brand",
    "lead", "manager", "officer", "administrator",
)  # fmt: skip
ALL = (
    "nobody",
    "stranger",
    "owner",
    *(role + place for role in STAFF for place in ("", ANOTHER_TEAM, ANOTHER_BRAND)),
)
PEOPLE = [name if name in FEW else pytest.param(name, marks=pytest.mark.long) for name in ALL]
#: Everybody who may see the ticket of the house: by role, and how far away they stand.
SEE_THE_TICKET = {
    *STAFF,
    *(role + ANOTHER_TEAM for role in ("manager", "officer", "administrator")),
    "administrator" + ANOTHER_BRAND,
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


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
    picture = ContentFile(PNG, name="proof.png")
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
    with connection.cursor() as cursor:  # the next mail does not want the same number
        for statement in connection.ops.sequence_reset_sql(no_style(), [IncomingMail]):
            cursor.execute(statement)
    rule = SenderRule.objects.create(pattern="a@spam.test", brand=brand, verdict=SenderVerdict.ALLOW)
    same = {"pk": attachment.pk, "brand": brand}
    Emergency.objects.create(
        ticket=ticket, account_kind="phone", account="+8613800138000", situations=[], **same
    )
    campaign = ScamCampaign.objects.create(pk=attachment.pk, title="False support")
    campaign.brands.add(brand)
    people: dict[str, User | None] = {
        "nobody": None,
        "stranger": person(Role.CUSTOMER, "Stan"),
        "owner": member.user,
        "agent": person(Role.AGENT, "Ann", brands=[brand], teams=[team]),
    }
    for name, role in STAFF.items():
        for place, where, whose in (
            ("", brand, team),
            (ANOTHER_TEAM, brand, other_team),
            (ANOTHER_BRAND, other_brand, team),
        ):
            if name + place not in people:
                called = (name + place).replace(" ", "-")
                people[name + place] = person(role, called, brands=[where], teams=[whose])
    ada = people["administrator"]
    assert ada is not None
    ScamFeed.objects.create(name="Filter", created_by=ada, **same)
    OnCall.objects.create(person=ada, weekday=0, opens=time(9), closes=time(18), **same)
    SavedView.objects.create(pk=attachment.pk, owner=ada, name="For all", is_shared=True)
    # One number for all that is called pk.
    entry = AuditEntry(pk=attachment.pk, kind=AuditKind.TICKET_READ)
    if not AuditEntry.objects.filter(pk=entry.pk).exists():
        entry.save(force_insert=True)
    SecurityAlarm.objects.create(pk=attachment.pk, kind=AuditKind.DECOY_READ, entry=attachment.pk)
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
        "act": freeze_now(ticket, account="BTP-1", by=actors.system("emergency"), reason="Stolen").key,
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
        "decoy": Decoy.objects.create(
            customer=Customer.objects.create(name="Nobody", email="nobody@decoy.test", language="en")
        ).pk,
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
    with transaction.atomic():  # what it does is undone: who took a case, say, sees it from then on
        target = address(route, house.values) + query
        response: HttpResponse = getattr(client, method.lower())(target, **more)
        transaction.set_rollback(True)
    return response


def was_refused(response: HttpResponse) -> bool:
    target = response.headers.get("Location", "").partition("?")[0]
    return response.status_code in REFUSED or target in ELSEWHERE or target == HOME


def may_enter(door: Door, name: str, user: User | None) -> bool:
    near = ANOTHER_BRAND not in name or name.startswith("administrator")
    if isinstance(door.who, Capability):
        return user is not None and access.can(user, door.who) and (near or not door.of_brand)
    sees = name in SEE_THE_TICKET
    works = user is not None and access.can(user, Capability.WORK_TICKETS)
    directs = user is not None and access.can(user, Capability.DIRECT_TEAM)
    return {
        Who.ANYBODY: True,
        Who.SIGNED_IN: user is not None,
        Who.OWNER: name == "owner",
        Who.TICKET_STAFF: sees,
        Who.TICKET_PEOPLE: sees or name == "owner",
        Who.STAFF: user is not None and user.is_staff,
        Who.TICKET_WORKERS: sees and works,
        Who.BRAND_WORKERS: works and near,
        Who.TICKET_LEADS: sees and directs,
        # A team works for several brands, and its lead directs it wherever.
        Who.THEIR_LEADS: directs and (sees or name == "lead" + ANOTHER_BRAND),
        Who.TICKET_APPROVERS: sees and user is not None and access.can(user, Capability.APPROVE_ACTS),
        Who.TICKET_REVEALERS: sees and user is not None and access.can(user, Capability.REVEAL_DATA),
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


@pytest.mark.long
@pytest.mark.parametrize("name", ALL)
def test_no_other_way_of_asking_helps(name: str, house: House) -> None:
    """Whom a door refuses, it refuses however they ask."""
    wrong = []
    for route in ROUTES:
        door = door_of(route)
        if door is None or route.name not in DOORS:
            continue
        user = house.people[name]
        if may_enter(door, name, user):
            continue
        for method in METHODS:
            response = ask(route, user, house, method, door.query, door.form)
            let_in = response.status_code != 405 and not was_refused(response)
            if response.status_code >= 500 or let_in:
                wrong.append(f"{method} {route.name}: {response.status_code}")
    assert not wrong, f"{name}: " + "; ".join(wrong)


@pytest.mark.parametrize("name", ALL)
def test_programs_get_what_their_people_may(name: str, house: House) -> None:
    """With a token instead of a log-in: every scope, and still no more than its person; nobody's is no token."""
    wrong = []
    user = house.people[name]
    for route in ROUTES:
        door = DOORS.get(route.name)
        if door is None or not route.name.startswith("api_") or door.who is Who.ANYBODY:
            continue
        api = Api(user, raise_request_exception=False)
        response = api.send(address(route, house.values) + door.query, {}, method=door.method)
        if was_refused(response) == may_enter(door, name, user) or response.status_code >= 500:
            wrong.append(f"{route.name}: {response.status_code}")
    assert not wrong, f"{name}: " + "; ".join(wrong)


def test_every_websocket_is_known() -> None:
    """One address; whoever adds another says here who may open it."""
    routes = build().application_mapping["websocket"].inner.routes
    assert [str(route.pattern) for route in routes] == ["ws/", ""]
    assert routes[1].callback.consumer_class is WebsocketDenier


@pytest.mark.parametrize("name", ALL)
def test_a_websocket_tells_what_its_reader_may_see(name: str, house: House) -> None:
    """A socket is staff's; of the ticket it tells those who may see it."""
    client, user = Client(), house.people[name]
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    viewer = viewer_of(client.session.session_key or "" if user else "")
    assert (viewer is not None) == (user is not None and user.is_staff)
    if viewer is not None:
        told = news_since(clock.now() - timedelta(hours=1), 1000)
        assert told, "the ticket was opened"
        assert {reaches(viewer, news) for news in told} == {name in SEE_THE_TICKET}


def actions_of_the_admin() -> Iterator[tuple[str, str]]:
    """(app.model, action) of every button over a list."""
    for model, shown in site._registry.items():
        for _function, name, _words in shown._get_base_actions():  # type: ignore[attr-defined]
            yield model._meta.label_lower, name


@pytest.mark.parametrize(("label", "action"), list(actions_of_the_admin()))
def test_buttons_over_lists_are_for_those_who_may_change(label: str, action: str, house: House) -> None:
    model = apps.get_model(label)
    shown = site._registry[model]
    pair = ADMIN_MODELS.get(label)
    wrong = []
    for name, user in house.people.items():
        request = RequestFactory().get("/admin/")
        request.user = user or AnonymousUser()
        offered = action in shown.get_actions(request)
        may = pair is not None and user is not None and access.can(user, pair[1])
        if offered and not may:
            wrong.append(name)
    assert not wrong, f"{label}: {action} is offered to " + ", ".join(wrong)


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
