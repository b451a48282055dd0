from django.urls import path

from tickets.workspace.analytics import views

app_name = "analytics"

urlpatterns = [
    path("", views.overview, name="page"),
    path("tickets/", views.tickets, name="tickets"),
    path("tickets.csv", views.tickets_csv, name="tickets-csv"),
    path("<slug:key>.csv", views.section_csv, name="csv"),
]
