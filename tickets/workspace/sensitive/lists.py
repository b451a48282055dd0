"""The lists of sensitive acts: to approve, one's own, all; with filters, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import User
from accounts.rules.capabilities import Capability
from tickets.choices import ActKind, ActState
from tickets.models import SensitiveAct
from tickets.queries import act_lists as queries
from tickets.queries import pickers
from tickets.queries.act_lists import Question, Which
from tickets.rules.intake import clean_line
from tickets.rules.wallet_words import masked
from tickets.workspace import shell
from tickets.workspace.guard import StaffRequest, workspace_page
from tickets.workspace.sensitive import words


@dataclass(frozen=True)
class Address:
    """The query string, read leniently: what makes no sense is left out."""

    which: Which
    state: str
    kind: str
    brand: str
    q: str
    after: str

    @classmethod
    def read(cls, query: Mapping[str, str], user: User) -> Address:
        names = ("which", "state", "kind", "brand", "after")
        which, state, kind, brand, after = (query.get(name, "").strip() for name in names)
        usual = Which.TO_APPROVE if access.can(user, Capability.APPROVE_ACTS) else Which.OWN
        return cls(
            which=Which(which) if which in set(Which) else usual,
            state=state if state in ActState.values else "",
            kind=kind if kind in ActKind.values else "",
            brand=brand if _is_number(brand, 9) else "",
            q=clean_line(query.get("q", ""))[:64],
            after=after if _is_number(after, 18) else "",
        )

    @property
    def question(self) -> Question:
        return Question(
            self.which,
            # Whatever waits to be approved is in one state.
            "" if self.which is Which.TO_APPROVE else self.state,
            self.kind,
            int(self.brand) if self.brand else None,
            self.q,
            int(self.after) if self.after else None,
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.state or self.kind or self.brand or self.q)

    def to(self, after: str = "", which: Which | None = None) -> str:
        parts = {
            "which": str(which or self.which),
            "state": self.state,
            "kind": self.kind,
            "brand": self.brand,
            "q": self.q,
            "after": after,
        }
        query = QueryDict(mutable=True)
        query.update({name: text for name, text in parts.items() if text})
        return f"{reverse('workspace:acts')}?{query.urlencode()}"


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= most


@require_safe
@workspace_page()
def acts(request: StaffRequest) -> HttpResponse:
    address = Address.read(request.GET, request.user)
    context = _context(request, address)
    if request.htmx and not request.htmx.history_restore_request:
        response = shell.part(request, "workspace/sensitive/panel.html", context)
        response["HX-Push-Url"] = address.to(address.after)
        return response
    title = _("Sensitive acts")
    return shell.page(request, "workspace/sensitive/list.html", context, title=title, place="acts")


def _context(request: StaffRequest, address: Address) -> dict[str, Any]:
    page = queries.find(request.user, address.question)
    brands = pickers.load().brands(request.user)
    return {
        "address": address,
        "tabs": _tabs(request.user, address),
        "rows": [row_of(act) for act in page.acts],
        "next": address.to(str(page.next)) if page.next else None,
        "first": address.to() if address.after else None,
        "kinds": [(kind.value, str(kind.label)) for kind in ActKind],
        "states": [] if address.which is Which.TO_APPROVE else [(s.value, str(s.label)) for s in ActState],
        "brands": [(str(choice.value), choice.label) for choice in brands],
        "many_brands": len(brands) > 1,
    }


def _tabs(user: User, address: Address) -> list[dict[str, Any]]:
    titles = {Which.TO_APPROVE: _("To approve"), Which.OWN: _("Asked for by me"), Which.ALL: _("All")}
    if not access.can(user, Capability.APPROVE_ACTS):
        del titles[Which.TO_APPROVE]
    count = queries.count_to_approve(user)
    most = queries.COUNT_LIMIT
    told = f"{most}+" if count > most else str(count or "")
    return [
        {
            "title": title,
            "address": address.to(which=which),
            "is_here": which is address.which,
            "count": told if which is Which.TO_APPROVE else "",
        }
        for which, title in titles.items()
    ]


def row_of(act: SensitiveAct) -> dict[str, Any]:
    """Flat and ready to print. Accounts are masked: whoever decides opens the act."""
    given = sum(approval.content_hash == act.content_hash for approval in act.approvals.all())
    return {
        "act": act,
        "title": words.title(act),
        "account": masked(act.account),
        "given": given,
        "by": act.requester_name or act.get_requester_kind_display(),
        "state": act.get_state_display(),
    }
