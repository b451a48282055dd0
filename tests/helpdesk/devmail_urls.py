"""The project's pages with the development inbox mounted, as with DEBUG on."""

from django.urls import include, path

urlpatterns = [path("dev/mail/", include("helpdesk.devmail.urls"))]
