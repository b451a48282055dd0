from django.urls import URLPattern, URLResolver, include, path, re_path

from tickets.api.acts import (
    ActApproveView,
    ActRefuseView,
    ActsView,
    ActView,
    ActWithdrawView,
    TicketActsView,
)
from tickets.api.categories import CategoriesView
from tickets.api.clocks import ClocksView
from tickets.api.docs import DocsView, SchemaView, no_such_address
from tickets.api.merging import MergeView
from tickets.api.messages import AttachmentView, EventsView, MessagesView, MessageView
from tickets.api.scam_list import scam_list_csv, scam_list_json
from tickets.api.taking_back import TakeBackView
from tickets.api.tickets import TicketsView, TicketView

urlpatterns: list[URLPattern | URLResolver] = [
    path("tickets/", TicketsView.as_view(), name="api_tickets"),
    path("tickets/<str:number>/", TicketView.as_view(), name="api_ticket"),
    path("tickets/<str:number>/messages/", MessagesView.as_view(), name="api_messages"),
    path("tickets/<str:number>/messages/<int:pk>/", MessageView.as_view(), name="api_message"),
    path(
        "tickets/<str:number>/messages/<int:message>/take-back/", TakeBackView.as_view(), name="api_take_back"
    ),
    path("tickets/<str:number>/clocks/", ClocksView.as_view(), name="api_clocks"),
    path("tickets/<str:number>/merge/", MergeView.as_view(), name="api_merge"),
    path("tickets/<str:number>/events/", EventsView.as_view(), name="api_events"),
    path("tickets/<str:number>/attachments/<int:pk>/", AttachmentView.as_view(), name="api_attachment"),
    path("scams/<str:token>.csv", scam_list_csv, name="api_scam_list_csv"),
    path("scams/<str:token>.json", scam_list_json, name="api_scam_list_json"),
    path("tickets/<str:number>/acts/", TicketActsView.as_view(), name="api_ticket_acts"),
    path("acts/", ActsView.as_view(), name="api_acts"),
    path("acts/<uuid:act>/", ActView.as_view(), name="api_act"),
    path("acts/<uuid:act>/approve/", ActApproveView.as_view(), name="api_act_approve"),
    path("acts/<uuid:act>/refuse/", ActRefuseView.as_view(), name="api_act_refuse"),
    path("acts/<uuid:act>/withdraw/", ActWithdrawView.as_view(), name="api_act_withdraw"),
    path("categories/", CategoriesView.as_view(), name="api_categories"),
    path("", include("accounts.api.urls")),
    path("", include("knowledgebase.api.urls")),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(), name="api_docs"),
    re_path(r"^(?P<path>.*)$", no_such_address, name="api_nothing"),
]
