"""Finding a case without logging in: by the link in a mail, or by number and e-mail address."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from tickets import actors
from tickets.actions.links import send_link
from tickets.models import Ticket, TrackingLink
from tickets.portal import limits
from tickets.portal.access import grant
from tickets.portal.door import PortalRequest, branded
from tickets.portal.forms import Form, new_key
from tickets.portal.questions import Question
from tickets.portal.uploads import keeps_typed
from tickets.portal.views.filing import TOO_OLD
from tickets.queries.links import link_of, was_mailed
from tickets.rules import numbers
from tickets.rules.intake import clean_line


@require_safe
@branded
def follow(request: PortalRequest, token: str) -> HttpResponse:
    """Open the case a mailed link names, and take the link out of the address bar."""
    link = _link_or_404(request, token)
    if link.revoked_at is not None:
        return _unkept(render(request, "portal/link_revoked.html", status=410))
    if link.expires_at <= clock.now():
        return _unkept(render(request, "portal/link_expired.html", {"token": token}, status=410))
    grant(request.session, link, mailed=was_mailed(token))
    response = redirect("portal:case", request.brand.slug, link.ticket.display_number)
    # The address opens a case: it is told to nobody. Not so on the pages above, whose links open nothing any more:
    # without a referrer a browser sends its forms with "Origin: null", and no form could be told from a forged one.
    response["Referrer-Policy"] = "no-referrer"
    return _unkept(response)


def _link_or_404(request: PortalRequest, token: str) -> TrackingLink:
    link = link_of(token)
    if link is None or link.ticket.brand_id != request.brand.pk:
        raise Http404("No such link.")
    return link


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@branded
def renew(request: PortalRequest, token: str) -> HttpResponse:
    """Mail a fresh link to the address on the case; the old one, though expired, proves whose it was."""
    link = _link_or_404(request, token)
    if link.revoked_at is not None:
        return _unkept(render(request, "portal/link_revoked.html", status=410))
    _send(request, link.ticket)
    return _unkept(render(request, "portal/link_sent.html"))


@keeps_typed
@branded
def find(request: PortalRequest) -> HttpResponse:
    """Where is my case? Whether the two belong together is never told; only the mailbox learns it."""
    form = _form(request)
    if request.method != "POST":
        return render(request, "portal/find.html", {"form": form})
    if not request.is_genuine:  # type: ignore[attr-defined]
        form.problem = TOO_OLD
        return render(request, "portal/find.html", {"form": form}, status=403)
    if not limits.within(request, limits.LINKS_BY_ADDRESS):
        form.problem = _(
            "You have asked several times in a short while. Please wait a little, then try again."
        )
        return render(request, "portal/find.html", {"form": form}, status=429)
    number, email = _checked(form)
    if form.has_errors:
        return render(request, "portal/find.html", {"form": form}, status=422)
    ticket = Ticket.objects.filter(number=number, brand=request.brand, customer__email=email).first()
    if ticket is not None:
        _send(request, ticket)
    return render(request, "portal/link_sent.html", {"asked_by_number": True})


def _form(request: PortalRequest) -> Form:
    typed = request.POST
    return Form(
        new_key(),
        [
            Question(
                "number",
                "text",
                _("Case number"),
                _("Nine letters and digits, such as 4H7-QX9-2CP. It stands in every mail from us."),
                value=typed.get("number", ""),
                max_length=20,
            ),
            Question(
                "email",
                "email",
                _("E-mail address"),
                _("The one you wrote to us with."),
                value=typed.get("email", ""),
                autocomplete="email",
            ),
        ],
    )


def _checked(form: Form) -> tuple[str | None, str]:
    number = numbers.parse(clean_line(form.question("number").value))
    if number is None:
        form.question("number").error = _(
            "This is not a case number of ours. Please compare it with our mail."
        )
    email = normal_email(clean_line(form.question("email").value))
    if "@" not in email:
        form.question("email").error = _("Enter an e-mail address in the form name@example.com.")
    return number, email


def _send(request: PortalRequest, ticket: Ticket) -> None:
    """Silent about too many: the answer must not tell whether there is such a case."""
    if limits.within(request, limits.LINKS_BY_EMAIL, email=ticket.customer.email):
        send_link(ticket, by=actors.customer(ticket.customer))
