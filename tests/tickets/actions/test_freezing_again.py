"""A freeze that somebody wanted while an unfreeze was on its way: whichever the wallet did last, it ends frozen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Brand, User
from tests.tickets.actions.test_emergencies import said
from tests.tickets.actions.test_wallet import approved_by
from tests.wallet import ACCOUNT, AskFor, again, ask_for, known_customer
from tickets import actors
from tickets.actions import wallet_sending
from tickets.actions.wallet import freeze_now
from tickets.choices import ActKind, ActState, Freeze
from tickets.models import SensitiveAct, Ticket, WalletCommand

__all__ = ["ask_for", "known_customer"]
Freezing = Callable[[], SensitiveAct]


@pytest.fixture
def freeze(ticket: Ticket, agent: User) -> Freezing:
    return lambda: freeze_now(ticket, account=ACCOUNT, by=actors.staff(agent), reason="It was not them")


@pytest.fixture
def unfreezing(ask_for: AskFor, lead: User) -> SensitiveAct:
    """The wallet has it, and is slow."""
    act = approved_by(ask_for(), lead)
    wallet_sending.pending(sent(act))
    return act


def sent(act: SensitiveAct) -> WalletCommand:
    [command] = [command for command in wallet_sending.claim(10) if command.act_id == act.pk]
    assert wallet_sending.begin(command) is not None
    return command


def unclear(act: SensitiveAct) -> None:
    wallet_sending.unclear(sent(act), error="timeout")


def done(act: SensitiveAct, *, is_done: bool = True) -> None:
    assert wallet_sending.finish(act, is_done=is_done, answer={"code": "", "reference": "R-1"})


def after(act: SensitiveAct) -> list[str]:
    """The freezes since."""
    rows = SensitiveAct.objects.filter(kind=ActKind.FREEZE, pk__gt=act.pk).order_by("pk")
    return list(rows.values_list("state", flat=True))


@pytest.mark.parametrize("is_done", [True, False])
def test_one_whose_outcome_was_not_known_is_not_enough(
    is_done: bool, unfreezing: SensitiveAct, freeze: Freezing
) -> None:
    first = freeze()
    unclear(first)
    done(unfreezing)
    assert after(first) == [], "there is one open freeze on an account"
    done(first, is_done=is_done)
    assert after(first) == [ActState.APPROVED]
    second = SensitiveAct.objects.latest("pk")
    sent(second)
    done(second)
    assert after(second) == [], "that one left after it"


def test_one_that_has_not_left_is_enough(unfreezing: SensitiveAct, freeze: Freezing) -> None:
    first = freeze()
    done(unfreezing)
    sent(first)
    done(first)
    assert after(first) == []


def test_wanted_again_while_an_older_one_is_not_known(ask_for: AskFor, lead: User, freeze: Freezing) -> None:
    first = freeze()
    unclear(first)
    unfreezing = approved_by(ask_for(), lead)
    wallet_sending.pending(sent(unfreezing))
    assert freeze() == first
    done(first)
    done(unfreezing)
    assert after(first) == [ActState.APPROVED]


def test_unfrozen_after_it_stays_unfrozen(ask_for: AskFor, lead: User, freeze: Freezing) -> None:
    first = freeze()
    unclear(first)
    unfreezing = approved_by(ask_for(), lead)
    sent(unfreezing)
    done(unfreezing)
    done(first)
    assert after(first) == []


def test_an_unfreeze_that_the_wallet_never_heard_of_is_not_sent_again(
    ask_for: AskFor, lead: User, freeze: Freezing
) -> None:
    unfreezing = approved_by(ask_for(), lead)
    command = sent(unfreezing)
    freeze()
    wallet_sending.not_sent(command, error="unknown")
    WalletCommand.objects.update(available_at=command.created_at)
    [command] = [command for command in wallet_sending.claim(10) if command.act_id == unfreezing.pk]
    assert wallet_sending.begin(command) is None
    assert (again(unfreezing).state, again(unfreezing).ending) == (ActState.WITHDRAWN, "frozen_again")


def test_an_emergency_is_told_of_the_last_one(
    brand: Brand, category: object, unfreezing: SensitiveAct
) -> None:
    emergency = said(brand, ACCOUNT)
    assert emergency.act is not None
    sent(emergency.act)
    done(emergency.act)
    done(unfreezing)
    emergency.refresh_from_db()
    assert emergency.frozen == Freeze.ASKED
