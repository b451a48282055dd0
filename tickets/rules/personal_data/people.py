"""Who people are: customers, log-ins, what proves them; and what the libraries keep of log-ins."""

from __future__ import annotations

from tickets.rules.personal_data.terms import Erase, Field, Reach, Table, What, plain, settings, staff, told

W, E = What, Erase
LOG = (
    "the audit log is append-only; it names people by number only, and the number leads to nobody afterwards"
)
DATA = (
    "numbers and codes; what was searched for and why data were shown, without addresses and numbers; kept by the "
    "log's own retention, to know who looked for whom"
)

PEOPLE: tuple[Table, ...] = (
    Table(
        "accounts.verification",
        (
            Field("method", W.IDENTITY, E.MARK, export=True),
            Field("note", W.IDENTITY, E.BLANK),
            *told("level at expires_at withdrawn_at"),
            *plain("id customer"),
            *staff("by"),
        ),
        Reach(customer="customer"),
    ),
    Table(
        "account.emailaddress",
        (Field("email", W.CONTACT, E.DELETE, export=True), *told("verified"), *plain("id user primary")),
        Reach(user="user"),
        delete=True,
        last=True,
    ),
    Table(
        "account.emailconfirmation",
        (Field("key", W.IDENTITY, E.DELETE), *plain("id email_address created sent")),
        Reach(user="email_address__user"),
        delete=True,
    ),
    Table(
        "mfa.authenticator",
        (
            Field("data", W.IDENTITY, E.DELETE),
            *told("type created_at last_used_at"),
            *plain("id user"),
        ),
        Reach(user="user"),
        delete=True,
    ),
    # Found by reading them: only the log-in that a session holds says whose it is (actions.privacy.special).
    Table(
        "sessions.session",
        (
            Field("session_key", W.TRACE, E.DELETE),
            Field("session_data", W.TRACE, E.DELETE),
            *plain("expire_date"),
        ),
        delete=True,
    ),
    Table(
        "accounts.apitoken",
        (
            Field("name", W.IDENTITY, E.DELETE, export=True),
            Field("digest", W.IDENTITY, E.DELETE),
            Field("hint", W.IDENTITY, E.DELETE),
            *told("created_at last_used_at"),
            *plain("id user scopes expires_at revoked_at"),
        ),
        Reach(user="user"),
        delete=True,
    ),
    Table(
        "accounts.auditentry",
        (
            Field("customer", W.IDENTITY, reason=LOG),
            Field("ticket", W.IDENTITY, reason=LOG),
            Field("data", W.WORDS, reason=DATA),
            Field("way", W.NOTHING, reason="an address of ours, a list or a search, never what was searched"),
            Field("address", W.TRACE, reason="who came in, kept by the log's own retention"),
            Field(
                "session", W.TRACE, reason="names a session without opening it; kept by the log's retention"
            ),
            *plain("id kind at brand uid mac"),
            *staff("actor"),
        ),
    ),
    Table(
        "accounts.user",
        (
            Field("email", W.CONTACT, E.PSEUDONYM, export=True),
            Field("name", W.IDENTITY, E.BLANK, export=True),
            Field("password", W.IDENTITY, E.MARK),
            Field("is_active", W.NOTHING, E.BLANK),
            Field("last_login", W.TRACE, E.BLANK, export=True),
            Field("notice_choices", W.NOTHING, E.BLANK),
            *told("date_joined language time_zone"),
            *plain("id role quiet_from quiet_until digest_minutes density queue_columns is_on_duty"),
            *plain("duty_changed_at capacity speaks skills last_assigned_at"),
        ),
        Reach(user="pk"),
        last=True,
    ),
    Table(
        "accounts.customer",
        (
            Field("name", W.IDENTITY, E.BLANK, export=True),
            Field("email", W.CONTACT, E.BLANK, export=True),
            Field("phone", W.CONTACT, E.BLANK, export=True),
            *told("language tier created_at"),
            *plain("id user erased_at"),
        ),
        Reach(customer="pk"),
        last=True,
    ),
    Table("accounts.user_brands", staff("id user brand")),
    Table("accounts.user_teams", staff("id user team")),
    settings(
        "accounts.brand",
        "id slug name_zh name_en accent host email hotline hours_zh hours_en promise_zh promise_en "
        "mail_signature_zh mail_signature_en copies_to_participants social language time_zone is_active position "
        "country",
    ),
    settings("accounts.team", "id slug name_zh name_en is_active assignment hands_back"),
    # What administrators did in the configuration pages; they open no customer and no case.
    Table(
        "admin.logentry",
        (
            Field("object_repr", W.NOTHING, E.SCRUB),
            Field("change_message", W.NOTHING, E.SCRUB),
            *plain("id action_time content_type object_id action_flag"),
            *staff("user"),
        ),
        Reach(mentions=True),
    ),
)
