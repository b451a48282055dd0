"""What is said of secrets: what they are called, and what whoever sent one must do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tickets.rules.secrets.findings import Kind
from tickets.rules.secrets.guard import OPENS_WALLET

_ORDER = tuple(Kind)


@dataclass(frozen=True)
class Advice:
    """What to do about one sort of secret, the most urgent step first. ``kinds`` in words are its title."""

    title: str
    steps: tuple[str, ...]
    is_urgent: bool = False


def named(kinds: Sequence[Kind]) -> str:
    """ "recovery phrase, card number" in the reader's language."""
    return _(", ").join(str(kind.label) for kind in _ORDER if kind in kinds)


def in_words(kinds: Sequence[Kind]) -> str:
    """For whoever typed it and is asked to take it out."""
    return _("This holds what must not be stored here (%(what)s). Take it out.") % {"what": named(kinds)}


def was_removed(kinds: Sequence[Kind]) -> str:
    """For whoever typed it and whose text was kept without it."""
    return _("Kept without what must not be stored here: %(what)s.") % {"what": named(kinds)}


def advice_for(kinds: Sequence[Kind]) -> list[Advice]:
    """For the customer who sent them, what costs most first."""
    found = set(kinds)
    advice = []
    if found & OPENS_WALLET:
        advice.append(_wallet(sorted(found & OPENS_WALLET, key=_ORDER.index)))
    if found & {Kind.CARD, Kind.CARD_CODE}:
        advice.append(_card())
    if Kind.PASSWORD in found:
        advice.append(_password())
    if Kind.ONE_TIME_CODE in found:
        advice.append(_code())
    if Kind.IDENTITY in found:
        advice.append(_identity())
    return advice


def _wallet(kinds: Sequence[Kind]) -> Advice:
    return Advice(
        _("You sent us: %(what)s") % {"what": named(kinds)},
        (
            _("Consider this wallet lost: whoever saw what you sent can take everything in it."),
            _("Make a new wallet now, on a device that you trust, and move all your funds to it."),
            _("Write the new recovery phrase on paper. Never type it on a website, in a chat or in a mail."),
            _("Did somebody ask you for it? Then it was a fraudster. Write to us in this case who it was."),
        ),
        is_urgent=True,
    )


def _card() -> Advice:
    return Advice(
        _("You sent us a card number or its security code"),
        (
            _(
                "Call the bank that gave you the card and have it blocked. The number is on the back of the card."
            ),
            _("Look through the last payments, and tell the bank of each that was not yours."),
            _("When we need to know which card it is, the last four digits are enough."),
        ),
    )


def _password() -> Advice:
    return Advice(
        _("You sent us a password"),
        (
            _("Change it now, here and wherever else you use the same one."),
            _("Log out all other devices in the settings of your account."),
            _("Nobody of us needs your password, and nobody of us will ever ask for it."),
        ),
    )


def _code() -> Advice:
    return Advice(
        _("You sent us a one-time code"),
        (
            _("Never pass such a code on: with it somebody can log in or pay in your name."),
            _(
                "You did not ask for the code yourself? Change your password now and log out all other devices."
            ),
            _("Nobody of us needs your codes, and nobody of us will ever ask for them."),
        ),
    )


def _identity() -> Advice:
    return Advice(
        _("You sent us your identity number"),
        (
            _("We have not kept it. When we must check who you are, we ask for the document in a safe way."),
            _("Do not write it in messages, neither to us nor to anybody who says they are from us."),
        ),
    )
