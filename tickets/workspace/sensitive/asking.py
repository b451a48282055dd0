"""The forms that ask for a sensitive act on a ticket, and that change what was asked for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.rules.capabilities import Capability
from accounts.rules.contacts_in_texts import masked_text
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import wallet as verbs
from tickets.choices import ActKind, FieldKind
from tickets.models import SensitiveAct, Ticket
from tickets.queries import ticket_page, wallet
from tickets.queries.wallet_holder import tie_of
from tickets.rules.forms import DEFAULT_CURRENCIES, FieldSpec
from tickets.rules.wallet import ACCOUNT, NEEDS, needs_words
from tickets.rules.wallet_content import written_amount
from tickets.rules.wallet_holder import Tie
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.outcome import onward
from tickets.workspace.sensitive import words

UNTIED = gettext_lazy(
    "Nothing ties this account to this customer: it is neither their e-mail address nor their phone, and nothing was "
    "carried out on it for them before. Whoever approves it is told so: say in words how you know that it is theirs."
)


@dataclass(frozen=True)
class Form:
    """What was typed, or is suggested, for one kind; with what was refused."""

    kind: ActKind
    typed: QueryDict
    errors: dict[str, str] = field(default_factory=dict)
    #: The account that the page suggested. Where it is an address or a number, staff saw it masked.
    suggested: str = ""

    @property
    def answers(self) -> dict[str, Any]:
        """As ``rules.wallet_content.checked`` takes them."""
        found: dict[str, Any] = {
            name: self.typed.get(name, "")[:2000] for name in ("account", "reason_code", "reason")
        }
        if self.suggested and found["account"].strip() == masked_text(self.suggested):
            # Left as it stood there, it means the whole one: no account has a star in it.
            found["account"] = self.suggested
        for spec in NEEDS[self.kind].fields:
            value: Any = self.typed.get(spec.key, "")[:200]
            if spec.kind == FieldKind.AMOUNT:
                value = {"amount": value, "currency": self.typed.get(f"{spec.key}-currency", "")}
            found[spec.key] = value
        return found

    def fields(self) -> list[dict[str, Any]]:
        return [self._field(spec) for spec in (ACCOUNT, *NEEDS[self.kind].fields)]

    def reasons(self) -> list[tuple[str, str]]:
        marked = _("%(reason)s (say it in words)")
        return [
            (reason.value, marked % {"reason": reason.label} if needs_words(reason) else str(reason.label))
            for reason in NEEDS[self.kind].reasons
        ]

    def _field(self, spec: FieldSpec) -> dict[str, Any]:
        options = list(spec.options) or (list(DEFAULT_CURRENCIES) if spec.kind == FieldKind.AMOUNT else [])
        return {
            "name": spec.key,
            "label": words.LABELS[spec.key],
            "help": _HELP.get(spec.key, lambda: "")(),
            "kind": str(spec.kind),
            "value": self.typed.get(spec.key, ""),
            "currency": self.typed.get(f"{spec.key}-currency", ""),
            "options": [(value, words.value_of(spec.key, value)) for value in options],
            "error": self.errors.get(spec.key, ""),
        }


_HELP = {
    "account": lambda: _("As the wallet names it, such as BTP-10023456."),
    "last4": lambda: _("Of the number or card that is unbound; never the whole number."),
    "transaction": lambda: _("The one whose money goes back."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(Capability.REQUEST_ACTS)
def ask(request: StaffRequest, number: str) -> HttpResponse:
    """``kind`` chooses the form. A freeze is carried out at once, anything else waits for a second person."""
    ticket = ticket_page.ticket_or_404(request.user, number)
    kind = _kind(request)
    if not access.can(request.user, NEEDS[kind].capability):
        raise Http404
    if request.method != "POST":
        return _show(request, ticket, Form(kind, _suggested(ticket)))
    form = Form(kind, request.POST, suggested=wallet.account_on(ticket))
    try:
        act = verbs.request_act(ticket, kind=kind, answers=form.answers, by=actors.staff(request.user))
    except DomainError as problem:
        return _again(request, ticket, form, problem)
    notes.success(request, _asked(act))
    if _is_untied(ticket, kind, act.account):
        notes.warning(request, UNTIED)
    return onward(request, "workspace:act", str(act.key))


@require_http_methods(["GET", "HEAD", "POST"])
@workspace_page(Capability.REQUEST_ACTS)
def edit(request: StaffRequest, act: uuid.UUID) -> HttpResponse:
    """By whoever asked, until it is approved; what others approved of it counts no more."""
    found = wallet.act_or_404(request.user, act)
    if found.requested_by_id != request.user.pk:
        raise PermissionDenied
    kind = ActKind(found.kind)
    if request.method != "POST":
        return _show(request, found.ticket, Form(kind, _as_typed(found)), found)
    form = Form(kind, request.POST, suggested=found.account)
    try:
        seen = request.POST.get("content_hash", "")[:64]
        verbs.edit_act(found, answers=form.answers, seen=seen, by=actors.staff(request.user))
    except DomainError as problem:
        return _again(request, found.ticket, form, problem, wallet.act_or_404(request.user, act))
    notes.success(request, _("Changed. Whoever approves it sees what is new."))
    return onward(request, "workspace:act", str(found.key))


def _kind(request: StaffRequest) -> ActKind:
    text = request.POST.get("kind") or request.GET.get("kind") or ActKind.FREEZE.value
    if text not in ActKind.values:
        raise Http404
    return ActKind(text)


def _asked(act: SensitiveAct) -> str:
    if NEEDS[ActKind(act.kind)].is_immediate:
        return _("The account is being frozen now.")
    return _("Asked for. Whoever may approve it is told.")


def _is_untied(ticket: Ticket, kind: ActKind, account: str) -> bool:
    """Whether nothing ties the account to the ticket's customer; of a freeze nobody asks that."""
    return bool(account) and not NEEDS[kind].is_immediate and tie_of(ticket, account) == Tie.NONE


def _suggested(ticket: Ticket) -> QueryDict:
    """The account, and what the customer wrote into the case's form, where it has the same name."""
    typed = QueryDict(mutable=True)
    typed["account"] = wallet.account_on(ticket)
    answers = ticket.fields or {}
    amount = answers.get("amount")
    if isinstance(amount, dict):
        typed["amount"], typed["amount-currency"] = str(amount.get("amount")), str(amount.get("currency"))
    for name in ("transaction", "transaction_id"):
        if answers.get(name):
            typed["transaction"] = str(answers[name])
    return typed


def _as_typed(act: SensitiveAct) -> QueryDict:
    typed = QueryDict(mutable=True)
    typed.update({name: str(value) for name, value in act.details.items()})
    typed.update({"account": act.account, "reason_code": act.reason_code, "reason": act.reason})
    if act.amount is not None:
        typed.update({"amount": written_amount(act.amount) or "", "amount-currency": act.currency})
    return typed


def _again(
    request: StaffRequest, ticket: Ticket, form: Form, problem: DomainError, act: SensitiveAct | None = None
) -> HttpResponse:
    if isinstance(problem, Invalid):
        errors = {name: str(text) for name, text in problem.fields.items()}
        return _show(request, ticket, Form(form.kind, form.typed, errors), act, status=422)
    return _show(request, ticket, form, act, problem=str(problem), status=problem.status)


def _show(
    request: StaffRequest,
    ticket: Ticket,
    form: Form,
    act: SensitiveAct | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    needed, has = wallet.needed_level(ticket, form.kind), wallet.level_for(ticket)
    label = str(form.kind.label)
    title = label[:1].upper() + label[1:]
    context = {
        "ticket": ticket,
        "act": act,
        "form": form,
        "title": title,
        "is_immediate": NEEDS[form.kind].is_immediate,
        "fields": form.fields(),
        "reasons": form.reasons(),
        "reason_code": form.typed.get("reason_code", ""),
        "reason": form.typed.get("reason", ""),
        "errors": {words.LABELS.get(name, name): text for name, text in form.errors.items()},
        "error_of_reason_code": form.errors.get("reason_code", ""),
        "error_of_reason": form.errors.get("reason", ""),
        "needed": needed,
        "has": has,
        "is_proved": has >= needed,
        "untied": UNTIED if _is_untied(ticket, form.kind, form.answers["account"].strip()) else "",
        "problem": problem,
    }
    return shell.page(
        request, "workspace/sensitive/form.html", context, title=title, place="acts", status=status
    )
