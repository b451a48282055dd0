"""What is said and done on cases."""

from __future__ import annotations

from tickets.rules.personal_data.terms import Erase, Field, Reach, Table, What, plain, staff, told

W, E = What, Erase
OURS = "a number or key of ours or of the program that asked; it keeps a repeated import from bringing the person back"

CASES: tuple[Table, ...] = (
    Table(
        "tickets.attachment",
        (
            Field("file", W.FILE, E.FILE, export=True),
            Field("name", W.WORDS, E.FILE, export=True),
            Field("sha256", W.FILE, E.FILE),
            Field("content_id", W.FILE, E.FILE),
            *told("content_type size created_at"),
            Field("finding", W.FILE, E.FILE),
            *plain("id message state unread scan_at scan_attempts"),
            *staff("judged_by"),
        ),
        Reach(case="message__ticket", address=("message__mail_copy__incoming__sender",)),
        delete=True,
        export_only={"message__visibility": "public"},
    ),
    Table(
        "tickets.draftfile",
        (
            Field("file", W.FILE, E.FILE),
            Field("name", W.WORDS, E.SCRUB),
            *plain("id draft content_type size created_at unread"),
        ),
        Reach(case="draft__ticket", address=("draft__to",), mentions=True),
        delete=True,
    ),
    Table(
        "tickets.draft",
        (
            Field("body", W.WORDS, E.SCRUB),
            Field("to", W.CONTACT, E.SCRUB),
            *plain("id ticket kind first_message with_files then seen origin_key version updated_at"),
            *staff("author"),
        ),
        # What was to go to them alone goes; out of other drafts, of which there are few, they are taken out.
        Reach(case="ticket", address=("to",), mentions=True),
        delete=True,
    ),
    Table(
        "tickets.message",
        (
            Field("body", W.WORDS, E.MARK, export=True),
            Field("author_name", W.IDENTITY, E.BLANK, export=True, only=("author_kind", "customer")),
            Field("origin_key", W.NOTHING, E.SCRUB, OURS),
            *told("created_at author_kind channel visibility"),
            *plain("id ticket markup nature held_until taken_back_at"),
            *staff("author"),
        ),
        Reach(
            case="ticket",
            address=("mail_copy__incoming__sender",),
            beside=("ticket__participants__email",),
        ),
        export_only={"visibility": "public"},
    ),
    Table(
        "tickets.event",
        (
            Field("data", W.WORDS, E.SIFT),
            Field("actor_name", W.IDENTITY, E.BLANK, only=("actor_kind", "customer")),
            *told("kind at"),
            *plain("id ticket actor_kind message"),
            *staff("actor"),
        ),
        # Of what was sent on to them, the address stands in an event.
        Reach(case="ticket", beside=("ticket__participants__email", "ticket__mails__to")),
    ),
    Table(
        "tickets.participant",
        (
            Field("email", W.CONTACT, E.DELETE, export=True),
            Field("name", W.IDENTITY, E.DELETE, export=True),
            *told("added_at removed_at"),
            *plain("id ticket"),
        ),
        Reach(case="ticket", address=("email",)),
        delete=True,
    ),
    Table(
        "tickets.trackinglink",
        (*told("created_at expires_at revoked_at"), Field("id", W.TRACE, E.DELETE), *plain("ticket")),
        Reach(case="ticket"),
        delete=True,
    ),
    Table(
        "tickets.notice",
        (
            *plain("id ticket event kind in_page by_mail read_at is_urgent created_at"),
            *plain("ready_at mail mailed_at"),
            *staff("person"),
        ),
    ),
    Table("tickets.ticketread", (*plain("id ticket event_id at"), *staff("person"))),
    Table("tickets.ticketlink", (*plain("id ticket other kind at"), *staff("by"))),
    Table("tickets.ticket_watchers", (*plain("id ticket"), *staff("user"))),
    Table("tickets.categorysuggestion", plain("ticket classifier ranking is_unsure at")),
    Table(
        "tickets.bulkitem",
        (
            Field("problem", W.NOTHING, E.BLANK),
            *plain("id run ticket state seen events"),
        ),
        Reach(case="ticket"),
    ),
    Table(
        "tickets.timer",
        plain(
            "id ticket kind policy is_statutory calendar target_seconds pauses_on state started_at running_since "
            "used_seconds due_at check_at done_at breached_at breach_cause"
        ),
    ),
    Table("tickets.steptaken", plain("id timer step at")),
    Table(
        "tickets.legalhold",
        (
            Field("reason", W.WORDS, E.MARK),
            *plain("id customer ticket set_at until lifted_at"),
            *staff("set_by lifted_by"),
        ),
        Reach(customer="customer", case="ticket"),
    ),
    # The case itself after all that hangs on it: its words in the index are written anew from what is left.
    Table(
        "tickets.ticket",
        (
            Field("subject", W.WORDS, E.MARK, export=True),
            Field("fields", W.WORDS, E.BLANK, export=True),
            Field("tags", W.WORDS, E.SCRUB),
            Field("unproved_sender", W.CONTACT, E.BLANK, export=True),
            Field(
                "customer_name",
                W.IDENTITY,
                E.BLANK,
                "a copy of the customer's: a trigger empties it with theirs",
            ),
            Field("origin_key", W.NOTHING, E.SCRUB, OURS),
            *told("number channel language status created_at solved_at closed_at is_complaint"),
            *plain(
                "id brand customer category priority team version updated_at first_response_at reopen_count"
            ),
            *plain(
                "due_at is_breached terms_at chosen_policy last_customer_message_at last_staff_message_at"
            ),
            *plain("follow_up_of merged_into erased_at"),
            *staff("assignee"),
        ),
        Reach(customer="customer", case="pk", beside=("participants__email",)),
    ),
    Table(
        "tickets.ticketsearch",
        (Field("document", W.WORDS, E.WORDS), *plain("ticket")),
        Reach(
            case="ticket",
            beside=("ticket__participants__email", "ticket__messages__mail_copy__incoming__sender"),
        ),
    ),
)
