"""How the desk works: configuration, what staff keep for themselves, what runs in the background."""

from __future__ import annotations

from tickets.rules.personal_data.terms import Erase, Field, Reach, Table, What, plain, settings, staff, told

W, E = What, Erase
WEIGHTS = "numbers learned from many texts together; no text can be read out of them"

DESK: tuple[Table, ...] = (
    # What somebody named a person in, in tables that are small: looked through for their names and addresses.
    Table(
        "tickets.savedview",
        (
            Field("name", W.WORDS, E.SCRUB),
            Field("conditions", W.WORDS, E.SCRUB),
            Field("q", W.WORDS, E.SCRUB),
            *plain("id team is_shared columns sort position created_at"),
            *staff("owner"),
        ),
        Reach(mentions=True),
    ),
    Table(
        "tickets.bulkrun",
        (
            Field("data", W.WORDS, E.SCRUB),
            Field("origin_key", W.NOTHING, E.SCRUB),
            *plain("id requested_at act state undo_at finished_at"),
            *staff("requested_by"),
        ),
        Reach(mentions=True),
    ),
    Table(
        "tickets.routingrule",
        (
            Field("name", W.WORDS, E.SCRUB),
            Field("words", W.WORDS, E.SCRUB),
            Field("senders", W.CONTACT, E.SCRUB),
            *plain(
                "id position is_active ends channels languages tiers priorities team priority policy tags"
            ),
        ),
        Reach(mentions=True),
    ),
    Table(
        "helpdesk.failedtask",
        (
            Field("args", W.TRACE, E.SCRUB),
            Field("kwargs", W.TRACE, E.SCRUB),
            Field("error", W.TRACE, E.SCRUB),
            Field("traceback", W.TRACE, E.SCRUB),
            *plain("id fingerprint name times first_failed_at last_failed_at last_task_id state settled_at"),
            *staff("settled_by"),
        ),
        Reach(mentions=True),
    ),
    Table(
        "tickets.idempotencykey",
        (
            Field("key", W.NOTHING, E.DELETE, "the program's word for one request"),
            Field("fingerprint", W.NOTHING, E.DELETE),
            *plain("id user created_at"),
        ),
        Reach(user="user", mentions=True),
        delete=True,
    ),
    Table(
        "tickets.privacyrequest",
        (
            Field("remark", W.WORDS, E.BLANK, export=True),
            Field("archive", W.FILE, E.FILE),
            *told("kind state asked_at due_at decided_at refusal finished_at"),
            *plain(
                "id customer brand language by_themself with_notes progress counts claimed_until attempts"
            ),
            *plain("archive_until answer"),
            *staff("asked_by decided_by"),
        ),
        Reach(customer="customer"),
    ),
    # Who judged an article is told by nothing: ``reader`` is a random value of a browser.
    Table(
        "knowledgebase.articlefeedback",
        (
            Field("comment", W.WORDS, E.SCRUB),
            Field("reader", W.TRACE, reason="a random value from a browser's session, not who they are"),
            *plain("id article language helpful at"),
        ),
        Reach(mentions=True),
    ),
    settings("knowledgebase.section", "id brand slug name_zh name_en description_zh description_en position"),
    settings("knowledgebase.article", "id section slug topics is_published position created_at updated_at"),
    settings(
        "knowledgebase.articletranslation", "id article language title summary body updated_at document"
    ),
    settings("helpdesk.heartbeat", "name at"),
    Table(
        "tickets.classifier",
        (
            Field("weights", reason=WEIGHTS),
            *plain("id trained_at learned_from judged_by categories threshold report is_in_use"),
        ),
    ),
    settings("tickets.retentionrule", "id brand category days with_person is_active"),
    Table(
        "tickets.retentionrun",
        (
            *plain("id is_dry asked_at state finished_at counts numbers held people"),
            *staff("asked_by"),
        ),
    ),
    settings(
        "tickets.calendar",
        "id name brand team time_zone always_open holiday_country holiday_region changed_at",
    ),
    settings("tickets.calendarhours", "id calendar weekday opens closes"),
    settings("tickets.calendarexception", "id calendar date reason opens closes"),
    settings("tickets.category_brands", "id category brand"),
    settings(
        "tickets.category",
        "id parent slug name_zh name_en hint_zh hint_en have_ready_zh have_ready_en icon team priority "
        "is_emergency is_complaint skill is_active position",
    ),
    settings(
        "tickets.categoryfield",
        "id category key kind label_zh label_en help_zh help_en required options pattern max_length position",
    ),
    settings(
        "tickets.macro",
        "id name_zh name_en body_zh body_en is_note brand category team channel statuses set_status set_priority "
        "set_category set_team set_assignee add_tags remove_tags is_active position",
    ),
    settings(
        "tickets.forbiddenphrase", "id words reason_zh reason_en brand language may_send_anyway is_active"
    ),
    settings("tickets.routingrule_brands", "id routingrule brand"),
    settings("tickets.routingrule_categories", "id routingrule category"),
    settings("tickets.slapolicy_brands", "id slapolicy brand"),
    settings("tickets.slapolicy_categories", "id slapolicy category"),
    settings(
        "tickets.slapolicy",
        "id name position is_active is_statutory valid_from valid_until priorities channels tiers complaints "
        "calendar pauses_on remark replaces changed_at is_for_emergencies",
    ),
    settings("tickets.slatarget", "id policy priority kind minutes counting"),
    Table(
        "tickets.escalationstep",
        (
            *plain("id policy kind at_percent after_minutes act team text webhook created_at"),
            *staff("person"),
        ),
    ),
    Table(
        "tickets.recalculation",
        (
            *plain("id policy requested_at state last_ticket seen moved failed finished_at"),
            *staff("requested_by"),
        ),
    ),
    settings("tickets.webhook", "id name url is_active key_version created_at for_emergencies"),
    settings("auth.permission", "id name content_type codename"),
    settings("auth.group_permissions", "id group permission"),
    settings("auth.group", "id name"),
    settings("contenttypes.contenttype", "id app_label model"),
)
