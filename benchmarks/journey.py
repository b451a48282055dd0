"""What is asked, and the table of answers."""

from __future__ import annotations

import datetime
import json
import statistics
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import connection

from accounts.actions.api_tokens import issue
from accounts.models import User
from accounts.rules.scopes import Scope
from benchmarks import texts
from benchmarks.forms import form_with
from benchmarks.server import LAUNCHERS, Answer, Client, Figures, measure, program, serving
from helpdesk.demo_logins import EMAILS
from helpdesk.lib import clock
from helpdesk.lib.text_search import to_tsquery
from tickets.models import Ticket

#: What the issue of this table aims at, in milliseconds (p50).
AIMS = {
    "queue": 40, "ticket": 30, "create by API": 18, "create by web form": 18, "reply": 25,
    "search, rare word": 23, "search, common word": 23, "analytics": 60,
}  # fmt: skip
HTMX = {"HX-Request": "true"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Row:
    name: str
    figures: Figures
    sql: float | None = None


def logged_in(port: int, email: str) -> Client:
    """A client with a session, made without the log-in form: its password hash is slow on purpose."""
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Client(
        port, {settings.SESSION_COOKIE_NAME: str(session.session_key), settings.LANGUAGE_COOKIE_NAME: "en"}
    )


def address(turn: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"10.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}"}


class Desk:
    """The people who ask, and each thing they ask for as a function of the turn."""

    def __init__(self, port: int) -> None:
        self.agent = logged_in(port, EMAILS["agent"])
        self.manager = logged_in(port, EMAILS["manager"])
        self.guest = Client(port, {settings.LANGUAGE_COOKIE_NAME: "en"})
        agent = User.objects.get(email=EMAILS["agent"])
        self.visible = list(
            Ticket.objects.visible_to(agent)
            .active()
            .filter(status="open")
            .values_list("number", flat=True)[:500]
        )
        token = issue(
            user=User.objects.get(email=EMAILS["administrator"]),
            name="benchmark",
            scopes=[Scope.TICKETS_WRITE],
            by=None,
        )
        self.token = {"Authorization": f"Bearer {token.secret}", "Content-Type": "application/json"}

    def bare(self, turn: int) -> Answer:
        return self.guest.ask("GET", "/bare/")

    def queue(self, turn: int) -> Answer:
        return self.agent.ask("GET", "/admin/queue/?view=all")

    def ticket(self, turn: int) -> Answer:
        return self.agent.ask("GET", f"/admin/tickets/{self.visible[turn % len(self.visible)]}/")

    def create_by_api(self, turn: int) -> Answer:
        body = {
            "brand": "btp", "category": "other", "subject": "Benchmark", "body": texts.OPENINGS["en"][turn % 8],
            "customer": {"email": f"api{turn}@example.com"}, "language": "en",
        }  # fmt: skip
        headers = {**self.token, "Idempotency-Key": uuid.uuid4().hex, **address(turn)}
        return self.guest.ask("POST", "/api/v1/tickets/", json.dumps(body).encode(), headers)

    def form_page(self, turn: int) -> bytes:
        page = self.guest.ask("GET", "/btp/new/other/", headers=address(turn))
        values = {"subject": "Benchmark", "body": texts.OPENINGS["en"][turn % 8], "name": "Guest"}
        return form_with(page.body, "body").filled({**values, "email": f"form{turn}@example.com"})

    def create_by_form(self, body: bytes) -> Answer:
        return self.guest.ask("POST", "/btp/new/other/", body, {**FORM, **address(hash(body) % 2**24)})

    def reply_page(self, turn: int) -> tuple[str, bytes]:
        path = f"/admin/tickets/{self.visible[-1 - turn % len(self.visible)]}/"
        form = form_with(self.agent.ask("GET", path).body, "body")
        return form.action or path, form.filled({"body": texts.REPLIES["en"][turn % 2]})

    def reply(self, prepared: tuple[str, bytes]) -> Answer:
        path, body = prepared
        return self.agent.ask("POST", path, body, FORM)

    def search(self, word: str) -> Callable[[int], Answer]:
        path = f"/admin/queue/?view=all&status=any&q={quote(word)}"
        return lambda turn: self.agent.ask("GET", path, headers=HTMX)

    def analytics(self, turn: int) -> Answer:
        """Thirty days, as the page is kept for a minute while nothing changes."""
        return self.manager.ask("GET", "/admin/analytics/")

    def analytics_anew(self, turn: int) -> Answer:
        """Thirty days that nobody asked for yet: counted afresh."""
        first = clock.now().date() - datetime.timedelta(days=40 + turn)
        last = first + datetime.timedelta(days=29)
        return self.manager.ask("GET", f"/admin/analytics/?period=custom&from={first}&to={last}")


def rows(desk: Desk, times: int) -> list[Row]:
    """Everything the table shows, the writing ones last so that the reading ones find the desk as it was seeded."""
    reads: list[tuple[str, Callable[[int], Answer], str | None]] = [
        ("bare Django view", desk.bare, None),
        ("queue", desk.queue, QUEUE_SQL),
        ("ticket", desk.ticket, None),
        *((f"search, {kind} word “{word}”", desk.search(word), SEARCH_SQL.format(to_tsquery(word)))
          for kind, words in (("rare", texts.RARE), ("common", texts.COMMON)) for word in words.values()),
        ("analytics", desk.analytics, None),
        ("analytics, counted anew", desk.analytics_anew, None),
    ]  # fmt: skip
    found = [
        Row(name, measure(ask, times=times), in_sql(sql, times) if sql else None) for name, ask, sql in reads
    ]
    found.append(Row("create by API", measure(desk.create_by_api, times=times, expect=201)))
    found.append(
        Row(
            "create by web form", measure(desk.create_by_form, times=times, before=desk.form_page, expect=302)
        )
    )
    found.append(Row("reply", measure(desk.reply, times=times, before=desk.reply_page, expect=302)))
    return found


QUEUE_SQL = (
    "SELECT * FROM tickets_ticket WHERE status IN ('new','open','pending','on_hold') "
    "ORDER BY due_at ASC NULLS LAST, id LIMIT 31"
)
SEARCH_SQL = (
    "SELECT t.id FROM tickets_ticket t WHERE t.id = ANY(ARRAY(SELECT ticket_id FROM tickets_ticketsearch "
    "WHERE document @@ $q${}$q$::tsquery)) ORDER BY t.created_at DESC LIMIT 31"
)


def in_sql(statement: str, times: int) -> float:
    """Milliseconds (p50) of the bare statement, rows fetched."""
    with connection.cursor() as cursor:

        def ask() -> float:
            start = time.perf_counter()
            cursor.execute(statement)
            cursor.fetchall()
            return (time.perf_counter() - start) * 1000

        return statistics.median(ask() for _ in range(times))


def run(launcher: str, environment: Mapping[str, str], port: int, times: int) -> None:
    count = Ticket.objects.count()
    with serving(launcher, environment, port):
        table = rows(Desk(port), times)
    floor = table[0].figures.p50
    print(f"{launcher}, 2 workers, {count:,} tickets, each asked {times} times; milliseconds\n")
    print(f"{'':34}{'p50':>8}{'p95':>8}{'× bare':>8}{'raw SQL':>9}{'aim':>6}{'kB':>7}")
    for row in table:
        aim = next((str(aim) for name, aim in AIMS.items() if row.name.startswith(name)), "")
        sql = f"{row.sql:.1f}" if row.sql is not None else ""
        ratio = row.figures.p50 / floor
        size = row.figures.size / 1000
        print(
            f"{row.name:34}{row.figures.p50:8.1f}{row.figures.p95:8.1f}{ratio:8.1f}{sql:>9}{aim:>6}{size:7.0f}"
        )


def compare_launchers(environment: Mapping[str, str], port: int, times: int) -> None:
    """The bare view and the queue under each launcher: what the choice in docs/decisions rests on."""
    print(f"{'':20}{'bare p50':>10}{'p95':>8}{'queue p50':>11}{'p95':>8}   milliseconds")
    for number, launcher in enumerate(LAUNCHERS):
        place = port + number
        if not program(launcher).exists():
            print(f"{launcher:20}  not installed: pip install {LAUNCHERS[launcher][0]}")
            continue
        with serving(launcher, environment, place):
            desk = Desk(place)
            bare, queue = measure(desk.bare, times=times * 5), measure(desk.queue, times=times)
        print(f"{launcher:20}{bare.p50:10.2f}{bare.p95:8.2f}{queue.p50:11.1f}{queue.p95:8.1f}")
