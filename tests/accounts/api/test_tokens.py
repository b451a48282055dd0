from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import api_tokens
from accounts.models import ApiToken, Brand, Customer, User
from accounts.rules.scopes import Scope
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tests.api_client import Api, problem
from tests.cast import PASSWORD
from tickets.models import Ticket


def log_in(email: str = "ann@demo.test", password: str = PASSWORD, **said: Any) -> Any:
    asked = {"email": email, "password": password, "scopes": ["tickets:read"], **said}
    return Api(None).send("/token/", asked)


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


class TestLogIn:
    def test_it_works(self, agent: User) -> None:
        before = timezone.now()
        answer = log_in(name="my script", expires_in=3600)
        assert answer.status_code == 201, answer.content
        told = answer.json()
        assert (told["token_type"], told["name"], told["scopes"]) == ("Bearer", "my script", ["tickets:read"])
        assert answer["Cache-Control"] == "no-store"
        token = ApiToken.objects.get()
        assert token.expires_at is not None
        assert timedelta(minutes=59) < token.expires_at - before < timedelta(minutes=61)
        assert told["token"] not in str(ApiToken.objects.values())
        headers = {"Authorization": f"Bearer {told['token']}"}
        assert Client(headers=headers).get("/api/v1/tickets/").status_code == 200
        assert "sessionid" not in answer.cookies

    def test_an_old_token_in_the_header_does_not_stand_in_the_way(self, agent: User) -> None:
        answer = Api(None).send(
            "/token/",
            {"email": "ann@demo.test", "password": PASSWORD, "scopes": ["tickets:read"]},
            headers={"Authorization": "Bearer hd_gone"},
        )
        assert answer.status_code == 201

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"scopes": []}, "scopes"),
            ({"scopes": ["everything"]}, "scopes.0"),
            ({"expires_in": 10}, "expires_in"),
            ({"expires_in": 10**9}, "expires_in"),
            ({"email": "nobody"}, "email"),
            ({"password": ""}, "password"),
        ],
    )
    def test_refusals_name_the_field(self, agent: User, said: dict[str, Any], field: str) -> None:
        assert field in problem(log_in(**said), 422, "invalid")["errors"]

    def test_one_refusal_for_all_that_is_wrong(self, agent: User, member: Customer) -> None:
        problem(log_in(password="wrong"), 401, "log_in_refused")
        problem(log_in(email="nobody@demo.test"), 401, "log_in_refused")
        User.objects.filter(pk=agent.pk).update(is_active=False)
        problem(log_in(), 401, "log_in_refused")
        EmailAddress.objects.filter(user=member.user).update(verified=False)
        problem(log_in(email="mia@demo.test"), 401, "log_in_refused")
        assert not ApiToken.objects.exists()

    def test_too_many_failures_lock_it_as_they_lock_the_log_in(self, agent: User) -> None:
        for _ in range(5):
            problem(log_in(password="wrong"), 401, "log_in_refused")
        told = log_in()
        problem(told, 429, "too_many_attempts")
        assert int(told["Retry-After"]) > 0
        page = Client().post("/accounts/login/", {"login": "ann@demo.test", "password": PASSWORD})
        assert page.status_code == 200, "the page is locked too"

    def test_failures_at_the_page_count_too(self, agent: User) -> None:
        for _ in range(5):
            Client().post("/accounts/login/", {"login": "ann@demo.test", "password": "wrong"})
        problem(log_in(), 429, "too_many_attempts")

    def test_the_second_factor_is_asked_for(self, agent: User) -> None:
        secret = generate_totp_secret()
        TOTP.activate(agent, secret)
        problem(log_in(), 401, "second_factor_needed")
        problem(log_in(code="000000"), 401, "code_refused")
        assert log_in(code=code_of(secret)).status_code == 201
        problem(log_in(code=code_of(secret)), 401, "code_refused")

    def test_a_recovery_code_will_do_once(self, agent: User) -> None:
        TOTP.activate(agent, generate_totp_secret())
        code = RecoveryCodes.activate(agent).get_unused_codes()[0]
        assert log_in(code=code).status_code == 201
        problem(log_in(code=code), 401, "code_refused")

    def test_codes_cannot_be_tried_out(self, agent: User) -> None:
        TOTP.activate(agent, generate_totp_secret())
        for _ in range(5):
            problem(log_in(code="000000"), 401, "code_refused")
        problem(log_in(code="000000"), 429, "too_many_attempts")

    def test_staff_without_a_second_factor_where_one_is_asked_for(
        self, agent: User, member: Customer, settings: Settings
    ) -> None:
        settings.STAFF_MFA_REQUIRED = True
        problem(log_in(), 403, "second_factor_missing")
        assert log_in(email="mia@demo.test").status_code == 201


class TestUse:
    def test_it_tells_what_it_is_and_is_revoked(self, agent: User) -> None:
        api = Api(agent, scopes=[Scope.TICKETS_READ])
        told = api.get("/token/").json()
        assert told | {"begins_with": "", "expires_at": None} == {
            "name": "test",
            "begins_with": "",
            "scopes": ["tickets:read"],
            "expires_at": None,
            "email": "ann@demo.test",
            "role": "agent",
        }
        assert api.delete("/api/v1/token/").status_code == 204
        problem(api.get("/tickets/"), 401, "bad_token")

    def test_unknown_expired_revoked_and_switched_off(self, agent: User) -> None:
        for secret in ("hd_unknown", "nonsense", "", "hd_\xff"):
            headers = {"Authorization": f"Bearer {secret}"}
            answer = Client().get("/api/v1/tickets/", headers=headers)
            problem(answer, 401, "bad_token")
            assert answer["WWW-Authenticate"].startswith("Bearer")
        api = Api(agent)
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        problem(api.get("/tickets/"), 401, "bad_token")
        ApiToken.objects.update(expires_at=None)
        assert api.get("/tickets/").status_code == 200
        User.objects.update(is_active=False)
        problem(api.get("/tickets/"), 401, "bad_token")

    def test_nobody(self, db: None) -> None:
        for path in ("/tickets/", "/categories/", "/articles/", "/brands/", "/token/", "/tickets/X/"):
            problem(Api(None).get(path), 401, "not_authenticated")

    def test_its_use_is_noted_at_most_once_a_minute(self, agent: User) -> None:
        api, start = Api(agent), timezone.now()

        def used_at(moment: Any) -> Any:
            with clock.frozen(moment):
                api.get("/brands/")
            api.token.refresh_from_db()
            return api.token.last_used_at

        assert used_at(start) == start
        assert used_at(start + timedelta(seconds=59)) == start
        assert used_at(start + timedelta(seconds=60)) == start + timedelta(seconds=60)

    READ, WRITE, KNOW = Scope.TICKETS_READ, Scope.TICKETS_WRITE, Scope.KNOWLEDGE_READ

    @pytest.mark.parametrize(
        ("method", "path", "needed"),
        [
            ("GET", "/tickets/", READ),
            ("POST", "/tickets/", WRITE),
            ("GET", "/tickets/{}/", READ),
            ("PATCH", "/tickets/{}/", WRITE),
            ("GET", "/tickets/{}/messages/", READ),
            ("POST", "/tickets/{}/messages/", WRITE),
            ("GET", "/tickets/{}/events/", READ),
            ("GET", "/tickets/{}/attachments/1/", READ),
            ("GET", "/categories/?brand=btp", KNOW),
            ("GET", "/articles/?brand=btp", KNOW),
            ("GET", "/articles/btp/a/b/", KNOW),
            ("GET", "/brands/", KNOW),
        ],
    )
    def test_scopes(self, ticket: Ticket, agent: User, method: str, path: str, needed: Scope) -> None:
        url = path.format(ticket.display_number)
        others = [scope for scope in Scope if scope != needed]
        told = problem(Api(agent, scopes=others).send(url, {}, method=method), 403, "scope_missing")
        assert told["scope"] == needed.value
        assert Api(agent, scopes=[needed]).send(url, {}, method=method).status_code != 403

    def test_in_the_browser_a_session_serves_with_its_csrf_token(self, agent: User, ticket: Ticket) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(agent)
        assert browser.get("/api/v1/tickets/").status_code == 200
        url = f"/api/v1/tickets/{ticket.display_number}/messages/"
        refused = browser.post(url, {"body": "x"}, content_type="application/json")
        problem(refused, 403, "permission_denied")
        problem(browser.delete("/api/v1/token/"), 403, "permission_denied")


class TestIssue:
    def test_only_those_who_configure_the_site_issue_for_others(
        self, agent: User, manager: User, administrator: User
    ) -> None:
        with pytest.raises(NotAllowed):
            api_tokens.issue(user=agent, name="x", scopes=[Scope.TICKETS_READ], by=manager)
        issued = api_tokens.issue(user=agent, name="x", scopes=[Scope.TICKETS_READ], by=administrator)
        assert issued.secret.startswith(issued.token.hint)
        with pytest.raises(NotAllowed):
            api_tokens.revoke(issued.token, by=manager)
        api_tokens.revoke(issued.token, by=agent)
        assert not ApiToken.objects.usable().exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["all"]}, "scopes"),
            ({"expires_at": timezone.now()}, "expires_at"),
        ],
    )
    def test_refusals_name_the_field(self, agent: User, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            api_tokens.issue(
                **{"user": agent, "name": "x", "scopes": ["tickets:read"], "by": agent, **changes}
            )
        assert set(refused.value.fields) == {field}


def test_brands(agent: User, other_brand: Brand) -> None:
    Brand.objects.create(slug="gone", name_zh="无", name_en="Gone", email="x@x.test", is_active=False)
    rows = Api(agent).get("/brands/").json()["results"]
    assert {row["slug"]: row["name"] for row in rows} == {
        "bobao": {"zh-hans": "波宝钱包", "en": "Bobao Wallet"},
        "btp": {"zh-hans": "B特派钱包", "en": "BTP Wallet"},
    }
