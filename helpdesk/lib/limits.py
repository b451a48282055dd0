"""How often one asker may do what costs others something: every limit of the house, in this one table.

Whoever adds an address that takes something in from strangers adds its line here. ``GATES`` are counted before the
view is reached (``helpdesk/gate.py``), by the person who is logged in, else by network address. ``WITHIN`` are counted
by the view itself, since it keeps what was typed or counts by something else; what counts there is named beside it.
Every other address that takes something in has ``OTHERS``. tests/helpdesk/test_limits.py holds all of that true.

Generous: whole offices share an address.
"""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.lib.http import Limit

MINUTE, HOUR = 60, 3600

# ── The portal's forms ──────────
SUBMITS = Limit("portal-submit", 60, HOUR)
CASES_BY_ADDRESS = Limit("portal-case", 30, HOUR)
CASES_BY_EMAIL = Limit("portal-case-mail", 10, HOUR)
REPLIES = Limit("portal-reply", 60, HOUR)
LINKS_BY_ADDRESS = Limit("portal-link", 20, HOUR)
LINKS_BY_EMAIL = Limit("portal-link-mail", 5, HOUR)
LINKS_OPENED = Limit("portal-follow", 300, HOUR)
EMERGENCIES_BY_ADDRESS = Limit("portal-emergency", 10, HOUR)
EMERGENCIES_BY_ACCOUNT = Limit("portal-emergency-account", 5, HOUR)
SCAMS_BY_ADDRESS = Limit("portal-scam", 30, HOUR)
SCAM_CHECKS = Limit("portal-scam-check", 60, HOUR)
SEARCHES = Limit("portal-search", 600, HOUR)
PRIVACY = Limit("portal-privacy", 5, 24 * HOUR)
FEEDBACK = Limit("portal-feedback", 60, HOUR)
#: Codes typed to prove a contact; each code has its own few tries besides (tickets/rules/proof.py).
CODES = Limit("portal-code", 30, HOUR)
SUPPORT_CODES = Limit("portal-really-us", 40, HOUR)
#: High: who names somebody else's contact must not easily keep them from asking.
SUPPORT_CODES_BY_CONTACT = Limit("portal-really-us-contact", 200, HOUR)
FILES = Limit("files", 600, 10 * MINUTE)
LOOKS = Limit("looks", 120, 10 * MINUTE)
# ── Log-ins. Those of failures, by address and by account, are the log-in's own (docs/verification.md). ──────────
LOG_INS = Limit("log-in", 300, 10 * MINUTE)
SIGN_UPS = Limit("sign-up", 60, HOUR)
RESETS = Limit("password-reset", 60, HOUR)
CONFIRMATIONS = Limit("confirm-again", 30, 10 * MINUTE)
CREDENTIALS = Limit("credentials", 60, 10 * MINUTE)
# ── Programs ──────────
API = Limit("api", 6000, MINUTE)
API_LOG_INS = Limit("api-log-in", 60, MINUTE)
#: Of keys that are none, from one address.
BAD_TOKENS = Limit("api-bad-tokens", 60, MINUTE)
#: Of bad signatures from one address: whoever makes more is not listened to until the minute is over.
MAIL_SIGNATURES = Limit("incoming-mail-signatures", 20, MINUTE)
WALLET_SIGNATURES = Limit("wallet-answer-signatures", 20, MINUTE)
#: Of the list of scams, by those who filter with it.
SCAM_LISTS = Limit("scam-list", 120, HOUR)
# ── Staff at work ──────────
STAFF_SEARCHES = Limit("staff-search", 300, MINUTE)
#: More than anybody does by hand.
OTHERS = Limit("others", 3000, MINUTE)

#: Address's name to its limit, for what is sent (POST, PUT, PATCH, DELETE).
GATES: Mapping[str, Limit] = {
    "set_language": LOOKS,
    "set_theme": LOOKS,
    "portal:suggest": SEARCHES,
    "portal:close": REPLIES,
    # Of each person the view counts PRIVACY besides.
    "portal:privacy_ask": REPLIES,
    "portal:privacy_withdraw": REPLIES,
    "portal:renew": LINKS_BY_ADDRESS,
    "portal:feedback": FEEDBACK,
    "account_login": LOG_INS,
    "account_signup": SIGN_UPS,
    "account_email_verification_sent": SIGN_UPS,
    "account_reset_password": RESETS,
    "account_reset_password_from_key": RESETS,
    "account_reauthenticate": CONFIRMATIONS,
    "mfa_authenticate": LOG_INS,
    "mfa_login_webauthn": LOG_INS,
    "mfa_reauthenticate": CONFIRMATIONS,
    "mfa_reauthenticate_webauthn": CONFIRMATIONS,
    "account_change_password": CREDENTIALS,
    "account_set_password": CREDENTIALS,
    "account_email": CREDENTIALS,
    "end_session": CREDENTIALS,
}
#: The same for what is only looked at.
LOOKED_AT: Mapping[str, Limit] = {
    "portal:follow": LINKS_OPENED,
    "portal:mailed_code": LINKS_OPENED,
    "portal:file": FILES,
    "workspace:attachment": FILES,
    "workspace:draft_file": FILES,
    "workspace:palette": STAFF_SEARCHES,
    "workspace:find_customer": STAFF_SEARCHES,
    "workspace:link_find": STAFF_SEARCHES,
}
#: Counted by the views themselves.
WITHIN: Mapping[str, tuple[Limit, ...]] = {
    "portal:new_case": (SUBMITS, CASES_BY_ADDRESS, CASES_BY_EMAIL),
    "portal:case": (REPLIES,),
    "portal:find": (LINKS_BY_ADDRESS, LINKS_BY_EMAIL),
    "portal:search": (SEARCHES,),
    "portal:code": (CODES,),
    "portal:case_code": (CODES,),
    "portal:mailed_code": (CODES,),
    "portal:emergency": (SUBMITS, EMERGENCIES_BY_ADDRESS, EMERGENCIES_BY_ACCOUNT),
    "portal:emergency_call": (REPLIES,),
    "portal:report_scam": (
        SUBMITS,
        SCAMS_BY_ADDRESS,
    ),
    "portal:known_scams": (SCAM_CHECKS,),
    "portal:really_us": (SUPPORT_CODES, SUPPORT_CODES_BY_CONTACT),
    "api_token": (API, API_LOG_INS),
    "incoming_mail": (MAIL_SIGNATURES,),
    "wallet_answers": (WALLET_SIGNATURES,),
}
#: Every address of the API counts API by itself, for each token's person, and BAD_TOKENS.
API_PREFIX = "api_"


def limit_of(name: str, method: str) -> Limit | None:
    """What the gate counts for a request to the address of this name; None where the view counts, or nothing does."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return LOOKED_AT.get(name)
    if name in WITHIN or name.startswith(API_PREFIX):
        return None
    return GATES.get(name, OTHERS)
