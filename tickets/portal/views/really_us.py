"""Is this really support? The code of a mail or a call, checked by whoever got it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tickets.actions.support_codes import Answer, check
from tickets.portal import limits
from tickets.portal.door import PortalRequest, branded, customer_of, member_of
from tickets.portal.forms import Form, new_key
from tickets.portal.questions import Question
from tickets.portal.uploads import keeps_typed
from tickets.portal.views.filing import TOO_OFTEN, TOO_OLD
from tickets.queries.offered import emergency, offered
from tickets.queries.support_codes import plain
from tickets.rules.intake import clean_line
from tickets.rules.support_codes import CALL_DIGITS, LENGTH, Verdict

MAX_TYPED = 254


@dataclass(frozen=True)
class Told:
    """The answer as the page shows it; ``tone`` is "yes", "no" or "perhaps"."""

    tone: str
    headline: str
    detail: str


@keeps_typed
@branded
def really_us(request: PortalRequest) -> HttpResponse:
    form, status, told = _form(request), 200, None
    if request.method == "POST":
        status, told = _asked(request, form)
    context = {"form": form, "told": told, "emergency": emergency(offered(request.brand))}
    response = render(request, "portal/really_us.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: PortalRequest) -> Form:
    typed = request.POST
    questions = [
        Question(
            "code",
            "text",
            _("The code"),
            _("Twelve letters and digits from a mail, or the eight digits that a caller reads to you."),
            value=typed.get("code", "")[:MAX_TYPED],
            max_length=MAX_TYPED,
        )
    ]
    if member_of(request) is None:
        questions.append(
            Question(
                "contact",
                "text",
                _("How you were reached"),
                _("The e-mail address that the mail went to, or the number that was called."),
                value=typed.get("contact", "")[:MAX_TYPED],
                autocomplete="email",
                max_length=MAX_TYPED,
            )
        )
    return Form(new_key(), questions)


def _asked(request: PortalRequest, form: Form) -> tuple[int, Told | None]:
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return 403, None
    if not limits.within(request, limits.SUPPORT_CODES):
        form.problem = TOO_OFTEN
        return 429, None
    code, contact = form.question("code"), _contact(form)
    if len(plain(code.value)) not in (LENGTH, CALL_DIGITS):
        code.error = _("Enter the twelve letters and digits of the mail, or the eight digits of the call.")
    if not contact and member_of(request) is None:
        form.question("contact").error = _("Say how you were reached: a code is good for one person alone.")
    if form.has_errors:
        return 422, None
    # However many network addresses somebody has.
    if contact and not limits.within(request, limits.SUPPORT_CODES_BY_CONTACT, email=contact):
        form.problem = TOO_OFTEN
        return 429, None
    user = member_of(request)
    answer = check(request.brand, code.value, contact=contact, customer=customer_of(request), by=user)
    return 200, told(answer)


def _contact(form: Form) -> str:
    return next((clean_line(asked.value) for asked in form.questions if asked.name == "contact"), "")


def told(answer: Answer) -> Told:
    at = date_format(localtime(answer.at), "DATETIME_FORMAT") if answer.at else ""
    before = date_format(localtime(answer.before), "DATETIME_FORMAT") if answer.before else ""
    match answer.verdict:
        case Verdict.OURS if answer.is_call:
            said = _("One of us announced a call to you (%(at)s). The code is used up now: it works once.")
            return Told("yes", _("Yes, this call is ours."), said % {"at": at})
        case Verdict.OURS if before:
            said = _(
                "We sent it to you: %(at)s. This code was checked already: %(before)s. If that was not you, somebody "
                "else has seen this mail: do not rely on the code when somebody calls you or writes to you with it."
            )
            return Told("yes", _("Yes, this mail is ours."), said % {"at": at, "before": before})
        case Verdict.OURS:
            return Told("yes", _("Yes, this mail is ours."), _("We sent it to you: %(at)s.") % {"at": at})
        case Verdict.ASKED_BEFORE:
            said = _(
                "It was ours, but it was checked already (%(before)s). If that was not you, somebody overheard it: "
                "hang up and call us yourself."
            )
            return Told("perhaps", _("This code is used up."), said % {"before": before})
        case Verdict.RUN_OUT:
            said = _(
                "It was ours (%(at)s), but a call’s code holds for half an hour. Hang up and call us yourself."
            )
            return Told("perhaps", _("This code has run out."), said % {"at": at})
    said = _(
        "We do not know this code together with this address or number. Check what you typed once more. If it is "
        "right: hang up, open no link, send nothing."
    )
    return Told("no", _("No, this is not from us."), said)
