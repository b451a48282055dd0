"""Where a customer types the code that was sent to them: by the address in the mail, on their case's page, or with the
number of the case where the code came by phone."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.lib.errors import DomainError, Invalid
from tickets.actions.proving import try_code
from tickets.models import Ticket
from tickets.portal import limits
from tickets.portal.access import acting, case_or_404
from tickets.portal.door import PortalRequest, branded
from tickets.portal.forms import Form, new_key
from tickets.portal.questions import Question
from tickets.portal.uploads import keeps_typed
from tickets.portal.views.filing import TOO_OFTEN, TOO_OLD
from tickets.queries.proof import challenge_of, ticket_numbered
from tickets.rules import numbers
from tickets.rules.intake import clean_line
from tickets.rules.proof import Verdict

#: What an honest browser sends is a few letters long; the rest is not read.
MAX_TYPED = 40


@keeps_typed
@branded
def by_mail(request: PortalRequest, token: str) -> HttpResponse:
    """The address in the mail names the case; it opens nothing of it."""
    challenge = challenge_of(token)
    if challenge is None or challenge.ticket.brand_id != request.brand.pk:
        raise Http404("No such code.")
    return _page(request, _form(request), challenge.ticket)


@keeps_typed
@branded
def on_case(request: PortalRequest, number: str) -> HttpResponse:
    return _page(request, _form(request), case_or_404(request, number))


@keeps_typed
@branded
def by_number(request: PortalRequest) -> HttpResponse:
    """Whether there is such a case is never told: a wrong number is answered like a code that has run out."""
    form = _form(request, number=True)
    asked = form.question("number")
    number = numbers.parse(clean_line(asked.value))
    if request.method == "POST" and number is None:
        asked.error = _("This is not a case number of ours. Please compare it with our mail.")
    return _page(request, form, ticket_numbered(request.brand, number))


def _form(request: PortalRequest, *, number: bool = False) -> Form:
    typed = {name: request.POST.get(name, "")[:MAX_TYPED] for name in ("number", "code")}
    questions = [
        Question(
            "code",
            "code",
            _("Your code"),
            _("Six digits. They hold for ten minutes and work once."),
            value=typed["code"],
            max_length=12,
        )
    ]
    if number:
        hint = _("Nine letters and digits, such as 4H7-QX9-2CP. It stands in every mail from us.")
        questions.insert(
            0, Question("number", "text", _("Case number"), hint, value=typed["number"], max_length=20)
        )
    return Form(new_key(), questions)


def _page(request: PortalRequest, form: Form, ticket: Ticket | None) -> HttpResponse:
    status, passed = 200, False
    if request.method == "POST":
        status, passed = _tried(request, form, ticket)
    response = render(request, "portal/proof.html", {"form": form, "passed": passed}, status=status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _tried(request: PortalRequest, form: Form, ticket: Ticket | None) -> tuple[int, bool]:
    """(HTTP status, whether the code was right). What is wrong stands in the form."""
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return 403, False
    if not limits.within(request, limits.CODES):
        form.problem = TOO_OFTEN
        return 429, False
    if form.has_errors:
        return 422, False
    verdict = Verdict.OVER if ticket is None else _judged(form, ticket)
    if verdict is Verdict.PASSED:
        return 200, True
    if verdict is not None:
        form.question("code").error = verdict.label
        form.question("code").value = ""
    return 422, False


def _judged(form: Form, ticket: Ticket) -> Verdict | None:
    try:
        return try_code(ticket, form.question("code").value, by=acting(ticket))
    except Invalid as refused:
        form.refuse(refused)
    except DomainError as refused:
        form.problem = refused.message
    return None
