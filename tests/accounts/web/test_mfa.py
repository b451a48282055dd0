"""Seeds of second factors lie sealed, and those that were written in clear before still work."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.db import connection

from accounts.models import User
from accounts.web.mfa import MFAAdapter
from helpdesk.lib import sealed

pytestmark = pytest.mark.django_db


def _stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def _code(secret: str) -> str:
    return str(auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time()))))


def test_what_is_set_up_lies_sealed_and_works(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = auth.generate_totp_secret()
    monkeypatch.setattr(RecoveryCodes, "generate_seed", staticmethod(lambda: "5eed" * 20))
    totp, codes = TOTP.activate(agent, secret), RecoveryCodes.activate(agent)
    assert secret not in _stored()
    assert "5eed" not in _stored()
    kept = Authenticator.objects.get(pk=totp.instance.pk)
    assert TOTP(kept).validate_code(_code(secret))
    first, *others = codes.get_unused_codes()
    again = RecoveryCodes(Authenticator.objects.get(pk=codes.instance.pk))
    assert again.validate_code(first)
    assert again.get_unused_codes() == others


def test_a_plain_one_still_works_and_is_sealed_by_the_migration(agent: User) -> None:
    secret = auth.generate_totp_secret()
    row = Authenticator.objects.create(user=agent, type=Authenticator.Type.TOTP, data={"secret": secret})
    plain = {"migrated_codes": ["12345678"], "used_mask": 0}
    Authenticator.objects.create(user=agent, type=Authenticator.Type.RECOVERY_CODES, data=plain)
    assert TOTP(row).validate_code(_code(secret))
    migration = importlib.import_module("accounts.migrations.0012_hard")
    for _twice in range(2):
        migration.seal(apps, None)
    assert secret not in _stored()
    assert "12345678" not in _stored()
    row.refresh_from_db()
    assert MFAAdapter().decrypt(row.data["secret"]) == secret
    migration.unseal(apps, None)
    row.refresh_from_db()
    assert row.data["secret"] == secret


def test_without_its_key_it_lets_nobody_in(agent: User, settings: Any) -> None:
    secret = auth.generate_totp_secret()
    totp = TOTP.activate(agent, secret)
    settings.MAIL_KEYS = ["another key that seals nothing of before"]
    with pytest.raises(sealed.Unreadable):
        totp.validate_code(_code(secret))
