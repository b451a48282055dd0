from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Tickets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import configuration, masking
        from helpdesk.lib import lag
        from tickets.queries import lag as measured
        from tickets.queries.mailboxes import own_addresses
        from tickets.rules.personal_data import columns_about_people

        configuration.register_personal(columns_about_people)
        masking.register_ours(own_addresses)
        lag.register("sweep", measured.sweep, tolerated=measured.SWEEP_TOLERATED)
        lag.register("outbox", measured.outbox, tolerated=measured.OUTBOX_TOLERATED)
        lag.register("notices", measured.notices, tolerated=measured.NOTICES_TOLERATED)
        lag.register("calls", measured.calls, tolerated=measured.CALLS_TOLERATED)
        lag.register("mail_reading", measured.reading, tolerated=measured.READING_TOLERATED)
        lag.register("file_scanning", measured.scanning, tolerated=measured.SCANNING_TOLERATED)
        lag.register("mail_guarding", measured.guarding, tolerated=measured.GUARDING_TOLERATED)
        lag.register("mail_fetching", measured.fetching, tolerated=measured.FETCHING_TOLERATED)
