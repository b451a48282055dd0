"""docs/audit.md describes every kind of entry; docs/least-data.md names the numbers that hold."""

from __future__ import annotations

from accounts.choices import AuditKind
from accounts.queries.reveals import SHOWN_SECONDS
from accounts.rules.masking import mask_email, mask_phone
from helpdesk.env import BASE_DIR


def test_every_kind_is_described() -> None:
    text = (BASE_DIR / "docs" / "audit.md").read_text(encoding="utf-8")
    assert [kind.value for kind in AuditKind if f"`{kind.value}`" not in text] == []


def test_least_data_says_what_holds() -> None:
    text = (BASE_DIR / "docs" / "least-data.md").read_text(encoding="utf-8")
    assert f"`{mask_email('wang@example.com')}`" in text
    assert f"`{mask_phone('+8613800138000')}`" in text
    assert SHOWN_SECONDS == 300
    assert "for five minutes" in text
