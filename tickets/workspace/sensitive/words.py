"""What the fields of sensitive acts are called, and what they hold, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.lib.errors import Text
from tickets.actions.wallet_rows import content_of
from tickets.choices import ActKind, ActReason
from tickets.models import SensitiveAct
from tickets.queries.wallet import policy_of
from tickets.queries.wallet_sums import others_of
from tickets.rules.wallet_content import written_amount
from tickets.rules.wallet_holder import Tie

LABELS: Mapping[str, Text] = {
    "account": gettext_lazy("Account"),
    "amount": gettext_lazy("Amount"),
    "transaction": gettext_lazy("Transaction id"),
    "last4": gettext_lazy("Last four digits"),
    "factor": gettext_lazy("Which second factor"),
    "limit": gettext_lazy("Which limit"),
    "result": gettext_lazy("New result"),
    "reason_code": gettext_lazy("Why"),
    "reason": gettext_lazy("In words"),
}
TIES: Mapping[Tie, Text] = {
    Tie.OWN: gettext_lazy("the customer’s own contact on record"),
    Tie.KNOWN: gettext_lazy("something was carried out on it for this customer before"),
    Tie.NONE: gettext_lazy("nothing ties it to this customer"),
    Tie.OTHER_PERSON: gettext_lazy("another customer’s"),
    Tie.OTHER_CASE: gettext_lazy("in dispute on another customer’s case"),
}
OPTIONS: Mapping[str, Mapping[str, Text]] = {
    "factor": {
        "app": gettext_lazy("authenticator app"),
        "sms": gettext_lazy("codes by text message"),
        "passkey": gettext_lazy("passkey"),
        "all": gettext_lazy("all of them"),
    },
    "limit": {
        "per_payment": gettext_lazy("for each payment"),
        "daily": gettext_lazy("for a day"),
        "monthly": gettext_lazy("for a month"),
    },
    "result": {
        "accept": gettext_lazy("accept the documents"),
        "ask_again": gettext_lazy("ask for documents again"),
    },
}


def title(act: SensitiveAct) -> str:
    """ "Pay back 200 CNY"."""
    what = str(ActKind(act.kind).label)
    money = f" {written_amount(act.amount)} {act.currency}" if act.amount is not None else ""
    return f"{what[:1].upper()}{what[1:]}{money}"


def value_of(name: str, value: Any) -> str:
    return str(OPTIONS.get(name, {}).get(str(value), value))


def content(act: SensitiveAct) -> list[tuple[str, str]]:
    """Exactly what is asked for, field by field."""
    rows = [(str(LABELS["account"]), act.account)]
    if act.amount is not None:
        rows.append((str(LABELS["amount"]), f"{written_amount(act.amount)} {act.currency}"))
    rows += [(str(LABELS.get(name, name)), value_of(name, value)) for name, value in act.details.items()]
    return [*rows, (str(LABELS["reason_code"]), str(ActReason(act.reason_code).label))]


def together(act: SensitiveAct) -> dict[str, Any] | None:
    """What it comes to with the refunds that count with it; None where it is the only one."""
    if act.kind != ActKind.REFUND:
        return None
    policy = policy_of(act.brand, ActKind(act.kind))
    others = others_of(act.ticket, content_of(act), policy, but_for=act)
    if act.amount is None or not others.count:
        return None
    money = f"{written_amount(act.amount + others.amount)} {act.currency}"
    return {"money": money, "count": others.count + 1}


def changes(changed: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Label, what it was, what it is; of reasons in words only that they changed."""
    rows = []
    for name, pair in changed.items():
        before, after = (_changed(name, text) for text in pair)
        rows.append((str(LABELS.get(name, name)), before, after))
    return rows


def _changed(name: str, text: str) -> str:
    if name == "reason":
        return _("changed, see above")
    if name == "reason_code":
        return str(ActReason(text).label) if text in ActReason.values else text
    return value_of(name, text) or "—"


ENDINGS: Mapping[str, Text] = {
    "frozen_again": gettext_lazy("The account is being frozen: nothing is unfrozen now."),
    "not_decided": gettext_lazy("Nobody decided in time."),
    "not_sent": gettext_lazy("The wallet could not be reached in time."),
    "proof": gettext_lazy("The customer’s proof no longer held when it was to be sent."),
    "contact_changed": gettext_lazy(
        "Somebody who approved it has changed the customer’s contact data since."
    ),
    "holder": gettext_lazy(
        "When it was to be sent, the account was another customer’s, or the customer’s contact data had changed."
    ),
    "voucher": gettext_lazy("Somebody who approved it has vouched for the customer since."),
    "account_closed": gettext_lazy("The wallet says: the account is closed."),
    "not_holder": gettext_lazy("The wallet says: the account is somebody else’s."),
    "no_such_account": gettext_lazy("The wallet says: there is no such account."),
    "other_content": gettext_lazy("The wallet says: it was told something else under this key before."),
}
TROUBLES: Mapping[str, Text] = {
    "no_core": gettext_lazy(
        "No wallet is set for this brand; an administrator sets it under “Wallet cores”."
    ),
    "key_unreadable": gettext_lazy("The wallet’s key cannot be opened: a key is missing in MAIL_KEYS."),
    "unknown": gettext_lazy(
        "The wallet has not heard of it; it is sent again when it can no longer arrive twice."
    ),
    "not_believed": gettext_lazy("The wallet’s answer was not signed as it should be."),
}


def ending(act: SensitiveAct) -> str:
    """Why it ended, in words; what a person wrote as they wrote it."""
    return str(ENDINGS.get(act.ending, act.ending))


def trouble(error: str) -> str:
    """Why the wallet did not answer, for the staff; "" for none."""
    from helpdesk.lib.outgoing import Trouble

    code = error.partition(":")[0]
    if code in TROUBLES:
        return str(TROUBLES[code])
    return str(Trouble(code).label) if code in Trouble.values else error
