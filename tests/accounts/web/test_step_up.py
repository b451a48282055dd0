from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.mfa.totp.internal import auth as totp
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from accounts.models import AuditEntry, Brand, Team, User
from accounts.web.step_up import KEPT_SECONDS, step_up_required
from helpdesk.lib import clock
from tests.cast import PASSWORD, confirm


@step_up_required
def danger(request: HttpRequest, what: str) -> HttpResponse:
    return HttpResponse(f"{request.method} {what} {request.POST.get('word', '')} {request.GET.get('q', '')}")


urlpatterns = [path("danger/<str:what>/", danger), path("", include("helpdesk.urls"))]
CONFIRM = "/accounts/reauthenticate/"


@pytest.fixture(autouse=True)
def with_danger() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def client(agent: User) -> Client:
    made = Client()
    made.force_login(agent, "django.contrib.auth.backends.ModelBackend")
    session = made.session
    del session[AUTHENTICATION_METHODS_SESSION_KEY]
    session.save()
    return made


def later(monkeypatch: pytest.MonkeyPatch, **span: int) -> None:
    moment = clock.now() + timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_page_asks_and_comes_back(client: Client) -> None:
    asked = client.get("/danger/x/?q=1")
    assert asked["Location"] == f"{CONFIRM}?next=%2Fdanger%2Fx%2F%3Fq%3D1"
    done = client.post(CONFIRM, {"password": PASSWORD, "next": "/danger/x/?q=1"}, follow=True)
    assert done.content == b"GET x  1"


def test_what_was_sent_is_carried_out_after_it(client: Client) -> None:
    asked = client.post("/danger/x/?q=1", {"word": "秘密 & more"})
    assert asked["Location"].startswith(CONFIRM)
    assert "秘密" not in str(dict(client.session)), "it lies there encrypted"
    done = client.post(CONFIRM, {"password": PASSWORD, "next": "/danger/x/?q=1"})
    assert done.content.decode() == "POST x 秘密 & more 1"
    assert STATE_SESSION_KEY not in client.session


def test_a_wrong_password_carries_out_nothing(client: Client) -> None:
    client.post("/danger/x/", {"word": "w"})
    refused = client.post(CONFIRM, {"password": "wrong", "next": "/danger/x/"})
    assert b"POST x" not in refused.content
    assert client.get("/danger/x/").status_code == 302


def test_what_was_given_up_does_not_happen_with_another_confirmation(client: Client) -> None:
    client.post("/danger/delete/", {"word": "w"})
    done = client.post(CONFIRM, {"password": PASSWORD, "next": "/danger/other/"})
    assert done["Location"] == "/danger/other/"


def test_what_waited_too_long_is_sent_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.post("/danger/x/", {"word": "w"})
    later(monkeypatch, seconds=KEPT_SECONDS + 1)
    done = client.post(CONFIRM, {"password": PASSWORD, "next": "/danger/x/"})
    assert done["Location"] == "/danger/x/"


def test_where_the_form_lies_no_longer_one_comes_back_to_its_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own address may take forms alone."""
    asked = client.post("/danger/x/", {"word": "w"}, headers={"Referer": "http://testserver/admin/?a=b"})
    assert asked["Location"] == f"{CONFIRM}?next=%2Fadmin%2F%3Fa%3Db"
    later(monkeypatch, seconds=KEPT_SECONDS + 1)
    done = client.post(CONFIRM, {"password": PASSWORD, "next": "/admin/?a=b"})
    assert done["Location"] == "/admin/?a=b"


def test_a_page_of_somebody_else_is_no_way_back(client: Client) -> None:
    for said in ("https://evil.test/admin/", "javascript:alert(1)", "//evil.test/", "http://[::1"):
        asked = client.post("/danger/x/", {"word": "w"}, headers={"Referer": said})
        assert asked["Location"] == f"{CONFIRM}?next=%2Fdanger%2Fx%2F"


def test_it_holds_for_some_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(client)
    assert client.get("/danger/x/").status_code == 200
    later(monkeypatch, minutes=10, seconds=1)
    assert client.get("/danger/x/").status_code == 302


def test_a_log_in_counts(agent: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": agent.email, "password": PASSWORD})
    assert client.get("/danger/x/").status_code == 200


def test_with_a_second_factor_the_password_is_not_enough(client: Client, agent: User) -> None:
    totp.TOTP.activate(agent, totp.generate_totp_secret())
    confirm(client)
    assert client.get("/danger/x/")["Location"].startswith("/accounts/2fa/reauthenticate/")
    confirm(client, "mfa")
    assert client.get("/danger/x/").status_code == 200


def test_another_persons_confirmation_counts_for_nothing(client: Client, lead: User) -> None:
    confirm(client)
    session = client.session
    kept = {
        name: session[name]
        for name in (AUTHENTICATION_METHODS_SESSION_KEY, "account_authentication_methods_user")
    }
    client.force_login(lead, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session.update(kept)
    session.save()
    assert client.get("/danger/x/").status_code == 302


def test_a_part_of_a_page_sends_the_whole_page(client: Client) -> None:
    told = client.get(
        "/danger/x/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/queue/?a=b"}
    )
    assert told.status_code == 204
    assert told["HX-Redirect"] == f"{CONFIRM}?next=%2Fadmin%2Fqueue%2F%3Fa%3Db"


def test_strangers_log_in(db: None) -> None:
    assert Client().get("/danger/x/")["Location"].startswith("/accounts/login/")


def test_the_log_tells_of_it(client: Client, agent: User) -> None:
    client.post(CONFIRM, {"password": PASSWORD, "next": "/danger/x/"})
    entry = AuditEntry.objects.get(kind="confirmed_again")
    assert (entry.actor, entry.data) == (agent, {"method": "password"})


class TestConfiguration:
    @pytest.fixture
    def later_on(self, administrator: User) -> Client:
        """An administrator who logged in an hour ago."""
        made = Client(headers={"accept-language": "en"})
        made.force_login(administrator, "django.contrib.auth.backends.ModelBackend")
        session = made.session
        session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= 3600
        session.save()
        return made

    def test_lists_are_open_and_forms_ask(self, later_on: Client, agent: User) -> None:
        assert later_on.get("/admin/accounts/user/").status_code == 200
        for place in (
            f"/admin/accounts/user/{agent.pk}/change/",
            "/admin/accounts/user/add/",
            "/admin/accounts/apitoken/add/",
            "/admin/tickets/webhook/add/",
            "/admin/tickets/mailbox/add/",
        ):
            assert later_on.get(place)["Location"].startswith(CONFIRM), place

    def test_powers_are_changed_after_it_with_what_was_sent(
        self, later_on: Client, agent: User, brand: Brand, team: Team
    ) -> None:
        path = f"/admin/accounts/user/{agent.pk}/change/"
        said = {"name": "Ann", "role": "lead", "language": "en", "brands": [brand.pk], "teams": [team.pk]}
        said |= {"is_active": "on", "capacity": "20"}
        assert later_on.post(path, said)["Location"].startswith(CONFIRM)
        agent.refresh_from_db()
        assert agent.role == "agent"
        later_on.post(CONFIRM, {"password": PASSWORD, "next": path})
        agent.refresh_from_db()
        assert agent.role == "lead"

    def test_acts_on_lists_ask(self, later_on: Client, agent: User) -> None:
        said = {"action": "send_links", "_selected_action": [agent.pk]}
        assert later_on.post("/admin/accounts/user/", said)["Location"].startswith(CONFIRM)

    def test_who_may_not_is_refused_and_asked_nothing(self, client: Client, agent: User) -> None:
        assert client.get(f"/admin/accounts/user/{agent.pk}/change/").status_code == 403
