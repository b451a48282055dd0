"""The agents' pages, mounted below /admin/ before the admin site's own."""

from datetime import date

from django.urls import URLPattern, URLResolver, include, path, register_converter

from tickets.rules.numbers import LENGTH
from tickets.workspace import (
    attachments,
    changes,
    clocks,
    compose,
    conversing,
    correspondence,
    duty,
    front,
    inserts,
    linked,
    macros,
    mails,
    mentions,
    merges,
    new_ticket,
    notices,
    palette,
    quarantine,
    revealing,
    send_gate,
    sending,
    splits,
    taking,
    team_today,
    ticket_live,
    ticket_page,
    undo,
    verifying,
)
from tickets.workspace.audit import decoys as audit_decoys
from tickets.workspace.audit import pages as audit_pages
from tickets.workspace.background import views as background
from tickets.workspace.bulk import runs as bulk_runs
from tickets.workspace.bulk import views as bulk
from tickets.workspace.calendars import importing, year
from tickets.workspace.composing import files as draft_files
from tickets.workspace.composing import preview, saving
from tickets.workspace.emergencies import calls, roster
from tickets.workspace.emergencies import views as emergencies
from tickets.workspace.mail import aside, incoming, sender_changes
from tickets.workspace.mail import views as mail
from tickets.workspace.privacy import desk as privacy_desk
from tickets.workspace.privacy import holds as privacy_holds
from tickets.workspace.privacy import people as privacy_people
from tickets.workspace.privacy import requests as privacy_requests
from tickets.workspace.privacy import retention as privacy_retention
from tickets.workspace.promises import recalculation, tester
from tickets.workspace.queue import live, page, panels, views
from tickets.workspace.routing.tester import routing_tester
from tickets.workspace.scams import changes as scam_changes
from tickets.workspace.scams import lists as scam_lists
from tickets.workspace.scams import views as scams
from tickets.workspace.sensitive import asking as sensitive_asking
from tickets.workspace.sensitive import deciding as sensitive_deciding
from tickets.workspace.sensitive import lists as sensitive_lists
from tickets.workspace.sensitive import page as sensitive_page
from tickets.workspace.suggestions import views as suggestions
from tickets.workspace.suggestions.taking import take_suggestion


class NumberConverter:
    """A ticket's number as an address holds it: never the name of a model, which is in small letters."""

    regex = rf"[0-9A-Z]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class DayConverter:
    """A day of the calendar: 2026-10-01."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(NumberConverter, "ticket")
register_converter(DayConverter, "day")

workspace: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("queue/", page.queue, name="queue"),
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("emergencies/rows/", emergencies.emergency_rows, name="emergency_rows"),
    path("emergencies/alarm/", emergencies.alarm, name="alarm"),
    path("emergencies/on-call/", roster.on_call, name="on_call"),
    path("emergencies/on-call/<int:pk>/remove/", roster.remove_on_call, name="remove_on_call"),
    path("emergencies/<int:pk>/take/", emergencies.take_emergency, name="take_emergency"),
    path("tickets/<ticket:number>/call-back/", calls.call_made, name="call_made"),
    path("scams/", scams.scams, name="scams"),
    path("scams/report/", scam_changes.add_scam, name="add_scam"),
    path("scams/export.csv", scam_lists.export_csv, name="scams_csv"),
    path("scams/export.json", scam_lists.export_json, name="scams_json"),
    path("scams/lists/", scam_lists.feeds, name="scam_feeds"),
    path("scams/lists/<int:pk>/switch/", scam_lists.switch_feed, name="switch_scam_feed"),
    path("scams/<int:pk>/", scams.scam, name="scam"),
    path("scams/<int:pk>/judge/", scam_changes.judge_scam, name="judge_scam"),
    path("scams/<int:pk>/merge/", scam_changes.merge_scam, name="merge_scam"),
    path("queue/rows/", live.queue_rows, name="queue_rows"),
    path("queue/counts/", live.queue_counts, name="queue_counts"),
    path("queue/filters/", panels.queue_filters, name="queue_filters"),
    path("queue/columns/", panels.queue_columns, name="queue_columns"),
    path("queue/density/", panels.queue_density, name="queue_density"),
    path("queue/marks/", panels.queue_marks, name="queue_marks"),
    path("queue/views/", views.queue_views, name="queue_views"),
    path("queue/views/new/", views.queue_view_new, name="queue_view_new"),
    path("queue/views/<int:pk>/", views.queue_view, name="queue_view"),
    path("queue/views/<int:pk>/ask/", views.queue_view_ask, name="queue_view_ask"),
    path("queue/views/<int:pk>/move/", views.queue_view_move, name="queue_view_move"),
    path("queue/views/<int:pk>/delete/", views.queue_view_delete, name="queue_view_remove"),
    path("queue/take-next/", taking.next_one, name="take_next"),
    path("routing/tester/", routing_tester, name="routing_tester"),
    path("duty/", duty.duty, name="duty"),
    path("duty/set/", duty.set_duty, name="set_duty"),
    path("team-today/", team_today.team_today, name="team_today"),
    path("team-today/<int:person>/", team_today.direct, name="direct"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/preview/", bulk.preview, name="bulk_preview"),
    path("bulk/start/", bulk.start, name="bulk_start"),
    path("bulk/<int:pk>/", bulk_runs.one, name="bulk_run"),
    path("bulk/<int:pk>/undo/", bulk_runs.undo, name="bulk_undo"),
    path("bulk/<int:pk>/stop/", bulk_runs.stop, name="bulk_stop"),
    path("tickets/new/", new_ticket.new_ticket, name="ticket_new"),
    path("tickets/new/customer/", new_ticket.find_customer, name="find_customer"),
    path("tickets/<ticket:number>/", ticket_page.ticket_page, name="ticket"),
    path("tickets/<ticket:number>/live/", ticket_live.parts, name="ticket_live"),
    path("tickets/<ticket:number>/reply/", compose.send, name="ticket_reply"),
    path("tickets/<ticket:number>/macros/<int:pk>/", macros.text, name="macro"),
    path("tickets/<ticket:number>/macros/<int:pk>/changes/", macros.preview, name="macro_changes"),
    path("tickets/<ticket:number>/macros/applied/<int:event>/undo/", macros.undo, name="undo_macro"),
    path("tickets/<ticket:number>/macros/apply/", macros.apply, name="apply_macro"),
    path("tickets/<ticket:number>/draft/", saving.save, name="draft_save"),
    path("tickets/<ticket:number>/draft/discard/", saving.discard, name="draft_discard"),
    path("tickets/<ticket:number>/draft/files/", draft_files.add, name="draft_file_add"),
    path("tickets/<ticket:number>/draft/files/<int:pk>/", draft_files.show, name="draft_file"),
    path(
        "tickets/<ticket:number>/draft/files/<int:pk>/remove/", draft_files.remove, name="draft_file_remove"
    ),
    path("tickets/<ticket:number>/preview/", preview.preview, name="preview"),
    path("drafts/", saving.mine, name="drafts"),
    path("tickets/<ticket:number>/articles/", inserts.articles, name="articles"),
    path("tickets/<ticket:number>/articles/fitting/", inserts.fitting, name="fitting_articles"),
    path("tickets/<ticket:number>/earlier/", conversing.earlier, name="earlier"),
    path("tickets/<ticket:number>/customer/verify/", verifying.verify, name="verify_customer"),
    path(
        "tickets/<ticket:number>/customer/verify/withdraw/",
        verifying.withdraw,
        name="withdraw_verification",
    ),
    path("tickets/<ticket:number>/customer/code/", verifying.send_code, name="send_proof_code"),
    path("tickets/<ticket:number>/customer/call/", verifying.announce_call, name="announce_call"),
    path("tickets/<ticket:number>/clocks/", clocks.clocks, name="clocks"),
    path("tickets/<ticket:number>/clocks/<int:clock>/", clocks.clock, name="clock"),
    path("tickets/<ticket:number>/messages/<int:message>/judge/", changes.judge, name="judge"),
    path("tickets/<ticket:number>/messages/<int:message>/take-back/", sending.take_back, name="take_back"),
    path("tickets/<ticket:number>/mails/<int:mail>/retry/", sending.retry, name="mail_retry"),
    path("tickets/<ticket:number>/messages/<int:message>/split/", splits.split, name="split"),
    path("tickets/<ticket:number>/merge/", merges.merge, name="merge"),
    path("tickets/<ticket:number>/unmerge/", merges.unmerge, name="unmerge"),
    path("tickets/<ticket:number>/links/add/", linked.link, name="link_add"),
    path("tickets/<ticket:number>/links/remove/", linked.unlink, name="link_remove"),
    path("tickets/<ticket:number>/links/find/", linked.find, name="link_find"),
    path("tickets/<ticket:number>/links/solve/", linked.solve_linked, name="link_solve"),
    path("tickets/<ticket:number>/follow-up/", linked.follow_up, name="follow_up"),
    path("tickets/<ticket:number>/people/", mentions.people, name="people"),
    path("acts/<int:event>/undo/", undo.undo_act, name="undo"),
    path("tickets/<ticket:number>/customer/tier/", changes.tier, name="customer_tier"),
    path("acts/", sensitive_lists.acts, name="acts"),
    path("acts/<uuid:act>/", sensitive_page.act_page, name="act"),
    path("acts/<uuid:act>/edit/", sensitive_asking.edit, name="act_edit"),
    path("acts/<uuid:act>/approve/", sensitive_deciding.approve, name="act_approve"),
    path("acts/<uuid:act>/refuse/", sensitive_deciding.refuse, name="act_refuse"),
    path("acts/<uuid:act>/withdraw/", sensitive_deciding.withdraw, name="act_withdraw"),
    path("tickets/<ticket:number>/acts/", sensitive_asking.ask, name="act_ask"),
    path("tickets/<ticket:number>/customer/reveal/", revealing.reveal, name="reveal"),
    path("tickets/<ticket:number>/customer/hide/", revealing.hide, name="hide_contact"),
    path("tickets/<ticket:number>/take/", changes.take, name="take"),
    path("tickets/<ticket:number>/watch/", changes.watch, name="watch"),
    path("tickets/<ticket:number>/unwatch/", changes.unwatch, name="unwatch"),
    path("tickets/<ticket:number>/sender/accept/", correspondence.accept_sender, name="accept_sender"),
    path("tickets/<ticket:number>/copies/add/", correspondence.put_in_copy, name="put_in_copy"),
    path("tickets/<ticket:number>/copies/remove/", correspondence.take_out_of_copy, name="take_out_of_copy"),
    path("tickets/<ticket:number>/revoke-links/", changes.revoke_links, name="revoke_links"),
    path("tickets/<ticket:number>/set/<slug:what>/", changes.change, name="ticket_change"),
    path("tickets/<ticket:number>/suggestion/", take_suggestion, name="take_suggestion"),
    path("send-gate/", send_gate.try_text, name="send_gate"),
    path("notices/", notices.notices, name="notices"),
    path("palette/", palette.palette, name="palette"),
    path("notices/new/", notices.bell, name="bell"),
    path("notices/read/", notices.read_notices, name="read_notices"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/train/", suggestions.train_now, name="train_now"),
    path("suggestions/progress/", suggestions.training_progress, name="training_progress"),
    path("promises/tester/", tester.policy_tester, name="policy_tester"),
    path("promises/recalculation/", recalculation.recalculation, name="recalculation"),
    path("promises/recalculation/run/", recalculation.recalculate, name="recalculate"),
    path(
        "promises/recalculation/progress/",
        recalculation.recalculation_progress,
        name="recalculation_progress",
    ),
    path("messages/<int:message>/mail/", mails.whole_mail, name="whole_mail"),
    path("messages/<int:message>/mail/html/", mails.mail_html, name="mail_html"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("attachments/<int:pk>/card/", attachments.card, name="attachment_card"),
    path("files/quarantine/", quarantine.quarantine, name="quarantine"),
    path("files/quarantine/<int:pk>/release/", quarantine.release, name="quarantine_release"),
    path("files/quarantine/<int:pk>/delete/", quarantine.delete, name="quarantine_delete"),
    path("attachments/<int:pk>/text/", attachments.file_text, name="attachment_text"),
    path("audit/", audit_pages.log, name="audit_log"),
    path("audit/verify/", audit_pages.verify, name="audit_verify"),
    path("audit/export/", audit_pages.export, name="audit_export"),
    path("audit/decoys/", audit_decoys.decoys, name="decoys"),
    path("audit/decoys/<int:decoy>/remove/", audit_decoys.remove, name="decoy_remove"),
    path("audit/<int:pk>/", audit_pages.entry, name="audit_entry"),
    path("audit/alarms/<int:pk>/", audit_pages.see_to, name="audit_see_to"),
    path("privacy/", privacy_desk.desk, name="privacy"),
    path("privacy/requests/<int:pk>/", privacy_requests.request_page, name="privacy_request"),
    path("privacy/requests/<int:pk>/grant/", privacy_requests.grant, name="privacy_grant"),
    path("privacy/requests/<int:pk>/refuse/", privacy_requests.refuse, name="privacy_refuse"),
    path("privacy/requests/<int:pk>/withdraw/", privacy_requests.withdraw, name="privacy_withdraw"),
    path("privacy/requests/<int:pk>/copy/", privacy_requests.fetch, name="privacy_fetch"),
    path("privacy/people/<int:customer>/", privacy_people.person, name="privacy_person"),
    path("privacy/people/<int:customer>/ask/", privacy_people.ask, name="privacy_ask"),
    path("privacy/people/<int:customer>/hold/", privacy_people.hold, name="privacy_hold"),
    path("privacy/holds/", privacy_holds.holds, name="privacy_holds"),
    path("privacy/holds/<int:pk>/lift/", privacy_holds.lift, name="privacy_lift"),
    path("privacy/retention/", privacy_retention.retention, name="privacy_retention"),
    path("privacy/retention/rule/", privacy_retention.save_rule, name="privacy_rule"),
    path(
        "privacy/retention/rule/<int:pk>/remove/", privacy_retention.remove_rule, name="privacy_rule_remove"
    ),
    path("privacy/retention/look/", privacy_retention.look, name="privacy_look"),
    path("privacy/retention/run/", privacy_retention.run, name="privacy_run"),
    path("background/", background.background, name="background"),
    path("background/<int:pk>/run-again/", background.run_again, name="run_again"),
    path("background/<int:pk>/dismiss/", background.dismiss, name="dismiss"),
    path("mail/", mail.mail, name="mail"),
    path("mail/test/", mail.send_test, name="mail_test"),
    path("mail/try-all-again/", incoming.retry_all, name="mail_retry_all"),
    path("mail/boxes/<int:mailbox>/fetch/", mail.fetch, name="mail_fetch"),
    path("mail/boxes/<int:mailbox>/check/", mail.check, name="mail_check"),
    path("mail/destinations/<int:destination>/go-on/", mail.go_on, name="mail_go_on"),
    path("mail/<int:pk>/", incoming.one, name="mail_one"),
    path("mail/<int:pk>/raw/", incoming.raw, name="mail_raw"),
    path("mail/<int:pk>/try-again/", incoming.retry, name="mail_read_again"),
    path("mail/<int:pk>/dismiss/", incoming.dismiss, name="mail_dismiss"),
    path("mail/aside/", aside.aside, name="aside"),
    path("mail/aside/<int:pk>/", aside.aside_mail, name="aside_mail"),
    path("mail/aside/<int:pk>/rescue/", aside.rescue, name="aside_rescue"),
    path("mail/aside/<int:pk>/sender/", sender_changes.set_rule, name="aside_rule"),
    path(
        "mail/aside/<int:pk>/sender/<int:rule>/remove/", sender_changes.remove_rule, name="aside_rule_remove"
    ),
    # Below the configuration pages of the same calendar, so that they are one place in the navigation.
    path("tickets/calendar/<int:calendar>/year/", year.present, name="calendar"),
    path("tickets/calendar/<int:calendar>/year/<int:year>/", year.page, name="calendar_year"),
    path("tickets/calendar/<int:calendar>/day/<day:day>/", year.save, name="calendar_day"),
    path("tickets/calendar/<int:calendar>/day/<day:day>/remove/", year.remove, name="calendar_day_remove"),
    path("tickets/calendar/<int:calendar>/import/", importing.upload, name="calendar_import"),
    path(
        "tickets/calendar/<int:calendar>/import/confirm/", importing.confirm, name="calendar_import_confirm"
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((workspace, "workspace"))),
    path("analytics/", include("tickets.workspace.analytics_urls")),
]
