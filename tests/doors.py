"""Who may enter where: one line for every address of the site, read by ``tests/test_doors.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from accounts.rules.capabilities import Capability


class Who(Enum):
    """Whom a door lets in, besides those whom a capability names."""

    ANYBODY = "anybody"
    SIGNED_IN = "whoever has logged in"
    OWNER = "the customer whose case it is"
    TICKET_STAFF = "staff who may see the ticket"
    TICKET_PEOPLE = "the owner, and staff who may see the ticket"
    STAFF = "staff"
    TICKET_WORKERS = "staff who may see the ticket and work on it"
    BRAND_WORKERS = "staff of the brand who work on its tickets"
    THEIR_LEADS = "whoever directs that person"
    TICKET_REVEALERS = "staff who may see the ticket and be shown masked data"
    TICKET_APPROVERS = "staff who may see the ticket and approve what others ask for"
    TICKET_LEADS = "staff who may see the ticket and direct others' work"
    NOBODY = "nobody, whatever they may do elsewhere"


@dataclass(frozen=True)
class Door:
    who: Who | Capability
    method: str = "GET"
    query: str = ""
    #: What it shows is one brand's: that brand must be theirs, too.
    of_brand: bool = False
    #: What its form names, by the names that addresses have for it.
    form: tuple[str, ...] = ()


ANYBODY, SIGNED_IN, OWNER = Door(Who.ANYBODY), Door(Who.SIGNED_IN), Door(Who.OWNER)

DOORS: Mapping[str, Door] = {
    "healthz": ANYBODY,
    "healthz_work": ANYBODY,
    "served_file": Door(Who.NOBODY),  # but whom a link was signed for (tests/helpdesk/test_served.py)
    "set_language": Door(Who.ANYBODY, "POST"),
    "set_theme": Door(Who.ANYBODY, "POST"),
    "own_sessions": SIGNED_IN,
    "end_session": Door(Who.SIGNED_IN, "POST"),
    # The customers' pages. A case opens to its owner, or to whoever came by its tracking link (tests/tickets/portal).
    "portal:chooser": ANYBODY,
    "portal:front": ANYBODY,
    "portal:choose": ANYBODY,
    "portal:new_case": ANYBODY,
    "portal:suggest": Door(Who.ANYBODY, "POST"),
    "portal:cases": SIGNED_IN,  # staff are sent on to their queue
    "portal:case": OWNER,
    "portal:received": OWNER,
    "portal:close": Door(Who.OWNER, "POST"),
    "portal:file": OWNER,
    "portal:mail": OWNER,
    "portal:find": ANYBODY,
    "portal:follow": ANYBODY,
    "portal:renew": Door(Who.ANYBODY, "POST"),
    "portal:help": ANYBODY,
    "portal:search": ANYBODY,
    "portal:section": ANYBODY,
    "portal:article": ANYBODY,
    "portal:feedback": Door(Who.ANYBODY, "POST"),
    "portal:case_code": OWNER,
    "portal:code": ANYBODY,
    # Its token names the case that a code was sent for (tests/tickets/portal/test_proving.py).
    "portal:mailed_code": Door(Who.NOBODY),
    "portal:really_us": ANYBODY,
    "portal:contact": ANYBODY,
    "portal:never_ask": ANYBODY,
    "portal:emergency_chooser": ANYBODY,
    "portal:emergency": ANYBODY,
    "portal:emergency_next": OWNER,
    "portal:emergency_call": Door(Who.OWNER, "POST"),
    "portal:report_scam": ANYBODY,
    "portal:scam_thanks": ANYBODY,
    "portal:known_scams": ANYBODY,
    "portal:privacy": ANYBODY,  # guests are told to log in
    "portal:privacy_ask": Door(Who.SIGNED_IN, "POST", form=("kind",)),  # staff are sent back to the page
    "portal:privacy_withdraw": Door(Who.OWNER, "POST"),
    "portal:privacy_copy": Door(Who.NOBODY),  # but whose it is (tests/tickets/portal/test_privacy.py)
    # Programs.
    "api_tickets": SIGNED_IN,
    "api_ticket": Door(Who.TICKET_PEOPLE),
    "api_messages": Door(Who.TICKET_PEOPLE),
    "api_message": Door(Who.TICKET_WORKERS, "PATCH"),
    "api_take_back": Door(Who.TICKET_WORKERS, "POST"),
    "api_clocks": Door(Who.TICKET_STAFF),
    "api_merge": Door(Who.TICKET_WORKERS, "POST"),
    "api_events": Door(Who.TICKET_STAFF),
    "api_ticket_acts": Door(Who.TICKET_STAFF),
    "api_acts": Door(Who.STAFF),
    "api_act": Door(Who.TICKET_STAFF),
    "api_act_approve": Door(Who.TICKET_APPROVERS, "POST"),
    "api_act_refuse": Door(Who.TICKET_APPROVERS, "POST"),
    "api_act_withdraw": Door(Who.NOBODY, "POST"),  # but whoever asked for it (…/api/test_acts.py)
    "api_attachment": Door(Who.TICKET_PEOPLE),
    "api_categories": SIGNED_IN,
    "api_brands": SIGNED_IN,
    "api_articles": SIGNED_IN,
    "api_article": SIGNED_IN,
    "api_scam_list_csv": Door(Who.NOBODY),  # but whoever has its address (tests/tickets/workspace/scams)
    "api_scam_list_json": Door(Who.NOBODY),
    "api_schema": ANYBODY,
    "api_docs": ANYBODY,
    "api_nothing": Door(Who.NOBODY),
    "api_token": Door(Who.ANYBODY, "POST"),
    "incoming_mail": Door(Who.NOBODY, "POST"),  # a log-in does not help: who signs may (…/ways/test_web.py)
    "wallet_answers": Door(
        Who.NOBODY, "POST"
    ),  # a log-in does not help: who signs may (…/api/test_wallet_answers.py)
    # Agents.
    "workspace:front": Door(Who.STAFF),
    "workspace:queue": Door(Who.STAFF),
    "workspace:queue_rows": Door(Who.STAFF, query="?numbers=AAAAAAAAA"),
    "workspace:queue_counts": Door(Who.STAFF),
    "workspace:queue_filters": Door(Who.STAFF),
    "workspace:queue_columns": Door(Who.STAFF),
    "workspace:queue_density": Door(Who.STAFF, "POST"),
    "workspace:queue_marks": Door(Who.STAFF, "POST"),
    "workspace:queue_views": Door(Who.STAFF),
    "workspace:queue_view_new": Door(Who.STAFF),
    # Of a view that everybody sees; one's own is nobody else's (tests/tickets/workspace/queue/test_views.py).
    "workspace:queue_view": Door(Capability.SHARE_VIEWS),
    "workspace:queue_view_ask": Door(Capability.SHARE_VIEWS, "POST"),
    "workspace:queue_view_move": Door(Capability.SHARE_VIEWS, "POST"),
    "workspace:queue_view_remove": Door(Capability.SHARE_VIEWS, "POST"),
    "workspace:emergencies": Door(Capability.ANSWER_EMERGENCIES),
    "workspace:emergency_rows": Door(Capability.ANSWER_EMERGENCIES),
    "workspace:alarm": Door(Capability.ANSWER_EMERGENCIES),
    "workspace:take_emergency": Door(Capability.ANSWER_EMERGENCIES, "POST", of_brand=True),
    "workspace:on_call": Door(Capability.ANSWER_EMERGENCIES),
    "workspace:remove_on_call": Door(Capability.ANSWER_EMERGENCIES, "POST", of_brand=True),
    "workspace:call_made": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:scams": Door(Capability.JUDGE_SCAMS),
    "workspace:add_scam": Door(Capability.JUDGE_SCAMS, "POST"),
    "workspace:scam": Door(Capability.JUDGE_SCAMS, of_brand=True),
    "workspace:judge_scam": Door(Capability.JUDGE_SCAMS, "POST", of_brand=True),
    "workspace:merge_scam": Door(Capability.JUDGE_SCAMS, "POST", of_brand=True),
    "workspace:scams_csv": Door(Capability.JUDGE_SCAMS),
    "workspace:scams_json": Door(Capability.JUDGE_SCAMS),
    "workspace:scam_feeds": Door(Capability.JUDGE_SCAMS),
    "workspace:switch_scam_feed": Door(Capability.JUDGE_SCAMS, "POST", of_brand=True),
    "workspace:take_next": Door(Capability.WORK_TICKETS, "POST"),
    "workspace:duty": Door(Capability.WORK_TICKETS),
    "workspace:set_duty": Door(Capability.WORK_TICKETS, "POST"),
    "workspace:team_today": Door(Capability.DIRECT_TEAM),
    "workspace:direct": Door(Who.THEIR_LEADS, "POST"),
    "workspace:bulk": Door(Capability.WORK_TICKETS),
    "workspace:bulk_preview": Door(Capability.WORK_TICKETS, "POST"),
    "workspace:bulk_start": Door(Capability.WORK_TICKETS, "POST"),
    "workspace:bulk_run": Door(
        Who.NOBODY
    ),  # but whoever asked for it (tests/tickets/workspace/bulk/test_runs.py)
    "workspace:bulk_undo": Door(Who.NOBODY, "POST"),
    "workspace:bulk_stop": Door(Who.NOBODY, "POST"),
    "workspace:ticket_new": Door(Capability.OPEN_FOR_CUSTOMER),
    "workspace:find_customer": Door(Capability.OPEN_FOR_CUSTOMER, query="?email=nobody@example.com"),
    "workspace:ticket": Door(Who.TICKET_STAFF),
    "workspace:ticket_live": Door(Who.TICKET_STAFF),
    "workspace:attachment": Door(Who.TICKET_STAFF),
    "workspace:attachment_text": Door(Who.TICKET_STAFF),
    "workspace:quarantine": Door(Capability.JUDGE_FILES),
    "workspace:quarantine_release": Door(Capability.JUDGE_FILES, "POST", of_brand=True),
    "workspace:quarantine_delete": Door(Capability.JUDGE_FILES, "POST", of_brand=True),
    "workspace:attachment_card": Door(Who.TICKET_STAFF),
    "workspace:earlier": Door(Who.TICKET_STAFF, query="?before=1"),
    "workspace:whole_mail": Door(Who.TICKET_STAFF),
    "workspace:mail_html": Door(Who.TICKET_STAFF),
    "workspace:accept_sender": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:put_in_copy": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:take_out_of_copy": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:ticket_reply": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:draft_save": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:draft_discard": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:draft_file_add": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:draft_file_remove": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:draft_file": Door(Who.NOBODY),  # their author alone (tests/tickets/workspace/composing)
    "workspace:preview": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:drafts": Door(Capability.WORK_TICKETS),
    "workspace:macro": Door(Who.TICKET_WORKERS),
    "workspace:macro_changes": Door(Who.TICKET_WORKERS),
    "workspace:apply_macro": Door(Who.TICKET_WORKERS, "POST", form=("macro",)),
    "workspace:undo_macro": Door(Who.NOBODY, "POST"),  # but whoever applied it (…/workspace/test_macros.py)
    "workspace:articles": Door(Who.TICKET_WORKERS, query="?article=wait"),
    "workspace:fitting_articles": Door(Who.TICKET_WORKERS),
    "workspace:verify_customer": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:withdraw_verification": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:acts": Door(Who.STAFF),
    "workspace:act": Door(Who.TICKET_STAFF),
    "workspace:act_ask": Door(Who.TICKET_WORKERS),
    "workspace:act_edit": Door(Who.NOBODY),  # but whoever asked for it (…/workspace/test_sensitive.py)
    "workspace:act_approve": Door(Who.TICKET_APPROVERS, "POST"),
    "workspace:act_refuse": Door(Who.TICKET_APPROVERS, "POST"),
    "workspace:act_withdraw": Door(Who.NOBODY, "POST"),  # but whoever asked for it
    "workspace:send_proof_code": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:announce_call": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:privacy": Door(Capability.MANAGE_PRIVACY),
    "workspace:privacy_request": Door(Capability.MANAGE_PRIVACY, of_brand=True),
    "workspace:privacy_grant": Door(Capability.MANAGE_PRIVACY, "POST", of_brand=True),
    "workspace:privacy_refuse": Door(Capability.MANAGE_PRIVACY, "POST", of_brand=True),
    "workspace:privacy_withdraw": Door(Capability.MANAGE_PRIVACY, "POST", of_brand=True),
    "workspace:privacy_fetch": Door(Who.NOBODY),  # there is no copy (tests/tickets/workspace/privacy)
    "workspace:privacy_person": Door(Capability.MANAGE_PRIVACY, of_brand=True),
    "workspace:privacy_ask": Door(Capability.MANAGE_PRIVACY, "POST", form=("kind",), of_brand=True),
    "workspace:privacy_hold": Door(Capability.MANAGE_PRIVACY, "POST", of_brand=True),
    "workspace:privacy_holds": Door(Capability.MANAGE_PRIVACY),
    "workspace:privacy_lift": Door(Capability.MANAGE_PRIVACY, "POST", of_brand=True),
    "workspace:privacy_retention": Door(Capability.MANAGE_PRIVACY),
    "workspace:privacy_rule": Door(Capability.MANAGE_PRIVACY, "POST"),
    "workspace:privacy_rule_remove": Door(Capability.MANAGE_PRIVACY, "POST"),
    "workspace:privacy_look": Door(Capability.MANAGE_PRIVACY, "POST"),
    "workspace:privacy_run": Door(Capability.MANAGE_PRIVACY, "POST"),
    "workspace:clocks": Door(Who.TICKET_STAFF),
    "workspace:clock": Door(Who.TICKET_STAFF),
    "workspace:judge": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:take_back": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:mail_retry": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:split": Door(Who.TICKET_WORKERS),
    "workspace:unmerge": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:link_add": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:link_remove": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:link_find": Door(Who.TICKET_WORKERS),
    "workspace:link_solve": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:follow_up": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:people": Door(Who.TICKET_WORKERS),
    "workspace:undo": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:merge": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:customer_tier": Door(Who.TICKET_LEADS, "POST"),
    "workspace:reveal": Door(Who.TICKET_REVEALERS, "POST"),
    "workspace:hide_contact": Door(Who.TICKET_REVEALERS, "POST"),
    "workspace:take": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:watch": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:unwatch": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:revoke_links": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:take_suggestion": Door(Who.TICKET_WORKERS, "POST"),
    "workspace:ticket_change": Door(Who.TICKET_WORKERS, "POST"),
    # The box "not a ticket": its mails are the brand's, whoever of its agents looks.
    "workspace:aside": Door(Capability.WORK_TICKETS),
    "workspace:aside_mail": Door(Who.BRAND_WORKERS),
    "workspace:aside_rescue": Door(Who.BRAND_WORKERS, "POST"),
    "workspace:aside_rule": Door(Who.BRAND_WORKERS, "POST"),
    "workspace:aside_rule_remove": Door(Who.BRAND_WORKERS, "POST"),
    # Security.
    "workspace:audit_log": Door(Capability.VIEW_AUDIT),
    "workspace:audit_entry": Door(Capability.VIEW_AUDIT),
    "workspace:audit_verify": Door(Capability.VIEW_AUDIT, "POST"),
    "workspace:audit_export": Door(Capability.VIEW_AUDIT, "POST"),
    "workspace:audit_see_to": Door(Capability.VIEW_AUDIT, "POST"),
    "workspace:decoys": Door(Capability.VIEW_AUDIT),
    "workspace:decoy_remove": Door(Capability.VIEW_AUDIT, "POST"),
    # Operators.
    "workspace:mail": Door(Capability.CONFIGURE_SITE),
    "workspace:mail_test": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:mail_retry_all": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:mail_fetch": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:mail_check": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:mail_go_on": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:mail_one": Door(Capability.CONFIGURE_SITE),
    "workspace:mail_raw": Door(Capability.CONFIGURE_SITE),
    "workspace:mail_read_again": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:mail_dismiss": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:background": Door(Capability.CONFIGURE_SITE),
    "workspace:run_again": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:dismiss": Door(Capability.CONFIGURE_SITE, "POST"),
    "workspace:notices": Door(Who.STAFF),
    "workspace:palette": Door(Who.STAFF),
    "workspace:bell": Door(Who.STAFF),
    "workspace:read_notices": Door(Who.STAFF, "POST"),
    "workspace:calendar": Door(Capability.VIEW_CONFIGURATION),
    "workspace:calendar_year": Door(Capability.VIEW_CONFIGURATION),
    "workspace:calendar_day": Door(Capability.CONFIGURE_SERVICE, "POST"),
    "workspace:calendar_day_remove": Door(Capability.CONFIGURE_SERVICE, "POST"),
    "workspace:calendar_import": Door(Capability.CONFIGURE_SERVICE),
    "workspace:calendar_import_confirm": Door(Capability.CONFIGURE_SERVICE, "POST"),
    # Managers.
    "workspace:suggestions": Door(Capability.VIEW_ANALYTICS),
    "workspace:training_progress": Door(Capability.VIEW_ANALYTICS),
    "workspace:train_now": Door(Capability.CONFIGURE_SERVICE, "POST"),
    "workspace:send_gate": Door(Capability.VIEW_CONFIGURATION),
    "workspace:policy_tester": Door(Capability.VIEW_CONFIGURATION),
    "workspace:routing_tester": Door(Capability.VIEW_CONFIGURATION),
    "workspace:recalculation": Door(Capability.CONFIGURE_SERVICE),
    "workspace:recalculate": Door(Capability.CONFIGURE_SERVICE, "POST"),
    "workspace:recalculation_progress": Door(Capability.CONFIGURE_SERVICE),
    "analytics:page": Door(Capability.VIEW_ANALYTICS),
    "analytics:tickets": Door(Capability.VIEW_ANALYTICS, query="?metric=opened"),
    "analytics:tickets-csv": Door(Capability.EXPORT_DATA, query="?metric=opened"),
    "analytics:csv": Door(Capability.EXPORT_DATA),
    "analytics:promises": Door(Capability.VIEW_ANALYTICS),
    "analytics:promises-outlook": Door(Capability.VIEW_ANALYTICS),
    "analytics:promises-list": Door(Capability.VIEW_ANALYTICS, query="?metric=decided"),
    "analytics:promises-list-csv": Door(Capability.EXPORT_DATA, query="?metric=decided"),
    "analytics:promises-csv": Door(Capability.EXPORT_DATA),
}

#: Addresses of libraries, by the beginning of their names. They show the visitor's own account and nothing else.
LIBRARY_DOORS: Mapping[str, Door] = {"account_": ANYBODY, "mfa_": ANYBODY}
