"""The sidebar of the admin site: what each role may open, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.queries.audit_log import MOST_ALARMS, count_open
from accounts.rules.capabilities import Capability
from tickets.queries import aside
from tickets.queries.inbox import View
from tickets.rules.visibility import SEES_TICKETS
from tickets.rules.visibility import sees_tickets as sees_tickets

C = Capability
Text = str | Promise
#: Shown while something is in it.
ASIDE = "workspace:aside"
AUDIT = "workspace:audit_log"


@dataclass(frozen=True)
class Entry:
    title: Text
    icon: str
    url: str
    needs: frozenset[Capability]
    query: str = ""
    #: An entry of its own that lies below this one's address.
    besides: str = ""


def _view(view: View, title: Text, icon: str) -> Entry:
    return Entry(title, icon, "workspace:queue", SEES_TICKETS, f"?view={view}")


def _model(name: str, title: Text, icon: str, needs: Capability) -> Entry:
    return Entry(title, icon, f"admin:{name}_changelist", frozenset({needs}))


VIEW_TITLES: dict[str, Text] = {
    View.MINE: _("Mine"),
    View.UNASSIGNED: _("Unassigned"),
    View.TEAM: _("My teams"),
    View.DUE: _("Due soon"),
    View.ALL: _("All open"),
}
_ICONS = {
    View.MINE: "person",
    View.UNASSIGNED: "inbox",
    View.TEAM: "groups",
    View.DUE: "alarm",
    View.ALL: "list",
}

GROUPS: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        _("Queue"),
        (
            *(_view(view, VIEW_TITLES[view], _ICONS[view]) for view in View),
            Entry(
                *(_("Emergencies"), "e911_emergency", "workspace:emergencies"),
                frozenset({C.ANSWER_EMERGENCIES}),
            ),
            Entry(_("Scams"), "phishing", "workspace:scams", frozenset({C.JUDGE_SCAMS})),
            Entry(_("New ticket"), "add_call", "workspace:ticket_new", frozenset({C.OPEN_FOR_CUSTOMER})),
            Entry(_("My drafts"), "edit_note", "workspace:drafts", frozenset({C.WORK_TICKETS})),
            Entry(_("Not a ticket"), "unsubscribe", ASIDE, frozenset({C.WORK_TICKETS})),
            Entry(*(_("Quarantine"), "gpp_maybe", "workspace:quarantine"), frozenset({C.JUDGE_FILES})),
            Entry(_("My duty"), "work_history", "workspace:duty", frozenset({C.WORK_TICKETS})),
            Entry(_("Team today"), "groups_3", "workspace:team_today", frozenset({C.DIRECT_TEAM})),
            Entry(_("Bulk acts"), "library_add_check", "workspace:bulk", frozenset({C.WORK_TICKETS})),
            Entry(_("Sensitive acts"), "gpp_good", "workspace:acts", SEES_TICKETS),
            Entry(_("My notices"), "notifications", "workspace:notices", SEES_TICKETS),
        ),
    ),
    (
        _("Insight"),
        (
            Entry(_("Analytics"), "monitoring", "analytics:page", frozenset({C.VIEW_ANALYTICS})),
            Entry(
                *(_("Suggestions"), "model_training", "workspace:suggestions"),
                frozenset({C.VIEW_ANALYTICS}),
            ),
        ),
    ),
    (
        _("Security"),
        (
            Entry(
                _("Audit log"), "history_edu", AUDIT, frozenset({C.VIEW_AUDIT}), besides="workspace:decoys"
            ),
            Entry(_("Decoys"), "pest_control", "workspace:decoys", frozenset({C.VIEW_AUDIT})),
            Entry(_("Privacy"), "shield_person", "workspace:privacy", frozenset({C.MANAGE_PRIVACY})),
        ),
    ),
    (
        _("Knowledge base"),
        (
            _model("knowledgebase_article", _("Articles"), "article", C.EDIT_ARTICLES),
            _model("knowledgebase_section", _("Sections"), "shelves", C.EDIT_ARTICLES),
        ),
    ),
    (
        _("Configuration"),
        (
            _model("tickets_category", _("Categories"), "account_tree", C.VIEW_CONFIGURATION),
            _model("tickets_routingrule", _("Routing rules"), "alt_route", C.VIEW_CONFIGURATION),
            Entry(
                *(_("Routing tester"), "route", "workspace:routing_tester"),
                frozenset({C.VIEW_CONFIGURATION}),
            ),
            _model("tickets_macro", _("Macros"), "bolt", C.VIEW_CONFIGURATION),
            _model(
                "tickets_forbiddenphrase", _("Forbidden phrases"), "speaker_notes_off", C.VIEW_CONFIGURATION
            ),
            Entry(
                *(_("Try a text"), "mark_chat_read", "workspace:send_gate"), frozenset({C.VIEW_CONFIGURATION})
            ),
            _model("tickets_slapolicy", _("SLA policies"), "timer", C.VIEW_CONFIGURATION),
            Entry(
                *(_("Policy tester"), "science", "workspace:policy_tester"),
                frozenset({C.VIEW_CONFIGURATION}),
            ),
            _model("tickets_actpolicy", _("Sensitive acts: policies"), "policy", C.VIEW_CONFIGURATION),
            Entry(
                *(_("Recalculation"), "update", "workspace:recalculation"), frozenset({C.CONFIGURE_SERVICE})
            ),
            _model("tickets_calendar", _("Calendars"), "calendar_month", C.VIEW_CONFIGURATION),
            _model("accounts_brand", _("Brands"), "storefront", C.VIEW_CONFIGURATION),
            _model("accounts_team", _("Teams"), "diversity_3", C.VIEW_CONFIGURATION),
            _model("tickets_senderrule", _("Sender rules"), "rule", C.VIEW_CONFIGURATION),
            _model("tickets_deadaddress", _("Addresses that refuse mail"), "mail_off", C.VIEW_CONFIGURATION),
        ),
    ),
    (
        _("Site"),
        (
            _model("accounts_user", _("People"), "badge", C.CONFIGURE_SITE),
            _model("accounts_apitoken", _("API tokens"), "key", C.CONFIGURE_SITE),
            Entry(_("Mail"), "mail", "workspace:mail", frozenset({C.CONFIGURE_SITE}), besides=ASIDE),
            _model("tickets_mailbox", _("Mailboxes"), "alternate_email", C.CONFIGURE_SITE),
            _model("tickets_outboxmail", _("Outgoing mail"), "outgoing_mail", C.CONFIGURE_SITE),
            Entry(
                _("Background work"), "monitor_heart", "workspace:background", frozenset({C.CONFIGURE_SITE})
            ),
            _model("tickets_webhook", _("Webhooks"), "webhook", C.CONFIGURE_SITE),
            _model("tickets_outboxcall", _("Webhook calls"), "call_made", C.CONFIGURE_SITE),
            _model("tickets_walletcore", _("Wallet cores"), "account_balance_wallet", C.CONFIGURE_SITE),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups in the shape that the admin theme draws."""
    groups = [
        {"title": title, "separator": False, "collapsible": False, "items": _items(request, entries)}
        for title, entries in GROUPS
    ]
    return [group for group in groups if group["items"]]


def badge_of(user: Any) -> str | None:
    """What stands at the entry of the box "not a ticket"; None where nothing is in it for them."""
    if not access.can(user, C.WORK_TICKETS):
        return None
    box = aside.box_of(user)
    return box.told if box.has_any else None


def alarms_of(user: Any) -> str:
    """How many alarms wait for whoever reads the audit log."""
    if not access.can(user, C.VIEW_AUDIT):
        return ""
    count = count_open()
    return f"{count - 1}+" if count >= MOST_ALARMS else str(count or "")


def _items(request: HttpRequest, entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    items = []
    for entry in entries:
        address = _address(entry.url)
        if address is None or not any(access.can(request.user, capability) for capability in entry.needs):
            continue
        badge = badge_of(request.user) if entry.url == ASIDE else ""
        if entry.url == AUDIT:
            badge = alarms_of(request.user)
        if badge is None:
            continue
        items.append(
            {
                "title": entry.title,
                "icon": entry.icon,
                "link": address + entry.query,
                "active": _is_active(request, entry, address),
                "badge": badge,
            }
        )
    return items


def _address(url: str) -> str | None:
    try:
        return reverse(url)
    except NoReverseMatch:  # a model that has no page of its own
        return None


def _is_active(request: HttpRequest, entry: Entry, address: str) -> bool:
    if entry.query:
        return request.path == address and entry.query == f"?view={request.GET.get('view', '')}"
    if entry.besides and request.path.startswith(_address(entry.besides) or address):
        return False
    return request.path.startswith(address)
