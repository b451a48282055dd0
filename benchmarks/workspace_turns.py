"""What an agent asks for, one thing after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count

from accounts.models import Brand, Team, User
from accounts.rules.capabilities import Role
from benchmarks import texts
from benchmarks.forms import form_with
from benchmarks.journey import FORM, HTMX, logged_in
from benchmarks.server import Answer, Client, Figures, measure
from helpdesk.demo_logins import EMAILS
from tickets.models import Message, Ticket

DEEP = 50
TAKER = "taker@bench.test"
VIEWS = ("mine", "unassigned", "team", "due", "all")
SORTS = ("customer", "category", "assignee", "-updated", "subject")
_NEXT = re.compile(rb'rel="next" href="([^"]+)"')


def measured(port: int, times: int, only: str) -> dict[str, Figures]:
    """Name to figures; the writing ones last, so that the reading ones find the desk as it was seeded."""
    agent = Agent(port)
    found: dict[str, Figures] = {"bare Django view": measure(agent.bare, times=times * 3)}
    for name, ask, before in agent.everything():
        if only in name:
            found[name] = measure(ask, times=times, before=before, expect=302 if name in WRITES else 200)
    return found


WRITES = ("reply", "take next")
Ask = Callable[[Any], Answer]
Before = Callable[[int], Any]


class Agent:
    """An agent of the demo with everything that was seeded for them, and one with empty hands who takes the next."""

    def __init__(self, port: int) -> None:
        self.guest = Client(port, {settings.LANGUAGE_COOKIE_NAME: "en"})
        self.client = logged_in(port, EMAILS["agent"])
        self.user = User.objects.get(email=EMAILS["agent"])
        self.taker = _taker()
        self.taking = logged_in(port, TAKER)
        self.short = self._with_messages(5)
        if not self.short:
            raise SystemExit(
                "Earlier runs answered every case with five messages: remove this size's folder, and seed anew."
            )
        self.long = self._with_messages(300)

    def _with_messages(self, count: int) -> list[str]:
        """Numbers of tickets with so many messages, or the most there are, that the agent may see."""
        rows = Ticket.objects.visible_to(self.user).active()
        if count > 10:
            # Few among millions: asked of the messages.
            many = (
                Message.objects.values("ticket_id")
                .annotate(n=Count("pk"))
                .filter(n__gte=100)
                .values("ticket_id")
            )
            return list(
                Ticket.objects.visible_to(self.user).filter(pk__in=many).values_list("number", flat=True)
            )
        # Answered in English by the turns that reply.
        recent = rows.filter(status="open", language="en").order_by("-pk").values_list("pk", flat=True)[:3000]
        counted = (
            Message.objects.filter(ticket_id__in=list(recent)).values("ticket_id").annotate(n=Count("pk"))
        )
        fitting = counted.filter(n=count).values_list("ticket_id", flat=True)[:400]
        return list(Ticket.objects.filter(pk__in=list(fitting)).values_list("number", flat=True))

    def everything(self) -> list[tuple[str, Ask, Before]]:
        def turn(number: int) -> int:
            return number

        def get(path: str, headers: Mapping[str, str] = {}) -> Ask:
            return lambda _: self.client.ask("GET", path, headers=headers)

        queue = "/admin/queue/"
        rows: list[tuple[str, Ask, Before]] = [
            (f"queue, view “{view}”", get(f"{queue}?view={view}"), turn) for view in VIEWS
        ]
        rows += [("queue, part only, all", get(f"{queue}?view=all", HTMX), turn)]
        rows += [(f"queue by {sort}", get(f"{queue}?view=all&sort={sort}"), turn) for sort in SORTS]
        rows += [
            (f"queue, page {DEEP} by {sort}", get(self.deep(f"{queue}?view=all&sort={sort}")), turn)
            for sort in ("due", "-updated", "customer", "category")
        ]
        rows.append(("queue, counts anew", get(f"{queue}counts/?view=all"), self.forget))
        rows.append(("ticket, 5 messages", self.ticket(self.short), turn))
        if self.long:
            rows.append(("ticket, 300 messages", self.ticket(self.long), turn))
        for kind, words in (("rare", texts.RARE), ("common", texts.COMMON)):
            rows += [
                (f"search, {kind} word “{word}”", get(f"{queue}?view=all&status=any&q={quote(word)}"), turn)
                for word in words.values()
            ]
        # Operators become filters of the address: that one is asked.
        asked = self.client.ask("GET", f"{queue}?q={quote('status:open category:withdrawal account')}")
        rows.append(("search, operators", get(asked.headers["Location"]), turn))
        rows.append(("reply", self.reply, self.reply_page))
        rows.append(("take next", self.take_next, self.lay_down))
        return rows

    def bare(self, turn: int) -> Answer:
        return self.guest.ask("GET", "/bare/")

    def deep(self, path: str) -> str:
        """The address of the fiftieth page, reached by following "next"."""
        for _page in range(DEEP - 1):
            found = _NEXT.search(self.client.ask("GET", path).body)
            if found is None:
                break
            path = found[1].decode().replace("&amp;", "&")
        return path

    def forget(self, turn: int) -> None:
        cache.clear()

    def ticket(self, numbers: list[str]) -> Ask:
        return lambda turn: self.client.ask("GET", f"/admin/tickets/{numbers[turn % len(numbers)]}/")

    def reply_page(self, turn: int) -> tuple[str, bytes]:
        path = f"/admin/tickets/{self.short[-1 - turn % len(self.short)]}/"
        form = form_with(self.client.ask("GET", path).body, "body")
        return form.action or path, form.filled({"body": texts.REPLIES["en"][turn % 2]})

    def reply(self, prepared: tuple[str, bytes]) -> Answer:
        path, body = prepared
        return self.client.ask("POST", path, body, FORM)

    def lay_down(self, turn: int) -> bytes:
        """What was taken goes back, so that the next is there to take and there is room for it."""
        Ticket.objects.filter(assignee=self.taker).update(assignee=None)
        page = self.taking.ask("GET", "/admin/queue/?view=mine")
        return form_with(page.body, "csrfmiddlewaretoken").filled({})

    def take_next(self, body: bytes) -> Answer:
        return self.taking.ask("POST", "/admin/queue/take-next/", body, FORM)


def _taker() -> User:
    with suppress(User.DoesNotExist):
        return User.objects.get(email=TAKER)
    user = User.objects.create(email=TAKER, role=Role.AGENT, name="Taker", language="en")
    user.brands.set(Brand.objects.all())
    user.teams.set(Team.objects.all())
    return user
