"""What people are told about the copy of their data, or their erasure, that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.choices import PrivacyKind, PrivacyRefusal
from tickets.delivery.letters import Letter
from tickets.models import OutboxMail


def privacy(mail: OutboxMail) -> Letter:
    return _SAID[str(mail.context["said"])](mail)


def _asked(mail: OutboxMail) -> Letter:
    day = date_format(datetime.fromisoformat(mail.context["due"]), "DATE_FORMAT")
    lead = _("We will answer you by %(day)s at the latest.") % {"day": day}
    if mail.context["kind"] == PrivacyKind.EXPORT:
        return Letter(
            subject=_("Your copy of what we know about you"),
            heading=_("We are putting your data together"),
            lead=(_("As soon as the copy is ready, we tell you by mail."), lead),
            button=_("Open the page"),
            address=_page(mail),
            after=(_not_you(),),
        )
    return Letter(
        subject=_("Your wish to be erased"),
        heading=_("We have your wish to be erased"),
        lead=(
            _("Somebody of us looks at it: a law or an open case may oblige us to keep something."),
            lead,
            _("Until then you can take it back."),
        ),
        button=_("Open the page"),
        address=_page(mail),
        after=(_not_you(),),
    )


def _ready(mail: OutboxMail) -> Letter:
    days = int(mail.context["days"])
    words = ngettext(
        "Log in to fetch it. It is there for %(count)s day, then we remove it.",
        "Log in to fetch it. It is there for %(count)s days, then we remove it.",
        days,
    )
    return Letter(
        subject=_("Your copy of what we know about you"),
        heading=_("Your copy is ready"),
        lead=(words % {"count": days},),
        button=_("Open the page"),
        address=_page(mail),
        after=(_("Keep it safe: it holds everything you told us."), _not_you()),
    )


def _refused(mail: OutboxMail) -> Letter:
    reason = str(PrivacyRefusal(mail.context["reason"]).label)
    remark = str(mail.context.get("remark", ""))
    return Letter(
        subject=_("Your wish to be erased"),
        heading=_("We cannot erase your data now"),
        lead=(_("The reason: %(reason)s.") % {"reason": reason}, *([remark] if remark else [])),
        button=_("Open the page"),
        address=_page(mail),
        after=(
            _("Once the reason is gone you can ask again."),
            _("You do not agree? You may complain to us, and to the authority for data protection."),
        ),
    )


def _erased(mail: OutboxMail) -> Letter:
    return Letter(
        subject=_("Your wish to be erased")
        if mail.context.get("by_themself")
        else _("Your data have been erased"),
        heading=_("Your data have been erased"),
        lead=(
            _(
                "What you wrote and sent to us, your name, address and number are gone, and so is your log-in."
            ),
            _("That there was a case stays, without anything that says whose: we count our cases."),
            _("This is the last mail that you get from us about it. Your address goes with it."),
        ),
    )


def _page(mail: OutboxMail) -> str:
    assert mail.brand is not None
    return f"{settings.PUBLIC_URL}{reverse('portal:privacy', args=[mail.brand.slug])}"


def _not_you() -> str:
    return _(
        "You did not ask for this? Then somebody else is logged in as you: change your password at once."
    )


_SAID: Mapping[str, Callable[[OutboxMail], Letter]] = {
    "asked": _asked,
    "ready": _ready,
    "refused": _refused,
    "erased": _erased,
}
