"""What the safety of a case says in words: secrets, files, proofs, acts, emergencies, erasure. Part of ``timeline``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from accounts.choices import VerificationLevel, VerificationMethod
from helpdesk.lib.spans import span_of
from tickets.choices import ActKind, ActorKind, EventKind, Situation
from tickets.queries.event_values import Data, label, moment
from tickets.queries.removed_secrets import read_kinds
from tickets.rules.secrets.words import named


def alarmed(data: Data) -> str:
    return _(", ").join(data.get("told", [])) or _("nobody, for nobody is there to alarm")


def _secret_removed(data: Data) -> str:
    what = {"what": named(read_kinds([data.get("kinds", [])])), "file": str(data.get("file", ""))}
    match data.get("how"):
        case "rewritten":
            return _("took a secret out of the file “%(file)s”: %(what)s") % what
        case "replaced":
            return _("did not take in the file “%(file)s”, which held a secret: %(what)s") % what
        case "renamed":
            return _("took a secret out of the name of the file “%(file)s”: %(what)s") % what
    if data.get("of") == ActorKind.CUSTOMER:
        return _("removed a secret that the customer sent us: %(what)s") % what
    return _("removed a secret from what was written: %(what)s") % what


def _quarantined(data: Data) -> str:
    if data.get("deleted"):
        return _("deleted the file “%(file)s” from quarantine (%(finding)s)") % _of_file(data)
    return _("put the file “%(file)s” in quarantine: %(finding)s") % _of_file(data)


def _released(data: Data) -> str:
    return _("released the file “%(file)s” from quarantine (%(finding)s): %(reason)s") % _of_file(data)


def _of_file(data: Data) -> dict[str, str]:
    return {name: str(data.get(name, "")) for name in ("file", "finding", "reason")}


def _emergency(data: Data) -> str:
    what = _("; ").join(label(Situation, value) for value in data.get("situations", []))
    words = {"what": what, "account": data.get("account", ""), "names": alarmed(data)}
    return _("emergency reported for %(account)s: %(what)s; alarmed %(names)s") % words


def _taken(data: Data) -> str:
    return _("took the emergency after %(span)s") % {
        "span": span_of(max(1, round(int(data.get("seconds", 0)) / 60)))
    }


def _call_back(data: Data) -> str:
    if data.get("differs"):
        return _("asked to be called back, on another number than the registered one")
    return _("asked to be called back")


def _called(data: Data) -> str:
    return _("called back and reached them") if data.get("reached") else _("called back, nobody answered")


def _scam(data: Data) -> str:
    return _("reported as a scam: %(value)s") % {"value": data.get("value", "")}


def _asked_act(data: Data) -> str:
    words = {"what": _what_act(data), "account": data.get("account", "")}
    if not data.get("approvals"):
        return _("asked to do at once: %(what)s, account %(account)s") % words
    if data.get("changes"):
        return _("changed what was asked for: %(what)s, account %(account)s") % words
    return _("asked for: %(what)s, account %(account)s") % words


def _what_act(data: Data) -> str:
    what = label(ActKind, data.get("what"))
    if not data.get("amount"):
        return what
    money = {"what": what, "amount": data["amount"], "currency": data.get("currency", "")}
    return _("%(what)s %(amount)s %(currency)s") % money


def _approved_act(data: Data) -> str:
    words = {
        "what": _what_act(data),
        "account": data.get("account", ""),
        "given": data.get("given", 1),
        "needed": data.get("approvals", 1),
    }
    if words["needed"] == 1:
        return _("approved: %(what)s, account %(account)s") % words
    return _("approved (%(given)s of %(needed)s): %(what)s, account %(account)s") % words


def _about_act(words: Callable[[], str]) -> Callable[[Data], str]:
    return lambda data: words() % {"what": _what_act(data), "account": data.get("account", "")}


_ACT_ENDS: Mapping[str, Callable[[], str]] = {
    "frozen_again": lambda: _("off, for the account is being frozen: %(what)s, account %(account)s"),
    "not_decided": lambda: _("ran out, nobody had decided: %(what)s, account %(account)s"),
    "not_sent": lambda: _("ran out before the wallet could be reached: %(what)s, account %(account)s"),
    "proof": lambda: _("not carried out, the customer’s proof no longer held: %(what)s, account %(account)s"),
    "contact_changed": lambda: _(
        "not carried out, who approved it had changed the contact data since: %(what)s, account %(account)s"
    ),
    "voucher": lambda: _(
        "not carried out, who approved it had vouched for the customer since: %(what)s, account %(account)s"
    ),
}


def _ended_act(otherwise: Callable[[], str]) -> Callable[[Data], str]:
    return lambda data: _about_act(_ACT_ENDS.get(str(data.get("why")), otherwise))(data)


def _failed_act(data: Data) -> str:
    words = {"what": _what_act(data), "account": data.get("account", ""), "code": data.get("code") or "—"}
    return _("refused by the wallet (%(code)s): %(what)s, account %(account)s") % words


def _code_failed(data: Data) -> str:
    if data.get("spent"):
        return _("a wrong code was typed; after %(tries)s tries it is used up") % {"tries": data.get("tries")}
    return _("a wrong code was typed (try %(tries)s)") % {"tries": data.get("tries")}


def _verified(data: Data) -> str:
    words = {"level": _level(data), "method": label(VerificationMethod, data.get("method"))}
    if data.get("until"):
        words["until"] = moment(data["until"])
        return _("customer verified: %(level)s (%(method)s), until %(until)s") % words
    return _("customer verified: %(level)s (%(method)s)") % words


def _level(data: Data) -> str:
    return label(VerificationLevel, data.get("level"))


def _verification_ended(data: Data) -> str:
    words = {"level": _level(data), "method": label(VerificationMethod, data.get("method"))}
    return _("took a verification back: %(level)s (%(method)s)") % words


SENTENCES: Mapping[EventKind, Callable[[Data], str]] = {
    EventKind.SECRET_REMOVED: _secret_removed,
    EventKind.FILE_QUARANTINED: _quarantined,
    EventKind.FILE_RELEASED: _released,
    EventKind.EMERGENCY_OPENED: _emergency,
    EventKind.EMERGENCY_TAKEN: _taken,
    EventKind.CALL_BACK_ASKED: _call_back,
    EventKind.CALLED_BACK: _called,
    EventKind.SCAM_REPORTED: _scam,
    EventKind.ACT_REQUESTED: _asked_act,
    EventKind.ACT_APPROVED: _approved_act,
    EventKind.ACT_REFUSED: _about_act(lambda: _("refused: %(what)s, account %(account)s")),
    EventKind.ACT_WITHDRAWN: _ended_act(lambda: _("withdrawn: %(what)s, account %(account)s")),
    EventKind.ACT_EXPIRED: _ended_act(lambda: _("ran out: %(what)s, account %(account)s")),
    EventKind.ACT_DONE: _about_act(lambda: _("carried out by the wallet: %(what)s, account %(account)s")),
    EventKind.ACT_FAILED: _failed_act,
    EventKind.CODE_SENT: lambda data: (
        _("had a code sent to the customer (%(method)s)")
        % {"method": label(VerificationMethod, data.get("method"))}
    ),
    EventKind.CODE_FAILED: _code_failed,
    EventKind.VERIFIED: _verified,
    EventKind.VERIFICATION_ENDED: _verification_ended,
    EventKind.SUPPORT_CODE_GIVEN: lambda data: _(
        "announced a call, with a code by which the customer can check it"
    ),
    EventKind.PERSON_ERASED: lambda data: _(
        "erased what the case said and whose it was; that there was a case stays"
    ),
}
