import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk import env
from helpdesk.lib.environment import Refused

PRODUCTION = {
    "HELPDESK_ENV": "production",
    "SECRET_KEY": "k3Zr8vQ1mXw7bT5nYc2pLs9dHf4gJa6eRu0iOoKtVyBxNzWqMl",
    "ALLOWED_HOSTS": "help.example.com",
    "DATABASE_URL": "postgres://helpdesk:secret@db:5432/helpdesk",
    "REDIS_URL": "redis://redis:6379/0",
    "SMTP_URL": "smtp://mail.example.com:587?tls=starttls",
    "PUBLIC_URL": "https://help.example.com",
    "MAIL_KEYS": "Qm8sVx2LpZ7cNf4RtB9wKd1HyJ6gUa3E",
    "AUDIT_KEYS": "Yt5nGw8RkQ2vLx7PcZ4bMs9HdJ6fTa3U",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in env.names():
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> env.Environment:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return env.read()


def test_a_laptop_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values = read(monkeypatch)
    assert (values.mode, values.debug, values.staff_mfa_required) == ("development", True, False)
    assert values.public_url == "http://localhost:8000"


def test_live_updates_have_a_port_beside_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, PORT="9000").realtime_port == 9001
    assert read(monkeypatch, PORT="65535").realtime_port == 65534
    assert read(monkeypatch, PORT="9000", REALTIME_PORT="7000", REALTIME_URL="off").realtime_port == 7000


def test_the_keys_of_before_come_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    old, older = "o" * 25 + "p" * 25, "q" * 25 + "r" * 25
    values = read(monkeypatch, **PRODUCTION, SECRET_KEY_FALLBACKS=f"{old},{older}")
    assert values.secret_key_fallbacks == [old, older]
    # A desk that ran without AUDIT_KEYS: its log was signed by the secret key, which stays behind the new one.
    keys = f"{PRODUCTION['AUDIT_KEYS']},{PRODUCTION['SECRET_KEY']}"
    assert read(monkeypatch, **PRODUCTION | {"AUDIT_KEYS": keys}).audit_keys == keys.split(",")


def test_production_with_all_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    values = read(monkeypatch, **PRODUCTION)
    assert (values.debug, values.staff_mfa_required) == (False, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", env.DEVELOPMENT_SECRET),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("DEBUG", "true"),
        ("ALLOWED_HOSTS", ""),
        ("DATABASE_URL", ""),
        ("REDIS_URL", ""),
        ("SMTP_URL", ""),
        ("PUBLIC_URL", ""),
        ("WEBHOOK_ALLOW_PRIVATE", "true"),
        ("MAIL_KEYS", ""),
        ("MAIL_KEYS", "short"),
        ("MAIL_KEYS", f"Qm8sVx2LpZ7cNf4RtB9wKd1HyJ6gUa3E,{'a' * 40}"),
        ("MAIL_HTTP_SECRET", "short"),
        ("AUDIT_KEYS", ""),
        ("AUDIT_KEYS", "short"),
        ("AUDIT_KEYS", "k3Zr8vQ1mXw7bT5nYc2pLs9dHf4gJa6eRu0iOoKtVyBxNzWqMl"),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("SECRET_KEY_FALLBACKS", env.DEVELOPMENT_SECRET),
        ("REALTIME_URL", "ws://live.example.com/ws/"),
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(Refused) as refused:
        read(monkeypatch, **PRODUCTION | {name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("HELPDESK_ENV", "prod", "give one of development, production, test"),
        ("PORT", "http", "give digits only"),
        ("PORT", "70000", "give a number from 1 to 65535"),
        ("DEBUG", "maybe", "give true or false"),
        ("DATABASE_URL", "mysql://db/x", "it must read postgres://"),
        ("DATABASE_URL", "postgres://db:port/x", "it must read postgres://"),
        ("DATABASE_URL", "postgres://db", "the database's name is missing"),
        ("REDIS_URL", "localhost:6379", "it must read redis://"),
        ("PUBLIC_URL", "help.example.com", "it must read http://"),
        ("REALTIME_URL", "https://live.example.com", "it must read ws://"),
        ("SMTP_URL", "smtp://mail?tls=yes", "give tls=none, tls=starttls or tls=ssl"),
        ("SMTP_URL", "smtp://:25", "the host is missing"),
        ("TIME_ZONE", "Peking", "give a name such as"),
        ("LOG_LEVEL", "loud", "give one of DEBUG"),
        ("ATTACHMENT_MAX_MB", "0", "give a number from 1 to 100"),
        ("AUTO_CLOSE_DAYS", "7.5", "give digits only"),
        ("MAIL_SERVER_PEERS", "10.0.0.0/8,relay", "'relay' is no network; write 10.0.0.0/8"),
    ],
)
def test_nonsense_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(monkeypatch, **{name: value})
    line = str(refused.value)
    assert line.startswith(f"{name}: ")
    assert mend in line
    assert "\n" not in line


def test_several_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as refused:
        read(monkeypatch, PORT="x", DEBUG="x")
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["DEBUG", "PORT"]


def test_empty_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, PORT="", LOG_LEVEL=" ").port == 8000


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "key").write_text("from-a-file\n")
    assert read(monkeypatch, SECRET_KEY_FILE=str(tmp_path / "key")).secret_key == "from-a-file"


def test_the_command_line_says_it_without_a_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=env.BASE_DIR,
        env=dict(os.environ) | {"PORT": "eighty"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == "PORT: this is not a whole number; give digits only, such as 10\n"


def test_cookies_of_production_are_this_host_s_alone(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LD_LIBRARY_PATH"}}
    environment = (
        kept | PRODUCTION | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    )
    code = """if True:
        import django; django.setup()
        from django.conf import settings as s
        from accounts.web import brands, theme
        from helpdesk.lib.messages import Storage
        print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, theme.COOKIE, brands.COOKIE,
              Storage.storage_classes[0].cookie_name)
        print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN)
    """
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=env.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    names, rest = told.stdout.splitlines()
    assert [name for name in names.split() if not name.startswith("__Host-")] == []
    assert rest == "True True / None", "else browsers do not take such a name"


def test_django_finds_nothing_to_say_about_a_deployment(tmp_path: Path) -> None:
    """``check --deploy``, with what a production needs and nothing more."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LD_LIBRARY_PATH"}}
    environment = kept | PRODUCTION | {"VAR_DIR": str(tmp_path), "TRUSTED_PROXIES": "1"}
    words = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"]
    found = subprocess.run(
        words, cwd=env.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "no issues (0 silenced)" in found.stdout
