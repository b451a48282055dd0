"""The pages of webhooks: addresses that lead nowhere inside, a key that is shown to a click, a call to try it out."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from accounts.models import User
from tests.receiver import Receiver
from tests.tickets.admin.test_configuration import save
from tests.tickets.admin.test_pages import address, browser
from tests.tickets.hooks import caused, hook, receiver
from tickets.choices import MailState
from tickets.models import OutboxCall, Webhook
from tickets.rules.webhooks import written_key

__all__ = ["hook", "receiver"]
HERE = "https://hooks.example.com/take"


def page(user: User, name: str, webhook: Webhook, **said: str) -> tuple[int, str]:
    client, url = browser(user), address("tickets.webhook", name, webhook.pk)
    response = client.post(url, said, follow=True) if said else client.get(url)
    return response.status_code, response.content.decode()


def key_on(html: str) -> str:
    return "".join(re.findall(r"whsec_[\w+/=]+", html))


class TestAddresses:
    def test_it_works(self, administrator: User) -> None:
        said = {"name": "Pager", "url": f" {HERE} ", "is_active": "on"}
        assert save(administrator, "tickets.webhook", said) == (302, "")
        assert Webhook.objects.get().url == HERE

    @pytest.mark.parametrize(
        ("url", "words"),
        [
            ("http://hooks.example.com/", "must begin with https"),
            ("hooks.example.com", "must begin with https"),
            ("https://", "This is no address"),
            ("https://me:secret@hooks.example.com/", "Leave name and password out"),
            ("https://hooks.example.com:22/", "Only the ports 443 and 8443"),
            ("https://169.254.169.254/", "private or reserved network"),
            ("https://[::1]/", "private or reserved network"),
            ("", "required"),
        ],
    )
    def test_others_are_told_at_the_field(self, administrator: User, url: str, words: str) -> None:
        status, told = save(administrator, "tickets.webhook", {"name": "Pager", "url": url})
        assert status == 200
        assert words in told
        assert not Webhook.objects.exists()

    def test_for_trials_on_one_machine(self, administrator: User, settings: Any) -> None:
        settings.WEBHOOK_ALLOW_PRIVATE = True
        said = {"name": "Pager", "url": "http://localhost:9000/"}
        assert save(administrator, "tickets.webhook", said) == (302, "")


class TestKey:
    def test_it_is_shown_to_a_click(self, administrator: User, hook: Webhook) -> None:
        assert key_on(page(administrator, "change", hook)[1]) == ""
        status, html = page(administrator, "signing_key", hook)
        assert (status, key_on(html)) == (200, "")
        client = browser(administrator)
        response = client.post(address("tickets.webhook", "signing_key", hook.pk))
        assert key_on(response.content.decode()) == written_key(hook.key)
        assert "no-store" in response["Cache-Control"]

    def test_a_new_one(self, administrator: User, hook: Webhook) -> None:
        before = hook.key
        _status, html = page(administrator, "signing_key", hook, renew="1")
        assert "A new key signs from now on" in html
        assert key_on(html) == ""
        assert Webhook.objects.get().key != before

    def test_looking_changes_nothing(self, administrator: User, hook: Webhook) -> None:
        browser(administrator).get(address("tickets.webhook", "signing_key", hook.pk), {"renew": "1"})
        assert Webhook.objects.get().key_version == 1

    @pytest.mark.parametrize("who", ["agent", "lead", "manager", "officer"])
    def test_nobody_else(self, who: str, hook: Webhook, request: pytest.FixtureRequest) -> None:
        user = request.getfixturevalue(who)
        for name in ("change", "signing_key", "try_out"):
            for said in ({}, {"renew": "1"}):
                status, html = page(user, name, hook, **said)
                assert status in (403, 404), (name, status)
                assert key_on(html) == ""
        assert Webhook.objects.get().key_version == 1
        assert not OutboxCall.objects.exists()

    def test_no_such_webhook(self, administrator: User, hook: Webhook) -> None:
        url = address("tickets.webhook", "signing_key", hook.pk + 1)
        assert browser(administrator).post(url).status_code == 404


class TestTryingOut:
    def test_it_works(self, administrator: User, hook: Webhook, receiver: Receiver) -> None:
        assert "Make the test call" in page(administrator, "try_out", hook)[1]
        assert receiver.heard == [], "looking calls nobody"
        _status, html = page(administrator, "try_out", hook, go="1")
        assert "The receiver took the call: HTTP 200." in html
        assert "thank you" in html
        assert json.loads(receiver.heard[0].body)["type"] == "ping"

    def test_what_it_says_is_shown_as_text(
        self, administrator: User, hook: Webhook, receiver: Receiver
    ) -> None:
        receiver.said = b"<script>alert(1)</script>"
        html = page(administrator, "try_out", hook, go="1")[1]
        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html

    def test_trouble_is_told(self, administrator: User, hook: Webhook, receiver: Receiver) -> None:
        receiver.status, receiver.said = 401, b"bad signature"
        html = page(administrator, "try_out", hook, go="1")[1]
        assert "The call did not come through." in html
        assert "HTTP 401: bad signature" in html
        Webhook.objects.update(url="http://127.0.0.1:9/")
        assert "No connection could be made." in page(administrator, "try_out", hook, go="1")[1]


class TestCalls:
    def test_a_failed_call_is_told_and_tried_again(self, administrator: User, hook: Webhook) -> None:
        call = caused(hook)
        error = "not_public: 10.0.0.1"
        OutboxCall.objects.update(state=MailState.FAILED, attempts=18, last_error=error)
        client = browser(administrator)
        html = client.get(address("tickets.outboxcall")).content.decode()
        assert "private or reserved network, which is never called. (10.0.0.1)" in html
        client.post(address("tickets.outboxcall"), {"action": "retry_all", "_selected_action": [call.pk]})
        call.refresh_from_db()
        assert (call.state, call.attempts) == (MailState.QUEUED, 0)

    def test_from_its_page(self, administrator: User, hook: Webhook) -> None:
        call = caused(hook)
        OutboxCall.objects.update(state=MailState.FAILED, last_error="switched_off")
        client = browser(administrator)
        html = client.get(address("tickets.outboxcall", "change", call.pk)).content.decode()
        assert "The webhook is switched off." in html
        assert "Try again" in html
        client.get(address("tickets.outboxcall", "retry", call.pk))
        assert OutboxCall.objects.get().state == MailState.QUEUED

    def test_nobody_else(self, manager: User, hook: Webhook) -> None:
        call = caused(hook)
        OutboxCall.objects.update(state=MailState.FAILED)
        assert browser(manager).get(address("tickets.outboxcall", "retry", call.pk)).status_code == 403
        assert OutboxCall.objects.get().state == MailState.FAILED

    def test_the_readers_language(self, administrator: User, hook: Webhook) -> None:
        caused(hook)
        OutboxCall.objects.update(last_error="tls: SSLError: x")
        client = browser(administrator)
        html = client.get(
            address("tickets.outboxcall"), headers={"accept-language": "zh-CN"}
        ).content.decode()
        assert "SSLError: x" in html
