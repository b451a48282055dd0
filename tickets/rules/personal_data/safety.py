"""What keeps customers from being robbed: acts at the wallet, proofs, emergencies, reports of fraud, alarms."""

from __future__ import annotations

from tickets.rules.personal_data.terms import Erase, Field, Reach, Table, What, plain, settings, staff, told

W, E = What, Erase
EVIDENCE = (
    "what was done to an account, who asked and who approved it is evidence that the law on financial records keeps; "
    "the database refuses to change it"
)

SAFETY: tuple[Table, ...] = (
    Table(
        "accounts.contactchange",
        (*told("way at"), *plain("id customer"), *staff("by")),
        Reach(customer="customer"),
    ),
    Table(
        "tickets.sensitiveact",
        (
            Field("account", W.ACCOUNT, reason=EVIDENCE, export=True),
            Field("account_key", W.ACCOUNT, reason=EVIDENCE),
            Field("amount", W.ACCOUNT, reason=EVIDENCE, export=True),
            Field("currency", W.ACCOUNT, reason=EVIDENCE, export=True),
            Field("details", W.ACCOUNT, reason=EVIDENCE, export=True),
            Field("transaction_key", W.ACCOUNT, reason=EVIDENCE),
            Field("reason", W.WORDS, reason=EVIDENCE),
            Field("requester_name", W.IDENTITY, E.BLANK, only=("requester_kind", "customer")),
            Field("ending", W.WORDS, E.SCRUB),
            *told("kind state requested_at ended_at"),
            *plain(
                "id key ticket brand customer reason_code revision content_hash needed_level needed_approvals"
            ),
            *plain("requester_kind asked_again_at expires_at version approved_at"),
            *staff("requested_by ended_by"),
        ),
        Reach(customer="customer"),
    ),
    Table("tickets.actapproval", (*plain("id act at content_hash"), *staff("approver"))),
    Table(
        "tickets.walletcommand",
        (
            Field("answer", W.ACCOUNT, reason=EVIDENCE),
            Field("last_error", W.TRACE, E.BLANK),
            *plain("id act state attempts created_at available_at sent_at answered_at"),
        ),
        Reach(customer="act__customer"),
    ),
    settings("tickets.walletcore", "id brand url key_id sealed_secret is_active changed_at"),
    settings("tickets.walletnonce", "id core nonce at"),
    settings("tickets.actpolicy", "id brand kind level approvals hours"),
    settings("tickets.actthreshold", "id policy currency amount approvals"),
    Table(
        "tickets.proofchallenge",
        (
            Field("nonce", W.IDENTITY, E.DELETE),
            Field("contact", W.CONTACT, E.DELETE),
            *told("way created_at passed_at"),
            *plain("id ticket customer expires_at tries ended_at"),
            *staff("asked_by"),
        ),
        Reach(customer="customer"),
        delete=True,
    ),
    Table("tickets.ticketproof", plain("id ticket proof")),
    Table(
        "tickets.outboxtext",
        (
            Field("to", W.CONTACT, E.DELETE, export=True),
            Field("last_error", W.TRACE, E.DELETE),
            *told("created_at sent_at"),
            *plain("id cause challenge language state attempts available_at last_status"),
        ),
        Reach(customer="challenge__customer"),
        delete=True,
    ),
    Table(
        "tickets.supportcall",
        (
            *told("created_at checked_at"),
            *plain("id ticket customer nonce digest expires_at"),
            *staff("by"),
        ),
        Reach(case="ticket"),
    ),
    Table(
        "tickets.emergency",
        (
            Field("account", W.ACCOUNT, E.PSEUDONYM, export=True),
            Field("account_key", W.ACCOUNT, E.PSEUDONYM),
            Field("call_back_phone", W.CONTACT, E.BLANK, export=True),
            Field("situations", W.WORDS, reason="one of a list; counted, and names nobody", export=True),
            *told("money_left_at opened_at"),
            *plain(
                "id ticket brand account_kind freeze act call_back_differs call_back_tries call_back_at "
                "called_back_at"
            ),
            *plain("taken_at alarm_round alarm_at"),
            *staff("taken_by alarmed"),
        ),
        # An account is named by its owner's address or number, on whosever case that is.
        Reach(case="ticket", mentions=True),
    ),
    Table(
        "tickets.oncall", (*plain("id brand team starts_at ends_at weekday opens closes"), *staff("person"))
    ),
    settings("tickets.scamcampaign_brands", "id scamcampaign brand"),
    Table(
        "tickets.scamcampaign",
        (
            Field("title", W.WORDS, E.SCRUB, "what the fraudster calls himself, not the person"),
            Field("advice_zh", W.WORDS, E.SCRUB),
            Field("advice_en", W.WORDS, E.SCRUB),
            *plain("id state merged_into count first_seen last_seen judged_at"),
            *staff("judged_by"),
        ),
        Reach(mentions=True),
    ),
    Table(
        "tickets.scamkey",
        (Field("key", W.WORDS, E.SCRUB, "a sign of the fraud"), *plain("id campaign")),
        Reach(mentions=True),
    ),
    Table(
        "tickets.scamreport",
        (
            Field("value", W.WORDS, E.SCRUB, "the fraudster's address, not the person's"),
            Field("remark", W.WORDS, E.BLANK, export=True),
            Field("origin_key", W.NOTHING, E.SCRUB),
            *told("kind lost_money created_at"),
            *plain("id campaign brand ticket"),
            *staff("reported_by"),
        ),
        Reach(case="ticket"),
    ),
    Table("accounts.auditseal", plain("id kind at first_id last_id count previous digest fingerprints mac")),
    Table("accounts.securityalarm", (*plain("id kind entry at seen_at"), *staff("seen_by"))),
    Table(
        "accounts.decoy",
        (Field("note", W.NOTHING, reason="decoys are nobody"), *plain("customer made_at"), *staff("made_by")),
    ),
    settings("tickets.webhook_brands", "id webhook brand"),
    Table(
        "tickets.scamfeed",
        (*plain("id name brand is_active created_at last_read_at"), *staff("created_by")),
    ),
    Table(
        "accounts.loginsession",
        (
            Field("key", W.TRACE, E.DELETE),
            Field("address", W.TRACE, E.DELETE, export=True),
            Field("agent", W.TRACE, E.DELETE, export=True),
            *told("started_at seen_at"),
            *plain("id user"),
        ),
        Reach(user="user"),
        delete=True,
    ),
)
