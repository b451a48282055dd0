"""Mounts the doors."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from helpdesk.devmail.views import text_list
from helpdesk.health import healthz, healthz_work
from helpdesk.served import served
from tickets.api.wallet_answers import wallet_answers
from tickets.channels.email.ways.web import incoming_mail

# Staff come in by the same log-in as customers: its rate limits and second factor hold for the admin site too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", healthz, name="healthz"),
    path("healthz/work/", healthz_work, name="healthz_work"),
    path("f/<str:token>", served, name="served_file"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("admin/", include("tickets.workspace.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("tickets.api.urls")),
    path("mail/incoming/", incoming_mail, name="incoming_mail"),
    path("wallet/answers/", wallet_answers, name="wallet_answers"),
]
if settings.DEV_INBOX:
    urlpatterns.append(path("dev/mail/", include("helpdesk.devmail.urls")))
if settings.DEV_TEXTS:
    urlpatterns.append(path("dev/sms/", text_list, name="dev_sms"))
urlpatterns.append(path("", include("tickets.portal.urls")))

handler400 = "tickets.portal.views.errors.bad_request"
