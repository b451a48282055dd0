"""The ground of all tests: engines of their own in a temporary folder, never the user's.

Under pytest-xdist each worker has a database and Redis databases to itself, on engines that they share.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from helpdesk import embedded
from helpdesk import env as environment
from helpdesk.lib.redis_urls import with_database
from tests.network import stay_on_this_machine

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _clean_environment() -> Path:
    """Nothing that the developer has set for `make up` may leak into the tests. Runs before settings are read."""
    var_dir = Path(os.environ["VAR_DIR"] if WORKER else tempfile.mkdtemp(prefix="helpdesk-test-"))
    for name in environment.names():
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
    os.environ["HELPDESK_ENV"] = "test"
    os.environ["VAR_DIR"] = str(var_dir)
    os.environ["MEDIA_ROOT"] = str(var_dir / f"media-{WORKER or 'main'}")
    # Two Redis databases for each worker: queue and cache.
    number = 2 * int(WORKER.removeprefix("gw")) + 2 if WORKER else 0
    os.environ["REDIS_URL"] = with_database(embedded.redis_url(var_dir), number)
    return var_dir


VAR_DIR = _clean_environment()
# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI judges a change by the same draws as the one before it; by hand, each run draws anew.
settings.register_profile("repeatable", settings.get_profile("unhurried"), derandomize=True)
settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    stay_on_this_machine()
    if not WORKER:
        VAR_DIR.chmod(0o711)  # as root, PostgreSQL runs as somebody else and must pass through
        from helpdesk.lib import translations

        translations.compile_catalogs(environment.BASE_DIR / "locale")
    embedded.attach(VAR_DIR, ephemeral=True)
    import django

    django.setup()
    config.pluginmanager.import_plugin("tests.cast")  # its models need the settings
    config.pluginmanager.import_plugin("tests.planted")
    if not WORKER:
        # Inherited, it would make pytest-django read the settings in an xdist worker before this file has chosen the
        # worker's own Redis databases.
        os.environ.pop("DJANGO_SETTINGS_MODULE")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not WORKER:
        embedded.release(VAR_DIR)
        shutil.rmtree(VAR_DIR, ignore_errors=True)


def chromium_path() -> str | None:
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium_path() is None:
        reason = pytest.mark.skip(reason="no Chromium on the PATH")
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser, for Playwright's executable_path."""
    return chromium_path() or pytest.skip("no Chromium on the PATH")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests with real transactions empty every table afterwards, which the audit log refuses to anybody else."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("accounts_auditentry", "accounts_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_no_truncate")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and other counts live in the cache: one test's must not reach the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def fresh_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """``force_login`` stands for a log-in a moment ago: what is dangerous does not ask again."""
    from django.test import Client

    from tests.cast import confirm

    forced = Client.force_login

    def and_confirmed(self: Client, *args: object, **kwargs: object) -> None:
        forced(self, *args, **kwargs)  # type: ignore[arg-type]
        confirm(self)

    monkeypatch.setattr(Client, "force_login", and_confirmed)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request leaves its language behind: no test begins with that of the one before."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def in_english() -> Iterator[None]:
    """What the desk says by itself is said in English."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def process_env() -> dict[str, str]:
    """The environment for a child process (a Celery worker, say) that is to see this test's database and queue.

    The test needs committed rows for that: @pytest.mark.django_db(transaction=True).
    """
    from django.db import connection

    name = connection.settings_dict["NAME"]
    database = embedded.database_url(VAR_DIR).replace("/helpdesk?", f"/{name}?")
    return dict(os.environ) | {"DATABASE_URL": database}
