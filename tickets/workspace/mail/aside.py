"""The box "not a ticket": what lies in it, and one click to make a ticket of it after all."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rules.capabilities import Capability
from helpdesk.lib import faults
from helpdesk.lib.errors import DomainError
from helpdesk.lib.sealed import Unreadable
from tickets import actors
from tickets.actions.intake import admit_line
from tickets.channels.email import rescuing
from tickets.choices import AsideReason, IncomingState
from tickets.models import IncomingMail, Ticket
from tickets.queries import aside as queries
from tickets.queries import pickers
from tickets.queries.aside import Question
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.mail import contents, senders, words
from tickets.workspace.mail.incoming import raw_of

logger = logging.getLogger(__name__)
for_agents = workspace_page(Capability.WORK_TICKETS)


@dataclass(frozen=True)
class Address:
    """The query string, read leniently: what makes no sense is left out."""

    q: str
    reason: str
    brand: str
    after: str

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Address:
        reason, brand, after = (query.get(name, "").strip() for name in ("reason", "brand", "after"))
        return cls(
            q=admit_line(query.get("q", ""), limit=200),
            reason=reason if reason in AsideReason.values else "",
            brand=brand if brand.isdecimal() and len(brand) <= 9 else "",
            after=after if after.isdecimal() and len(after) <= 18 else "",
        )

    @property
    def question(self) -> Question:
        return Question(
            q=self.q,
            reason=self.reason,
            brand=int(self.brand) if self.brand else None,
            after=int(self.after) if self.after else None,
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.q or self.reason or self.brand)

    def to(self, after: str = "") -> str:
        parts = {"q": self.q, "reason": self.reason, "brand": self.brand, "after": after}
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in parts.items() if text})
        return reverse("workspace:aside") + (f"?{query.urlencode()}" if query else "")


@require_GET
@for_agents
def aside(request: StaffRequest) -> HttpResponse:
    address = Address.read(request.GET)
    context = _context(request, address)
    if request.htmx and not request.htmx.history_restore_request:
        response = shell.part(request, "workspace/mail/aside_panel.html", context)
        response["HX-Push-Url"] = address.to(address.after)
        return response
    title = _("Not a ticket")
    return shell.page(request, "workspace/mail/aside.html", context, title=title, place="aside")


def _context(request: StaffRequest, address: Address) -> dict[str, Any]:
    page = queries.find(request.user, address.question)
    brands = pickers.load().brands(request.user)
    return {
        "address": address,
        "rows": [_row(mail) for mail in page.mails],
        "next": address.to(str(page.next)) if page.next else None,
        "first": address.to() if address.after else None,
        "reasons": [(value, str(label)) for value, label in AsideReason.choices],
        "brands": [(str(choice.value), choice.label) for choice in brands],
        "many_brands": len(brands) > 1,
    }


def _row(mail: IncomingMail) -> dict[str, Any]:
    return {
        "mail": mail,
        "address": reverse("workspace:aside_mail", args=[mail.pk]),
        "subject": mail.subject or _("(no subject)"),
        "sender": mail.sender_name or mail.sender or _("unknown"),
        "sender_address": mail.sender,
        "why": words.why(mail),
    }


@require_GET
@for_agents
def aside_mail(request: StaffRequest, pk: int) -> HttpResponse:
    return show(request, queries.mail_or_404(request.user, pk))


def show(request: StaffRequest, mail: IncomingMail, *, status: int = 200) -> HttpResponse:
    raw = raw_of(mail)
    title = mail.subject or _("(no subject)")
    context: dict[str, Any] = {
        "mail": mail,
        "title": title,
        "why": words.why(mail),
        "proof": words.proof(mail),
        "raw": raw,
        "text": contents.text_of(raw.data) if raw.data else None,
        "is_aside": mail.state == IncomingState.SET_ASIDE,
        "senders": senders.panel(request.user, mail),
    }
    return shell.page(
        request, "workspace/mail/aside_mail.html", context, title=title, place="aside", status=status
    )


@require_POST
@for_agents
def rescue(request: StaffRequest, pk: int) -> HttpResponse:
    mail = queries.mail_or_404(request.user, pk)
    queries.forget_counts(request.user)
    if mail.state != IncomingState.SET_ASIDE and mail.ticket is not None:
        messages.info(request, _("Somebody has made a ticket of it already: this one."))
        return redirect("workspace:ticket", mail.ticket.number)
    ticket = _rescued(request, mail)
    if ticket is None:
        return redirect("workspace:aside_mail", mail.pk)
    messages.success(request, _("It is a ticket now."))
    return redirect("workspace:ticket", ticket.number)


def _rescued(request: StaffRequest, mail: IncomingMail) -> Ticket | None:
    """None where nothing came of it; why is told. In the box are also mails that no reader got through."""
    try:
        return rescuing.rescue(mail, by=actors.staff(request.user))
    except DomainError as problem:
        messages.error(request, str(problem.message))
    except Unreadable:
        messages.error(request, raw_of(mail).gone)
    except Exception as problem:
        logger.error("Incoming mail %s could not be rescued\n%s", mail.pk, faults.steps(problem))
        messages.error(request, _("This mail cannot be read, so no ticket could be made of it."))
    return None
