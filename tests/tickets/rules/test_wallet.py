"""What sensitive acts need, what is a good answer, which fingerprint it has, and who may decide: tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.choices import VerificationLevel
from helpdesk.lib.errors import DomainError, Invalid
from tickets.choices import OPEN_ACT_STATES, ActKind, ActReason, ActState
from tickets.rules.wallet import NEEDS, Policy, Threshold, terms
from tickets.rules.wallet_content import Belongs, Content, checked, differences, fingerprint
from tickets.rules.wallet_states import FOLLOWS, Standing, check_approval, may_follow
from tickets.rules.wallet_words import masked

K, L, S = ActKind, VerificationLevel, ActState
CNY = (Threshold("CNY", Decimal(0), 1), Threshold("CNY", Decimal(500), 2), Threshold("CNY", Decimal(5000), 3))
POLICY = Policy(L.CONTACT, 1, 24, CNY)


@pytest.mark.parametrize(
    ("kind", "policy", "amount", "currency", "level", "approvals"),
    [
        (K.FREEZE, None, None, "", L.NONE, 0),
        # No policy slows down a freeze.
        (K.FREEZE, Policy(L.IN_PERSON, 3, 1), None, "", L.NONE, 0),
        (K.UNFREEZE, None, None, "", L.DOCUMENT, 1),
        # Less than the table is not to be had.
        (K.UNFREEZE, Policy(L.NONE, 0, 24), None, "", L.DOCUMENT, 1),
        (K.UNFREEZE, Policy(L.IN_PERSON, 2, 24), None, "", L.IN_PERSON, 2),
        (K.OVERRIDE_KYC, None, None, "", L.DOCUMENT, 2),
        (K.REFUND, POLICY, "0.01", "CNY", L.CONTACT, 1),
        (K.REFUND, POLICY, "499.99999999", "CNY", L.CONTACT, 1),
        (K.REFUND, POLICY, "500", "CNY", L.CONTACT, 2),
        (K.REFUND, POLICY, "4999", "CNY", L.CONTACT, 2),
        (K.REFUND, POLICY, "5000", "CNY", L.CONTACT, 3),
        # A currency that nobody thought of counts as a large amount.
        (K.REFUND, POLICY, "0.01", "BTC", L.CONTACT, 2),
        (K.REFUND, None, "1", "CNY", L.CONTACT, 2),
        (K.REFUND, Policy(L.CONTACT, 9, 24), "1", "CNY", L.CONTACT, 5),
    ],
)
def test_terms(
    kind: ActKind,
    policy: Policy | None,
    amount: str | None,
    currency: str,
    level: VerificationLevel,
    approvals: int,
) -> None:
    found = terms(kind, policy, amount=Decimal(amount) if amount else None, currency=currency)
    assert (found.level, found.approvals) == (level, approvals)


def test_every_kind_is_in_the_table_and_only_a_freeze_is_immediate() -> None:
    assert set(NEEDS) == set(ActKind)
    assert [kind for kind, needs in NEEDS.items() if needs.is_immediate] == [K.FREEZE]
    assert all(needs.life > timedelta(0) and needs.reasons for needs in NEEDS.values())


ANSWERS: dict[str, Any] = {
    "account": "BTP-10023456",
    "reason_code": "charged_twice",
    "amount": {"amount": "12.50", "currency": "CNY"},
    "transaction": "TX2026030112",
}


def test_answers() -> None:
    content = checked(K.REFUND, ANSWERS | {"more": "is dropped"})
    assert content == Content(
        K.REFUND,
        "BTP-10023456",
        ActReason.CHARGED_TWICE,
        amount=Decimal("12.50"),
        currency="CNY",
        details={"transaction": "TX2026030112"},
    )


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"account": ""}, ["account"]),
        ({"account": "a b"}, ["account"]),
        ({"amount": None}, ["amount"]),
        ({"amount": {"amount": "1.123456789", "currency": "BTC"}}, ["amount"]),
        ({"amount": {"amount": "1e9", "currency": "BTC"}}, ["amount"]),
        ({"transaction": None, "reason_code": ""}, ["transaction", "reason_code"]),
        ({"reason_code": "other"}, ["reason"]),
        ({"reason": "x" * 1001}, ["reason"]),
        ({"reason_code": "new_number"}, ["reason_code"]),
    ],
)
def test_wrong_answers(changed: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        checked(K.REFUND, ANSWERS | changed)
    assert list(refused.value.fields) == fields


CONTENT = Content(K.REFUND, "A-1", ActReason.FRAUD, "why", Decimal("12.5"), "CNY", {"transaction": "T"})
BELONGS = Belongs("key", "btp", "ABC", 7, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": K.UNFREEZE},
        {"account": "A-2"},
        {"reason_code": ActReason.OTHER},
        {"reason": "why not"},
        {"amount": Decimal("12.51")},
        {"amount": None},
        {"currency": "USD"},
        {"details": {"transaction": "U"}},
    ],
)
def test_another_content_has_another_fingerprint(changed: dict[str, Any]) -> None:
    assert fingerprint(replace(CONTENT, **changed), BELONGS) != fingerprint(CONTENT, BELONGS)


@pytest.mark.parametrize(
    "changed", [{"key": "k"}, {"brand": "x"}, {"ticket": "x"}, {"customer": 8}, {"revision": 2}]
)
def test_an_approval_holds_for_nothing_else(changed: dict[str, Any]) -> None:
    assert fingerprint(CONTENT, replace(BELONGS, **changed)) != fingerprint(CONTENT, BELONGS)


@given(st.decimals(min_value=0, max_value=10**15, places=8, allow_nan=False).filter(bool))
def test_idle_zeros_change_nothing(amount: Decimal) -> None:
    again = Decimal(f"{amount:.8f}")
    assert fingerprint(replace(CONTENT, amount=amount), BELONGS) == fingerprint(
        replace(CONTENT, amount=again), BELONGS
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_words_do_not_run_into_one_another(account: str, reason: str) -> None:
    """What stands in one field cannot be made to look as if it stood in the next."""
    one = replace(CONTENT, account=account + reason, reason="")
    other = replace(CONTENT, account=account, reason=reason)
    assert (fingerprint(one, BELONGS) == fingerprint(other, BELONGS)) == (reason == "")


def test_differences() -> None:
    after = replace(CONTENT, account="B-12345678", amount=Decimal(13), reason="other words")
    assert differences(CONTENT, after) == {
        "amount": ["12.5 CNY", "13 CNY"],
        "account": ["…1", "…5678"],
        "reason": ["", ""],
    }
    assert differences(CONTENT, CONTENT) == {}


@pytest.mark.parametrize(
    ("changed", "person", "seen", "code"),
    [
        ({}, 3, "h", None),
        ({}, 1, "h", "not_yours_to_approve"),
        ({}, 2, "h", "not_yours_to_approve"),
        ({"voucher": 3}, 3, "h", "not_yours_to_approve"),
        ({"voucher": 1}, 3, "h", None),
        ({"owners": frozenset({3})}, 3, "h", "not_yours_to_approve"),
        ({"approvers": frozenset({3})}, 3, "h", "act_decided"),
        ({"state": S.EXPIRED}, 3, "h", "act_decided"),
        ({"state": S.DONE}, 1, "h", "not_yours_to_approve"),
        ({}, 3, "", "act_changed"),
        ({}, 3, "H", "act_changed"),
        ({"requester": None, "last_contact_changer": None}, 3, "h", None),
    ],
)
def test_who_may_approve(changed: dict[str, Any], person: int, seen: str, code: str | None) -> None:
    standing = replace(Standing(S.REQUESTED, "h", requester=1, last_contact_changer=2), **changed)
    if code is None:
        check_approval(standing, person=person, seen=seen)
        return
    with pytest.raises(DomainError) as refused:
        check_approval(standing, person=person, seen=seen)
    assert refused.value.code == code


def test_whose_approvals_count() -> None:
    standing = Standing(S.REQUESTED, "h", 1, None, frozenset({3, 4}))
    assert standing.counted == {3, 4}
    assert replace(standing, voucher=3).counted == {4}
    assert replace(standing, owners=frozenset({4})).counted == {3}


def test_an_end_is_an_end() -> None:
    assert set(FOLLOWS) == set(ActState)
    for state, after in FOLLOWS.items():
        assert bool(after) == (state in OPEN_ACT_STATES)
        assert S.REQUESTED not in after, "an approval is not taken back"
    # What may have had its effect cannot be called off.
    for sent in (S.SENDING, S.UNKNOWN):
        assert not any(may_follow(sent, over) for over in (S.REFUSED, S.WITHDRAWN))


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        ("BTP-10023456", "…3456"),
        ("+8613800138000", "…8000"),
        ("abcd", "…d"),
        ("abc", "…c"),
        ("wang@example.com", "w…@example.com"),
    ],
)
def test_masked(account: str, shown: str) -> None:
    assert masked(account) == shown
