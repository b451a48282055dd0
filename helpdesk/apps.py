from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    label = "helpdesk"
    verbose_name = _("Helpdesk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from helpdesk import heartbeat, signals
        from helpdesk.lib import guarded_columns, guarded_logs, lag

        guarded_logs.install()
        guarded_columns.install()
        signals.connect()
        lag.register(heartbeat.CLOCK, heartbeat.lag, tolerated=heartbeat.TOLERATED_SECONDS)
        lag.register(heartbeat.REALTIME, heartbeat.realtime_lag, tolerated=heartbeat.REALTIME_TOLERATED)
