"""Every kind of error in the one shape, and the description of it all."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from accounts.api.security import Throttle
from accounts.models import User
from helpdesk.lib.http import Limit
from helpdesk.lib.problems import flat_errors
from tests.api_client import Api, problem
from tickets.api import tickets as tickets_api
from tickets.models import Ticket


def raw(user: User, body: bytes, content_type: str = "application/json") -> Any:
    return Api(user).post("/api/v1/tickets/", body, content_type=content_type)


class TestProblems:
    def test_unreadable_json(self, agent: User) -> None:
        problem(raw(agent, b"{"), 400, "parse_error")
        problem(raw(agent, b"[" * 200_000), 400, "parse_error")
        problem(raw(agent, b"\xff\xfe"), 400, "parse_error")

    def test_json_of_another_shape(self, agent: User) -> None:
        for body in (b"[]", b"1", b'"x"', b"null"):
            problem(raw(agent, body), 422, "invalid")

    def test_too_large(self, agent: User) -> None:
        problem(raw(agent, b'{"body": "' + b"x" * 3_000_000 + b'"}'), 413, "too_large")

    def test_another_media_type(self, agent: User) -> None:
        problem(raw(agent, b"<a/>", "text/xml"), 415, "unsupported_media_type")
        answer = Api(agent).get("/tickets/", headers={"Accept": "text/xml"})
        problem(answer, 406, "not_acceptable")

    def test_another_method(self, agent: User, ticket: Ticket) -> None:
        problem(Api(agent).delete(f"/api/v1/tickets/{ticket.display_number}/"), 403, "scope_missing")
        browser = Client()
        browser.force_login(agent)
        problem(browser.delete(f"/api/v1/tickets/{ticket.display_number}/"), 405, "method_not_allowed")

    @pytest.mark.parametrize("path", ["nothing/", "", "tickets", "../admin/", "tickets/X/nothing/"])
    def test_an_unknown_address(self, db: None, path: str) -> None:
        for method in ("get", "post", "delete"):
            client = Client(headers={"Accept-Language": "en"})
            told = problem(getattr(client, method)(f"/api/v1/{path}"), 404, "not_found")
            assert ("slash" in told["detail"]) == (path == "tickets")

    def test_too_often(self, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Throttle, "limit", Limit("api", times=3, seconds=60))
        api = Api(agent)
        assert [api.get("/brands/").status_code for _ in range(3)] == [200] * 3
        answer = api.get("/brands/")
        problem(answer, 429, "throttled")
        assert 1 <= int(answer["Retry-After"]) <= 60

    def test_a_bug_of_ours(self, agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*args: Any, **kwargs: Any) -> None:
            raise ZeroDivisionError("secret detail")

        monkeypatch.setattr(tickets_api, "filtered", broken)
        client = Api(agent, raise_request_exception=False)
        told = problem(client.get("/tickets/"), 500, "internal_error")
        assert "secret" not in str(told)

    def test_in_the_language_asked_for(self, agent: User) -> None:
        api = Api(agent)
        english = api.get("/tickets/X/").json()["detail"]
        chinese = api.get("/tickets/X/", headers={"Accept-Language": "zh-CN"}).json()["detail"]
        assert english.isascii()
        assert not chinese.isascii()

    def test_nested_errors_become_one_level(self) -> None:
        nested = {
            "a": ["x"],
            "b": {"c": ["y"], "non_field_errors": ["z"]},
            "d": [{}, {"e": ["w"]}],
            "f": {"2": ["v"]},
        }
        assert flat_errors(nested) == {"a": ["x"], "b.c": ["y"], "b": ["z"], "d.1.e": ["w"], "f.2": ["v"]}
        assert flat_errors(["x"]) == {"non_field_errors": ["x"]}


class TestDescription:
    def test_it_is_whole_and_valid(self, tmp_path: Any) -> None:
        call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))

    def test_every_address_is_described(self, db: None) -> None:
        described = set(Client().get("/api/v1/schema/?format=json").json()["paths"])
        api: Any = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/v1/")
        flat = [child for p in api.url_patterns for child in getattr(p, "url_patterns", [p])]
        left_out = {"api_schema", "api_docs", "api_nothing", "api_scam_list_csv", "api_scam_list_json"}
        count = len({str(p.pattern) for p in flat if p.name not in left_out})
        assert len(described - {"/api/v1/schema/"}) == count

    def test_every_operation_says_what_it_does_and_may_refuse(self, db: None) -> None:
        paths = Client().get("/api/v1/schema/?format=json").json()["paths"]
        for path, operations in paths.items():
            for method, operation in operations.items():
                if method == "parameters" or path.endswith("/schema/"):
                    continue
                assert operation["summary"], (path, method)
                for status in ("401", "403", "429"):
                    assert "application/problem+json" in operation["responses"][status]["content"], (
                        path,
                        method,
                    )

    def test_the_page_needs_no_inline_script(self, db: None) -> None:
        answer = Client().get("/api/v1/docs/")
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "<style" not in html
        assert "<script>" not in html
        script = Client().get("/api/v1/docs/?script=")
        assert "SwaggerUIBundle" in script.content.decode()
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
