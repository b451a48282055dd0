"""What somebody in an emergency should do now, by what happened; the same on the page and in the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Brand
from helpdesk.lib import clock
from helpdesk.lib.localized import suffix
from tickets.choices import Situation
from tickets.rules.stop_payment import StopPayment, stop_payment

S = Situation


@dataclass(frozen=True)
class Step:
    title: str
    text: str


def steps(situations: Sequence[str], *, country: str) -> list[Step]:
    """The most pressing first, each once."""
    chosen = set(situations)
    found = []
    if S.MONEY_GONE in chosen:
        found += [_bank(), _police(country), _keep()]
    if S.PHONE_STOLEN in chosen:
        found += [_sim(country), _erase()]
    if S.GAVE_AWAY in chosen:
        found += [_phrase(), _codes()]
    if chosen & {S.INTRUDER, S.PHONE_STOLEN, S.GAVE_AWAY}:
        found.append(_mailbox())
    if S.INTRUDER in chosen:
        found.append(_remote())
    if S.MONEY_GONE not in chosen:
        found.append(_police(country))
    return found


def _bank() -> Step:
    return Step(
        _("Call your bank"),
        _("Use the number on the back of your card. Ask them to stop the payment and to block the card."),
    )


def _police(country: str) -> Step:
    if country == "CN":
        return Step(
            _("Report it to the police: 110"),
            _(
                "Or call the anti-fraud line 96110. Ask for a stop-payment if money is gone, and note the number."
            ),
        )
    return Step(
        _("Report it to your police"), _("Ask for a stop-payment if money is gone, and note the number.")
    )


def _keep() -> Step:
    return Step(
        _("Keep what proves it"),
        _("Screenshots of the payment, numbers, names, messages. Delete nothing."),
    )


def _sim(country: str) -> Step:
    text = _("Call from any phone. Whoever has your SIM card gets your codes.")
    if country == "CN":
        text += _gap() + _(
            "China Mobile 10086, China Unicom 10010, China Telecom 10000, China Broadnet 10099."
        )
    return Step(_("Have your SIM card blocked"), text)


def _gap() -> str:
    """Between two sentences: Chinese has none."""
    return "" if (get_language() or "").startswith("zh") else " "


def _erase() -> Step:
    return Step(
        _("Lock or erase the phone from afar"),
        _(
            "With the maker's own page, “Find my phone”. Open it from another device, not by a link in a message."
        ),
    )


def _phrase() -> Step:
    return Step(
        _("A recovery phrase or private key that somebody knows is lost"),
        _(
            "Make a new wallet on a clean device and move what is left there now. Freezing cannot stop that thief."
        ),
    )


def _codes() -> Step:
    return Step(
        _("Change the password that you gave away"),
        _("Here and wherever else you use it. Type codes for nobody; we never ask for them."),
    )


def _mailbox() -> Step:
    return Step(
        _("Change the password of your e-mail"),
        _(
            "From a device that only you use, and end all other log-ins. Whoever reads your mail can take it all back."
        ),
    )


def _remote() -> Step:
    return Step(
        _("Let nobody look at your screen"),
        _("Remove apps for remote help or screen sharing. Hang up on whoever says they help you."),
    )


@dataclass(frozen=True)
class StopClock:
    """The stop-payment time in the reader's language."""

    name: str
    what: str
    counsel: str
    state: str
    tone: str
    until: datetime | None


def stop_clock(brand: Brand, situations: Sequence[str], money_left_at: datetime | None) -> StopClock | None:
    """None where no money is gone, or the brand's law knows no such time."""
    if S.MONEY_GONE not in situations:
        return None
    found = stop_payment(brand.country, money_left_at=money_left_at, now=clock.now())
    if found is None:
        return None
    which = suffix()
    return StopClock(
        name=found.names[which],
        what=found.what[which],
        counsel=found.counsel[which],
        state=_state(found),
        tone="late" if found.is_over else "ask" if found.left is None or found.hours_left < 12 else "calm",
        until=found.until,
    )


def _state(found: StopPayment) -> str:
    if found.left is None:
        return _("It counts from the moment the money left. Tell the police when that was.")
    if found.is_over:
        return _("The %(hours)s hours are over. Report it all the same: the police can still do much.") % {
            "hours": found.hours
        }
    words = {"hours": found.hours_left, "minutes": found.minutes_left, "of": found.hours}
    return _("%(hours)s h %(minutes)s min left of %(of)s hours. Ask your police now.") % words
