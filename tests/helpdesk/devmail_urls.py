"""The site's addresses with the development inbox, which the tests' settings leave out."""

from django.urls import URLPattern, URLResolver, include, path

from helpdesk import urls

handler400 = urls.handler400
urlpatterns: list[URLPattern | URLResolver] = [
    path("dev/mail/", include("helpdesk.devmail.urls")),
    *urls.urlpatterns,
]
