"""Mail in and out, and calls to other systems."""

from __future__ import annotations

from tickets.rules.personal_data.terms import Erase, Field, Reach, Table, What, plain, staff, told

W, E = What, Erase

MAIL: tuple[Table, ...] = (
    Table(
        "tickets.mailcopy",
        (
            Field("internet_message_id", W.TRACE, E.BLANK),
            Field("from_name", W.IDENTITY, E.BLANK, export=True),
            Field("from_address", W.CONTACT, E.BLANK, export=True),
            Field("to", W.CONTACT, E.BLANK, export=True),
            Field("cc", W.CONTACT, E.BLANK, export=True),
            Field("subject", W.WORDS, E.BLANK, export=True),
            Field("text", W.WORDS, E.BLANK, export=True),
            Field("html", W.WORDS, E.BLANK),
            Field("withheld", W.WORDS, E.BLANK, export=True),
            Field("proof_reason", W.TRACE, E.BLANK),
            *told("sent_at"),
            *plain("id message incoming has_remote_images is_cut proof by_stranger claims_ticket"),
        ),
        Reach(
            case="message__ticket",
            address=("incoming__sender",),
            beside=("message__ticket__participants__email",),
            named=("to", "cc"),
        ),
    ),
    Table(
        "tickets.incomingmail",
        (
            Field("raw_sealed", W.WORDS, E.BLANK),
            Field("envelope_sender", W.CONTACT, E.BLANK),
            Field("recipients", W.CONTACT, E.BLANK),
            Field("peer", W.TRACE, E.BLANK),
            Field("helo", W.TRACE, E.BLANK),
            Field("internet_message_id", W.TRACE, E.BLANK),
            Field("sender", W.CONTACT, E.BLANK, export=True),
            Field("sender_name", W.IDENTITY, E.BLANK, export=True),
            Field("subject", W.WORDS, E.BLANK, export=True),
            Field("proof_reason", W.TRACE, E.BLANK),
            Field("detail", W.TRACE, E.BLANK),
            Field(
                "sha256",
                W.TRACE,
                reason="of the whole mail; the same one delivered again stays known as such",
            ),
            Field("fingerprint", W.TRACE, reason="as sha256"),
            *told("received_at way"),
            *plain("id brand mailbox size is_cut state attempts available_at settled_at proof outcome"),
            *plain("aside_reason ticket raw_state raw_secrets raw_attempts"),
        ),
        # Out of raw bytes nobody can be taken: those of others' mails that name them go whole.
        Reach(case="ticket", address=("sender",), beside=("ticket__participants__email",)),
        # What is not read yet is a new matter.
        without=("state", "stored"),
    ),
    Table(
        "tickets.outboxmail",
        (
            Field("to", W.CONTACT, E.BLANK, export=True),
            Field("to_name", W.IDENTITY, E.BLANK, export=True),
            Field("context", W.WORDS, E.BLANK),
            Field("last_error", W.TRACE, E.BLANK),
            *told("purpose sent_at"),
            *plain("id cause brand ticket message language internet_message_id state attempts created_at"),
            *plain("available_at tried_since slot_at talking_since bounced_at delayed_at delivered_at"),
        ),
        Reach(case="ticket", address=("to",)),
        # The answer to them: it goes once it has left (actions.privacy.tidying).
        without=("purpose", "privacy"),
    ),
    Table(
        "tickets.outboxcall",
        (
            Field("payload", W.WORDS, E.BLANK),
            Field("last_error", W.TRACE, E.BLANK),
            *plain("id webhook ticket cause state attempts created_at available_at sent_at last_status"),
        ),
        Reach(case="ticket"),
    ),
    Table(
        "tickets.deadaddress",
        (
            Field("email", W.CONTACT, E.DELETE, export=True),
            Field("reason", W.TRACE, E.DELETE),
            *plain("id since mail"),
        ),
        Reach(address=("email",)),
        delete=True,
    ),
    Table(
        "tickets.automaticanswer",
        (Field("email", W.CONTACT, E.DELETE, export=True), *plain("id at")),
        Reach(address=("email",)),
        delete=True,
    ),
    # A rule about exactly their address goes; one about another or a whole domain is not theirs, but its note may name
    # them.
    Table(
        "tickets.senderrule",
        (
            Field("pattern", W.CONTACT, E.DELETE),
            Field("note", W.WORDS, E.SCRUB),
            *plain("id brand verdict created_at"),
            *staff("created_by"),
        ),
        Reach(address=("pattern",), mentions=True),
        delete=True,
    ),
    Table("tickets.maildestination", plain("id domain next_at paused_until last_answer")),
    Table(
        "tickets.mailbox",
        plain(
            "id brand address fetching takes_tags authserv_id host port tls username password_sealed folder "
            "done_folder from_beginning uid_validity last_uid looked_at fetched_at failing_since last_error "
            "check_token check_sent_at check_came_at check_kept_tag is_active"
        ),
    ),
)
