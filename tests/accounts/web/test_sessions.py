"""Where somebody is logged in, how long it lasts, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from pytest_django import Settings

from accounts.actions import powers, sessions
from accounts.models import AuditEntry, Brand, Customer, LogInSession, Team, User
from accounts.rules.session_limits import Ended
from helpdesk.lib import clock
from tests.cast import PASSWORD
from tests.crowd import all_at_once

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1 MicroMessenger/8.0"
LIST, END = "/accounts/sessions/", "/accounts/sessions/end/"


@pytest.fixture
def browser() -> Callable[..., Client]:
    """A browser in which somebody has logged in by the page."""

    def make(user: User, agent: str = FIREFOX, **headers: str) -> Client:
        client = Client(headers={"accept-language": "en", "user-agent": agent, **headers})
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        return client

    return make


def is_in(client: Client) -> bool:
    return bool(client.get(LIST).status_code == 200)


def kinds() -> list[str]:
    """What was told of log-ins; making the cast told of powers and configuration."""
    rows = AuditEntry.objects.exclude(kind__in=["configured", "powers_changed"])
    return list(rows.order_by("id").values_list("kind", flat=True))


def why() -> list[str]:
    return [entry.data["why"] for entry in AuditEntry.objects.filter(kind="session_ended")]


class TestTheList:
    def test_it_works(self, browser: Callable[..., Client], agent: User) -> None:
        here, there = browser(agent), browser(agent, WECHAT)
        page = here.get(LIST).content.decode()
        assert page.index("Firefox on Windows") < page.index("WeChat on iPhone"), "this one first"
        assert page.count("this browser") == 1
        row = LogInSession.objects.order_by("id").last()
        assert row is not None
        here.post(END, {"session": row.pk})
        assert not is_in(there)
        assert is_in(here)
        assert why() == ["by_hand"]

    def test_all_others(self, browser: Callable[..., Client], agent: User) -> None:
        here, others = browser(agent), [browser(agent), browser(agent)]
        assert "2 sessions were ended." in here.post(END, follow=True).content.decode()
        assert is_in(here)
        assert not any(is_in(other) for other in others)

    def test_ending_asks_again(self, browser: Callable[..., Client], agent: User) -> None:
        here, there = browser(agent), browser(agent)
        session = here.session
        session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= 3600
        session.save()
        asked = here.post(END)
        assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
        assert is_in(there)
        done = here.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": END}, follow=True)
        assert "1 session was ended." in done.content.decode()
        assert not is_in(there)

    def test_nobody_elses(self, browser: Callable[..., Client], agent: User, lead: User) -> None:
        here, hers = browser(agent), browser(lead)
        for named in (LogInSession.objects.get(user=lead).pk, "x", "9" * 30):
            here.post(END, {"session": named})
        assert is_in(hers)

    def test_a_key_that_changes_is_followed(self, browser: Callable[..., Client], agent: User) -> None:
        """Opening a tracking link gives the session a new key."""
        here, there = browser(agent), browser(agent)
        session = there.session
        session.cycle_key()
        session.save()
        there.cookies["sessionid"] = str(session.session_key)
        assert is_in(there)
        here.post(END)
        assert not is_in(there)

    def test_odd_browsers(self, browser: Callable[..., Client], agent: User) -> None:
        here = browser(agent, "<script>" + "x" * 900)
        page = here.get(LIST).content.decode()
        assert "Unknown device" in page
        assert len(LogInSession.objects.get().agent) == 300

    def test_one_row_for_one_log_in_at_two_requests_at_once(self, agent: User) -> None:
        client = Client()
        client.force_login(agent, "django.contrib.auth.backends.ModelBackend")
        client.get(LIST)
        assert LogInSession.objects.count() == 1


class TestHowLong:
    def test_staff_who_do_nothing(
        self, browser: Callable[..., Client], agent: User, settings: Settings
    ) -> None:
        settings.STAFF_SESSION_IDLE_MINUTES = 30
        client, now = browser(agent), clock.now()
        with clock.frozen(now + timedelta(minutes=29)):
            assert client.get("/admin/queue/").status_code == 200
        with clock.frozen(now + timedelta(minutes=58)):
            assert client.get("/admin/queue/").status_code == 200
        with clock.frozen(now + timedelta(minutes=88, seconds=1)):
            told = client.get("/admin/queue/", follow=True).content.decode()
        assert "not used for too long" in told
        assert why() == ["idle"]

    def test_what_a_page_asks_by_itself_is_no_sign_of_life(
        self, browser: Callable[..., Client], agent: User, settings: Settings
    ) -> None:
        settings.STAFF_SESSION_IDLE_MINUTES = 30
        client, now = browser(agent), clock.now()
        with clock.frozen(now + timedelta(minutes=20)):
            assert client.get("/admin/notices/new/").status_code == 200
        with clock.frozen(now + timedelta(minutes=31)):
            assert client.get("/admin/notices/new/").status_code != 200

    def test_staff_who_never_stop(
        self, browser: Callable[..., Client], agent: User, settings: Settings
    ) -> None:
        settings.STAFF_SESSION_HOURS = 1
        client, now = browser(agent), clock.now()
        for minutes in (20, 40, 59):
            with clock.frozen(now + timedelta(minutes=minutes)):
                assert client.get("/admin/queue/").status_code == 200
        with clock.frozen(now + timedelta(minutes=61)):
            assert client.get("/admin/queue/").status_code == 302
        assert why() == ["too_long"]

    def test_customers_stay(self, browser: Callable[..., Client], member: Customer, brand: Brand) -> None:
        assert member.user is not None
        client = browser(member.user)
        with clock.frozen(clock.now() + timedelta(days=10)):
            assert client.get("/btp/cases/").status_code == 200

    def test_on_so_many_devices(
        self, browser: Callable[..., Client], agent: User, member: Customer, settings: Settings
    ) -> None:
        settings.STAFF_SESSIONS_MAX = 2
        first, second, third = browser(agent), browser(agent), browser(agent)
        assert [is_in(client) for client in (first, second, third)] == [False, True, True]
        assert why() == ["too_many"]
        assert member.user is not None
        assert all(is_in(client) for client in [browser(member.user) for _time in range(3)])

    @pytest.mark.django_db(transaction=True)
    def test_of_many_at_once_not_one_too_many(self, agent: User, settings: Settings) -> None:
        settings.STAFF_SESSIONS_MAX = 2
        begin = [
            lambda key=f"k{place}": sessions.begin(agent, key=key, address=None, agent="")
            for place in range(6)
        ]
        all_at_once(begin)
        assert LogInSession.objects.count() == 2

    def test_a_page_costs_nothing_more(
        self, browser: Callable[..., Client], agent: User, django_assert_num_queries: Any
    ) -> None:
        client = browser(agent)
        client.get(LIST)
        with django_assert_num_queries(4):  # the person, the brands, the rows, which of them live
            client.get(LIST)


class TestWhatEndsThem:
    def test_a_new_password(self, browser: Callable[..., Client], agent: User) -> None:
        here, there = browser(agent), browser(agent)
        new = "a new password that is long"
        here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert not is_in(there)
        assert "credentials_changed" in kinds()
        assert why() == ["credentials"]

    @pytest.mark.django_db(transaction=True)
    def test_a_second_factor(self, browser: Callable[..., Client], agent: User) -> None:
        here, there = browser(agent), browser(agent)
        here.post("/accounts/reauthenticate/", {"password": PASSWORD})
        secret = totp.generate_totp_secret()
        session = here.session
        session["mfa.totp.secret"] = secret
        session.save()
        code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
        here.post("/accounts/2fa/totp/activate/", {"code": code})
        assert "credentials_changed" in kinds()
        assert is_in(here)
        assert not is_in(there)

    def test_other_powers(
        self, browser: Callable[..., Client], agent: User, administrator: User, team: Team
    ) -> None:
        client = browser(agent)
        before = powers.powers_of(agent)
        assert not powers.changed(agent, before=before, by=administrator)
        agent.teams.remove(team)
        assert powers.changed(agent, before=before, by=administrator)
        assert not is_in(client)
        told = AuditEntry.objects.filter(
            kind="powers_changed", data__what="accounts.user", data__row=agent.pk
        )
        last = told.latest("id")
        assert (last.data["change"], last.data["changes"]) == ("taken away", {"teams": [[str(team)], None]})
        assert why() == ["powers"]

    def test_ones_own_powers_do_not_log_one_out(
        self, browser: Callable[..., Client], administrator: User
    ) -> None:
        client, before = browser(administrator), powers.powers_of(administrator)
        User.objects.filter(pk=administrator.pk).update(role="manager")
        assert powers.changed(administrator, before=before, by=administrator)
        assert is_in(client)

    def test_logging_out(self, browser: Callable[..., Client], agent: User) -> None:
        client = browser(agent)
        client.post("/accounts/logout/")
        assert not LogInSession.objects.exists()
        assert kinds() == ["logged_in", "logged_out"]


class TestTheLog:
    def test_failures(self, agent: User) -> None:
        client = Client()
        for email in (agent.email.upper(), "nobody@example.com"):
            client.post("/accounts/login/", {"login": email, "password": "wrong"})
        entries = AuditEntry.objects.filter(kind__startswith="log").order_by("id")
        assert [(row.kind, row.actor, row.data) for row in entries] == [
            ("login_failed", None, {"user": agent.pk, "what": "password"}),
            ("login_failed", None, {"user": None, "what": "password"}),
        ]

    def test_a_wrong_second_factor(self, agent: User) -> None:
        totp.TOTP.activate(agent, totp.generate_totp_secret())
        client = Client()
        client.post("/accounts/login/", {"login": agent.email, "password": PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        last = AuditEntry.objects.order_by("id").last()
        assert last is not None
        assert (last.kind, last.data) == ("login_failed", {"user": agent.pk, "what": "second_factor"})
        assert not LogInSession.objects.exists()

    def test_programs_too(self, agent: User) -> None:
        said = {"email": agent.email, "password": PASSWORD, "name": "x", "scopes": ["tickets:read"]}
        Client().post("/api/v1/token/", said, content_type="application/json")
        assert [row.way for row in AuditEntry.objects.filter(kind="logged_in")] == ["/api/v1/token/"]


def test_ending_what_has_ended(agent: User) -> None:
    assert sessions.end_all(agent, why=Ended.POWERS, by=None) == 0
    assert kinds() == []
