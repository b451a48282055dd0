from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, SimpleTestCase, TestCase

from accounts.models import User


def policy(path: str) -> dict[str, list[str]]:
    """The header as the browser reads it, through the two middlewares that make it."""
    from csp.middleware import CSPMiddleware

    from helpdesk.middleware import AdminContentSecurityPolicy

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("page")

    request = RequestFactory().get(path)
    response = CSPMiddleware(page).process_response(request, AdminContentSecurityPolicy(page)(request))
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts}


class ContentSecurityPolicyTests(SimpleTestCase):
    def test_customers_pages_allow_nothing_unsafe(self) -> None:
        found = policy("/btp/")
        assert found["script-src"] == ["'self'"]
        assert found["style-src"] == ["'self'"]
        assert found["default-src"] == ["'none'"]
        assert not any("unsafe" in source for sources in found.values() for source in sources)

    def test_the_admin_is_as_strict(self) -> None:
        found = policy("/admin/tickets/")
        assert found["script-src"] == found["style-src"] == ["'self'"]

    def test_a_path_that_only_looks_like_the_admin_is_strict(self) -> None:
        assert policy("/administration/")["script-src"] == ["'self'"]

    def test_the_admin_s_pages_may_hear_what_is_new(self) -> None:
        for where, source in (
            ("", None),
            ("/ws/", "ws://testserver"),
            (":8001/ws/", "ws://testserver:8001"),
            ("wss://live.example.com/ws/", "wss://live.example.com"),
        ):
            with self.settings(REALTIME_URL=where):
                assert policy("/admin/tickets/")["connect-src"] == ["'self'", *([source] if source else [])]
                assert policy("/btp/")["connect-src"] == ["'self'"]


class SafetyHeadersTests(TestCase):
    def test_no_page_asks_for_the_camera(self) -> None:
        answer = self.client.get("/")
        assert "camera=()" in answer["Permissions-Policy"]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"

    def test_only_what_was_made_for_somebody_is_kept_nowhere(self) -> None:
        assert "no-store" not in self.client.get("/").get("Cache-Control", "")
        self.client.force_login(User.objects.create_user("mia@demo.test"))
        assert self.client.get("/accounts/email/")["Cache-Control"].endswith("no-store")


class NoPlainProgramsTests(TestCase):
    """As behind a proxy that ends TLS."""

    def test_programs_are_refused_and_people_sent_on(self) -> None:
        with self.settings(SECURE_SSL_REDIRECT=True):
            for path in ("/api/v1/tickets/", "/mail/incoming/", "/wallet/answers/"):
                for answer in (self.client.get(path), self.client.post(path)):
                    assert (answer.status_code, answer.json()["code"]) == (403, "not_secure")
            page = self.client.get("/accounts/login/")
            assert (page.status_code, page["Location"]) == (301, "https://testserver/accounts/login/")
            assert self.client.get("/api/v1/tickets/", secure=True).status_code == 401


class LogOutTests(TestCase):
    def test_the_browser_forgets(self) -> None:
        self.client.force_login(User.objects.create_user("ann@example.com", "long enough, I think"))
        assert "Clear-Site-Data" not in self.client.get("/accounts/logout/")
        answer = self.client.post("/accounts/logout/")
        assert answer.status_code == 302
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
