"""What the customer is told once something was done to their account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Brand
from tickets.choices import ActKind
from tickets.delivery.letters import Item, moment
from tickets.models import OutboxMail, SensitiveAct
from tickets.rules.wallet_content import written_amount
from tickets.rules.wallet_words import masked

_HEADINGS: Mapping[ActKind, Callable[[], str]] = {
    ActKind.FREEZE: lambda: _("Your account is frozen"),
    ActKind.UNFREEZE: lambda: _("Your account was unfrozen"),
    ActKind.REFUND: lambda: _("Your refund was carried out"),
    ActKind.UNBIND_PHONE: lambda: _("A phone number was removed from your account"),
    ActKind.UNBIND_CARD: lambda: _("A bank card was removed from your account"),
    ActKind.RESET_SECOND_FACTOR: lambda: _("The second factor of your account was reset"),
    ActKind.RAISE_LIMIT: lambda: _("A limit of your account was raised"),
    ActKind.OVERRIDE_KYC: lambda: _("Your real-name check was decided anew"),
}
_LEADS: Mapping[ActKind, Callable[[], str]] = {
    ActKind.FREEZE: lambda: _(
        "Nobody can pay or withdraw from it any more, you included. We unfreeze it once we are sure that it is you "
        "who asks."
    ),
    ActKind.UNFREEZE: lambda: _("You can use it again. Please change your password before you do."),
    ActKind.REFUND: lambda: _("The money goes back the way it came; a bank may take a few days to show it."),
    ActKind.UNBIND_PHONE: lambda: _(
        "Codes are no longer sent to it. Please bind the number that you use now."
    ),
    ActKind.UNBIND_CARD: lambda: _("Nothing is paid from it or to it any more."),
    ActKind.RESET_SECOND_FACTOR: lambda: _("Please set up a new one when you log in next."),
    ActKind.RAISE_LIMIT: lambda: _("It holds from now on."),
    ActKind.OVERRIDE_KYC: lambda: _("You find the result in your wallet."),
}


def act_of(mail: OutboxMail) -> SensitiveAct:
    rows = SensitiveAct.objects.select_related("brand", "command")
    return rows.get(key=mail.context["act"])


def heading(act: SensitiveAct) -> str:
    return _HEADINGS[ActKind(act.kind)]()


def lead(act: SensitiveAct) -> tuple[str, ...]:
    return (_LEADS[ActKind(act.kind)](),)


def facts(act: SensitiveAct) -> tuple[tuple[str, str], ...]:
    rows = [(_("Account"), masked(act.account))]
    if act.amount is not None:
        rows.append((_("Amount"), f"{written_amount(act.amount)} {act.currency}"))
    if last4 := (act.details or {}).get("last4"):
        rows.append((_("Ends with"), str(last4)))
    if act.ended_at is not None:
        rows.append((_("Time"), moment(act.ended_at, act.brand.time_zone)))
    reference = str((act.command.answer or {}).get("reference", ""))
    return (*rows, (_("Reference"), reference)) if reference else tuple(rows)


def to_stop_it(act: SensitiveAct) -> tuple[Item, ...]:
    """Whom it surprises can stop everything else at once, by themselves. What is frozen is stopped already."""
    if act.kind == ActKind.FREEZE:
        return ()
    address = f"{settings.PUBLIC_URL}{reverse('portal:emergency', args=[act.brand.slug])}"
    title = _("You did not want this? Freeze your account now")
    return (Item(title, address, (_("On our emergency page, day and night, without a log-in."),)),)


def not_wanted(brand: Brand) -> tuple[str, ...]:
    if brand.hotline:
        words = _("You did not want this? Tell us at once: call %(hotline)s, or write on your case.")
        return (words % {"hotline": brand.hotline},)
    return (_("You did not want this? Tell us at once: write on your case."),)
