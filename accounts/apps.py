from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and brands")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import configuration, log_ins, masking, signals  # noqa: F401 - connects the receivers
        from accounts.queries import audit_health
        from accounts.queries.staff import hotlines, staff_addresses
        from helpdesk.lib import lag

        configuration.watch()
        masking.register_ours(staff_addresses)
        masking.register_ours(hotlines)
        lag.register("audit_verifying", audit_health.verifying, tolerated=audit_health.VERIFYING_TOLERATED)
        lag.register("audit_sealing", audit_health.sealing, tolerated=audit_health.SEALING_TOLERATED)
