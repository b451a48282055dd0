"""Acts are carried out by a real sandbox wallet on a port: whatever goes wrong on the way, each has its effect once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.actions import contact_changes
from accounts.choices import AuditKind, ContactWay
from accounts.models import AuditEntry, User, Verification
from helpdesk.lib import clock
from tests.tickets.delivery.test_broken_off import Killed, killed_after, killed_before
from tests.wallet import (
    ACCOUNT,
    AskFor,
    again,
    ask_for,
    core,
    known_customer,
    make_due,
    vouch,
    wallet,
)
from tickets import actors
from tickets.actions import wallet_sending
from tickets.actions.wallet import freeze_now, withdraw
from tickets.actions.wallet_approving import approve
from tickets.choices import ActState, EventKind, MailPurpose, NoticeKind
from tickets.delivery import wallet as delivery
from tickets.gateways.wallet_core.over_http import HttpGateway
from tickets.gateways.wallet_core.sandbox_server import Server
from tickets.models import Event, Notice, OutboxMail, SensitiveAct, Ticket, WalletCommand, WalletCore
from tickets.rules.wallet_states import Decided

__all__ = ["ask_for", "core", "known_customer", "wallet"]
pytestmark = pytest.mark.django_db
S = ActState
LONG = timedelta(minutes=6)


@pytest.fixture
def approved(ask_for: AskFor, lead: User, core: WalletCore) -> Callable[..., SensitiveAct]:
    def make(word: str = "good") -> SensitiveAct:
        act = ask_for(account=f"BTP-1002-{word}")
        return approve(act, content_hash=act.content_hash, by=actors.staff(lead))

    return make


Approved = Callable[..., SensitiveAct]


def effects(wallet: Server) -> int:
    return int(wallet.sandbox.told()["effects"])


def deliver_until_over(act: SensitiveAct, *, rounds: int = 4, **past: timedelta) -> SensitiveAct:
    for _turn in range(rounds):
        delivery.deliver()
        make_due(**past)
    return again(act)


def test_it_works(approved: Approved, wallet: Server, ticket: Ticket, agent: User) -> None:
    act = approved()
    assert delivery.deliver() == 1
    act = again(act)
    assert (act.state, act.command.state, effects(wallet)) == (S.DONE, "sent", 1)
    reference = (act.command.answer or {})["reference"]
    assert reference.startswith("SBX-")
    assert wallet.sandbox.accounts["BTP-1002-good"] == {"frozen": False, "log": ["unfreeze"]}
    done = Event.objects.get(ticket=ticket, kind=EventKind.ACT_DONE)
    assert done.data["reference"] == reference
    [sent, told] = AuditEntry.objects.filter(kind__in=[AuditKind.ACT_SENT, AuditKind.ACT_DONE]).order_by("pk")
    assert (sent.kind, told.kind) == (AuditKind.ACT_SENT, AuditKind.ACT_DONE)
    assert OutboxMail.objects.get(purpose=MailPurpose.ACT).context == {"act": str(act.key)}
    last = Notice.objects.filter(kind=NoticeKind.ACT_DECIDED).latest("pk")
    assert (last.person, last.event) == (agent, done)
    make_due()
    assert delivery.deliver() == 0


@pytest.mark.parametrize(
    ("account", "state", "ending"),
    [
        ("BTP-20240002", S.FAILED, "not_holder"),
        ("btp-20240002", S.FAILED, "not_holder"),
        ("nobody.here@example.org", S.FAILED, "not_holder"),
        ("+8613800138000", S.FAILED, "not_holder"),
        ("WANG@example.com", S.DONE, ""),
        ("BTP-2024", S.DONE, ""),
    ],
)
def test_the_wallet_asks_whose_account_it_is(
    ask_for: AskFor, lead: User, core: WalletCore, wallet: Server, account: str, state: str, ending: str
) -> None:
    """Nobody but the core knows for sure."""
    act = ask_for(account=account)
    approve(act, content_hash=act.content_hash, by=actors.staff(lead))
    delivery.deliver()
    assert (again(act).state, again(act).ending, effects(wallet)) == (state, ending, int(state == S.DONE))


def test_the_wallet_freezes_for_anybody(
    ticket: Ticket, agent: User, core: WalletCore, wallet: Server
) -> None:
    act = freeze_now(ticket, account="BTP-20240002", by=actors.staff(agent), reason="Stolen")
    delivery.deliver()
    assert (again(act).state, effects(wallet)) == (S.DONE, 1)


def test_refused_by_the_wallet(approved: Approved, wallet: Server) -> None:
    act = approved("refuse")
    delivery.deliver()
    act = again(act)
    assert (act.state, act.ending, effects(wallet)) == (S.FAILED, "account_closed", 0)
    assert not OutboxMail.objects.filter(purpose=MailPurpose.ACT).exists()


def test_it_times_out_after_the_wallet_acted(approved: Approved, wallet: Server, agent: User) -> None:
    """Exactly one effect: the wallet is asked, never told again."""
    act = approved("timeout")
    delivery.deliver()
    act = again(act)
    assert (act.state, act.command.state, effects(wallet)) == (S.UNKNOWN, "queued", 1)
    with pytest.raises(Decided):
        withdraw(act, by=actors.staff(agent))
    act = deliver_until_over(act)
    assert (act.state, effects(wallet), wallet.sandbox.calls[str(act.key)]) == (S.DONE, 1, 1)


def test_a_call_that_got_lost_is_made_again_once_it_cannot_arrive_any_more(
    approved: Approved, wallet: Server
) -> None:
    act = deliver_until_over(approved("lost"), rounds=2)
    assert (act.state, effects(wallet), wallet.sandbox.calls[str(act.key)]) == (S.UNKNOWN, 0, 1)
    make_due(sent=LONG)
    act = deliver_until_over(act)
    assert (act.state, effects(wallet), wallet.sandbox.calls[str(act.key)]) == (S.DONE, 1, 2)


def test_a_freeze_that_got_lost_is_made_again_at_once(
    ticket: Ticket, agent: User, core: WalletCore, wallet: Server
) -> None:
    act = freeze_now(ticket, account="BTP-1002-lost", by=actors.staff(agent), reason="")
    act = deliver_until_over(act, rounds=3)
    assert (act.state, effects(wallet)) == (S.DONE, 1)


@pytest.mark.parametrize(("word", "calls"), [("down", 2), ("forged", 1)])
def test_an_answer_that_nobody_signed_says_nothing(
    word: str, calls: int, approved: Approved, wallet: Server
) -> None:
    act = approved(word)
    delivery.deliver()
    assert again(act).state == S.UNKNOWN
    make_due(sent=LONG)
    act = deliver_until_over(act)
    assert (act.state, effects(wallet), wallet.sandbox.calls[str(act.key)]) == (S.DONE, 1, calls)


def test_nobody_there(approved: Approved, wallet: Server, agent: User, settings: Any) -> None:
    """Certainly without effect: it may still be withdrawn."""
    settings.WALLET_PRIVATE_HOSTS = ["127.0.0.1:9"]
    WalletCore.objects.update(url="http://127.0.0.1:9")
    act = approved()
    delivery.deliver()
    act = again(act)
    assert (act.state, act.command.sent_at) == (S.APPROVED, None)
    assert act.command.last_error.startswith("no_connection")
    assert withdraw(act, by=actors.staff(agent)).state == S.WITHDRAWN
    make_due()
    assert (delivery.deliver(), effects(wallet)) == (0, 0)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:8000", "not_https"),
        ("https://127.0.0.1:8443", "not_public"),
        ("https://169.254.169.254/latest", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://user:word@core.example.com/", "credentials"),
        ("https://core.example.com:6379/", "port"),
        ("gopher://core.example.com/", "not_https"),
    ],
)
def test_an_address_within_the_own_network_is_not_called(
    url: str, error: str, approved: Approved, wallet: Server
) -> None:
    """Unless the operator names this very host and port."""
    WalletCore.objects.update(url=url)
    act = approved()
    delivery.deliver()
    assert (again(act).command.last_error.partition(":")[0], effects(wallet)) == (error, 0)


def test_without_a_core_it_waits_and_runs_out(approved: Approved, core: WalletCore) -> None:
    WalletCore.objects.update(is_active=False)
    act = approved()
    delivery.deliver()
    assert (again(act).state, again(act).command.last_error) == (S.APPROVED, "no_core")
    make_due()
    SensitiveAct.objects.update(
        requested_at=clock.now() - LONG, expires_at=clock.now() - timedelta(seconds=1)
    )
    delivery.deliver()
    assert (again(act).state, again(act).ending) == (S.EXPIRED, "not_sent")


def test_a_brand_whose_wallet_is_away_is_left_alone_for_the_round(approved: Approved, wallet: Server) -> None:
    approved("down")
    approved("timeout")
    assert delivery.deliver() == 0
    assert sum(wallet.sandbox.calls.values()) == 1


@pytest.mark.parametrize(
    ("kill", "target", "name", "state"),
    [
        (killed_before, wallet_sending, "claim", S.APPROVED),
        (killed_after, wallet_sending, "claim", S.APPROVED),
        (killed_before, wallet_sending, "begin", S.APPROVED),
        (killed_after, wallet_sending, "begin", S.SENDING),
        (killed_before, HttpGateway, "carry_out", S.SENDING),
        # Between send and record: it had its effect, and nobody wrote that down.
        (killed_after, HttpGateway, "carry_out", S.SENDING),
        (killed_before, wallet_sending, "finish", S.SENDING),
        (killed_after, wallet_sending, "finish", S.DONE),
    ],
)
def test_killed(
    kill: Callable[..., None],
    target: Any,
    name: str,
    state: ActState,
    approved: Approved,
    wallet: Server,
) -> None:
    act = approved()
    with pytest.MonkeyPatch.context() as patch:
        kill(patch, target, name)
        with pytest.raises(Killed):
            delivery.deliver()
    assert again(act).state == state
    make_due(sent=LONG)
    act = deliver_until_over(act, sent=LONG)
    assert (act.state, effects(wallet)) == (S.DONE, 1)
    assert Event.objects.filter(kind=EventKind.ACT_DONE).count() == 1
    assert OutboxMail.objects.filter(purpose=MailPurpose.ACT).count() == 1


def test_another_sender_while_the_first_still_waits(approved: Approved, wallet: Server) -> None:
    """The lease ran out while the wallet was silent: the second asks, and the first one's word comes too late."""
    act = approved("timeout")
    [command] = wallet_sending.claim()
    assert wallet_sending.begin(command) is wallet_sending.Step.CARRY_OUT
    wallet.sandbox.take(_said(act), wallet.sandbox.behaves(str(act.key), act.account), "sandbox-btp")
    make_due()
    delivery.deliver()
    assert again(act).state == S.DONE
    wallet_sending.unclear(command, error="too_slow")
    wallet_sending.not_sent(command, error="no_connection")
    assert (again(act).state, again(act).command.state, effects(wallet)) == (S.DONE, "sent", 1)


def _said(act: SensitiveAct) -> dict[str, Any]:
    order = delivery.order_of(act)
    return {"act": order.key, "content_hash": order.content_hash, "content": dict(order.content)}


def test_pending_until_it_is_done(approved: Approved, wallet: Server) -> None:
    act = approved("slow")
    delivery.deliver()
    assert (again(act).state, effects(wallet)) == (S.SENDING, 0)
    wallet.sandbox.complete(str(act.key))
    act = deliver_until_over(act)
    assert (act.state, effects(wallet)) == (S.DONE, 1)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("proof", "proof"),
        ("contact", "contact_changed"),
        ("voucher", "voucher"),
        ("time", "not_sent"),
    ],
)
def test_what_is_no_longer_right_is_not_sent(
    spoil: str, why: str, approved: Approved, wallet: Server, lead: User, second_agent: User
) -> None:
    act = approved()
    if spoil == "proof":
        Verification.objects.update(withdrawn_at=clock.now())
    elif spoil == "contact":
        contact_changes.record(act.customer, way=ContactWay.STAFF, what=("phone",), by=lead)
        vouch(act.ticket, second_agent)
    elif spoil == "voucher":
        Verification.objects.update(withdrawn_at=clock.now())
        vouch(act.ticket, lead)
    else:
        SensitiveAct.objects.update(requested_at=clock.now() - LONG, expires_at=clock.now())
    delivery.deliver()
    act = again(act)
    assert (act.state, act.ending, effects(wallet)) == (S.EXPIRED, why, 0)


def test_frozen_while_an_unfreeze_is_on_its_way(approved: Approved, wallet: Server, agent: User) -> None:
    """Whichever the wallet did last, it ends frozen."""
    act = approved("timeout")
    delivery.deliver()
    freeze_now(act.ticket, account=act.account, by=actors.staff(agent), reason="It was not them")
    deliver_until_over(act, rounds=6, sent=LONG)
    assert again(act).state == S.DONE
    assert wallet.sandbox.accounts[act.account]["frozen"] is True


def test_the_same_key_with_other_content_is_refused(approved: Approved, wallet: Server) -> None:
    """So a changed row would be found by the wallet as well."""
    act = approved()
    delivery.deliver()
    said = _said(act) | {"content_hash": "0" * 64}
    assert wallet.sandbox.take(said, wallet.sandbox.behaves("x", ACCOUNT), "k").code == "other_content"
    assert effects(wallet) == 1


def test_killed_sandbox_remembers(tmp_path: Any, approved: Approved, wallet: Server) -> None:
    from tickets.gateways.wallet_core.sandbox import Sandbox

    wallet.sandbox.journal = tmp_path / "journal"
    delivery.deliver()
    act = approved()
    delivery.deliver()
    reborn = Sandbox(wallet.sandbox.journal)
    assert reborn.known(str(act.key)) == wallet.sandbox.known(str(act.key))
    assert reborn.accounts == wallet.sandbox.accounts


def test_a_secret_that_no_key_opens(approved: Approved, settings: Any) -> None:
    settings.MAIL_KEYS = ["another key of thirty-two characters"]
    act = approved()
    delivery.deliver()
    assert again(act).command.last_error == "key_unreadable"
    assert WalletCommand.objects.get().attempts == 1


def test_a_word_that_it_was_done_after_it_was_withdrawn_is_not_lost(approved: Approved, agent: User) -> None:
    """It should not happen: where a wallet says so all the same, the audit log holds it."""
    act = withdraw(approved(), by=actors.staff(agent))
    assert not wallet_sending.finish(act, is_done=True, answer={"reference": "R-1"})
    assert again(act).state == S.WITHDRAWN
    assert AuditEntry.objects.get(kind=AuditKind.ACT_DONE).data["late"] is True
