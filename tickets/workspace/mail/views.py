"""The operator's page about mail, which looks again by itself, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.customers import checked_email
from accounts.models import Brand
from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import DomainError, Invalid
from tickets import actors
from tickets.actions import destinations, mail_checks, mailboxes
from tickets.models import Mailbox, MailDestination
from tickets.queries import mail_desk
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.mail import page

for_operators = workspace_page(Capability.CONFIGURE_SITE)


@require_safe
@for_operators
def mail(request: StaffRequest) -> HttpResponse:
    return parts(request) if request.htmx else _page(request)


@require_POST
@for_operators
def fetch(request: StaffRequest, mailbox: int) -> HttpResponse:
    box = get_object_or_404(Mailbox, pk=mailbox)
    return do(
        request,
        lambda: mailboxes.fetch_now(box, by=actors.staff(request.user)),
        _("The mailboxes are being looked at now."),
    )


@require_POST
@for_operators
def check(request: StaffRequest, mailbox: int) -> HttpResponse:
    box = get_object_or_404(Mailbox.objects.select_related("brand"), pk=mailbox)
    return do(
        request,
        lambda: mail_checks.send_check(box, by=actors.staff(request.user)),
        _("A check is on its way to %(address)s. This page says when it has come back.")
        % {"address": box.address},
    )


@require_POST
@for_operators
def go_on(request: StaffRequest, destination: int) -> HttpResponse:
    row = get_object_or_404(MailDestination, pk=destination)
    return do(
        request,
        lambda: destinations.go_on(row, by=actors.staff(request.user)),
        _("Mail to %(domain)s leaves again.") % {"domain": row.domain},
    )


@require_POST
@for_operators
def send_test(request: StaffRequest) -> HttpResponse:
    """A form like any other: what is wrong with the address is told at its field, and what was typed is kept."""
    to, chosen = request.POST.get("to", "").strip(), request.POST.get("brand", "")
    brand = Brand.objects.filter(pk=chosen if chosen.isdecimal() and len(chosen) < 10 else 0).first()
    try:
        email = checked_email(to)
        if not email or brand is None:
            raise Invalid({"email": _("Enter an e-mail address in the form name@example.com.")})
        mail_checks.send_test(to=email, brand=brand, by=actors.staff(request.user))
    except DomainError as problem:
        wrong = next(iter(problem.fields.values()), "") if isinstance(problem, Invalid) else ""
        typed = {"to": to, "brand": brand, "wrong": str(wrong or problem.message)}
        return _page(request, typed, status=problem.status)
    messages.success(request, _("A test mail to %(address)s is on its way.") % {"address": email})
    return redirect("workspace:mail")


def do(request: StaffRequest, act: Callable[[], Any], done: str) -> HttpResponse:
    """Act, and answer with how it stands now: a part for htmx, or the page."""
    try:
        act()
    except DomainError as problem:
        return answer(request, str(problem.message), messages.ERROR, problem.status)
    return answer(request, done, messages.SUCCESS)


def answer(request: StaffRequest, said: str, level: int, status: int = 200) -> HttpResponse:
    mail_desk.forget_counts()
    messages.add_message(request, level, said)
    return parts(request, status=status) if request.htmx else redirect("workspace:mail")


def _page(request: StaffRequest, typed: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    title = _("Mail")
    context = page.context(request.user) | {"title": title} | (typed or {})
    return shell.page(request, "workspace/mail/page.html", context, title=title, place="mail", status=status)


def parts(request: StaffRequest, *, status: int = 200) -> HttpResponse:
    """How it stands now. The list only when it changed, so that nobody is disturbed in reading it; and what is to be
    said aloud only when there is news."""
    context = page.context(request.user)
    asked = request.GET
    context["listing"] = asked.get("listed") != context["listed"]
    context["speaking"] = asked.get("seen") != context["seen"]
    return shell.part(request, "workspace/mail/part.html", context, status=status)
