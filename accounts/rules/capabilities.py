"""Role to what it may do: the one table. Ask it through ``accounts.access``."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    AGENT = "agent", _("agent")
    LEAD = "lead", _("team lead")
    MANAGER = "manager", _("manager")
    SECURITY_OFFICER = "security_officer", _("security officer")
    ADMINISTRATOR = "administrator", _("administrator")


class Capability(models.TextChoices):
    # Cases
    OWN_CASES = "own_cases", _("file and follow own cases")
    VIEW_TEAM_TICKETS = "view_team_tickets", _("see the tickets of own brands and teams")
    VIEW_BRAND_TICKETS = "view_brand_tickets", _("see every ticket of own brands")
    VIEW_ALL_TICKETS = "view_all_tickets", _("see every ticket")
    WORK_TICKETS = "work_tickets", _("answer and change tickets")
    ASSIGN_OTHERS = "assign_others", _("give tickets to other people and teams")
    VERIFY_CUSTOMERS = "verify_customers", _("say that a customer is who they say they are")
    SHARE_VIEWS = "share_views", _("share views of the queue with teams and everybody")
    OPEN_FOR_CUSTOMER = "open_for_customer", _("open a ticket on behalf of a customer")
    DIRECT_TEAM = "direct_team", _("say who of the team is on duty, and what they are given")
    # Money and accounts
    FREEZE_ACCOUNTS = "freeze_accounts", _("freeze an account at once")
    REQUEST_ACTS = "request_acts", _("ask for sensitive acts")
    APPROVE_ACTS = "approve_acts", _("approve sensitive acts that others asked for")
    ANSWER_EMERGENCIES = "answer_emergencies", _("be alarmed by emergencies and take them")
    JUDGE_SCAMS = "judge_scams", _("judge reports of scams and publish them")
    # What is known of people
    REVEAL_DATA = "reveal_data", _("see masked contact data, with a reason")
    EXPORT_DATA = "export_data", _("export lists")
    VIEW_AUDIT = "view_audit", _("read, verify and export the audit log")
    MANAGE_PRIVACY = "manage_privacy", _("export and erase what is known of a person, set legal holds")
    # Numbers
    VIEW_ANALYTICS = "view_analytics", _("see the analytics")
    # Knowledge
    EDIT_ARTICLES = "edit_articles", _("write and publish articles")
    # Configuration
    VIEW_CONFIGURATION = "view_configuration", _("see the configuration")
    CONFIGURE_SERVICE = "configure_service", _("change categories, macros, calendars and SLA policies")
    CONFIGURE_SITE = "configure_site", _("change brands, teams, people, tokens and webhooks")


C = Capability

_WORK = frozenset(
    {
        *(C.VIEW_TEAM_TICKETS, C.WORK_TICKETS, C.OPEN_FOR_CUSTOMER, C.VERIFY_CUSTOMERS),
        *(C.FREEZE_ACCOUNTS, C.REQUEST_ACTS, C.REVEAL_DATA),
    }
)
_LEAD = _WORK | {
    *(C.APPROVE_ACTS, C.ANSWER_EMERGENCIES, C.JUDGE_SCAMS, C.EXPORT_DATA),
    *(C.ASSIGN_OTHERS, C.DIRECT_TEAM, C.SHARE_VIEWS),
    *(C.EDIT_ARTICLES, C.VIEW_ANALYTICS, C.VIEW_CONFIGURATION),
}

CAPABILITIES: Mapping[Role, frozenset[Capability]] = {
    Role.CUSTOMER: frozenset({C.OWN_CASES}),
    Role.AGENT: _WORK,
    Role.LEAD: _LEAD,
    Role.MANAGER: _LEAD | {C.VIEW_BRAND_TICKETS, C.CONFIGURE_SERVICE},
    # Watches, does not work cases: who checks must not be who acts.
    Role.SECURITY_OFFICER: frozenset(
        {
            *(C.VIEW_BRAND_TICKETS, C.VIEW_ANALYTICS, C.VIEW_CONFIGURATION),
            *(C.APPROVE_ACTS, C.JUDGE_SCAMS, C.REVEAL_DATA, C.EXPORT_DATA, C.VIEW_AUDIT, C.MANAGE_PRIVACY),
        }
    ),
    # Who hands out powers approves no act and sees no masked data.
    Role.ADMINISTRATOR: frozenset(
        {
            C.VIEW_ALL_TICKETS,
            C.WORK_TICKETS,
            C.OPEN_FOR_CUSTOMER,
            C.VERIFY_CUSTOMERS,
            C.ASSIGN_OTHERS,
            C.SHARE_VIEWS,
            C.DIRECT_TEAM,
            C.VIEW_ANALYTICS,
            C.EDIT_ARTICLES,
            *(C.FREEZE_ACCOUNTS, C.REQUEST_ACTS, C.ANSWER_EMERGENCIES, C.JUDGE_SCAMS),
            *(C.EXPORT_DATA, C.VIEW_AUDIT),
        }
        | {C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE, C.CONFIGURE_SITE}
    ),
}

STAFF_ROLES = frozenset(Role) - {Role.CUSTOMER}

#: Which capability opens a model in the admin's configuration pages: (to look, to change).
#: A model that is not named here is nobody's: tickets and messages change through actions only.
ADMIN_MODELS: Mapping[str, tuple[Capability, Capability]] = {
    "accounts.brand": (C.VIEW_CONFIGURATION, C.CONFIGURE_SITE),
    "accounts.team": (C.VIEW_CONFIGURATION, C.CONFIGURE_SITE),
    "accounts.user": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "accounts.apitoken": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "tickets.category": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.categoryfield": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.calendar": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.calendarhours": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.calendarexception": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.slapolicy": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.slatarget": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.escalationstep": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.routingrule": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.macro": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.forbiddenphrase": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.actpolicy": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.actthreshold": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.walletcore": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "tickets.outboxmail": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "tickets.mailbox": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "tickets.senderrule": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.deadaddress": (C.VIEW_CONFIGURATION, C.CONFIGURE_SERVICE),
    "tickets.maildestination": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "tickets.webhook": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "tickets.outboxcall": (C.CONFIGURE_SITE, C.CONFIGURE_SITE),
    "knowledgebase.section": (C.EDIT_ARTICLES, C.EDIT_ARTICLES),
    "knowledgebase.article": (C.EDIT_ARTICLES, C.EDIT_ARTICLES),
    "knowledgebase.articletranslation": (C.EDIT_ARTICLES, C.EDIT_ARTICLES),
    "knowledgebase.articlefeedback": (C.EDIT_ARTICLES, C.EDIT_ARTICLES),
}
