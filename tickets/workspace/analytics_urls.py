from django.urls import path

from tickets.workspace.analytics import views
from tickets.workspace.analytics.promises import views as promises

app_name = "analytics"

urlpatterns = [
    path("", views.overview, name="page"),
    path("tickets/", views.tickets, name="tickets"),
    path("tickets.csv", views.tickets_csv, name="tickets-csv"),
    path("promises/", promises.overview, name="promises"),
    path("promises/outlook/", promises.outlook, name="promises-outlook"),
    path("promises/list/", promises.listed, name="promises-list"),
    path("promises/list.csv", promises.listed_csv, name="promises-list-csv"),
    path("promises/<slug:part>.csv", promises.section_csv, name="promises-csv"),
    path("<slug:key>.csv", views.section_csv, name="csv"),
]
