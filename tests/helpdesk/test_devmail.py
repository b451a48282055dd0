from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from helpdesk.devmail import inbox

pytestmark = [pytest.mark.urls("tests.helpdesk.devmail_urls"), pytest.mark.django_db]
BACKEND = "helpdesk.devmail.backend.DevMailBackend"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.DEV_INBOX_DIR = tmp_path / "mail"
    return tmp_path / "mail"


def send(
    subject: str = "您的工单", to: str = "guest@example.com", html: str = "<p>你好</p>", **more: object
) -> None:
    message = EmailMultiAlternatives(subject, "你好,世界", "desk@example.com", [to], **more)  # type: ignore[arg-type]
    message.attach_alternative(html, "text/html")
    message.connection = get_connection(BACKEND)
    assert message.send() == 1


def test_newest_first(client: Client) -> None:
    send("first")
    send("second")
    page = client.get("/dev/mail/").content.decode()
    assert page.index("second") < page.index("first")


def test_search_by_address(client: Client) -> None:
    send("hers", to="Hui@example.com")
    send("his", to="bo@example.com")
    page = client.get("/dev/mail/?q=hui@").content.decode()
    assert "hers" in page
    assert "his<" not in page


def test_the_message_with_its_headers(client: Client) -> None:
    send(headers={"Message-ID": "<t1@desk>"}, bcc=["hidden@example.com"])
    page = client.get(f"/dev/mail/{inbox.newest()[0].name}/").content.decode()
    for part in ("您的工单", "你好,世界", "&lt;t1@desk&gt;", "guest@example.com, hidden@example.com"):
        assert part in page


def test_the_html_is_locked_in(client: Client) -> None:
    send(html="<script>steal()</script><img src='https://elsewhere.example/x'>")
    response = client.get(f"/dev/mail/{inbox.newest()[0].name}/html/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("name", ["no-such-mail", "..%2F..%2Fsettings", "0" * 20 + "-00000000"])
def test_other_files_are_out_of_reach(client: Client, name: str) -> None:
    assert client.get(f"/dev/mail/{name}/").status_code == 404


def test_a_mail_that_is_being_written_is_not_shown(client: Client, folder: Path) -> None:
    send("whole")
    (folder / f".{'1' * 20}-aaaaaaaa.part").write_text("Subject: half")
    assert [mail.subject for mail in inbox.newest()] == ["whole"]


def test_empty(client: Client) -> None:
    assert client.get("/dev/mail/").status_code == 200
