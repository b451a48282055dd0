"""A program that talks to the API with a token of its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client

from accounts.actions import api_tokens
from accounts.models import User
from accounts.rules.scopes import Scope


class Api(Client):
    """``Api(user).get("/tickets/")``: below /api/v1, JSON both ways, every scope unless told."""

    def __init__(self, user: User | None, *, scopes: list[Scope] | None = None, **options: Any) -> None:
        super().__init__(headers={"Accept-Language": "en"}, **options)
        if user is not None:
            wanted = list(Scope) if scopes is None else scopes
            issued = api_tokens.issue(user=user, name="test", scopes=wanted, by=None)
            self.token = issued.token
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {issued.secret}"

    def generic(self, method: str, path: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().generic(
            method, path if path.startswith("/api/") else f"/api/v1{path}", *args, **kwargs
        )

    def get(self, path: str, data: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        full = path if path.startswith(("/api/", "http")) else f"/api/v1{path}"
        return super().get(
            full.removeprefix(settings.PUBLIC_URL).removeprefix("http://testserver"), data, **kwargs
        )

    def send(
        self, path: str, data: Any, *, key: str | None = None, method: str = "POST", **kwargs: Any
    ) -> Any:
        headers = {**kwargs.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        call = getattr(self, method.lower())
        return call(path, data, content_type="application/json", headers=headers, **kwargs)

    def upload(self, path: str, data: Any) -> Any:
        return super().post(f"/api/v1{path}", data)


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem that a response tells, checked to be one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["status"] == status
    assert told["code"] == code, told
    assert told["type"] == f"urn:helpdesk:problem:{code}"
    assert told["title"]
    assert told["detail"]
    return told
