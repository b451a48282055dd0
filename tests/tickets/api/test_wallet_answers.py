"""The door by which a wallet core says by itself what became of an act."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Brand, User
from helpdesk.lib import clock
from tests.wallet import AskFor, again, ask_for, known_customer, make_core
from tickets import actors
from tickets.actions import wallet_hearing
from tickets.actions.wallet_approving import approve
from tickets.choices import ActState, EventKind, MailPurpose
from tickets.gateways.wallet_core.sandbox import sandbox_secret
from tickets.gateways.wallet_core.signing import Signer
from tickets.models import Event, OutboxMail, SensitiveAct, WalletCore, WalletNonce

__all__ = ["ask_for", "known_customer"]
S = ActState
SALT = "c" * 32


@pytest.fixture
def core(brand: Brand) -> WalletCore:
    return make_core(brand, "https://core.example.com")


@pytest.fixture
def act(ask_for: AskFor, lead: User, core: WalletCore) -> SensitiveAct:
    asked = ask_for()
    return approve(asked, content_hash=asked.content_hash, by=actors.staff(lead))


def post(
    about: SensitiveAct, /, *, nonce: str = SALT, key_id: str = "sandbox-btp", at: int = 0, **changed: Any
) -> Any:
    said = {"act": str(about.key), "content_hash": about.content_hash, "state": "done", "reference": "R-1"}
    body = json.dumps(said | changed).encode()
    signer = Signer(key_id, sandbox_secret(key_id))
    at = at or int(clock.now().timestamp())
    headers = signer.call_back(at=at, nonce=nonce, body=body)
    return Client().post("/wallet/answers/", body, content_type="application/json", headers=headers)


def test_it_works(act: SensitiveAct) -> None:
    response = post(act)
    assert (response.status_code, response.json()) == (202, {"news": True})
    assert again(act).state == S.DONE


def test_replayed(act: SensitiveAct) -> None:
    """The same bytes, and the same word under another nonce: one effect, one mail."""
    answers = [post(act), post(act), post(act, nonce="d" * 32), post(act, nonce="e" * 32, state="refused")]
    assert [answer.json() for answer in answers] == [{"news": True}, *[{"news": False}] * 3]
    assert again(act).state == S.DONE
    assert Event.objects.filter(kind=EventKind.ACT_DONE).count() == 1
    assert OutboxMail.objects.filter(purpose=MailPurpose.ACT).count() == 1


def test_pending_is_no_news(act: SensitiveAct) -> None:
    assert post(act, state="pending").json() == {"news": False}
    assert post(act, nonce="d" * 32).json() == {"news": True}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"key_id": "sandbox-bobao"}, 403),
        ({"at": 1_770_000_000}, 403),
        ({"nonce": "short"}, 403),
        ({"content_hash": "0" * 64}, 422),
        ({"state": "fine"}, 422),
        ({"act": "00000000-0000-4000-8000-000000000000"}, 404),
        ({"act": 7}, 404),
        ({"act": "x"}, 404),
    ],
)
def test_what_is_not_believed(changed: dict[str, Any], status: int, act: SensitiveAct) -> None:
    assert post(act, **changed).status_code == status
    assert (again(act).state, WalletNonce.objects.count()) == (S.APPROVED, 0)


def test_the_act_of_another_brands_wallet(act: SensitiveAct, other_brand: Brand) -> None:
    make_core(other_brand, "https://other.example.com")
    assert post(act, key_id="sandbox-bobao").status_code == 404


def test_a_wallet_that_is_switched_off_is_not_heard(act: SensitiveAct) -> None:
    WalletCore.objects.update(is_active=False)
    assert post(act).status_code == 403


def test_whoever_guesses_signatures_is_not_listened_to(act: SensitiveAct) -> None:
    statuses = [post(act, key_id="guess").status_code for _turn in range(21)]
    assert (set(statuses[:20]), statuses[20]) == ({403}, 429)


def test_too_long_and_not_posted(db: None) -> None:
    assert Client().get("/wallet/answers/").status_code == 405
    assert (
        Client().post("/wallet/answers/", b" " * 20_000, content_type="application/json").status_code == 413
    )


def test_old_nonces_are_forgotten(act: SensitiveAct) -> None:
    with clock.frozen(clock.now() - wallet_hearing.KEPT - wallet_hearing.KEPT):
        post(act, at=int(clock.now().timestamp()))
    post(act, nonce="d" * 32)
    assert wallet_hearing.forget_old() == 1
