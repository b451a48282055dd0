"""The agents' pages, mounted below /admin/ before the admin site's own."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from tickets.rules.numbers import LENGTH
from tickets.workspace import (
    attachments,
    changes,
    compose,
    front,
    inserts,
    new_ticket,
    notices,
    queue,
    ticket_page,
)
from tickets.workspace.background import views as background


class NumberConverter:
    """A ticket's number as an address holds it: never the name of a model, which is in small letters."""

    regex = rf"[0-9A-Z]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "ticket")

workspace: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("queue/", queue.queue, name="queue"),
    path("queue/take-next/", queue.take_next, name="take_next"),
    path("tickets/new/", new_ticket.new_ticket, name="ticket_new"),
    path("tickets/new/customer/", new_ticket.find_customer, name="find_customer"),
    path("tickets/<ticket:number>/", ticket_page.ticket_page, name="ticket"),
    path("tickets/<ticket:number>/reply/", compose.send, name="ticket_reply"),
    path("tickets/<ticket:number>/macros/<int:pk>/", inserts.macro, name="macro"),
    path("tickets/<ticket:number>/articles/", inserts.articles, name="articles"),
    path("tickets/<ticket:number>/take/", changes.take, name="take"),
    path("tickets/<ticket:number>/watch/", changes.watch, name="watch"),
    path("tickets/<ticket:number>/unwatch/", changes.unwatch, name="unwatch"),
    path("tickets/<ticket:number>/revoke-links/", changes.revoke_links, name="revoke_links"),
    path("tickets/<ticket:number>/set/<slug:what>/", changes.change, name="ticket_change"),
    path("notices/", notices.notices, name="notices"),
    path("attachments/<int:pk>/", attachments.attachment, name="attachment"),
    path("background/", background.background, name="background"),
    path("background/<int:pk>/run-again/", background.run_again, name="run_again"),
    path("background/<int:pk>/dismiss/", background.dismiss, name="dismiss"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((workspace, "workspace"))),
    path("analytics/", include("tickets.workspace.analytics_urls")),
]
